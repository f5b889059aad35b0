"""Old workbooks, and sheets larger than what they hold."""

import io
import zipfile
from typing import Any

import pytest

from bank.exchange.cells import MAX_GAP
from bank.exchange.intake import read_items
from bank.exchange.office import excel
from bank.ground.errors import BadInput
from tests.bank.exchange.question_files import biff, compound, contents, judge, single, with_member, workbook

ROWS = [
    ["题型", "题目", "A", "B", "答案"],
    ["单选题", "排气温度升高（ ）。", 0.5, 0.25, "B"],
    ["判断题", "安全阀可以拆除。", None, None, "×"],
]
READ = [single("排气温度升高（ ）。", ["50%", "25%"], "B"), judge("安全阀可以拆除。", "错误")]


def test_old_workbooks_with_and_without_their_wrapping() -> None:
    for data in (biff(ROWS), compound(biff(ROWS))):
        reading = read_items("题库.xls", data)
        assert (reading.format, contents(reading)) == ("xls", READ)


def test_hidden_rows_of_old_workbooks() -> None:
    reading = read_items("题库.xls", biff(ROWS, hidden_rows=[2]))
    assert "隐藏" in reading.items[1].notes[0]


def test_old_workbooks_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MAX_XLS_BYTES", 1000)
    with pytest.raises(BadInput, match=r"另存为 \.xlsx"):
        read_items("题库.xls", compound(biff(ROWS)))


def test_raised_signs_in_cells() -> None:
    """Excel keeps text in a table of its own; the test's writer puts it into the cells."""
    data = workbook(("S", [["题目", "答案", "A", "B"], ["体积的单位（ ）", "A", "m3", "kg"]]))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = (
        f'<sst xmlns="{main}"><si><r><t>m</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>3</t></r></si></sst>'
    )
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        sheet = source.read("xl/worksheets/sheet1.xml").decode()
        types = source.read("[Content_Types].xml").decode()
    part = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = types.replace("</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{part}"/></Types>')
    sheet = sheet.replace('t="inlineStr"><is><t>m3</t></is>', 't="s"><v>0</v>')
    for name, body in (
        ("xl/worksheets/sheet1.xml", sheet),
        ("[Content_Types].xml", types),
        ("xl/sharedStrings.xml", strings),
    ):
        data = with_member(data, name, body.encode())
    assert contents(read_items("题库.xlsx", data))[0].options == ("m<sup>3</sup>", "kg")


def test_a_cell_far_away_costs_nothing_and_a_long_gap_is_told() -> None:
    def shape(book: Any) -> None:
        book.active.cell(1_048_576, 16_384).value = "远"

    data = workbook(("S", ROWS), shape=shape)
    reading = read_items("题库.xlsx", data)
    assert [content.key for content in contents(reading)] == ["B", "错误"]
    assert any(str(MAX_GAP) in note for note in reading.notes)


def test_pictures_of_wps_cells_are_counted() -> None:
    rows = [ROWS[0], ["单选题", "标志的含义（ ）", '=DISPIMG("ID_1",1)', "禁止", "B"]]

    def shape(book: Any) -> None:
        book.active["C2"].data_type = "s"

    reading = read_items("题库.xlsx", workbook(("S", rows), shape=shape))
    assert "图片" in reading.rejected[0].reason


def test_hidden_sheets_are_read_and_told() -> None:
    def shape(book: Any) -> None:
        book["旧题"].sheet_state = "hidden"

    reading = read_items("题库.xlsx", workbook(("新题", ROWS), ("旧题", ROWS), shape=shape))
    assert len(reading.items) == 4
    assert any("隐藏" in note for note in reading.notes)


def test_text_that_begins_like_a_formula_stays_text() -> None:
    def shape(book: Any) -> None:
        book.active["C2"].data_type = "s"

    rows = [ROWS[0], ["单选题", "电源为（ ）。", "=24V", "+24V", "B"]]
    assert contents(read_items("题库.xlsx", workbook(("S", rows), shape=shape)))[0].options == ("=24V", "+24V")
