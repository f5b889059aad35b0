"""Reading an outline (鉴定要素细目表) from Excel: three scope grades with weights, points with X/Y/Z.

The national form has a header of one to three rows, merged or blank-down scope cells, and codes that are either whole
(A-B-C-001) or relative to the scope above (C, 001). Both come out whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bank.exchange.cells import Grid
from bank.exchange.excel import read_xls, read_xlsx
from bank.exchange.sniff import office_kind
from bank.ground.errors import BadInput
from bank.outlines import Importance

GRADES = {"一级": 1, "二级": 2, "三级": 3, "1级": 1, "2级": 2, "3级": 3, "行为领域": 1}
POINT_WORDS = ("鉴定点", "考评点", "认定点", "考核点", "知识点")
CODE = re.compile(r"[A-Za-z0-9]+(?:[-—－.][A-Za-z0-9]+)*")
GLUED = re.compile(rf"\s*({CODE.pattern})[\s、.：:]*([^\x00-\x7f].*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """A scope as read; weight in hundredths of a percent or None."""

    code: str
    name: str
    grade: int
    weight: int | None


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point as read, under its innermost scope."""

    code: str
    name: str
    scope: str
    importance: Importance


@dataclass(frozen=True, slots=True)
class OutlineReading:
    """What an outline file holds, and the rows that could not be taken."""

    scopes: tuple[ScopeRow, ...]
    points: tuple[PointRow, ...]
    rejected: tuple[tuple[int, str], ...]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Columns:
    """Column numbers by role; `scopes[grade]` maps code/name/weight to a column."""

    scopes: dict[int, dict[str, int]] = field(default_factory=dict)
    point: dict[str, int] = field(default_factory=dict)
    importance: int | None = None


@dataclass(slots=True)
class _Found:
    scopes: dict[str, ScopeRow] = field(default_factory=dict)
    points: dict[str, PointRow] = field(default_factory=dict)
    rejected: list[tuple[int, str]] = field(default_factory=list)


def read_outline(name: str, data: bytes) -> OutlineReading:
    """The outline in an .xlsx or .xls file; raises BadInput when no sheet has points."""
    found = _Found()
    for grid in _grids(name, data):
        rows = _filled(grid)
        located = _locate(rows)
        if located is not None:
            _take_rows(rows, grid.numbers, *located, found)
    if not found.points:
        raise BadInput(f"{name}：没有找到鉴定点。表头应有“鉴定范围”的代码、名称、比重和“鉴定点”的代码、名称、重要程度")
    warnings = _weigh(found.scopes) + _shares(found.points)
    return OutlineReading(
        tuple(found.scopes.values()), tuple(found.points.values()), tuple(found.rejected), tuple(warnings)
    )


def _grids(name: str, data: bytes) -> list[Grid]:
    kind = office_kind(name, data)
    if kind not in {"xlsx", "xls"}:
        raise BadInput(f"{name}：细目表请用 Excel 文件（.xlsx 或 .xls）")
    return read_xlsx(name, data) if kind == "xlsx" else read_xls(name, data)


def _filled(grid: Grid) -> list[list[str]]:
    """All rows of one width, cells under a vertical merge holding its value."""
    width = max((len(row) for row in grid.rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in grid.rows]
    for (row, column), value in grid.merged.items():
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    return rows


def _locate(rows: Sequence[Sequence[str]]) -> tuple[int, _Columns] | None:
    """The first data row and the roles of the columns; None for a sheet that is no outline."""
    for row, cells in enumerate(rows[:15]):
        texts = {"".join(cell.split()) for cell in cells} - {""}
        if len(texts) > 1 and any(word in text and len(text) < 12 for text in texts for word in POINT_WORDS):
            last = row
            while last + 1 < min(len(rows), row + 3) and _is_header(rows[last + 1]):
                last += 1
            first = row - 1 if row and any("范围" in cell for cell in rows[row - 1]) else row
            return last + 1, _roles(rows[first : last + 1])
    return None


def _is_header(cells: Sequence[str]) -> bool:
    words = ("代码", "名称", "比重", "重要程度", "编码", "权重", "（%）", "(%)", "X/Y/Z")
    return sum(any(word in cell for word in words) for cell in cells) >= 2


def _roles(header: Sequence[Sequence[str]]) -> _Columns:
    """Roles by header text; a cell that says only 代码, 名称 or 比重 belongs to the group that began left of it."""
    columns, grade, in_point = _Columns(), 0, False
    for column in range(max(len(cells) for cells in header)):
        words = ("".join(cells[column].split()) for cells in header if column < len(cells))
        text = "".join(dict.fromkeys(words))
        if not text:
            continue
        kind = _kind(text)
        if any(word in text for word in POINT_WORDS):
            in_point = True
        elif "范围" in text or any(word in text for word in GRADES):
            in_point, grade = False, next((n for word, n in GRADES.items() if word in text), max(grade, 1))
        if "重要程度" in text or "重要性" in text:
            columns.importance = column
        elif in_point:
            columns.point.setdefault(kind, column)
        elif grade:
            columns.scopes.setdefault(grade, {}).setdefault(kind, column)
    return columns


def _kind(text: str) -> str:
    if "比重" in text or "权重" in text or "比例" in text:
        return "weight"
    return "code" if ("代码" in text or "编码" in text or "编号" in text) and "名称" not in text else "name"


def _take_rows(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], first: int, columns: _Columns, found: _Found
) -> None:
    """Walk the rows, blank scope cells meaning the same as above."""
    above: dict[int, tuple[str, str, str]] = {}
    for cells, number in zip(rows[first:], numbers[first:], strict=True):
        texts = [cell.strip() for cell in cells if cell.strip()]
        if texts and not re.match(r"(合计|总计|小计)", texts[0]):
            _take_point(cells, number, _scope_chain(cells, columns, above, found), columns, found)


