"""Charts as plain numbers for SVG templates: used papers against each other, overlap, the growth of a bank."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bank.occupations import LEVEL_NAMES, occupation_name
from bank.readiness import Readiness
from integrity.audits.reuse import PaperVerdict, ReuseAudit, Use, UsePair

CELL, GAP, FEWEST = 16, 2, 10
BARS_WIDTH, LIMIT_HEIGHT, LOWEST = 400, 70, 1.5
PAST = "与往卷 "
"""How the certificate's lines about one earlier paper begin."""
GROWTH_WIDTH, GROWTH_HEIGHT, GROWTH_TOP = 620, 150, 20
FARTHEST = timedelta(days=240)
MOST_PAPERS = 24
MOST_MAPS = 4
TINTS = ("#eef3f9", "#dbe6f3", "#c3d4ea", "#a5bfdf")
VERDICT_COLORS = {PaperVerdict.ALIKE: "#b3261e", PaperVerdict.PARTIAL: "#d98a1f"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair in the map."""

    x: int
    y: int
    color: str
    pair: UsePair | None
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The papers of one occupation and level against each other: rows are later, columns earlier."""

    title: str
    uses: tuple[Use, ...]
    cells: tuple[Cell, ...]
    left_out: int

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return max(len(self.uses) - 1, 1) * (CELL + GAP)

    @property
    def width(self) -> int:
        """Width of the drawing; a few papers do not fill it, so that cells keep their size."""
        return max(len(self.uses) - 1, FEWEST) * (CELL + GAP)


def heat_maps(audit: ReuseAudit) -> list[HeatMap]:
    """A map for each occupation and level with at least two uses, the most alike first."""
    groups: dict[tuple[str, int], list[Use]] = defaultdict(list)
    for use in audit.uses:
        groups[use.occupation, use.level].append(use)
    maps = [_heat_map(audit, key, uses) for key, uses in groups.items() if len(uses) > 1]
    maps.sort(key=lambda one: -max((cell.pair.alike_share for cell in one.cells if cell.pair), default=0.0))
    return maps[:MOST_MAPS]


def _heat_map(audit: ReuseAudit, key: tuple[str, int], uses: list[Use]) -> HeatMap:
    pairs = {(_key(pair.earlier), _key(pair.later)): pair for pair in audit.pairs}
    heat: dict[tuple[int, object], float] = defaultdict(float)
    for pair in audit.pairs:
        for use in (pair.earlier, pair.later):
            heat[_key(use)] = max(heat[_key(use)], pair.alike_share)
    kept = sorted(sorted(uses, key=lambda use: -heat[_key(use)])[:MOST_PAPERS], key=lambda use: (use.day, use.label))
    cells = [
        _cell(column, row - 1, kept[column], kept[row], pairs.get((_key(kept[column]), _key(kept[row]))))
        for row in range(1, len(kept))
        for column in range(row)
    ]
    title = f"{occupation_name(key[0])} · {LEVEL_NAMES[key[1]]}"
    return HeatMap(title, tuple(kept), tuple(cells), len(uses) - len(kept))


def _key(use: Use) -> tuple[int, object]:
    return use.form, use.day


def _cell(column: int, row: int, earlier: Use, later: Use, pair: UsePair | None) -> Cell:
    share = pair.alike_share if pair else 0.0
    tint = TINTS[min(int(share * 10), len(TINTS) - 1)]
    color = VERDICT_COLORS.get(pair.verdict, tint) if pair else TINTS[0]
    return Cell(column * (CELL + GAP), row * (CELL + GAP), color, pair, earlier.label, later.label)


@dataclass(frozen=True, slots=True)
class Bar:
    """The overlap with one earlier paper, in percent of the marks, and where it stands in the drawing."""

    label: str
    value: float
    x: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """The overlap of a paper with every earlier one: the worst of each form, and a bar for each earlier paper."""

    months: int
    limit: float
    worst: tuple[float, ...]
    bars: tuple[Bar, ...]
    ok: bool
    width: int = BARS_WIDTH


def is_past(line: Mapping[str, Any]) -> bool:
    """Whether a certificate line is about an earlier paper."""
    return str(line["constraint"]).startswith(PAST)


def overlap_of(lines: Sequence[Mapping[str, Any]], limit: float, months: int) -> Overlap | None:
    """The certificate's lines about earlier papers as one row and one chart; None when there is no earlier paper."""
    past = [line for line in lines if is_past(line)]
    if not past:
        return None
    shares = [[float(actual.rstrip("%")) for actual in line["actual"]] for line in past]
    step = BARS_WIDTH / max(len(past), 12)
    highest = max(limit, 0.01)
    bars = [
        Bar(
            str(line["constraint"]).removeprefix(PAST).removesuffix("重复分值"),
            max(found),
            round(index * step, 1),
            round(step * 0.7, 1),
            round(max(min(max(found) / highest, 1.2) * LIMIT_HEIGHT, LOWEST), 1),
        )
        for index, (line, found) in enumerate(zip(past, shares, strict=True))
    ]
    worst = tuple(max(column) for column in zip(*shares, strict=True))
    return Overlap(months, limit, worst, tuple(bars), all(line["ok"] for line in past))


@dataclass(frozen=True, slots=True)
class Growth:
    """A bank's effective items over time, the forecast with its interval, the deadline: SVG points and places.

    `wedge` and `ahead` are empty where nothing can be foretold.
    """

    line: str
    wedge: str
    ahead: str
    today_x: float
    deadline_x: float
    first: date
    last: date
    top: int = GROWTH_TOP
    width: int = GROWTH_WIDTH
    height: int = GROWTH_HEIGHT


class _Plane:
    """Days and counts as places of the drawing."""

    def __init__(self, first: date, last: date, most: int) -> None:
        self.first, self.last, self.most = first, last, max(most, 1)

    def at(self, day: date, count: float) -> tuple[float, float]:
        across = (day - self.first) / (self.last - self.first) * GROWTH_WIDTH
        return round(across, 1), round(GROWTH_HEIGHT - (GROWTH_HEIGHT - GROWTH_TOP) * count / self.most, 1)

    def ray(self, on: date, present: int, goal: date | None) -> tuple[float, float]:
        """Where the way from today's count to the goal ends in the drawing; without a goal it stays flat."""
        if goal is not None and goal <= self.last:
            return self.at(goal, self.most)
        share = (self.last - on) / (goal - on) if goal is not None else 0.0
        return self.at(self.last, present + (self.most - present) * share)


def growth_of(state: Readiness, on: date) -> Growth:
    """From the filing to the deadline or the forecast, whichever is later, but not too far ahead."""
    pace = state.pace
    first = min([state.bank.filed_on, *state.filled[:1]])
    latest = max(state.deadline, on, *(day for day in (pace.day, pace.latest) if day))
    last = max(min(latest, max(on, state.deadline) + FARTHEST), first + timedelta(days=30))
    plane = _Plane(first, last, state.required)
    present = state.effective_items
    now, steps = plane.at(on, present), _steps(plane, state.filled)
    far, day, near = (plane.ray(on, present, goal) for goal in (pace.latest, pace.day, pace.earliest))
    corner = (far[0], float(GROWTH_TOP))
    foretold = pace.day is not None and not state.complete
    return Growth(
        _points([*steps, now]),
        _points([now, near, corner, far]) if foretold else "",
        _points([now, day]) if foretold else "",
        now[0],
        plane.at(state.deadline, 0)[0],
        first,
        last,
    )


def _steps(plane: _Plane, days: Sequence[date]) -> list[tuple[float, float]]:
    """The stairs of a count that grows on these days."""
    found, count = [plane.at(plane.first, 0)], 0
    for day, more in sorted(Counter(days).items()):
        found.append(plane.at(day, count))
        count += more
        found.append(plane.at(day, count))
    return found


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)
