"""How far a whole form can be trusted: mean, spread, Cronbach's alpha (KR-20 for right or wrong), standard error."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
PASS_SHARE = 0.6
"""Both parts of an assessment are passed with sixty of a hundred marks; a setting of the national standards."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """One sitting as a whole, in half marks; `alpha` is None where it is not defined."""

    n: int
    full: int
    mean: float
    sd: float
    alpha: float | None
    passed: int

    @property
    def sem(self) -> float | None:
        """Standard error of measurement, in half marks."""
        return None if self.alpha is None else self.sd * math.sqrt(1 - max(min(self.alpha, 1.0), 0.0))

    @property
    def pass_share(self) -> float:
        """Share of candidates at or over the pass line."""
        return self.passed / self.n if self.n else 0.0


def reliability(earned: Matrix, full: int) -> Reliability:
    """Of the half marks earned, candidates by questions."""
    totals = earned.sum(axis=1)
    n = len(totals)
    return Reliability(
        n=n,
        full=full,
        mean=float(totals.mean()) if n else 0.0,
        sd=float(totals.std(ddof=1)) if n > 1 else 0.0,
        alpha=cronbach(earned),
        passed=int((totals >= PASS_SHARE * full - 1e-9).sum()),
    )


def cronbach(earned: Matrix) -> float | None:
    """Cronbach's alpha; with right or wrong items it is Kuder and Richardson's formula 20."""
    n, k = earned.shape
    if n < 2 or k < 2:
        return None
    spread = float(earned.sum(axis=1).var(ddof=1))
    if spread < 1e-12:
        return None
    apart = float(earned.var(axis=0, ddof=1).sum())
    return float(k / (k - 1) * (1 - apart / spread))
