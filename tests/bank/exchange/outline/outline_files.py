"""Outline files as they come: workbooks and Word tables of given rows."""

import io
from collections.abc import Sequence

import docx
import openpyxl
from docx.document import Document

Rows = Sequence[Sequence[object]]


def workbook(rows: Rows, merges: tuple[str, ...] = (), **sheets: Rows) -> bytes:
    """A workbook of one sheet, and of further ones by their names."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for area in merges:
        book.active.merge_cells(area)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def document(*tables: Rows, merges: Sequence[tuple[int, int, int]] = (), heading: str = "") -> bytes:
    """A Word file with these tables; `merges` join rows of a column of the first table: (column, first, last)."""
    file = docx.Document()
    if heading:
        file.add_paragraph(heading)
    for rows in tables:
        _add_table(file, rows)
        file.add_paragraph("")
    for column, first, last in merges:
        table = file.tables[0]
        table.cell(first, column).merge(table.cell(last, column))
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def _add_table(file: Document, rows: Rows) -> None:
    table = file.add_table(len(rows), max(map(len, rows)))
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            table.cell(at, column).text = str(value)
