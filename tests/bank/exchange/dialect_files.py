"""The same questions written in every dialect that is read: what any draw of items becomes as a file."""

import csv
import io
import json
from collections.abc import Callable

from hypothesis import strategies as st

from bank.content import LETTERS, RIGHT, WRONG, ItemContent, ItemType
from tests.bank.exchange.question_files import biff, compound, document, judge, labelled, single, workbook

NAMES = {ItemType.SINGLE: "单选题", ItemType.MULTIPLE: "多选题", ItemType.JUDGE: "判断题"}
WORDS = st.text(alphabet="轴承齿轮皮带链条油封垫片螺栓键销联器壳体盖板弹簧密封", min_size=2, max_size=9)
VALUES = st.sampled_from(
    ["0.5mm", "380V", "-5℃", "±2%", "φ32", "1:3", "3～5", "PLC", "C语言", "A级", "B细胞", "25kg", "1/2"]
)
OPTIONS = st.lists(
    st.one_of(WORDS, VALUES, st.builds("{}{}".format, WORDS, VALUES)), min_size=2, max_size=5, unique=True
)
STEMS = st.builds(
    "{}与{}的配合应{}。".format, WORDS, st.one_of(WORDS, VALUES), st.sampled_from(["（ ）", "( )", "（）"])
)


@st.composite
def choices(draw: st.DrawFn) -> ItemContent:
    options = draw(OPTIONS)
    size = draw(st.integers(1, len(options)))
    key = "".join(sorted(draw(st.permutations(LETTERS[: len(options)]))[:size]))
    return single(draw(STEMS), options, key)


JUDGES = st.builds(judge, st.builds("{}磨损后{}应更换。".format, WORDS, WORDS), st.sampled_from([RIGHT, WRONG]))
ITEMS = st.lists(st.one_of(choices(), JUDGES), min_size=1, max_size=6)


def by_type(items: list[ItemContent]) -> list[ItemContent]:
    order = list(NAMES)
    return sorted(items, key=lambda item: order.index(item.type))


def columns(items: list[ItemContent]) -> list[list[str]]:
    rows = [["序号", "题型", "题干", *(f"选项{x}" for x in "ABCDE"), "答案", "解析"]]
    for n, item in enumerate(items, 1):
        options = [*item.options, *[""] * (5 - len(item.options))]
        rows.append([str(n), NAMES[item.type], item.stem, *options, item.key, ""])
    return rows


def _cells(items: list[ItemContent], sign: str) -> list[list[str]]:
    rows = [["试题类型", "题目内容", "题目选项", "题目答案"]]
    for item in items:
        rows.append([NAMES[item.type], item.stem, sign.join(labelled(item.options)), item.key])
    return rows


def csv_file(rows: list[list[str]], encoding: str) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(encoding)


def _lines(items: list[ItemContent], sign: str, between: str) -> list[str]:
    """Sections with numbers from one, options together or line by line, keys on lines of their own."""
    lines, kind, number = ["设备维修题库"], None, 0
    for item in by_type(items):
        if item.type is not kind:
            kind, number = item.type, 0
            lines.append(f"{'一二三'[list(NAMES).index(kind)]}、{NAMES[kind]}（每题1分）")
        number += 1
        lines.append(f"{number}{sign}{item.stem}")
        if item.options:
            lines += between.join(labelled(item.options, sign)).split("\n")
        lines.append(f"答案：{item.key}")
    return lines


def inline(items: list[ItemContent]) -> list[str]:
    """Keys inside the brackets of the stem, numbers running through."""
    lines = []
    for n, item in enumerate(items, 1):
        if item.type is ItemType.JUDGE:
            lines.append(f"{n}、{item.stem}（{'√' if item.key == RIGHT else '×'}）")
        else:
            stem = item.stem.replace("（ ）", "（）").replace("( )", "()")
            lines += [f"{n}、{stem}".replace("（）", f"（ {item.key} ）").replace("()", f"({item.key})")]
            lines.append("    ".join(labelled(item.options, "、")))
    return lines


def _keys_at_end(items: list[ItemContent]) -> list[str]:
    lines, keys, kind, number = [], ["参考答案"], None, 0
    for item in by_type(items):
        if item.type is not kind:
            kind, number = item.type, 0
            lines.append(NAMES[kind])
            keys.append(NAMES[kind])
        number += 1
        lines.append(f"{number}. {item.stem}" + ("（  ）" if item.type is ItemType.JUDGE else ""))
        lines += ["  ".join(labelled(item.options))] if item.options else []
        keys.append(f"{number}. {item.key}")
    return lines + keys


def _word_table(items: list[ItemContent]) -> bytes:
    rows = _cells(items, "\n")

    def shape(made: object) -> None:
        table = made.add_table(len(rows), 4)  # type: ignore[attr-defined]
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                table.cell(r, c).text = text

    return document("题库", shape=shape)


def _json(items: list[ItemContent]) -> bytes:
    return "\n".join(json.dumps({"id": f"x{n}", **item.as_row()}) for n, item in enumerate(items)).encode()


DIALECTS: dict[str, Callable[[list[ItemContent]], bytes]] = {
    "xlsx columns": lambda items: workbook(("题库", columns(items))),
    "xlsx stars": lambda items: workbook(("题库", _cells(items, "**"))),
    "xls columns": lambda items: compound(biff(columns(items))),
    "csv gbk": lambda items: csv_file(columns(items), "gbk"),
    "csv bars": lambda items: csv_file(_cells(items, "|"), "utf-8-sig"),
    "csv breaks": lambda items: csv_file(_cells(items, "\n"), "utf-16"),
    "txt gbk": lambda items: "\r\n".join(_lines(items, "．", "\n")).encode("gbk", errors="replace"),
    "txt together": lambda items: "\n".join(_lines(items, "、", "  ")).encode(),
    "txt keys at end": lambda items: "\n".join(_keys_at_end(items)).encode(),
    "docx lines": lambda items: document(*_lines(items, ". ", "\n")),
    "docx tabs": lambda items: document(*_lines(items, ".", "\t")),
    "docx keys at end": lambda items: document(*_keys_at_end(items)),
    "docx table": _word_table,
    "jsonl": _json,
}
SORTED = {"txt gbk", "txt together", "txt keys at end", "docx lines", "docx tabs", "docx keys at end"}
