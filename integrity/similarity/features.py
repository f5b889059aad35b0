"""What two questions have in common and what not, in figures that a model can weigh. Pure.

Stems are aligned, and statements (stems with their answers written in), so that a choice item meets its judge form;
options are matched without regard to order; keys, types and what is missing are figures of their own.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bank.content import CHOICE_TYPES, RIGHT, ItemType
from integrity.similarity import wording
from integrity.similarity.alignment import Difference, Line, difference, line
from integrity.similarity.canonical import Canonical
from integrity.similarity.lexicon import fold_synonyms, without_frame

# A statement that opens with its source is the same statement without it.
_LAW = r"[^应须可能是有将把的]{2,24}?(?:法|条例|办法|规程|规范|标准|细则)(?:试行)?[a-z]*[/\d.-]*(?:第\d+[条款章项])*"
_SOURCE = re.compile(rf"^(?:依据{_LAW}(?:的?规定|要求)?|{_LAW}的?规定)(?=.{{8}})")


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


def _plain(folded: str) -> str:
    return fold_synonyms(wording.arabic(folded))


def reading(item: Canonical) -> Reading:
    """All that the features need of one question, made once however often it is compared."""
    stem, statement = without_frame(_plain(item.stem)), without_frame(_plain(item.filled))
    options = tuple(map(_plain, item.options))
    answers = tuple(sorted(map(_plain, item.answer)))
    lines = line(stem, item.stem), line(_SOURCE.sub("", statement), item.filled)
    return Reading(item, *lines, options, answers, "".join(answers))


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def _line_features(a: Line, b: Line) -> list[float]:
    change = difference(a.written, b.written)
    if (a.tokens, b.tokens) != (a.written, b.written) and change.blocks > change.slips:
        change = difference(a.tokens, b.tokens)
    whole = max(min(a.content, b.content), 1.0)
    gone, come = a.polarity - b.polarity, b.polarity - a.polarity
    turned = any(gone[kind] or come[kind] for kind in ("误", "正"))
    negated = sum(gone[kind] + come[kind] for kind in ("否", "禁")) % 2
    # 不属于 and 错误的是 ask the same way round; 正确的是 and 错误的是 do not.
    opposed = sum(line.polarity[kind] for line in (a, b) for kind in ("误", "否", "禁")) % 2
    return [
        fuzz.ratio(a.text, b.text) / 100,
        _share(a.pairs, b.pairs),
        min(change.figures, 2),
        min(change.figures_added, 2),
        min(change.contrasts, 2),
        min(change.codes, 2),
        min(change.codes_added, 2),
        min(change.words, 3),
        min(change.slips, 3),
        min(change.odd, 3),
        min(change.modals, 2),
        math.log1p(change.exchanged),
        math.log1p(change.added),
        math.log1p(change.moved),
        min(change.exchanged / whole, 1.5),
        min(change.added / whole, 3.0),
        float(turned),
        float(negated),
        float(opposed),
        math.log1p(whole),
        *_only(change, whole, opposed),
    ]


def _only(change: Difference, whole: float, opposed: int) -> list[float]:
    """If all but a word or two is the same, what kind that difference is: one place of the row is one."""
    row = [0.0] * len(ONLY)
    few = change.blocks <= 3 and change.exchanged <= 0.34 * whole and change.added <= 0.34 * whole
    if few and change.moved < 2:
        kinds = (
            change.figures,
            change.contrasts,
            opposed,
            change.codes,
            change.terms and change.blocks == 1,
            change.words or change.exchanged >= change.slips + change.odd + 1,
            change.slips,
            change.odd,
            change.codes_added or change.figures_added,
            change.blocks,
            change.modals,
        )
        row[next((place for place, kind in enumerate(kinds) if kind), len(kinds))] = 1.0
    return row


ONLY = (
    *("only_figure", "only_contrast", "only_polarity", "only_code", "only_term", "only_word", "only_slip", "only_odd"),
    *("only_figure_added", "only_added", "only_modal", "only_filler"),
)
LINE_FEATURES = (
    *("ratio", "pairs", "figures", "figures_added", "contrasts", "codes", "codes_added", "words"),
    *("slips", "odd", "modals", "exchanged", "added", "moved", "exchanged_share", "added_share"),
    *("judged_other", "negated", "opposed", "length"),
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
    """Likeness of two options; other figures are no likeness, equal ones with or without their unit are the same."""
    if a == b:
        return 1.0
    figures = wording.numbers(a)
    if figures != wording.numbers(b):
        return 0.0
    if figures and min(len(a), len(b)) <= sum(map(len, figures)) + 1 and max(len(a), len(b)) <= 12:
        return 1.0
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
    negated = (choice.statement.polarity["否"] - judge.stem.polarity["否"]) % 2
    true = (judge.answer == RIGHT) != bool(negated)
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
    *("options_other_key_missing", "options_and_answer", "answer_without_options", "options_without_answer"),
)


def features(a: Reading, b: Reading) -> NDArray[np.float64]:
    """The figures of one pair, the same for both orders."""
    if (a.item.filled, a.item.options) > (b.item.filled, b.item.options):
        a, b = b, a
    keyless = not a.answer or not b.answer
    stem = _line_features(a.stem, b.stem)
    # Without both keys a filled stem would be held against an empty one.
    one_kind = a.item.type in CHOICE_TYPES and b.item.type in CHOICE_TYPES
    same_lines = a.statement.text == a.stem.text and b.statement.text == b.stem.text
    said = stem if same_lines or (keyless and one_kind) else _line_features(a.statement, b.statement)
    options = _options(a, b)
    answers = _answers(a, b)
    together = [
        float(keyless) * options[0] * (1 - options[2]),
        options[2] * answers[2],
        options[0] * (1 - options[2]) * answers[1],
        options[2] * (1 - answers[2]) * (1 - keyless),
    ]
    row = [*stem, *said, *options, *answers, *_types(a.item, b.item), float(keyless), *together]
    return np.array(row, np.float64)
