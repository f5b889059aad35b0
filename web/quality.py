"""A bank's health in one value: the checks over its items joined with the audit for contradictory keys.

`bank` must not look up to `integrity`, so the two are joined here; counts, item numbers and reasons, no text.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from bank.ground.policy import Policy
from bank.institutions import Bank
from bank.items import Item
from bank.quality.assessing import Alarm, Checked, Quality, bank_quality, quality_row, worst_first
from bank.quality.checks import ALL_TYPES, Check, Severity
from integrity.audits.banks import audit_banks

CONFLICT = Check(
    "key_conflict",
    "答案互相矛盾",
    Severity.BAD,
    "两道题问的是同一件事而答案不同，至少有一道是错的。",
    "核对依据，改正错的一道，停用重复的一道。",
    lambda _: "",
    ALL_TYPES,
    keyed=True,
)
COPY = Check(
    "copy",
    "重复试题",
    Severity.WARN,
    "同一道题的几种写法只算一道，不增加建库进度。",
    "留下写得最好的一道，其余停用或改成另一道题。",
    lambda _: "",
    ALL_TYPES,
)


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of a bank's quality; `padded` where copies reach the policy's share."""

    quality: Quality
    conflicts: int
    copies: int
    padded: bool

    def listed(self) -> list[Checked]:
        """The checks that found something, the weighty ones first."""
        return worst_first(self.quality.checked)


def _everybody(_item: Item) -> bool:
    return True


def health_of(session: Session, bank: Bank, policy: Policy, knows_key: Callable[[Item], bool] = _everybody) -> Health:
    """The checks and the audit of one bank; opens its items for the machine.

    Only such contradictions are told where the asker knows both keys: from the others a copy with a guessed key
    would learn the right one, also by their count.
    """
    found = bank_quality(session, bank)
    audit = audit_banks(session, [bank.institution_id], policy)
    pairs = [(a, b) for a, b in audit.conflicts if a.bank_id == b.bank_id == bank.id and knows_key(a) and knows_key(b)]
    conflicts = [
        Alarm(one.id, f"与编号 {other.id} 的试题同问不同答") for pair in pairs for one, other in (pair, pair[::-1])
    ]
    own = [[item.id for item in items if item.bank_id == bank.id] for _, items in audit.clusters]
    repeated = [
        Alarm(item, f"与编号 {items[0]} 的试题是同一道题") for items in own if len(items) > 1 for item in items[1:]
    ]
    joined = (
        Checked(CONFLICT, found.items, tuple(_first_reason(conflicts))),
        Checked(COPY, found.items, tuple(repeated)),
    )
    padded = any(one.padded for one in audit.banks if one.bank.id == bank.id)
    return Health(replace(found, checked=(*joined, *found.checked)), len(pairs), len(repeated), padded)


def checked_of(
    session: Session, bank: Bank, policy: Policy, code: str, knows_key: Callable[[Item], bool] = _everybody
) -> Checked | None:
    """What one check found; the audit, which costs as much again, runs only for its own two. None where unknown."""
    audited = code in {CONFLICT.code, COPY.code}
    found = health_of(session, bank, policy, knows_key).quality if audited else bank_quality(session, bank)
    return found.of(code)


def _first_reason(alarms: Collection[Alarm]) -> list[Alarm]:
    """An item in several pairs is listed once."""
    return list({alarm.item: alarm for alarm in reversed(list(alarms))}.values())[::-1]


def health_row(bank: Bank, found: Health) -> dict[str, Any]:
    """The JSON of a bank's quality."""
    return {
        "bank": bank.id,
        "institution": bank.institution_id,
        "institution_name": bank.institution.name,
        "occupation": bank.occupation,
        "level": bank.level,
        "conflicts": found.conflicts,
        "copies": found.copies,
        "padded": found.padded,
        **quality_row(found.quality),
    }
