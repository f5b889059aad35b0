"""Cells become marks: letters of the printed form, right and wrong in every dress, points of a marker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.answers import Credit
from bank.content import RIGHT, WRONG, ItemType
from bank.ground.errors import BadInput
from papers.statistics.scoring import NOTHING, Answer, Mode, Question, modes, read_answer, same_key

SINGLE = Question(1, ItemType.SINGLE, 4, "B", 4)
MULTIPLE = Question(2, ItemType.MULTIPLE, 6, "ACD", 5)
JUDGE = Question(3, ItemType.JUDGE, 2, RIGHT)
SHORT = Question(4, ItemType.SHORT, 20)


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        (SINGLE, "B", Answer(4, "B")),
        (SINGLE, " ｂ ", Answer(4, "B")),
        (SINGLE, "C", Answer(0, "C")),
        (SINGLE, "", NOTHING),
        (SINGLE, "未作答", NOTHING),
        (SINGLE, "AB", Answer()),
        (SINGLE, "*", Answer()),
        (MULTIPLE, "a、c、d", Answer(6, "ACD")),
        (MULTIPLE, "DCA", Answer(6, "ACD")),
        (MULTIPLE, "AC", Answer(0, "AC")),
        (JUDGE, "√", Answer(2, RIGHT)),
        (JUDGE, "F", Answer(0, WRONG)),
        (JUDGE, "A", Answer(2, RIGHT)),
        (JUDGE, "错误", Answer(0, WRONG)),
    ],
)
def test_answers_in_every_dress(question: Question, text: str, answer: Answer) -> None:
    assert read_answer(question, text, Mode.ANSWER) == answer


@pytest.mark.parametrize(
    ("credit", "chosen", "earned"),
    [
        (Credit.SHARE, "AC", 4),
        (Credit.SHARE, "A", 2),
        (Credit.SHARE, "AB", 0),
        (Credit.HALF, "AC", 3),
        (Credit.HALF, "ABCD", 0),
        (Credit.NONE, "AC", 0),
    ],
)
def test_part_of_a_key_earns_what_the_item_says(credit: Credit, chosen: str, earned: float) -> None:
    question = Question(2, ItemType.MULTIPLE, 6, "ACD", 5, credit=credit)
    assert read_answer(question, chosen, Mode.ANSWER).earned == earned


@pytest.mark.parametrize(
    ("question", "text", "mode", "sentence"),
    [
        (SINGLE, "E", Mode.ANSWER, "第 1 题的答案“E”超出选项（只有 A～D）"),
        (SINGLE, "没写", Mode.ANSWER, "第 1 题的答案“没写”无法识别，请写选项字母或留空"),
        (JUDGE, "B1", Mode.ANSWER, "第 3 题的答案“B1”不是对错，请写“对”“错”或“√”“×”"),
        (SHORT, "优", Mode.POINTS, "第 4 题应填得分，现为“优”"),
        (SHORT, "10.5", Mode.POINTS, "第 4 题得分 10.5 超过该题 10 分"),
        (SHORT, "-1", Mode.POINTS, "第 4 题应填得分，现为“-1”"),
    ],
)
def test_what_cannot_be_is_told(question: Question, text: str, mode: Mode, sentence: str) -> None:
    with pytest.raises(BadInput) as told:
        read_answer(question, text, mode)
    assert told.value.message == sentence


def test_points_are_half_marks() -> None:
    assert read_answer(SHORT, "7.5分", Mode.POINTS) == Answer(15)
    assert read_answer(SHORT, "", Mode.POINTS) == NOTHING


@given(st.permutations(range(5)), st.sets(st.sampled_from("ABCDE"), min_size=1))
def test_printed_letters_come_back_as_the_item_s_own(order: list[int], chosen: set[str]) -> None:
    own = "".join(sorted(chosen))
    question = Question(1, ItemType.MULTIPLE, 4, own, 5, tuple(order))
    printed = question.printed_letters(own)
    assert question.own_letters(printed) == own
    assert read_answer(question, printed, Mode.ANSWER) == Answer(4, own)
    assert same_key(question, printed) is True


def test_a_turned_form_counts_the_option_that_was_meant() -> None:
    question = Question(1, ItemType.SINGLE, 4, "B", 4, (3, 1, 0, 2))
    assert read_answer(question, "A", Mode.ANSWER) == Answer(0, "D")
    assert same_key(question, "A") is False
    assert same_key(question, "") is None
    assert same_key(SHORT, "B") is None


def test_columns_of_numbers_are_points() -> None:
    found = modes([SINGLE, JUDGE, SHORT], {1: ["2", "0"], 3: ["1", "0"], 4: ["7"]})
    assert set(found.values()) == {Mode.POINTS}


def test_one_and_zero_beside_letters_are_right_and_wrong() -> None:
    found = modes([SINGLE, JUDGE], {1: ["B", "C"], 3: ["1", "0"]})
    assert found == {1: Mode.ANSWER, 3: Mode.ANSWER}


def test_one_and_zero_alone_are_asked_back() -> None:
    with pytest.raises(BadInput, match="看不出是得分还是对错"):
        modes([JUDGE], {3: ["1", "0"]})
    two_marks = Question(3, ItemType.JUDGE, 4, RIGHT)
    assert modes([two_marks], {3: ["1", "0"]}) == {3: Mode.ANSWER}
    assert modes([two_marks], {3: ["2", "0"]}) == {3: Mode.POINTS}
