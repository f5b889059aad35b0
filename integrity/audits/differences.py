"""What the differences between an item and a document do to the question. Pure.

A scanner's slip or another way of putting it leaves the question what it was; another figure, another entity, a
"not" more or less makes it another question, a `template` sibling and no leak (Article 16(2)).
"""

import re
from collections import Counter
from enum import Enum

from integrity.audits.alignment import Alignment, Change
from integrity.audits.raregrams import PAIR, RareGrams
from integrity.audits.scanned import ScannedText
from integrity.similarity.folding import codes_of
from integrity.similarity.lexicon import CONTRASTS, FILLERS, fold_synonyms
from integrity.similarity.wording import numbers, polarity


class Kind(Enum):
    """What a difference does to the question."""

    CUT = "cut"
    FILLED = "filled"
    WORDING = "wording"
    SLIP = "slip"
    TERM = "term"
    NUMBER = "number"
    POLARITY = "polarity"


ANOTHER_QUESTION = frozenset({Kind.TERM, Kind.NUMBER, Kind.POLARITY})
_CONTEXT = 4
# Two spellings of one word, which scanners and writers exchange freely.
_SPELLINGS = str.maketrans("做汽炭震黏像账复他ω", "作气碳振粘象帐覆它欧")
# The same span of time counted in smaller units.
_SPANS = (("十二个月", "年"), ("12个月", "年"), ("六个月", "半年"), ("6个月", "半年"))
# How a recalled question goes over to its answer.
_ANSWER_MARK = re.compile(r"(?:(?:正确|参考|标准)?答案|那[个题道]选|我?选的?|答)[是为]?")
_LONGEST_SLIP = 3
_LARGE_BANK = 800
_CONFUSED_DIGITS = str.maketrans("oqdilzsbg", "000112589")
_FOREIGN = re.compile(r"[^\u3400-\u9fff]*")


def kinds_of(
    found: Alignment, page: ScannedText, grams: RareGrams, blank: int, fillings: tuple[str, ...]
) -> list[Kind]:
    """The kind of each difference; figures and polarity words are compared over the whole wording.

    `blank` is the place of the item's open blank, or -1, and `fillings` are the texts that may be written there.
    """
    if not found.changes:
        return []
    kinds = [_kind(place, found, page, grams, blank, fillings) for place in range(len(found.changes))]
    ours, theirs = _both_sides(found, page, kinds)
    if _polarity(ours) != _polarity(theirs):
        kinds.append(Kind.POLARITY)
    if _another_number(ours, theirs):
        kinds.append(Kind.NUMBER)
    return kinds


def _kind(
    place: int, found: Alignment, page: ScannedText, grams: RareGrams, blank: int, fillings: tuple[str, ...]
) -> Kind:
    change = found.changes[place]
    if not change.lost and abs(change.start - blank) <= 1 and _may_fill(change.gained, fillings):
        return Kind.FILLED
    if _is_cut(change, found):
        return Kind.CUT
    if not change.lost and change.start == blank:
        return Kind.TERM
    return _kind_of_exchange(place, found, page, grams)


def _is_cut(change: Change, found: Alignment) -> bool:
    """Whether a part of the wording is not there and nothing stands in its stead, unless the word for an answer."""
    if _ANSWER_MARK.fullmatch(change.gained):
        return True
    at_edge = change.start == 0 or change.end == len(found.form)
    return at_edge and (not change.gained or len(change.gained) > 2 * len(change.lost) + 4)


def _kind_of_exchange(place: int, found: Alignment, page: ScannedText, grams: RareGrams) -> Kind:
    change = found.changes[place]
    ours, theirs = _in_context(place, found, page)
    if numbers(change.lost) and numbers(change.gained) and _another_number(ours, theirs):
        return Kind.NUMBER
    ours, theirs = _residue(_sense(ours), _sense(theirs))
    if any(frozenset((a, b)) in CONTRASTS for a in ours for b in theirs):
        return Kind.TERM
    if FILLERS.issuperset(ours) or FILLERS.issuperset(theirs):
        return Kind.WORDING
    return Kind.SLIP if _is_slip(change, found, page, grams) else Kind.TERM


def _may_fill(text: str, fillings: tuple[str, ...]) -> bool:
    """Whether a text in the blank is an option, the letter of one, or a question word such as 什么."""
    return text in fillings or (text.isascii() and text.isalpha()) or FILLERS.issuperset(text)


