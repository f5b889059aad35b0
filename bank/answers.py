"""What the answer of an item is made of beside its key: rubric, practical task, partial credit, value sets. Pure.

Marks are whole half-marks everywhere (a mark of 0.5 is 1), so that sums are exact.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

BLANKS, ALTERNATIVES = "；", "|"


class Credit(StrEnum):
    """What a multiple choice with some, but not all, right options earns; a wrong option earns nothing."""

    NONE = "none"
    SHARE = "share"
    HALF = "half"


CREDIT_NAMES = {
    Credit.NONE: "少选、错选均不得分",
    Credit.SHARE: "少选按选对的比例得分，错选不得分",
    Credit.HALF: "少选得一半分，错选不得分",
}


@dataclass(frozen=True, slots=True)
class RubricPoint:
    """One thing the marker looks for, and the half-marks it earns."""

    text: str
    marks: int


@dataclass(frozen=True, slots=True)
class Preparation:
    """One row of a 准备通知单: a tool, material or place, its specification and quantity."""

    name: str
    specification: str = ""
    quantity: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ScoredStep:
    """One row of a 评分记录表: what is assessed, 配分 in half-marks, 评分标准 and 扣分."""

    name: str
    requirement: str
    marks: int
    standard: str
    deduction: str = ""


@dataclass(frozen=True, slots=True)
class PracticalTask:
    """What a practical item needs beside its stem: preparations of site and candidate, scoring table, minutes."""

    site: tuple[Preparation, ...] = ()
    candidate: tuple[Preparation, ...] = ()
    steps: tuple[ScoredStep, ...] = ()
    preparation_minutes: int = 0
    minutes: int = 0

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> "PracticalTask":
        """The task from plain JSON fields; raises KeyError or TypeError for fields it does not know."""
        return cls(
            tuple(Preparation(**row) for row in fields.get("site", ())),
            tuple(Preparation(**row) for row in fields.get("candidate", ())),
            tuple(ScoredStep(**row) for row in fields.get("steps", ())),
            int(fields.get("preparation_minutes", 0)),
            int(fields.get("minutes", 0)),
        )


@dataclass(frozen=True, slots=True)
class Parameters:
    """Value sets of a parameterised item: `{name}` in its texts stands for one column of the chosen row.

    In a formula braces have a meaning of their own, so there the name stands in two: `$\\frac{{{U}}}{{{R}}}$`.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def filled(self, text: str, number: int) -> str:
        """The text with the values of row `number`, counted from 0."""
        values = dict(zip(self.names, self.rows[number], strict=True))
        return self._put(values, text)

    @staticmethod
    def _put(values: Mapping[str, str], text: str) -> str:
        pieces = _FORMULA.split(text)
        for at, piece in enumerate(pieces):
            place = _PLACE_IN_FORMULA if at % 2 else _PLACE
            pieces[at] = place.sub(lambda found: values.get(found[1], found[0]), piece)
        return "".join(pieces)

    def faults(self, texts: str) -> list[str]:
        """What keeps these sets from being used with these texts, one Chinese clause each."""
        found = []
        if not self.rows:
            found.append("参数题至少要有一组取值")
        short = [str(n) for n, row in enumerate(self.rows, start=1) if len(row) != len(self.names) or "" in row]
        if short:
            found.append(f"第 {'、'.join(short)} 组取值不全")
        if len(set(self.rows)) < len(self.rows):
            found.append("有两组取值相同")
        unused = [name for name in self.names if self._put({name: "\0"}, texts) == texts]
        if unused:
            found.append(
                f"参数 {'、'.join(unused)} 没有在题中用到，请写成 {{{unused[0]}}}，公式里写成 {{{{{unused[0]}}}}}"
            )
        return found


_FORMULA = re.compile(r"(\$[^$\n]+\$)")
_PLACE = re.compile(r"\{\{?([^{}\s]{1,20})\}\}?")
_PLACE_IN_FORMULA = re.compile(r"\{\{([^{}\s]{1,20})\}\}")


def blank_keys(key: str) -> tuple[tuple[str, ...], ...]:
    """Accepted answers of each blank: blanks are separated by `；` (or `;` or a line), alternatives by `|`."""
    blanks = re.split(r"[；;\n]", key)
    return tuple(tuple(one.strip() for one in blank.split(ALTERNATIVES) if one.strip()) for blank in blanks)


def half_marks(marks: str | float) -> int:
    """Half-marks of a number of marks as people write it; raises ValueError for what is not a multiple of 0.5."""
    doubled = float(marks) * 2
    if doubled != int(doubled) or doubled < 0:
        raise ValueError(f"{marks} is not a multiple of half a mark")
    return int(doubled)


def shown_marks(halves: int) -> str:
    """Marks as people write them: 1, 0.5, 12.5."""
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)
