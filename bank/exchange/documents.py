"""Questions of Word files and of whole workbooks: running text, tables and sheets brought together in order."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from bank.content import ItemType
from bank.exchange.cells import Grid
from bank.exchange.glyphs import squeeze, trim
from bank.exchange.inlays import Inlays
from bank.exchange.office.word import read_blocks
from bank.exchange.ownsheet import header_row, own_drafts
from bank.exchange.ownword import is_stated, stated_drafts, table_of, unlabelled
from bank.exchange.questions.draft import Draft
from bank.exchange.questions.headers import is_key
from bank.exchange.questions.kinds import heading_kind, kind_of
from bank.exchange.questions.lines import Line, grid_lines
from bank.exchange.questions.numbering import lead_of
from bank.exchange.questions.options import leading_label
from bank.exchange.questions.tables import TableReading, read_table
from bank.exchange.questions.text import Questions, read_lines
from bank.exchange.reading import Rejection
from bank.exchange.standard import NOTES_SHEET


@dataclass(slots=True)
class Found:
    """What a file yielded before it is judged."""

    drafts: list[Draft] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    inlays: Inlays = field(default_factory=Inlays)

    def add(self, table: TableReading) -> None:
        """Take over what a table yielded."""
        self.drafts += table.drafts
        self.rejected += table.rejected
        self.notes += table.notes


def read_sheets(grids: list[Grid], inlays: Inlays) -> Found:
    """The questions of a workbook, sheet by sheet; a sheet named for a type gives its questions that type."""
    found = Found(inlays=inlays)
    # The explanations beside our own table are no questions; a sheet of that name in another file may hold some.
    ours = any(header_row(grid) is not None for grid in grids)
    shown = [grid for grid in grids if grid.name != NOTES_SHEET or not ours]
    filled = [grid for grid in shown if not grid.blank() or grid.pictures or grid.figures]
    for grid in filled:
        several = len(filled) > 1 and bool(grid.name)

        def place(number: int, name: str = grid.name, *, several: bool = several) -> str:
            return f"工作表“{name}”第 {number} 行" if several else f"第 {number} 行"

        found.notes += grid.notes
        own = own_drafts(grid, place, inlays)
        if own is not None:
            found.drafts += own
            continue
        table = read_table(grid, place, kind_of(grid.name) if grid.name else "")
        if table is not None:
            table.notes = [f"工作表“{grid.name}”{note}" if several else note for note in table.notes]
            found.add(table)
            continue
        questions = _pasted(grid, place(0).replace(" 0 ", " {} "), inlays)
        if questions is not None and any(draft.options or draft.answer for draft in questions.drafts):
            found.drafts += questions.drafts
            found.notes += questions.notes
        else:
            found.notes.append(f"工作表“{grid.name}”中没有试题，已跳过" if grid.name else "没有找到试题表头")
    return found


def _pasted(grid: Grid, place: str, inlays: Inlays) -> Questions | None:
    """Running text that was pasted into a sheet: nearly every row has a single cell."""
    filled = [sum(1 for cell in row if trim(cell)) for row in grid.rows]
    if sum(count > 2 for count in filled) > len(filled) / 2:
        return None
    rows = [
        [*row, *(sign for _, sign in grid.figures.get(n, ()))] for n, row in zip(grid.numbers, grid.rows, strict=True)
    ]
    return read_lines(grid_lines(rows, grid.numbers, place), inlays)


def read_document(name: str, data: bytes) -> Found:
    """The questions of a Word file: its text by the grammar, its tables as tables, keys in either."""
    found = Found()
    blocks = list(read_blocks(name, data, found.inlays))
    if is_stated(blocks):
        found.drafts = stated_drafts(blocks, found.inlays)
        found.notes = [block for block in blocks if isinstance(block, str)]
        return found
    questions = Questions(found.inlays)
    for block in blocks:
        if isinstance(block, str):
            found.notes.append(block)
        elif isinstance(block, Line):
            questions.feed(unlabelled(block))
        elif not block.blank():
            _take_table(questions, block, found)
        elif block.pictures:
            questions.notes.append(f"{block.name}中只有图片，没有导入")
    questions.finish()
    found.drafts = questions.drafts
    found.notes = questions.notes + found.notes
    return found


def _take_table(questions: Questions, grid: Grid, found: Found) -> None:
    def place(number: int) -> str:
        return f"{grid.name} 第 {number} 行"

    table = read_table(grid, place, questions.kind, guess=False)
    if table is not None:
        questions.close()
        questions.drafts += [_in_section(draft, questions.section) for draft in table.drafts]
        found.rejected += table.rejected
        found.notes += [f"{grid.name} {note}" for note in table.notes]
    elif keys := _key_lines(grid):
        questions.close()
        questions.sheet.open = True
        for line in keys:
            questions.feed(line)
    elif _holds_text(grid):
        for number, row in zip(grid.numbers, grid.rows, strict=True):
            for line in grid_lines([row], [number], f"{grid.name} 第 {{}} 行"):
                questions.feed(line)
    elif questions.kind == ItemType.PRACTICAL and questions.current is not None:
        _add_scoring(questions, grid)
    elif questions.current is not None:
        sign = questions.inlays.hide(table_of(grid, questions.inlays))
        lost = sum(grid.pictures.values())
        faults = tuple(fault for held in grid.faults.values() for fault in held)
        questions.feed(Line(grid.numbers[0], grid.name, sign, pictures=lost, faults=faults))
    else:
        found.notes.append(f"{grid.name}不是试题表，没有导入")


def _in_section(draft: Draft, section: int) -> Draft:
    draft.section = section
    return draft


def _key_lines(grid: Grid) -> list[Line]:
    """A key table, numbers beside or over their letters, as lines of numbers and letters."""
    rows = [[squeeze(cell) for cell in row] for row in grid.rows]
    if upright := _upright_keys(rows):
        return [Line(grid.numbers[0], f"{grid.name} 第 {grid.numbers[0]} 行", upright)]
    lines = []
    for i, (row, below) in enumerate(pairwise(rows)):
        place = f"{grid.name} 第 {grid.numbers[i + 1]} 行"
        cells = [(number, key) for number, key in zip(row, below, strict=False) if number.isdigit() and key]
        if cells and len(cells) >= sum(map(bool, row)) - 1 and all(is_key(key) for _, key in cells):
            lines.append(Line(grid.numbers[i + 1], place, "  ".join(f"{number}.{key}" for number, key in cells)))
        elif len(set(filter(None, row))) == 1 and heading_kind(row[0]):
            lines.append(Line(grid.numbers[i], grid.name, trim(row[0])))
    return lines if any("." in line.text for line in lines) else []


def _upright_keys(rows: list[list[str]]) -> str:
    """题号 答案 题号 答案 over columns of numbers and letters."""
    if not rows or len(rows[0]) < 2 or not all(re.fullmatch(r"题号|序号|.*答案", cell) for cell in rows[0]):
        return ""
    found = []
    for row in rows[1:]:
        found += [(number, key) for number, key in pairwise(row) if number.isdigit() and is_key(key)]
    return "  ".join(f"{number}.{key}" for number, key in sorted(found, key=lambda one: int(one[0])))


def _holds_text(grid: Grid) -> bool:
    """Whether a table only arranges running text: options side by side, or numbered questions in its cells."""
    cells = [cell for row in grid.rows for cell in row if trim(cell)]
    labelled = sum(leading_label(cell) is not None for cell in cells)
    numbered = sum((lead := lead_of(cell)) is not None and lead.sure and len(cell) > 8 for cell in cells)
    return labelled > 1 or numbered > len(cells) / 3


def _add_scoring(questions: Questions, grid: Grid) -> None:
    """The scoring table under a practical task is its key."""
    current = questions.current
    if current is None:
        return
    for number, row in zip(grid.numbers, grid.rows, strict=True):
        text = "｜".join(" ".join(cell.split()) for cell in row)
        if text.strip("｜ "):
            line = Line(number, f"{grid.name} 第 {number} 行", text)
            current.add_answer(line)
