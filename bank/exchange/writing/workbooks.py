"""Saving a workbook in memory: openpyxl puts each sheet into a temporary file first, a readable copy on the disk."""

# ruff: noqa: SLF001 - openpyxl has no other place where one could step in

import io
import zipfile
from typing import Any

import openpyxl
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter


class _InMemory(ExcelWriter):
    """openpyxl's writer of workbooks, its sheets held in memory."""

    def write_worksheet(self, ws: Any) -> None:
        """As in openpyxl, but for where the sheet is written to."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        sheet = io.BytesIO()
        writer: Any = WorksheetWriter(ws, sheet)
        writer.write()
        ws._rels = writer._rels
        archive: zipfile.ZipFile = self._archive  # type: ignore[attr-defined]
        archive.writestr(ws.path[1:], sheet.getvalue())
        self.manifest.append(ws)


def workbook_bytes(book: openpyxl.Workbook) -> io.BytesIO:
    """The finished file of a workbook."""
    stream = io.BytesIO()
    _InMemory(book, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)).save()
    return stream
