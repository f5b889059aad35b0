"""The front door: what is written in any dialect is read back exactly, and no bytes do harm (E1-E17)."""

import csv
import io
import json
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.content import LETTERS, RIGHT, WRONG, ItemContent, ItemType
from bank.exchange.intake import MAX_UPLOAD_BYTES, read_items
from bank.exchange.reading import Reading
from bank.ground.errors import BadInput
from tests.bank.exchange.question_files import (
    archive,
    biff,
    compound,
    contents,
    document,
    judge,
    labelled,
    read_text,
    single,
    with_member,
    workbook,
)

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


def _by_type(items: list[ItemContent]) -> list[ItemContent]:
    order = list(NAMES)
    return sorted(items, key=lambda item: order.index(item.type))


def _columns(items: list[ItemContent]) -> list[list[str]]:
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


def _csv(rows: list[list[str]], encoding: str) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(encoding)


def _lines(items: list[ItemContent], sign: str, between: str) -> list[str]:
    """Sections with numbers from one, options together or line by line, keys on lines of their own."""
    lines, kind, number = ["设备维修题库"], None, 0
    for item in _by_type(items):
        if item.type is not kind:
            kind, number = item.type, 0
            lines.append(f"{'一二三'[list(NAMES).index(kind)]}、{NAMES[kind]}（每题1分）")
        number += 1
        lines.append(f"{number}{sign}{item.stem}")
        if item.options:
            lines += between.join(labelled(item.options, sign)).split("\n")
        lines.append(f"答案：{item.key}")
    return lines


def _inline(items: list[ItemContent]) -> list[str]:
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
    for item in _by_type(items):
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
    "xlsx columns": lambda items: workbook(("题库", _columns(items))),
    "xlsx stars": lambda items: workbook(("题库", _cells(items, "**"))),
    "xls columns": lambda items: compound(biff(_columns(items))),
    "csv gbk": lambda items: _csv(_columns(items), "gbk"),
    "csv bars": lambda items: _csv(_cells(items, "|"), "utf-8-sig"),
    "csv breaks": lambda items: _csv(_cells(items, "\n"), "utf-16"),
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


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(items=ITEMS)
def test_items_come_back_exactly_from_every_dialect(dialect: str, items: list[ItemContent]) -> None:
    reading = read_items("题库", DIALECTS[dialect](items))
    assert reading.rejected == ()
    assert contents(reading) == (_by_type(items) if dialect in SORTED else items)
    assert reading.read == len(items)


def _closed(items: list[ItemContent]) -> list[ItemContent]:
    """Items with the blank as it is left when the key is taken out of it."""
    closed = []
    for item in items:
        stem = item.stem.replace("（ ）", "（）").replace("( )", "()")
        closed.append(ItemContent(item.type, stem, item.options, item.key))
    return closed


@settings(max_examples=20, deadline=None)
@given(items=ITEMS)
def test_keys_inside_the_stem_come_back(items: list[ItemContent]) -> None:
    as_text, as_word = read_text(*_inline(items)), read_items("题库", document(*_inline(items)))
    for reading in (as_text, as_word):
        assert [(c.stem, c.options, c.key) for c in contents(reading)] == [
            (c.stem, c.options, c.key) for c in _closed(items)
        ]


SEED_ITEMS = [
    single("轴承的游隙应（ ）。", ["合适", "为零", "很大"], "A"),
    single("联轴器有（ ）。", ["刚性", "弹性", "塑性"], "AB"),
    judge("油封可以倒装。", WRONG),
]


