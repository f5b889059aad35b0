"""Lines of a page, as they were found on a picture, in the order in which a person reads them (Article 16(2)).

Two columns read across would tear every question in two; answers laid out A and B beside C and D are not columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_NUMBERED = re.compile(r"^\s*[（(]?\d{1,3}\s*[)）、.．,，]")
# A page of two columns has at least so many lines in each.
_FEWEST_LINES = 5
# Headings and page numbers may lie across the gap between columns, questions may not.
_MOST_ACROSS = 0.12
_FULL_LINE = 0.7
_TRIED_PLACES = range(30, 71)
_SAME_ROW = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of text and the upright box around it."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        """The height at which the line stands."""
        return (self.top + self.bottom) / 2


def in_reading_order(lines: Sequence[Line]) -> str:
    """The text of a page: columns one after the other, within a column row after row."""
    gap = _column_gap(lines)
    if gap is None:
        return _rows(lines)
    across = sorted((line for line in lines if line.left < gap < line.right), key=lambda line: line.middle)
    # What lies across both columns parts the page into bands, each with its own two columns.
    borders = [float("-inf"), *(line.middle for line in across), float("inf")]
    parts = []
    for number, (top, bottom) in enumerate(pairwise(borders)):
        band = [line for line in lines if top < line.middle < bottom and line not in across]
        parts.append(_rows([line for line in band if line.right <= gap]))
        parts.append(_rows([line for line in band if line.left >= gap]))
        if number < len(across):
            parts.append(across[number].text)
    return "\n".join(part for part in parts if part)


def _column_gap(lines: Sequence[Line]) -> float | None:
    """Where the page parts into two columns, or None: the emptiest upright cut that leaves a true column each side."""
    if len(lines) < 2 * _FEWEST_LINES:
        return None
    start, end = min(line.left for line in lines), max(line.right for line in lines)
    places = [start + (end - start) * percent / 100 for percent in _TRIED_PLACES]
    counts = [sum(line.left < place < line.right for line in lines) for place in places]
    fewest = min(counts)
    if fewest > max(1, _MOST_ACROSS * len(lines)):
        return None
    empty = [place for place, count in zip(places, counts, strict=True) if count == fewest]
    gap = empty[len(empty) // 2]
    sides = [line for line in lines if line.right <= gap], [line for line in lines if line.left >= gap]
    return gap if all(_is_column(side) for side in sides) else None


def _is_column(side: Sequence[Line]) -> bool:
    """A column has questions of its own, or lines that fill its width; a second pair of options has neither."""
    if len(side) < _FEWEST_LINES:
        return False
    width = max(line.right for line in side) - min(line.left for line in side)
    full = sum(line.right - line.left >= _FULL_LINE * width for line in side)
    numbered = sum(bool(_NUMBERED.match(line.text)) for line in side)
    return numbered >= 2 or full >= max(3, len(side) / 2)


def _rows(lines: Sequence[Line]) -> str:
    """Rows from top to bottom, pieces of one row from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.middle):
        last = rows[-1][-1] if rows else None
        if last and line.middle - last.middle < _SAME_ROW * min(line.bottom - line.top, last.bottom - last.top):
            rows[-1].append(line)
        else:
            rows.append([line])
    return "\n".join("  ".join(one.text for one in sorted(row, key=lambda one: one.left)) for row in rows)
