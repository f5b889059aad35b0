"""Every table of an office file or CSV as a grid, for the readers of outlines and other plain tables."""

from bank.exchange.cells import MAX_COLUMNS, Grid
from bank.exchange.glyphs import clean, shown_name
from bank.exchange.office.delimited import SEPARATORS, table_of
from bank.exchange.office.excel import read_xls, read_xlsx
from bank.exchange.office.word import read_blocks
from bank.exchange.sniff import decode, office_kind

__all__ = ["Grid", "read_grids"]


def read_grids(name: str, data: bytes, columns: int = MAX_COLUMNS) -> list[Grid]:
    """The sheets or Word tables of a file in order, so many columns wide; raises BadInput when it cannot be read."""
    name = shown_name(name)
    form = office_kind(name, data)
    if form == "xlsx":
        return read_xlsx(name, data, columns)
    if form == "xls":
        return read_xls(name, data, columns)
    if form == "docx":
        return [block for block in read_blocks(name, data) if isinstance(block, Grid)]
    characters = clean(decode(name, data).characters)
    separator = max(SEPARATORS, key=characters.count)
    return [table_of(name, characters, separator, columns)]
