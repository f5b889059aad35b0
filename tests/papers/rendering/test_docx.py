import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import docx as python_docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from bank import notation
from bank.content import ItemContent, ItemType
from bank.formulas import latex, omml
from papers.rendering import docx, sheets
from papers.rendering.sheets import PrintedForm, PrintedItem, PrintedSection
from tests.papers.rendering import rich
from tests.papers.rendering.printed import assert_in_order, printed_lines, squeezed

MAKERS = (docx.paper_docx, docx.answer_sheet_docx, docx.key_docx)


def opened(data: bytes) -> Document:
    return python_docx.Document(io.BytesIO(data))


def lines(document: Document) -> list[str]:
    """The text of all paragraphs in reading order, those in tables included; a tab is a tab."""
    runs = {each: list(each.iter(qn("w:r"))) for each in document.element.body.iter(qn("w:p"))}
    return ["".join(run.text for run in each) for each in runs.values()]


def assert_all_printed(form: PrintedForm) -> None:
    assert_in_order(squeezed("".join(lines(opened(docx.paper_docx(form))))), printed_lines(form))


def test_every_stem_and_option_is_there_in_order(common_form: PrintedForm) -> None:
    assert_all_printed(common_form)


def test_every_item_type_is_printed(full_form: PrintedForm) -> None:
    assert_all_printed(full_form)


def test_markup_and_invisible_characters_do_no_harm(make_form, make_section) -> None:
    text = '#read("x") $x$ *粗* {{7*7}} <w:p/> & \\ ]]> \x00\x0b零\u200b宽\ufeff😀'
    typed = notation.literal(text)
    item = ItemContent(ItemType.SINGLE, typed + "（ ）", (typed, f"乙{typed}"), "A")
    form = make_form(make_section([item]), title=text)
    assert_all_printed(form)
    assert '#read("x") $x$ *粗* {{7*7}} <w:p/> & \\ ]]> 零宽😀' in "\n".join(lines(opened(docx.paper_docx(form))))


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (("1A", "2A", "3A", "4A"), ["A．1A\tB．2A\tC．3A\tD．4A"]),
        (("接通被测电路的电源", "乙", "丙", "丁"), ["A．接通被测电路的电源\tB．乙", "C．丙\tD．丁"]),
        (("接通被测电路的电源并把量程拨到交流电压挡", "乙"), ["A．接通被测电路的电源并把量程拨到交流电压挡", "B．乙"]),
    ],
)
def test_options_stand_at_tab_stops(make_form, make_section, options: tuple[str, ...], rows: list[str]) -> None:
    document = opened(docx.paper_docx(make_form(make_section([ItemContent(ItemType.SINGLE, "题（ ）", options, "A")]))))
    found = [each for each in document.paragraphs if re.match(r"[A-D]．", each.text)]
    assert [each.text for each in found] == rows
    for each, row in zip(found, rows, strict=True):
        assert len(each.paragraph_format.tab_stops) >= row.count("\t")
        assert each.paragraph_format.keep_together


def test_all_but_the_last_line_of_an_item_keep_with_the_next(make_form, make_section, electrician) -> None:
    document = opened(docx.paper_docx(make_form(make_section([electrician[2]]))))
    stem, first, last = document.paragraphs[-3:]
    assert stem.text.startswith("1．")
    assert [bool(each.paragraph_format.keep_with_next) for each in (stem, first, last)] == [True, True, False]


