"""One table of a file, whatever it came from: rows of text with the numbers people see, and what stands beside them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bank.exchange.glyphs import trim

MAX_ROWS = 60_000
MAX_COLUMNS = 80
# Rows of nothing but format follow many real sheets; a longer gap ends the table, and the reader says so.
MAX_GAP = 2_000


@dataclass(slots=True)
class Grid:
    """The cells of one sheet or Word table; `numbers[i]` is the row number of `rows[i]` as the file counts."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    # Values of cells that lie under a vertical merge, by index of row and column.
    merged: dict[tuple[int, int], str] = field(default_factory=dict)
    # By row number: rows that are one wide cell, hidden rows, pictures that hang over a row with their columns (and by
    # their own names), how many pictures were lost, what else was lost, what deserves a note.
    wide: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    figures: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    pictures: dict[int, int] = field(default_factory=dict)
    faults: dict[int, list[str]] = field(default_factory=dict)
    remarks: dict[int, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, number: int, cells: Iterable[str]) -> None:
        """Append a row, without the empty cells at its end."""
        row = list(cells)
        while row and not trim(row[-1]):
            row.pop()
        self.rows.append(row)
        self.numbers.append(number)

    def change(self, change: Callable[[str], str]) -> None:
        """Change the text of every cell."""
        self.rows = [[change(cell) for cell in row] for row in self.rows]
        self.merged = {place: change(cell) for place, cell in self.merged.items()}

    def blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(self.rows)
