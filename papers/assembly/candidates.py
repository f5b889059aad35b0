"""What the solver may choose from, and what it must stay unlike. Plain values, no session."""

from dataclasses import dataclass
from datetime import date

from bank.content import ItemType


@dataclass(frozen=True, slots=True)
class Candidate:
    """One approved item: `scopes` are the codes of all grades above its point, `cluster` its question's identity."""

    item: int
    version: int
    type: ItemType
    cluster: int
    point: str | None = None
    scopes: tuple[str, ...] = ()
    difficulty: int | None = None
    author: int | None = None


@dataclass(frozen=True, slots=True)
class PastPaper:
    """A form used, or kept ready, inside the window: its label, its day and the clusters it asked."""

    label: str
    day: date
    clusters: frozenset[int]
