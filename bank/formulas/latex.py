"""Formulas as writers type them: the school part of LaTeX into the tree and back.

`parse(write(node))` is the node again. What is not known is refused with the command's name and never guessed; the
habits of typists are taken (Chinese inside a formula, 50% , °, ≥, unbalanced brackets of a fragment).
"""

import re
import unicodedata
from collections.abc import Callable

from bank.formulas.signs import ACCENTS, BOLDS, IGNORED, SIGNS, STYLED, TEXTS, UPRIGHT, styled
from bank.formulas.tree import (
    FENCES,
    FUNCTIONS,
    MAX_DEPTH,
    MEDIUM,
    PRIME,
    QUAD,
    THIN,
    Accent,
    Fenced,
    FormulaError,
    Fraction,
    Kind,
    Layout,
    Mark,
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

MAX_LENGTH = 30_000
_PIECE = re.compile(r"\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)*|__+|\s+|.", re.DOTALL)
_SPACES = {",": THIN, "thinspace": THIN, ":": MEDIUM, ";": MEDIUM, ">": MEDIUM, " ": " ", "~": " ", "quad": QUAD,
           "enspace": " ", "space": " ", "hspace": " "}  # fmt: skip
_ARROWS = {"xrightarrow": "→", "xleftarrow": "←", "xlongequal": "=", "xrightleftharpoons": "⇌", "xLeftrightarrow": "⇔"}
_CENTRED = {"matrix": ("", ""), "smallmatrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"),
            "vmatrix": ("|", "|"), "Bmatrix": ("{", "}"), "Vmatrix": ("‖", "‖"), "gathered": ("", ""),
            "array": ("", ""), "tabular": ("", "")}  # fmt: skip
_ALIGNED = frozenset({"aligned", "align", "align*", "split", "eqnarray", "eqnarray*"})
_GRIDS = {
    **{name: (*fences, Layout.CENTRE) for name, fences in _CENTRED.items()},
    **dict.fromkeys(_ALIGNED, ("", "", Layout.ALIGNED)),
    "cases": ("{", "", Layout.LEFT),
}
_CHARACTERS = {"{": "{", "}": "}", "%": "%", "#": "#", "&": "&", "_": "_", "$": "$", "|": "‖"}
_WORDS = {"textasciitilde": "~", "textasciicircum": "^"}
_FACES = dict.fromkeys(UPRIGHT, Kind.UPRIGHT) | dict.fromkeys(BOLDS, Kind.BOLD)
_END = ""


def parse(text: str) -> Node:
    """The formula typed as LaTeX; FormulaError names what is not understood."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"公式太长（{len(text)} 个字符），请分成几个公式")
    reader = _Reader(_PIECE.findall(unicodedata.normalize("NFC", text)))
    return checked(reader.row(frozenset({_END})))


class _Reader:
    """A place in the tokens of one formula, and the depth of what is open there."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.at = 0
        self.open = 0

    def peek(self) -> str:
        """The next piece that is no white space; the empty string at the end."""
        while self.at < len(self.pieces) and self.pieces[self.at].isspace():
            self.at += 1
        return self.pieces[self.at] if self.at < len(self.pieces) else _END

    def take(self) -> str:
        """The next piece, passed."""
        piece = self.peek()
        self.at += 1
        return piece

    def row(self, ends: frozenset[str], letters: Kind = Kind.IDENTIFIER) -> Node:
        """Everything up to one of the ends, which is left unread."""
        self.open += 1
        if self.open > 3 * MAX_DEPTH:
            raise FormulaError(f"公式嵌套太深（超过 {MAX_DEPTH} 层），请简化")
        nodes: list[Node] = []
        while (piece := self.peek()) not in ends:
            if piece == _END:
                raise FormulaError(f"公式没有写完：缺少 {' 或 '.join(sorted(ends))}")
            if piece == r"\over":
                self.take()
                nodes = [Fraction(row(*nodes), self.row(ends, letters))]
            else:
                nodes.append(self.scripted(letters))
        self.open -= 1
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
        if piece in {_END, "}", "&", r"\\", r"\right", r"\end", "^", "_"}:
            raise FormulaError("公式没有写完：命令或上下标后面缺少内容")
        self.open += 1
        if self.open > 3 * MAX_DEPTH:
            raise FormulaError(f"公式嵌套太深（超过 {MAX_DEPTH} 层），请简化")
        node = self.atom(letters)
        self.open -= 1
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
            return Accent(Mark.UNDERLINE, Symbol(Kind.SPACE, QUAD))
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
        if name in _ARROWS:
            return self.arrow(_ARROWS[name])
        if builder := _BUILDERS.get(name):
            return builder(self)
        if name in {"right", "end"}:
            raise FormulaError(f"公式中的 \\{name} 前面没有对应的 \\{'left' if name == 'right' else 'begin'}")
        raise FormulaError(f"不认识公式中的命令 \\{name}，请换一种写法，或改用图片")

    def words(self, command: str) -> str:
        """The literal characters of a text command's group, white space kept."""
        if self.take() != "{":
            return self.pieces[self.at - 1] if self.at <= len(self.pieces) else ""
        said: list[str] = []
        depth = 1
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            depth += (piece == "{") - (piece == "}")
            if not depth:
                return "".join(said)
            said.append(_said(piece))
        raise FormulaError(f"公式没有写完：{command} 的花括号没有合上")

    def bracketed(self) -> Node | None:
        """An optional argument in square brackets."""
        if self.peek() != "[":
            return None
        self.take()
        node = self.row(frozenset({"]"}))
        self.take()
        return node

    def fence(self) -> str:
        """The character after \\left or \\right."""
        piece = self.take()
        sign = {".": "", "<": "⟨", ">": "⟩"}.get(piece, piece)
        if piece.startswith("\\"):
            sign = _CHARACTERS.get(piece[1:]) or SIGNS.get(piece[1:], piece)
        if sign not in FENCES or piece == _END:
            raise FormulaError(f"\\left、\\right 后面应是括号，现为 {piece or '结尾'}")
        return sign

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
    if name in _CHARACTERS:
        return Symbol(Kind.OPERATOR, _CHARACTERS[name])
    if name in _SPACES:
        return Symbol(Kind.SPACE, _SPACES[name])
    if name in FUNCTIONS:
        return Symbol(Kind.FUNCTION, name)
    return Row() if name in IGNORED else None


def _said(piece: str) -> str:
    """What a piece of a text group shows."""
    if piece in {"{", "}"}:
        return ""
    if piece == "~":
        return " "
    if piece.startswith("\\"):
        name = piece[1:]
        return _CHARACTERS.get(name) or _WORDS.get(name) or SIGNS.get(name) or _SPACES.get(name) or ""
    return piece


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
    if name not in _GRIDS:
        raise FormulaError(f"不认识公式中的环境 \\begin{{{name}}}，请换一种写法，或改用图片")
    opening, close, layout = _GRIDS[name]
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
