"""Word files in our own paragraph styles: what each paragraph is stands in its style, so nothing is guessed.

A writer edits the file in Word and hands it back. Where a paragraph of another style has come in, the grammar of
running text reads the whole file instead, for then its styles no longer tell everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bank.exchange.cells import Grid
from bank.exchange.glyphs import trim
from bank.exchange.inlays import Inlays
from bank.exchange.office.wordruns import FIELD, HEADING, LABEL_SIGN, MATERIAL, OPTION, STEM
from bank.exchange.questions.draft import Draft
from bank.exchange.questions.lines import Line
from bank.exchange.standard import HEADERS, stated_draft
from bank.notation import Run, Table

PARAGRAPHS = (HEADING, STEM, OPTION, FIELD, MATERIAL)
LABELS = {role: f"【{header}】" for role, header in HEADERS.items() if role not in {"stem", "type", "material"}}
_ROLES = {label: role for role, label in LABELS.items()}


def material_label(number: str) -> str:
    """The label of a material, which the items of its set name by number."""
    return f"【材料{number}】"


def is_stated(blocks: Iterable[Line | Grid | str]) -> bool:
    """Whether every paragraph that says something has a style of ours."""
    lines = [block for block in blocks if isinstance(block, Line) and trim(block.text)]
    return bool(lines) and all(line.role in PARAGRAPHS for line in lines)


def unlabelled(line: Line) -> Line:
    """The line as running text."""
    return line.retold(line.text.replace(LABEL_SIGN, "")) if LABEL_SIGN in line.text else line


@dataclass(slots=True)
class _Item:
    """One item while its paragraphs come in: the lines of each part, by role."""

    line: Line
    kind: str
    number: str = ""
    parts: dict[str, list[str]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


class _Walk:
    """Where the walk through the paragraphs stands; `part` is the list that the next unlabelled line goes to."""

    def __init__(self) -> None:
        self.items: list[_Item] = []
        self.materials: dict[str, list[str]] = {}
        self.kind = ""
        self.part: list[str] | None = None

    def take(self, line: Line) -> None:
        """Take the next paragraph."""
        head, *rest = line.text.split(LABEL_SIGN)
        labels, texts = rest[0::2], rest[1::2]
        if self.items and line.role != MATERIAL:
            self.items[-1].lines.append(line)
        if not labels:
            self._go_on(line, head)
        for label, text in zip(labels, texts, strict=False):
            self._begin(line, trim(label), text)

    def _go_on(self, line: Line, text: str) -> None:
        if line.role == HEADING:
            self.kind = text
        elif self.part is not None:
            self.part.append(text)
        elif trim(text):
            self._begin(line, "", text)

    def _begin(self, line: Line, label: str, text: str) -> None:
        """A labelled stretch opens a heading, a material, an item, or a part of the open item."""
        if line.role == HEADING:
            self.kind = text
            return
        if line.role == MATERIAL:
            self.part = self.materials.setdefault(label.strip("【】").removeprefix("材料"), [])
        elif line.role == STEM or not self.items:
            self.items.append(_Item(line, self.kind, label.strip("．.、 "), lines=[line]))
            self.part = self.items[-1].parts.setdefault("stem", [])
        else:
            role = label[:1] if line.role == OPTION else _ROLES.get(label, "rationale")
            self.part = self.items[-1].parts.setdefault(role, [])
        self.part.append(text)


def stated_drafts(blocks: Iterable[Line | Grid | str], inlays: Inlays) -> list[Draft]:
    """The items of a file in our own styles."""
    walk = _Walk()
    for block in blocks:
        if isinstance(block, Line):
            walk.take(block)
        elif isinstance(block, Grid) and walk.part is not None:
            walk.part.append(inlays.hide(table_of(block, inlays)))
    return [_draft(item, walk.materials, inlays) for item in walk.items]


def table_of(grid: Grid, inlays: Inlays) -> Table:
    """A table of a file as a table of the notation, the lines of each cell brought into one."""
    return Table(tuple(tuple(_cell(cell, inlays) for cell in row) for row in grid.rows))


def _cell(cell: str, inlays: Inlays) -> tuple[Run, ...]:
    return tuple(run for run in inlays.runs(" ".join(cell.split("\n"))) if not isinstance(run, Table))


def _draft(item: _Item, materials: dict[str, list[str]], inlays: Inlays) -> Draft:
    cells = {role: trim(inlays.notation("\n".join(lines).strip("\n"))) for role, lines in item.parts.items()}
    if material := materials.get(cells.get("set", "")):
        cells["material"] = inlays.notation("\n".join(material).strip("\n"))
    place = f"{item.line.place}（第 {item.number} 题）" if item.number else item.line.place
    draft = stated_draft(item.line.row, place, cells | {"type": item.kind})
    draft.pictures = sum(line.pictures for line in item.lines)
    draft.faults += [fault for line in item.lines for fault in line.faults]
    draft.notes += dict.fromkeys(remark for line in item.lines for remark in line.remarks)
    return draft
