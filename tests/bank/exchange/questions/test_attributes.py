"""Grades, levels, marks and rubric points in the words of different templates."""

import pytest

from bank.answers import Credit, RubricPoint
from bank.exchange.questions.attributes import (
    read_cognition,
    read_credit,
    read_grade,
    read_importance,
    read_marks,
    read_rubric,
    write_rubric,
)
from bank.items import Cognition
from bank.outlines import Importance


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("3", 3),
        ("3（中等）", 3),
        ("5.0", 5),
        ("很高", 5),
        ("较低", 2),
        ("中", 3),
        ("6", None),
        ("33", None),
        ("", None),
    ],
)
def test_grades(text: str, grade: int | None) -> None:
    assert read_grade(text) == grade


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("识记", Cognition.RECALL),
        ("了解", Cognition.RECALL),
        ("理解层次", Cognition.UNDERSTAND),
        ("简单应用", Cognition.APPLY),
        ("综合", Cognition.ANALYSE),
        ("analyse", Cognition.ANALYSE),
        ("其他", None),
    ],
)
def test_cognitive_levels(text: str, level: Cognition | None) -> None:
    assert read_cognition(text) == level


@pytest.mark.parametrize(
    ("text", "one"),
    [("X", "X"), ("Y（一般）", "Y"), ("z辅助", "Z"), ("核心要素", "X"), ("X1", None), ("", None)],
)
def test_importance(text: str, one: str | None) -> None:
    assert read_importance(text) == (Importance(one) if one else None)


@pytest.mark.parametrize(("text", "halves"), [("2", 4), ("0.5分", 1), ("１", 2), ("0.3", None), ("两分", None)])
def test_marks(text: str, halves: int | None) -> None:
    assert read_marks(text) == halves


@pytest.mark.parametrize(
    ("text", "marks", "credit"),
    [
        ("少选按选对的比例得分，错选不得分", None, Credit.SHARE),
        ("少选得一半分", None, Credit.HALF),
        ("少选、错选均不得分", None, Credit.NONE),
        ("1", 4, Credit.HALF),
        ("0.5", 4, Credit.SHARE),
        ("0", 4, Credit.NONE),
        ("是", None, Credit.SHARE),
        ("酌情", None, None),
    ],
)
def test_partial_credit(text: str, marks: int | None, credit: Credit | None) -> None:
    assert read_credit(text, marks) == credit


@pytest.mark.parametrize(
    "text",
    [
        "断开电源（2分）\n验电(1.5分)",
        "断开电源 2分；验电 1.5分。",
        "断开电源（2分）；验电（1.5分）",
        "断开电源（2分）验电（1.5分）",
    ],
)
def test_rubrics(text: str) -> None:
    points = read_rubric(text)
    assert points == (RubricPoint("断开电源", 4), RubricPoint("验电", 3))
    assert read_rubric(write_rubric(points)) == points


def test_a_rubric_with_a_point_without_marks_is_none() -> None:
    assert read_rubric("断开电源（2分）\n验电") == ()
    assert read_rubric("（2分）") == ()
    assert read_rubric("") == ()
