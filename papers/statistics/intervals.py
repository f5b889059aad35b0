"""Uncertainty in plain formulas: Wilson's interval, Student's tail, Benjamini and Hochberg's list of findings."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

Z95 = NormalDist().inv_cdf(0.975)


def wilson(share: float, n: float, z: float = Z95) -> tuple[float, float]:
    """The interval of a share seen in `n` trials (Wilson 1927); the whole line when there is no trial."""
    if n <= 0:
        return 0.0, 1.0
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(max(share * (1 - share), 0) / n + z * z / (4 * n * n))
    return max(centre - reach, 0.0), min(centre + reach, 1.0)


def trials(n: int, earned: float, squares: float) -> float:
    """How many yes-or-no trials the shares of `n` answers are worth: `n` itself for right or wrong, more for marks."""
    if n < 2:
        return float(n)
    share = earned / n
    spread = squares / n - share * share
    return n * share * (1 - share) / spread if spread > 1e-12 else float(n)


def upper_tail(t: float, degrees: float) -> float:
    """The chance that Student's t exceeds `t` (Wallace's approximation, good to three places even far out)."""
    size = (8 * degrees + 1) / (8 * degrees + 3) * math.sqrt(degrees * math.log1p(t * t / degrees))
    return 0.5 * math.erfc(math.copysign(size, t) / math.sqrt(2))


def discoveries(chances: Sequence[float], rate: float) -> list[bool]:
    """Which of many findings stand when at most `rate` of those named may be false (Benjamini and Hochberg 1995)."""
    p = np.asarray(chances, dtype=float)
    if not len(p):
        return []
    order = np.argsort(p)
    passed = np.nonzero(p[order] <= rate * np.arange(1, len(p) + 1) / len(p))[0]
    limit = p[order][passed[-1]] if len(passed) else -1.0
    return [bool(one) for one in p <= limit]
