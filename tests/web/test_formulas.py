"""Formulas drawn for old browsers: escaped, without inline style, named by their plain reading."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import html
from markupsafe import escape

from bank.formulas.latex import parse
from bank.formulas.reading import plain
from bank.formulas.tree import Kind, symbol
from tests.bank.formulas.trees import formulas
from web.formulas import formula_html

ALLOWED = {"span", "i", "sup", "sub", "svg", "path"}
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onload='x", "</span></span>", "&lt;b&gt;"]


@settings(max_examples=60)
@given(formulas)
def test_every_formula_is_whole_boxes_named_by_its_reading(node):
    made = formula_html(node)
    element = html.fragment_fromstring(str(made))
    assert {each.tag for each in element.iter()} <= ALLOWED
    assert not any(
        "style" in each.attrib or any(name.startswith("on") for name in each.attrib) for each in element.iter()
    )
    assert f'aria-label="{escape(plain(node))}"' in made
    assert html.tostring(element, encoding="unicode").count("<span") == made.count("<span")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_leaves_its_formula(text):
    node = symbol(Kind.TEXT, text)
    element = html.fragment_fromstring(str(formula_html(node)))
    assert {each.tag for each in element.iter()} == {"span"}
    assert element.text_content() == text


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        (r"\frac{U}{R}", ["m-frac", "m-num", "m-den"]),
        (r"\binom nk", ["m-fenced", "m-frac m-bare"]),
        (r"\sqrt[3]{x}", ["m-root", "m-degree", "m-surd", "m-under"]),
        (r"\sum_{i=1}^n x", ["m-stack", "m-limit", "m-core", "m-big"]),
        (r"\int_0^1 x", ["m-both"]),
        (r"\left(\frac ab\right)", ["m-fence"]),
        (r"\begin{cases}x\\y\end{cases}", ["m-grid m-left", "m-line", "m-cell"]),
        (r"\vec a", ["m-accent", "m-mark"]),
        (r"\overline{AB}", ["m-overline"]),
        (r"\underbrace{x}_n", ["m-braced", "m-brace"]),
        ("q=____", ["m-blank"]),
        ("a-b", ["m-binary"]),
        ("a=b", ["m-relation"]),
    ],
)
def test_each_part_has_its_box(typed, names):
    made = formula_html(parse(typed))
    for name in names:
        assert f'class="{name}"' in made


def test_a_sign_before_a_number_has_no_room_around_it():
    assert "m-binary" not in formula_html(parse("-1"))
    assert "m-binary" not in formula_html(parse("x=-1"))


def test_fences_grow_only_around_what_is_tall():
    assert 'm-fence"' not in formula_html(parse(r"\left(x\right)"))


def test_every_class_is_in_the_style_sheet(app):
    sheet = Path(str(app.static_folder), "content.css").read_text(encoding="utf-8")
    samples = r"\frac ab \sqrt[3]{x} \sum_i^n \vec a \overline a \underline a \boxed a \wideparen{a} \overrightarrow{a}"
    made = formula_html(
        parse(samples + r"\underbrace a \left(\frac ab\right) \begin{cases}a\end{cases} x_1^2 \bar a ____")
    )
    named = {name for names in re.findall(r'class="([^"]+)"', made) for name in names.split()}
    assert {name for name in named if f".{name}" not in sheet} <= {"m-row", "m-sign", "m-scripts", "m-body", "m-text"}
