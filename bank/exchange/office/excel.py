"""Sheets of .xlsx and .xls workbooks as grids: values as a person sees them, merges, hidden rows, pictures by row.

Cells are streamed, so a sheet with a million formatted empty rows costs no more than its content.
"""

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
import xlrd
from openpyxl.cell.rich_text import CellRichText, TextBlock

from bank.exchange.cells import MAX_COLUMNS, MAX_GAP, MAX_ROWS, Grid
from bank.exchange.glyphs import clean, trim
from bank.exchange.inlays import Inlays, own
from bank.exchange.office.sheetparts import SheetParts, cell_pictures, sheet_parts
from bank.exchange.standard import is_own
from bank.exchange.zipguard import open_archive
from bank.ground.errors import BadInput
from bank.notation import Mark, Text, write_runs

MAX_XLS_BYTES = 16 * 1024 * 1024
_WPS_PICTURE = re.compile(r'^=?(?:_xlfn\.)?DISPIMG\(\s*"?([^",)]*)')
_MARKS = {"superscript": Mark.SUP, "subscript": Mark.SUB, 1: Mark.SUP, 2: Mark.SUB}
_DATE_REMARK = "有单元格是日期格式（例如把“1-2”存成了 1 月 2 日），请核对选项和答案"
_HIDDEN_SHEET = "工作表“{}”是隐藏的，其中的试题也已读取，请核对"


@dataclass(slots=True)
class _Sheet:
    """A sheet while its cells come in: where they go, and what stands for the signs that are no characters.

    Below a header of our own its cells are in the notation already.
    """

    grid: Grid
    inlays: Inlays
    placed: Mapping[str, str]
    own: bool = False

    def text(self, text: str) -> str:
        """A cell's text, with what is typed in it as inlays."""
        self.own = self.own or is_own(text)
        return text if self.own or not ("$" in text or "<" in text or "\\" in text) else self.inlays.typed(text)

    def marked(self, text: str, mark: Mark | None) -> str:
        """A stretch of a cell in raised or lowered type."""
        if not mark or not trim(text):
            return text
        return write_runs([Text(text, mark)]) if self.own else self.inlays.hide(Text(text, mark))


def read_xlsx(name: str, data: bytes, columns: int = MAX_COLUMNS, inlays: Inlays | None = None) -> list[Grid]:
    """The sheets of an .xlsx workbook in order; raises BadInput when it cannot be opened.

    Formulas, marks and pictures come as `inlays`; without them cells hold their plain reading.
    """
    if inlays is None:
        return _plain(read_xlsx(name, data, columns, inlays := Inlays()), inlays)
    with open_archive(data, name) as archive:
        parts = sheet_parts(archive, inlays)
        placed = cell_pictures(archive, inlays)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, rich_text=True)
            grids = []
            for sheet in book.worksheets:
                into = _Sheet(Grid(sheet.title), inlays, placed)
                grids.append(_xlsx_grid(name, sheet, parts.get(sheet.title, SheetParts()), columns, into))
            book.close()
    except BadInput:
        raise
    except Exception as error:  # foreign bytes may fail the parser in any way
        raise BadInput(f"工作簿 {name} 已损坏，打不开；请用 Excel 或 WPS 打开后重新保存再试") from error
    return grids


def _xlsx_grid(name: str, sheet: Any, parts: SheetParts, columns: int, into: _Sheet) -> Grid:
    grid = into.grid
    if sheet.sheet_state != "visible":
        grid.notes.append(_HIDDEN_SHEET.format(sheet.title))
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(max_col=columns), 1)
    _fill(name, grid, ((number, [_xlsx_text(cell, number, into) for cell in cells]) for number, cells in rows))
    _place_merges(grid, parts.merges)
    grid.hidden = parts.hidden
    grid.figures, grid.names = parts.figures, parts.names
    for number, count in parts.lost.items():
        grid.pictures[number] = grid.pictures.get(number, 0) + count
    # A picture below the last row of text belongs to a row that is not there.
    for number in sorted({*grid.figures, *grid.pictures} - set(grid.numbers)):
        grid.add(number, [])
    grid.notes += [f"第 {number} 行旁边有文本框，其中的文字没有读取" for number in sorted(parts.boxes)]
    if parts.adrift > 0:
        grid.notes.append(f"有 {parts.adrift} 个嵌入对象（如公式编辑器）没有读取，请改为文字")
    for number in parts.objects:
        grid.faults.setdefault(number, []).append("含嵌入对象（如公式编辑器），无法读取，请改为文字")
    return grid


def _fill(name: str, grid: Grid, rows: Iterator[tuple[int, list[str]]]) -> None:
    """Take rows until the table ends, saying so when what follows a long gap is left unread."""
    gap = 0
    for number, cells in rows:
        gap = 0 if any(map(trim, cells)) else gap + 1
        if gap > MAX_GAP:
            grid.notes.append(f"第 {number} 行起已有 {MAX_GAP} 多个空行，其后的内容没有读取；如有试题请删去空行")
            break
        if number > MAX_ROWS:
            raise BadInput(f"工作簿 {name} 的工作表“{grid.name}”超过 {MAX_ROWS} 行，请拆成几个文件再导入")
        grid.add(number, cells)
    while grid.rows and not grid.rows[-1]:
        grid.rows.pop()
        grid.numbers.pop()


