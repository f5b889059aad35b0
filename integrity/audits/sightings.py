"""Whether one item stands at one place of a document, and as what: the judgement behind every leak hit. Pure.

Three things are weighed: what differs (`differences.py`), how telling the matching part is, and the options nearby
(`optionsseen.py`). Worth counts in telling characters: 1 for a character whose pairs hardly an item has, 0 for one
whose pairs every item has, so 下列说法正确的是 is worth about 2 and 高碳钢的导热性 about 5 (Article 16(2)).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bank.content import CHOICE_TYPES, RIGHT, WRONG
from integrity.audits.alignment import Alignment, align
from integrity.audits.differences import ANOTHER_QUESTION, Kind, kinds_of
from integrity.audits.optionsseen import OptionsSeen, options_seen
from integrity.audits.raregrams import RareGrams
from integrity.audits.scanned import ScannedText
from integrity.similarity.canonical import Canonical
from integrity.similarity.verdict import Verdict

MOST_OF_IT, WITH_OPTIONS = 0.8, 0.7
"""How much of the wording's worth must stand there: of a question, and of one whose options all stand beside it."""
CUT_SHORT, CUT_WITH_ANSWER = 0.6, 0.4
"""The same of a question that is cut off, and of one that is cut off with its answer or its rest nearby."""
STATEMENT, OPEN_STEM, BARE_STEM, FRAGMENT = 2.5, 3.0, 10.0, 4.0
"""The least worth of a statement, of a stem before an open blank, of one inside running text, of a part."""
TELLING_OPTIONS = 12.0
"""From this worth on an item's options are nobody else's, so that one exchanged word of the stem is a disguise."""
HALF = 0.5
_GOOD_ENOUGH = 0.97
_LONGEST_EXCHANGE = 3
_NEAR_ANSWER, _NEAR_REST, _TO_OPTIONS = 40, 80, 40
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One question of the bank, ready to be looked for; `items` are the exact copies of it."""

    items: tuple[int, ...]
    canonical: Canonical
    forms: tuple[str, ...]
    """The stem, and the stem with the right answer written into it where that differs."""
    blank: int
    """The place of the blank in the stem; its length where the answer follows the stem."""
    shared: bool
    """Whether other items have this stem with quite other options."""

    @property
    def is_choice(self) -> bool:
        """Whether options belong to the question."""
        return self.canonical.type in CHOICE_TYPES and bool(self.canonical.options)


@dataclass(frozen=True, slots=True)
class Look:
    """Where an item is to be looked for: between two places, most likely from `start` on."""

    low: int
    high: int
    start: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was made of one item at one place; `exchanged` is where a word stands that is taken for a disguise."""

    verdict: Verdict
    score: float
    found: Alignment
    end: int
    exchanged: tuple[int, int] | None = None
    slips: int = 0


@dataclass(frozen=True, slots=True)
class _Match:
    """A wording laid over the document, what its characters are worth, and what kinds of differences there are."""

    found: Alignment
    worth: NDArray[np.float64]
    evidence: float
    share: float
    """The part of the wording's worth that stands there."""
    kinds: tuple[Kind, ...] = ()

    @property
    def another(self) -> frozenset[Kind]:
        """The kinds of difference that make another question of it."""
        return ANOTHER_QUESTION.intersection(self.kinds)

    def of_kind(self, *kinds: Kind) -> list[int]:
        """The differences of some kinds, by their number."""
        return [number for number, kind in enumerate(self.kinds[: len(self.found.changes)]) if kind in kinds]


