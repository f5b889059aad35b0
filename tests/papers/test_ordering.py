"""The printed order of options: by lot, and left alone where the order itself says something."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.content import ItemContent, ItemType
from papers.ordering import option_order

SEED = bytes(range(32))
_options = st.lists(
    st.one_of(
        st.text("酥皮馅料醒发烘烤", min_size=1, max_size=8),
        st.sampled_from(
            ["以上都对", "以上说法均不正确", "上述两项", "无法确定", "A和B", "选项A", "3个", "75%", "都不是"]
        ),
    ),
    min_size=2,
    max_size=6,
    unique=True,
)


def _order(
    *options: str, stem: str = "制作酥皮时应（　）。", rationale: str = "", name: str = "A/1"
) -> tuple[int, ...]:
    return option_order(ItemContent(ItemType.SINGLE, stem, options, "A", rationale), SEED, name)


def _orders(*options: str, stem: str = "制作酥皮时应（　）。") -> set[tuple[int, ...]]:
    return {_order(*options, stem=stem, name=f"A/{number}") for number in range(200)}


@given(_options, st.binary(min_size=16, max_size=32), st.text(max_size=8))
def test_every_order_is_a_permutation_and_comes_again(options: list[str], seed: bytes, name: str) -> None:
    content = ItemContent(ItemType.SINGLE, "应（　）。", tuple(options), "A")
    order = option_order(content, seed, name)
    assert order == option_order(content, seed, name)
    assert sorted(order) == list(range(len(options))) or order == ()


@given(_options)
def test_what_speaks_of_the_others_keeps_its_place(options: list[str]) -> None:
    order = _order(*options)
    for place in order:
        if options[place].startswith(("以上", "上述", "无法确定")):
            assert order[place] == place


def test_every_order_is_drawn_about_as_often() -> None:
    counts = Counter(_order("加热", "冷却", "搅拌", name=f"A/{number}") for number in range(3000))
    assert len(counts) == 6
    # Six orders, 500 expected each; a deviation of 110 is five standard deviations.
    assert all(abs(count - 500) < 110 for count in counts.values())


def test_another_seed_or_form_is_another_draw() -> None:
    assert len(_orders("加热", "冷却", "搅拌", "静置")) == 24


@pytest.mark.parametrize(
    "options",
    [
        ("75%", "40%", "20%", "95%"),
        ("10～20", "20～30", "30～40"),
        ("约 5 分钟", "约 10 分钟"),
        ("-18℃", "0℃", "4℃"),
        ("1/2", "1/3"),
    ],
)
def test_figures_stay_as_written(options: tuple[str, ...]) -> None:
    assert _orders(*options) == {()}


@pytest.mark.parametrize("stem", ["A、B 两步应（　）。", "选项 A 的说法（　）。", "比较 C 和 D，（　）。"])
def test_a_stem_that_names_letters_stays_as_written(stem: str) -> None:
    assert _orders("加热", "冷却", "搅拌", stem=stem) == {()}


def test_a_rationale_that_names_letters_stays_as_written() -> None:
    assert _order("加热", "冷却", "搅拌", rationale="选项B 会使面团发酸") == ()


@pytest.mark.parametrize(
    "last", ["A和B", "A、C都对", "B与C", "选项A", "只有A正确", "A项和C项", "AB均可", "除D以外都对"]
)
def test_an_option_that_names_letters_stays_as_written(last: str) -> None:
    """Were the others exchanged, the letters would point to other words and the key would be wrong."""
    assert _orders("加热", "冷却", last, "搅拌") == {()}


@pytest.mark.parametrize("last", ["以上都对", "以上都不是", "上述各项均可", "无法确定", "都不对"])
def test_the_last_word_stays_last(last: str) -> None:
    found = _orders("加热", "冷却", "搅拌", last)
    assert len(found) == 6
    assert {order[3] for order in found} == {3}


@pytest.mark.parametrize("middle", ["以上都对", "上述两项"])
def test_what_speaks_of_those_above_it_keeps_them_above(middle: str) -> None:
    assert _orders("加热", "冷却", middle, "搅拌") == {()}


def test_units_and_names_with_letters_are_no_reference() -> None:
    assert len(_orders("涂 A 型油", "维生素C", "B 级烘干", "静置")) > 1
