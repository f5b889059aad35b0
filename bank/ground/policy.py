"""Dated policy: every number of the measures is data with the day it begins to hold (Article 18).

`law` figures stand in the document, `national` ones in the rules for national question banks; `local` ones are the
supervisor's own settings and are always shown as such.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files

from bank.ground.errors import BadInput


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the rules. Months and days are calendar units; shares are parts of one."""

    since: date
    document: str
    build_months: int
    reuse_window_months: int
    registration_years: int
    social_max_occupations: int
    social_max_bodies_per_level: int
    outline_rule: str
    core_share: float
    general_share: float
    auxiliary_share: float
    alike_share: float
    partial_share: float
    overlap_limit: float
    items_per_point: int
    points_without_outline: int
    risk_days: int
    urgent_days: int
    padding_share: float
    items_by_importance: Mapping[str, int]
    type_mix: Mapping[str, float]
    type_mix_tolerance: float
    difficulty_mix: Mapping[str, float]
    pace_days: int
    renewal_months: int
    renewal_share: float
    alike_checks_an_hour: int
    alike_hints_a_day: int

    def items_for(self, importance: str) -> int:
        """How many different items a point of this importance (X, Y, Z) needs."""
        return self.items_by_importance.get(importance, self.items_per_point)


@cache
def _versions(name: str) -> tuple[Policy, ...]:
    source = files("bank.ground") / "policies" / f"{name}.toml"
    if not name.isidentifier() or not source.is_file():
        raise BadInput(f"没有名为“{name}”的政策参数包，请检查设置 policy")
    rows = tomllib.loads(source.read_text(encoding="utf-8"))["version"]
    known = {field.name for field in fields(Policy)}
    flat = [
        {"since": row["since"], "document": row["document"], **row["law"], **row["national"], **row["local"]}
        for row in rows
    ]
    return tuple(Policy(**{key: row[key] for key in known}) for row in sorted(flat, key=lambda row: row["since"]))


def policy_on(day: date, name: str = "huangshi") -> Policy:
    """The rules in force on that day; the earliest version for days before it."""
    versions = _versions(name)
    return next((policy for policy in reversed(versions) if policy.since <= day), versions[0])
