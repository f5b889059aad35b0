"""The plain reading: one line by which formulas are compared and spoken."""

import pytest
from hypothesis import given

from bank.formulas.latex import parse
from bank.formulas.reading import plain
from tests.bank.formulas.trees import formulas


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (r"\frac{U}{R}", "U/R"),
        (r"\frac{U+1}{2R}", "(U+1)/2R"),
        ("x^2", "x²"),
        ("10^{-3}", "10⁻³"),
        ("x^{ab}", "x^(ab)"),
        (r"\mathrm{H_2O}", "H2O"),
        (r"\mathrm{Ca}^{2+}", "Ca²⁺"),
        (r"\frac{1}{2}at^{2}", "1/2at²"),
        ("(a+b)^2", "(a+b)²"),
        ("{(a+b)}^2", "((a+b))²"),
        (r"\sqrt[3]{x+1}", "³√(x+1)"),
        (r"\sqrt{3}", "√3"),
        (r"\lim_{x\to 0}\frac{\sin x}{x}", "lim(x→0)sinx/x"),
        (r"\sum_{i=1}^{n}i", "∑(i=1)ⁿi"),
        (r"\log_2 8", "log2 8"),
        (r"UI\cos\varphi", "UI cosφ"),
        (r"\begin{cases}x=1\\y=2\end{cases}", "{x=1；y=2"),
        (r"q=____", "q=____"),
        (r"30^\circ", "30°"),
        (r"a \leqslant b", "a≤b"),
        (r"\overset{\frown}{AB}", "弧AB"),
        (r"4 \mathrm{~h}", "4 h"),
    ],
)
def test_a_formula_reads_in_one_line(typed, said):
    assert plain(parse(typed)) == said


@given(formulas)
def test_every_formula_has_a_reading_without_marks_of_latex(node):
    said = plain(node)
    assert "\n" not in said
    assert r"\frac" not in said
