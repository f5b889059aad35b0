"""Separated text: the separator is found, quotes are kept in check, guarded cells come back."""

import pytest

from bank.exchange.intake import read_items
from tests.bank.exchange.question_files import contents, judge, single

HEADER = ["题型", "题干", "选项", "答案"]
ROWS = [["单选题", "通风机停车后应（ ）。", "关闭闸门|继续运转", "A"], ["判断题", "通风机可以反转。", "", "错"]]
READ = [single("通风机停车后应（ ）。", ["关闭闸门", "继续运转"], "A"), judge("通风机可以反转。", "错误")]


@pytest.mark.parametrize("sign", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("name", ["题库.csv", "题库.txt", "题库.xls"])
def test_separators_encodings_and_names(sign: str, encoding: str, name: str) -> None:
    text = "\r\n".join(sign.join(row) for row in [HEADER, *ROWS])
    reading = read_items(name, text.encode(encoding))
    assert (reading.format, reading.encoding) == ("csv", encoding)
    assert contents(reading) == READ


def test_quoted_cells_with_breaks_and_separators() -> None:
    text = '题型,题干,选项,答案\n单选题,"第一行，\n第二行（ ）。","A.甲,乙\nB.丙",B\n判断题,甲,,对\n'
    reading = read_items("题库.csv", text.encode())
    assert contents(reading) == [single("第一行，\n第二行（ ）。", ["甲,乙", "丙"], "B"), judge("甲", "正确")]
    assert [item.row for item in reading.items] == [2, 3]


def test_a_stray_quote_does_not_swallow_rows() -> None:
    rows = "\n".join(f"判断题,第{n}号阀可开,,对" for n in range(9))
    reading = read_items("题库.csv", f'题型,题干,选项,答案\n判断题,"甲阀可开,,对\n{rows}\n'.encode())
    assert len(reading.items) == 10
    assert any("引号" in note for note in reading.notes)


def test_a_csv_without_header_needs_its_name() -> None:
    text = "1,单选题,引风机的作用（ ）,排烟,送水,A\n2,判断题,引风机可以停,,,错\n".encode()
    reading = read_items("题库.csv", text)
    assert [content.key for content in contents(reading)] == ["A", "错误"]


def test_guarded_cells_lose_their_guard() -> None:
    text = "题干,A,B,C,答案\n电源为（ ）,'+24V,'-5℃,'=1,A\n"
    assert contents(read_items("题库.csv", text.encode()))[0].options == ("+24V", "-5℃", "=1")


def test_the_separator_line_of_excel() -> None:
    reading = read_items("题库.csv", "sep=;\n题干;答案\n甲可以转;对\n".encode())
    assert contents(reading) == [judge("甲可以转", "正确")]


def test_commas_in_running_text_are_no_table() -> None:
    reading = read_items("题库.txt", "判断题\n1.甲,乙,丙都要检查。（√）\n2.丁,戊不要检查。（×）\n".encode())
    assert reading.format == "txt"
    assert [content.key for content in contents(reading)] == ["正确", "错误"]
