"""Files made to keep the server busy for hours, to read its own files, or to break out of a page."""

import html
from collections.abc import Callable
from contextlib import suppress

import pytest

from bank import notation
from bank.exchange import xmlguard
from bank.exchange.formats import cloze
from bank.exchange.intake import read_items
from bank.formulas import latex
from bank.formulas.tree import FormulaError
from bank.ground.errors import BadInput

LARGE = 400_000
CLOZE = "<quiz><question type='cloze'><questiontext><text>{}</text></questiontext></question></quiz>"
DTD = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
ITEM = (
    '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a" title="a" adaptive="false" '
    'timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">'
    "<correctResponse><value>A</value></correctResponse></responseDeclaration><itemBody>{}"
    '<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1"><prompt>测量前应先</prompt>'
    '<simpleChoice identifier="A">调零</simpleChoice><simpleChoice identifier="B">断电</simpleChoice>'
    "</choiceInteraction></itemBody></assessmentItem>"
)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("quiz.xml", CLOZE.format("{1:MC:" * (LARGE // 6))),
        ("quiz.xml", CLOZE.format("{" + " " * LARGE)),
        ("quiz.xml", CLOZE.format("{1:SA:" + "\\" * LARGE)),
        ("page.html", "<html><style>" + "<!--" * (LARGE // 4)),
        ("page.xml", "<a>" + "<?" * (LARGE // 2)),
        ("quiz.gift", "::一:: 甲乙{=甲 ~乙}\n\n题{" + "~%" * (LARGE // 4) + "}"),
        ("bank.txt", "1、（ ）" * (LARGE // 8)),
    ],
    ids=["fields", "spaces", "escapes", "comments", "instructions", "gift", "text"],
)
def test_a_file_cannot_keep_the_server_busy(name: str, text: str) -> None:
    """Each of these grew with the square of its length, or would if a pattern looked again from every sign."""
    with suppress(BadInput):
        assert len(read_items(name, text.encode()).items) <= 1


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "body",
    [
        "{" * 4000,
        "\\frac" * 800,
        "\\sqrt{" * 600 + "x" + "}" * 600,
        "x^" * 2000 + "x",
        "\\left(" * 600,
        "\\begin{cases}" * 300,
        "\\ce{" + "->[" * 1300 + "}",
        "|" * 4000,
    ],
)
def test_a_formula_cannot_exhaust_the_stack(body: str) -> None:
    with pytest.raises(FormulaError):
        latex.parse(body)
    assert notation.plain(f"${body}$")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("signs", ["$", "$a ", "<sub>", "![", "![a](pic:", "|", "\\", "$<sub>![|", "_"])
def test_signs_without_end_are_read_in_time(signs: str) -> None:
    text = signs * (LARGE // 4 // len(signs))
    assert notation.parse(text)
    assert notation.parse(notation.literal(text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "utf-16-le"])
def test_an_entity_opens_no_file_of_the_server(encoding: str) -> None:
    page = DTD + ITEM.format("<p>&e;</p>")
    with pytest.raises(BadInput):
        xmlguard.parse_xml("a.xml", page.encode(encoding))


@pytest.mark.parametrize(
    "before", ["<!-- " + "x" * 300_000 + " -->", "<?a " + "x" * 300_000 + "?>", "<!--a--><?a ?>\n<!--b-->"]
)
def test_a_document_type_is_found_behind_anything(before: str) -> None:
    with pytest.raises(BadInput):
        xmlguard.parse_xml("a.xml", (before + DTD + ITEM.format("<p>&e;</p>")).encode())


@pytest.mark.parametrize(
    "inside",
    [
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>',
        '<p><img src="file:///etc/passwd" alt="x"/><img src="../../../../etc/passwd" alt="x"/></p>',
        '<p><object data="/etc/passwd"/></p>',
    ],
)
def test_a_package_cannot_point_at_a_file_of_the_server(inside: str) -> None:
    reading = read_items("a.xml", ITEM.format(inside).encode())
    assert "root:" not in repr(reading)
    assert not reading.pictures


@pytest.mark.parametrize(
    ("text", "kinds"),
    [("{1:SA:=36V~%50%36 V#少单位} {2:NM:=5:0.1}", ["words", "number"]), ("{:MC:=甲~乙} {1:MC:=丙", ["one"])],
)
def test_embedded_fields_are_found_as_before(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in cloze.fields(text)] == kinds


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<sub><script>alert(1)</script></sub>",
    '![" onerror="alert(1)](pic:aaaaaaaa)',
    '<b>" onmouseover="alert(1)</b>',
    "$\\text{<script>alert(1)</script>}$",
    "$\\unknown{<script>alert(1)</script>}$",
    "| <script>alert(1)</script> | b |",
    "{{ 7*7 }} ${7*7}",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text: str, shown: Callable[[str], str]) -> None:
    page = shown(text)
    assert "<script" not in page
    assert "<img src=x" not in page
    assert '" on' not in page
    assert "49" not in page
    assert "alert" in html.unescape(page) or "7*7" in page
