"""Files of answers as schools have them: wide and long, letters and points, in every encoding; what does not fit."""

import io
import random
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.content import RIGHT, ItemType
from bank.ground.errors import BadInput
from papers.responses import Responses, read_responses
from papers.statistics.scoring import Question

FORM = (
    Question(1, ItemType.SINGLE, 4, "B", 4),
    Question(2, ItemType.SINGLE, 4, "A", 4),
    Question(3, ItemType.MULTIPLE, 4, "ACD", 5),
    Question(4, ItemType.JUDGE, 2, RIGHT),
)
WIDE = "准考证号,姓名,1,2,3,4,总分\n420200001,张三,B,A,ACD,√,14\n420200002,李四,C,a,A,×,4\n"


def _read(text: str, name: str = "成绩.csv", form: tuple[Question, ...] = FORM, encoding: str = "utf-8") -> Responses:
    return read_responses(name, text.encode(encoding), form)


def _earned(found: Responses) -> list[list[float]]:
    return [[one.earned for one in row] for row in found.answers]


def _workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_wide_tables_in_every_encoding(encoding: str) -> None:
    found = _read(WIDE, encoding=encoding)
    assert found.layout == "wide"
    assert _earned(found) == [[4, 4, 4, 2], [0, 4, 0, 0]]
    assert (found.rejected, found.notes) == ((), ())


def test_a_workbook_reads_like_its_text() -> None:
    rows = [["某校 2026 年 3 月成绩"], ["准考证号", 1, 2, 3, 4], [420200001, "B", "A", "ACD", "对"], [None, "", ""]]
    assert _earned(read_responses("成绩.xlsx", _workbook(rows), FORM)) == [[4, 4, 4, 2]]


@pytest.mark.parametrize(
    "header",
    [
        "第1题,第2题,第3题,第4题",
        "T1,T2,T3,T4",
        "Q01,Q02,Q03,Q04",
        "单选1,单选2,多选1,判断1",
        "1（2分）,2,3,4.",
        "4,3,2,1",
    ],
)
def test_headers_in_many_hands(header: str) -> None:
    line = "B,A,ACD,T" if not header.startswith("4") else "T,ACD,A,B"
    assert _earned(_read(f"考号,{header}\n7,{line}\n")) == [[4, 4, 4, 2]]


def test_long_tables_by_letters_and_by_points() -> None:
    rows = [("7", 1, "B"), ("7", 2, "C"), ("8", 4, "对"), ("7", 3, "ACD"), ("8", 1, "B"), ("7", 4, "错"), ("8", 3, "")]
    text = "准考证号,题号,考生答案\n" + "\n".join(f"{who},{at},{said}" for who, at, said in rows) + "\n8,2,A"
    found = _read(text)
    assert found.layout == "long"
    assert _earned(found) == [[4, 0, 4, 0], [4, 4, 0, 2]]
    assert found.answers[1][2].omitted
    marked = "准考证号,题号,答案,得分\n" + "\n".join(f"7,{at},{said},{1}" for at, said in enumerate("BCAF", start=1))
    found = _read(marked)
    assert _earned(found) == [[2, 2, 2, 2]]
    assert found.answers[0][1].chosen == "C"


def test_points_alone_are_read_and_told() -> None:
    found = _read("考号,1,2,3,4\n7,2,0,1.5,1\n8,0,2,2,0\n")
    assert _earned(found) == [[4, 0, 3, 2], [0, 4, 4, 0]]
    assert found.notes == ("各题按得分读取；没有作答字母，不能分析选项",)


def test_letters_and_points_side_by_side() -> None:
    found = _read("考号,1,1得分,2,2得分,3,3得分,4,4得分\n7,B,2,C,0,AC,1,对,1\n8,,0,A,2,,0,错,0\n")
    assert _earned(found) == [[4, 0, 2, 2], [0, 4, 0, 0]]
    assert [one.chosen for one in found.answers[0]] == ["B", "C", "AC", RIGHT]
    assert [one.omitted for one in found.answers[1]] == [True, False, True, False]
    only = _read("考号,1得分,2得分,3得分,4得分\n7,2,0,1,1\n")
    assert _earned(only) == [[4, 0, 2, 2]]


def test_written_answers_take_points_beside_letters() -> None:
    form = (*FORM, Question(5, ItemType.SHORT, 20))
    found = _read("考号,1,2,3,4,5\n7,B,A,ACD,对,7.5\n", form=form)
    assert _earned(found) == [[4, 4, 4, 2, 15]]
    assert found.notes == ("4 题按作答评分，1 题按得分读取",)


def test_options_in_the_form_s_order_come_back_as_the_item_s_own() -> None:
    form = (Question(1, ItemType.SINGLE, 4, "B", 4, (2, 1, 0, 3)), *FORM[1:])
    found = _read("考号,1,2,3,4\n7,B,A,ACD,对\n8,A,A,ACD,对\n", form=form)
    assert [row[0].chosen for row in found.answers] == ["B", "C"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("8,E,A,ACD,对", "第 1 题的答案“E”超出选项（只有 A～D）"),
        ("8,B,A,ACD,也许", "第 4 题的答案“也许”不是对错，请写“对”“错”或“√”“×”"),
        ("8,,,,", "没有任何作答，按缺考没有计入"),
        ("8,缺考,,,", "缺考，没有计入"),
        ("7,C,C,C,错", "与第 2 行是同一考生，只计第一次"),
    ],
)
def test_a_row_that_cannot_count_is_told_by_its_number(line: str, reason: str) -> None:
    found = _read(f"考号,1,2,3,4\n7,B,A,ACD,对\n{line}\n")
    assert [(one.row, one.reason) for one in found.rejected] == [(3, reason)]
    assert _earned(found) == [[4, 4, 4, 2]]