def test_the_page_counts_itself_and_carries_the_strip(common_form: PrintedForm) -> None:
    document = opened(docx.paper_docx(common_form))
    section = document.sections[0]
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    footer = section.footer._element
    assert [each.text for each in footer.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
    header, body = section.header._element.xml, document.element.body.xml
    assert 'vert="vert270"' in header
    assert "　".join(sheets.SEAL_WARNING) in header
    assert "试卷编号：DG4-2025-0601　副本：017" in header
    assert all(name in body for name in ("姓名：", "准考证号：", "单位："))


def test_fonts_are_named_for_chinese_text(common_form: PrintedForm) -> None:
    document = opened(docx.paper_docx(common_form))
    normal = document.styles["Normal"].element.rPr.rFonts
    assert (normal.get(qn("w:eastAsia")), normal.get(qn("w:ascii"))) == ("宋体", "Times New Roman")
    title = next(each for each in document.paragraphs if each.text == "职业技能等级认定")
    assert title.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"


@pytest.mark.parametrize("make", MAKERS)
def test_the_file_names_no_person_and_no_hour(full_form: PrintedForm, make) -> None:
    properties = opened(make(full_form)).core_properties
    named = (properties.author, properties.last_modified_by, properties.comments, properties.keywords)
    assert named == ("", "", "", "")
    assert properties.created == properties.modified == datetime(2025, 6, 14, tzinfo=UTC)
    assert properties.title.startswith("电工（四级/中级工）")


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_form_gives_the_same_bytes(full_form: PrintedForm, make) -> None:
    data = make(full_form)
    assert make(full_form) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_answer_sheet_has_a_row_for_each_item(full_form: PrintedForm) -> None:
    rows = lines(opened(docx.answer_sheet_docx(full_form)))
    for section in full_form.sections:
        signs = " ".join(f"[{sign}]" for sign in sheets.bubbles(section))
        for item in section.items:
            assert (f"{item.number}\t{signs}" if signs else sheets.label(item)) in rows


def test_the_key_stands_under_its_number(common_form: PrintedForm) -> None:
    tables = opened(docx.key_docx(common_form)).tables
    for table, section in zip(tables, common_form.sections, strict=True):
        cells = [[cell.text for cell in row.cells[1:]] for row in table.rows]
        numbers, keys = sum(cells[::2], []), sum(cells[1::2], [])  # noqa: RUF017 - a handful of rows
        assert numbers == [str(item.number) for item in section.items]
        assert keys == [sheets.key_text(item.content) for item in section.items]


def test_the_key_in_words_comes_with_its_marking_notes(make_form, make_section) -> None:
    content = ItemContent(ItemType.SHORT, "问", (), "要点一\n要点二", "每点 2 分")
    form = make_form(make_section([content], 8))
    rows = [each.text for each in opened(docx.key_docx(form)).paragraphs]
    assert rows[-3:] == ["1．（4分）要点一", "要点二", "评分参考：每点 2 分"]
    assert not any("要点" in line for line in lines(opened(docx.paper_docx(form))))


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=40), min_size=2, max_size=10), st.sampled_from(list(ItemType)))
def test_any_text_can_be_printed(stem: str, options: list[str], kind: ItemType) -> None:
    content = ItemContent(kind, stem, tuple(options), "A", stem)
    section = PrintedSection(kind, (PrintedItem(1, content, 1),))
    form = PrintedForm(stem, stem, stem, 3, stem, stem, 60, stem, (section,), None, stem)
    for make in MAKERS:
        opened(make(form))


@pytest.fixture
def rich_document(make_form, make_section) -> Document:
    form = make_form(make_section([*rich.SINGLES, *rich.SET]), make_section([rich.CALCULATION], first=6))
    return opened(docx.paper_docx(replace(form, pictures=rich.PICTURES)))


def test_formulas_are_words_own(rich_document: Document) -> None:
    body = rich_document.element.body
    found = [omml.read(each) for each in body.iter("{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath")]
    written = [latex.write(node) for node, problems in found if not problems]
    assert written[:2] == [r"R=\frac{U}{I}", r"\frac{1}{2}"]
    assert len(written) == len(found) == 6


def test_pictures_are_in_the_file_with_their_captions(rich_document: Document) -> None:
    shapes = rich_document.inline_shapes
    assert len(shapes) == 3
    assert [shape._inline.docPr.get("descr") for shape in shapes] == ["电路图", "甲", "乙"]
    assert round(shapes[0].width.mm / shapes[0].height.mm, 2) == round(420 / 260, 2)


def test_marks_are_fonts_and_tables_are_tables(rich_document: Document) -> None:
    runs = {run.text: run.font for each in rich_document.paragraphs for run in each.runs}
    assert runs["2"].superscript
    assert runs["线"].underline
    assert runs["粗"].bold
    assert any(cell.text == "名称" for table in rich_document.tables for cell in table._cells)


def test_a_material_stands_once_before_its_set(rich_document: Document) -> None:
    rows = [each.text for each in rich_document.paragraphs]
    assert rows.index("根据下列材料，回答第4题～第5题。") < rows.index("4．第一问（\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0）")
    assert sum("电动机" in row for row in rows) == 1
