"""HTML as a browser shows it, in notation: lines, marks, tables, pictures, formulas; scripts out, the rest told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank import notation
from bank.exchange.formats.markup import read_html, read_plain, read_source
from bank.exchange.formats.pageline import Findings
from bank.ground.errors import BadInput

TOKEN = "a" * 32


def picture(source: str) -> str:
    if source != "a.png":
        raise BadInput(f"图片 {source} 不在")
    return TOKEN


def html(text: str) -> str:
    findings = Findings(picture)
    read = read_html(text, findings)
    assert findings.faults == []
    return read


def faults(text: str) -> list[str]:
    findings = Findings(picture)
    read_html(text, findings)
    return findings.faults


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>一</p><p>二</p>", "一\n二"),
        ("一<br>二<br/>三", "一\n二\n三"),
        ("<p>一<br></p>\n<p><br></p>\n<p>二</p>", "一\n\n二"),
        ("<p></p><p>&nbsp;</p><p>一</p><p>&nbsp;</p>", "一"),
        ("<div>甲\n  乙</div>", "甲乙"),
        ("<p>the  red\n fox </p>", "the red fox"),
        ("a&nbsp;&nbsp;b", "a  b"),
        ("H<sub>2</sub>O 10<sup>3</sup>", "H<sub>2</sub>O 10<sup>3</sup>"),
        ("<u>不</u><strong>正确</strong>或<em>错</em><em>U</em><i>I</i>", "<u>不</u><b>正确</b>或<b>错</b>UI"),
        ("<span style='text-decoration: underline;'>不</span>", "<u>不</u>"),
        ("<b>x<sub>1</sub></b>", "<b>x</b><sub>1</sub>"),
        ("填<u>&nbsp;&nbsp;&nbsp;&nbsp;</u>。", "填____。"),
        ("<ol><li>停电</li><li>验电</li></ol>", "1. 停电\n2. 验电"),
        ("<ul><li>停电</li></ul>", "• 停电"),
        ("<table><tr><th>甲</th><td>乙</td></tr><tr><td colspan=2>丙</td></tr></table>", "| 甲 | 乙 |\n| 丙 |  |"),
        ("<table><tr><td>框</td></tr></table>", "框"),
        ("<table><tr><td>a|b</td><td><p>一</p><p>二</p></td></tr></table>", "| a\\|b | 一 二 |"),
        ("<p>看<img src='a.png' alt='图 1'></p>", f"看![图 1](pic:{TOKEN})"),
        ("<img src='a.png' alt='a.png'>", f"![](pic:{TOKEN})"),
        ("<script>alert(1)</script><style>p{}</style>甲<!-- 乙 -->", "甲"),
        ("\\(x^2\\) 与 $$\\frac{1}{2}$$", "$x^2$ 与 $\\frac{1}{2}$"),
        ("单价 $5，共 $8", "单价 $5，共 $8"),
        ("&lt;b&gt;&amp;&#x4E2D;&euro;", "\\<b>&中€"),
        ("<math><mfrac><mi>U</mi><mi>R</mi></mfrac></math>为", "$\\frac{U}{R}$为"),
        ("<m:math xmlns:m='x'><m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup></m:math>", "$x^{2}$"),
        ("<pre>一  二\n三</pre>", "一  二\n三"),
        ("<p>未闭合<b>粗", "未闭合<b>粗</b>"),
    ],
)
def test_pages(page: str, text: str) -> None:
    assert notation.write(notation.parse(html(page))) == notation.write(notation.parse(text))


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ("<video src='a.mp4'></video>", "视频"),
        ("<iframe src='x'></iframe>", "嵌入网页"),
        ("<svg><path/></svg>", "矢量图"),
        ("<input name='x'>", "输入框"),
        ("<img alt='无'>", "图片"),
        ("<img src='b.png'>", "b.png"),
        ("<math><mstrange>1</mstrange></math>", "公式"),
        ("<div>" * 5000, "嵌套过深"),
    ],
)
def test_what_the_notation_cannot_hold_is_told(page: str, named: str) -> None:
    assert any(named in fault for fault in faults(page))


def test_an_unknown_formula_in_text_stays_as_text_with_a_note() -> None:
    findings = Findings(picture)
    assert notation.plain(read_html("求 \\(\\strange{x}\\)", findings)) == "求 \\(\\strange{x}\\)"
    assert "无法识别" in findings.notes[0]


def test_forms() -> None:
    findings = Findings(picture)
    assert read_source("a < b\n二", "plain_text", findings) == "a < b\n二"
    assert read_source("一\n二<b>三</b>", "moodle_auto_format", findings) == "一\n二<b>三</b>"
    assert read_source("一**二**\n\n![图](a.png)", "markdown", findings) == f"一<b>二</b>\n![图](pic:{TOKEN})"


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    findings = Findings(picture)
    for form in ("html", "markdown", "plain_text", "moodle_auto_format"):
        read = notation.write(notation.parse(read_source(text, form, findings)))
        assert notation.write(notation.parse(read)) == read


@given(st.text(alphabet="<>/pbui&;=\"' tablerd\n$\\()", max_size=80))
def test_any_page_is_read(text: str) -> None:
    assert isinstance(read_html(text, Findings(picture)), str)


def test_plain_text_keeps_its_signs() -> None:
    assert notation.plain(read_plain("a_b < c & | d |", Findings(picture))) == "a_b < c & | d |"
