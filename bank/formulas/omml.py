"""Word's formulas (OMML) into the tree: a walk over every element that Word writes, and none is lost in silence.

`read` gives the formula and a list of what could not be mapped, each a Chinese clause for the preview page; the text
of such a part is kept in the formula. `write` is its inverse for printing and export.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from bank.formulas.tree import (
    FENCES,
    FUNCTIONS,
    MAX_DEPTH,
    QUAD,
    SPACES,
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
    Scripted,
    Stacked,
    Symbol,
    checked,
    items_of,
    matrix,
    row,
    scripted,
    stacked,
    symbol,
    symbols,
)
from bank.formulas.wordtags import write

__all__ = ["read", "write"]

_FACES = {"p": Kind.UPRIGHT, "b": Kind.BOLD, "bi": Kind.BOLD}
_ACCENTS = {
    "\u0302": Mark.HAT, "ˆ": Mark.HAT, "^": Mark.HAT, "\u0303": Mark.TILDE, "\u0304": Mark.BAR, "\u0305": Mark.BAR,
    "¯": Mark.BAR, "\u033f": Mark.OVERLINE, "\u0307": Mark.DOT, "\u0308": Mark.DDOT, "\u20d7": Mark.VEC,
    "\u20d1": Mark.VEC, "→": Mark.ARROW, "⇀": Mark.VEC, "⏜": Mark.ARC, "⌒": Mark.ARC, "\u0311": Mark.ARC,
    "\u0332": Mark.UNDERLINE,
}  # fmt: skip
_GROUPS = {("⏞", "top"): Mark.OVERBRACE, ("⏟", "bot"): Mark.UNDERBRACE, ("→", "top"): Mark.ARROW,
           ("⃗", "top"): Mark.VEC, ("⏜", "top"): Mark.ARC, ("¯", "top"): Mark.OVERLINE}  # fmt: skip
_ROWS = frozenset(
    {"oMath", "e", "num", "den", "sub", "sup", "deg", "lim", "fName", "box", "ins", "moveTo", "smartTag", "sdt"}
) | {"sdtContent", "customXml", "hyperlink"}
_SILENT = frozenset(
    {"del", "moveFrom", "proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak", "argPr"}
) | {
    "commentRangeStart",
    "commentRangeEnd",
    "sdtEndPr",
}


@dataclass(slots=True)
class _Walk:
    """What the walk over one formula has met and could not map."""

    problems: list[str] = field(default_factory=list)

    def unknown(self, element: etree._Element, said: str) -> Node:
        """The element's text, and a note of what is lost."""
        self.problems.append(said)
        return symbol(Kind.TEXT, _text(element))


def read(element: etree._Element) -> tuple[Node, tuple[str, ...]]:
    """The formula of an `m:oMath` or `m:oMathPara`, and what of it could not be mapped."""
    walk = _Walk()
    node = _read(element, walk, 0)
    try:
        checked(node)
    except FormulaError as refused:
        node = symbol(Kind.TEXT, _text(element)[:500])
        walk.problems.append(refused.message)
    return node, tuple(dict.fromkeys(walk.problems))


def _read(element: etree._Element, walk: _Walk, depth: int) -> Node:
    name = _name(element)
    if depth > 3 * MAX_DEPTH:
        return walk.unknown(element, "公式嵌套太深")
    if name in _ROWS:
        return _children(element, walk, depth)
    if name in _SILENT or name.endswith("Pr"):
        return Row()
    if reader := _READERS.get(name):
        return reader(element, walk, depth + 1)
    return walk.unknown(element, f"公式中的 {name} 无法识别")


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: etree._Element) -> str:
    return "".join(str(each.text or "") for each in element.iter() if _name(each) == "t")


def _elements(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element.iterchildren("*") if _name(child) == name]


def _children(element: etree._Element, walk: _Walk, depth: int) -> Node:
    return row(*(_read(child, walk, depth + 1) for child in element.iterchildren("*")))


def _part(element: etree._Element, name: str, walk: _Walk, depth: int) -> Node:
    """What stands in all children of this name; normally there is one."""
    return row(*(_children(child, walk, depth) for child in _elements(element, name)))


def _value(element: etree._Element, name: str, default: str) -> str:
    """A setting of the element, as `m:chr` in `m:accPr`; present without a value it is on."""
    for properties in _elements(element, f"{_name(element)}Pr"):
        for setting in _elements(properties, name):
            return next((str(value) for key, value in setting.items() if str(key).rpartition("}")[2] == "val"), "on")
    return default


