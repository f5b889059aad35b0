"""What differs between two questions, in words and spans that a reviewer can check at a glance. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from bank.content import CHOICE_TYPES, ItemType
from integrity.similarity.alignment import LONGEST
from integrity.similarity.canonical import canonical_with_offsets
from integrity.similarity.features import Reading
from integrity.similarity.lexicon import PARTICLES, fold_synonyms
from integrity.similarity.wording import arabic, as_figure, polarity

Span = tuple[str, str, str]

_TOKEN = re.compile(r"-?\d+(?:\.\d+)?(?:%|‰|℃|[a-zω]{1,3}(?![a-z]))?|[a-zα-ω]+|.", re.DOTALL)
_SHOWN = 3
_TYPES = {
    ItemType.SINGLE: "单选",
    ItemType.MULTIPLE: "多选",
    ItemType.JUDGE: "判断",
    ItemType.BLANK: "填空",
    ItemType.SHORT: "简答",
    ItemType.ESSAY: "论述",
    ItemType.CALCULATION: "计算",
    ItemType.PRACTICAL: "操作",
}


def _tokens(text: str) -> tuple[list[str], list[int]]:
    """Folded tokens of a text and where each begins in it; the first begins at the start, whatever stands before."""
    folded, places = canonical_with_offsets(text)
    found = list(_TOKEN.finditer(folded))
    starts = [places[match.start()] for match in found]
    return [match.group() for match in found], [0, *starts[1:], len(text)] if starts else [0]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of the alignment: as it is written on either side, and its folded tokens."""

    kind: str
    written: tuple[str, str]
    folded: tuple[str, str]


def _pieces(a: str, b: str) -> list[_Piece]:
    left, left_starts = _tokens(a)
    right, right_starts = _tokens(b)
    if not left or not right or max(len(left), len(right)) > LONGEST:
        return [_Piece("equal" if a == b else "replace", (a, b), ("".join(left), "".join(right)))]
    return [
        _Piece(
            kind,
            (a[left_starts[a0] : left_starts[a1]], b[right_starts[b0] : right_starts[b1]]),
            ("".join(left[a0:a1]), "".join(right[b0:b1])),
        )
        for kind, a0, a1, b0, b1 in _runs(left, right)
    ]


def _runs(left: list[str], right: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Runs of equal and of differing tokens in turn: what the alignment cuts into neighbours is one difference."""
    for equal, blocks in groupby(Levenshtein.opcodes(left, right), key=lambda block: block.tag == "equal"):
        run = list(blocks)
        a0, a1, b0, b1 = run[0].src_start, run[-1].src_end, run[0].dest_start, run[-1].dest_end
        changed = "insert" if a0 == a1 else "delete" if b0 == b1 else "replace"
        yield "equal" if equal else changed, a0, a1, b0, b1


def explain(stems: tuple[str, str], a: Reading, b: Reading) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    """What differs, one Chinese clause each, and both stems cut into (operation, text of a, text of b).

    The pieces joined give the stems back. Width, script, spaces and punctuation make no difference.
    """
    pieces = _pieces(*stems)
    return tuple(_changes(a, b, pieces)), tuple((piece.kind, *piece.written) for piece in pieces)


def _bare(folded: str) -> str:
    """A piece without what carries no meaning: synonyms and figures in one spelling, no particles."""
    return "".join(char for char in fold_synonyms(arabic(as_figure(folded))) if char not in PARTICLES)


def _changes(a: Reading, b: Reading, pieces: list[_Piece]) -> list[str]:
    figures: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    # Synonyms are longer than the pieces; where folding them makes the stems equal, no word differs.
    for piece in pieces if _bare(a.item.stem) != _bare(b.item.stem) else ():
        left, right = map(_bare, piece.folded)
        if left != right:
            (figures if _has_figure(left) and _has_figure(right) else others).append(piece.written)
    found = [*_answer_changes(a, b), *_type_changes(a, b)]
    options = _option_changes(a, b)
    if figures:
        lead = "数值不同" if others or options or found else "仅数值不同"
        found.append(f"{lead}：{_shown(figures)}")
    if Counter(polarity(a.item.stem)) != Counter(polarity(b.item.stem)):
        found.append("肯定与否定不同")
    if others:
        found.append(f"用词不同：{_shown(others)}")
    found += options
    if found:
        return found
    written = a.item.stem == b.item.stem
    return ["仅标点、空格、编号或书写形式不同" if written else "仅虚词或同义词不同"]


def _has_figure(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _shown(pairs: list[tuple[str, str]]) -> str:
    """The first few exchanged pieces; an empty side is written as a dash."""
    clean = [tuple(text.strip(" ，。、；：,.;:（）()　\n") or "—" for text in pair) for pair in pairs]
    more = "等" if len(clean) > _SHOWN else ""
    return "，".join("/".join(pair) for pair in clean[:_SHOWN]) + more


def _answer_changes(a: Reading, b: Reading) -> list[str]:
    if bool(a.answer) != bool(b.answer):
        return ["一方没有答案"]
    kinds = {a.item.type, b.item.type}
    comparable = len(kinds) == 1 or kinds <= CHOICE_TYPES
    return ["答案不同"] if comparable and a.answers != b.answers else []


def _type_changes(a: Reading, b: Reading) -> list[str]:
    if a.item.type is b.item.type:
        return []
    return [f"题型转换：{_TYPES[a.item.type]}→{_TYPES[b.item.type]}"]


def _option_changes(a: Reading, b: Reading) -> list[str]:
    if not a.options or not b.options:
        return []
    twins = (Counter(a.options) & Counter(b.options)).total()
    other = max(len(a.options), len(b.options)) - twins
    if other:
        return ["选项全部不同" if not twins else f"有 {other} 个选项不同"]
    return ["选项换序"] if a.options != b.options else []
