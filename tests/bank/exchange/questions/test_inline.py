"""Answers inside the question are read and taken out; symbols in brackets are left alone."""

import pytest

from bank.content import RIGHT, WRONG
from bank.exchange.questions.inline import blanks_in, choice_key_in, is_asked, judge_key_in


@pytest.mark.parametrize(
    ("stem", "key", "rest"),
    [
        ("锯条的齿应（ C ）。", "C", "锯条的齿应（）。"),
        ("锯条的齿应( c )。", "C", "锯条的齿应()。"),
        ("锯条有（ＡＢＤ）几种。", "ABD", "锯条有（）几种。"),
        ("锯条有（A、B）。", "AB", "锯条有（）。"),
        ("锯条的齿应__B__。", "B", "锯条的齿应____。"),
        ("锯条[ D ]。", "D", "锯条[]。"),
        ("电流（A）的单位符号是（ B ）。", "B", "电流（A）的单位符号是（）。"),
        ("表压（G）与绝压的关系（ A ）", "A", "表压（G）与绝压的关系（）"),
    ],
)
def test_choice_keys(stem: str, key: str, rest: str) -> None:
    found = choice_key_in(stem, 4)
    assert (found.key, found.stem) == (key, rest)


@pytest.mark.parametrize("stem", ["锯条的齿应（ ）。", "锯条（E）", "锯条（粗齿）", "锯条"])
def test_no_choice_key(stem: str) -> None:
    assert choice_key_in(stem, 4).key == ""
    assert choice_key_in(stem, 4).stem == stem


@pytest.mark.parametrize(
    ("stem", "key", "rest"),
    [
        ("锉刀可以当撬棒。（×）", WRONG, "锉刀可以当撬棒。"),
        ("锉刀不可以当撬棒（√）。", RIGHT, "锉刀不可以当撬棒。"),
        ("（ √ ）锉刀有粗细之分。", RIGHT, "锉刀有粗细之分。"),
        ("锉刀有粗细之分。( 对 )", RIGHT, "锉刀有粗细之分。"),
        ("锉刀有粗细之分。(F)", WRONG, "锉刀有粗细之分。"),
        ("锉刀有粗细之分。 ×", WRONG, "锉刀有粗细之分。"),
        ("锉刀有粗细之分。（  ）", "", "锉刀有粗细之分。"),
        ("（  ）锉刀有粗细之分。", "", "锉刀有粗细之分。"),
    ],
)
def test_judge_keys(stem: str, key: str, rest: str) -> None:
    found = judge_key_in(stem)
    assert (found.key, found.stem) == (key, rest)


def test_a_symbol_at_the_end_is_no_verdict_where_the_key_is_known() -> None:
    assert judge_key_in("温度的符号为（T）", explicit=True).stem == "温度的符号为（T）"


def test_blanks_filled_in_the_sentence() -> None:
    found = blanks_in("锯割的行程应为锯条长度的（2/3）以上，速度为__40__次。")
    assert (found.stem, found.key) == ("锯割的行程应为锯条长度的（）以上，速度为____次。", "2/3；40")


def test_what_asks() -> None:
    assert is_asked("锯条的齿应（ ）。")
    assert is_asked("锯条有几种？")
    assert not is_asked("锯条有几种？", asks=False)
    assert not is_asked("钳工题库")