def _harmless(name: str, data: bytes) -> None:
    """Reading ends in a `Reading` or in one sentence that names the file."""
    message = ""
    try:
        reading = read_items(name, data)
    except BadInput as error:
        message = error.message
    if message:
        assert name in message
        assert "\n" not in message
        return
    assert isinstance(reading, Reading)
    assert reading.read == len(reading.items) + len(reading.rejected) > 0
    assert all(not item.content.faults() for item in reading.items)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_damaged_files_do_no_harm(dialect: str) -> None:
    data = DIALECTS[dialect](SEED_ITEMS)
    chance = random.Random(dialect)
    for _ in range(40):
        body = bytearray(data)
        for _ in range(chance.choice((1, 3, 30))):
            at = chance.randrange(len(body) + 1)
            match chance.randrange(4):
                case 0:
                    body[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    del body[at : at + chance.randrange(1, 64)]
                case 2:
                    body[at:at] = bytes(chance.randrange(256) for _ in range(8))
                case _:
                    body[at : at + 4] = b"\xff\xff\xff\x7f"
        _harmless("题库.x", bytes(body))


@pytest.mark.parametrize("part", ["word/document.xml", "word/numbering.xml", "word/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("body", [b"", b"<a/>", b"<a><b></a>", b"\xff\xfe\x00", "文".encode("gbk")])
def test_damaged_parts_of_word_files_do_no_harm(part: str, body: bytes) -> None:
    _harmless("题库.docx", with_member(DIALECTS["docx lines"](SEED_ITEMS), part, body))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("body", [b"", b"<a/>", b"<a><b></a>", b"\xff\xfe\x00"])
def test_damaged_parts_of_workbooks_do_no_harm(part: str, body: bytes) -> None:
    _harmless("题库.xlsx", with_member(DIALECTS["xlsx columns"](SEED_ITEMS), part, body))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_do_no_harm(data: bytes) -> None:
    _harmless("题库.x", data)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(alphabet="1２3.、（）()ABCDEab 答案：解析√×对错选判断题\t,|*#$;；_【】一二单多\n", max_size=40),
        max_size=14,
    )
)
def test_any_mixture_of_signs_does_no_harm(lines: list[str]) -> None:
    _harmless("题库.x", "\n".join(lines).encode())


@pytest.mark.parametrize(
    "unit",
    [
        "A.",
        "（A）",
        "（",
        "1.",
        "1、",
        "____",
        "答案：",
        "A.B.C.D.",
        "**A",
        "一、单选题 ",
        "（ A ）",
        "1-2 AB ",
        "【答案】",
        "选项A,",
    ],
)
def test_repeated_signs_end_quickly(unit: str) -> None:
    """E15: no pattern backtracks without end; a slow one would run into the suite's own limit."""
    for text in (unit * 9_000, f"1.{unit * 4_000}（ ）\n" * 3, f"题目,选项,答案\n甲乙丙,{unit * 4_000},A\n"):
        _harmless("题库.x", text.encode())


def test_the_size_is_checked_before_anything_is_opened() -> None:
    with pytest.raises(BadInput, match="50 MB"):
        read_items("题库.docx", b"PK\x03\x04" + bytes(MAX_UPLOAD_BYTES))


@pytest.mark.parametrize("data", [b"", b"  \r\n\t", b"\x00" * 64, "\ufeff".encode()])
def test_empty_files_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"空|没有读到试题"):
        read_items("题库.txt", data)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\题库.txt", "题库.txt"),
        ("", "未命名"),
    ],
)
def test_file_names_are_shown_without_paths_and_breaks(name: str, shown: str) -> None:
    assert read_items(name, "1.轴可弯。（×）".encode()).file == shown


def test_a_file_without_questions_is_refused_with_advice() -> None:
    with pytest.raises(BadInput, match="表头"):
        read_items("通知.txt", "关于召开会议的通知\n各部门：\n请准时参加。".encode())


def test_archives_in_archives_are_refused() -> None:
    with pytest.raises(BadInput, match="解压"):
        read_items("题库.zip", archive({"a.zip": archive({"b.docx": document("甲")})}))


def test_the_right_format_is_found_under_the_wrong_name() -> None:
    assert read_items("题库.doc", DIALECTS["docx lines"](SEED_ITEMS)).format == "docx"
    assert read_items("题库.xls", DIALECTS["xlsx columns"](SEED_ITEMS)).format == "xlsx"
    assert read_items("题库.xlsx", DIALECTS["csv gbk"](SEED_ITEMS)).format == "csv"


def test_no_file_is_written(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was opened")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(f"tempfile.{name}", refuse)
    for build in DIALECTS.values():
        assert read_items("题库", build(SEED_ITEMS)).items


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{7*7}}", "${jndi:x}", "=1+1", "@SUM(A1)", "\u202e反转"]
)
def test_text_that_others_would_run_stays_text(text: str) -> None:
    rows = [["题干", "A", "B", "答案"], [f"{text}应（ ）。", text, "无", "A"]]
    (content,) = contents(read_items("题库.csv", _csv(rows, "utf-8")))
    assert (content.stem, content.options[0]) == (f"{text}应（ ）。", text)


def test_equal_questions_are_all_read() -> None:
    reading = read_items("题库.xlsx", workbook(("S", _columns([SEED_ITEMS[0]] * 3))))
    assert contents(reading) == [SEED_ITEMS[0]] * 3


def test_damaged_letters_reject_only_their_question() -> None:
    lines = "\n".join(f"{n}.第{n}号轴可用。（√）" for n in range(1, 60)).encode("gbk")
    data = lines.replace("第30号".encode("gbk"), b"\xff\xff30\xff\xff")
    reading = read_items("题库.txt", data)
    assert [one.row for one in reading.rejected] == [30]
    assert "乱码" in reading.rejected[0].reason
    assert any("UTF-8" in note for note in reading.notes)
