"""Item texts on pages: runs as HTML, and nothing a writer typed becomes markup."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from bank import notation
from bank.content import ItemContent, ItemType
from web.shown import shown

TOKEN = "0123456789abcdef"
TAGS = {"div", "br", "sub", "sup", "u", "b", "img", "table", "tbody", "tr", "td", "span", "i", "svg", "path"}


def on_page(app: Flask, text: str) -> str:
    with app.test_request_context():
        return str(shown(text))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("额定电压是____V", "额定电压是____V"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("x<sup>2</sup>", "x<sup>2</sup>"),
        ("<u>a</u><b>b</b>", "<u>a</u><b>b</b>"),
        ("一\n二", "一<br>二"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        (r"\$5", "$5"),
        ("| a | b |\n| c |",
         '<table class="shown"><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td></td></tr></tbody></table>'),
        (f"![电路图](pic:{TOKEN})",
         f'<span class="figure"><img class="picture" src="/pictures/{TOKEN}" alt="电路图" loading="lazy"></span>'),
        (f"看![](pic:{TOKEN})", f'看<img class="picture" src="/pictures/{TOKEN}" alt="图" loading="lazy">'),
    ],
)  # fmt: skip
def test_each_run_has_its_html(app: Flask, text: str, made: str) -> None:
    assert on_page(app, text) == made


def test_a_formula_is_drawn_and_named(app: Flask) -> None:
    made = on_page(app, r"电流为 $\frac{U}{R}$")
    assert 'aria-label="U/R"' in made
    assert "m-frac" in made
    assert "$" not in made


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("<>&\"'$\\|_![](pic:)/subscriptimgonload=x^{}frac 电\n", max_size=80))
def test_no_text_makes_an_element_of_its_own(app: Flask, text: str) -> None:
    page = html.fragment_fromstring(on_page(app, text), create_parent="div")
    assert {each.tag for each in page.iter()} <= TAGS
    assert not any(name.startswith("on") or name == "style" for each in page.iter() for name in each.attrib)


def test_a_formula_that_cannot_be_read_is_marked_with_the_reason(app: Flask) -> None:
    made = on_page(app, r"前 $\foo{x}<b$ 后 $\frac{1}{2}$")
    page = html.fragment_fromstring(made, create_parent="div")
    [broken] = page.find_class("broken")
    assert broken.text == r"$\foo{x}<b$"
    assert r"\foo" in broken.get("title")
    assert len(page.find_class("math")) == 1


def test_a_caption_cannot_leave_its_attribute(app: Flask) -> None:
    text = notation.write((notation.Figure(TOKEN, '"><script>alert(1)</script>'),))
    page = html.fragment_fromstring(on_page(app, text), create_parent="div")
    assert page.find(".//img").get("alt") == '"><script>alert(1)</script>'
    assert page.find(".//script") is None


def test_lists_show_the_plain_reading(wang, stock) -> None:
    stock.items("wang", ItemContent(ItemType.SINGLE, r"电阻 $\frac{U}{I}$ 的单位是（ ）", ("Ω", "V"), "A"))
    page = wang.get("/items").text
    assert "电阻 U/I 的单位是" in page
