import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.content import ItemType
from bank.ground.errors import BadInput
from papers.assembly.blueprints import (
    Blueprint,
    Difficulty,
    ScopeWeight,
    Section,
    default_blueprint,
    read_blueprint,
    to_toml,
)

SECTION = '[[section]]\ntype = "single"\ncount = 80\nmarks = 1\n'
sections = st.lists(
    st.builds(Section, st.sampled_from(ItemType), st.integers(1, 90), st.integers(1, 12)),
    min_size=1,
    max_size=4,
    unique_by=lambda section: section.type,
).map(tuple)


@given(sections, st.integers(1, 240), st.integers(1, 5), st.floats(0, 100).map(lambda x: round(x, 1)))
def test_a_blueprint_comes_back_from_its_toml(
    parts: tuple[Section, ...], minutes: int, most: int, limit: float
) -> None:
    full = sum(part.count * part.marks for part in parts)
    scopes = (ScopeWeight("A", full // 4, 4), ScopeWeight("B", full - full // 4, 4))
    blueprint = Blueprint("方案“一”", parts, minutes, scopes, most, Difficulty(300, 10), limit, 0.0, 7)
    assert read_blueprint(to_toml(blueprint), "x.toml") == blueprint


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name = ", "不是有效的 TOML"),
        ('name = "空"', r"没有 \[\[section\]\]"),
        (SECTION + SECTION, "同一题型写了两次"),
        (SECTION.replace("single", "riddle"), "题型 'riddle' 无法识别"),
        (SECTION.replace("80", "0"), "count 应为不小于 1 的整数"),
        (SECTION.replace("marks = 1", "marks = 0.3"), "marks 应为 0.5 的倍数"),
        ("colour = 1\n" + SECTION, "不认识“colour”"),
        ("overlap_limit = 130\n" + SECTION, "应在 0 到 100 之间"),
        (SECTION + '[[scope]]\ncode = "A"\nweight = 90\n[[scope]]\ncode = "B"\nweight = 90\n', "比重合计超过满分"),
        (SECTION + "[[scope]]\nweight = 10\n", "缺少范围代码"),
        (SECTION + "[difficulty]\ncounts = { 3 = 10 }\n", "各难度题量合计应为 80 题"),
        (SECTION + '[difficulty]\nmean = "hard"\n', "mean 应为不小于 0 的数"),
        ("section = 3\n", r"应写成 \[\[section\]\] 的表"),
    ],
)
def test_what_is_wrong_is_named_with_its_file(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as caught:
        read_blueprint(text, "方案.toml")
    assert (
        caught.value.message.startswith("方案.toml")
        or "比重合计" in caught.value.message
        or "合计应为" in caught.value.message
    )


@given(st.dictionaries(st.sampled_from(ItemType), st.integers(0, 2000), min_size=1))
def test_the_default_always_sums_to_a_hundred_marks(supply: dict[ItemType, int]) -> None:
    if not any(supply.values()):
        with pytest.raises(BadInput, match="还没有已入库的试题"):
            default_blueprint(supply)
        return
    assert default_blueprint(supply).marks == 2 * 100


def test_the_default_is_the_national_habit_where_the_bank_is_large() -> None:
    found = default_blueprint({ItemType.SINGLE: 900, ItemType.JUDGE: 400})
    assert [(s.type, s.count, s.marks) for s in found.sections] == [(ItemType.SINGLE, 80, 2), (ItemType.JUDGE, 20, 2)]


def test_a_small_bank_gets_fewer_questions_of_more_marks() -> None:
    found = default_blueprint({ItemType.SINGLE: 170, ItemType.JUDGE: 50})
    assert [(s.count, s.marks) for s in found.sections] == [(40, 4), (10, 4)]
