"""Formulas for the printed page: the tree as plain JSON values, which `formula.typ` lays out.

No character of a formula is ever Typst code: signs and words go over as strings, and the template puts the parts
together with Typst's own functions, so nothing that a writer typed can leave its formula.
"""

from typing import Any

from bank.formulas.tree import (
    BLANK,
    QUAD,
    THIN,
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
    takes_limits,
)

_WIDTHS = {THIN: 0.17, QUAD: 1.0}
_INTEGRALS = frozenset("∫∬∭∮")
_ARROWS = frozenset("→←↔⟶⟵⇌⇔⇒=")
_SIGNS = {"-": "−", "*": "∗"}
_ACCENTS = {Mark.BAR: "\u0304", Mark.HAT: "\u0302", Mark.VEC: "\u20d7", Mark.DOT: "\u0307", Mark.DDOT: "\u0308",
            Mark.TILDE: "\u0303", Mark.ARROW: "→", Mark.ARC: "⏜"}  # fmt: skip


def typeset(node: Node) -> dict[str, Any]:
    """The formula as JSON values for the template."""
    match node:
        case Row(items):
            return {"kind": "row", "items": [typeset(item) for item in items]}
        case Symbol():
            return _symbol(node)
        case Fraction(above, below, bar):
            return {"kind": "fraction" if bar else "pair", "above": typeset(above), "below": typeset(below)}
        case Scripted(base, sub, sup):
            limits = takes_limits(base) and not (isinstance(base, Symbol) and base.text in _INTEGRALS)
            return {"kind": "scripts", "base": typeset(base), "low": _maybe(sub), "high": _maybe(sup), "limits": limits}
        case Stacked(base, below, above):
            stretched = isinstance(base, Symbol) and base.text in _ARROWS
            parts = {"base": typeset(base), "low": _maybe(below), "high": _maybe(above)}
            return {"kind": "stacked", "stretched": stretched, **parts}
        case Root(radicand, degree):
            return {"kind": "root", "body": typeset(radicand), "degree": _maybe(degree)}
        case Fenced(opening, body, close):
            return {"kind": "fenced", "open": opening, "body": typeset(body), "close": close}
        case Accent(mark, base):
            return _accent(mark, base)
        case Matrix(rows, layout):
            cells = [[typeset(cell) for cell in line] for line in rows]
            return {"kind": "matrix", "rows": cells, "align": "center" if layout == "centre" else "left"}


def _maybe(node: Node | None) -> dict[str, Any] | None:
    return None if node is None else typeset(node)


def _symbol(node: Symbol) -> dict[str, Any]:
    match node.kind:
        case Kind.SPACE:
            return {"kind": "space", "ems": _WIDTHS.get(node.text, 0.28)}
        case Kind.IDENTIFIER | Kind.OPERATOR | Kind.BIG:
            return {"kind": "sign", "text": _SIGNS.get(node.text, node.text)}
        case kind:
            return {"kind": kind.value, "text": node.text}


def _accent(mark: Mark, base: Node) -> dict[str, Any]:
    if Accent(mark, base) == BLANK:
        return {"kind": "blank"}
    if mark in _ACCENTS:
        return {"kind": "accent", "sign": _ACCENTS[mark], "base": typeset(base)}
    return {"kind": mark.value, "base": typeset(base)}
