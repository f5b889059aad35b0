"""The tree as LaTeX, in one spelling for each formula, so that a stored formula compares and reads back."""

from bank.formulas.characters import PRIME
from bank.formulas.signs import ACCENTS, COMMANDS
from bank.formulas.tree import (
    FUNCTIONS,
    MEDIUM,
    QUAD,
    THIN,
    Accent,
    Fenced,
    Fraction,
    Kind,
    Layout,
    Mark,
    Matrix,
    Node,
    Root,
    Row,
    Scripted,
    Stacked,
    Symbol,
)

_ACCENTS: dict[Mark, str] = {}
for _name, _mark in ACCENTS.items():
    _ACCENTS.setdefault(_mark, _name)
_ESCAPED = {"{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_", "$": r"\textdollar ",
            "\\": r"\backslash ", PRIME: "'"}  # fmt: skip
_SPACES = {" ": "~", THIN: r"\,", MEDIUM: r"\;", QUAD: r"\quad "}
_GRIDS = {
    ("(", ")"): "pmatrix",
    ("[", "]"): "bmatrix",
    ("|", "|"): "vmatrix",
    ("{", "}"): "Bmatrix",
    ("‖", "‖"): "Vmatrix",
}


def write(node: Node) -> str:
    """The formula as LaTeX."""
    return _row(node).strip()


def _row(node: Node) -> str:
    items = node.items if isinstance(node, Row) else (node,)
    said = ""
    for item in items:
        said += _item(item, said)
    return said


def _item(node: Node, before: str) -> str:
    match node:
        case Symbol():
            return _symbol(node)
        case Scripted(base, sub, sup):
            return _base(base, before) + _script("_", sub) + _script("^", sup)
        case Stacked(base, below, above):
            said = _row(base)
            said = said if below is None else rf"\underset{{{_row(below)}}}{{{said}}}"
            return said if above is None else rf"\overset{{{_row(above)}}}{{{said}}}"
        case Fraction(above, below, bar):
            head = r"\frac" if bar else r"\genfrac{}{}{0pt}{}"
            return f"{head}{{{_row(above)}}}{{{_row(below)}}}"
        case Root(radicand, degree):
            index = "" if degree is None else f"[{{{_row(degree)}}}]"
            return rf"\sqrt{index}{{{_row(radicand)}}}"
        case Accent(mark, base):
            return rf"\{_ACCENTS[mark]}{{{_row(base)}}}"
        case Fenced():
            return _fenced(node)
        case Matrix(rows, layout):
            return _grid(rows, layout)
        case Row():
            return f"{{{_row(node)}}}"


def _base(base: Node, before: str) -> str:
    """What scripts hang on; in braces where it would run into what stands before, or is more than one sign."""
    match base:
        case Symbol(Kind.NUMBER, _) if before[-1:].isdigit() or before.endswith("."):
            return f"{{{_symbol(base)}}}"
        case Symbol(kind, text) if text != PRIME and kind is not Kind.SPACE:
            return _symbol(base)
        case _:
            return f"{{{_row(base)}}}"


def _script(mark: str, node: Node | None) -> str:
    return "" if node is None else f"{mark}{{{_row(node)}}}"


def _symbol(node: Symbol) -> str:
    match node.kind:
        case Kind.UPRIGHT:
            return rf"\mathrm{{{_letters(node.text)}}}"
        case Kind.BOLD:
            return rf"\boldsymbol{{{_letters(node.text)}}}"
        case Kind.TEXT:
            return rf"\text{{{''.join(_text_character(c) for c in node.text)}}}"
        case Kind.FUNCTION:
            return rf"\{node.text} " if node.text in FUNCTIONS else rf"\operatorname{{{node.text}}}"
        case Kind.SPACE:
            return _SPACES[node.text]
        case _:
            return _letters(node.text)


def _letters(text: str) -> str:
    return "".join(_character(char) for char in text)


def _character(char: str) -> str:
    if char in _ESCAPED:
        return _ESCAPED[char]
    return rf"\{COMMANDS[char]} " if char in COMMANDS else char


def _text_character(char: str) -> str:
    # No bar is left bare, so that a formula may stand in a cell of a table written with bars.
    if char in "{}%#&_":
        return "\\" + char
    return {
        "|": r"\vert{}",
        "$": r"\textdollar{}",
        "\\": r"\backslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }.get(char, char)


def _fence(sign: str) -> str:
    return {"": "."}.get(sign) or _character(sign)


def _fenced(node: Fenced) -> str:
    pair = (node.open, node.close)
    match node.body:
        case Matrix(rows, Layout.CENTRE) if pair in _GRIDS:
            return _environment(_GRIDS[pair], rows)
        case Matrix(rows, Layout.LEFT) if pair == ("{", ""):
            return _environment("cases", rows)
        case Fraction(above, below, bar=False) if pair == ("(", ")"):
            return rf"\binom{{{_row(above)}}}{{{_row(below)}}}"
    return rf"\left{_fence(node.open)}{_row(node.body)}\right{_fence(node.close)}"


def _grid(rows: tuple[tuple[Node, ...], ...], layout: Layout) -> str:
    if layout is Layout.LEFT:
        return _environment("array", rows, f"{{{'l' * len(rows[0])}}}")
    return _environment("matrix" if layout is Layout.CENTRE else "aligned", rows)


def _environment(name: str, rows: tuple[tuple[Node, ...], ...], columns: str = "") -> str:
    lines = [" & ".join(_row(cell) for cell in cells) for cells in rows]
    # A bracket after a line's end would be read as the gap between lines.
    said = r" \\ ".join("{}" + line if line.startswith("[") else line for line in lines)
    return rf"\begin{{{name}}}{columns}{said}\end{{{name}}}"
