"""What the marker of an answer in words needs, as text and tables that any system shows: model answer, rubric, task.

Moodle's grader information, QTI's rubric block and GIFT's feedback hold the same blocks, and `read_marking` knows
the tables again by their heads.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import zip_longest

from bank import notation
from bank.answers import PracticalTask, Preparation, RubricPoint, ScoredStep, half_marks, shown_marks
from bank.content import ItemContent, ItemType
from bank.notation import Block, Paragraph, Run, Table, Text

RUBRIC_HEAD = ("评分要点", "分值")
SITE_HEAD = ("考场准备", "规格", "数量", "备注")
CANDIDATE_HEAD = ("考生准备", "规格", "数量", "备注")
STEPS_HEAD = ("考核内容", "考核要求", "配分", "评分标准", "扣分")
_MINUTES = re.compile(r"准备时间：(\d{1,4}) 分钟；考核时间：(\d{1,4}) 分钟")
Cells = tuple[tuple[Run, ...], ...]


def marking_blocks(content: ItemContent) -> tuple[Block, ...]:
    """The key as it stands, then the tables of rubric and task."""
    blocks = [*notation.parse(content.key)] if content.key else []
    if content.rubric:
        points = [row for point in content.rubric for row in _spread((point.text, shown_marks(point.marks)))]
        blocks += _apart([_table(RUBRIC_HEAD, points)], blocks)
    if content.task:
        blocks += _apart(_task_blocks(content.task), blocks)
    return tuple(blocks)


def _apart(added: Sequence[Block], before: Sequence[Block]) -> list[Block]:
    """Blocks behind others, with an empty line where two tables would grow together."""
    between = [Paragraph(())] if before and isinstance(before[-1], Table) and isinstance(added[0], Table) else []
    return [*between, *added]


def _table(head: Sequence[str], rows: Iterable[Cells]) -> Table:
    return Table((tuple((Text(name),) for name in head), *rows))


def _spread(values: Sequence[str]) -> Iterator[Cells]:
    """A row, and one more for each further line in its cells; only the first holds the marks, which are one line."""
    for lines in zip_longest(*(value.split("\n") for value in values), fillvalue=""):
        yield tuple(map(_inline, lines))


def _inline(line: str) -> tuple[Run, ...]:
    """A line as a cell holds it."""
    runs: list[Run] = []
    for block in notation.parse(line):
        runs += block.runs if isinstance(block, Paragraph) else [Text(notation.plain(notation.write([block])))]
    return tuple(runs)


def _task_blocks(task: PracticalTask) -> list[Block]:
    minutes = f"准备时间：{task.preparation_minutes} 分钟；考核时间：{task.minutes} 分钟"
    blocks: list[Block] = [Paragraph((Text(minutes),))]
    prepared = ((head, [row for one in rows for row in _spread(_bare(one))]) for head, rows in _preparing(task))
    steps = [row for step in task.steps for row in _spread(_bare(step))]
    for head, rows in (*prepared, (STEPS_HEAD, steps)):
        if rows:
            blocks += _apart([_table(head, rows)], blocks)
    return blocks


def _preparing(task: PracticalTask) -> tuple[tuple[Sequence[str], Sequence[Preparation]], ...]:
    return (SITE_HEAD, task.site), (CANDIDATE_HEAD, task.candidate)


def _bare(row: Preparation | ScoredStep) -> list[str]:
    """The fields of a row as texts in notation; a name of several lines would begin a new row, so it is one."""
    values = [(field.name, getattr(row, field.name)) for field in fields(row)]
    texts = [shown_marks(value) if name == "marks" else notation.literal(value) for name, value in values]
    return [text.replace("\n", " ") for text in texts] if isinstance(row, Preparation) else texts


def read_marking(content: ItemContent, text: str) -> ItemContent:
    """The content with key, rubric and task taken from the text for the marker; a task makes it a practical item."""
    rubric: tuple[RubricPoint, ...] = ()
    task = PracticalTask()
    rest: list[Block] = []
    for block in notation.parse(text):
        rows = _rows(block)
        head = rows[0] if rows else ()
        minutes = _MINUTES.fullmatch(notation.write([block])) if isinstance(block, Paragraph) else None
        if head == RUBRIC_HEAD and isinstance(block, Table):
            rubric = tuple(_points(block))
        elif head in {SITE_HEAD, CANDIDATE_HEAD}:
            listed = tuple(_preparations(rows[1:]))
            task = replace(task, site=listed) if head == SITE_HEAD else replace(task, candidate=listed)
        elif head == STEPS_HEAD:
            task = replace(task, steps=tuple(_steps(rows[1:])))
        elif minutes:
            task = replace(task, preparation_minutes=int(minutes[1]), minutes=int(minutes[2]))
        else:
            rest.append(block)
    while rest and rest[-1] == Paragraph(()):
        rest.pop()
    content = replace(content, key=notation.write(rest), rubric=rubric)
    return replace(content, type=ItemType.PRACTICAL, task=task) if task != PracticalTask() else content


def _rows(block: Block) -> list[tuple[str, ...]]:
    """The plain texts of a table's cells; empty for any other block."""
    if not isinstance(block, Table):
        return []
    return [tuple(notation.plain(notation.write_runs(cell)).strip() for cell in row) for row in block.rows]


def _points(table: Table) -> Iterator[RubricPoint]:
    """The points of a rubric; a row without marks goes on with the point above it."""
    held: list[tuple[str, str]] = []
    for row in table.rows[1:]:
        text = notation.write_runs(row[0]).strip()
        marks = notation.plain(notation.write_runs(row[-1])).strip() if len(row) > 1 else ""
        if held and not marks:
            held[-1] = (f"{held[-1][0]}\n{text}", held[-1][1])
        else:
            held.append((text, marks))
    return (RubricPoint(text, _halves(marks)) for text, marks in held)


def _preparations(rows: Sequence[tuple[str, ...]]) -> Iterator[Preparation]:
    for row in rows:
        yield Preparation(*(row + ("",) * 4)[:4])


def _steps(rows: Sequence[tuple[str, ...]]) -> Iterator[ScoredStep]:
    """The steps of a scoring table; a row without marks goes on with the step above it."""
    held: list[list[str]] = []
    for row in rows:
        cells = [*row, *[""] * 5][:5]
        if held and not cells[2]:
            held[-1] = [f"{above}\n{cell}" if cell else above for above, cell in zip(held[-1], cells, strict=True)]
        else:
            held.append(cells)
    return (ScoredStep(name, text, _halves(marks), standard, off) for name, text, marks, standard, off in held)


def _halves(marks: str) -> int:
    """Half-marks of a cell; 0, which the rules of an item refuse, where it holds no such number."""
    try:
        return half_marks(marks)
    except (ValueError, OverflowError):
        return 0
