"""Laying an item's wording over the place in a document where it may stand, and naming what differs. Pure.

What differs is judged in `differences.py`; here it is only found, with the place of each difference on both sides
(Article 16(2)).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from integrity.audits.scanned import ScannedText

Op = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of the item (`start` to `end`) for which the document has `gained`, from `place` on."""

    start: int
    end: int
    lost: str
    place: int
    gained: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """An item's wording found in a document between `start` and `end`."""

    form: str
    start: int
    end: int
    changes: tuple[Change, ...]

    def kept(self) -> NDArray[np.bool_]:
        """Which characters of the wording stand in the document."""
        mask = np.ones(len(self.form), np.bool_)
        for change in self.changes:
            mask[change.start : change.end] = False
        return mask

    def place_of(self, at: int) -> int:
        """Where in the document a place of the wording falls."""
        place = self.start + at
        for change in self.changes:
            if change.end <= at:
                place = change.place + len(change.gained) + at - change.end
        return min(max(place, self.start), self.end)


def align(form: str, page: ScannedText, low: int, high: int) -> Alignment | None:
    """The best place for a wording between two places of a document; None where none of it can be laid over."""
    low, high = max(low, 0), min(high, len(page.text))
    window = page.text[low:high]
    found = fuzz.partial_ratio_alignment(form, window) if form and window else None
    if found is None:
        return None
    first, last = (found.dest_start, found.dest_end) if len(form) <= len(window) else (0, len(window))
    slack = 4 + len(form) // 8
    tight = _core(_operations(form, page.text, low + first, low + last))
    wide = _core(_operations(form, page.text, max(low + first - slack, low), min(low + last + slack, high)))
    core = max(wide, tight, key=_worth)
    return _spread(form, page, core) if core else None


def _operations(form: str, text: str, low: int, high: int) -> list[Op]:
    """What turns the wording into the stretch of text; places on the text's side count from its beginning."""
    steps = Levenshtein.opcodes(form, text[low:high])
    return [(step.tag, step.src_start, step.src_end, low + step.dest_start, low + step.dest_end) for step in steps]


def _worth(ops: list[Op]) -> float:
    """Matches count for a run of operations, everything put in or replaced against it."""
    return sum(j - i if tag == "equal" else -0.5 * max(j - i, m - k) for tag, i, j, k, m in ops)


def _core(ops: list[Op]) -> list[Op]:
    """The run of operations that is worth most."""
    best, best_worth, start, worth = (0, 0), 0.0, 0, 0.0
    for place, op in enumerate(ops):
        if worth <= 0:
            start, worth = place, 0.0
        worth += _worth([op])
        if worth > best_worth:
            best, best_worth = (start, place + 1), worth
    return ops[best[0] : best[1]]


def _differing(ops: list[Op]) -> list[tuple[int, int, int, int]]:
    """The stretches that differ on both sides; operations that touch are one difference."""
    stretches: list[tuple[int, int, int, int]] = []
    for tag, i, j, k, m in ops:
        if tag == "equal":
            continue
        if stretches and stretches[-1][1] == i and stretches[-1][3] == k:
            first, _, place, _ = stretches.pop()
            stretches.append((first, j, place, m))
        else:
            stretches.append((i, j, k, m))
    return stretches


def _spread(form: str, page: ScannedText, core: list[Op]) -> Alignment:
    """Grow the core over characters that match at its edges, then say what stands where the item's ends are lost."""
    text = page.text
    head, start = core[0][1], core[0][3]
    tail, end = core[-1][2], core[-1][4]
    while head and start and form[head - 1] == text[start - 1]:
        head, start = head - 1, start - 1
    while tail < len(form) and end < len(text) and form[tail] == text[end]:
        tail, end = tail + 1, end + 1
    changes = [Change(i, j, form[i:j], k, text[k:m]) for i, j, k, m in _differing(core)]
    if head:
        before = max(page.last_break(start), start - 2 * head - 4)
        changes.insert(0, Change(0, head, form[:head], before, text[before:start]))
    if tail < len(form):
        after = min(page.next_break(end), end + 2 * (len(form) - tail) + 4)
        changes.append(Change(tail, len(form), form[tail:], end, text[end:after]))
    return Alignment(form, start, end, tuple(changes))
