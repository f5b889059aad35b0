"""Writing an outline as the Excel form that people fill in: the template with examples, or one that holds, to revise.

Codes stand whole in their own columns, so that what is written reads back the same.
"""

import io
from collections.abc import Iterable, Sequence

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bank.exchange.outline.files import ScopeRow
from bank.exchange.outline.rows import PointRow
from bank.ground.terms import point_label
from bank.outlines import Importance, OutlineView

_GRADES = "一二三四五六"
_WIDTHS = {"代码": 9, "名称": 22, "鉴定比重（%）": 10, "重要程度": 9}
_THIN = Side(style="thin", color="BFC8D4")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="E8F0FA")

_EXAMPLE_SCOPES = (
    ("A", "基本要求", 2000),
    ("A-A", "职业道德", 500),
    ("A-A-A", "职业守则", 500),
    ("A-B", "基础知识", 1500),
    ("A-B-A", "安全用具", 1500),
    ("B", "相关知识", 8000),
    ("B-A", "作业准备", 8000),
    ("B-A-A", "工具检查", 8000),
)
_EXAMPLE_POINTS = (
    ("A-A-A-001", "交接班时的如实告知", "A-A-A"),
    ("A-B-A-001", "绝缘手套使用前的充气检查", "A-B-A"),
    ("B-A-A-001", "手持工具外壳破损的处置", "B-A-A"),
)


def outline_template() -> bytes:
    """An empty form: its header, three rows to show how they are filled in, and the rules in a line."""
    scopes = [ScopeRow(code, name, code.count("-") + 1, weight) for code, name, weight in _EXAMPLE_SCOPES]
    points = [PointRow(code, name, scope, Importance.X) for code, name, scope in _EXAMPLE_POINTS]
    note = (
        f"下面三行是示例，填写前请删去。每个{point_label()}一行，范围只在第一行写出，下面可以空着；"
        "同一范围下各项比重之和等于上一级的比重，一级合计 100；重要程度写 X、Y 或 Z"
    )
    return _written("职业名称（等级）理论知识鉴定要素细目表", note, scopes, points)


def outline_workbook(title: str, view: OutlineView) -> bytes:
    """An outline as the form, to be revised and read again."""
    scopes = [ScopeRow(one.code, one.name, one.grade, one.weight) for one in view.scopes.values()]
    points = [PointRow(one.code, one.name, one.scope, one.importance) for one in view.points.values()]
    return _written(f"{title}理论知识鉴定要素细目表", f"第 {view.outline.version} 版", scopes, points)


def _written(title: str, note: str, scopes: Sequence[ScopeRow], points: Iterable[PointRow]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = "鉴定要素细目表"
    grades = max((scope.grade for scope in scopes), default=1)
    sheet.append([title])
    sheet.append([note])
    sheet.append([cell for grade in _GRADES[:grades] for cell in (f"{grade}级鉴定范围", None, None)] + [point_label()])
    sheet.append(["代码", "名称", "鉴定比重（%）"] * grades + ["代码", "名称", "重要程度"])
    known, shown = {scope.code: scope for scope in scopes}, set[str]()
    for point in points:
        _append(sheet, _row(point, known, shown, grades))
    _dress(sheet, grades)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _row(point: PointRow, known: dict[str, ScopeRow], shown: set[str], grades: int) -> list[str | float | None]:
    """One point; a scope is written in the first of its rows."""
    row: list[str | float | None] = []
    for grade in range(grades):
        code = "-".join(point.scope.split("-")[: grade + 1])
        scope = known.get(code) if code.count("-") == grade else None
        if scope is None or code in shown:
            row += [None, None, None]
        else:
            row += [scope.code, scope.name, None if scope.weight is None else scope.weight / 100]
            shown.add(code)
    return [*row, point.code, point.name, point.importance.value]


def _append(sheet: Worksheet, row: list[str | float | None]) -> None:
    """Text goes in as text, also where it begins like a formula."""
    number = sheet.max_row + 1
    for column, value in enumerate(row, 1):
        if value is None:
            continue
        cell = sheet.cell(number, column, value)
        if isinstance(value, str):
            cell.data_type = "s"


def _dress(sheet: Worksheet, grades: int) -> None:
    width = grades * 3 + 3
    for number in (1, 2):
        sheet.merge_cells(start_row=number, start_column=1, end_row=number, end_column=width)
    for first in range(1, width, 3):
        sheet.merge_cells(start_row=3, start_column=first, end_row=3, end_column=first + 2)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A1"].alignment = sheet["A2"].alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.row_dimensions[2].height = 32
    for row in sheet.iter_rows(min_row=3, max_col=width):
        for cell in row:
            cell.border = _BORDER
            in_header = (cell.row or 0) < 5
            cell.alignment = Alignment(vertical="center", wrap_text=True, horizontal="center" if in_header else None)
            if in_header:
                cell.font, cell.fill = Font(bold=True), _SHADE
    for column, word in enumerate([*["代码", "名称", "鉴定比重（%）"] * grades, "代码", "名称", "重要程度"], 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS[word] + (12 if column == width - 1 else 0)
    sheet.freeze_panes = "A5"
