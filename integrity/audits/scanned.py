"""The document under scan, as the leak scan reads it: folded text, where it breaks, where option labels stand. Pure.

Folding takes out what tells one sentence from the next, so the breaks are kept beside it: whether a text goes on or
ends at a place decides whether an item was cut short there or says something else (Article 16(2)).
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from integrity.similarity.canonical import canonical_with_offsets
from integrity.similarity.folding import codes_of

_BREAK = re.compile(r"[。！？!?；;\n\r\v\f()（）【】\[\]_＿|]|\.{3,}|…|[A-J]\s*[.．、:：]")
_LABEL = re.compile(
    r"(?<![A-Za-z0-9])[(（]?([A-J])\s*(?:[、:：)）]|[.．](?![A-Za-z]{2}))|(?<=[\s)）])([A-J])(?=[\u4e00-\u9fff])"
)
_QUESTION = re.compile(r"(?m)^[ \t\u3000]*(?:第[ \t]?)?\d{1,4}[ \t]?[.．、,，:：题)）]")
_ANSWER = re.compile(
    r"(?:正确|参考|标准)?答案(?:[a-j]{1,8}(?![a-z])|正确|错误|对|错)?|(?:答案|参考|试题|人工)?解析|那[个题道]选|我选"
)
_LONGEST_EXCERPT = 240


@dataclass(frozen=True, slots=True)
class ScannedText:
    """One document, folded once and looked at from many items."""

    raw: str
    text: str
    origins: NDArray[np.intp]
    codes: NDArray[np.uint32]
    breaks: NDArray[np.bool_]
    """True where the document breaks off before the character; one more than there are characters."""
    gaps: NDArray[np.bool_]
    """True where anything was folded away before the character."""
    labels: list[int]
    """Places of option labels; at the same index `behind` has where the option's text begins, `letters` which it is."""
    behind: list[int]
    letters: str
    questions: list[int]
    is_misread: bool = False
    """Whether items found in it show that a scanner misread it; then a missing word is a slip even in a small bank."""

    def next_break(self, place: int) -> int:
        """The first break at or behind a place."""
        found = np.flatnonzero(self.breaks[place : place + 80])
        return place + int(found[0]) if found.size else min(place + 80, len(self.text))

    def last_break(self, place: int) -> int:
        """The last break at or before a place."""
        low = max(place - 80, 0)
        found = np.flatnonzero(self.breaks[low : place + 1])
        return low + int(found[-1]) if found.size else low

    def shows_options(self, end: int, reach: int) -> bool:
        """Whether labelled options follow a stem that ends at `end`, before the next question begins."""
        first = bisect_left(self.labels, end)
        if first == len(self.labels) or self.labels[first] > end + reach or self.letters[first] != "A":
            return False
        following = bisect_left(self.questions, end)
        return following == len(self.questions) or self.labels[first] < self.questions[following]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the folded text as places in the document itself."""
        return (int(self.origins[start]), int(self.origins[end - 1]) + 1) if start < end else (0, 0)

    def excerpt(self, start: int, end: int) -> str:
        """The document's own wording of a stretch, on one line and cut to a length that a person reads."""
        first, last = self.span(start, end)
        line = re.sub(r"\s+", " ", self.raw[first:last]).strip()
        return line if len(line) <= _LONGEST_EXCERPT else line[: _LONGEST_EXCERPT - 1] + "…"


def scanned_text(raw: str) -> ScannedText:
    """Fold a document and note its breaks and labels."""
    text, offsets = canonical_with_offsets(raw)
    origins = np.array(offsets, np.intp)
    codes = codes_of(text)
    labels = list(_LABEL.finditer(raw))
    places = np.searchsorted(origins, [match.start() for match in labels]).tolist()
    behind = np.searchsorted(origins, [match.end() for match in labels])
    questions = np.searchsorted(origins, [match.start() for match in _QUESTION.finditer(raw)]).tolist()
    letters = "".join(match[1] or match[2] for match in labels)
    gaps = np.ones(len(text) + 1, np.bool_)
    gaps[1:-1] = np.diff(origins) > 1
    breaks = _breaks(raw, text, origins, gaps)
    gaps[places], gaps[behind] = True, True
    return ScannedText(raw, text, origins, codes, breaks, gaps, places, behind.tolist(), letters, questions)


def _breaks(raw: str, text: str, origins: NDArray[np.intp], gaps: NDArray[np.bool_]) -> NDArray[np.bool_]:
    breaks = np.zeros(len(text) + 1, np.bool_)
    breaks[[0, -1]] = True
    for place in np.flatnonzero(gaps[1:-1]) + 1:
        breaks[place] = _BREAK.search(raw, int(origins[place - 1]) + 1, int(origins[place])) is not None
    for match in _ANSWER.finditer(text):
        breaks[[match.start(), match.end()]] = True
    return breaks
