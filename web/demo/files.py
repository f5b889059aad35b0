"""The office files that the demo imports: banks in Word and Excel, outlines in the national form (Article 6(1)).

The demo's questions and outlines lie beside this file as plain rows, so that people can read and correct them. What a
certifying body really has is office files, so the demo writes those first and then goes the same way as any user. The
same rows always give the same bytes.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

import docx
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bank.content import LETTERS, TYPE_NAMES, ItemType
from bank.occupations import LEVEL_NAMES

Row = Mapping[str, Any]
Outline = Mapping[str, Any]

BANK_HEADER = ["序号", "题型", "题干", *(f"选项{c}" for c in "ABCDE"), "答案", "鉴定点代码", "难度", "解析"]
BANK_WIDTHS = [6, 12, 48, 18, 18, 18, 18, 18, 8, 14, 6, 32]
SCOPE_GRADES = ("一级", "二级", "三级")
SCOPE_COLUMNS = ("代码", "名称", "鉴定比重（%）")
POINT_COLUMNS = ("代码", "名称", "重要程度")
OUTLINE_WIDTHS = [7, 14, 10, 7, 22, 10, 8, 26, 10, 12, 34, 10]
FIRST_POINT_ROW = 5
SECTION_NUMERALS = "一二三四五六七八"
FROZEN = datetime(2024, 1, 1)  # noqa: DTZ001 - zip members and office properties hold bare local times
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
LEFT = Alignment(vertical="center", wrap_text=True)
THIN = Side(style="thin")
RULED = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def demo_rows(bank: str) -> list[dict[str, Any]]:
    """The rows of one demo bank, by the name of its file: electrician_4, welder_5, forklift_5, forklift_5_padding."""
    text = (files("web.demo") / "data" / f"{bank}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def demo_outline(bank: str) -> dict[str, Any]:
    """The outline that a demo bank is built against."""
    text = (files("web.demo") / "data" / f"{bank}.outline.json").read_text(encoding="utf-8")
    outline: dict[str, Any] = json.loads(text)
    return outline


def bank_docx(rows: Sequence[Row], title: str) -> bytes:
    """A question bank as teachers keep it in Word: sections by type, a line each for option, key, point, difficulty."""
    document = docx.Document()
    document.add_heading(title, level=0)
    number = 0
    for numeral, (kind, section) in zip(SECTION_NUMERALS, _sections(rows), strict=False):
        span = f"第{number + 1}题～第{number + len(section)}题"
        document.add_heading(f"{numeral}、{TYPE_NAMES[kind]}（{span}）", level=1)
        for row in section:
            number += 1
            for line in _question_lines(row, number):
                document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return _frozen(buffer.getvalue())


def bank_xlsx(rows: Sequence[Row], title: str) -> bytes:
    """A question bank as one Excel sheet: a title row, a header row, one question a row."""
    book, sheet = _sheet("试题", BANK_WIDTHS)
    sheet.append([title])
    sheet.append(BANK_HEADER)
    for number, row in enumerate(rows, 1):
        options = [*row["options"], *[None] * (5 - len(row["options"]))]
        place = [row["answer"], row["point"], row["difficulty"], row.get("rationale")]
        sheet.append([number, TYPE_NAMES[ItemType(row["type"])], row["stem"], *options, *place])
    _title_over(sheet, len(BANK_HEADER))
    _rule(sheet, first=2, centred_to=2)
    sheet.freeze_panes = "A3"
    return _saved(book)


def outline_xlsx(outline: Outline) -> bytes:
    """An outline in the national form: two header rows, scopes merged downwards over their points."""
    book, sheet = _sheet("鉴定要素细目表", OUTLINE_WIDTHS)
    level = LEVEL_NAMES[outline["level"]]
    sheet.append([f"{outline['occupation_name']}（{level}）理论知识鉴定要素细目表"])
    sheet.append([f"职业编码：{outline['occupation']}　　职业：{outline['occupation_name']}　　等级：{level}"])
    sheet.append([cell for grade in SCOPE_GRADES for cell in (f"{grade}鉴定范围", None, None)] + ["鉴定点", None, None])
    sheet.append([*SCOPE_COLUMNS * len(SCOPE_GRADES), *POINT_COLUMNS])
    _title_over(sheet, len(OUTLINE_WIDTHS))
    sheet.merge_cells("A2:L2")
    for first in range(1, len(OUTLINE_WIDTHS) + 1, 3):
        sheet.merge_cells(start_row=3, start_column=first, end_row=3, end_column=first + 2)
    _fill_points(sheet, outline)
    _rule(sheet, first=3, centred_to=4)
    sheet.freeze_panes = "A5"
    return _saved(book)


def _sections(rows: Sequence[Row]) -> Iterator[tuple[ItemType, list[Row]]]:
    for kind in ItemType:
        section = [row for row in rows if row["type"] == kind]
        if section:
            yield kind, section


def _question_lines(row: Row, number: int) -> list[str]:
    lines = [f"{number}. {row['stem']}"]
    lines += [f"{letter}. {option}" for letter, option in zip(LETTERS, row["options"], strict=False)]
    lines.append(f"答案：{row['answer']}")
    if "rationale" in row:
        lines.append(f"解析：{row['rationale']}")
    return [*lines, f"鉴定点：{row['point']}", f"难度：{row['difficulty']}"]


def _fill_points(sheet: Worksheet, outline: Outline) -> None:
    """One row a point; a scope is written once, in the first row of its points, and merged over the rest."""
    scopes = {scope["code"]: scope for scope in outline["scopes"]}
    opened: dict[str, int] = {}
    for at, point in enumerate(outline["points"], FIRST_POINT_ROW):
        for grade, code in enumerate(_lineage(point["scope"])):
            if code not in opened:
                opened[code] = at
                for offset, key in enumerate(("code", "name", "weight")):
                    sheet.cell(at, grade * 3 + 1 + offset, scopes[code][key])
        for offset, key in enumerate(("code", "name", "importance")):
            sheet.cell(at, 10 + offset, point[key])
    _merge_scopes(sheet, opened)


def _lineage(code: str) -> list[str]:
    """The codes of a scope and of those above it, outermost first: A, A-B, A-B-C."""
    parts = code.split("-")
    return ["-".join(parts[: depth + 1]) for depth in range(len(parts))]


def _merge_scopes(sheet: Worksheet, opened: Mapping[str, int]) -> None:
    for code, first in opened.items():
        grade = code.count("-")
        later = [row for other, row in opened.items() if row > first and other.count("-") <= grade]
        last = min(later, default=sheet.max_row + 1) - 1
        for column in range(grade * 3 + 1, grade * 3 + 4) if last > first else ():
            sheet.merge_cells(start_row=first, start_column=column, end_row=last, end_column=column)


def _sheet(name: str, widths: Sequence[int]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet: Worksheet = book.create_sheet(name)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    return book, sheet


def _title_over(sheet: Worksheet, columns: int) -> None:
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = CENTRED


def _rule(sheet: Worksheet, *, first: int, centred_to: int) -> None:
    """Thin rules around every cell from the row `first` on; header rows up to `centred_to` are bold and centred."""
    for number, cells in enumerate(sheet.iter_rows(min_row=first, max_col=len(sheet.column_dimensions)), first):
        for cell in cells:
            cell.border = RULED
            cell.alignment = CENTRED if number <= centred_to else LEFT
            cell.font = Font(bold=number <= centred_to)


def _saved(book: Workbook) -> bytes:
    book.properties.creator = "题盾演示"
    book.properties.created = FROZEN
    buffer = io.BytesIO()
    book.save(buffer)
    return _frozen(buffer.getvalue())


def _frozen(data: bytes) -> bytes:
    """The same office file without the times of its writing, so that equal rows give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = MODIFIED.sub(rb"\g<1>" + FROZEN.isoformat().encode() + b"Z", content)
            info = zipfile.ZipInfo(member.filename, FROZEN.timetuple()[:6])
            target.writestr(info, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
