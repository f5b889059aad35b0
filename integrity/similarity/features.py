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
from integrity.similarity.characters import is_slip, words_made
from integrity.similarity.lexicon import CONTRASTS, FILLERS, MODALS, PARTICLES, fold_synonyms, without_frame

_COUNTS = frozenset("单双多")
_NUMERALS = _COUNTS | frozenset("一二两三四五六七八九十百千万亿零半")
_TOKEN = re.compile(r"\d+(?:\.\d+)?[%‰]?|[a-zα-ω]+|.", re.DOTALL)
# A statement that opens with its source is the same statement without it.
_LAW = r"[^应须可能是有将把的]{2,24}?(?:法|条例|办法|规程|规范|标准|细则)(?:试行)?[a-z]*[/\d.-]*(?:第\d+[条款章项])*"
_SOURCE = re.compile(rf"^(?:依据{_LAW}(?:的?规定|要求)?|{_LAW}的?规定)(?=.{{8}})")


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a question, ready to be aligned."""

    text: str
    tokens: tuple[str, ...]
    written: tuple[str, ...]
    """The tokens before synonyms and figures were folded: a slip inside a synonym hides it from the folding."""
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
    terms: int = 0
    slips: int = 0
    odd: int = 0
    modals: int = 0
    blocks: int = 0
    exchanged: float = 0.0
    added: float = 0.0
    moved: float = 0.0


def _line(text: str, written: str) -> Line:
    pairs = frozenset(text[at : at + 2] for at in range(len(text) - 1))
    tokens, before = tuple(_TOKEN.findall(text)), tuple(_TOKEN.findall(written))
    return Line(text, tokens, before, pairs, Counter(wording.polarity(text)))


def _plain(folded: str) -> str:
    return wording.arabic(fold_synonyms(folded))


def reading(item: Canonical) -> Reading:
    """All that the features need of one question, made once however often it is compared."""
    stem, statement = without_frame(_plain(item.stem)), without_frame(_plain(item.filled))
    options = tuple(map(_plain, item.options))
    answers = tuple(sorted(map(_plain, item.answer)))
    lines = _line(stem, item.stem), _line(_SOURCE.sub("", statement), item.filled)
    return Reading(item, *lines, options, answers, "".join(answers))


def weight(token: str) -> float:
    """How much of a question hangs on a token: nothing on a particle, little on a filler, more on a figure or code."""
    if token in FILLERS:
        return 0.0 if token in PARTICLES else 0.4
    return 1.0 if len(token) == 1 and not token.isdigit() else 1.5


def _is_code(token: str) -> bool:
    return (token[0].isascii() and token[0].isalpha()) or "α" <= token[0] <= "ω"


def difference(a: Sequence[str], b: Sequence[str]) -> Difference:
    """The differences of two token rows by kind."""
    found = Difference()
    gone: Counter[str] = Counter()
    come: Counter[str] = Counter()
    seen: list[tuple[Sequence[str], Sequence[str]]] = []
    for ends in _blocks(a, b):
        left, right = a[ends[0] : ends[1]], b[ends[2] : ends[3]]
        gone.update(left)
        come.update(right)
        if (left, right) not in seen:
            seen.append((left, right))
            _count_block(found, left, right, _slip(a, ends[0], ends[1], right))
    kept_left, kept_right, moved = gone - come, come - gone, gone & come
    lost, won = _weight(kept_left), _weight(kept_right)
    found.exchanged, found.added, found.moved = min(lost, won), abs(lost - won), _weight(moved)
    return found


def _blocks(a: Sequence[str], b: Sequence[str]) -> list[list[int]]:
    """Where the rows differ, as bounds in either; pieces with one equal token between them are one piece."""
    found: list[list[int]] = []
    for block in Levenshtein.opcodes(a, b):
        if block.tag == "equal":
            continue
        a0, a1, b0, b1 = block.src_start, block.src_end, block.dest_start, block.dest_end
        if found and a0 - found[-1][1] == b0 - found[-1][3] <= 1:
            found[-1][1], found[-1][3] = a1, b1
        else:
            found.append([a0, a1, b0, b1])
    return found


def _weight(tokens: Counter[str]) -> float:
    return sum(weight(token) * count for token, count in tokens.items())


def _slip(tokens: Sequence[str], start: int, end: int, other: Sequence[str]) -> str:
    """Whether an exchanged piece, two characters at the most, is a slip, an odd one, or one word for another."""
    piece = tokens[start:end]
    if len(piece) != len(other) or len(piece) > 2 or not _NUMERALS.isdisjoint((*piece, *other)):
        return ""
    before = tokens[start - 1] if start else ""
    after = tokens[end] if end < len(tokens) else ""
    if all(is_slip(x, y, before, after) for x, y in zip(piece, other, strict=True)):
        return "slip"
    return ("", "odd", "term")[words_made(piece[0], other[0], before, after)] if len(piece) == 1 else ""


def _count_block(found: Difference, left: Sequence[str], right: Sequence[str], slip: str) -> None:
    """One block of the alignment by its kind; particles make no block of their own."""
    plain = [token for token in (*left, *right) if token not in PARTICLES]
    if not plain:
        return
    contrast = len(left) == len(right) and any(map(_contrast, left, right))
    if MODALS.issuperset(plain) and not contrast:
        found.modals += 1
        return
    found.blocks += 1
    figures = [[token for token in side if token[0].isdigit()] for side in (left, right)]
    codes = [[token for token in side if _is_code(token)] for side in (left, right)]
    found.figures += bool(figures[0] and figures[1] and figures[0] != figures[1])
    found.figures_added += bool(figures[0]) != bool(figures[1])
    found.codes += bool(codes[0] and codes[1])
    found.codes_added += bool(codes[0]) != bool(codes[1])
    if contrast:
        found.contrasts += 1
    elif slip in {"slip", "odd"}:
        found.slips += slip == "slip"
        found.odd += slip == "odd"
    # A filler exchanged for a character is part of a word: 自动 and 手动.
    elif all(any(token not in PARTICLES for token in side) for side in (left, right)):
        found.words += 1
        sizes = [sum(token not in PARTICLES and token not in MODALS for token in side) for side in (left, right)]
        found.terms += slip == "term" or (min(sizes) > 0 and sum(sizes) > 2)


def _contrast(x: str, y: str) -> bool:
    if frozenset((x, y)) in CONTRASTS:
        return True
    return (x in _COUNTS and y[0].isdigit()) or (y in _COUNTS and x[0].isdigit())


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def _line_features(a: Line, b: Line) -> list[float]:
    change = difference(a.written, b.written)
    if change.blocks > change.slips or change.figures_added:
        change = difference(a.tokens, b.tokens)
    whole = max(min(sum(map(weight, a.tokens)), sum(map(weight, b.tokens))), 1.0)
    gone, come = a.polarity - b.polarity, b.polarity - a.polarity
    turned = any(gone[kind] or come[kind] for kind in ("误", "正"))
    negated = sum(gone[kind] + come[kind] for kind in ("否", "禁")) % 2
    # 不属于 and 错误的是 ask the same way round; 正确的是 and 错误的是 do not.
    opposed = sum(line.polarity[kind] for line in (a, b) for kind in ("误", "否", "禁")) % 2
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
    *("ratio", "pairs", "partial", "figures", "figures_added", "contrasts", "codes", "codes_added", "words"),
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
    said = stem if keyless and one_kind else _line_features(a.statement, b.statement)
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
