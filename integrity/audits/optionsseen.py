"""Which options of an item stand behind its stem in a document, in any order. Pure (Article 16(2)).

Stems such as 下列说法正确的是 are nobody's own: only their options tell whose question it is. Short options are in
any text, so they count only where they stand alone between the marks of the document.
"""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from integrity.audits.scanned import ScannedText
from integrity.similarity.wording import numbers, polarity

_LONG = 4
_SHORT_FIGURE = 12
_FARTHEST = 700
_ALIKE = 80
_NOISE = 40
_NEAR = 60


@dataclass(frozen=True, slots=True)
class OptionsSeen:
    """How many of the options stand nearby, which, and where the last of them ends."""

    found: tuple[str, ...]
    of: int
    end: int

    @property
    def share(self) -> float:
        """Found options among all; 0 for an item without options."""
        return len(self.found) / self.of if self.of else 0.0


def options_seen(options: tuple[str, ...], page: ScannedText, end: int) -> OptionsSeen:
    """The options that stand within reach behind a stem which ends at `end`."""
    total = sum(map(len, options))
    reach = min(end + min(2 * total + _NOISE * len(options), _FARTHEST), len(page.text))
    near = min(end + total + _NOISE, reach)
    segments = _segments(page, end, near)
    found, last = [], end
    for option in sorted(set(options), key=len, reverse=True):
        place = _place(option, page, segments, end, reach)
        if place >= 0:
            found.append(option)
            last = max(last, place + len(option))
    return OptionsSeen(tuple(found), len(options), min(last, len(page.text)))


def _segments(page: ScannedText, start: int, end: int) -> list[tuple[int, str]]:
    """The stretch cut at every place where marks stood, and whole from label to label, with the place of each piece."""
    cuts = [start, *(place for place in range(start + 1, end) if page.gaps[place]), end]
    pieces = [(a, page.text[a:b]) for a, b in pairwise(cuts)]
    for label in range(bisect_left(page.labels, start), bisect_left(page.labels, end)):
        begin = page.behind[label]
        # A line may break inside an option; only behind the last one does the next thing begin there.
        following = page.labels[label + 1 : label + 2]
        pieces += [(begin, page.text[begin:last]) for last in {page.next_break(begin + 1), *following}]
    return pieces


def _figures(text: str) -> list[str]:
    """Figures without their signs: 500-1000 is written 500～1000 and 500至1000 too."""
    return [figure.lstrip("-") for figure in numbers(text)]


def _place(option: str, page: ScannedText, segments: list[tuple[int, str]], end: int, reach: int) -> int:
    """Where an option stands, -1 where it does not."""
    figures = _figures(option)
    alone = (place for place, piece in segments if _stands_alone(option, figures, piece))
    place = next(alone, -1) if option else -1
    if place >= 0 or len(option) < 2 or (figures and (len(option) < _LONG or option[0].isdigit())):
        return place
    if len(option) < _LONG:
        return page.text.find(option, end, min(end + _NEAR, reach))
    exact = page.text.find(option, end, reach)
    return exact if exact >= 0 else _alike(option, page, end, reach)


def _stands_alone(option: str, figures: list[str], piece: str) -> bool:
    """Whether a piece between two marks is the option, or states just its figures."""
    if piece == option:
        return True
    short = len(option) <= _SHORT_FIGURE and len(piece) < 2 * len(option) + 3
    return short and bool(figures) and _figures(piece) == figures


def _alike(option: str, page: ScannedText, end: int, reach: int) -> int:
    """Where something like a long option stands, with as many negations."""
    window = page.text[end:reach]
    found = fuzz.partial_ratio_alignment(option, window, score_cutoff=_ALIKE) if len(window) >= len(option) else None
    if found is None or polarity(window[found.dest_start : found.dest_end]) != polarity(option):
        return -1
    return end + int(found.dest_start)
