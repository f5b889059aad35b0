"""Tables inside the form of a question: accepted answers, rubric, preparations, scoring steps, value sets.

A table is parallel inputs of one name a column, so it works without a script: rows to spare stand ready, empty ones
do not count.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from wtforms import Field

from bank.answers import Parameters, PracticalTask, Preparation, RubricPoint, ScoredStep, half_marks, shown_marks

LONGEST_CELL = 500
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `marks` holds a number of marks, `text` may be several lines long."""

    name: str
    label: str
    marks: bool = False
    text: bool = False


ACCEPTED = (Column("accepted", "可接受的答案，同义的几种写法用 | 隔开"),)
RUBRIC = (Column("text", "评分要点", text=True), Column("marks", "分值", marks=True))
PREPARATIONS = (
    Column("name", "名称"),
    Column("specification", "规格"),
    Column("quantity", "数量"),
    Column("note", "备注"),
)
STEPS = (
    Column("name", "考核内容"),
    Column("requirement", "考核要求", text=True),
    Column("marks", "配分", marks=True),
    Column("standard", "评分标准", text=True),
    Column("deduction", "扣分"),
)
Row = tuple[str, ...]


class RowsField(Field):
    """Rows of short texts; what was typed is kept as typed, also where it is wrong."""

    def __init__(self, label: str, columns: Sequence[Column], spare: int = 2, least: int = 3, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.columns, self.spare, self.least = tuple(columns), spare, least
        self.data: list[Row] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002
        """Read the parallel inputs; a row without any text is none."""
        self.process_errors, self.data = [], list(data) if isinstance(data, list) else []
        if formdata:
            lists = [formdata.getlist(self.input_name(column)) for column in self.columns]
            rows = [
                tuple(cell.replace("\r\n", "\n").strip() for cell in row) for row in zip_longest(*lists, fillvalue="")
            ]
            self.data = [row for row in rows if any(row)]

    def input_name(self, column: Column) -> str:
        """The name of the inputs of one column."""
        return f"{self.name}-{column.name}"

    def shown(self) -> list[Row]:
        """The rows to show: those filled, and some to spare."""
        empty = ("",) * len(self.columns)
        return [*self.data, *[empty] * max(self.spare, self.least - len(self.data))]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - the shape is WTForms'
        """Name the row whose marks are no marks or whose text is too long."""
        faults = []
        if len(self.data) > MOST_ROWS:
            faults.append(f"{self.label.text}最多 {MOST_ROWS} 行，现有 {len(self.data)} 行")
        for at, row in enumerate(self.data, start=1):
            for column, cell in zip(self.columns, row, strict=True):
                if column.marks and halves_of(cell) is None:
                    faults.append(f"第 {at} 行的{column.label}“{cell}”应为 0.5 的倍数，例如 2 或 1.5")
                elif len(cell) > LONGEST_CELL:
                    faults.append(f"第 {at} 行的{column.label}不超过 {LONGEST_CELL} 字")
        self.errors = [*self.errors, *faults]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:  # noqa: ARG002 - the shape is WTForms'
        """Whether every row can be read."""
        self.errors = list(self.process_errors)
        self.pre_validate(form)
        return not self.errors


def halves_of(cell: str) -> int | None:
    """Half-marks of what was typed, or None where it is no number of marks."""
    try:
        return half_marks(cell)
    except (ValueError, OverflowError):
        return None


def rubric_of(rows: Sequence[Row]) -> tuple[RubricPoint, ...]:
    """Rubric points of typed rows."""
    return tuple(RubricPoint(text, halves_of(marks) or 0) for text, marks in rows)


def rubric_rows(rubric: Sequence[RubricPoint]) -> list[Row]:
    """Rubric points as rows of the form."""
    return [(point.text, shown_marks(point.marks)) for point in rubric]


def task_of(
    site: Sequence[Row], candidate: Sequence[Row], steps: Sequence[Row], preparation: str, minutes: str
) -> PracticalTask | None:
    """The practical task of typed rows, None where nothing was typed."""
    task = PracticalTask(
        tuple(Preparation(*row) for row in site),
        tuple(Preparation(*row) for row in candidate),
        tuple(ScoredStep(row[0], row[1], halves_of(row[2]) or 0, row[3], row[4]) for row in steps),
        int(preparation or 0),
        int(minutes or 0),
    )
    return None if task == PracticalTask() else task


def preparation_rows(rows: Sequence[Preparation]) -> list[Row]:
    """Preparations as rows of the form."""
    return [(one.name, one.specification, one.quantity, one.note) for one in rows]


def step_rows(steps: Sequence[ScoredStep]) -> list[Row]:
    """Scoring steps as rows of the form."""
    return [(one.name, one.requirement, shown_marks(one.marks), one.standard, one.deduction) for one in steps]


def parameters_of(text: str) -> Parameters | None:
    """Value sets as typed or pasted from a sheet: names in the first line, one set a line, cells by tab or `|`."""
    lines = [_cells(line) for line in text.splitlines() if line.strip()]
    return Parameters(lines[0], tuple(lines[1:])) if lines else None


def _cells(line: str) -> Row:
    return tuple(cell.strip() for cell in re.split(r"[\t|]", line.strip().strip("|")))


def parameters_text(sets: Parameters | None) -> str:
    """Value sets as they are typed."""
    return "\n".join(" | ".join(row) for row in (sets.names, *sets.rows)) if sets else ""
