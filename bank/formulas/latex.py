"""Formulas as writers type them: the school part of LaTeX into the tree and back.

`parse(write(node))` is the node again. What is not known is refused with the command's name and never guessed; the
habits of typists are taken (Chinese inside a formula, 50% , °, ≥, unbalanced brackets of a fragment).
"""

import re
import unicodedata
from collections.abc import Callable

from bank.formulas.characters import PRIME
from bank.formulas.pieces import END, Pieces
from bank.formulas.signs import (
    ACCENTS,
    ARROWS,
    BOLDS,
    CHARACTERS,
    GRIDS,
    IGNORED,
    SIGNS,
    SPACES,
    STYLED,
    TEXTS,
    UPRIGHT,
    styled,
)
from bank.formulas.tree import (
    BLANK,
    FENCES,
    FUNCTIONS,
    QUAD,
    Accent,
    Fenced,
    FormulaError,
    Fraction,
    Kind,
    Layout,
    Node,
    Root,
    Row,
    Symbol,
    checked,
    matrix,
    row,
    scripted,
    stacked,
    symbol,
    symbols,
)
from bank.formulas.writing import write

__all__ = ["parse", "write"]

_FACES = dict.fromkeys(UPRIGHT, Kind.UPRIGHT) | dict.fromkeys(BOLDS, Kind.BOLD)

_CHEMISTRY = re.compile(r"<=>|->|(?P<element>[A-Z][a-z]?|[)\]])(?P<count>\d*)(?:\^(?P<charge>\d*[+-]))?|.")
_REACTIONS = {"<=>": "⇌", "->": "→"}


def parse(text: str) -> Node:
    """The formula typed as LaTeX; FormulaError names what is not understood."""
    reader = _Reader(text)
    return checked(reader.row(frozenset({END})))


