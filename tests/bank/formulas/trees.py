"""Formulas for property tests: trees built the way every reader builds them."""

from hypothesis import strategies as st

from bank.formulas.tree import (
    FENCES,
    FUNCTIONS,
    SPACES,
    Accent,
    Fenced,
    Fraction,
    Kind,
    Layout,
    Mark,
    Node,
    Root,
    Row,
    Symbol,
    matrix,
    row,
    scripted,
    stacked,
    symbol,
    symbols,
)

_CHARACTERS = "abxyUIRmΩαβμπ0123456789.+-=<>×÷±≤≥≈∞∠→△()[]{}|,;:!%#&__$\\~^'′∘°²①ℝ，、电压额定∑∫"
texts = st.text(_CHARACTERS, max_size=6)
words = st.text("ab {}%#&_$\\~^若则1", min_size=1, max_size=6)

leaves = st.one_of(
    texts.map(symbols),
    texts.map(lambda text: symbols(text, Kind.UPRIGHT)),
    texts.map(lambda text: symbols(text, Kind.BOLD)),
    words.map(lambda text: symbol(Kind.TEXT, text)),
    st.sampled_from(sorted(FUNCTIONS | {"sgn"})).map(lambda name: Symbol(Kind.FUNCTION, name)),
    st.sampled_from(sorted(SPACES)).map(lambda space: Symbol(Kind.SPACE, space)),
)


def _larger(nodes: "st.SearchStrategy[Node]") -> "st.SearchStrategy[Node]":
    maybe = st.none() | nodes
    fences = st.sampled_from(sorted(FENCES))
    cells = st.lists(st.lists(nodes, min_size=1, max_size=3), min_size=1, max_size=3)
    return st.one_of(
        st.lists(nodes, max_size=4).map(lambda items: row(*items)),
        st.builds(Fraction, nodes, nodes, st.booleans()),
        st.builds(scripted, nodes, maybe, maybe),
        st.builds(stacked, nodes, maybe, maybe),
        st.builds(Root, nodes, maybe.map(lambda degree: None if degree == Row() else degree)),
        st.builds(Fenced, fences, nodes, fences),
        st.builds(Accent, st.sampled_from(Mark), nodes),
        st.builds(matrix, cells, st.sampled_from(Layout)),
    )


formulas = st.recursive(leaves, _larger, max_leaves=8)
