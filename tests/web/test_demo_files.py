"""The office files of the demo hold every row, in the shapes that certifying bodies use."""

import io

import docx
import pytest
from openpyxl import load_workbook

from bank.exchange.intake import read_items
from web.demo.files import BANK_HEADER, bank_docx, bank_xlsx, demo_outline, demo_rows, outline_xlsx

ROWS = demo_rows("forklift_5")
OUTLINE = demo_outline("forklift_5")


def _cells(data):
    return [list(row) for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True)]


def test_word_bank_has_sections_in_the_usual_order():
    document = docx.Document(io.BytesIO(bank_docx(ROWS, "叉车司机题库")))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [
        "一、单项选择题（第1题～第42题）",
        "二、多项选择题（第43题～第45题）",
        "三、判断题（第46题～第62题）",
    ]
    assert document.paragraphs[0].text == "叉车司机题库"


def test_word_bank_holds_every_question_with_key_and_point():
    document = docx.Document(io.BytesIO(bank_docx(ROWS, "题库")))
    lines = [p.text for p in document.paragraphs]
    for row in ROWS:
        at = next(n for n, line in enumerate(lines) if line.endswith(f". {row['stem']}"))
        options = [f"{letter}. {option}" for letter, option in zip("ABCDE", row["options"], strict=False)]
        assert lines[at + 1 : at + 2 + len(options)] == [*options, f"答案：{row['answer']}"]
        rest = lines[at + 2 + len(options) : at + 5 + len(options)]
        assert f"鉴定点：{row['point']}" in rest
        assert f"难度：{row['difficulty']}" in rest or f"解析：{row['rationale']}" in rest


@pytest.mark.parametrize(("write", "ending"), [(bank_docx, "docx"), (bank_xlsx, "xlsx")])
def test_every_question_is_read_back_under_its_own_point(write, ending):
    read = read_items(f"题库.{ending}", write(ROWS, "叉车司机题库")).items
    # The Word file is ordered by type, the sheet as the rows are.
    found = {(one.content.stem, one.point, one.difficulty) for one in read}
    assert found == {(row["stem"], row["point"], row["difficulty"]) for row in ROWS}
    assert len(read) == len(ROWS)


def test_excel_bank_has_one_row_a_question():
    title, header, *cells = _cells(bank_xlsx(ROWS, "叉车司机题库"))
    assert title[0] == "叉车司机题库"
    assert header == BANK_HEADER
    assert [row[2] for row in cells] == [row["stem"] for row in ROWS]
    assert [[o for o in row[3:8] if o] for row in cells] == [row["options"] for row in ROWS]
    assert [row[8:11] for row in cells] == [[row["answer"], row["point"], row["difficulty"]] for row in ROWS]


def test_outline_writes_each_scope_once_and_each_point():
    title, _, *rest = _cells(outline_xlsx(OUTLINE))
    cells = rest[2:]
    assert title[0] == "叉车司机（五级/初级工）理论知识鉴定要素细目表"
    scopes = [row[first : first + 3] for row in cells for first in (0, 3, 6) if row[first]]
    assert scopes == [[scope[key] for key in ("code", "name", "weight")] for scope in OUTLINE["scopes"]]
    assert [row[9:] for row in cells] == [[p["code"], p["name"], p["importance"]] for p in OUTLINE["points"]]


def test_outline_merges_scopes_over_their_points_only():
    sheet = load_workbook(io.BytesIO(outline_xlsx(OUTLINE))).worksheets[0]
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    # The scope A-A-A has two points, A-A and A-A-A end with them, A goes on to its eighth.
    assert {"A5:A12", "D5:D6", "G5:G6", "A13:A34"} <= merged
    assert {"A3:C3", "D3:F3", "G3:I3", "J3:L3"} <= merged


@pytest.mark.parametrize(
    "write",
    [lambda: bank_docx(ROWS, "题库"), lambda: bank_xlsx(ROWS, "题库"), lambda: outline_xlsx(OUTLINE)],
    ids=["bank_docx", "bank_xlsx", "outline_xlsx"],
)
def test_equal_rows_give_equal_bytes(write, time_machine):
    time_machine.move_to("2026-03-01T08:00:00+08:00")
    first = write()
    time_machine.move_to("2027-11-09T20:15:00+08:00")
    assert write() == first
