from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from bank.ground.clock import add_months, days_left, parse_day, today
from bank.ground.errors import BadInput


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 4), 6, date(2026, 7, 4)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2025, 12, 15), 12, date(2026, 12, 15)),
    ],
)
def test_calendar_months_end_on_the_last_day_there_is(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_the_last_day_still_counts() -> None:
    deadline = add_months(date(2026, 5, 20), 6)
    assert days_left(deadline, date(2026, 11, 20)) == 0
    assert days_left(deadline, date(2026, 11, 21)) == -1


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_months_move_by_months_and_never_by_more_than_the_month_allows(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and add_months(moved, 0) == moved)


@time_machine.travel(datetime(2026, 3, 1, 17, 0, tzinfo=UTC), tick=False)
def test_today_is_the_office_day_not_the_utc_day() -> None:
    assert today() == date(2026, 3, 2)


def test_a_wrong_day_is_told_with_the_form_it_should_have() -> None:
    with pytest.raises(BadInput, match=r"备案日期“2026/3/1”不是有效日期，请写成 2026-03-14"):
        parse_day("2026/3/1", "备案日期")
