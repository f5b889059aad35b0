"""Presentation MathML, as QTI packages and Moodle files carry it, into the tree and back.

`read(write(node))` is the node again. An element that the tree cannot hold is refused by its name.
"""

import re
from collections.abc import Callable, Sequence

from lxml import etree

from bank.formulas.mathtags import ACCENTS_ABOVE, ACCENTS_BELOW, NAMESPACE, write
from bank.formulas.tree import (
    FENCES,
    FUNCTIONS,
    MAX_DEPTH,
    MEDIUM,
    QUAD,
    THIN,
    Accent,
    Fenced,
    FormulaError,
    Fraction,
    Kind,
    Layout,
    Mark,
    Matrix,
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

__all__ = ["NAMESPACE", "read", "read_element", "write"]

_FACES = {"normal": Kind.UPRIGHT, "bold": Kind.BOLD, "bold-italic": Kind.BOLD}
_WIDTHS = {"veryverythinmathspace": 0.06, "verythinmathspace": 0.11, "thinmathspace": 0.167, "mediummathspace": 0.222,
           "thickmathspace": 0.278, "verythickmathspace": 0.333, "veryverythickmathspace": 0.389}  # fmt: skip
_OPENING = frozenset("([{|‖⟨⌊⌈")
_ROWS = frozenset({"math", "mrow", "mstyle", "mpadded", "merror", "mtd"})
_ENCLOSED = {"box": Mark.BOX, "roundedbox": Mark.BOX, "top": Mark.OVERLINE, "bottom": Mark.UNDERLINE}


def read(source: str) -> Node:
    """The formula of a MathML text; FormulaError for what is broken or cannot be held."""
    if "<!" in re.sub(r"<!--.*?-->|<!\[CDATA\[", "", source, flags=re.DOTALL):
        raise FormulaError("公式的 MathML 中含有文档类型或实体声明，已拒绝读取")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        element = etree.fromstring(source.strip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise FormulaError("公式的 MathML 不完整，无法读取") from error
    return read_element(element)


def read_element(element: etree._Element) -> Node:
    """The formula of a `math` element or of any element inside one."""
    return checked(_read(element, 0))


def _read(element: etree._Element, depth: int) -> Node:
    if depth > 4 * MAX_DEPTH:
        raise FormulaError(f"公式嵌套太深（超过 {MAX_DEPTH} 层），请简化")
    name = etree.QName(element).localname
    if name in _ROWS:
        return _row(element, depth)
    if name in _TOKENS:
        return _TOKENS[name](element)
    if name in _SCHEMES:
        return _SCHEMES[name](element, depth + 1)
    raise FormulaError(f"不认识公式中的 MathML 元素 {name}，请改写成 LaTeX 或图片")


def _children(element: etree._Element) -> list[etree._Element]:
    return list(element.iterchildren("*"))


def _parts(element: etree._Element, depth: int, count: int) -> list[Node]:
    """Exactly so many children, read; an element of another shape says so."""
    children = _children(element)
    if len(children) != count:
        name = etree.QName(element).localname
        raise FormulaError(f"公式的 MathML 元素 {name} 应有 {count} 个部分，现有 {len(children)} 个")
    return [_read(child, depth) for child in children]


def _row(element: etree._Element, depth: int) -> Node:
    children = _children(element)
    nodes = [_read(child, depth + 1) for child in children]
    if len(children) >= 2 and _is_fence(children[0], opening=True) and _is_fence(children[-1], opening=False):
        return Fenced(_said(children[0]), row(*nodes[1:-1]), _said(children[-1]))
    # A brace before a table grows with it, whether or not the file says so.
    match nodes:
        case [Symbol(Kind.OPERATOR, sign), Matrix() as grid] if sign in _OPENING and children[0].get("fence") is None:
            return Fenced(sign, grid, "")
        case [Symbol(Kind.OPERATOR, sign), Matrix() as grid, Symbol(Kind.OPERATOR, close)] if (
            sign in _OPENING and close in FENCES and children[0].get("fence") is None
        ):
            return Fenced(sign, grid, close)
    return row(*nodes)


def _is_fence(element: etree._Element, opening: bool) -> bool:
    if etree.QName(element).localname != "mo" or _said(element) not in FENCES:
        return False
    return element.get("fence") == "true" or element.get("form") == ("prefix" if opening else "postfix")


def _said(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip().replace("\u2223", "|").replace("∥", "‖")


def _identifier(element: etree._Element) -> Node:
    text = _said(element)
    face = _FACES.get(element.get("mathvariant", ""))
    if face is None and text in FUNCTIONS:
        return Symbol(Kind.FUNCTION, text)
    return symbols(text, face or (Kind.IDENTIFIER if len(text) == 1 else Kind.UPRIGHT))


def _operator(element: etree._Element) -> Node:
    text = "".join(str(part) for part in element.itertext()).strip()
    return symbol(Kind.FUNCTION, text) if len(text) > 1 and text.isalpha() else symbols(text)


def _words(element: etree._Element) -> Node:
    return symbol(Kind.TEXT, "".join(str(text) for text in element.itertext()).replace("\u00a0", " "))


def _number(element: etree._Element) -> Node:
    return symbols(_said(element))


def _space(element: etree._Element) -> Node:
    said = element.get("width", "0em")
    number = re.match(r"(-?\d*\.?\d+)\s*(em|ex|px|pt)?", said)
    scale = {"ex": 0.45, "px": 0.06, "pt": 0.08}
    width = _WIDTHS.get(said, float(number[1]) * scale.get(number[2], 1.0) if number else 0.0)
    if element.get("linebreak") == "newline":
        return Symbol(Kind.SPACE, " ")
    if width <= 0:
        return Row()
    return Symbol(Kind.SPACE, THIN if width < 0.22 else MEDIUM if width < 0.3 else " " if width < 0.75 else QUAD)


_TOKENS: dict[str, Callable[[etree._Element], Node]] = {
    "mi": _identifier,
    "mn": _number,
    "mo": _operator,
    "mtext": _words,
    "ms": _words,
    "mspace": _space,
    "none": lambda _element: Row(),
    "mprescripts": lambda _element: Row(),
    "annotation": lambda _element: Row(),
    "annotation-xml": lambda _element: Row(),
    "mphantom": lambda _element: Symbol(Kind.SPACE, QUAD),
    "maligngroup": lambda _element: Row(),
    "malignmark": lambda _element: Row(),
}


def _fraction(element: etree._Element, depth: int) -> Node:
    above, below = _parts(element, depth, 2)
    return Fraction(above, below, bar=re.match(r"0(?!\.)", element.get("linethickness", "1")) is None)


def _square_root(element: etree._Element, depth: int) -> Node:
    return Root(row(*(_read(child, depth) for child in _children(element))))


def _root(element: etree._Element, depth: int) -> Node:
    radicand, degree = _parts(element, depth, 2)
    return Root(radicand, None if degree == Row() else degree)


def _sub(element: etree._Element, depth: int) -> Node:
    base, sub = _parts(element, depth, 2)
    return scripted(base, sub, None)


def _sup(element: etree._Element, depth: int) -> Node:
    base, sup = _parts(element, depth, 2)
    return scripted(base, None, sup)


def _subsup(element: etree._Element, depth: int) -> Node:
    base, sub, sup = _parts(element, depth, 3)
    return scripted(base, sub, sup)


def _under(element: etree._Element, depth: int) -> Node:
    base, below = _parts(element, depth, 2)
    if element.get("accentunder") == "true" and (mark := _accent(below, ACCENTS_BELOW)):
        return Accent(mark, base)
    return stacked(base, below, None)


def _over(element: etree._Element, depth: int) -> Node:
    base, above = _parts(element, depth, 2)
    if element.get("accent") == "true" and (mark := _accent(above, ACCENTS_ABOVE)):
        return Accent(mark, base)
    return stacked(base, None, above)


def _accent(sign: Node, accents: dict[Mark, str]) -> Mark | None:
    """The mark whose sign this is."""
    return next((mark for mark, char in accents.items() if sign == symbols(char)), None)


def _under_over(element: etree._Element, depth: int) -> Node:
    base, below, above = _parts(element, depth, 3)
    return stacked(base, below, above)


def _multiple_scripts(element: etree._Element, depth: int) -> Node:
    """Scripts on both sides, as of an isotope."""
    children = _children(element)
    names = [etree.QName(child).localname for child in children]
    cut = names.index("mprescripts") if "mprescripts" in names else len(names)
    nodes = [_read(child, depth) for child in children]
    if not nodes:
        return Row()
    before = _pairs(Row(), nodes[cut + 1 :]) if nodes[cut + 1 :] else Row()
    return row(before, _pairs(nodes[0], nodes[1:cut]))


def _pairs(base: Node, scripts: Sequence[Node]) -> Node:
    for sub, sup in zip(scripts[::2], [*scripts[1::2], Row()], strict=False):
        base = scripted(base, sub, sup)
    return base


def _fenced(element: etree._Element, depth: int) -> Node:
    nodes = [_read(child, depth) for child in _children(element)]
    signs = element.get("separators", ",").replace(" ", "")
    body: list[Node] = []
    for place, node in enumerate(nodes):
        if place and signs:
            body.append(symbols(signs[min(place, len(signs)) - 1]))
        body.append(node)
    opening, close = element.get("open", "(").strip(), element.get("close", ")").strip()
    if opening in FENCES and close in FENCES:
        return Fenced(opening, row(*body), close)
    return row(symbols(opening), *body, symbols(close))


def _enclosed(element: etree._Element, depth: int) -> Node:
    body = row(*(_read(child, depth) for child in _children(element)))
    notations = element.get("notation", "longdiv").split()
    if notations == ["radical"]:
        return Root(body)
    if not all(notation in _ENCLOSED for notation in notations):
        raise FormulaError("不认识公式中的 MathML 框线 " + "、".join(notations) + "，请改写成 LaTeX 或图片")
    for notation in notations:
        body = Accent(_ENCLOSED[notation], body)
    return body


def _table(element: etree._Element, depth: int) -> Node:
    rows = []
    for line in _children(element):
        name = etree.QName(line).localname
        cells = _children(line)[1 if name == "mlabeledtr" else 0 :] if name in {"mtr", "mlabeledtr"} else [line]
        rows.append([_read(cell, depth + 1) for cell in cells])
    columns = element.get("columnalign", "").split()
    left = bool(columns) and set(columns) == {"left"}
    return matrix(rows, Layout.LEFT if left else Layout.ALIGNED if columns[:1] == ["right"] else Layout.CENTRE)


def _first(element: etree._Element, depth: int) -> Node:
    """The first alternative: of semantics the presentation, of an action what is shown at the start."""
    children = _children(element)
    return _read(children[0], depth) if children else Row()


_SCHEMES: dict[str, Callable[[etree._Element, int], Node]] = {
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    "msub": _sub,
    "msup": _sup,
    "msubsup": _subsup,
    "munder": _under,
    "mover": _over,
    "munderover": _under_over,
    "mmultiscripts": _multiple_scripts,
    "mfenced": _fenced,
    "menclose": _enclosed,
    "mtable": _table,
    "semantics": _first,
    "maction": _first,
}
