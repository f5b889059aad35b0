"""Intervals and chances against figures worked out elsewhere."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.statistics.intervals import discoveries, trials, upper_tail, wilson


def test_wilson_as_in_the_books() -> None:
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0.0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(0.9, 100) == pytest.approx((0.8256, 0.9448), abs=1e-4)
    assert wilson(0.3, 0) == (0.0, 1.0)


@given(st.integers(1, 5000), st.floats(0, 1))
def test_wilson_holds_the_share_and_stays_inside(n: int, share: float) -> None:
    low, high = wilson(share, n)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1


def test_right_or_wrong_is_worth_as_many_trials_as_answers() -> None:
    assert trials(50, 20, 20) == pytest.approx(50)
    assert trials(50, 25, 25 * 0.5) == 50  # everybody half: no spread to divide by
    assert trials(4, 2.0, 0.25 + 0.75**2 + 0.25 + 0.25**2) > 4


@pytest.mark.parametrize(
    ("t", "degrees", "chance"), [(2.228, 10, 0.025), (3.169, 10, 0.005), (1.96, 1e6, 0.025), (4.587, 10, 0.0005)]
)
def test_tails_of_student_s_t(t: float, degrees: float, chance: float) -> None:
    assert upper_tail(t, degrees) == pytest.approx(chance, rel=0.03)
    assert upper_tail(-t, degrees) == pytest.approx(1 - chance, rel=0.01)


def test_benjamini_and_hochberg_s_own_example() -> None:
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    chances += [0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert sum(discoveries(chances, 0.05)) == 4
    assert discoveries([], 0.05) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_findings_is_nothing(chances: list[float], lot: random.Random) -> None:
    mixed = list(chances)
    lot.shuffle(mixed)
    kept = sorted(one for one, stands in zip(mixed, discoveries(mixed, 0.1), strict=True) if stands)
    assert kept == sorted(one for one, stands in zip(chances, discoveries(chances, 0.1), strict=True) if stands)
