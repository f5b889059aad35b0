"""The tree's canonical form and its limits."""

import pytest
from hypothesis import given

from bank.formulas.tree import (
    MAX_DEPTH,
    FormulaError,
    Kind,
    Layout,
    Matrix,
    Root,
    Row,
    Scripted,
    Symbol,
    checked,
    matrix,
    parts,
    row,
    scripted,
    stacked,
    symbol,
    symbols,
)
from tests.bank.formulas.trees import formulas

X = symbols("x")


@given(formulas, formulas)
def test_rows_are_flat_however_they_are_put_together(one, two):
    assert row(row(one), row(two)) == row(one, two) == row(row(one, two))


def test_digits_join_across_a_point():
    assert row(symbols("1"), symbols("."), symbols("25")) == Symbol(Kind.NUMBER, "1.25")


def test_scripts_given_one_after_the_other_are_one_node():
    assert scripted(scripted(X, X, None), None, X) == Scripted(X, X, X)


def test_a_ring_above_is_a_degree_sign():
    assert scripted(symbols("30"), None, symbols("∘")) == symbols("30°")


def test_what_stands_over_a_sum_are_its_limits():
    assert stacked(symbols("∑"), X, None) == Scripted(Symbol(Kind.BIG, "∑"), X, None)


def test_short_rows_of_a_matrix_are_filled():
    assert matrix([[X, X], [X], []], Layout.LEFT) == Matrix(((X, X), (X, Row())), Layout.LEFT)


def test_signs_without_shape_are_left_out():
    assert symbols("x\u200b\x00x\u202e") == symbols("xx")
    assert symbol(Kind.TEXT, "\u200b") == Row()


def test_letters_of_other_alphabets_and_spellings_are_the_plain_ones():
    assert symbols("𝑥−µ") == symbols("x-μ")


def test_a_deep_formula_is_refused_and_a_shallow_one_kept():
    node = X
    for _ in range(MAX_DEPTH - 1):
        node = Root(node)
    assert checked(node) is node
    with pytest.raises(FormulaError, match="嵌套太深"):
        checked(Root(node))


def test_a_long_formula_is_refused():
    with pytest.raises(FormulaError, match="太长"):
        checked(row(*[symbols("x+")] * 400))


def test_parts_of_a_matrix_are_its_cells():
    assert parts(matrix([[X, X], [X]])) == (X, X, X, Row())
