"""The tree as Word's formula (OMML), written so that `bank.formulas.omml` reads the same tree back.

Word wants the argument of a sum or a function inside it, else it shows an empty box: so the thing that follows in the
row is put there, and reading takes it out again.
"""

from collections.abc import Iterable

from lxml import etree

from bank.formulas.tree import (
    BLANK,
    FUNCTIONS,
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

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
_ACCENTS = {Mark.HAT: "\u0302", Mark.TILDE: "\u0303", Mark.BAR: "\u0305", Mark.DOT: "\u0307", Mark.DDOT: "\u0308",
            Mark.VEC: "\u20d7"}  # fmt: skip
_GROUPS = {
    Mark.OVERBRACE: ("⏞", "top"),
    Mark.UNDERBRACE: ("⏟", "bot"),
    Mark.ARROW: ("→", "top"),
    Mark.ARC: ("⏜", "top"),
}
_COLUMNS = {Layout.CENTRE: ("center",), Layout.LEFT: ("left",), Layout.ALIGNED: ("right", "left")}
_PLAIN = {Kind.IDENTIFIER, Kind.NUMBER, Kind.OPERATOR, Kind.SPACE}
_DEEPEST = 4
"""How many arguments are put into one another; a row of a hundred sums stays a row."""


def write(node: Node) -> etree._Element:
    """The formula as an `m:oMath` element."""
    root = etree.Element(f"{{{MATH}}}oMath", nsmap={"m": MATH, "w": WORD})
    root.extend(_row(node))
    return root


def _new(tag: str, *children: etree._Element) -> etree._Element:
    element = etree.Element(f"{{{MATH}}}{tag}")
    element.extend(children)
    return element


def _set(tag: str, value: str) -> etree._Element:
    """A setting with its value."""
    element = etree.Element(f"{{{MATH}}}{tag}")
    element.set(f"{{{MATH}}}val", value)
    return element


def _in(tag: str, node: Node) -> etree._Element:
    return _new(tag, *_row(node))


def _row(node: Node) -> list[etree._Element]:
    """The elements of a row, made from its end so that a sum can take in what follows it."""
    made: list[etree._Element] = []
    taken = 0
    for item in reversed(_runs(items_of(node))):
        if not isinstance(item, list) and _takes_next(item):
            argument = [made.pop()] if made and taken < _DEEPEST else []
            taken = taken + 1 if argument else 0
            made.append(_with_argument(item, argument))
        else:
            made.append(_run("".join(each.text for each in item)) if isinstance(item, list) else _element(item))
            taken = 0
    made.reverse()
    return made


def _runs(items: Iterable[Node]) -> list[Node | list[Symbol]]:
    """The items with neighbouring plain symbols gathered: they are one run in Word."""
    found: list[Node | list[Symbol]] = []
    for item in items:
        if not (isinstance(item, Symbol) and item.kind in _PLAIN):
            found.append(item)
        elif found and isinstance(found[-1], list):
            found[-1].append(item)
        else:
            found.append([item])
    return found


def _takes_next(node: Node) -> bool:
    base = node.base if isinstance(node, Scripted) else node
    if base == Row():
        return isinstance(node, Scripted)
    return isinstance(base, Symbol) and base.kind in {Kind.BIG, Kind.FUNCTION}


def _with_argument(node: Node, argument: list[etree._Element]) -> etree._Element:
    base, sub, sup = (node.base, node.sub, node.sup) if isinstance(node, Scripted) else (node, None, None)
    if isinstance(base, Symbol) and base.kind is Kind.BIG:
        where = "subSup" if base.text in "∫∬∭∮" else "undOvr"
        hidden = [_set(tag, "1") for tag, part in (("subHide", sub), ("supHide", sup)) if part is None]
        settings = _new("naryPr", _set("chr", base.text), _set("limLoc", where), *hidden)
        return _new("nary", settings, _in("sub", sub or Row()), _in("sup", sup or Row()), _new("e", *argument))
    if isinstance(base, Symbol):
        if not argument and base.text in FUNCTIONS:
            return _element(node)
        return _new("func", _new("fName", _element(node)), _new("e", *argument))
    if not argument:
        return _element(node)
    return _new("sPre", _in("sub", sub or Row()), _in("sup", sup or Row()), _new("e", *argument))


def _element(node: Node) -> etree._Element:
    match node:
        case Symbol():
            return _symbol(node)
        case Row():
            return _in("box", node)
        case Fraction(above, below, bar):
            return _new("f", _new("fPr", _set("type", "bar" if bar else "noBar")), _in("num", above), _in("den", below))
        case Scripted(base, sub, sup):
            return _limits(base, sub, sup) if takes_limits(base) else _scripts(base, sub, sup)
        case Stacked(base, below, above):
            return _limits(base, below, above)
        case Root(radicand, degree):
            hide = _new("radPr", *([_set("degHide", "1")] if degree is None else []))
            return _new("rad", hide, _in("deg", degree or Row()), _in("e", radicand))
        case Fenced(opening, body, close):
            return _new("d", _new("dPr", _set("begChr", opening), _set("endChr", close)), _in("e", body))
        case Accent(mark, base):
            return _accent(mark, base)
        case Matrix(rows, layout):
            return _matrix(rows, layout)


def _scripts(base: Node, sub: Node | None, sup: Node | None) -> etree._Element:
    if sub is not None and sup is not None:
        return _new("sSubSup", _in("e", base), _in("sub", sub), _in("sup", sup))
    if sub is not None:
        return _new("sSub", _in("e", base), _in("sub", sub))
    return _new("sSup", _in("e", base), _in("sup", sup or Row()))


def _limits(base: Node, below: Node | None, above: Node | None) -> etree._Element:
    inner = _row(base)
    if below is not None:
        inner = [_new("limLow", _new("e", *inner), _in("lim", below))]
    if above is not None:
        inner = [_new("limUpp", _new("e", *inner), _in("lim", above))]
    return inner[0]


def _accent(mark: Mark, base: Node) -> etree._Element:
    if Accent(mark, base) == BLANK:
        return _run("____", _new("nor"))
    if mark is Mark.BOX:
        return _new("borderBox", _in("e", base))
    if mark in {Mark.OVERLINE, Mark.UNDERLINE}:
        return _new("bar", _new("barPr", _set("pos", "top" if mark is Mark.OVERLINE else "bot")), _in("e", base))
    if mark in _ACCENTS:
        return _new("acc", _new("accPr", _set("chr", _ACCENTS[mark])), _in("e", base))
    sign, place = _GROUPS[mark]
    side = _set("vertJc", "bot" if place == "top" else "top")
    return _new("groupChr", _new("groupChrPr", _set("chr", sign), _set("pos", place), side), _in("e", base))


def _matrix(rows: tuple[tuple[Node, ...], ...], layout: Layout) -> etree._Element:
    sides = _COLUMNS[layout]
    columns = [
        _new("mc", _new("mcPr", _set("count", "1"), _set("mcJc", sides[place % len(sides)])))
        for place in range(len(rows[0]))
    ]
    lines = (_new("mr", *(_in("e", cell) for cell in cells)) for cells in rows)
    return _new("m", _new("mPr", _new("mcs", *columns)), *lines)


def _symbol(node: Symbol) -> etree._Element:
    match node.kind:
        case Kind.TEXT:
            return _run(node.text, _new("nor"))
        case Kind.BOLD:
            return _run(node.text, _set("sty", "bi"))
        case Kind.FUNCTION:
            return _run(node.text, _set("sty", "p"))
        case Kind.UPRIGHT if node.text in FUNCTIONS:
            # In two texts, so that a unit or a formula of chemistry is not taken for the function of that name.
            return _run(node.text[:1], _set("sty", "p"), node.text[1:])
        case Kind.UPRIGHT:
            return _run(node.text, _set("sty", "p"))
    return _run(node.text)


def _run(text: str, style: etree._Element | None = None, *more: str) -> etree._Element:
    run = _new("r", *([] if style is None else [_new("rPr", style)]))
    fonts = etree.SubElement(etree.SubElement(run, f"{{{WORD}}}rPr"), f"{{{WORD}}}rFonts")
    for side in ("ascii", "hAnsi"):
        fonts.set(f"{{{WORD}}}{side}", "Cambria Math")
    for part in (text, *more):
        said = etree.SubElement(run, f"{{{MATH}}}t")
        said.text = part
        said.set(_PRESERVE, "preserve")
    return run
