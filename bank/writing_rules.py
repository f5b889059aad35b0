"""Dated rules for writing items: the seven steps, who may write and judge for which level, the default settings.

They come from the national procedure of 2024 and are data like every rule (Article 18); what no document gives is
`local` and may be set for each bank (`bank.process`).
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from bank.ground.actors import GRADE_NAMES, Grade, Role
from bank.occupations import LEVEL_NAMES


class Step(StrEnum):
    """The steps from a team to a tried paper, in the order of the procedure."""

    PLAN = "plan"
    BLUEPRINT = "blueprint"
    WRITING = "writing"
    REVIEW = "review"
    REVISION = "revision"
    RELEASE = "release"
    TRIAL = "trial"


class GradeRule(StrEnum):
    """What happens when a person's own grade does not reach what the level of the items asks for."""

    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step: its Chinese name, the clauses it stands on, and who may open and close it."""

    step: Step
    name: str
    clause: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class WritingRules:
    """One version of the rules."""

    since: date
    document: str
    steps: tuple[StepRule, ...]
    grades: dict[int, frozenset[Grade]]
    approvals: int
    trial_first: bool
    settle_first: bool
    grade_rule: GradeRule

    def of_step(self, step: Step) -> StepRule:
        """The rule of this step."""
        return next(rule for rule in self.steps if rule.step is step)

    def grade_fault(self, grade: Grade | None, level: int) -> str:
        """Why this grade may not write or judge items of the level; empty when it may."""
        allowed = self.grades.get(level)
        if allowed is None or grade in allowed:
            return ""
        wanted = "、".join(GRADE_NAMES[one] for one in Grade if one in allowed)
        held = GRADE_NAMES[grade] if grade else "未登记"
        return f"{LEVEL_NAMES[level]}的试题应由{wanted}人员命制和审核（{self.document}），账号所登等级：{held}"


@cache
def _versions() -> tuple[WritingRules, ...]:
    source = files("bank") / "writing_rules.toml"
    rows = tomllib.loads(source.read_text(encoding="utf-8"))["version"]
    return tuple(
        WritingRules(
            since=row["since"],
            document=row["document"],
            steps=tuple(
                StepRule(Step(step["code"]), step["name"], step["clause"], frozenset(map(Role, step["roles"])))
                for step in row["step"]
            ),
            grades={level: frozenset(map(Grade, rule["grades"])) for rule in row["grade"] for level in rule["levels"]},
            **{**row["local"], "grade_rule": GradeRule(row["local"]["grade_rule"])},
        )
        for row in sorted(rows, key=lambda row: row["since"])
    )


def writing_rules_on(day: date) -> WritingRules:
    """The rules in force on that day; the earliest version for days before it."""
    return next((rules for rules in reversed(_versions()) if rules.since <= day), _versions()[0])
