"""Tables that are handed out, for a spreadsheet. What begins like a formula is text in them, never run."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def table_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Comma separated; the byte order mark tells Excel that it is UTF-8."""
    text = StringIO()
    csv.writer(text).writerows(map(_guarded, row) for row in rows)
    return ("\ufeff" + text.getvalue()).encode()


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def table_book(name: str, rows: Iterable[list[Any]], header: int = 1) -> Workbook:
    """A workbook with one sheet, whose columns are as wide as their names in the header row."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for at, cell in enumerate(sheet[header], start=1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = max(6, 2 * len(str(cell.value)) + 2)
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    return book


def book_bytes(book: Workbook) -> bytes:
    """The workbook as a file."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
