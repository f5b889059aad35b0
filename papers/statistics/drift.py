"""Drift of difficulty over sittings: an item that suddenly gets easy, for this cohort, is a lead to a leak.

The logit of each share is taken as the sum of the sitting's cohort and the item: the other items that sittings have
in common say how able a cohort is. The fit is robust, so that leaked items do not pass for ability, and ordinary
wobble of items between sittings (tau) is estimated from all of them. Then each item's newest sitting is held against
what everything else predicts of it. Leads (Article 16(2)) are named at a stated false-alarm rate over all items tested.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from papers.statistics.intervals import discoveries, upper_tail

FALSE_ALARMS = 0.05
"""Of the leads named, at most this share is expected to be chance."""
FEWEST = 30
"""Candidates in a sitting below which a share says too little to be held against others."""
LINKS = 5
"""Other items in common with other sittings that a cohort's ability must at least rest on."""
ROUNDS = 25
_HUBER, _MEDIAN_Z = 1.345, 0.6745
_WIDEST_TAU = 2.0
_LEAST_FREE = 0.05
"""A share that nothing else predicts cannot be tested: the part of it that is free must be at least this."""

Vector = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Cell:
    """One item in one sitting; `item` and `sitting` are any numbers, sittings rise with time."""

    item: int
    sitting: int
    n: int
    earned: float
    squares: float


@dataclass(frozen=True, slots=True)
class Drift:
    """An item's newest sitting against the earlier ones: the share seen, the share to be expected of this cohort."""

    item: int
    sitting: int
    seen: float
    expected: float
    easier: float
    lead: bool
    harder: bool


@dataclass(frozen=True, slots=True)
class _Fit:
    """The robust fit: residuals, the leverage of each cell, its weight, and the wobble of items, in logits."""

    residual: Vector
    leverage: Vector
    weight: Vector
    tau2: float
    degrees: int


def drifts(cells: Sequence[Cell], rate: float = FALSE_ALARMS) -> list[Drift]:
    """What can be tested, by item; items of too few candidates, or of sittings with too few links, are left out."""
    used = _linked([cell for cell in cells if cell.n >= FEWEST])
    if not used:
        return []
    logit, noise = _logits(used)
    fit = _fit(_places([cell.item for cell in used]), _places([cell.sitting for cell in used]), logit, noise)
    free = np.maximum(1 - fit.leverage, _LEAST_FREE)
    expected = [_inverse(one) for one in logit - fit.residual / free]
    doubt = fit.tau2 + fit.leverage / fit.weight / free
    surprise = [_surprise(cell, *told) for cell, *told in zip(used, expected, doubt, strict=True)]
    unrest = _unrest(used, surprise)
    tested = [at for at in _newest(used) if 1 - fit.leverage[at] > _LEAST_FREE and fit.degrees > 0]
    easier = [upper_tail(surprise[at] / unrest[used[at].sitting], fit.degrees) for at in tested]
    leads, harder = discoveries(easier, rate), discoveries([1 - one for one in easier], rate)
    return [
        Drift(used[at].item, used[at].sitting, _share(used[at]), expected[at], *told)
        for at, told in zip(tested, zip(easier, leads, harder, strict=True), strict=True)
    ]


def _unrest(cells: list[Cell], surprise: list[float]) -> dict[int, float]:
    """By how much a sitting's items wander more than elsewhere, as they do where a cohort is far from all others."""
    found = {}
    for sitting in {cell.sitting for cell in cells}:
        sizes = [abs(one) for cell, one in zip(cells, surprise, strict=True) if cell.sitting == sitting]
        found[sitting] = max(1.0, float(np.median(sizes)) / _MEDIAN_Z)
    return found


def _surprise(cell: Cell, expected: float, doubt: float) -> float:
    """How many standard errors a share lies above the expected one, the error taken as if nothing had changed.

    On the scale of shares: there an item that suddenly everybody solves is as surprising as it should be.
    """
    whole = expected * (1 - expected)
    error = _steps(cell) * whole / cell.n + whole * whole * doubt
    difference = _share(cell) - expected
    # Half an answer less: a count moves in steps.
    step = min(abs(difference), 0.5 / cell.n)
    return float((difference - np.copysign(step, difference)) / error**0.5)


