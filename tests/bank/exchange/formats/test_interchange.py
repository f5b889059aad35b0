"""Formats are told by content, whatever the file is called; what is meant for people stays with its own reader."""

import json

import pytest

from bank.content import ItemContent, ItemType
from bank.exchange.formats.interchange import read_interchange, read_marked
from bank.exchange.intake import read_items
from bank.exchange.writing import gift, moodle, qti
from bank.exchange.writing.items import WrittenItem
from tests.bank.exchange.question_files import document, judge, workbook

CONTENT = judge("水泵可以空转。", "错误")
ITEMS = [WrittenItem("1", CONTENT)]
WRITERS = {"qti": qti.write, "moodle": moodle.write, "gift": gift.write}


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("name", ["题库.docx", "题库", "题库.csv"])
def test_names_do_not_matter(form: str, name: str) -> None:
    reading = read_items(name, WRITERS[form](ITEMS, {}, "题库").data)
    assert (reading.format, [item.content for item in reading.items]) == (form, [CONTENT])


def test_text_encodings() -> None:
    data = gift.write(ITEMS, {}, "题库").data.decode()
    for encoding in ("gbk", "utf-16", "utf-8-sig"):
        reading = read_items("题库.txt", data.encode(encoding))
        assert (reading.format, reading.encoding, len(reading.items)) == ("gift", encoding, 1)


@pytest.mark.parametrize(
    "data",
    [
        document("1. 水泵可以空转。（×）"),
        workbook(("题库", [["题型", "题干", "答案"], ["判断题", "水泵可以空转。", "错误"]])),
        b"<html><body><p>x</p></body></html>",
        "<单选题> 题干".encode(),
        b"",
    ],
)
def test_office_files_and_pages_are_left_alone(data: bytes) -> None:
    assert read_interchange("a", data) is None


@pytest.mark.parametrize(
    "text",
    [
        "题型,题干,答案\n判断题,集合 {a} 有限,T\n",
        "1. 设集合 A={x|x>1}，则（ ）\nA. 1\nB. 2\n答案：A",
    ],
)
def test_texts_for_people_are_left_alone(text: str) -> None:
    assert read_marked(text) is None


def test_rows_of_json_stay_rows() -> None:
    row = {"stem": "{=甲 ~乙}", "type": "judge", "answer": "T"}
    assert read_items("题库.gift", json.dumps(row, ensure_ascii=False).encode()).format == "jsonl"


def test_papers_without_keys_are_read_for_comparison() -> None:
    data = moodle.write([WrittenItem("1", ItemContent(ItemType.SHORT, "为什么？"))], {}, "题库").data
    assert read_items("卷.xml", data).items == ()
    assert [item.content.stem for item in read_items("卷.xml", data, need_key=False).items] == ["为什么？"]
