"""LaTeX as writers type it: read whole, written in one spelling, refused with the command's name."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.formulas.latex import parse, write
from bank.formulas.tree import (
    Accent,
    Fenced,
    FormulaError,
    Fraction,
    Kind,
    Layout,
    Mark,
    Matrix,
    Root,
    Row,
    Scripted,
    Stacked,
    Symbol,
    symbols,
)
from tests.bank.formulas.trees import formulas

X, TWO = symbols("x"), symbols("2")


@given(formulas)
def test_what_is_written_reads_back_the_same(node):
    assert parse(write(node)) == node


@given(formulas)
def test_a_written_formula_fits_between_dollar_signs(node):
    said = write(node)
    assert "$" not in said
    assert "|" not in said, "a bar would end the cell of a table"
    assert "\n" not in said
    assert said == said.strip()


@given(st.text("\\{}^_&frac sqrtlefghd()[]|'~%12x电", max_size=40))
def test_no_text_does_anything_but_read_or_refuse(text):
    with suppress(FormulaError):
        node = parse(text)
        assert parse(write(node)) == node


@pytest.mark.parametrize(
    ("typed", "node"),
    [
        (r"\dfrac{x}{2}", Fraction(X, TWO)),
        (r"\frac x2", Fraction(X, TWO)),
        (r"{x \over 2}", Fraction(X, TWO)),
        (r"\sqrt[2]{x}", Root(X, TWO)),
        (r"\sqrt x", Root(X)),
        ("x^2", Scripted(X, None, TWO)),
        ("x_{2}^2", Scripted(X, TWO, TWO)),
        ("12^2", Scripted(Symbol(Kind.NUMBER, "12"), None, TWO)),
        (r"\left| x \right.", Fenced("|", X, "")),
        (r"\vec x", Accent(Mark.VEC, X)),
        (r"\mathrm{kg}", Symbol(Kind.UPRIGHT, "kg")),
        (r"\text{若 } ", Symbol(Kind.TEXT, "若 ")),
        (r"\sum_{x}^2", Scripted(Symbol(Kind.BIG, "∑"), X, TWO)),
        (r"\lim\limits_{x}", Scripted(Symbol(Kind.FUNCTION, "lim"), X)),
        (r"\xrightarrow[2]{x}", Stacked(symbols("→"), TWO, X)),
        (r"\begin{cases}x\\2\end{cases}", Fenced("{", Matrix(((X,), (TWO,)), Layout.LEFT), "")),
        (r"\left\{\begin{array}{l}x \\ 2\end{array}\right.", Fenced("{", Matrix(((X,), (TWO,)), Layout.LEFT), "")),
        (r"\begin{pmatrix}x&2\\2\end{pmatrix}", Fenced("(", Matrix(((X, TWO), (TWO, Row()))), ")")),
        (r"x^{\prime}", parse("x'")),
        (r"30^\circ", symbols("30°")),
        (r"x \not= 2", symbols("x≠2")),
        (r"\mathbb{R}", symbols("ℝ")),
        ("x=____", parse(r"x=\underline{\quad}")),
        (r"\textcircled{2}", symbols("②")),
        ("电压 U", parse(r"\text{电压}U")),
        (
            r"\ce{2H2 + SO4^{2-} -> H2SO4}",
            parse(r"2\mathrm{H_2+SO_4^{2-}\to H_2SO_4}"),
        ),
        ("50%", parse(r"50\%")),
    ],
)
def test_the_ways_of_typing_a_formula_mean_one_tree(typed, node):
    assert parse(typed) == node


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (r"\foo{x}", r"\foo"),
        (r"\begin{tikzpicture}\end{tikzpicture}", "tikzpicture"),
        (r"\begin{matrix}x\end{cases}", "不成对"),
        (r"\left( x", r"\right"),
        (r"x \right)", r"\left"),
        (r"\frac{x}", "缺少内容"),
        ("x^", "缺少内容"),
        ("x^2^2", "两个上标"),
        ("{x", "缺少 }"),
        ("x}", "多了一个 }"),
        ("x & y", "&"),
        (r"\left x \right)", "括号"),
        (r"\text{x", "没有合上"),
        (r"\not\frac12", r"\not"),
        (r"\sqrt" * 200 + "x", "嵌套太深"),
        ("{" * 5000 + "x" + "}" * 5000, "嵌套太深"),
        (r"\frac{1}{" * 30 + "x" + "}" * 30, "嵌套太深"),
        ("x+" * 900, "太长"),
        ("x" * 40_000, "太长"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(typed, said):
    with pytest.raises(FormulaError) as refused:
        parse(typed)
    assert said in refused.value.message
