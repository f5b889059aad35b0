"""What a check is: a code, a Chinese name, how much it weighs, why it matters, how it is mended, and how it is found.

Pure. A check looks at one item in plain reading and answers with a reason, or with nothing where the item passes.
Reasons quote figures and the check's own words, never the item: lists without text carry them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bank.content import CHOICE_TYPES, ItemContent, ItemType

ALL_TYPES = frozenset(ItemType)
SINGLE = frozenset({ItemType.SINGLE})
MULTIPLE = frozenset({ItemType.MULTIPLE})
JUDGE = frozenset({ItemType.JUDGE})
BLANK = frozenset({ItemType.BLANK})
OBJECTIVE = CHOICE_TYPES | JUDGE
WRITTEN = frozenset({ItemType.SHORT, ItemType.ESSAY, ItemType.CALCULATION})


class Severity(StrEnum):
    """`bad` is an error to be mended before the item is asked, `warn` deserves a look, `info` is a hint."""

    BAD = "bad"
    WARN = "warn"
    INFO = "info"


SEVERITY_NAMES = {Severity.BAD: "应修改", Severity.WARN: "宜复核", Severity.INFO: "提示"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as the checks see it: content in plain reading, and what stands beside it.

    `stressed` says that the stem carries bold or underlined words, which plain reading no longer shows; `placed`
    whether its point is in the outline, None where there is no outline.
    """

    item: int
    content: ItemContent
    stressed: bool = False
    placed: bool | None = None
    difficulty: int | None = None


Find = Callable[[Entry], str]


@dataclass(frozen=True, slots=True)
class Check:
    """One check over single items. A `keyed` one tells something about the key: only who may know it sees whom."""

    code: str
    name: str
    severity: Severity
    why: str
    mend: str
    find: Find
    types: frozenset[ItemType] = ALL_TYPES
    keyed: bool = False