def test_rows_of_sums_and_marks_are_no_candidates() -> None:
    found = _read("考号,1,2,3,4\n满分,2,2,2,1\n7,B,A,ACD,对\n平均分,1,1,1,1\n")
    assert (len(found.answers), found.rejected) == (1, ())


def test_long_rows_that_contradict_each_other() -> None:
    rows = "准考证号,题号,答案\n" + "".join(f"7,{at},{said}\n" for at, said in enumerate("BAAT", start=1))
    found = _read(rows + "8,1,B\n8,1,C\n8,2,A\n9,一,B\n")
    assert [(one.row, one.reason) for one in found.rejected] == [
        (6, "第 7 行：同一考生的第 1 题出现了两次"),
        (9, "第 9 行的题号“一”无法识别"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("考号,1,2,3,4,5\n7,A,A,A,对,A\n", "有第 5 题，而这份卷只有 4 题；请核对是否选对了批次和卷别"),
        ("考号,1,2,3\n7,A,A,A\n", "缺第 4 题，这份卷有 4 题"),
        ("考号,单选1,单选2,单选3,多选1,判断1\n7,A,A,A,A,对\n", "超出该题型题数的题号"),
        ("姓名,分数\n张三,80\n", "中没有找到表头"),
        ("考号,1,2,3,4\n", "没有一行能计入：表头以下没有考生"),
        ("考号,1,2,3,4\n7,E,A,A,对\n", "没有一行能计入：第 1 题的答案“E”超出选项"),
        ("  \n", "是空的"),
        ("考号,1,2,3,4\n7,,,,1\n8,,,,0\n", "判断题的 1 和 0 看不出是得分还是对错"),
        ("考号,1,2,3,4\n答案,C,B,A,错\n7,A,A,A,对\n", "有 4 题与这份卷的标准答案不同，像是另一份卷的成绩"),
    ],
)
def test_a_file_of_another_form_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as told:
        _read(text)
    assert sentence in told.value.message
    assert "成绩.csv" in told.value.message


def test_one_odd_key_among_many_is_told_and_not_followed() -> None:
    form = tuple(Question(at, ItemType.SINGLE, 2, "B", 4) for at in range(1, 11))
    head = "考号," + ",".join(map(str, range(1, 11)))
    found = _read(f"{head}\n标准答案,{','.join('BBBBBBBBBC')}\n7,{','.join('BBBBBBBBBB')}\n", form=form)
    assert sum(_earned(found)[0]) == 20
    assert found.notes == ("文件答案行的第 10 题与标准答案不同，评分以试卷的标准答案为准；如系答案有误请先改题",)


def test_a_form_wider_than_a_question_bank() -> None:
    form = tuple(Question(at, ItemType.SINGLE, 2, "B", 4) for at in range(1, 201))
    rows = [["准考证号", *range(1, 201)], [7, *"B" * 200]]
    assert sum(_earned(read_responses("成绩.xlsx", _workbook(rows), form))[0]) == 400
    text = "\n".join(",".join(map(str, row)) for row in rows)
    assert sum(_earned(_read(text, form=form))[0]) == 400


def test_a_question_without_key_is_marked_by_points_only() -> None:
    form = (Question(1, ItemType.SINGLE, 4, "", 4), *FORM[1:])
    with pytest.raises(BadInput, match="这份卷第 1 题没有标准答案"):
        _read("考号,1,2,3,4\n7,B,A,ACD,对\n", form=form)
    assert _earned(_read("考号,1,2,3,4\n7,2,A,ACD,对\n", form=form)) == [[4, 4, 4, 2]]


def test_nobody_s_number_is_in_what_is_handed_over() -> None:
    found = _read(WIDE.replace("420200002", "420200001"))
    assert len(found.rejected) == 1
    assert "4202" not in repr(found)
    assert "张三" not in repr(found)


def test_no_questions_no_results() -> None:
    with pytest.raises(BadInput, match="没有登记试题"):
        _read(WIDE, form=())


_SAID = st.tuples(st.sampled_from("ABCD*") | st.just(""), st.sampled_from("ABCD"), st.sampled_from(["ACD", "A", "BE"]))


@given(st.lists(st.tuples(_SAID, st.sampled_from(["对", "错", "√", ""])), min_size=1, max_size=12), st.randoms())
def test_wide_and_long_say_the_same(people: list[tuple[tuple[str, str, str], str]], lot: random.Random) -> None:
    rows = [[*choices, judged] for choices, judged in people]
    wide = "考号,1,2,3,4\n" + "".join(f"{who:05},{','.join(row)}\n" for who, row in enumerate(rows))
    lines = [f"{who:05},{at},{said}" for who, row in enumerate(rows) for at, said in enumerate(row, start=1)]
    lot.shuffle(lines)
    one, other = _read(wide), _read("考号,题号,答案\n" + "\n".join(lines))
    assert sorted(map(repr, one.answers)) == sorted(map(repr, other.answers))


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_answers_or_one_sentence(data: bytes) -> None:
    with suppress(BadInput):
        assert read_responses("x.csv", data, FORM).answers
