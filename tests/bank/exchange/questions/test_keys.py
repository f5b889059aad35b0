"""Right answers are read in every notation, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.content import LETTERS, RIGHT, WRONG
from bank.exchange.questions.keys import judgement, letters

GAUGES = ("压力表", "温度表", "流量计", "液位计")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("B", "B"),
        ("b", "B"),
        ("Ｂ", "B"),
        ("（B）", "B"),
        ("[ B ]", "B"),
        ("答案：B", "B"),
        ("正确答案为B。", "B"),
        ("ACD", "ACD"),
        ("DCA", "ACD"),
        ("A,C,D", "ACD"),
        ("Ａ，Ｃ，Ｄ", "ACD"),
        ("A、C、D", "ACD"),
        ("a c d", "ACD"),
        ("A;C|D", "ACD"),
        ("A和C", "AC"),
        ("AAC", "AC"),
        ("温度表", "B"),
        ("B.温度表", "B"),
        ("A、压力表；C、流量计", "AC"),
        ("2", "B"),
        ("1,3", "AC"),
    ],
)
def test_choice_keys(written: str, key: str) -> None:
    assert letters(written, GAUGES) == key


@pytest.mark.parametrize("written", ["", "略", "A-D", "B.压力表", "5", "0", "见解析", "A或者B都行", "K"])
def test_what_is_no_choice_key_stays_unread(written: str) -> None:
    assert letters(written, GAUGES) == ""


def test_a_number_is_an_option_when_one_reads_so() -> None:
    assert letters("2", ("4", "2", "1", "3")) == "B"


@pytest.mark.parametrize(
    "written", ["√", "✓", "对", "正确", "是", "T", "t", "true", "Y", "1", "（√）", "正确。", "√（对）", "Ｔ"]
)
def test_marks_of_right(written: str) -> None:
    assert judgement(written) == RIGHT


@pytest.mark.parametrize(
    "written", ["×", "✗", "✘", "错", "错误", "否", "F", "false", "N", "0", "(×)", "不正确", "Ｘ", "不对"]
)
def test_marks_of_wrong(written: str) -> None:
    assert judgement(written) == WRONG


@pytest.mark.parametrize("written", ["", "对错", "√×", "A", "也许", "2", "正确答案见后"])
def test_what_is_no_verdict_stays_unread(written: str) -> None:
    assert judgement(written) == ""


def test_letters_are_verdicts_only_where_asked() -> None:
    assert (judgement("A", letters=True), judgement("B", letters=True), judgement("C", letters=True)) == (
        RIGHT,
        WRONG,
        "",
    )


@given(st.lists(st.sampled_from(LETTERS[:6]), min_size=1, max_size=6), st.sampled_from(["", " ", ",", "、", "；", "/"]))
def test_any_separator_and_order_gives_the_sorted_letters(chosen: list[str], sign: str) -> None:
    assert letters(sign.join(chosen)) == "".join(sorted(set(chosen)))


@given(st.text(max_size=30))
def test_no_text_breaks_the_readers(written: str) -> None:
    assert set(letters(written, GAUGES)) <= set(LETTERS)
    assert judgement(written) in {RIGHT, WRONG, ""}
