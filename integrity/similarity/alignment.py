"""Two texts aligned token by token, and what kind of difference each piece is. Pure.

Tokens are figures, Latin words and single Chinese characters. A piece is a figure, a contrast, a code, a slip, one word
for another, a modal, or nothing but particles; that tells a sibling (36V/24V) from a rewording, which the mere share
of equal characters does not.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from integrity.similarity import wording
from integrity.similarity.characters import is_slip, words_made
from integrity.similarity.lexicon import CONTRASTS, FILLERS, MODALS, PARTICLES

LONGEST = 3000
"""Tokens of a text that are aligned: the memory of an alignment grows with the square."""
_COUNTS = frozenset("单双多")
_NUMERALS = _COUNTS | frozenset("一二两三四五六七八九十百千万亿零半")
_TOKEN = re.compile(r"\d+(?:\.\d+)?[%‰]?|[a-zα-ω]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a question, ready to be aligned."""

    text: str
    tokens: tuple[str, ...]
    written: tuple[str, ...]
    """The tokens before synonyms and figures were folded: a slip inside a synonym hides it from the folding."""
    pairs: frozenset[str]
    content: float
    """The weight of all its tokens."""
    polarity: Counter[str]


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


def line(text: str, written: str) -> Line:
    """A text ready to be aligned, from its form with synonyms and figures folded and the one before."""
    pairs = frozenset(text[at : at + 2] for at in range(len(text) - 1))
    tokens, before = tuple(_TOKEN.findall(text)), tuple(_TOKEN.findall(written))
    return Line(text, tokens, before, pairs, sum(map(weight, tokens)), Counter(wording.polarity(text)))


@lru_cache(maxsize=4096)
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
    for block in Levenshtein.opcodes(a[:LONGEST], b[:LONGEST]):
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
