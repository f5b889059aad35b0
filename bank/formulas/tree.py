"""The tree of a formula, and the one way to build it so that two equal formulas are equal values.

Build nodes with the functions `row`, `symbol`, `symbols`, `scripted`, `stacked` and `matrix`: they bring a formula to
its canonical form (rows flat, digits and letters of one kind joined, a prime or degree sign behind its base). Every
reader ends with `checked`, so that a hostile file meets a limit of depth and size before it meets the stack.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bank.formulas.characters import PRIME, SAME_SIGN, is_chinese, plain_letter, seen
from bank.ground.errors import BadInput

MAX_DEPTH = 24
MAX_WEIGHT = 1500


class FormulaError(BadInput):
    """The text is no formula that Tidun can hold; the sentence names the part that is wrong."""


class Kind(StrEnum):
    """What a symbol is: it decides the type face and the spacing."""

    IDENTIFIER = "identifier"
    NUMBER = "number"
    OPERATOR = "operator"
    UPRIGHT = "upright"
    BOLD = "bold"
    TEXT = "text"
    FUNCTION = "function"
    BIG = "big"
    SPACE = "space"


class Mark(StrEnum):
    """What an accent draws over, under or around its base."""

    BAR = "bar"
    HAT = "hat"
    VEC = "vec"
    DOT = "dot"
    DDOT = "ddot"
    TILDE = "tilde"
    OVERLINE = "overline"
    UNDERLINE = "underline"
    ARROW = "overrightarrow"
    ARC = "wideparen"
    OVERBRACE = "overbrace"
    UNDERBRACE = "underbrace"
    BOX = "boxed"


class Layout(StrEnum):
    """How the columns of a matrix stand: centred, all to the left (cases), or right and left in turn (equations)."""

    CENTRE = "centre"
    LEFT = "left"
    ALIGNED = "aligned"


@dataclass(frozen=True, slots=True)
class Row:
    """Nodes side by side; empty where a formula leaves a place open."""

    items: "tuple[Node, ...]" = ()


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter, number, sign, word or space."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Fraction:
    """One over the other; without the bar it is half of a binomial coefficient."""

    above: "Node"
    below: "Node"
    bar: bool = True


@dataclass(frozen=True, slots=True)
class Scripted:
    """A base with subscript, superscript or both; limits, where the base is a big operator or a function like lim."""

    base: "Node"
    sub: "Node | None" = None
    sup: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Stacked:
    """A base with something set straight above or below it, as the condition over a reaction arrow."""

    base: "Node"
    below: "Node | None" = None
    above: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Root:
    """A square root, or a root of a degree."""

    radicand: "Node"
    degree: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Fenced:
    """A body between fences that grow with it; either fence may be empty."""

    open: str
    body: "Node"
    close: str


@dataclass(frozen=True, slots=True)
class Accent:
    """A base with a mark."""

    mark: Mark
    base: "Node"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Cells in rows, all rows of one length."""

    rows: "tuple[tuple[Node, ...], ...]"
    layout: Layout = Layout.CENTRE


Node = Row | Symbol | Fraction | Scripted | Stacked | Root | Fenced | Accent | Matrix

BLANK = Accent(Mark.UNDERLINE, Symbol(Kind.SPACE, "\u2003"))
"""A gap to be filled inside a formula; underscores side by side are one."""
_LINES = (Symbol(Kind.OPERATOR, "_"), BLANK)

FENCES = frozenset("()[]{}|\u2016⟨⟩⌊⌋⌈⌉") | {""}
BIG_SIGNS = frozenset("∑∏∐∫∬∭∮⋃⋂")
LIMIT_FUNCTIONS = frozenset({"lim", "max", "min", "sup", "inf"})
FUNCTIONS = LIMIT_FUNCTIONS | {
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "arccot", "sinh", "cosh", "tanh",
    "log", "ln", "lg", "exp", "det", "gcd", "dim", "ker", "arg", "deg",
}  # fmt: skip
THIN, MEDIUM, QUAD = "\u2009", "\u2005", "\u2003"
SPACES = frozenset({" ", THIN, MEDIUM, QUAD})
DEGREE, RING = "°", "∘"
_ABOVE = {
    "→": Mark.ARROW, "\u20d7": Mark.VEC, "⇀": Mark.VEC, "⌢": Mark.ARC, "⏜": Mark.ARC, "¯": Mark.BAR, "-": Mark.BAR,
    "‾": Mark.OVERLINE, "∧": Mark.HAT, "ˆ": Mark.HAT, "∼": Mark.TILDE, "˜": Mark.TILDE, "˙": Mark.DOT,
    ".": Mark.DOT, "¨": Mark.DDOT, "⏞": Mark.OVERBRACE,
}  # fmt: skip
_BELOW = {"_": Mark.UNDERLINE, "‗": Mark.UNDERLINE, "⏟": Mark.UNDERBRACE}
_JOINED = {Kind.NUMBER, Kind.UPRIGHT, Kind.BOLD, Kind.TEXT}