def sight(
    entry: Entry, page: ScannedText, look: Look, worths: Sequence[NDArray[np.float64]], grams: RareGrams
) -> Sighting | None:
    """Judge one item at one place; `worths` are those of its forms."""
    match = _best(entry.forms, worths, page, look)
    if match and match.share < _GOOD_ENOUGH and entry.is_choice and entry.blank < len(entry.canonical.stem):
        stem = entry.canonical.stem
        filled = [stem[: entry.blank] + option + stem[entry.blank :] for option in entry.canonical.options]
        other = _best(filled, grams.worth(filled), page, look)
        match = max(match, other, key=lambda one: one.share) if other else match
    if match is None or _is_only_answer(entry, match):
        return None
    blank = entry.blank if match.found.form == entry.canonical.stem else -1
    match = _weighed(
        match, kinds_of(match.found, page, grams, blank, (*entry.canonical.options, *entry.canonical.answer))
    )
    made = _judge_choice(entry, match, page, grams) if entry.is_choice else _judge_statement(entry, match, page)
    return replace(made, slips=len(match.of_kind(Kind.SLIP)))


def _best(forms: Sequence[str], worths: Sequence[NDArray[np.float64]], page: ScannedText, look: Look) -> _Match | None:
    """The form of which most stands there; the earlier one when they do equally well."""
    best: _Match | None = None
    for form, worth in zip(forms, worths, strict=True):
        found = _verbatim(form, page, look) or align(form, page, look.low, look.high + len(form))
        if found is None:
            continue
        evidence = float(worth[found.kept()].sum())
        share = evidence / max(float(worth.sum()), 1e-9)
        if best is None or share > best.share + 0.02:
            best = _Match(found, worth, evidence, share)
    return best


def _verbatim(form: str, page: ScannedText, look: Look) -> Alignment | None:
    """The verbatim occurrence nearest to where the item should start."""
    high = look.high + len(form)
    spots, spot = [], page.text.find(form, max(look.low, 0), max(high, 0))
    while spot >= 0:
        spots.append(spot)
        spot = page.text.find(form, spot + 1, high)
    if not spots:
        return None
    nearest = min(spots, key=lambda one: abs(one - look.start))
    return Alignment(form, nearest, nearest + len(form), ())


def _is_only_answer(entry: Entry, match: _Match) -> bool:
    """Whether little more than the text of an option stands there, without the question."""
    length = len(match.found.form) - len(entry.canonical.stem)
    if not entry.is_choice or length <= 0:
        return False
    question = match.worth.copy()
    question[entry.blank : entry.blank + length] = 0
    return float(question[match.found.kept()].sum()) < HALF * max(float(question.sum()), 1e-9)


def _weighed(match: _Match, kinds: list[Kind]) -> _Match:
    """The match with its differences weighed: a slip loses half its worth, Chinese text put in counts against it."""
    match = replace(match, kinds=tuple(kinds))
    changes, total = match.found.changes, float(match.worth.sum())
    slipped = sum(float(match.worth[changes[n].start : changes[n].end].sum()) for n in match.of_kind(Kind.SLIP))
    inside = [changes[n] for n in match.of_kind(Kind.WORDING, Kind.SLIP, Kind.TERM)]
    added = sum(max(len(_CHINESE.findall(change.gained)) - len(change.lost), 0) for change in inside)
    whole = total + added * float(match.worth.mean()) / 2
    return replace(match, share=(match.evidence + slipped / 2) / max(whole, 1e-9))


def _judge_choice(entry: Entry, match: _Match, page: ScannedText, grams: RareGrams) -> Sighting:
    seen = options_seen(entry.canonical.options, page, match.found.end)
    shown = page.shows_options(match.found.end, _TO_OPTIONS)
    if not shown and seen.share < HALF:
        is_stem = match.found.form == entry.canonical.stem
        return _judge_stem(entry, match, page, grams) if is_stem else _judge_statement(entry, match, page)
    score = 0.7 * match.share + 0.3 * seen.share
    end = max(match.found.end, seen.end) if seen.share >= HALF else match.found.end
    word = _exchanged_word(match, seen)
    if word and sum(map(np.sum, grams.worth(entry.canonical.options))) >= TELLING_OPTIONS:
        return Sighting(Verdict.NEAR, score, match.found, end, word)
    return Sighting(_with_options(match, seen), score, match.found, end)


