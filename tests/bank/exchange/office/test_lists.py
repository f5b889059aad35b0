"""Word's own list labels are counted as Word counts them."""

import pytest
from lxml import etree

from bank.exchange.office.lists import Lists, read_lists

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def lists(*levels: tuple[str, str], start: int = 1, styles: str = "") -> Lists:
    body = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(levels)
    )
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{body}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{restart}</w:num></w:numbering>'
    )
    return read_lists(numbering.encode(), f"<w:styles {W}>{styles}</w:styles>".encode())


def paragraph(number: int = 1, level: int = 0) -> "etree._Element":
    inner = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return etree.fromstring(f"<w:p {W}><w:pPr>{inner}</w:pPr></w:p>")


@pytest.mark.parametrize(
    ("form", "text", "labels"),
    [
        ("decimal", "%1．", ["1．", "2．", "3．"]),
        ("upperLetter", "（%1）", ["（A）", "（B）", "（C）"]),
        ("lowerLetter", "%1)", ["a)", "b)", "c)"]),
        ("chineseCounting", "%1、", ["一、", "二、", "三、"]),
        ("upperRoman", "%1.", ["I.", "II.", "III."]),
        ("decimalEnclosedCircle", "%1", ["①", "②", "③"]),
        ("ideographTraditional", "%1、", ["甲、", "乙、", "丙、"]),
        ("bullet", "●", ["", "", ""]),
    ],
)
def test_forms(form: str, text: str, labels: list[str]) -> None:
    counted = lists((form, text))
    assert [counted.label(paragraph()) for _ in range(3)] == labels


def test_levels_count_below_their_parents_and_begin_anew() -> None:
    counted = lists(("decimal", "%1."), ("decimal", "%1.%2"))
    levels = (0, 1, 1, 0, 1)
    assert [counted.label(paragraph(level=level)) for level in levels] == ["1.", "1.1", "1.2", "2.", "2.1"]


def test_starts_and_restarts() -> None:
    counted = lists(("decimal", "%1、"), start=18)
    assert [counted.label(paragraph(n)) for n in (1, 1, 2, 2)] == ["18、", "19、", "1、", "2、"]


def test_styles_pass_their_list_on() -> None:
    own = '<w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    counted = lists(("decimal", "%1."), styles=own + '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>')
    styled = etree.fromstring(f'<w:p {W}><w:pPr><w:pStyle w:val="b"/></w:pPr></w:p>')
    assert [counted.label(styled), counted.label(styled)] == ["1.", "2."]


@pytest.mark.parametrize("data", [None, b"", b"<broken", b"<a/>"])
def test_without_definitions_there_are_no_labels(data: bytes | None) -> None:
    assert read_lists(data, data).label(paragraph()) == ""


def test_large_chinese_numbers() -> None:
    counted = lists(("chineseCounting", "%1"), start=10)
    labels = [counted.label(paragraph()) for _ in range(12)]
    assert (labels[0], labels[1], labels[10], labels[11]) == ("十", "十一", "二十", "二十一")
