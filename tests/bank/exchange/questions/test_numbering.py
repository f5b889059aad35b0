"""Numbers before questions go, values at their beginning stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.exchange.questions.numbering import chinese_number, lead_of, strip_numbers

NONE: list[int | None] = [None] * 9


@pytest.mark.parametrize(
    "form",
    ["{}.{}", "{}．{}", "{}、{}", "{}. {}", "（{}）{}", "{}){}", "第{}题 {}", "{},{}", "{}\t{}", "{} {}", "{}{}"],
)
def test_running_numbers_of_every_form_go(form: str) -> None:
    stems = ["滑轮组省力", "杠杆有支点", "斜面省力", "螺旋是斜面"]
    assert strip_numbers([form.format(n, stem) for n, stem in enumerate(stems, 7)], NONE[:4]) == stems


def test_number_and_value_that_touch() -> None:
    stems = ["117．110V为直流", "118．380V为交流", "119．36V较安全"]
    assert strip_numbers(stems, NONE[:3]) == ["110V为直流", "380V为交流", "36V较安全"]


@pytest.mark.parametrize(
    "stems",
    [
        ["1.5mm的钢板可以剪切", "2.5mm的钢板应锯割", "钢板应校平"],
        ["2019年发布的规程已废止", "2021年发布的规程有效", "规程每年修订"],
        ["3D打印逐层堆积", "5S管理含整理", "安全色有四种"],
        ["24、36V都属安全电压"],
        ["1:1混合的砂浆"],
    ],
)
def test_values_stay(stems: list[str]) -> None:
    assert strip_numbers(stems, [None] * len(stems)) == stems


def test_a_column_of_numbers_proves_the_prefix() -> None:
    assert strip_numbers(["5.5千瓦的电机", "汽车吊"], [5, 6]) == ["5千瓦的电机", "汽车吊"]


def test_a_number_written_twice_goes_twice() -> None:
    assert strip_numbers(["12、12.电弧很亮"], [None]) == ["电弧很亮"]


def test_chinese_numbers() -> None:
    assert [chinese_number(t) for t in ("一", "十", "十二", "二十", "九十九")] == [1, 10, 12, 20, 99]
    lead = lead_of("试题十二 更换砂轮")
    assert lead is not None
    assert lead.number == 12


@given(
    st.lists(st.text(alphabet="钳锉锯錾钻铰攻套刮研", min_size=2, max_size=8), min_size=3, max_size=12),
    st.integers(1, 400),
)
def test_any_list_comes_back(stems: list[str], first: int) -> None:
    numbered = [f"{n}．{stem}" for n, stem in enumerate(stems, first)]
    assert strip_numbers(numbered, [None] * len(stems)) == stems
    assert strip_numbers(stems, [None] * len(stems)) == stems
