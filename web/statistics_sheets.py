"""Workbooks around results: the table that a sitting's answers are typed into, and item statistics without content."""

from collections.abc import Iterable, Sequence
from typing import Any

from bank.content import TYPE_NAMES, ItemType
from bank.ground.terms import point_label
from papers.histories import ItemHistory
from papers.statistics.judging import FLAG_NAMES
from papers.statistics.scoring import MARKED_TYPES, Question
from web.tables import book_bytes, table_book

COLUMNS = (
    "试题编号",
    "{point}",
    "题型",
    "使用次数",
    "最近使用",
    "人数",
    "得分率",
    "区间下限",
    "区间上限",
    "区分度",
    "高低分组差",
    "未答率",
    "设定难度",
    "建议难度",
    "按其他题推算的得分率",
    "提示",
)
_ADVICE = (
    "每位考生一行；第一列写准考证号，只用来查重，不会存入系统。",
    "选择题写所选字母（多选如 ACD），判断题写“对”“错”，其他题写得分。",
    "未作答留空；整行空白按缺考，不计入。",
    "卷面上印的选项字母是什么就写什么，系统按该卷的选项次序换算。",
)


def template_xlsx(title: str, questions: Sequence[Question]) -> bytes:
    """An empty table for the answers of one sitting: a column for each question, what belongs in it below."""
    rows: list[list[Any]] = [[title], ["准考证号", *(one.position for one in questions)]]
    book = table_book("成绩", rows, header=2)
    book.worksheets[0].freeze_panes = "B3"
    advice = book.create_sheet("填写说明")
    advice.column_dimensions["A"].width = 70
    for line in _ADVICE:
        advice.append([line])
    advice.append([f"选择、判断题：第 {_places(questions, marked=True)} 题；其余题写得分。"])
    return book_bytes(book)


def _places(questions: Sequence[Question], *, marked: bool) -> str:
    found = [one.position for one in questions if (one.type in MARKED_TYPES) is marked]
    runs: list[list[int]] = []
    for at in found:
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return "、".join(f"{run[0]}～{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs) or "（无）"


def statistics_xlsx(title: str, histories: Iterable[ItemHistory]) -> bytes:
    """Item statistics of a bank: numbers by item, no text, no key and no letter."""
    rows = [[title], [name.format(point=point_label()) for name in COLUMNS], *map(_row, histories)]
    return book_bytes(table_book("试题统计", rows, header=2))


def _row(one: ItemHistory) -> list[Any]:
    row = statistics_row(one)
    interval = row["interval"] or (None, None)
    values = [row["item"], row["point"], TYPE_NAMES[ItemType(row["type"])], row["uses"], row["last_used"], row["n"]]
    values += [row["p"], *interval, row["discrimination"], row["upper_lower"], row["omitted"]]
    values += [row["difficulty"], row["suggested"], row["expected"]]
    return [*values, "、".join(FLAG_NAMES[flag] for flag in one.flags)]


def statistics_row(one: ItemHistory) -> dict[str, Any]:
    """The JSON of one item's statistics."""
    count = one.count
    return {
        "item": one.item.id,
        "external_id": one.item.external_id,
        "point": one.item.point,
        "type": one.item.type.value,
        "uses": len(one.uses),
        "last_used": one.last_used.isoformat(),
        "n": count.n if count else 0,
        "p": _rounded(count.p) if count else None,
        "interval": [_rounded(end) for end in count.interval] if count else None,
        "discrimination": _rounded(count.discrimination) if count else None,
        "upper_lower": _rounded(count.upper_lower) if count else None,
        "omitted": _rounded(count.omitted / count.n) if count and count.n else None,
        "difficulty": one.item.difficulty,
        "suggested": one.suggested,
        "expected": _rounded(one.drift.expected) if one.drift else None,
        "easier_by_chance": float(f"{one.drift.easier:.2g}") if one.drift else None,
        "flags": [flag.value for flag in one.flags],
        "sittings": [
            {"sitting": use.sitting_id, "day": use.day.isoformat(), "n": use.count.n, "p": _rounded(use.count.p)}
            for use in one.series
            if use.count is not None
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
