"""The one definition of the twelve-month share (Article 14(4)): marks that come from clusters asked before.

Solver rows, verifier, certificate and the audits all count with these functions.
"""

from collections.abc import Collection, Iterable, Set


def overlap_marks(asked: Iterable[tuple[int, int]], before: Set[int] | Collection[int]) -> int:
    """Marks (half-mark units) of the `(cluster, marks)` pairs whose cluster was asked before."""
    return sum(marks for cluster, marks in asked if cluster in before)


def allowed_marks(total: int, percent: float) -> int:
    """The most marks (half-mark units) that a limit in percent of the full marks leaves."""
    return int(total * percent / 100 + 1e-9)
