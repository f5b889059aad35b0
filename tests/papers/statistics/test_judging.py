"""Flags: what is said of a question, and that nothing is said where too few answered."""

import pytest

from papers.statistics.drift import FEWEST, Drift
from papers.statistics.items import ItemCount, OptionCount
from papers.statistics.judging import Flag, beating, flags, idle, suggested_difficulty


def _options(**rows: tuple[int, float]) -> dict[str, OptionCount]:
    """Options by count and mean rest share, with a spread of a tenth."""
    return {letter: OptionCount(n, n * mean, n * (mean * mean + 0.01)) for letter, (n, mean) in rows.items()}


def _count(n: int = 100, p: float = 0.6, r: float | None = 0.35, **options: tuple[int, float]) -> ItemCount:
    given = _options(**(options or {"A": (15, 0.4), "B": (60, 0.7), "C": (15, 0.4), "D": (10, 0.4)}))
    return ItemCount(n, n, 0, n * p, n * p, r, round(0.27 * n), 0, 0, given)


def _drift(*, lead: bool = False, harder: bool = False) -> Drift:
    return Drift(1, 1, 0.9, 0.5, 0.001, lead, harder)


def test_a_sound_question_has_no_flag() -> None:
    assert flags(_count(), "B", 3, _drift()) == ()


@pytest.mark.parametrize(
    ("count", "difficulty", "drift", "flag"),
    [
        (_count(), 3, _drift(lead=True), Flag.LEAK_LEAD),
        (_count(), 3, _drift(harder=True), Flag.HARDER),
        (_count(r=-0.1), 3, None, Flag.NEGATIVE),
        (_count(r=0.1), 3, None, Flag.WEAK),
        (_count(p=1.0), 1, None, Flag.TOO_EASY),
        (_count(p=0.05), 5, None, Flag.TOO_HARD),
        (_count(), 5, None, Flag.GRADE),
        (_count(A=(30, 0.4), B=(60, 0.7), C=(8, 0.4), D=(2, 0.4)), None, None, Flag.IDLE_OPTION),
        (_count(A=(30, 0.8), B=(50, 0.5), C=(10, 0.4), D=(10, 0.4)), None, None, Flag.KEY_SUSPECT),
    ],
)
def test_each_flag_alone(count: ItemCount, difficulty: int | None, drift: Drift | None, flag: Flag) -> None:
    assert flags(count, "B", difficulty, drift) == (flag,)


def test_too_few_candidates_say_nothing_else() -> None:
    few = _count(FEWEST - 1, p=0.01, r=-0.9, A=(29, 0.9), B=(0, 0.0))
    assert flags(few, "B", 1, _drift(lead=True)) == (Flag.FEW,)
    assert suggested_difficulty(few) is None


def test_the_share_of_marks_speaks_for_a_grade() -> None:
    grades = [suggested_difficulty(_count(p=share)) for share in (0.95, 0.7, 0.5, 0.3, 0.1, 0.0, 1.0)]
    assert grades == [1, 2, 3, 4, 5, 5, 1]


def test_a_distractor_must_beat_the_key_by_more_than_chance() -> None:
    assert beating(_count(A=(12, 0.58), B=(60, 0.55)), "B") == ()
    assert beating(_count(A=(12, 0.75), B=(60, 0.55)), "B") == ("A",)
    assert beating(_count(A=(9, 0.95), B=(60, 0.55)), "B") == ()
    assert beating(_count(A=(90, 0.6), B=(0, 0.0)), "B") == ("A",)
    assert beating(_count(A=(30, 0.9), C=(30, 0.5)), "AC") == ()


def test_idle_options_leave_judgements_and_keys_alone() -> None:
    judged = ItemCount(100, 100, 0, 99, 99, 0.3, 27, 27, 26, {"正确": OptionCount(99, 60, 40), "错误": OptionCount(1)})
    assert idle(judged, "正确") == ()
    assert idle(_count(A=(95, 0.6), B=(3, 0.5), C=(2, 0.5)), "B") == ("C",)
