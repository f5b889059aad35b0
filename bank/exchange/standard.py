"""Tidun's own table of items: one header that holds all that an item is, with texts in the notation (Article 6(5)).

Writers fill the same table that the bank is written to. Its stem column says 题盾记法, so its cells are taken as they
stand: nothing is guessed, `$…$` is a formula, a backslash makes a sign a character.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from bank import notation
from bank.answers import CREDIT_NAMES, Credit, Parameters, shown_marks
from bank.content import CHOICE_TYPES, LETTERS, TYPE_NAMES, ItemContent, ItemType
from bank.exchange.formats.marking import marking_blocks, read_marking
from bank.exchange.glyphs import trim
from bank.exchange.questions import keys
from bank.exchange.questions.attributes import cognition_name, read_credit, read_marks, read_rubric, write_rubric
from bank.exchange.questions.draft import Draft
from bank.exchange.questions.kinds import CHOICE, kind_of
from bank.exchange.questions.options import strip_labels
from bank.exchange.writing.items import WrittenItem
from bank.items import Secrecy
from bank.notation import Paragraph, Table, Text

MARK = "题盾记法"
HEADERS = {
    "id": "原编号",
    "type": "题型",
    "set": "题组号",
    "material": "材料",
    "stem": f"题干（{MARK}）",
    **{letter: f"选项{letter}" for letter in LETTERS},
    "answer": "答案",
    "rationale": "解析",
    "point_code": "鉴定点",
    "difficulty": "难度",
    "consistency": "一致性",
    "cognition": "认知层次",
    "importance": "重要程度",
    "marks": "分值",
    "credit": "少选得分",
    "rubric": "评分要点",
    "task": "操作评分表",
    "parameters": "参数取值",
    "source": "出处",
    "secrecy": "保密级别",
    "pictures": "图片",
}
EXAMPLES = ("示例1", "示例2", "示例3")
"""The numbers of the examples in the tables to be filled, which an import passes over."""
NOTES_SHEET = "填写说明"
SECRECY_NAMES = {Secrecy.SECRET: "保密", Secrecy.PRACTICE: "公开复习", Secrecy.RELEASED: "已解密"}


def written(item: WrittenItem, set_number: str = "") -> dict[str, str]:
    """The cells of an item by role."""
    content = item.content
    cells = {
        "id": item.name,
        "type": TYPE_NAMES[content.type],
        "set": set_number,
        "material": content.material,
        "stem": content.stem,
        "answer": content.key,
        "rationale": content.rationale,
        "point_code": item.point or "",
        "difficulty": str(item.difficulty or ""),
        "consistency": str(item.consistency or ""),
        "cognition": cognition_name(item.cognition),
        "importance": item.importance or "",
        "marks": "" if content.marks is None else shown_marks(content.marks),
        "credit": "" if content.credit is Credit.NONE else CREDIT_NAMES[content.credit],
        "rubric": write_rubric(content.rubric),
        "task": "" if content.task is None else notation.write(marking_blocks(replace(content, key="", rubric=()))),
        "parameters": "" if content.parameters is None else _parameter_table(content.parameters),
        "source": content.source,
        "secrecy": SECRECY_NAMES[Secrecy(item.secrecy)] if item.secrecy else "",
    }
    return cells | dict(zip(LETTERS, content.options, strict=False))


def _parameter_table(sets: Parameters) -> str:
    rows = (sets.names, *sets.rows)
    return notation.write([Table(tuple(tuple((Text(cell),) for cell in row) for row in rows))])


def content_of(cells: Mapping[str, str], notes: list[str]) -> ItemContent:
    """The content that the cells of one row state, texts as they stand; what was not kept goes into the notes."""
    stated = {name: trim(cell) for name, cell in cells.items()}
    options = [stated.get(letter, "") for letter in LETTERS]
    while options and not options[-1]:
        options.pop()
    options = strip_labels(options)
    answer = stated.get("answer", "")
    kind = _kind(stated.get("type", ""), options, answer)
    chosen = kind in CHOICE_TYPES
    key = answer
    if chosen:
        key = keys.letters(answer, tuple(options))
    elif kind is ItemType.JUDGE:
        key = keys.judgement(answer, letters=True)
    content = ItemContent(
        kind,
        stated.get("stem", ""),
        tuple(options) if chosen else (),
        key,
        stated.get("rationale", ""),
        source=notation.plain(stated.get("source", "")),
        material=stated.get("material", ""),
    )
    return _with_marking(content, stated, notes)


def _kind(said: str, options: list[str], answer: str) -> ItemType:
    """The type named, or the one that options and key speak for."""
    kind = kind_of(said)
    if kind not in {"", CHOICE}:
        return ItemType(kind)
    if options:
        return ItemType.MULTIPLE if len(keys.letters(answer, tuple(options))) > 1 else ItemType.SINGLE
    return ItemType.JUDGE if keys.judgement(answer) else ItemType.SHORT


def _with_marking(content: ItemContent, stated: Mapping[str, str], notes: list[str]) -> ItemContent:
    if text := stated.get("marks", ""):
        content = replace(content, marks=read_marks(text))
        if content.marks is None:
            notes.append(f"分值“{text[:20]}”不是 0.5 的倍数，没有保留")
    if text := stated.get("credit", ""):
        content = replace(content, credit=read_credit(text, content.marks) or Credit.NONE)
    if text := stated.get("rubric", ""):
        content = replace(content, rubric=read_rubric(text))
        if not content.rubric:
            notes.append("评分要点没有逐条写明分值（如“说明原因（2分）”），没有保留")
    if text := stated.get("task", ""):
        content = replace(read_marking(content, text), key=content.key, rubric=content.rubric)
    if text := stated.get("parameters", ""):
        content = replace(content, parameters=_parameters(text, notes))
    return content


def _parameters(text: str, notes: list[str]) -> Parameters | None:
    for block in notation.parse(text):
        if isinstance(block, Table):
            rows = [tuple(_plain(Paragraph(cell)) for cell in row) for row in block.rows]
            return Parameters(rows[0], tuple(rows[1:]))
    notes.append("参数取值不是表格（第一行写参数名，如 | U | R |），没有保留")
    return None


def _plain(block: Paragraph) -> str:
    return notation.plain(notation.write([block])).strip()


def stated_draft(row: int, place: str, cells: Mapping[str, str]) -> Draft:
    """The draft of one row of our own table."""
    notes: list[str] = []
    return Draft(
        row,
        place,
        answer=trim(cells.get("answer", "")),
        content=content_of(cells, notes),
        external_id=cells.get("id", ""),
        point=cells.get("point_code", ""),
        difficulty=trim(cells.get("difficulty", "")),
        consistency=cells.get("consistency", ""),
        cognition=cells.get("cognition", ""),
        importance=cells.get("importance", ""),
        set=trim(cells.get("set", "")),
        notes=notes,
    )


def is_own(header: str) -> bool:
    """Whether a header cell is the stem column of our own table."""
    return MARK in header and bool(re.search("题干", header))
