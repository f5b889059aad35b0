import csv
from io import BytesIO, StringIO

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from web.tables import FORMULA_STARTS, book_bytes, table_book, table_csv

CELLS = st.text(st.sampled_from("=+-@ab甲\t'\","), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=4))
def test_no_cell_of_a_csv_can_run(rows: list[list[str]]) -> None:
    text = table_csv(rows).decode("utf-8-sig")
    read = list(csv.reader(StringIO(text, newline="")))
    assert not [cell for row in read for cell in row if cell.startswith(FORMULA_STARTS)]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]


def test_cells_of_a_workbook_are_text_and_numbers() -> None:
    book = load_workbook(BytesIO(book_bytes(table_book("表", [["编号", "内容"], [7, '=HYPERLINK("x")']]))))
    assert [(cell.value, cell.data_type) for cell in book["表"][2]] == [(7, "n"), ('=HYPERLINK("x")', "s")]