def _scope_chain(cells: Sequence[str], columns: _Columns, above: dict[int, tuple[str, str, str]], found: _Found) -> str:
    """The whole code of the innermost scope of this row; `above` holds code and name as written, and the whole code."""
    parent = ""
    for grade in sorted(columns.scopes):
        code, name = _code_and_name(cells, columns.scopes[grade])
        written = above.get(grade, ("", "", ""))
        if (code and code != written[0]) or (name and name != written[1]):
            whole = _whole(code or _next_letter(found.scopes, parent, grade, name), parent)
            above[grade] = (code, name, whole)
            for deeper in [g for g in above if g > grade]:
                del above[deeper]
        if grade not in above:
            continue
        whole = above[grade][2]
        if whole not in found.scopes:
            weight = _weight(cells, columns.scopes[grade].get("weight"))
            found.scopes[whole] = ScopeRow(whole, name or whole, whole.count("-") + 1, weight)
        parent = whole
    return parent


def _take_point(cells: Sequence[str], number: int, scope: str, columns: _Columns, found: _Found) -> None:
    code, name = _code_and_name(cells, columns.point)
    if not code and not name:
        return
    if not scope:
        found.rejected.append((number, f"鉴定点“{name or code}”上面没有鉴定范围，请补全范围代码"))
        return
    if not name:
        found.rejected.append((number, f"鉴定点 {code} 没有名称，请补上"))
        return
    serial = sum(point.scope == scope for point in found.points.values()) + 1
    whole = _whole(code or f"{serial:03d}", scope)
    if whole in found.points:
        found.rejected.append((number, f"鉴定点代码 {whole} 重复，请改成不同的代码"))
        return
    given = cells[columns.importance].strip().upper() if columns.importance is not None else "X"
    letter = next((letter for letter in Importance if letter.value in given), None)
    if letter is None:
        found.rejected.append((number, f"鉴定点 {whole} 的重要程度“{given}”应为 X、Y 或 Z"))
        return
    found.points[whole] = PointRow(whole, name, scope, letter)


def _code_and_name(cells: Sequence[str], columns: dict[str, int]) -> tuple[str, str]:
    code = cells[columns["code"]].strip() if columns.get("code", len(cells)) < len(cells) else ""
    name = " ".join(cells[columns["name"]].split()) if columns.get("name", len(cells)) < len(cells) else ""
    glued = GLUED.match(name) if not code else None
    if glued:
        code, name = glued.group(1), glued.group(2).strip()
    return re.sub(r"[—－.]", "-", code).upper(), name


def _whole(code: str, parent: str) -> str:
    return code if not parent or code.startswith(f"{parent}-") else f"{parent}-{code}"


def _next_letter(scopes: dict[str, ScopeRow], parent: str, grade: int, name: str) -> str:
    """A code for a scope that has only a name: the letter after its siblings, or its own when it is known."""
    siblings = [s for s in scopes.values() if s.grade == grade and s.code.startswith(parent)]
    known = next((s.code for s in siblings if s.name == name), None)
    return known or chr(ord("A") + len(siblings) % 26)


def _weight(cells: Sequence[str], column: int | None) -> int | None:
    text = cells[column].strip().rstrip("%％") if column is not None and column < len(cells) else ""
    try:
        return round(float(text) * 100)
    except ValueError:
        return None


def _weigh(scopes: dict[str, ScopeRow]) -> list[str]:
    """Weights given as parts of one become percent; sums that do not fit are warnings."""
    top = [s for s in scopes.values() if s.grade == 1 and s.weight is not None]
    if top and sum(s.weight or 0 for s in top) == 100:
        for code, scope in list(scopes.items()):
            if scope.weight is not None:
                scopes[code] = ScopeRow(code, scope.name, scope.grade, scope.weight * 100)
        top = [s for s in scopes.values() if s.grade == 1 and s.weight is not None]
    total = sum(s.weight or 0 for s in top)
    return [f"一级鉴定范围比重合计为 {total / 100:g}%，应为 100%"] if top and total != 10000 else []


def _shares(points: dict[str, PointRow]) -> list[str]:
    core = sum(point.importance is Importance.X for point in points.values()) / len(points)
    return [f"核心要素 X 占 {core:.0%}，一般应不低于 80%"] if core < 0.8 else []
