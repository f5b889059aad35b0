"""What an assembly may answer: found, proven infeasible, undecided. A time-out is never called impossible."""

from dataclasses import dataclass
from enum import StrEnum

from bank.content import ItemType
from papers.assembly.blueprints import Blueprint
from papers.assembly.candidates import Candidate, PastPaper


@dataclass(frozen=True, slots=True)
class Request:
    """One assembly: `overlap_limit` in percent of the full marks, `seed` at least 16 secret bytes."""

    blueprint: Blueprint
    candidates: tuple[Candidate, ...]
    past: tuple[PastPaper, ...]
    overlap_limit: float
    forms: int
    seed: bytes
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One constraint and how each form meets it: `actual` per form, `slack` the smallest room left, in its unit."""

    constraint: str
    required: str
    actual: tuple[str, ...]
    slack: float
    ok: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Chosen candidates per form in the order they are asked; every line of the certificate holds."""

    forms: tuple[tuple[Candidate, ...], ...]
    certificate: tuple[CertificateLine, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class WritingOrder:
    """So many new items of a type, on a scope, of a difficulty (None: any)."""

    type: ItemType
    scope: str | None
    difficulty: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Order:
    """What to write: at least `least` new items are needed, the listed ones suffice."""

    least: int
    rows: tuple[WritingOrder, ...]

    @property
    def enough(self) -> int:
        """How many items the listed rows are."""
        return sum(row.count for row in self.rows)


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Proven on the full bank: these named requirements collide; `order` says what to write, None if not found."""

    conflict: tuple[str, ...]
    order: Order | None
    seconds: float


class Why(StrEnum):
    """Why nothing was decided."""

    TIME = "time"
    STOPPED = "stopped"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither found nor proven impossible within the limits."""

    why: Why
    seconds: float


Outcome = Found | Infeasible | Undecided
