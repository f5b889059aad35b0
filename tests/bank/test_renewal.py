"""Renewal: the share of the last year, and the last day on which it is still enough."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bank.ground.clock import add_months
from bank.ground.policy import policy_on
from bank.renewal import renewal

ON = date(2026, 5, 1)
POLICY = replace(policy_on(ON), renewal_months=12, renewal_share=0.1)


def test_a_tenth_within_the_last_year() -> None:
    days = [date(2024, 3, 1)] * 18 + [date(2025, 9, 10), date(2025, 6, 2)]
    found = renewal(days, ON, POLICY)
    assert (found.renewed, found.total, found.wanted, found.lacking, found.share) == (2, 20, 2, 0, 0.1)
    assert found.due == date(2026, 6, 2)
    later = renewal(days, date(2026, 6, 3), POLICY)
    assert (later.renewed, later.lacking) == (1, 1)


def test_a_tenth_of_seventy_is_seven() -> None:
    assert renewal([ON] * 70, ON, POLICY).wanted == 7


def test_an_empty_bank_owes_nothing_here() -> None:
    found = renewal([], ON, POLICY)
    assert (found.due, found.lacking, found.share) == (None, 0, 0.0)


@given(st.lists(st.dates(date(2023, 1, 1), ON), min_size=1, max_size=60))
def test_the_due_day_is_the_last_good_one(days: list[date]) -> None:
    due = renewal(days, ON, POLICY).due
    assert due is not None
    assert renewal(days, due, POLICY).lacking == 0
    # A month on, for months of different length can share their last day.
    assert renewal(days, add_months(due, 1), POLICY).lacking > 0
