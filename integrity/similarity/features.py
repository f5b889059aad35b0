"""What differs between two questions, in figures that a model can weigh. Pure.

Two questions are aligned token by token (figures, Latin words, single Chinese characters) after synonyms are folded,
once on their stems and once on their statements, so that a choice item meets its judge form. Every difference is put
into a kind: figure, contrast, code, polarity, content word exchanged or only added, slip, filler. The kinds tell a
sibling (36V/24V) from a rewording; the mere share of equal characters does not.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from bank.content import CHOICE_TYPES, RIGHT, ItemType
from integrity.similarity import wording
from integrity.similarity.canonical import Canonical
from integrity.similarity.lexicon import CONTRASTS, FILLERS, fold_synonyms

_TOKEN = re.compile(r"\d+(?:\.\d+)?[%‰]?|[a-zα-ω]+|.", re.DOTALL)
_DATED = re.compile(r"(?:gb|jgj|dl|sl|tsg|jb|hg|aq|yy|ny|sb|qb)[/a-z]*\d[\d.-]*(?:-\d{4})?|第[\d.]+[条款章项](?:规定)?")


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a question, ready to be aligned."""

    text: str
    tokens: tuple[str, ...]
    pairs: frozenset[str]
    polarity: Counter[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """One question as the features see it."""

    item: Canonical
    stem: Line
    statement: Line
    options: tuple[str, ...]
    answers: tuple[str, ...]
    answer: str

    def without_answer(self) -> "Reading":
        """The same question as if nobody had given its key."""
        return replace(self, statement=self.stem, answers=(), answer="")


@dataclass(slots=True)
class Difference:
    """The differences of one alignment, counted by kind; weights are in content characters."""

    figures: int = 0
    figures_added: int = 0
    contrasts: int = 0
    codes: int = 0
    codes_added: int = 0
    words: int = 0
    slips: int = 0
    blocks: int = 0
    exchanged: float = 0.0
    added: float = 0.0
    moved: float = 0.0


def _line(folded: str) -> Line:
    text = wording.arabic(fold_synonyms(_DATED.sub("", folded)))
    pairs = frozenset(text[at : at + 2] for at in range(len(text) - 1))
    return Line(text, tuple(_TOKEN.findall(text)), pairs, Counter(wording.polarity(folded)))


def reading(item: Canonical) -> Reading:
    """All that the features need of one question, made once however often it is compared."""
    stem = _line(item.stem)
    statement = stem if item.filled == item.stem else _line(item.filled)
    options = tuple(wording.arabic(fold_synonyms(option)) for option in item.options)
    answers = tuple(sorted(wording.arabic(fold_synonyms(answer)) for answer in item.answer))
    return Reading(item, stem, statement, options, answers, "".join(answers))


def weight(token: str) -> float:
    """How much of a question hangs on a token: nothing on a filler, more on a figure or a code."""
    if token in FILLERS:
        return 0.0
    return 1.0 if len(token) == 1 and not token.isdigit() else 1.5


def _is_figure(token: str) -> bool:
    return token[0].isdigit()


def _is_code(token: str) -> bool:
    return (token[0].isascii() and token[0].isalpha()) or "α" <= token[0] <= "ω"


def difference(a: Sequence[str], b: Sequence[str]) -> Difference:
    """The differences of two token rows by kind."""
    found = Difference()
    gone: Counter[str] = Counter()
    come: Counter[str] = Counter()
    for block in Levenshtein.opcodes(a, b):
        if block.tag == "equal":
            continue
        left = [token for token in a[block.src_start : block.src_end] if token not in FILLERS]
        right = [token for token in b[block.dest_start : block.dest_end] if token not in FILLERS]
        gone.update(left)
        come.update(right)
        _count_block(found, left, right)
    kept_left, kept_right = gone - come, come - gone
    lost = sum(weight(token) * count for token, count in kept_left.items())
    won = sum(weight(token) * count for token, count in kept_right.items())
    moved = sum(weight(token) * count for token, count in (gone & come).items())
    found.exchanged, found.added, found.moved = min(lost, won), abs(lost - won), moved
    return found


def _count_block(found: Difference, left: list[str], right: list[str]) -> None:
    """One block of the alignment, fillers left out."""
    found.blocks += bool(left or right)
    figures = [any(map(_is_figure, side)) for side in (left, right)]
    codes = [any(map(_is_code, side)) for side in (left, right)]
    found.figures += all(figures) and [t for t in left if _is_figure(t)] != [t for t in right if _is_figure(t)]
    found.figures_added += figures[0] != figures[1]
    found.codes += all(codes)
    found.codes_added += codes[0] != codes[1]
    if any(frozenset((x, y)) in CONTRASTS for x in left for y in right):
        found.contrasts += 1
    elif len(left) == len(right) == 1 and not any(figures) and not any(codes):
        found.slips += 1
    elif left and right:
        found.words += 1


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def _line_features(a: Line, b: Line) -> list[float]:
    change = difference(a.tokens, b.tokens)
    whole = max(min(sum(map(weight, a.tokens)), sum(map(weight, b.tokens))), 1.0)
    gone, come = a.polarity - b.polarity, b.polarity - a.polarity
    turned = gone["误"] + come["误"] + gone["正"] + come["正"] > 0
    negated = (gone["否"] + come["否"] + gone["禁"] + come["禁"]) % 2
    return [
        fuzz.ratio(a.text, b.text) / 100,
        _share(a.pairs, b.pairs),
        fuzz.partial_ratio(a.text, b.text) / 100,
        min(change.figures, 2),
        min(change.figures_added, 2),
        min(change.contrasts, 2),
        min(change.codes, 2),
        min(change.codes_added, 2),
        min(change.words, 3),
        min(change.slips, 3),
        math.log1p(change.exchanged),
        math.log1p(change.added),
        math.log1p(change.moved),
        min(change.exchanged / whole, 1.5),
        min(change.added / whole, 3.0),
        float(turned),
        float(negated),
        math.log1p(whole),
        *_only(change, whole, bool(turned or negated)),
    ]


def _only(change: Difference, whole: float, polar: bool) -> list[float]:
    """If all but a word or two is the same, what kind that difference is: one place of the row is one."""
    row = [0.0] * len(ONLY)
    few = change.blocks <= 2 and change.exchanged <= 0.34 * whole and change.added <= 0.25 * whole
    if few and change.moved < 2:
        kinds = (
            change.figures,
            change.contrasts,
            polar,
            change.codes,
            change.words,
            change.slips,
            change.codes_added or change.figures_added,
            change.blocks,
        )
        row[next((place for place, kind in enumerate(kinds) if kind), len(kinds))] = 1.0
    return row


ONLY = tuple(
    f"only_{kind}"
    for kind in ("figure", "contrast", "polarity", "code", "word", "slip", "figure_added", "added", "filler")
)
LINE_FEATURES = (
    *("ratio", "pairs", "partial", "figures", "figures_added", "contrasts", "codes", "codes_added", "words", "slips"),
    *("exchanged", "added", "moved", "exchanged_share", "added_share", "judged_other", "negated", "length"),
    *ONLY,
)


def _options(a: Reading, b: Reading) -> list[float]:
    """Options without regard to their order: how many have a twin, how alike the rest is, whether figures differ."""
    if not a.options or not b.options:
        return [0.0, 0.0, 0.0, 0.0, 0.0]
    few, many = sorted((list(a.options), list(b.options)), key=len)
    twins = Counter(few) & Counter(many)
    exact = twins.total()
    left, right = list((Counter(few) - twins).elements()), list((Counter(many) - twins).elements())
    close = 0.0
    for option in left:
        best = max(right, key=lambda other: _option_ratio(option, other), default=None)
        if best is not None:
            close += _option_ratio(option, best)
            right.remove(best)
    return [1.0, exact / len(few), (exact + close) / len(few), exact / len(many), float(exact == len(few) == len(many))]


def _option_ratio(a: str, b: str) -> float:
    """Likeness of two options; figures and single terms are alike or not at all."""
    if wording.numbers(a) != wording.numbers(b):
        return 0.0
    return fuzz.ratio(a, b) / 100


OPTION_FEATURES = ["options", "options_exact", "options_alike", "options_overlap", "options_same"]


def _absent(a: Reading, b: Reading) -> float:
    """One item's right answer is nowhere among the other's options: they cannot ask the same."""
    pairs = [(one, other) for one, other in ((a, b), (b, a)) if one.answer and one.options and other.options]
    found = (max(_option_ratio(right, o) for o in other.options) for one, other in pairs for right in one.answers)
    return 1.0 - min(found, default=1.0)


def _answers(a: Reading, b: Reading) -> list[float]:
    """What the keys say: the same thing, another thing, or nothing because one of them is missing."""
    absent = _absent(a, b)
    if not a.answer or not b.answer:
        return [absent] + [0.0] * (len(ANSWER_FEATURES) - 1)
    kinds = {a.item.type, b.item.type}
    if kinds == {ItemType.JUDGE}:
        return [absent, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, float(a.answer == b.answer), float(a.answer != b.answer)]
    if ItemType.JUDGE in kinds:
        return [absent, *_converted(*((a, b) if b.item.type is ItemType.JUDGE else (b, a)))]
    same = a.answers == b.answers
    alike = 1.0 if same else _option_ratio(a.answer, b.answer)
    inside = a.answer in b.answer or b.answer in a.answer
    other = not same and (a.answer in b.options or b.answer in a.options)
    return [absent, float(same), alike, float(inside and not same), float(other), 0.0, 0.0, 0.0, 0.0]


def _converted(choice: Reading, judge: Reading) -> list[float]:
    """A judge item states a choice item rightly, states one of its wrong options, or neither."""
    told = choice.answer in judge.stem.text
    wrong = [o for o in choice.options if o != choice.answer and o not in choice.answer and o not in choice.stem.text]
    mistold = not told and any(option in judge.stem.text for option in wrong)
    true = judge.answer == RIGHT
    return [0.0, 0.0, 0.0, 0.0, float(told), float(mistold), float(told and true), float(mistold or not true)]


ANSWER_FEATURES = (
    *("answer_absent", "answer_same", "answer_alike", "answer_inside", "answer_other"),
    *("told", "mistold", "judged_same", "judged_other_key"),
)


def _types(a: Canonical, b: Canonical) -> list[float]:
    judge = [item.type is ItemType.JUDGE for item in (a, b)]
    choice = [item.type in CHOICE_TYPES for item in (a, b)]
    return [float(a.type is b.type), float(judge[0] != judge[1]), float(all(choice)), float(all(judge))]


TYPE_FEATURES = ["type_same", "converted", "both_choice", "both_judge"]
FEATURES: tuple[str, ...] = (
    *(f"stem_{name}" for name in LINE_FEATURES),
    *(f"said_{name}" for name in LINE_FEATURES),
    *OPTION_FEATURES,
    *ANSWER_FEATURES,
    *TYPE_FEATURES,
    "key_missing",
    "key_missing_options_other",
)


def features(a: Reading, b: Reading) -> NDArray[np.float64]:
    """The figures of one pair, the same for both orders."""
    if (a.item.filled, a.item.options) > (b.item.filled, b.item.options):
        a, b = b, a
    keyless = not a.answer or not b.answer
    stem = _line_features(a.stem, b.stem)
    # Without both keys a filled stem would be held against an empty one.
    one_kind = a.item.type in CHOICE_TYPES and b.item.type in CHOICE_TYPES
    said = stem if keyless and one_kind else _line_features(a.statement, b.statement)
    options = _options(a, b)
    other_options = float(keyless) * options[0] * (1 - options[2])
    row = [*stem, *said, *options, *_answers(a, b), *_types(a.item, b.item), float(keyless), other_options]
    return np.array(row, np.float64)
