"""Rows of a question table as drafts: numbers, types that run down, options in one cell, in columns or in rows.

Whatever is not a question says so: subtotals, headings inside the table, rows that lack a part.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bank.content import LETTERS, ItemType
from bank.exchange.cells import Grid
from bank.exchange.glyphs import squeeze, trim
from bank.exchange.inlays import holds_inlay
from bank.exchange.questions import keys
from bank.exchange.questions.codes import code_of
from bank.exchange.questions.draft import Draft
from bank.exchange.questions.headers import Columns, find_header, guess_columns, settle_roles
from bank.exchange.questions.kinds import CHOICE, NUMBERED, heading_kind, kind_of
from bank.exchange.questions.numbering import strip_numbers
from bank.exchange.questions.options import leading_label, split_cell, split_loosely, strip_labels
from bank.exchange.reading import Rejection

_SUBTOTAL = re.compile(r"(?:本页|本表|分)?(?:小计|合计|总计|共计|累计)(?:[:：]?\d*题?)?|共\d+[题道条].*")
_HEADING = re.compile(r"[(\[]?(?:第?[一二三四五六七八九十]{1,3}(?:部分|大题|章|节)?|[ⅠⅡⅢⅣⅤ])[)\]]?[、.:\s].{0,60}")
_ATTRIBUTES = ("consistency", "cognition", "importance", "marks", "credit", "rubric", "source", "set", "material")
GUESSED = "没有表头，各列内容是按样子判断的，请核对题干、选项和答案"


@dataclass(slots=True)
class TableReading:
    """Drafts and refusals of one table, in order, and what else is to be said of it."""

    drafts: list[Draft] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Walk:
    """Where the walk down a table stands."""

    grid: Grid
    columns: Columns
    place: Callable[[int], str]
    kind: str
    numbered: bool = False
    found: TableReading = field(default_factory=TableReading)
    above: dict[str, str] = field(default_factory=dict)
    section: str = ""
    group: str = ""
    headings: list[int] = field(default_factory=list)
    by_row: list[Draft] = field(default_factory=list)


def read_table(grid: Grid, place: Callable[[int], str], kind: str = "", *, guess: bool = True) -> TableReading | None:
    """The questions of a table; None when it is not a table of questions. `kind` holds where no type is named."""
    columns = find_header(grid)
    guessed = columns is None and guess
    if guessed:
        columns = guess_columns(grid)
    if columns is None:
        return None
    settle_roles(grid, columns)
    walk = _Walk(grid, columns, place, kind, numbered=_numbers_types(grid, columns))
    if guessed:
        walk.found.notes.append(GUESSED)
    header = grid.rows[columns.first - 1] if columns.first else []
    for index in range(columns.first, len(grid.rows)):
        row = grid.rows[index]
        if any(map(trim, row)) and row != header:
            _take_row(walk, index, row)
        elif grid.pictures.get(grid.numbers[index]) or grid.figures.get(grid.numbers[index]):
            _take_lone_pictures(walk, grid.numbers[index])
    _finish(walk)
    return walk.found


def _numbers_types(grid: Grid, columns: Columns) -> bool:
    """Whether the types of a table are numbers, 10 to 90."""
    column = columns.one("type")
    rows = grid.rows[columns.first :]
    said = {trim(row[column]) for row in rows if column is not None and column < len(row) and trim(row[column])}
    return bool(said) and said <= set(NUMBERED)


def _refuse(walk: _Walk, number: int, reason: str) -> None:
    walk.found.rejected.append(Rejection(number, walk.place(number), reason))


def _take_lone_pictures(walk: _Walk, number: int) -> None:
    """Pictures beside an empty row belong to the question above; a question that is nothing but a picture is none."""
    signs = "".join(f"\n{sign}" for _, sign in walk.grid.figures.get(number, ()))
    above = walk.found.drafts[-1] if walk.found.drafts else None
    if signs and above is not None and above.row == number - 1:
        above.stem += signs
        above.notes.append(f"{walk.place(number)}的图片已并入本题，请核对")
    else:
        _refuse(walk, number, "只有图片没有文字；请在题干中写明所问，把图片放在同一行")


def _take_row(walk: _Walk, index: int, row: list[str]) -> None:
    """Tell what a row is and act on it."""
    number, columns = walk.grid.numbers[index], walk.columns
    filled = [trim(cell) for cell in row if trim(cell)]
    stem = trim(columns.cell(row, "stem"))
    wide = number in walk.grid.wide
    if any(_SUBTOTAL.fullmatch(squeeze(cell)) for cell in filled[:2]) and not trim(columns.cell(row, "answer")):
        _refuse(walk, number, "这是小计或合计行，不是试题，没有导入")
    elif (len(set(filled)) == 1 or wide) and (wide or _HEADING.fullmatch(filled[0]) or heading_kind(filled[0])):
        walk.section = heading_kind(filled[0]) or walk.section
        walk.headings.append(number)
    elif columns.one("choice") is not None:
        _take_option_row(walk, index, row)
    elif not stem and _continues(walk, row, len(filled)):
        cells = columns.cells(row, "options")
        walk.found.drafts[-1].options += [trim(cell) for cell in cells if trim(cell)]
        walk.by_row.append(walk.found.drafts[-1])
    elif not stem and len(filled) == 1:
        _refuse(walk, number, "只有一个单元格有内容，不是完整的试题；如是说明文字可不理会")
    else:
        walk.found.drafts.append(_draft(walk, index, row))


def _continues(walk: _Walk, row: list[str], n_filled: int) -> bool:
    """Whether a row holds nothing but one more option of the question above."""
    option = trim(walk.columns.cell(row, "options"))
    return bool(option and n_filled == 1 and walk.found.drafts and walk.found.drafts[-1].options)


def _filled_down(walk: _Walk, index: int, row: list[str], role: str) -> tuple[str, bool]:
    """A cell's text, or what a merged cell or the rows above say for it; tells whether it stood there itself."""
    column = walk.columns.one(role)
    if column is None:
        return "", False
    text = trim(row[column]) if column < len(row) else ""
    if text:
        walk.above[role] = text
        return text, True
    if (index, column) in walk.grid.merged:
        return walk.grid.merged[index, column], True
    # A blank type means the type above; a blank point means none.
    return walk.above.get(role, "") if role == "type" else "", False


