"""Walking the rows of an outline table: blank scope cells mean the same as above, codes come out whole (A-B-C-001)."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bank.exchange.outline.cells import (
    code_of,
    importance_of,
    is_glued,
    name_of,
    take_weight,
    unglue,
    weight_of,
)
from bank.exchange.outline.header import Columns, is_header
from bank.exchange.outline.weights import Weighed
from bank.ground.terms import point_label
from bank.outlines import Importance

_TOTAL = re.compile(r"(?:合计|总计|小计|共计)")
_COMPACT = re.compile(r"[A-Z]+\d*")


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point as read, under its innermost scope."""

    code: str
    name: str
    scope: str
    importance: Importance


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that could not be taken: its number, its place in the file as people say it, and why."""

    row: int
    place: str
    reason: str


@dataclass(slots=True)
class Found:
    """What the tables of a file have yielded so far."""

    scopes: dict[str, Weighed] = field(default_factory=dict)
    points: dict[str, PointRow] = field(default_factory=dict)
    rejected: list[RejectedRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    serials: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the file and where it stands."""

    cells: Sequence[str]
    number: int
    place: str

    def cell(self, column: int | None) -> str:
        """The text of a column, "" where the row ends before it."""
        return self.cells[column].strip() if column is not None and column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the row above wrote for a grade: code and name as written, and the whole code."""

    code: str
    name: str
    whole: str


class Walk:
    """One table, or several that go on with one another: the scopes that hold run from row to row."""

    def __init__(self, columns: Columns, found: Found) -> None:
        self.columns = columns
        self.found = found
        self.above: dict[int, _Scope] = {}
        self.glued: set[int] = set()

    def take(
        self, rows: Sequence[Sequence[str]], numbers: Sequence[int], place: Callable[[int], str], width: int = 0
    ) -> None:
        """Take the data rows of a table; totals and repeated headers are passed over."""
        for roles in self.columns.named():
            column = roles.get("name", width)
            if "code" not in roles and is_glued([row[column] for row in rows if column < len(row)]):
                self.glued.add(column)
        for cells, number in zip(rows, numbers, strict=True):
            texts = [cell.strip() for cell in cells if cell.strip()]
            if texts and not _TOTAL.match(texts[0]) and not is_header(cells):
                row = _Row(cells, number, place(number))
                if self.columns.upright:
                    self._take_element(row)
                else:
                    self._take_point(row, self._take_scopes(row))

    def _take_scopes(self, row: _Row) -> str:
        """The whole code of the innermost scope of this row."""
        parent = ""
        for grade in sorted(self.columns.scopes):
            roles = self.columns.scopes[grade]
            code, name, weight = self._read(row, roles)
            written = self.above.get(grade)
            if written is None or (code and code != written.code) or (name and name != written.name):
                if not code and not name:
                    continue
                whole = whole_code(code, parent) if code else self._given_code(parent, name)
                self.above = {g: scope for g, scope in self.above.items() if g < grade}
                written = self.above[grade] = _Scope(code, name, whole)
            self._note_scope(row, written.whole, name, weight)
            parent = written.whole
        return parent

    def _read(self, row: _Row, roles: dict[str, int]) -> tuple[str, str, str]:
        """Code, name and weight as they stand in one group of columns."""
        code, name = code_of(row.cell(roles.get("code"))), row.cell(roles.get("name"))
        weight = row.cell(roles.get("weight"))
        if "weight" not in roles:
            name, weight = take_weight(name)
        if roles.get("name") in self.glued:
            code, name = unglue(name)
        return code, name_of(name), weight

    def _given_code(self, parent: str, name: str) -> str:
        """A code for a scope that has only a name: its own when it was met before, else the letter after the last."""
        siblings = [scope for scope in self.found.scopes.values() if scope.parent == parent]
        known = next((scope.code for scope in siblings if scope.name == name), None)
        if known:
            return known
        at, letters = len(siblings), ""
        while at >= 0:
            letters, at = chr(ord("A") + at % 26) + letters, at // 26 - 1
        return whole_code(letters, parent)

    def _note_scope(self, row: _Row, code: str, name: str, weight: str) -> None:
        """Enter a scope, or what a later row adds to it; what contradicts is warned of and the first stands."""
        try:
            figure = weight_of(weight)
        except ValueError:
            figure = None
            reason = f"比重“{weight[:20]}”不是 0 到 100 之间的数字，请改正；范围 {code} 按没有比重处理"
            self.found.rejected.append(RejectedRow(row.number, row.place, reason))
        known = self.found.scopes.get(code)
        if known is None:
            self.found.scopes[code] = Weighed(code, name or code, row.place, figure)
            return
        if known.name == code and name:
            known = replace(known, name=name)
        elif name and name != known.name:
            self._warn(f"{row.place}：范围代码 {code} 前面叫“{known.name}”，这里写成“{name}”，以前面的为准")
        if figure is not None and known.weight is None:
            known = replace(known, weight=figure)
        elif figure is not None and figure != known.weight:
            self._warn(f"{row.place}：范围 {code} 的比重与{known.place}写的不一样，以前面的为准")
        self.found.scopes[code] = known

    def _warn(self, sentence: str) -> None:
        if sentence not in self.found.warnings:
            self.found.warnings.append(sentence)

    def _take_point(self, row: _Row, scope: str) -> None:
        code, name, _ = self._read(row, self.columns.point) if self.columns.point else ("", "", "")
        if not code and not name:
            return
        above = code.rpartition("-")[0]
        if above in self.found.scopes or (above and not scope):
            scope = above
            self._note_scope(row, scope, "", "")
        reason = ""
        if not scope:
            reason = f"{point_label()}“{name or code}”上面没有鉴定范围，请补全范围代码"
        elif not name:
            reason = f"{point_label()} {code} 没有名称，请补上"
        if reason:
            self.found.rejected.append(RejectedRow(row.number, row.place, reason))
            return
        self.found.serials[scope] += 1
        self._enter(row, whole_code(code or f"{self.found.serials[scope]:03d}", scope), name, scope)

    def _take_element(self, row: _Row) -> None:
        """A row of an upright list: a scope without importance, a point with one."""
        code, name, weight = self._read(row, self.columns.point)
        graded = row.cell(self.columns.importance) if self.columns.importance is not None else ""
        is_point = bool(graded) if self.columns.importance is not None else bool(re.search(r"-\d{2,4}$", code))
        if code and is_point:
            self._take_point(row, code.rpartition("-")[0])
        elif code:
            self._note_scope(row, code, name, weight)
        elif name:
            reason = f"“{name}”没有代码，请补上"
            self.found.rejected.append(RejectedRow(row.number, row.place, reason))

    def _enter(self, row: _Row, code: str, name: str, scope: str) -> None:
        """Enter a point with its importance."""
        given = row.cell(self.columns.importance) if self.columns.importance is not None else "X"
        letter = importance_of(given)
        reason = ""
        if code in self.found.points:
            reason = f"{point_label()}代码 {code} 重复，请改成不同的代码"
        elif letter is None:
            reason = f"{point_label()} {code} 的重要程度“{given}”应为 X、Y 或 Z"
        if letter is None or reason:
            self.found.rejected.append(RejectedRow(row.number, row.place, reason))
            return
        self.found.points[code] = PointRow(code, name, scope, letter)


def whole_code(code: str, parent: str) -> str:
    """A code with those of the scopes above: C under A-B, ABC001 under A-B-C, and what is whole already."""
    if not parent or code.startswith(f"{parent}-"):
        return code
    compact = parent.replace("-", "")
    if _COMPACT.fullmatch(code) and code.startswith(compact) and len(code) > len(compact):
        return f"{parent}-{code[len(compact) :]}"
    return f"{parent}-{code}"
