import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrity.similarity.wording import numbers, polarity, value_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("罚款二万元以上20万元以下", ("20000", "200000")),
        ("第三条和第12条", ("3", "12")),
        ("百分之五十与50%", ("50%", "50%")),
        ("两台三相电动机", ("2", "3")),
        ("一般情况下统一使用十分必要", ()),
        ("不低于0.50兆欧", ("0.5",)),
        ("二〇二四年", ("2024",)),
        ("三点五倍", ("3.5",)),
        ("十五日内一百二十人", ("15", "120")),
        ("负温-5℃", ("-5",)),
    ],
)
def test_figures_by_value(text: str, found: tuple[str, ...]) -> None:
    assert numbers(text) == found


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number >= 10000:
        rest = number % 10000
        gap = "零" if 0 < rest < 1000 else ""
        return _chinese(number // 10000) + "万" + (gap + _chinese(rest) if rest else "")
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            rest = number % unit
            gap = "零" if 0 < rest < unit // 10 else ""
            return digits[number // unit] + name + (gap + _chinese(rest) if rest else "")
    return digits[number]


@given(st.integers(1, 99_999_999))
def test_chinese_numerals_have_their_value(number: int) -> None:
    assert value_of(_chinese(number)) == number


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("下列说法不正确的是", ("误",)),
        ("下列说法正确的是", ("正",)),
        ("严禁带电作业", ("禁",)),
        ("不属于高压电器的是", ("否",)),
        ("不锈钢与非金属的无线连接", ()),
    ],
)
def test_polarity_by_kind(text: str, kinds: tuple[str, ...]) -> None:
    assert polarity(text) == kinds