def _draft(walk: _Walk, index: int, row: list[str]) -> Draft:
    number, columns = walk.grid.numbers[index], walk.columns
    row = _with_pictures(walk, number, row, columns.one("stem") or 0)
    options, notes = _options(columns, row)
    answers = [trim(cell) for cell in columns.cells(row, "answer") if trim(cell)]
    draft = Draft(
        row=number,
        place=walk.place(number),
        stem=columns.cell(row, "stem"),
        options=options,
        answer="；".join(answers) if len(answers) > 1 and not all(map(keys.letters, answers)) else "".join(answers),
        rationale="\n".join(cell for cell in columns.cells(row, "rationale") if trim(cell)),
        point=_point(walk, index, row),
        difficulty=trim(columns.cell(row, "difficulty")),
        number=_ordinal(columns.cell(row, "number")),
        external_id=trim(columns.cell(row, "id")),
        pictures=walk.grid.pictures.get(number, 0),
        faults=list(walk.grid.faults.get(number, ())),
        notes=notes + list(walk.grid.remarks.get(number, ())),
    )
    for role in _ATTRIBUTES:
        setattr(draft, role, trim(columns.cell(row, role)))
    if not draft.material and (column := columns.one("material")) is not None:
        draft.material = walk.grid.merged.get((index, column), "")
    code = code_of(draft.external_id)
    if code is not None and code.item:
        draft.point = draft.point or code.point
    draft.kind = _kind(walk, index, row, draft) or (code.kind if code is not None else "")
    if number in walk.grid.hidden:
        draft.notes.append("这一行在原表中是隐藏的，也已读取，请核对")
    return draft


def _with_pictures(walk: _Walk, number: int, row: list[str], default: int) -> list[str]:
    """The row with its pictures: in the option or rationale over which they hang, else in the default column."""
    columns = walk.columns
    signs = [(column, sign) for column, sign in walk.grid.figures.get(number, ())]
    shown = columns.roles.get("choice_picture", []) + columns.roles.get("pictures", [])
    signs += [(column, row[column]) for column in shown if column < len(row) and holds_inlay(row[column])]
    if not signs:
        return row
    own = {*columns.options.values(), *columns.roles.get("rationale", ()), *columns.roles.get("choice", ())}
    of_choice = {column: columns.one("choice") or default for column in columns.roles.get("choice_picture", ())}
    row = row + [""] * (max((default, *own)) + 1 - len(row))
    for column, sign in signs:
        at = column if column in own else of_choice.get(column, default)
        row[at] = f"{row[at]}\n{sign}" if trim(row[at]) else sign
    return row


def _ordinal(text: str) -> int | None:
    digits = squeeze(text)
    return int(digits) if digits.isdigit() and len(digits) < 6 else None


