"""Formulas on paper: every tree is laid out by the template, and no text of it is ever run."""

import json
from typing import Any

import pypdfium2
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.formulas.latex import parse
from bank.formulas.tree import Kind, symbol
from papers.rendering import glyphs, pdf
from papers.rendering.formulas import typeset
from tests.bank.formulas.trees import formulas

SHEET = b'#import "formula.typ": formula\n#for one in json(bytes(sys.inputs.sheet)) { par(formula(one)) }'
HOSTILE = ["#panic()", '"#eval("1")', '$x$ #read("/etc/passwd")', "\\u{41}", "/* x", "]#[", "`x`", "@a <b>", '"']


def laid_out(*values: dict[str, Any]) -> bytes:
    """One page with these formulas; the template is read from the project's own folder."""
    source = SHEET.replace(b'"formula.typ"', b'"/formula.typ"')
    text = json.dumps(values, ensure_ascii=False)
    shown = text.translate({ord(char): "?" for char in glyphs.undrawable(text)})
    made = typst.compile(
        source,
        root=pdf.TEMPLATES,
        font_paths=glyphs.fonts(),
        sys_inputs={"sheet": shown},
        pdf_standards="a-2b",
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(formulas, min_size=10, max_size=25))
def test_every_formula_can_be_laid_out(nodes) -> None:
    assert laid_out(*map(typeset, nodes)).startswith(b"%PDF")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_word_is_printed_as_it_is(text: str) -> None:
    said = text_of(laid_out(typeset(symbol(Kind.TEXT, text))))
    assert said.replace("\r\n", "").strip() == text


def test_all_signs_of_the_school_subset_stand_on_the_page() -> None:
    said = text_of(
        laid_out(*(typeset(parse(typed)) for typed in (r"\frac{U}{R}", r"\sqrt[3]{7}", r"\lim_{x\to 0}", "5^{9}")))
    )
    assert all(sign in said for sign in "𝑈𝑅73lim059→")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        (r"\binom nk", "fenced"),
        (r"\genfrac{}{}{0pt}{}nk", "pair"),
        ("x_1", "scripts"),
        (r"\overset{a}{\rightarrow}", "stacked"),
        (r"\sqrt x", "root"),
        (r"\vec a", "accent"),
        (r"\underbrace a", "underbrace"),
        ("____", "blank"),
        (r"\begin{matrix}a\end{matrix}", "matrix"),
        (r"\quad", "space"),
        (r"\mathrm{kg}", "upright"),
        (r"\sin", "function"),
    ],
)
def test_each_node_has_its_kind(typed: str, kind: str) -> None:
    assert typeset(parse(typed))["kind"] == kind


def test_limits_stand_below_a_sum_and_beside_an_integral() -> None:
    assert typeset(parse(r"\sum_1^n"))["limits"]
    assert not typeset(parse(r"\int_0^1"))["limits"]
