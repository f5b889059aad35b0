"""The forecast: a day at the pace so far, and bounds that are wider the fewer batches they rest on."""

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bank.pace import forecast, pace_bounds

ON = date(2026, 5, 1)


def _days(*ago: int) -> list[date]:
    return [ON - timedelta(days=one) for one in ago]


def test_four_in_twenty_days_and_six_to_go_is_thirty_days() -> None:
    found = forecast(6, _days(20, 15, 10, 5), ON, 60)
    assert found.day == ON + timedelta(days=30)
    assert found.per_week == 1.4
    assert found.earliest is not None
    assert found.latest is not None
    assert ON < found.earliest < found.day < found.latest


def test_one_import_says_little_about_the_pace() -> None:
    steady = forecast(100, _days(*range(1, 60)), ON, 60)
    import_ = forecast(100, _days(*[30] * 59), ON, 60)
    assert (steady.batches, import_.batches) == (59, 1)
    assert steady.latest is not None
    assert import_.latest is not None
    assert steady.latest - steady.earliest < (import_.latest - import_.earliest) / 3  # type: ignore[operator]


def test_nothing_lately_is_never_and_nothing_lacking_is_today() -> None:
    assert forecast(5, _days(61, 70), ON, 60).day is None
    done = forecast(0, [], ON, 60)
    assert (done.day, done.earliest, done.latest) == (ON, ON, ON)


def test_what_comes_later_does_not_count() -> None:
    assert forecast(5, [ON + timedelta(days=1)], ON, 60).added == 0


@given(st.integers(1, 5000), st.lists(st.integers(0, 90), max_size=80))
def test_the_day_lies_between_its_bounds(lacking: int, ago: list[int]) -> None:
    found = forecast(lacking, _days(*ago), ON, 60)
    if found.day is not None and found.earliest is not None:
        assert ON <= found.earliest <= found.day
    if found.latest is not None:
        assert found.day is not None
        assert found.day <= found.latest


def test_eight_in_ten_true_paces_lie_inside() -> None:
    """Batches at random days, each of a few questions: the bounds hold the true pace about as often as they say."""
    draw = random.Random(11)
    span, inside, rounds = 60, 0, 600
    for _ in range(rounds):
        days = [
            ON - timedelta(days=day)
            for day in range(span)
            if draw.random() < 0.3
            for _ in range(draw.choice((1, 2, 3, 6)))
        ]
        low, high = pace_bounds(days, span)
        inside += low <= 0.3 * 3 <= high
    assert 0.74 <= inside / rounds <= 0.93
