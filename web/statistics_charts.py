"""Charts of item statistics as plain numbers for SVG templates: an interval in a line, shares over sittings."""

from dataclasses import dataclass
from datetime import date

from papers.histories import ItemHistory

SPAN_WIDTH = 100
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 220, 40, 20, 14, 44
MOST_SITTINGS = 24


@dataclass(frozen=True, slots=True)
class Span:
    """An interval on a line from nothing to all."""

    low: float
    high: float
    at: float


def span(share: float, interval: tuple[float, float]) -> Span:
    """A share and its interval on a line of `SPAN_WIDTH`."""
    low, high = interval
    return Span(round(low * SPAN_WIDTH, 1), round(high * SPAN_WIDTH, 1), round(share * SPAN_WIDTH, 1))


@dataclass(frozen=True, slots=True)
class Point:
    """One sitting in the chart: its share, the ends of its interval, its words."""

    x: float
    y: float
    low: float
    high: float
    day: date
    label: str
    share: float
    n: int
    lead: bool


@dataclass(frozen=True, slots=True)
class Series:
    """Shares over sittings; `expected` is where the newest one was to be looked for."""

    points: tuple[Point, ...]
    path: str
    expected: float | None
    expected_share: float | None
    left_out: int
    grid: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def series(history: ItemHistory) -> Series:
    """The chart of one item, at most `MOST_SITTINGS` of its newest sittings, evenly spaced."""
    uses = [(one, one.count) for one in history.series if one.count is not None]
    kept = uses[-MOST_SITTINGS:]
    step = (WIDTH - LEFT - RIGHT) / len(kept) if kept else 0.0
    points = tuple(
        Point(
            x=round(LEFT + step * (at + 0.5), 1),
            y=_height(count.p),
            low=_height(count.interval[0]),
            high=_height(count.interval[1]),
            day=use.day,
            label=use.form,
            share=count.p,
            n=count.n,
            lead=history.is_lead and at == len(kept) - 1,
        )
        for at, (use, count) in enumerate(kept)
    )
    expected = history.drift.expected if history.drift else None
    return Series(
        points=points,
        path=" ".join(f"{one.x},{one.y}" for one in points),
        expected=None if expected is None else _height(expected),
        expected_share=expected,
        left_out=len(uses) - len(kept),
        grid=tuple((_height(share), f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
    )


def _height(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)
