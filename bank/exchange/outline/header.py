"""Finding the header of an outline table and what each of its columns holds.

Headers have one to three rows, cells that are merged sideways or downwards, and words that drifted over the years:
鉴定范围 or 行为领域, 一级 or 1级, 鉴定点 or 考评点, 代码 or 编码, 比重 or 权重.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bank.outlines import MOST_GRADES

POINT_WORDS = ("鉴定点", "考评点", "认定点", "考核点", "评价点", "知识点")
SCOPE_WORDS = ("范围", "行为领域")
LOOKED_AT = 20
_GRADE = re.compile(rf"第?([一二三四五六1-{MOST_GRADES}])级")
_COUNTED = re.compile(r"数量|个数|题量|题数|试题数|总数")
_WEIGHT = re.compile(r"比重|权重|比例|占比")
_CODE = re.compile(r"代码|编码|编号")
_IMPORTANCE = re.compile(r"重要程度|重要性|X[/／、]Y[/／、]Z")
_NAME = re.compile(r"名称|内容|要素")
_HEADER = re.compile(
    r"(?:理论知识|操作技能|鉴定|考核|考评|认定|评价|范围|要素|行为领域|知识点|点|第|[一二三四五六1-6]级|"
    r"代码|编码|编号|名称|内容|比重|权重|占比|比例|重要程度|重要性|序号|备注|数量|个数|难度|"
    r"[XYZ]|[（）()［］\[\]%％/／、，,·.:：+]|和|及|\d+%)+"
)


@dataclass(slots=True)
class Columns:
    """Column numbers by role: `scopes[grade]` and `point` map code, name and weight to a column."""

    scopes: dict[int, dict[str, int]] = field(default_factory=dict)
    point: dict[str, int] = field(default_factory=dict)
    importance: int | None = None
    # One row an element, scope or point, told apart by its code: 代码, 名称, 比重, 重要程度.
    upright: bool = False

    def named(self) -> Iterator[dict[str, int]]:
        """Each group of columns that names something."""
        yield from self.scopes.values()
        yield self.point


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row says what the columns are: most of its cells are made of the words of headers."""
    texts = [squeezed for cell in cells if (squeezed := "".join(cell.split()))]
    known = sum(bool(_HEADER.fullmatch(text)) for text in texts)
    return len(texts) > 1 and known > 1 and known >= 0.6 * len(texts)


def locate(rows: Sequence[Sequence[str]]) -> tuple[int, Columns] | None:
    """The first data row and the columns' roles; None for a table that is no outline."""
    for first, cells in enumerate(rows[:LOOKED_AT]):
        if not is_header(cells):
            continue
        last = first
        while last + 1 < min(len(rows), first + 4) and is_header(rows[last + 1]):
            last += 1
        columns = _roles(rows[first : last + 1])
        return (last + 1, columns) if columns is not None else None
    return None


def _roles(header: Sequence[Sequence[str]]) -> Columns | None:
    """Roles by header text; a cell that says only 代码, 名称 or 比重 belongs to the group that began left of it."""
    columns, grade, in_point = Columns(), 0, False
    loose: dict[str, int] = {}
    for column in range(max(len(cells) for cells in header)):
        words = ("".join(cells[column].split()) for cells in header if column < len(cells))
        text = "".join(dict.fromkeys(words))
        if not text or _COUNTED.search(text):
            continue
        kind, found = _kind(text), _GRADE.search(text)
        about_point = any(word in text for word in POINT_WORDS)
        about_scope = any(word in text for word in SCOPE_WORDS)
        if about_point and about_scope:
            columns.upright = in_point = True
        elif found or about_scope:
            in_point = False
            grade = _grade(found[1]) if found else _next_grade(columns, grade, kind)
        elif about_point:
            in_point = True
        if kind == "importance":
            columns.importance = column
        elif kind:
            group = columns.point if in_point else columns.scopes.setdefault(grade, {}) if grade else loose
            group.setdefault(kind, column)
    # What stands before every group is another thing (题库名称), unless nothing else names anything.
    if columns.upright or not (columns.scopes or columns.point):
        columns.point = loose | columns.point
    return _settled(columns)


def _grade(word: str) -> int:
    return int(word) if word.isdigit() else "一二三四五六".index(word) + 1


def _next_grade(columns: Columns, grade: int, kind: str) -> int:
    """A group without its number goes on with the grade before, until that has such a column already."""
    return grade + 1 if not grade or kind in columns.scopes.get(grade, {}) else grade


def _kind(text: str) -> str:
    """What a column holds: code, name, weight, importance; "" for one that an outline does not need."""
    if "名称" in text:
        return "name"
    if _IMPORTANCE.search(text):
        return "" if "比例" in text else "importance"
    for kind, words in (("weight", _WEIGHT), ("code", _CODE)):
        if words.search(text):
            return kind
    grouped = _GRADE.search(text) or any(word in text for word in (*SCOPE_WORDS, *POINT_WORDS))
    return "name" if grouped or _NAME.search(text) else ""


def _settled(columns: Columns) -> Columns | None:
    """Make sense of the roles as a whole: knowledge levels end in the point, a lone list is told apart by codes."""
    columns.scopes = {grade: roles for grade, roles in columns.scopes.items() if {"code", "name"} & set(roles)}
    weighted = any("weight" in roles for roles in columns.scopes.values())
    named = bool({"code", "name"} & set(columns.point))
    if columns.scopes and not named and not weighted and len(columns.scopes) > 1:
        columns.point = columns.scopes.pop(max(columns.scopes))
        return columns
    if not columns.scopes and {"code", "name", "weight"} <= set(columns.point):
        columns.upright = True
    if columns.upright:
        columns.scopes = {}
        return columns if "code" in columns.point else None
    return columns if columns.scopes or {"code", "name"} <= set(columns.point) else None
