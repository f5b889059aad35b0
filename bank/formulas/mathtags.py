"""The tree as presentation MathML, written so that `bank.formulas.mathml` reads the same tree back."""

from lxml import etree

from bank.formulas.tree import (
    FENCES,
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
    items_of,
    takes_limits,
)

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
ACCENTS_ABOVE = {Mark.BAR: "¯", Mark.HAT: "ˆ", Mark.VEC: "\u20d7", Mark.DOT: "˙", Mark.DDOT: "¨", Mark.TILDE: "˜",
                 Mark.OVERLINE: "‾", Mark.ARROW: "→", Mark.ARC: "⏜", Mark.OVERBRACE: "⏞"}  # fmt: skip
ACCENTS_BELOW = {Mark.UNDERLINE: "‗", Mark.UNDERBRACE: "⏟"}
_WIDTHS = {THIN: "0.167em", MEDIUM: "0.278em", " ": "0.333em", QUAD: "1em"}
_COLUMNS = {Layout.CENTRE: "center", Layout.LEFT: "left", Layout.ALIGNED: "right left"}
_SCRIPTS, _LIMITS = ("msub", "msup", "msubsup"), ("munder", "mover", "munderover")
_INTEGRALS = frozenset("∫∬∭∮")


def write(node: Node) -> str:
    """The formula as a `math` element."""
    root = etree.fromstring(f'<math xmlns="{NAMESPACE}"/>')
    for item in items_of(node):
        root.append(_element(item))
    return etree.tostring(root, encoding="unicode")


def _new(tag: str, *children: etree._Element, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.Element(f"{{{NAMESPACE}}}{tag}", attributes)
    element.text = text
    element.extend(children)
    return element


def _element(node: Node) -> etree._Element:
    match node:
        case Symbol():
            return _symbol(node)
        case Row(items):
            return _new("mrow", *(_element(item) for item in items))
        case Fraction(above, below, bar):
            plain = {} if bar else {"linethickness": "0"}
            return _new("mfrac", _element(above), _element(below), **plain)
        case Root(radicand, None):
            return _new("msqrt", *(_element(item) for item in items_of(radicand)))
        case Root(radicand, degree):
            return _new("mroot", _element(radicand), _element(degree or Row()))
        case Scripted(base, sub, sup):
            return _scripts(base, _LIMITS if _is_limit(base) else _SCRIPTS, sub, sup)
        case Stacked(base, below, above):
            return _scripts(base, _LIMITS, below, above)
        case Fenced(opening, body, close):
            return _new("mrow", _fence(opening), _element(body), _fence(close))
        case Accent(mark, base):
            return _accent(mark, base)
        case Matrix(rows, layout):
            cells = ([_new("mtd", *(map(_element, items_of(cell)))) for cell in line] for line in rows)
            return _new("mtable", *(_new("mtr", *line) for line in cells), columnalign=_COLUMNS[layout])


def _is_limit(base: Node) -> bool:
    return takes_limits(base) and not (isinstance(base, Symbol) and base.text in _INTEGRALS)


def _scripts(node: Node, tags: tuple[str, str, str], low: Node | None, high: Node | None) -> etree._Element:
    base = _element(node)
    if low is not None and high is not None:
        return _new(tags[2], base, _element(low), _element(high))
    if low is not None:
        return _new(tags[0], base, _element(low))
    return _new(tags[1], base, _element(high or Row()))


def _symbol(node: Symbol) -> etree._Element:
    match node.kind:
        case Kind.NUMBER:
            return _new("mn", text=node.text)
        case Kind.IDENTIFIER:
            return _new("mi", text=node.text)
        case Kind.UPRIGHT:
            return _new("mi", text=node.text, mathvariant="normal")
        case Kind.BOLD:
            return _new("mi", text=node.text, mathvariant="bold")
        case Kind.TEXT:
            return _new("mtext", text=node.text.replace(" ", "\u00a0"))
        case Kind.SPACE:
            return _new("mspace", width=_WIDTHS[node.text])
        case Kind.FUNCTION:
            return _new("mi" if node.text in FUNCTIONS else "mo", text=node.text)
    return _new("mo", text=node.text, **({"fence": "false"} if node.text in FENCES else {}))


def _fence(sign: str) -> etree._Element:
    return _new("mo", text=sign, fence="true", stretchy="true")


def _accent(mark: Mark, base: Node) -> etree._Element:
    if mark is Mark.BOX:
        return _new("menclose", _element(base), notation="box")
    if mark in ACCENTS_BELOW:
        return _new("munder", _element(base), _new("mo", text=ACCENTS_BELOW[mark]), accentunder="true")
    return _new("mover", _element(base), _new("mo", text=ACCENTS_ABOVE[mark]), accent="true")