def _linked(cells: list[Cell]) -> list[Cell]:
    """The cells of items asked twice, in sittings that more than `LINKS` such items tie to others."""
    while True:
        items = Counter(cell.item for cell in cells)
        kept = [cell for cell in cells if items[cell.item] > 1]
        sittings = Counter(cell.sitting for cell in kept)
        kept = [cell for cell in kept if sittings[cell.sitting] > LINKS]
        if len(kept) == len(cells):
            return kept
        cells = kept


def _newest(cells: list[Cell]) -> list[int]:
    """Where each item's newest sitting stands."""
    found: dict[int, int] = {}
    for at, cell in enumerate(cells):
        if cell.item not in found or cells[found[cell.item]].sitting < cell.sitting:
            found[cell.item] = at
    return list(found.values())


def _share(cell: Cell) -> float:
    return cell.earned / cell.n


def _steps(cell: Cell) -> float:
    """How much less marks in steps vary than right or wrong would: 1 for right or wrong."""
    share = _share(cell)
    whole = share * (1 - share)
    spread = cell.squares / cell.n - share * share
    return min(max(spread / whole, 0.05), 1.0) if whole > 1e-9 else 1.0


def _inverse(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def _logits(cells: list[Cell]) -> tuple[Vector, Vector]:
    """The logit of each share and the variance that sampling candidates gives it."""
    n = np.array([cell.n for cell in cells], dtype=float)
    earned = np.array([cell.earned for cell in cells])
    ratio = np.array([_steps(cell) for cell in cells])
    smooth = (earned + 0.5) / (n + 1)
    return np.log(smooth / (1 - smooth)), ratio / (n * smooth * (1 - smooth))


def _places(numbers: list[int]) -> Index:
    return np.unique(np.array(numbers), return_inverse=True)[1]


def _fit(item: Index, sitting: Index, logit: Vector, noise: Vector) -> _Fit:
    """Items and cohorts by weighted least squares, weights and wobble estimated in turn."""
    trust, tau2 = np.ones(len(logit)), 0.05
    degrees = 0
    for _ in range(ROUNDS):
        weight = trust / (noise + tau2)
        residual, leverage, rank = _solve(item, sitting, logit, weight)
        degrees = len(logit) - rank
        tau2 = _wobble(residual, noise, degrees / len(logit)) if degrees else 0.0
        size = np.abs(residual) / np.sqrt((noise + tau2) * np.maximum(1 - leverage, 1e-6))
        trust = np.minimum(1.0, _HUBER / np.maximum(size, 1e-9))
    return _Fit(residual, leverage, weight, tau2, degrees)


def _solve(item: Index, sitting: Index, logit: Vector, weight: Vector) -> tuple[Vector, Vector, int]:
    """Residuals, leverages and the number of free parameters of logit = cohort + item; items are eliminated first."""
    table = np.zeros((int(item.max()) + 1, int(sitting.max()) + 1))
    table[item, sitting] = weight
    sums = np.zeros_like(table)
    sums[item, sitting] = weight * logit
    of_item = table.sum(axis=1)
    parts = table / of_item[:, None]
    normal = np.diag(table.sum(axis=0)) - table.T @ parts
    inverse = np.linalg.pinv(normal, rcond=1e-9, hermitian=True)
    cohort = inverse @ (sums.sum(axis=0) - parts.T @ sums.sum(axis=1))
    easiness = (sums.sum(axis=1) - table @ cohort) / of_item
    residual = logit - cohort[sitting] - easiness[item]
    aside = -parts[item]
    aside[np.arange(len(item)), sitting] += 1
    leverage = weight * (1 / of_item[item] + np.einsum("ij,jk,ik->i", aside, inverse, aside))
    rank = table.shape[0] + int(np.linalg.matrix_rank(normal, hermitian=True, tol=1e-9 * float(normal.max())))
    return residual, np.clip(leverage, 0, 1), rank


def _wobble(residual: Vector, noise: Vector, free: float) -> float:
    """The variance of items between sittings beyond sampling, such that the middle residual is of middle size."""
    low, high = 0.0, _WIDEST_TAU
    for _ in range(30):
        middle = (low + high) / 2
        if float(np.median(np.abs(residual) / np.sqrt((noise + middle) * free))) > _MEDIAN_Z:
            low = middle
        else:
            high = middle
    return low