class _Reader(Pieces):
    """The grammar over the pieces of one formula."""

    def row(self, ends: frozenset[str], letters: Kind = Kind.IDENTIFIER) -> Node:
        """Everything up to one of the ends, which is left unread."""
        self.enter()
        nodes: list[Node] = []
        while (piece := self.peek()) not in ends:
            if piece == END:
                raise FormulaError(f"公式没有写完：缺少 {' 或 '.join(sorted(ends))}")
            if piece == r"\over":
                self.take()
                nodes = [Fraction(row(*nodes), self.row(ends, letters))]
            else:
                nodes.append(self.scripted(letters))
        self.leave()
        return row(*nodes)

    def scripted(self, letters: Kind) -> Node:
        """One thing with its scripts and primes."""
        base = Row() if self.peek() in {"^", "_"} else self.atom(letters)
        scripts: dict[str, Node] = {}
        primes: list[Node] = []
        while (piece := self.peek()) in {"^", "_", "'", r"\limits", r"\nolimits"}:
            if piece == "'":
                if "^" in scripts:
                    break
                primes.append(Symbol(Kind.OPERATOR, PRIME))
                self.take()
            elif piece.startswith("\\"):
                self.take()
            else:
                self.take()
                if piece in scripts:
                    raise FormulaError("公式中同一处写了两个上标或两个下标，请用花括号分开，如 {a^b}^c")
                scripts[piece] = self.argument(letters)
        if primes and "^" in scripts:
            scripts["^"] = row(*primes, scripts["^"])
            primes = []
        return row(scripted(base, scripts.get("_"), scripts.get("^")), *primes)

    def argument(self, letters: Kind = Kind.IDENTIFIER) -> Node:
        """A group in braces, or one thing without them; of a number without braces the first digit, as in LaTeX."""
        piece = self.peek()
        if piece[:1].isdigit() and piece.isascii() and len(piece) > 1:
            self.pieces[self.at] = piece[1:]
            return Symbol(Kind.NUMBER, piece[0])
        if piece in {END, "}", "&", r"\\", r"\right", r"\end", "^", "_"}:
            raise FormulaError("公式没有写完：命令或上下标后面缺少内容")
        self.enter()
        node = self.atom(letters)
        self.leave()
        return node

    def atom(self, letters: Kind) -> Node:
        """One thing: a group, a command's result, a number or a character."""
        piece = self.take()
        if piece == "{":
            node = self.row(frozenset({"}"}), letters)
            self.take()
            return node
        if piece == "}":
            raise FormulaError("公式中多了一个 }，请检查花括号是否成对")
        if piece.startswith("__"):
            return BLANK
        if piece == "~":
            return Symbol(Kind.SPACE, " ")
        if piece == "&":
            raise FormulaError("公式中的 & 只能用在矩阵、方程组里；要写这个符号请用 \\&")
        if piece.startswith("\\"):
            return self.command(piece[1:], letters)
        return symbols(piece, letters)

    def command(self, name: str, letters: Kind) -> Node:
        """What a command stands for."""
        if (known := _constant(name, letters)) is not None:
            return known
        if name in ACCENTS:
            return Accent(ACCENTS[name], self.argument(letters))
        if name in _FACES:
            return self.argument(_FACES[name])
        if name in TEXTS:
            return symbol(Kind.TEXT, self.words(f"\\{name}"))
        if name in STYLED:
            return symbols("".join(styled(name, letter) for letter in self.words(f"\\{name}")), letters)
        if name in ARROWS:
            return self.arrow(ARROWS[name])
        if builder := _BUILDERS.get(name):
            return builder(self)
        if name in {"right", "end"}:
            raise FormulaError(f"公式中的 \\{name} 前面没有对应的 \\{'left' if name == 'right' else 'begin'}")
        raise FormulaError(f"不认识公式中的命令 \\{name}，请换一种写法，或改用图片")

    def bracketed(self) -> Node | None:
        """An optional argument in square brackets."""
        if self.peek() != "[":
            return None
        self.take()
        node = self.row(frozenset({"]"}))
        self.take()
        return node

    def arrow(self, sign: str) -> Node:
        """An arrow or equals sign with conditions above and below."""
        below = self.bracketed()
        return stacked(Symbol(Kind.OPERATOR, sign), below, self.argument())

    def grid(self, ends: str) -> list[list[Node]]:
        """Rows and cells up to \\end{name}."""
        rows: list[list[Node]] = [[]]
        while True:
            rows[-1].append(self.row(frozenset({"&", r"\\", r"\end"})))
            mark = self.take()
            if mark == r"\end":
                break
            if mark == r"\\":
                rows.append([])
                if self.peek() == "[":
                    self.bracketed()
        if (name := self.words(r"\end")) != ends:
            raise FormulaError(f"公式中 \\begin{{{ends}}} 与 \\end{{{name}}} 不成对")
        return rows


def _constant(name: str, letters: Kind) -> Node | None:
    """The symbol of a command that takes nothing; None for all others."""
    if name in SIGNS:
        return symbols(SIGNS[name], letters)
    if name in CHARACTERS:
        return Symbol(Kind.OPERATOR, CHARACTERS[name])
    if name in SPACES:
        return Symbol(Kind.SPACE, SPACES[name])
    if name in FUNCTIONS:
        return Symbol(Kind.FUNCTION, name)
    return Row() if name in IGNORED else None


def _fraction(reader: _Reader) -> Node:
    above = reader.argument()
    return Fraction(above, reader.argument())


def _binomial(reader: _Reader) -> Node:
    above = reader.argument()
    return Fenced("(", Fraction(above, reader.argument(), bar=False), ")")


def _general_fraction(reader: _Reader) -> Node:
    fences = reader.words(r"\genfrac"), reader.words(r"\genfrac")
    thickness, _style = reader.words(r"\genfrac"), reader.words(r"\genfrac")
    above = reader.argument()
    node = Fraction(above, reader.argument(), bar=thickness != "0pt")
    return Fenced(fences[0], node, fences[1]) if any(fences) and set(fences) <= FENCES else node


