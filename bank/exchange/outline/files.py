"""Reading an outline (鉴定要素细目表) from Word, Excel or CSV: scopes of two to six grades, weights, points with X/Y/Z.

A file may spread over several sheets or tables: tables that go on with one another over the pages of a Word file, one
sheet for each level, a sheet of points beside one that gives only the weights of scopes (组题规则).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bank.exchange.cells import Grid
from bank.exchange.office.grids import read_grids
from bank.exchange.outline.header import Columns, is_header, locate
from bank.exchange.outline.rows import Found, PointRow, RejectedRow, Walk
from bank.exchange.outline.weights import weigh
from bank.ground.errors import BadInput
from bank.ground.terms import point_label
from bank.occupations import LEVEL_NAMES

_TITLE = re.compile(r"细目表|等级\s*[:：]")
_WORD_TABLE = re.compile(r"表 \d+")
_LEVELS = {
    1: re.compile(r"一级(?![^\s/／（）()]*(?:范围|点))|高级技师"),
    2: re.compile(r"二级(?![^\s/／（）()]*(?:范围|点))|(?<!高级)技师"),
    3: re.compile(r"三级(?![^\s/／（）()]*(?:范围|点))|高级(?!技师)"),
    4: re.compile(r"四级(?![^\s/／（）()]*(?:范围|点))|中级"),
    5: re.compile(r"五级(?![^\s/／（）()]*(?:范围|点))|初级"),
}


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """A scope as read; weight in hundredths of a percent of the paper, or None."""

    code: str
    name: str
    grade: int
    weight: int | None


@dataclass(frozen=True, slots=True)
class OutlineReading:
    """What an outline file holds, the rows that could not be taken, and what deserves a second look.

    A file that gives weights alone has scopes and no points.
    """

    scopes: tuple[ScopeRow, ...]
    points: tuple[PointRow, ...]
    rejected: tuple[RejectedRow, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """One sheet or Word table: all rows of one width, their numbers, its title rows, how a row of it is called."""

    name: str
    rows: list[list[str]]
    numbers: list[int]
    located: tuple[int, Columns] | None
    place: Callable[[int], str]

    @property
    def title(self) -> str:
        """What stands above the header, and the name of the sheet."""
        first = self.located[0] if self.located else 0
        lines = (cell for row in self.rows[:first] if not is_header(row) for cell in row)
        above = (line for line in lines if _TITLE.search(line))
        return " ".join([self.name, *above])


def read_outline(name: str, data: bytes, level: int | None = None) -> OutlineReading:
    """The outline in a Word, Excel or CSV file; raises BadInput when no table of it is one.

    With a level, sheets that are named for other levels are passed over.
    """
    found = Found()
    tables = list(_tables(name, data))
    if level is not None:
        tables = _of_level(name, tables, level, found)
    walk, width = None, 0
    for table in tables:
        if table.located is not None:
            first, columns = table.located
            walk, width = Walk(columns, found), max(map(len, table.rows))
            walk.take(table.rows[first:], table.numbers[first:], table.place)
        elif walk is not None and table.rows and max(map(len, table.rows)) == width:
            walk.take(table.rows, table.numbers, table.place)
    if not found.points and not any(scope.weight for scope in found.scopes.values()):
        label = point_label()
        raise BadInput(
            f"{name}：没有找到{label}。表头应有“鉴定范围”的代码、名称、比重和“{label}”的代码、名称、重要程度"
        )
    weights, warnings = weigh(list(found.scopes.values()))
    scopes = [ScopeRow(one.code, one.name, one.grade, weights.get(one.code)) for one in found.scopes.values()]
    return OutlineReading(
        tuple(scopes), tuple(found.points.values()), tuple(found.rejected), (*found.warnings, *warnings)
    )


def _tables(name: str, data: bytes) -> Iterator[_Table]:
    grids = [grid for grid in read_grids(name, data) if not grid.blank()]
    for grid in grids:
        rows = _filled(grid)
        yield _Table(grid.name, rows, grid.numbers, locate(rows), _row_of(grid.name if len(grids) > 1 else ""))


def _row_of(name: str) -> Callable[[int], str]:
    """How rows are called: by the number alone where there is one table, with the sheet or the Word table before it."""
    table = f"{name} " if _WORD_TABLE.fullmatch(name) else f"工作表“{name}”" if name else ""
    return lambda number: f"{table}第 {number} 行"


def _filled(grid: Grid) -> list[list[str]]:
    """All rows of one width, cells under a vertical merge holding its value."""
    width = max((len(row) for row in grid.rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in grid.rows]
    for (row, column), value in grid.merged.items():
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    return rows


def _of_level(name: str, tables: Sequence[_Table], level: int, found: Found) -> list[_Table]:
    """The tables of one level; a lone table of another level is warned of, several are refused."""
    outlines = [table for table in tables if table.located is not None]
    others = {id(table): said for table in outlines if (said := _levels(table.title)) and level not in said}
    if not others:
        return list(tables)
    if any(level in _levels(table.title) for table in outlines):
        return [table for table in tables if id(table) not in others]
    titles = "、".join(LEVEL_NAMES[one] for one in sorted(set().union(*others.values()), reverse=True))
    if len(others) > 1:
        raise BadInput(f"{name}：表里写的是{titles}的细目表，没有{LEVEL_NAMES[level]}的，请核对等级")
    found.warnings.append(f"表里写的是{titles}，现在导入到{LEVEL_NAMES[level]}，请核对")
    return list(tables)


def _levels(title: str) -> set[int]:
    return {level for level, words in _LEVELS.items() if words.search(title)}
