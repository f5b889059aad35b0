"""Writing an .xlsx workbook of items under our own header, which our reader takes back as it stands.

Every cell is text and marked as such, so nothing that an item says (`=1+1`, `+24V`, `@x`) is run by a spreadsheet.
Pictures hang in the row of their item, each under the name that the item's text calls it by.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from bank.exchange.glyphs import clean
from bank.exchange.standard import HEADERS, written
from bank.exchange.writing.items import LeftOut, Written, WrittenItem, told
from bank.exchange.writing.workbooks import workbook_bytes
from bank.pictures import PictureFile

LONGEST_CELL = 32_000
SHEET = "试题"
_WIDTHS = {"stem": 48, "material": 32, "rationale": 32, "rubric": 28, "task": 28, "answer": 16, "pictures": 24}
_HIGH, _WIDE = 96, 160
_PICTURE_NAME = re.compile(r'<xdr:cNvPr id="\d+" name="[^"]*" descr="[^"]*"|<cNvPr id="\d+" name="[^"]*" descr="[^"]*"')
_RUNS = ("=", "+", "-", "@", "\t", "'")


def write(items: Sequence[WrittenItem], pictures: Mapping[str, PictureFile], title: str) -> Written:
    """The items as a workbook; an item too long for a cell is left out whole."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    book.properties.title = title
    shown = _Shown(sheet, pictures)
    left_out = _fill(sheet, items, shown)
    return Written(_saved(book, shown.names), told([*left_out, *shown.left_out]))


class _Shown:
    """The pictures put on the sheet so far, in order, with the names that the texts call them by."""

    def __init__(self, sheet: Any, pictures: Mapping[str, PictureFile]) -> None:
        self.sheet = sheet
        self.pictures = pictures
        self.names: list[str] = []
        self.left_out: list[LeftOut] = []

    def place(self, number: int, item: WrittenItem, row: int) -> None:
        """Hang the pictures of an item over its row, side by side."""
        column = list(HEADERS).index("pictures") + 1
        for at, token in enumerate(item.content.pictures()):
            if token not in self.pictures:
                self.left_out.append(LeftOut(number, item.name, "有图片已失效，文件中没有这张图"))
                continue
            image = Image(io.BytesIO(self.pictures[token].data))
            scale = min(1.0, _HIGH / max(1, image.height), _WIDE / max(1, image.width))
            image.width, image.height = max(1, int(image.width * scale)), max(1, int(image.height * scale))
            image.anchor = f"{get_column_letter(column + at)}{row}"
            self.sheet.add_image(image)
            self.sheet.row_dimensions[row].height = _HIGH
            self.names.append(token)


def _fill(sheet: Any, items: Sequence[WrittenItem], shown: _Shown) -> list[LeftOut]:
    _head(sheet)
    left_out: list[LeftOut] = []
    sets = set_numbers(items)
    row = 2
    for number, item in enumerate(items, start=1):
        cells = written(item, sets.get(item.content.material, ""))
        if any(len(text) > LONGEST_CELL for text in cells.values()):
            left_out.append(LeftOut(number, item.name, "文字太长，Excel 的一个单元格放不下", whole=True))
            continue
        for column, role in enumerate(HEADERS, start=1):
            if text := clean(cells.get(role, "")):
                put_text(sheet.cell(row, column), text)
        shown.place(number, item, row)
        row += 1
    return left_out


def put_text(cell: Any, text: str) -> None:
    """Text into a cell, never a formula, and shown as text."""
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(_RUNS)
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def _head(sheet: Any) -> None:
    for column, (role, header) in enumerate(HEADERS.items(), start=1):
        cell = sheet.cell(1, column)
        cell.value = header
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE7F3")
        cell.alignment = Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(role, 12)
    sheet.freeze_panes = "A2"


def set_numbers(items: Iterable[WrittenItem]) -> dict[str, str]:
    """A number for each material, in the order of the items."""
    materials = dict.fromkeys(item.content.material for item in items if item.content.material)
    return {material: str(number) for number, material in enumerate(materials, start=1)}


def _saved(book: openpyxl.Workbook, names: Sequence[str]) -> bytes:
    """The file, its pictures named by their tokens."""
    stream = workbook_bytes(book)
    if not names:
        return stream.getvalue()
    renamed = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(renamed, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            body = source.read(info)
            if info.filename == "xl/drawings/drawing1.xml":
                body = _named(body.decode(), names).encode()
            target.writestr(info.filename, body)
    return renamed.getvalue()


def _named(drawing: str, names: Sequence[str]) -> str:
    left = iter(enumerate(names, start=1))

    def name(_: re.Match[str]) -> str:
        number, token = next(left)
        return f'<cNvPr id="{number}" name="{token}" descr="{token}"'

    return _PICTURE_NAME.sub(name, drawing)
