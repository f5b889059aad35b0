"""Charts as plain numbers for SVG templates: the heat map of used papers, the bars of overlap with earlier papers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bank.occupations import LEVEL_NAMES, occupation_name
from integrity.audits.reuse import PaperVerdict, ReuseAudit, Use, UsePair

CELL, GAP, FEWEST = 16, 2, 10
BARS_WIDTH, LIMIT_HEIGHT, LOWEST = 400, 70, 1.5
PAST = "与往卷 "
"""How the certificate's lines about one earlier paper begin."""
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
