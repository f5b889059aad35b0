from datetime import date

import pytest

from bank.ground.errors import BadInput
from bank.ground.policy import policy_on


def test_the_measures_figures_hold_from_their_first_day() -> None:
    policy = policy_on(date(2022, 1, 4))
    assert (policy.build_months, policy.reuse_window_months, policy.registration_years) == (6, 12, 3)
    assert policy_on(date(2020, 1, 1)) == policy


def test_an_unknown_pack_is_told() -> None:
    with pytest.raises(BadInput, match="没有名为“wuhan”的政策参数包"):
        policy_on(date(2026, 1, 1), "wuhan")
