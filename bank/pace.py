"""How fast a bank grows, and when it will be complete: one day, and an honest interval around it (Article 6(5)).

Pure. Questions come in batches (an afternoon's writing, a file), so a day's batch counts as one chance event: the
variance of the count is the sum of the squared batches, and an import of 300 on one day says little about the pace.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

SHORTEST_SPAN = 7
"""A single day's import is no pace: a week is the least that is reckoned with."""
LONGEST_WAIT = 3650
NINE_IN_TEN = 1.2816
"""Normal quantile: the pace lies above the low and below the high bound in nine of ten cases each."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The day of completion at the pace so far, between which days it lies in eight of ten cases; None is never.

    `batches` counts the days on which something came: of a single one nobody can tell a pace.
    """

    lacking: int
    added: int
    batches: int
    span: int
    day: date | None
    earliest: date | None
    latest: date | None

    @property
    def per_week(self) -> float:
        """Questions that fill a need, per week."""
        return 7 * self.added / self.span if self.span else 0.0


def forecast(lacking: int, days: Sequence[date], on: date, window: int) -> Forecast:
    """When so many more are there, by the days on which the present ones came."""
    recent = [day for day in days if on - timedelta(days=window) <= day <= on]
    if lacking <= 0:
        return Forecast(0, len(recent), len(set(recent)), window, on, on, on)
    if not recent:
        return Forecast(lacking, 0, 0, window, None, None, None)
    span = max((on - min(recent)).days, SHORTEST_SPAN)
    low, high = pace_bounds(recent, span)
    wait = min(-(-lacking * span // len(recent)), LONGEST_WAIT)
    day, earliest, latest = on + timedelta(days=wait), _after(on, lacking, high), _after(on, lacking, low)
    return Forecast(lacking, len(recent), len(set(recent)), span, day, earliest, latest)


def pace_bounds(days: Sequence[date], span: int) -> tuple[float, float]:
    """Low and high bound of the daily pace: Garwood's interval of a Poisson count, in units of a typical batch."""
    batches = Counter(days).values()
    batch = sum(size * size for size in batches) / len(days)
    events = len(days) / batch
    low, high = _chi_square(2 * events, -NINE_IN_TEN), _chi_square(2 * events + 2, NINE_IN_TEN)
    return batch * low / 2 / span, batch * high / 2 / span


def _chi_square(freedom: float, z: float) -> float:
    """Quantile by Wilson and Hilferty: within three percent from two degrees of freedom on, never below zero."""
    part = 2 / (9 * freedom)
    return freedom * max(1 - part + z * sqrt(part), 0.0) ** 3


def _after(on: date, lacking: int, pace: float) -> date | None:
    wait = lacking / pace if pace > 0 else LONGEST_WAIT + 1
    return on + timedelta(days=-int(-wait // 1)) if wait <= LONGEST_WAIT else None