def _root(reader: _Reader) -> Node:
    degree = reader.bracketed()
    return Root(reader.argument(), None if degree == Row() else degree)


def _fenced(reader: _Reader) -> Node:
    opening = reader.fence()
    body = reader.row(frozenset({r"\right"}))
    reader.take()
    return Fenced(opening, body, reader.fence())


def _environment(reader: _Reader) -> Node:
    name = reader.words(r"\begin")
    if name not in GRIDS:
        raise FormulaError(f"不认识公式中的环境 \\begin{{{name}}}，请换一种写法，或改用图片")
    opening, close, layout = GRIDS[name]
    if name in {"array", "tabular"}:
        columns = {c for c in reader.words(r"\begin{array}") if c in "lcr"}
        layout = Layout.LEFT if columns == {"l"} else Layout.CENTRE
    grid = matrix(reader.grid(name), layout)
    return Fenced(opening, grid, close) if opening else grid


def _over(reader: _Reader) -> Node:
    above = reader.argument()
    return stacked(reader.argument(), None, above)


def _under(reader: _Reader) -> Node:
    below = reader.argument()
    return stacked(reader.argument(), below, None)


def _operator(reader: _Reader) -> Node:
    return symbol(Kind.FUNCTION, reader.words(r"\operatorname").strip())


def _circled(reader: _Reader) -> Node:
    """\\textcircled{1} is ①, for the numbers that have such a sign."""
    said = reader.words(r"\textcircled").strip()
    if said.isascii() and said.isdigit() and 1 <= int(said) <= 20:
        return symbols(chr(ord("①") + int(said) - 1))
    return symbols(f"({said})")


def _negated(reader: _Reader) -> Node:
    match reader.argument():
        case Symbol(_, text) if len(crossed := unicodedata.normalize("NFC", text + "\u0338")) == 1:
            return symbols(crossed)
    raise FormulaError("公式中的 \\not 后面应是关系符号，如 \\not= 或 \\not\\in")


def _substack(reader: _Reader) -> Node:
    if reader.take() != "{":
        raise FormulaError("公式没有写完：\\substack 后面缺少花括号")
    rows: list[list[Node]] = []
    while True:
        rows.append([reader.row(frozenset({r"\\", "}"}))])
        if reader.take() == "}":
            return matrix(rows)


def _chemistry(reader: _Reader) -> Node:
    """\\ce{H2SO4}: counts below their element, charges above it, arrows as typed."""
    nodes: list[Node] = []
    for found in _CHEMISTRY.finditer(reader.words(r"\ce")):
        if found["element"]:
            count, charge = (symbols(found[name] or "") for name in ("count", "charge"))
            nodes.append(scripted(symbols(found["element"], Kind.UPRIGHT), count, charge))
        else:
            nodes.append(symbols(_REACTIONS.get(found[0], found[0]), Kind.UPRIGHT))
    return row(*nodes)


def _hidden(reader: _Reader) -> Node:
    """\\phantom leaves room for what it does not show."""
    reader.argument()
    return Symbol(Kind.SPACE, QUAD)


_BUILDERS: dict[str, Callable[[_Reader], Node]] = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), _fraction),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _binomial),
    **dict.fromkeys(("overset", "stackrel"), _over),
    **dict.fromkeys(("phantom", "hphantom", "vphantom"), _hidden),
    "genfrac": _general_fraction,
    "ce": _chemistry,
    "sqrt": _root,
    "left": _fenced,
    "middle": lambda reader: symbols(reader.fence()),
    "begin": _environment,
    "underset": _under,
    "operatorname": _operator,
    "operatorname*": _operator,
    "textcircled": _circled,
    "not": _negated,
    "substack": _substack,
    "qquad": lambda _reader: row(Symbol(Kind.SPACE, QUAD), Symbol(Kind.SPACE, QUAD)),
    "middot": lambda _reader: symbols("⋅"),
}
