"""The front door: what is written in any dialect is read back exactly, and no bytes do harm (E1-E17)."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.content import WRONG, ItemContent
from bank.exchange.intake import MAX_UPLOAD_BYTES, read_items
from bank.exchange.reading import Reading
from bank.ground.errors import BadInput
from tests.bank.exchange.dialect_files import DIALECTS, ITEMS, SORTED, by_type, columns, csv_file, inline
from tests.bank.exchange.question_files import (
    archive,
    contents,
    document,
    judge,
    read_text,
    single,
    with_member,
    workbook,
)


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(items=ITEMS)
def test_items_come_back_exactly_from_every_dialect(dialect: str, items: list[ItemContent]) -> None:
    reading = read_items("题库", DIALECTS[dialect](items))
    assert reading.rejected == ()
    assert contents(reading) == (by_type(items) if dialect in SORTED else items)
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
    as_text, as_word = read_text(*inline(items)), read_items("题库", document(*inline(items)))
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
    (content,) = contents(read_items("题库.csv", csv_file(rows, "utf-8")))
    assert (content.stem, content.options[0]) == (f"{text}应（ ）。", text)


def test_equal_questions_are_all_read() -> None:
    reading = read_items("题库.xlsx", workbook(("S", columns([SEED_ITEMS[0]] * 3))))
    assert contents(reading) == [SEED_ITEMS[0]] * 3


def test_damaged_letters_reject_only_their_question() -> None:
    lines = "\n".join(f"{n}.第{n}号轴可用。（√）" for n in range(1, 60)).encode("gbk")
    data = lines.replace("第30号".encode("gbk"), b"\xff\xff30\xff\xff")
    reading = read_items("题库.txt", data)
    assert [one.row for one in reading.rejected] == [30]
    assert "乱码" in reading.rejected[0].reason
    assert any("UTF-8" in note for note in reading.notes)
