"""JSON rows of the outer face, good and broken."""

import json

import pytest

from bank.answers import Credit, RubricPoint
from bank.content import ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.ground.errors import BadInput
from tests.bank.exchange.question_files import contents, judge, single

SINGLE = {
    "id": "q-1",
    "type": "single",
    "stem": "水泵的扬程是（ ）。",
    "options": ["高度", "流量"],
    "answer": "A",
    "point": "A-B-001",
}
JUDGE = {"id": 7, "type": "判断题", "stem": "水泵可以空转。", "options": [], "answer": False, "difficulty": 2}


def lines(*rows: object) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_rows() -> None:
    reading = read_items("题库.jsonl", lines(SINGLE, JUDGE))
    assert (reading.format, reading.encoding) == ("jsonl", "utf-8")
    assert contents(reading) == [single("水泵的扬程是（ ）。", ["高度", "流量"], "A"), judge("水泵可以空转。", "错误")]
    assert [(item.external_id, item.point, item.difficulty) for item in reading.items] == [
        ("q-1", "A-B-001", None),
        ("7", None, 2),
    ]


def test_a_list_and_pretty_options() -> None:
    row = SINGLE | {"options": {"A": "高度", "B": "流量"}, "answer": ["A", "B"], "type": "multiple"}
    data = json.dumps([row], indent=2, ensure_ascii=False).encode()
    assert contents(read_items("题库.json", data)) == [single("水泵的扬程是（ ）。", ["高度", "流量"], "AB")]


def test_the_row_of_the_outer_face_comes_back() -> None:
    content = ItemContent(ItemType.SHORT, "简述启动步骤。", (), "盘车；\n灌泵。", "见规程")
    assert contents(read_items("x", lines(content.as_row()))) == [content]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{broken", "JSON"),
        ("[1]", "JSON"),
        ('"text"', "JSON"),
        (SINGLE | {"stem": 5}, "题干"),
        (SINGLE | {"options": "甲"}, "选项"),
        (SINGLE | {"type": "riddle"}, "riddle"),
        (SINGLE | {"answer": "C"}, "超出"),
        (SINGLE | {"stem": "\ud800"}, "乱码"),
        ("{" + '"a":{' * 5000, "JSON"),
    ],
)
def test_broken_rows_are_rejected_alone(row: object, reason: str) -> None:
    coded = row if isinstance(row, str) else json.dumps(row)
    reading = read_items("题库.jsonl", lines(SINGLE, coded, JUDGE))
    assert len(reading.items) == 2
    assert [(one.row, one.place) for one in reading.rejected] == [(2, "第 2 行")]
    assert reason in reading.rejected[0].reason


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bank.exchange.rows.MAX_ROWS", 1)
    with pytest.raises(BadInput, match="拆成几个文件"):
        read_items("题库.jsonl", lines(SINGLE, JUDGE))


def test_rows_of_our_own_face_come_back_whole() -> None:
    contents_written = [
        ItemContent(ItemType.JUDGE, "扬程 $H=\\frac{p}{g}$，出水 H<sub>2</sub>O。", (), "正确", "见手册。"),
        ItemContent(ItemType.MULTIPLE, "选", ("甲", "乙"), "AB", credit=Credit.SHARE, marks=3),
        ItemContent(ItemType.SHORT, "简述盘车。", key="略", marks=4, rubric=(RubricPoint("转动灵活", 4),)),
    ]
    reading = read_items("题库.jsonl", lines(*(content.as_row() for content in contents_written)))
    assert contents(reading) == contents_written


def test_attributes_of_rows() -> None:
    reading = read_items("题库.jsonl", lines(SINGLE | {"consistency": 4, "cognition": "apply", "importance": "X"}))
    (item,) = reading.items
    assert (item.consistency, item.cognition, item.importance) == (4, "apply", "X")


def test_a_row_with_a_broken_rubric_is_rejected() -> None:
    reading = read_items("题库.jsonl", lines(SINGLE, JUDGE | {"rubric": [{"words": "甲"}], "notation": None}))
    assert "rubric" in reading.rejected[0].reason
