"""Headers of question tables: anywhere on the sheet, in the words of a dozen dialects, in two rows, or none at all."""

import pytest

from bank.content import ItemType
from tests.bank.exchange.question_files import contents
from tests.bank.exchange.questions.crane_table import CRANE, HEADER, HOOK, READ, ROPE, read


def test_titles_above_and_columns_to_the_right() -> None:
    rows = [
        ["", "", "起重机司机题库"],
        ["", "", "填报单位：某校"],
        [],
        ["", "", *HEADER],
        ["", "", *CRANE],
        ["", "", *HOOK],
    ]
    assert contents(read(*rows)) == [READ[0], READ[2]]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["题目", "A", "B", "C", "正确答案"], ["吊钩的开口度增大（ ）应报废。", "10%", "15%", "25%", "b"]),
        (
            ["试题内容", "试题类型", "选项1", "选项2", "选项3", "标准答案"],
            ["吊钩的开口度增大（ ）应报废。", "单选", "10%", "15%", "25%", "2"],
        ),
        (
            ["题干（必填）", "题型 （必填）", "选项 A", "选项 B", "选项C\n(勿删)", "正确答案\n（必填）"],
            [READ[0].stem, "单选题", "10%", "15%", "25%", "B"],
        ),
        (["题目内容", "题目选项(选项之间用**隔开)", "题目答案"], [READ[0].stem, "**A.10%**B.15%**C.25%", "B"]),
        (
            ["试题（题干）", "题型代码", "试题（选项A）", "试题（选项B）", "试题（选项C）", "正确答案"],
            [READ[0].stem, "B（单选题）", "10%", "15%", "25%", "B"],
        ),
        (
            ["题干", "题型", "选择项1", "选择项2", "选择项3", "答案1"],
            [READ[0].stem, "单选题", "10%", "15%", "25%", "B"],
        ),
        (
            ["stem", "type", "option_a", "option_b", "option_c", "answer"],
            [READ[0].stem, "single", "10%", "15%", "25%", "B"],
        ),
        (["题 目", "备选答案", "答 案"], [READ[0].stem, "A、10%\nB、15%\nC、25%", "（B）"]),
        (["题目", "A", "B", "C"], ["吊钩的开口度增大（B）应报废。", "（A）10%", "（B）15%", "（C）25%"]),
    ],
)
def test_headers_of_many_dialects(header: list[str], row: list[str]) -> None:
    (content,) = contents(read(header, row))
    assert content.stem.replace("（ ）", "（）") == READ[0].stem.replace("（ ）", "（）")
    assert (content.type, content.options, content.key) == (ItemType.SINGLE, READ[0].options, "B")


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (["题目", "选项一", "选项二", "选项三", "答案"], ["10%", "15%", "25%", "B"]),
        (["题目", "答案1", "答案2", "答案3", "正确答案"], ["10%", "15%", "25%", "B"]),
        (["题目", "答案", "正确答案"], ["A.10% B.15% C.25%", "B"]),
        (["题目", "选项A内容", "选项B内容", "选项C内容", "答案选项"], ["10%", "15%", "25%", "B"]),
    ],
)
def test_headers_that_only_the_cells_explain(header: list[str], cells: list[str]) -> None:
    assert contents(read(header, [CRANE[2], *cells])) == READ[:1]


def test_options_in_the_cell_of_the_stem() -> None:
    rows = [["题目", "答案"], [f"{CRANE[2]}\nA.10%\nB.15%\nC.25%", "B"], ["吊钩可以补焊。", "错"]]
    assert contents(read(*rows)) == [READ[0], READ[2]]


def test_a_header_of_two_rows() -> None:
    rows = [["编号", "题目", "选项", None, None, "答案"], [None, None, "A", "B", "C", None], ["k-1", *CRANE[2:]]]
    reading = read(*rows)
    assert contents(reading) == READ[:1]
    assert reading.items[0].external_id == "k-1"


def test_several_answer_columns() -> None:
    rows = [
        ["题干", "题型", "选择项1", "选择项2", "选择项3", "答案1", "答案2"],
        [ROPE[2], "多选题", "断丝", "磨损", "颜色", "A", "B"],
    ]
    assert contents(read(*rows)) == [READ[1]]


def test_a_table_without_header_is_judged_by_its_columns() -> None:
    reading = read(CRANE, ROPE, HOOK)
    assert contents(reading) == READ
    assert any("没有表头" in note for note in reading.notes)