def _on(element: etree._Element, name: str) -> bool:
    return _value(element, name, "off") in {"on", "1", "true"}


def _run(element: etree._Element, walk: _Walk, _depth: int) -> Node:
    letters = _FACES.get(_value(element, "sty", "i"), Kind.IDENTIFIER)
    nodes: list[Node] = []
    for child in element.iterchildren("*"):
        match _name(child):
            case "t" if _on(element, "nor"):
                nodes.append(symbol(Kind.TEXT, child.text or ""))
            case "t":
                nodes.append(_characters(child.text or "", letters))
            case "tab" | "br" | "cr":
                nodes.append(Symbol(Kind.SPACE, " "))
            case name if name.endswith("Pr") or name in _SILENT:
                continue
            case "sym" | "drawing" | "pict" | "object":
                nodes.append(walk.unknown(child, "公式中有特殊字体的符号或图形，未能读出"))
            case name:
                nodes.append(walk.unknown(child, f"公式中的 {name} 无法识别"))
    return row(*nodes)


def _characters(text: str, letters: Kind) -> Node:
    """The characters of a run; here a space is one that somebody has typed."""
    if letters is Kind.UPRIGHT and text.strip() in FUNCTIONS:
        return Symbol(Kind.FUNCTION, text.strip())
    nodes: list[Node] = []
    held = ""
    for char in text.replace("\u00a0", " "):
        if char.isspace():
            nodes += [symbols(held, letters), Symbol(Kind.SPACE, char if char in SPACES else " ")]
            held = ""
        else:
            held += char
    return row(*nodes, symbols(held, letters))


def _paragraph(element: etree._Element, walk: _Walk, depth: int) -> Node:
    """A formula on its own line; several of them are lines under each other."""
    lines = [_children(child, walk, depth) for child in _elements(element, "oMath")]
    return lines[0] if len(lines) == 1 else matrix([[line] for line in lines], Layout.LEFT) if lines else Row()


def _fraction(element: etree._Element, walk: _Walk, depth: int) -> Node:
    above, below = (_part(element, name, walk, depth) for name in ("num", "den"))
    return Fraction(above, below, bar=_value(element, "type", "bar") != "noBar")


def _scripts(element: etree._Element, walk: _Walk, depth: int) -> Node:
    base, sub, sup = (_part(element, name, walk, depth) for name in ("e", "sub", "sup"))
    return scripted(base, sub, sup)


def _scripts_before(element: etree._Element, walk: _Walk, depth: int) -> Node:
    base, sub, sup = (_part(element, name, walk, depth) for name in ("e", "sub", "sup"))
    return row(scripted(Row(), sub, sup), base)


def _root(element: etree._Element, walk: _Walk, depth: int) -> Node:
    degree = _part(element, "deg", walk, depth)
    hidden = degree == Row() or _on(element, "degHide")
    return Root(_part(element, "e", walk, depth), None if hidden else degree)


def _big(element: etree._Element, walk: _Walk, depth: int) -> Node:
    sub, sup, body = (_part(element, name, walk, depth) for name in ("sub", "sup", "e"))
    return row(scripted(symbols(_value(element, "chr", "∫")), sub, sup), body)


def _fenced(element: etree._Element, walk: _Walk, depth: int) -> Node:
    opening, close = (_fence(_value(element, *pair)) for pair in (("begChr", "("), ("endChr", ")")))
    nodes: list[Node] = []
    for place, child in enumerate(_elements(element, "e")):
        nodes += [symbols(_value(element, "sepChr", "|"))] if place else []
        nodes.append(_children(child, walk, depth))
    if opening in FENCES and close in FENCES:
        return Fenced(opening, row(*nodes), close)
    return row(symbols(opening), *nodes, symbols(close))


def _fence(sign: str) -> str:
    return {"〈": "⟨", "〉": "⟩", "∥": "‖", "∣": "|", "on": ""}.get(sign, sign)


def _matrix(element: etree._Element, walk: _Walk, depth: int) -> Node:
    rows = [[_children(cell, walk, depth) for cell in _elements(line, "e")] for line in _elements(element, "mr")]
    sides = [
        next((str(value) for _key, value in setting.items()), "center")
        for setting in element.iter()
        if _name(setting) == "mcJc" and _owner(setting) is element
    ]
    left = bool(sides) and set(sides) == {"left"}
    return matrix(rows, Layout.LEFT if left else Layout.ALIGNED if sides[:1] == ["right"] else Layout.CENTRE)


