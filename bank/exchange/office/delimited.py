"""Comma, tab, semicolon and bar separated text as a grid, the separator found by which one yields a table."""

import csv
import io
import re

from bank.exchange.cells import MAX_COLUMNS, MAX_ROWS, Grid
from bank.exchange.glyphs import clean
from bank.exchange.questions.headers import find_header, guess_columns
from bank.ground.errors import BadInput

SEPARATORS = ",\t;|"
_PLAIN_QUOTES = "引号没有成对出现，已把引号当作普通文字读取，请核对含引号的行"


def read_delimited(name: str, characters: str, *, by_name: bool) -> Grid | None:
    """The table in a text, or None when no separator makes one; `by_name` says that the name promised a table."""
    characters = characters.replace("\x00", "")
    marked = re.match(r"sep=(.)\r?\n", characters)
    if marked:
        characters = characters[marked.end() :]
    for separator in marked[1] if marked else SEPARATORS:
        head = _grid(_head(characters), separator)
        if head is not None and find_header(head) is not None:
            return table_of(name, characters, separator)
    for separator in SEPARATORS:
        grid = _grid(characters, separator) if by_name or separator == "\t" else None
        if grid is not None and guess_columns(grid) is not None:
            return table_of(name, characters, separator)
    return None


def _head(characters: str) -> str:
    """The first lines, enough to hold a header."""
    return "\n".join(characters.split("\n", 60)[:60])


def table_of(name: str, characters: str, separator: str, columns: int = MAX_COLUMNS) -> Grid:
    """The whole text as a table; raises BadInput when it is none."""
    grid = _grid(characters, separator, columns=columns)
    if grid is None or _swallowed(grid, separator):
        grid = _grid(characters, separator, quotes=False, columns=columns)
        if grid is not None:
            grid.notes.append(_PLAIN_QUOTES)
    if grid is None:
        raise BadInput(f"文件 {name} 有过长的一行，不像表格；请用 Excel 打开检查后另存为 .xlsx 再导入")
    if len(grid.rows) >= MAX_ROWS:
        raise BadInput(f"文件 {name} 超过 {MAX_ROWS} 行，请拆成几个文件再导入")
    return grid


def _grid(characters: str, separator: str, *, quotes: bool = True, columns: int = MAX_COLUMNS) -> Grid | None:
    grid = Grid("")
    stream = io.StringIO(characters, newline="")
    if quotes:
        reader = csv.reader(stream, delimiter=separator)
    else:
        reader = csv.reader(stream, delimiter=separator, quoting=csv.QUOTE_NONE)
    try:
        for number, row in enumerate(reader, 1):
            if number > MAX_ROWS:
                break
            grid.add(number, [unguarded(clean(cell)) for cell in row[:columns]])
    except csv.Error:
        return None
    return grid


def _swallowed(grid: Grid, separator: str) -> bool:
    """Whether a stray quotation mark has drawn whole rows into one cell."""
    for row in grid.rows:
        for cell in row:
            lines = cell.split("\n")
            if len(lines) > 4 and sum(line.count(separator) > 1 for line in lines) > len(lines) / 2:
                return True
    return False


def unguarded(cell: str) -> str:
    """A cell without the sign that keeps spreadsheets from running it: the export writes '=1+1 for =1+1."""
    return cell[1:] if re.match(r"'[=+\-@\t]", cell) else cell
