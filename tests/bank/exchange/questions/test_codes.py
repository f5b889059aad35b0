"""Codes of the national bank before a question, on the line above it, and in the column of numbers."""

import pytest

from bank.exchange.intake import read_items
from bank.exchange.questions.codes import code_of, lone_code
from tests.bank.exchange.question_files import contents, read_text, workbook


@pytest.mark.parametrize(
    ("text", "point", "item"),
    [
        ("A-B-C-001 油压机", "A-B-C-001", ""),
        ("【A-B-001】油压机", "A-B-001", ""),
        ("（鉴定点代码：A-A-002）油压机", "A-A-002", ""),
        ("B-A-B-C-001-002 油压机", "A-B-C-001", "B-A-B-C-001-002"),
    ],
)
def test_codes_at_the_start_of_a_text(text: str, point: str, item: str) -> None:
    code = code_of(text)
    assert code is not None
    assert (code.point, code.item, text[code.end :]) == (point, item, "油压机")
    assert lone_code(text) is None


@pytest.mark.parametrize("text", ["A-B相短路时", "X-Y-Z坐标系", "T-12钢", "油压机 A-B-001", ""])
def test_what_is_no_code(text: str) -> None:
    assert code_of(text) is None


def test_codes_before_stems_and_on_lines_of_their_own() -> None:
    reading = read_text(
        "一、判断题",
        "A-A-001",
        "1．油压机应定期换油。（√）",
        "2．油箱可以敞口。（×）",
        "A-A-002",
        "3．滤芯可以反复使用。（×）",
        "4．[A-B-003]压力表应检定。（√）",
    )
    assert [item.point for item in reading.items] == ["A-A-001", "A-A-001", "A-A-002", "A-B-003"]
    assert contents(reading)[3].stem == "压力表应检定。"


def test_the_number_of_an_item_names_its_point_and_type() -> None:
    rows = [["ID", "试题（题干）", "正确答案"], ["C-A-B-C-001-002", "压力表应检定。", "正确"]]
    (item,) = read_items("题库.xlsx", workbook(("试题", rows))).items
    assert (item.point, item.external_id, item.content.type) == ("A-B-C-001", "C-A-B-C-001-002", "judge")
