"""The plain reading of a formula: one line of text by which formulas are compared, searched and spoken.

The rule: a fraction is above/below, with brackets round a part that is more than one thing; a superscript is written
with raised characters where all of it has them (x², 10⁻³, Ca²⁺), else ^(…), so that 10³ never reads as 103; a
subscript is written on the line (H2O, Uab); a root is √, with its degree raised; limits follow their sign like
scripts; cells of a row are divided by "，", rows by "；"; spaces are kept only beside letters and Chinese.
"""

from bank.formulas.tree import (
    Accent,
    Fenced,
    Fraction,
    Kind,
    Mark,
    Matrix,
    Node,
    Root,
    Row,
    Scripted,
    Stacked,
    Symbol,
    items_of,
    takes_limits,
)

BLANK = "____"
_UP = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_SIGNS = {"⩽": "≤", "⩾": "≥", "⋅": "·", "∣": "|", "∼": "~", "…": "…", "⋯": "…", "⟶": "→", "⟹": "⇒", "⟺": "⇔"}
_MARKS = {Mark.VEC: "\u20d7", Mark.ARROW: "\u20d7", Mark.BAR: "\u0305", Mark.OVERLINE: "\u0305", Mark.HAT: "\u0302",
          Mark.DOT: "\u0307", Mark.DDOT: "\u0308", Mark.TILDE: "\u0303"}  # fmt: skip


def plain(node: Node) -> str:
    """The formula in one line of plain text."""
    match node:
        case Row(items):
            return _row(items)
        case Symbol(kind, text):
            return " " if kind is Kind.SPACE else "".join(_SIGNS.get(char, char) for char in text)
        case Fraction(above, below, bar):
            return f"{_one(above)}/{_one(below)}" if bar else f"{plain(above)}，{plain(below)}"
        case Scripted(base, sub, sup):
            return _scripted(base, sub, sup)
        case Stacked(base, below, above):
            return plain(base) + "".join(f"({plain(part)})" for part in (above, below) if part is not None)
        case Root(radicand, degree):
            return f"{'' if degree is None else _raised(plain(degree))}√{_one(radicand)}"
        case Fenced(opening, body, close):
            return f"{opening}{plain(body).strip()}{close}"
        case Accent(mark, base):
            return _accent(mark, base)
        case Matrix(rows):
            return "；".join("，".join(plain(cell).strip() for cell in cells) for cells in rows)


def _row(items: tuple[Node, ...]) -> str:
    said, before = "", None
    for item in items:
        piece = plain(item)
        if _runs_on(before, item, said, piece):
            said += " "
        said += piece
        before = item
    return " ".join(said.split())


def _runs_on(before: Node | None, item: Node, said: str, piece: str) -> bool:
    """Whether a function's name would become one word with what stands before it, or its index with its argument."""
    index = isinstance(before, Scripted) and before.sup is None and _is_function(before.base) and piece[:1].isalnum()
    first = item.base if isinstance(item, Scripted) else item
    return (said[-1:].isalpha() and _is_function(first)) or (index and said[-1:].isalnum())


def _is_function(node: Node) -> bool:
    return isinstance(node, Symbol) and node.kind is Kind.FUNCTION


def _scripted(base: Node, sub: Node | None, sup: Node | None) -> str:
    said = plain(base) if isinstance(base, Symbol | Row | Accent) and len(items_of(base)) <= 1 else f"({plain(base)})"
    if sub is not None:
        lower = plain(sub).strip()
        said += f"({lower})" if takes_limits(base) else lower
    return said if sup is None else said + _raised(plain(sup).strip())


def _raised(text: str) -> str:
    return "".join(_UP[char] for char in text) if all(char in _UP for char in text) else f"^({text})"


def _one(node: Node) -> str:
    """The reading of a part, in brackets where it is more than one thing."""
    text = plain(node).strip()
    return text if len(text) <= 1 or text.replace(".", "").isalnum() or isinstance(node, Fenced) else f"({text})"


def _accent(mark: Mark, base: Node) -> str:
    text = plain(base)
    if mark is Mark.UNDERLINE and not text.strip():
        return BLANK
    if mark is Mark.ARC:
        return f"弧{text}"
    return "".join(char + _MARKS[mark] for char in text) if mark in _MARKS else text