def symbols(text: str, letters: Kind = Kind.IDENTIFIER) -> "Node":
    """Plain characters as symbols: digits, letters of the kind given, Chinese as text, all else as signs."""
    return row(*_split(unicodedata.normalize("NFC", text), letters))


def symbol(kind: Kind, text: str) -> "Node":
    """A symbol in its canonical spelling; an empty row where nothing of it can be seen."""
    text = seen(unicodedata.normalize("NFC", text))
    if kind is Kind.TEXT:
        text = re.sub(r"\s+", " ", text)
        return _words(text) if text else Row()
    if kind is Kind.SPACE:
        return Symbol(kind, text[0] if text[0] in SPACES else " ") if text[:1].isspace() else Row()
    if kind is Kind.FUNCTION and len(text) > 1 and text.isascii() and text.isalpha():
        return Symbol(kind, text)
    if kind is Kind.BIG and text in BIG_SIGNS:
        return Symbol(kind, text)
    letters = {Kind.BOLD: Kind.BOLD, Kind.UPRIGHT: Kind.UPRIGHT, Kind.FUNCTION: Kind.UPRIGHT}
    return symbols(text, letters.get(kind, Kind.IDENTIFIER))


def row(*nodes: "Node") -> "Node":
    """The nodes side by side: rows within rows are opened, a row of one is that one."""
    items: list[Node] = []
    for node in _opened(nodes):
        _join(items, node)
    return items[0] if len(items) == 1 else Row(tuple(items))


def scripted(base: "Node", sub: "Node | None", sup: "Node | None") -> "Node":
    """The base with its scripts; primes and degree signs are no exponents but follow their base."""
    sub, sup = (None if part == Row() else part for part in (sub, sup))
    if sup is not None and all(item == Symbol(Kind.OPERATOR, PRIME) for item in items_of(sup)):
        return row(scripted(base, sub, None), sup)
    if sup == Symbol(Kind.OPERATOR, RING):
        return row(scripted(base, sub, None), Symbol(Kind.OPERATOR, DEGREE))
    if sub is None and sup is None:
        return base
    if isinstance(base, Accent) and base.mark in {Mark.OVERBRACE, Mark.UNDERBRACE}:
        return stacked(base, sub, sup)
    if isinstance(base, Scripted) and not (base.sub and sub) and not (base.sup and sup):
        return Scripted(base.base, base.sub or sub, base.sup or sup)
    return Scripted(base, sub, sup)


def stacked(base: "Node", below: "Node | None", above: "Node | None") -> "Node":
    """The base with what stands straight below and above it; under lim and ∑ these are limits."""
    below, above = (None if part == Row() else part for part in (below, above))
    if takes_limits(base.base if isinstance(base, Scripted) else base):
        return scripted(base, below, above)
    if (mark := _mark_of(base, above, _ABOVE)) is not None:
        return stacked(Accent(mark, base), below, None)
    if (mark := _mark_of(base, below, _BELOW)) is not None:
        return stacked(Accent(mark, base), None, above)
    if below is None and above is None:
        return base
    if isinstance(base, Stacked) and below is not None and above is not None:
        return stacked(stacked(base, below, None), None, above)
    if isinstance(base, Stacked) and not (base.below and below) and not (base.above and above):
        return Stacked(base.base, base.below or below, base.above or above)
    return Stacked(base, below, above)


