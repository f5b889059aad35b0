"""Probabilities against counting by hand and against simulation; alarms only where the leaning is large."""

import random
from collections import Counter
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.content import ItemContent, ItemType
from bank.quality.balance import (
    chi_square_tail,
    judge_balance,
    key_positions,
    key_runs,
    longest_run,
    runs_probability,
    uniform_probability,
)
from bank.quality.checks import Entry


def _singles(keys: str) -> list[Entry]:
    options = ("甲", "乙", "丙", "丁")
    return [Entry(n, ItemContent(ItemType.SINGLE, f"第{n}问（　）", options, key)) for n, key in enumerate(keys)]


def _judges(right: int, wrong: int) -> list[Entry]:
    keys = ["正确"] * right + ["错误"] * wrong
    return [Entry(n, ItemContent(ItemType.JUDGE, f"第{n}句。", (), key)) for n, key in enumerate(keys)]


@pytest.mark.parametrize("counts", [(5, 1), (3, 3), (4, 1, 1), (2, 2, 2), (7, 0, 1)])
def test_few_items_are_counted_out(counts: tuple[int, ...]) -> None:
    total, kinds = sum(counts), len(counts)
    squares = sum(one * one for one in counts)
    spreads = [Counter(way) for way in product(range(kinds), repeat=total)]
    far = sum(sum(one * one for one in spread.values()) >= squares for spread in spreads)
    assert uniform_probability(counts) == pytest.approx(far / len(spreads))


@pytest.mark.parametrize(
    ("value", "freedom", "tail"),
    [(3.841, 1, 0.05), (6.635, 1, 0.01), (5.991, 2, 0.05), (7.815, 3, 0.05), (11.345, 3, 0.01), (9.488, 4, 0.05)],
)
def test_the_tables_of_the_chi_square_distribution(value: float, freedom: int, tail: float) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(tail, abs=2e-5)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=5).filter(sum))
def test_a_probability_is_one_where_nothing_leans_and_falls_as_it_leans(counts: list[int]) -> None:
    assert 0 <= uniform_probability(counts) <= 1 + 1e-9
    even = [sum(counts)] * len(counts)
    assert uniform_probability(even) == pytest.approx(1)


def test_runs_agree_with_shuffling() -> None:
    keys = list("AABBCCDDAABBCCDD")
    draw = random.Random(7)
    runs = []
    for _ in range(4000):
        draw.shuffle(keys)
        runs.append(1 + sum(a != b for a, b in pairwise(keys)))
    _, expected = runs_probability(keys, 13)
    assert sum(runs) / len(runs) == pytest.approx(expected, abs=0.1)
    probability, _ = runs_probability(keys, 9)
    far = sum(abs(one - expected) >= expected - 9 for one in runs) / len(runs)
    assert probability == pytest.approx(far, abs=0.02)


def test_longest_run() -> None:
    assert longest_run(list("AABBBAC")) == 3
    assert longest_run([]) == 0


def test_a_favourite_position_is_an_alarm_and_an_even_spread_is_none() -> None:
    leaning = key_positions(_singles("C" * 60 + "ABD" * 20))
    assert [(one.code, one.alarm) for one in leaning] == [("key_positions_4", True)]
    assert "C 50%" in leaning[0].reason
    assert not key_positions(_singles("ABCD" * 30))[0].alarm
    assert key_positions(_singles("ABCD" * 4)) == []


def test_a_small_leaning_of_a_large_bank_is_none() -> None:
    found = key_positions(_singles("A" * 1120 + "BCD" * 960))[0]
    assert found.p_value < 0.001
    assert not found.alarm


def test_answers_in_turn_are_an_alarm() -> None:
    turning = key_runs(_singles("ABCD" * 20))
    assert turning is not None
    assert turning.alarm
    assert "轮换" in turning.reason
    draw = random.Random(3)
    chance = key_runs(_singles("".join(draw.choices("ABCD", k=200))))
    assert chance is not None
    assert not chance.alarm
    assert key_runs(_singles("A" * 40)) is None


def test_right_and_wrong_statements() -> None:
    leaning, even = judge_balance(_judges(80, 20)), judge_balance(_judges(52, 48))
    assert leaning is not None
    assert even is not None
    assert (leaning.alarm, even.alarm) == (True, False)
    assert judge_balance(_judges(10, 2)) is None