def _place_merges(grid: Grid, merges: list[tuple[int, int, int, int]]) -> None:
    """Spread the value of vertical merges downward, and mark rows that are one cell over most of the width."""
    width = max((len(row) for row in grid.rows), default=0)
    index = {number: i for i, number in enumerate(grid.numbers)}
    for first, left, last, right in merges:
        if first not in index or left >= MAX_COLUMNS:
            continue
        if right - left + 1 >= max(3, width - 1):
            grid.wide.update(range(first, min(last, first + MAX_GAP) + 1))
            continue
        row = grid.rows[index[first]]
        value = row[left] if left < len(row) else ""
        for number in range(first + 1, min(last, MAX_ROWS) + 1):
            if value and number in index:
                grid.merged[index[number], left] = value


def _xlsx_text(cell: Any, number: int, into: _Sheet) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, CellRichText):
        return into.text("".join(_run_text(run, into) for run in value))
    if isinstance(value, str):
        if found := _WPS_PICTURE.match(value):
            return _cell_picture(found[1], number, into)
        return into.text(own(clean(value)))
    return _shown(value, cell.number_format or "General", number, into.grid)


def _cell_picture(token: str, number: int, into: _Sheet) -> str:
    """A picture that WPS keeps in the cell itself."""
    sign = into.placed.get(token, "")
    if not sign:
        into.grid.pictures[number] = into.grid.pictures.get(number, 0) + 1
    return sign


def _run_text(run: str | TextBlock, into: _Sheet) -> str:
    text = own(clean(str(run) if isinstance(run, str) else run.text or ""))
    return into.marked(text, None if isinstance(run, str) else _MARKS.get(run.font.vertAlign))


def _shown(value: Any, number_format: str, number: int, grid: Grid) -> str:
    """A number or date as its cell shows it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (datetime, date, time)):
        remarks = grid.remarks.setdefault(number, [])
        if _DATE_REMARK not in remarks:
            remarks.append(_DATE_REMARK)
        if isinstance(value, time):
            return value.isoformat(timespec="minutes")
        return f"{value:%Y-%m-%d}" if "y" in number_format.casefold() else f"{value.month}月{value.day}日"
    return _number_text(value, number_format) if isinstance(value, (int, float)) else clean(str(value))


def _number_text(value: float, number_format: str) -> str:
    first = number_format.split(";", maxsplit=1)[0]
    places = re.fullmatch(r"#?,?#*0(?:\.(0+))?(%?)", first)
    if places and (places[1] or places[2]):
        shown = value * 100 if places[2] else value
        return f"{shown:.{len(places[1] or '')}f}{places[2]}"
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    return f"{value:.15f}".rstrip("0") if "e-" in text and abs(value) > 1e-9 else text


def _plain(grids: list[Grid], inlays: Inlays) -> list[Grid]:
    for grid in grids:
        grid.change(inlays.plain)
    return grids


def read_xls(name: str, data: bytes, columns: int = MAX_COLUMNS, inlays: Inlays | None = None) -> list[Grid]:
    """The sheets of an .xls workbook in order, as `read_xlsx` gives them; raises BadInput when it cannot be opened."""
    if inlays is None:
        return _plain(read_xls(name, data, columns, inlays := Inlays()), inlays)
    if len(data) > MAX_XLS_BYTES:
        raise BadInput(f"工作簿 {name} 超过 {MAX_XLS_BYTES // 1024 // 1024} MB，请另存为 .xlsx 后再导入")
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        grids = [_xls_grid(name, book, sheet, columns, inlays) for sheet in book.sheets()]
    except BadInput:
        raise
    except Exception as error:  # foreign bytes may fail the parser in any way
        advice = (
            "已加密，请先取消密码再导入" if "encrypted" in str(error) else "已损坏，打不开；请另存为 .xlsx 后再导入"
        )
        raise BadInput(f"工作簿 {name} {advice}") from error
    if grids and any(magic in data for magic in (b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1")):
        grids[0].notes.append("工作簿中有图片，.xls 里的图片读不出位置；如试题需要图片，请另存为 .xlsx 后再导入")
    return grids


def _xls_grid(name: str, book: Any, sheet: Any, columns: int, inlays: Inlays) -> Grid:
    grid = Grid(sheet.name)
    if sheet.visibility:
        grid.notes.append(_HIDDEN_SHEET.format(sheet.name))
    into, width = _Sheet(grid, inlays, {}), min(sheet.ncols, columns)
    rows = ((r + 1, [_xls_text(book, sheet, r, c, into) for c in range(width)]) for r in range(sheet.nrows))
    _fill(name, grid, rows)
    _place_merges(grid, [(r1 + 1, c1, r2, c2 - 1) for r1, r2, c1, c2 in sheet.merged_cells])
    grid.hidden = {r + 1 for r, info in sheet.rowinfo_map.items() if info.hidden}
    return grid


def _xls_text(book: Any, sheet: Any, row: int, column: int, into: _Sheet) -> str:
    cell = sheet.cell(row, column)
    if cell.ctype == xlrd.XL_CELL_TEXT:
        runs = sheet.rich_text_runlist_map.get((row, column))
        return into.text(_rich_text(book, cell.value, runs, into) if runs else own(clean(cell.value)))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype not in {xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE}:
        return ""
    number_format = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    value = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE:
        value = xlrd.xldate_as_datetime(value, book.datemode)
    return _shown(value, number_format, row + 1, into.grid)


def _rich_text(book: Any, text: str, runs: list[tuple[int, int]], into: _Sheet) -> str:
    """Text whose fonts raise or lower parts of it, m³ or H₂O."""
    ends = [start for start, _ in runs[1:]] + [len(text)]
    result = own(clean(text[: runs[0][0]]))
    for (start, font), end in zip(runs, ends, strict=True):
        result += into.marked(own(clean(text[start:end])), _MARKS.get(book.font_list[font].escapement))
    return result