def _owner(setting: etree._Element) -> etree._Element | None:
    """The matrix that a column setting belongs to."""
    return next((above for above in setting.iterancestors() if _name(above) == "m"), None)


def _lines(element: etree._Element, walk: _Walk, depth: int) -> Node:
    """Equations under each other; & marks where they stand in line."""
    rows = [_cells(_children(child, walk, depth)) for child in _elements(element, "e")]
    return matrix(rows, Layout.ALIGNED if any(len(cells) > 1 for cells in rows) else Layout.LEFT)


def _cells(line: Node) -> list[Node]:
    cells: list[list[Node]] = [[]]
    for item in items_of(line):
        if item == Symbol(Kind.OPERATOR, "&"):
            cells.append([])
        else:
            cells[-1].append(item)
    return [row(*cell) for cell in cells]


def _accent(element: etree._Element, walk: _Walk, depth: int) -> Node:
    base = _part(element, "e", walk, depth)
    sign = _value(element, "chr", "\u0302")
    if sign in _ACCENTS:
        return Accent(_ACCENTS[sign], base)
    walk.problems.append(f"公式中的上方符号 {sign} 无法识别")
    return base


def _bar(element: etree._Element, walk: _Walk, depth: int) -> Node:
    above = _value(element, "pos", "bot") == "top"
    return Accent(Mark.OVERLINE if above else Mark.UNDERLINE, _part(element, "e", walk, depth))


def _group(element: etree._Element, walk: _Walk, depth: int) -> Node:
    """A brace or arrow along an expression; below it, an arrow carries the expression as its condition."""
    base = _part(element, "e", walk, depth)
    sign, place = _value(element, "chr", "⏟"), _value(element, "pos", "bot")
    if (sign, place) in _GROUPS:
        return Accent(_GROUPS[sign, place], base)
    return stacked(symbols(sign), base, None) if place == "top" else stacked(symbols(sign), None, base)


def _frame(element: etree._Element, walk: _Walk, depth: int) -> Node:
    base = _part(element, "e", walk, depth)
    if any(_on(element, strike) for strike in ("strikeH", "strikeV", "strikeBLTR", "strikeTLBR")):
        walk.problems.append("公式中的删除线未能保留")
        return base
    sides = ("hideTop", "hideBot", "hideLeft", "hideRight")
    return base if all(_on(element, side) for side in sides) else Accent(Mark.BOX, base)


def _below(element: etree._Element, walk: _Walk, depth: int) -> Node:
    return stacked(_part(element, "e", walk, depth), _part(element, "lim", walk, depth), None)


def _above(element: etree._Element, walk: _Walk, depth: int) -> Node:
    return stacked(_part(element, "e", walk, depth), None, _part(element, "lim", walk, depth))


def _function(element: etree._Element, walk: _Walk, depth: int) -> Node:
    return row(_named(_part(element, "fName", walk, depth)), _part(element, "e", walk, depth))


def _named(node: Node) -> Node:
    """Letters in a function's place are its name, with whatever scripts they carry."""
    match node:
        case Symbol(Kind.UPRIGHT, text):
            return symbol(Kind.FUNCTION, text)
        case Row(items) if all(isinstance(item, Symbol) and item.kind is Kind.IDENTIFIER for item in items):
            return symbol(Kind.FUNCTION, "".join(item.text for item in items if isinstance(item, Symbol)))
        case Scripted(base, sub, sup):
            return scripted(_named(base), sub, sup)
        case Stacked(base, below, above):
            return stacked(_named(base), below, above)
    return node


def _hidden(element: etree._Element, walk: _Walk, depth: int) -> Node:
    """A phantom: room for something, shown only when Word says so."""
    if _value(element, "show", "on") in {"0", "off", "false"}:
        return Symbol(Kind.SPACE, QUAD)
    return _part(element, "e", walk, depth)


_READERS: dict[str, Callable[[etree._Element, _Walk, int], Node]] = {
    "r": _run,
    "oMathPara": _paragraph,
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts_before,
    "rad": _root,
    "nary": _big,
    "d": _fenced,
    "m": _matrix,
    "eqArr": _lines,
    "acc": _accent,
    "bar": _bar,
    "groupChr": _group,
    "borderBox": _frame,
    "limLow": _below,
    "limUpp": _above,
    "func": _function,
    "phant": _hidden,
}
