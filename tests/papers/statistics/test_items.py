"""Counts of items against direct formulas, and against a class of ten worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.content import RIGHT, WRONG, ItemType
from papers.statistics.items import OptionCount, count_items, earned_matrix, pooled
from papers.statistics.reliability import cronbach, reliability
from papers.statistics.scoring import Answer, Mode, Question, read_answer

# Ten apprentices, five questions of one mark; the first question's answers by letter, its key being B.
TEN = ["11111", "11111", "11110", "11110", "11100", "11000", "01100", "10000", "00010", "00000"]
FIRST = "BBBBBBACDA"


def _questions(count: int, marks: int = 2) -> list[Question]:
    return [Question(at + 1, ItemType.SHORT, marks) for at in range(count)]


def _ten() -> tuple[list[Question], list[list[Answer]]]:
    questions = [Question(1, ItemType.SINGLE, 2, "B", 4), *_questions(5)[1:]]
    rows = [
        [read_answer(questions[0], letter, Mode.ANSWER), *(Answer(2.0 * int(one)) for one in row[1:])]
        for letter, row in zip(FIRST, TEN, strict=True)
    ]
    return questions, rows


def test_a_class_worked_out_by_hand() -> None:
    questions, rows = _ten()
    first = count_items(questions, rows)[0]
    assert first.p == pytest.approx(0.6)
    # Rest scores 4 4 3 3 2 1 | 2 0 1 0: means 17/6 and 3/4, spread of all ten sqrt(60/10 - 4).
    assert first.discrimination == pytest.approx((17 / 6 - 3 / 4) / np.sqrt(2) * np.sqrt(0.24))
    # 27 % of ten is three: 5, 5 and the two fours at half weight above; 0, 0 and 1 below.
    assert first.group == 3
    assert (first.upper, first.lower) == pytest.approx((3, 0))
    assert {letter: one.count for letter, one in first.options.items()} == {"A": 2, "B": 6, "C": 1, "D": 1}
    assert first.options["B"].mean == pytest.approx(17 / 6 / 4)
    assert first.options["A"].mean == pytest.approx(2 / 2 / 4)


@given(st.integers(2, 40), st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_discrimination_is_the_item_rest_correlation(n: int, k: int, seed: int) -> None:
    lot = np.random.default_rng(seed)
    marks = lot.integers(1, 9, k)
    earned = np.array([[lot.integers(0, top + 1) for top in marks] for _ in range(n)], dtype=float)
    questions = [Question(at + 1, ItemType.ESSAY, int(top)) for at, top in enumerate(marks)]
    found = count_items(questions, [[Answer(one) for one in row] for row in earned])
    for at, one in enumerate(found):
        rest = np.delete(earned, at, axis=1).sum(axis=1)
        assert one.p == pytest.approx((earned[:, at] / marks[at]).mean())
        if np.ptp(earned[:, at]) and np.ptp(rest):
            assert one.discrimination == pytest.approx(np.corrcoef(earned[:, at], rest)[0, 1], abs=1e-9)
        else:
            assert one.discrimination is None


@given(st.integers(3, 40), st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_alpha_by_its_definition_and_as_kr20(n: int, k: int, seed: int) -> None:
    earned = np.random.default_rng(seed).integers(0, 2, (n, k)).astype(float)
    alpha = cronbach(earned)
    whole = np.cov(earned, rowvar=False)
    if whole.sum() < 1e-9:
        assert alpha is None
        return
    assert alpha == pytest.approx(k / (k - 1) * (1 - np.trace(whole) / whole.sum()), abs=1e-9)
    p = earned.mean(axis=0)
    kr20 = k / (k - 1) * (1 - (p * (1 - p)).sum() / earned.sum(axis=1).var())
    assert alpha == pytest.approx(kr20, abs=1e-9)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_the_order_of_candidates_is_nothing(n: int, seed: int) -> None:
    lot = np.random.default_rng(seed)
    earned = lot.integers(0, 2, (n, 4)).astype(float) * 2
    rows = [[Answer(one) for one in row] for row in earned]
    mixed = [rows[at] for at in lot.permutation(n)]
    for one, other in zip(count_items(_questions(4), rows), count_items(_questions(4), mixed), strict=True):
        assert (one.upper, one.lower, one.p) == pytest.approx((other.upper, other.lower, other.p))


def test_judgements_are_counted_by_their_words() -> None:
    questions = [Question(1, ItemType.JUDGE, 2, RIGHT), *_questions(2)[1:]]
    rows = [[read_answer(questions[0], sign, Mode.ANSWER), Answer(2.0)] for sign in ("√", "×", "", "√")]
    found = count_items(questions, rows)[0]
    assert {word: one.count for word, one in found.options.items()} == {RIGHT: 2, WRONG: 1}
    assert (found.n, found.told, found.omitted) == (4, 4, 1)


def test_several_letters_count_each() -> None:
    question = Question(1, ItemType.MULTIPLE, 4, "AC", 4)
    rows = [[read_answer(question, text, Mode.ANSWER)] for text in ("AC", "ABC", "A")]
    found = count_items([question], rows)[0]
    assert {letter: one.count for letter, one in found.options.items()} == {"A": 3, "B": 1, "C": 2, "D": 0}


def test_points_alone_tell_no_options() -> None:
    found = count_items([Question(1, ItemType.SINGLE, 4, "B", 4)], [[Answer(4.0)], [Answer(0.0)]])[0]
    assert (found.told, found.options) == (0, {})


def test_nobody_is_nothing() -> None:
    found = count_items(_questions(2), [])[0]
    assert (found.n, found.p, found.discrimination, found.upper_lower, found.interval) == (0, 0.0, None, None, (0, 1))
    whole = reliability(earned_matrix([], 2), 4)
    assert (whole.n, whole.pass_share, whole.alpha, whole.sem) == (0, 0.0, None, None)


def test_sittings_add_up() -> None:
    questions, rows = _ten()
    once, twice = count_items(questions, rows)[0], pooled([count_items(questions, rows)[0]] * 2)
    assert (twice.n, twice.p, twice.upper_lower) == (20, once.p, once.upper_lower)
    assert twice.discrimination == pytest.approx(once.discrimination)
    assert twice.options["B"] == OptionCount(12, once.options["B"].rest * 2, once.options["B"].squares * 2)
    low, high = twice.interval
    assert once.interval[0] < low < 0.6 < high < once.interval[1]


def test_the_pass_line_and_the_error_of_measurement() -> None:
    _, rows = _ten()
    whole = reliability(earned_matrix(rows, 5), 10)
    assert (whole.n, whole.passed, whole.mean) == (10, 5, pytest.approx(5.2))
    assert whole.sem == pytest.approx(whole.sd * np.sqrt(1 - whole.alpha))
