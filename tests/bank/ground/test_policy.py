from dataclasses import replace
from datetime import date

import pytest

from bank.content import ItemType
from bank.ground.errors import BadInput
from bank.ground.policy import policy_on
from bank.outlines import Importance
from bank.workorders import DIFFICULTY_NAMES


def test_the_measures_figures_hold_from_their_first_day() -> None:
    policy = policy_on(date(2022, 1, 4))
    assert (policy.build_months, policy.reuse_window_months, policy.registration_years) == (6, 12, 3)
    assert policy_on(date(2020, 1, 1)) == policy


def test_an_unknown_pack_is_told() -> None:
    with pytest.raises(BadInput, match="没有名为“wuhan”的政策参数包"):
        policy_on(date(2026, 1, 1), "wuhan")


def test_importance_may_have_a_number_of_its_own() -> None:
    policy = replace(policy_on(date(2026, 1, 1)), items_per_point=3, items_by_importance={"X": 5})
    assert [policy.items_for(importance) for importance in "XYZ"] == [5, 3, 3]


def test_the_mixes_name_what_there_is_and_sum_to_one() -> None:
    policy = policy_on(date(2026, 1, 1))
    assert set(policy.type_mix) <= set(ItemType)
    assert set(policy.items_by_importance) <= set(Importance)
    assert set(policy.difficulty_mix) == {str(grade) for grade in DIFFICULTY_NAMES}
    assert sum(policy.type_mix.values()) == pytest.approx(1)
    assert sum(policy.difficulty_mix.values()) == pytest.approx(1)
    assert 0 < policy.renewal_share < 1
