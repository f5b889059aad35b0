"""Formulas as HTML that old office browsers draw: boxes in boxes with class names, no MathML, no inline style.

Every character of a formula is escaped on its way; what stretches (roots, fences, braces) is a small drawing. The
whole is one image to a screen reader, with the plain reading as its name.
"""

from markupsafe import Markup, escape

from bank.formulas.reading import plain
from bank.formulas.tree import (
    BLANK,
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
    parts,
    takes_limits,
)

_INTEGRALS = frozenset("∫∬∭∮")
_RELATIONS = frozenset("=<>≠≤≥⩽⩾≈≡∼≃≅∝≪≫≺≻→←↔⇒⇐⇔⟶⟵⟹⟺⇌∈∉∋⊂⊃⊆⊇⊊⊋⫋⊥∥∦∣∽≜≐")
_BINARIES = frozenset("+-×÷±∓⋅∗∪∩∧∨⊕⊗∖∘")
_OPENING = frozenset("([{⟨⌊⌈,，;：:") | _RELATIONS | _BINARIES
_SPACES = {THIN: "m-thin", QUAD: "m-quad"}
_FACES = {Kind.BOLD: "m-bold", Kind.FUNCTION: "m-function", Kind.TEXT: "m-text", Kind.BIG: "m-big"}
_UPRIGHT = frozenset("ΓΔΘΛΞΠΣΥΦΨΩℝℕℤℚℂ")
_SHOWN = {"-": "−"}
_ABOVE = {Mark.HAT: "ˆ", Mark.VEC: "→", Mark.DOT: "˙", Mark.DDOT: "¨", Mark.TILDE: "˜"}
_FENCES = {
    "(": "M8 0C1 6 1 14 8 20", ")": "M2 0C9 6 9 14 2 20", "[": "M8 0H3V20H8", "]": "M2 0H7V20H2",
    "{": "M9 0C4 0 6 4 6 7S5 10 2 10C5 10 6 10 6 13S4 20 9 20",
    "}": "M1 0C6 0 4 4 4 7S5 10 8 10C5 10 4 10 4 13S6 20 1 20",
    "|": "M5 0V20", "‖": "M3 0V20M7 0V20", "⟨": "M8 0L3 10L8 20", "⟩": "M2 0L7 10L2 20",
    "⌊": "M3 0V20H8", "⌋": "M7 0V20H2", "⌈": "M8 0H3V20", "⌉": "M2 0H7V20",
}  # fmt: skip
_BRACES = {Mark.OVERBRACE: "M0 9C2 4 46 6 50 1C54 6 98 4 100 9", Mark.UNDERBRACE: "M0 1C2 6 46 4 50 9C54 4 98 6 100 1"}


def formula_html(node: Node) -> Markup:
    """The formula as a piece of page."""
    inner = _html(node)
    return Markup('<span class="math" role="img" aria-label="{}"><span aria-hidden="true">{}</span></span>').format(
        plain(node), inner
    )


def _span(name: str, *inner: Markup | str) -> Markup:
    return Markup('<span class="{}">{}</span>').format(name, Markup("").join(inner))


def _drawing(name: str, path: str, box: str) -> Markup:
    """A stroke that is stretched to the room it gets."""
    stroke = Markup('<path d="{}" vector-effect="non-scaling-stroke"/>').format(path)
    return Markup('<svg class="{}" viewBox="{}" preserveAspectRatio="none">{}</svg>').format(name, box, stroke)


