"""Types, headings, difficulties and points in the words that teachers use."""

import pytest

from bank.content import ItemType
from bank.exchange.questions.kinds import (
    CHOICE,
    heading_kind,
    is_coefficient,
    kind_of,
    read_difficulty,
    read_point,
    take_tag,
)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("单选题", ItemType.SINGLE),
        ("单项选择", ItemType.SINGLE),
        ("单 选 题", ItemType.SINGLE),
        ("B（单选题）", ItemType.SINGLE),
        ("B", ItemType.SINGLE),
        ("多选题", ItemType.MULTIPLE),
        ("不定项选择题", ItemType.MULTIPLE),
        ("G(多选题)", ItemType.MULTIPLE),
        ("是非题", ItemType.JUDGE),
        ("判断正误", ItemType.JUDGE),
        ("C", ItemType.JUDGE),
        ("选择题", CHOICE),
        ("填空题", ItemType.BLANK),
        ("名词解释", ItemType.SHORT),
        ("案例分析题", ItemType.ESSAY),
        ("计算题", ItemType.CALCULATION),
        ("技能操作题", ItemType.PRACTICAL),
        ("single", ItemType.SINGLE),
        ("judge", ItemType.JUDGE),
        ("第一部分", ""),
        ("", ""),
    ],
)
def test_type_names(written: str, kind: str) -> None:
    assert kind_of(written) == kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("一、单选题", ItemType.SINGLE),
        ("【判断题】", ItemType.JUDGE),
        ("单项选择题（每题1分，共20分）", ItemType.SINGLE),
        (
            "一、单项选择(第1题～第80题。选择一个正确的答案，将相应的字母填入题内的括号中。每题1分，满分80分。)",
            ItemType.SINGLE,
        ),
        ("二、判断题：对的打√，错的打×", ItemType.JUDGE),
        ("第二部分 多项选择题", ItemType.MULTIPLE),
        ("（一）填空题", ItemType.BLANK),
        ("1、简述题", ItemType.SHORT),
        ("# 判断题", ItemType.JUDGE),
        ("选择题 ", CHOICE),
        ("三、操作技能考核（中级）", ItemType.PRACTICAL),
    ],
)
def test_headings(line: str, kind: str) -> None:
    assert heading_kind(line) == kind


@pytest.mark.parametrize(
    "line",
    [
        "1. 判断题的评分标准是（ ）",
        "简述砂轮机的安全操作要点？",
        "计算电流的公式是什么？",
        "选择题：下列属于量具的是（ ）",
        "操作票由谁填写？",
        "2.[判断]共用出口的泵以阀为公共端。(错)",
        "分析下图所示的故障",
        "单选题共有几种题型？",
    ],
)
def test_questions_are_no_headings(line: str) -> None:
    assert heading_kind(line) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[单选]砂轮应定期修整", (ItemType.SINGLE, "砂轮应定期修整")),
        ("【判断题】砂轮应定期修整", (ItemType.JUDGE, "砂轮应定期修整")),
        ("砂轮的用途有（ ）。（多选题）", (ItemType.MULTIPLE, "砂轮的用途有（ ）。")),
        ("砂轮应定期修整（见规程）", ("", "砂轮应定期修整（见规程）")),
    ],
)
def test_tags(text: str, found: tuple[str, str]) -> None:
    assert take_tag(text) == found


@pytest.mark.parametrize(
    ("written", "grade"),
    [
        ("1", 1),
        ("5", 5),
        ("3（中等）", 3),
        ("易", 1),
        ("较易", 2),
        ("中", 3),
        ("较难", 4),
        ("难", 5),
        ("0.9", 1),
        ("0.3", 4),
        ("0.5", 3),
    ],
)
def test_difficulties(written: str, grade: int) -> None:
    assert read_difficulty(written) == grade


@pytest.mark.parametrize("written", ["", "6", "随便", "0", "12"])
def test_no_difficulty(written: str) -> None:
    assert read_difficulty(written) is None


def test_coefficients_are_told_from_grades() -> None:
    assert is_coefficient("0.35")
    assert not is_coefficient("3")


def test_points() -> None:
    assert read_point("A-B-C-001 砂轮机") == "A-B-C-001"
    assert read_point("a-b-001") == "A-B-001"
    assert read_point(" 砂轮机的使用 ") == "砂轮机的使用"
    assert read_point("") is None