def _options(columns: Columns, row: list[str]) -> tuple[list[str], list[str]]:
    """The options of a row, from columns of their own or from one cell, and notes on how they were told apart."""
    if columns.options:
        places = [columns.options.get(i, len(row)) for i in range(max(columns.options) + 1)]
        held = [row[c] if c < len(row) else "" for c in places]
        while held and not trim(held[-1]):
            held.pop()
        return _with_remark(strip_labels(held), columns, row)
    cells = [cell for cell in columns.cells(row, "options") if trim(cell)]
    if len(cells) != 1:
        return strip_labels(cells), []
    together = split_cell(cells[0])
    if len(together) > 1:
        return together, []
    if (label := leading_label(cells[0])) and label.letter == LETTERS[0]:
        return cells, []
    apart = split_loosely(cells[0])
    return (apart, ["选项之间没有明确的分隔符，是按空格或标点拆分的，请核对"]) if apart else ([trim(cells[0])], [])


def _with_remark(options: list[str], columns: Columns, row: list[str]) -> tuple[list[str], list[str]]:
    """An option too many for the columns often stands in 备注 under the next letter, `E.…`."""
    remark = trim(columns.cell(row, "remark"))
    label = leading_label(remark)
    if label and 1 < len(options) < len(LETTERS) and label.letter == LETTERS[len(options)]:
        more = f"选项 {label.letter} 写在备注栏，已并入选项"
        return [*options, trim(remark[label.end :])], [more]
    return options, []


def _point(walk: _Walk, index: int, row: list[str]) -> str:
    """The point by code, else the deepest level given, else its name."""
    if code := _filled_down(walk, index, row, "point_code")[0]:
        return code
    levels = [trim(cell) for cell in walk.columns.cells(row, "point_level") if trim(cell)]
    if levels:
        return levels[-1]
    if len(walk.columns.roles.get("point_level", ())) == 1:
        return _filled_down(walk, index, row, "point_level")[0]
    return _filled_down(walk, index, row, "point_name")[0]


def _kind(walk: _Walk, index: int, row: list[str], draft: Draft) -> str:
    """The type a row names or inherits; an inherited one yields when options and key speak against it."""
    text, own = _filled_down(walk, index, row, "type")
    said = kind_of(text) or (NUMBERED.get(text, "") if walk.numbered else "")
    if own and said:
        return said
    if own and text and not text.isdigit():
        draft.notes.append(f"题型“{text[:12]}”无法识别，按选项和答案判断")
    inherited = said if text and not own else walk.section or walk.kind
    return inherited if _fits(inherited, draft) else ""


def _fits(kind: str, draft: Draft) -> bool:
    """Whether a row could be of the type that the rows above it are."""
    letters = keys.letters(draft.answer, tuple(draft.options))
    if kind == ItemType.JUDGE:
        return len(draft.options) <= 2 and (not draft.answer or bool(keys.judgement(draft.answer, letters=True)))
    if kind in {ItemType.SINGLE, ItemType.MULTIPLE, CHOICE}:
        return len(draft.options) > 1 and not (kind == ItemType.SINGLE and len(letters) > 1)
    return not (draft.options and letters)


def _take_option_row(walk: _Walk, index: int, row: list[str]) -> None:
    """A sheet with one row per option: the question's first row opens it, the following ones add options."""
    columns, drafts = walk.columns, walk.found.drafts
    mark = trim(columns.cell(row, "number")) or trim(columns.cell(row, "id"))
    stem = trim(columns.cell(row, "stem"))
    opens = not drafts or (mark and mark != walk.group) or (not mark and stem and stem != trim(drafts[-1].stem))
    if opens:
        walk.group = mark
        drafts.append(_draft(walk, index, row))
        drafts[-1].options = []
        walk.by_row.append(drafts[-1])
    choice = columns.one("choice") or 0
    option = trim(_with_pictures(walk, walk.grid.numbers[index], row, len(row) if opens else choice)[choice])
    if not option:
        return
    drafts[-1].options.append(option)
    if keys.judgement(columns.cell(row, "right")) == "正确" and len(drafts[-1].options) <= len(LETTERS):
        drafts[-1].answer += LETTERS[len(drafts[-1].options) - 1]


def _finish(walk: _Walk) -> None:
    """What only the whole column shows: numbers before the stems, running numbers that are no ids, headings met."""
    drafts = walk.found.drafts
    materials = {draft.set: draft.material for draft in reversed(drafts) if draft.set and draft.material}
    for draft in drafts:
        draft.material = draft.material or materials.get(draft.set, "")
    stems = strip_numbers([draft.stem for draft in drafts], [draft.number for draft in drafts])
    ids = [draft.external_id for draft in drafts]
    running = all(text.isdigit() and len(text) < 5 for text in ids if text)
    for draft, stem in zip(drafts, stems, strict=True):
        draft.stem = stem
        draft.external_id = "" if running else draft.external_id
    for draft in {id(draft): draft for draft in walk.by_row}.values():
        draft.options = strip_labels(draft.options)
    if walk.headings:
        rows = "、".join(str(number) for number in walk.headings[:8])
        walk.found.notes.append(f"第 {rows} 行是表中的标题行，不是试题")