def _with_options(match: _Match, seen: OptionsSeen) -> Verdict:
    """The verdict where the document shows options; the fewer are the item's, the more of the stem must be."""
    if seen.share < HALF:
        return Verdict.TEMPLATE if match.share >= MOST_OF_IT else Verdict.UNRELATED
    needed = WITH_OPTIONS + (1 - seen.share) * (MOST_OF_IT - WITH_OPTIONS) / (1 - HALF)
    if match.share < needed or (match.evidence < STATEMENT and seen.share < 1):
        return Verdict.UNRELATED
    if match.another:
        return Verdict.TEMPLATE
    return Verdict.IDENTICAL if not match.found.changes and seen.share == 1 else Verdict.NEAR


def _exchanged_word(match: _Match, seen: OptionsSeen) -> tuple[int, int] | None:
    """The place of the one short word that alone is another while all options are there: who spins a text does that."""
    words = match.of_kind(Kind.TERM)
    if len(words) != 1 or match.another != {Kind.TERM} or seen.share < 1 or match.share < WITH_OPTIONS:
        return None
    word = match.found.changes[words[0]]
    return (
        (word.place, word.place + len(word.gained))
        if max(len(word.lost), len(word.gained)) <= _LONGEST_EXCHANGE
        else None
    )


def _judge_stem(entry: Entry, match: _Match, page: ScannedText, grams: RareGrams) -> Sighting:
    """A choice item of which no options are in the document: the stem alone, or with an answer to it, must tell."""
    found, options = match.found, entry.canonical.options
    written = [found.changes[number].gained for number in match.of_kind(Kind.FILLED)]
    answer = next((one for one in options if one and (one in written or page.text.startswith(one, found.end))), "")
    evidence = match.evidence + float(grams.worth([answer])[0].sum())
    needed = OPEN_STEM if answer or written or page.breaks[found.place_of(entry.blank)] else BARE_STEM
    if entry.shared and not answer:
        needed = BARE_STEM
    if evidence < needed or match.share < MOST_OF_IT:
        return _judge_fragment(entry, match, page)
    return Sighting(Verdict.TEMPLATE if match.another else Verdict.NEAR, match.share, found, found.end)


def _judge_statement(entry: Entry, match: _Match, page: ScannedText) -> Sighting:
    """A statement, a question without options, or a choice item with an option written into it."""
    found = match.found
    if match.evidence < STATEMENT or match.share < MOST_OF_IT:
        return _judge_fragment(entry, match, page)
    if match.another:
        return Sighting(Verdict.TEMPLATE, match.share, found, found.end)
    whole = not found.changes and not entry.is_choice
    return Sighting(Verdict.IDENTICAL if whole else Verdict.NEAR, match.share, found, found.end)


def _judge_fragment(entry: Entry, match: _Match, page: ScannedText) -> Sighting:
    """A part of an item: near if the rest is cut off, not replaced, and the part, or the answer beside it, tells."""
    found = match.found
    nothing = Sighting(Verdict.UNRELATED, match.share, found, found.end)
    lost = max((found.changes[number].lost for number in match.of_kind(Kind.CUT)), key=len, default="")
    if not lost or match.another or match.evidence < FRAGMENT or entry.shared:
        return nothing
    behind = page.text[found.end : found.end + _NEAR_ANSWER]
    around = page.text[max(found.start - _NEAR_REST, 0) : found.end + _NEAR_REST]
    answers = [answer for answer in entry.canonical.answer if len(answer) > 1 and answer not in {RIGHT, WRONG}]
    supported = any(answer in behind for answer in answers) or (len(lost) > 2 and lost in around)
    if entry.is_choice and not supported and match.evidence < BARE_STEM:
        return nothing
    return (
        replace(nothing, verdict=Verdict.NEAR)
        if match.share >= (CUT_WITH_ANSWER if supported else CUT_SHORT)
        else nothing
    )