def matrix(rows: "Sequence[Sequence[Node]]", layout: Layout = Layout.CENTRE) -> Matrix:
    """A matrix whose rows are filled to one length; an empty last row is left out."""
    kept = list(rows)
    while len(kept) > 1 and all(cell == Row() for cell in kept[-1]):
        kept.pop()
    width = max([1, *(len(cells) for cells in kept)])
    return Matrix(tuple((*cells, *[Row()] * (width - len(cells))) for cells in kept or [()]), layout)


def takes_limits(node: "Node | None") -> bool:
    """Whether scripts of this base stand below and above it when there is room."""
    return isinstance(node, Symbol) and (
        node.kind is Kind.BIG or (node.kind is Kind.FUNCTION and node.text in LIMIT_FUNCTIONS)
    )


def items_of(node: "Node") -> "tuple[Node, ...]":
    """The node as a sequence: the items of a row, or the node alone."""
    return node.items if isinstance(node, Row) else (node,)


def parts(node: "Node") -> "tuple[Node, ...]":
    """The nodes directly inside this one."""
    match node:
        case Row(items):
            return items
        case Matrix(rows):
            return tuple(cell for cells in rows for cell in cells)
        case Symbol():
            return ()
        case Fraction(above, below):
            return (above, below)
        case Root(radicand, degree):
            return (radicand, degree) if degree is not None else (radicand,)
        case Scripted(base, one, two) | Stacked(base, one, two):
            return (base, *(part for part in (one, two) if part is not None))
        case Fenced(body=body):
            return (body,)
        case Accent(base=base):
            return (base,)


def checked(node: "Node") -> "Node":
    """The node itself, when it is not too deep or too large to be kept; otherwise FormulaError."""
    weight, level = 0, [node]
    for _ in range(MAX_DEPTH):
        weight += sum(len(each.text) + 1 if isinstance(each, Symbol) else 1 for each in level)
        if weight > MAX_WEIGHT:
            raise FormulaError(f"公式太长（超过 {MAX_WEIGHT} 个符号），请分成几个公式")
        level = [part for each in level for part in parts(each)]
        if not level:
            return node
    raise FormulaError(f"公式嵌套太深（超过 {MAX_DEPTH} 层），请简化")


def _mark_of(base: "Node", sign: "Node | None", marks: dict[str, Mark]) -> Mark | None:
    """The accent that a sign over or under this base means; over an arrow or an equals sign it is a condition."""
    while isinstance(base, Stacked):
        base = base.base
    is_sign = isinstance(base, Symbol) and base.kind is Kind.OPERATOR
    return marks.get(sign.text) if isinstance(sign, Symbol) and not is_sign else None


def _opened(nodes: "Sequence[Node]") -> "Iterator[Node]":
    for node in nodes:
        if isinstance(node, Row):
            yield from _opened(node.items)
        else:
            yield node


def _join(items: "list[Node]", node: "Node") -> None:
    last = items[-1] if items else None
    if last in _LINES and node in _LINES:
        items[-1] = BLANK
    elif not (isinstance(last, Symbol) and isinstance(node, Symbol)):
        items.append(node)
    elif last.kind is node.kind and node.kind in _JOINED:
        joined = re.sub(r" +", " ", last.text + node.text)
        items[-1] = _words(joined) if node.kind is Kind.TEXT else Symbol(node.kind, joined)
        _join_decimals(items)
    else:
        items.append(node)
        _join_decimals(items)


def _words(text: str) -> "Node":
    if len(text) > 1 and not text.strip("_"):
        return BLANK
    return Symbol(Kind.SPACE if text == " " else Kind.TEXT, text)


def _join_decimals(items: "list[Node]") -> None:
    """A point between two numbers makes them one number."""
    match items[-3:]:
        case [Symbol(Kind.NUMBER, whole), Symbol(Kind.OPERATOR, "."), Symbol(Kind.NUMBER, rest)]:
            items[-3:] = [Symbol(Kind.NUMBER, f"{whole}.{rest}")]
        case _:
            pass


def _split(text: str, letters: Kind) -> "Iterator[Node]":
    for char in map(plain_letter, seen(text).translate(SAME_SIGN)):
        if char.isspace():
            continue
        if char in "0123456789":
            yield Symbol(Kind.NUMBER, char)
        elif is_chinese(char):
            yield Symbol(Kind.TEXT, char)
        elif char in BIG_SIGNS:
            yield Symbol(Kind.BIG, char)
        else:
            yield Symbol(letters if char.isalpha() else Kind.OPERATOR, char)