def _html(node: Node) -> Markup:
    match node:
        case Row(items):
            return _row(items)
        case Symbol():
            return _symbol(node, spaced=False)
        case Fraction(above, below, bar):
            return _span(
                "m-frac" if bar else "m-frac m-bare", _span("m-num", _html(above)), _span("m-den", _html(below))
            )
        case Scripted(base, sub, sup):
            if takes_limits(base) and not (isinstance(base, Symbol) and base.text in _INTEGRALS):
                return _stack(base, sub, sup)
            return _scripts(base, sub, sup)
        case Stacked(base, below, above):
            return _stack(base, below, above)
        case Root(radicand, degree):
            index = [] if degree is None else [_span("m-degree", _html(degree))]
            surd = _drawing("m-surd", "M0 12L3 10L6 20L10 0", "0 0 10 20")
            return _span("m-root", *index, surd, _span("m-under", _html(radicand)))
        case Fenced(opening, body, close):
            tall = _tall(body)
            return _span("m-fenced", _fence(opening, tall), _span("m-body", _html(body)), _fence(close, tall))
        case Accent(mark, base):
            return _accent(mark, base)
        case Matrix(rows, layout):
            lines = (_span("m-line", *(_span("m-cell", _html(cell)) for cell in cells)) for cells in rows)
            return _span("m-grid" if layout is Layout.CENTRE else "m-grid m-left", *lines)


def _row(items: tuple[Node, ...]) -> Markup:
    made = []
    before: Node | None = None
    for item in items:
        first = before is None or (isinstance(before, Symbol) and before.text in _OPENING)
        made.append(_symbol(item, spaced=not first) if isinstance(item, Symbol) else _html(item))
        if not (isinstance(item, Symbol) and item.kind is Kind.SPACE):
            before = item
    return _span("m-row", *made)


def _symbol(node: Symbol, spaced: bool) -> Markup:
    """A sign; around relations, and around a plus or minus between two things, there is room."""
    text = escape(_SHOWN.get(node.text, node.text))
    if node.kind is Kind.IDENTIFIER and node.text not in _UPRIGHT:
        return Markup("<i>{}</i>").format(text)
    if node.kind is Kind.SPACE:
        return _span(_SPACES.get(node.text, "m-space"), " ")
    if node.kind is Kind.OPERATOR and node.text in _RELATIONS:
        return _span("m-relation", text)
    if node.kind is Kind.OPERATOR and node.text in _BINARIES and spaced:
        return _span("m-binary", text)
    return _span(_FACES.get(node.kind, "m-sign"), text)


def _scripts(base: Node, sub: Node | None, sup: Node | None) -> Markup:
    tall = " m-high" if _tall(base) else ""
    if sub is not None and sup is not None:
        return _span(
            f"m-scripts{tall}",
            _html(base),
            _span("m-both", _span("m-script", _html(sup)), _span("m-script", _html(sub))),
        )
    if sup is not None:
        return _span(f"m-scripts{tall}", _html(base), Markup("<sup>{}</sup>").format(_html(sup)))
    return _span(f"m-scripts{tall}", _html(base), Markup("<sub>{}</sub>").format(_html(sub or Row())))


def _stack(base: Node, below: Node | None, above: Node | None) -> Markup:
    """Both places are there even when one is empty, so that the base stays on its line."""
    over, under = (Markup("&nbsp;") if part is None else _html(part) for part in (above, below))
    return _span("m-stack", _span("m-limit", over), _span("m-core", _html(base)), _span("m-limit", under))


def _fence(sign: str, tall: bool) -> Markup:
    if not sign:
        return Markup("")
    return _drawing("m-fence", _FENCES[sign], "0 0 10 20") if tall else _span("m-sign", escape(sign))


def _accent(mark: Mark, base: Node) -> Markup:
    if Accent(mark, base) == BLANK:
        return _span("m-blank", Markup("&nbsp;"))
    if mark in _ABOVE:
        return _span("m-accent", _span("m-mark", _ABOVE[mark]), _html(base))
    if mark in _BRACES:
        brace = _drawing("m-brace", _BRACES[mark], "0 0 100 10")
        both = (brace, _html(base)) if mark is Mark.OVERBRACE else (_html(base), brace)
        return _span("m-braced", *both)
    return _span(f"m-{mark.value}", _html(base))


def _tall(node: Node) -> bool:
    """Whether the node is higher than a line, so that what stands around it must stretch."""
    if isinstance(node, Fraction | Matrix | Stacked):
        return True
    if isinstance(node, Scripted) and takes_limits(node.base):
        return True
    inside = (
        items_of(node) if isinstance(node, Row) else (parts(node) if isinstance(node, Fenced | Root | Accent) else ())
    )
    return any(_tall(part) for part in inside if part is not node)