def _in_context(place: int, found: Alignment, page: ScannedText) -> tuple[str, str]:
    """Both sides of a difference with the few characters around it that agree."""
    changes, change = found.changes, found.changes[place]
    end = change.place + len(change.gained)
    before = change.start - (changes[place - 1].end if place else 0)
    after = (changes[place + 1].start if place + 1 < len(changes) else len(found.form)) - change.end
    before, after = min(before, _CONTEXT), min(after, _CONTEXT)
    ours = found.form[change.start - before : change.end + after]
    return ours, page.text[change.place - before : end + after]


def _both_sides(found: Alignment, page: ScannedText, kinds: list[Kind]) -> tuple[str, str]:
    """The whole wording and the whole stretch, slips mended, without what is cut off or filled in."""
    ours, theirs, at, place = [], [], 0, found.start
    for change, kind in zip(found.changes, kinds, strict=True):
        end = change.place + len(change.gained)
        ours.append(found.form[at : change.start])
        theirs.append(page.text[place : change.place])
        if kind not in {Kind.CUT, Kind.FILLED}:
            ours.append(change.lost)
            theirs.append(change.lost if kind is Kind.SLIP else change.gained)
        at, place = change.end, max(end, found.start)
    return "".join([*ours, found.form[at:]]), "".join([*theirs, page.text[place : max(found.end, place)]])


def _polarity(text: str) -> Counter[str]:
    """Polarity words counted by kind; forbidding and denying are one, writers exchange 不能 and 不得."""
    return Counter("否" if kind == "禁" else kind for kind in polarity(text))


def _another_number(ours: str, theirs: str) -> bool:
    """Whether a figure stands against another one; figures that a scanner confuses with letters are the same."""
    lost = Counter(numbers(ours)) - Counter(numbers(theirs))
    gained = Counter(numbers(theirs)) - Counter(numbers(ours))
    if not lost or not gained:
        return False
    mended = Counter(numbers(theirs.translate(_CONFUSED_DIGITS)))
    return bool(Counter(numbers(ours.translate(_CONFUSED_DIGITS))) - mended)


def _sense(text: str) -> str:
    """A text with synonyms, spellings and spans of time made one."""
    for span, same in _SPANS:
        text = text.replace(span, same)
    return fold_synonyms(text.translate(_SPELLINGS))


def _residue(ours: str, theirs: str) -> tuple[str, str]:
    """The two texts without what they begin and end with in common."""
    start = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    ours, theirs = ours[start:], theirs[start:]
    pairs = zip(reversed(ours), reversed(theirs), strict=False)
    end = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(ours), len(theirs)))
    return ours[: len(ours) - end], theirs[: len(theirs) - end]


def _is_slip(change: Change, found: Alignment, page: ScannedText, grams: RareGrams) -> bool:
    """Letters and signs where Chinese should stand, or one character for another that makes no word on one side."""
    lost, gained = change.lost, change.gained
    ours_foreign, theirs_foreign = (bool(_FOREIGN.fullmatch(side)) for side in (lost, gained))
    if theirs_foreign and not ours_foreign:
        return len(gained) <= 3
    if ours_foreign and lost.translate(_CONFUSED_DIGITS) == gained.translate(_CONFUSED_DIGITS):
        return True
    if max(len(lost), len(gained)) > _LONGEST_SLIP or (not ours_foreign and len(gained) > len(lost)):
        return False
    theirs = page.text[max(change.place - 1, 0) : change.place + len(gained) + 1]
    if _is_no_word(theirs, gained, grams, grams.items // 4000, trusted=page.is_misread):
        return True
    ours = found.form[max(change.start - 1, 0) : change.end + 1]
    known, odd = (grams.counts(codes_of(side), PAIR).tolist() for side in (theirs, ours))
    likelier = sum(known) > sum(odd) and all(known)
    few = min(grams.items // 1000, 2) + grams.items // 5000
    return likelier and len(lost) == len(gained) == 1 and _is_no_word(ours, lost, grams, few)


def _is_no_word(text: str, inner: str, grams: RareGrams, few: int, *, trusted: bool = False) -> bool:
    """Whether characters stand beside neighbours that they hardly ever have, though they are common or unheard of.

    That a pair is missing tells something in a large bank only, or is to be trusted for another reason; a small bank
    knows few words of its trade.
    """
    pairs = grams.counts(codes_of(text), PAIR)
    alone = grams.counts(codes_of(inner), 1)
    if _FOREIGN.fullmatch(inner) and pairs.size:
        pairs = pairs[[0, -1]]
    telling = (trusted or grams.items >= _LARGE_BANK) and (bool((alone > 10 * few).all()) or not pairs.any())
    return bool((pairs <= few).all()) and (telling or not alone.any())
