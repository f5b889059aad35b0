"""Codes and levels of the national classification."""

import pytest

from bank.ground.errors import BadInput
from bank.occupations import LEVEL_NAMES, check_occupation, occupation_name
from tests.factories import BAKER, ELECTRICIAN


def test_names_of_occupations() -> None:
    assert occupation_name(ELECTRICIAN) == "电工"
    assert occupation_name("8-88-88-88") == "8-88-88-88"


@pytest.mark.parametrize("level", LEVEL_NAMES)
def test_levels_of_the_five_grade_series(level: int) -> None:
    check_occupation(BAKER, level)


@pytest.mark.parametrize("code", ["", "4-3-2-3", "0-03-02-03", "4-03-02-03 ", "x4-03-02-03", "4—03—02—03"])
def test_a_code_that_is_none(code: str) -> None:
    with pytest.raises(BadInput, match="格式不对，应如 6-31-01-03"):
        check_occupation(code, 4)
