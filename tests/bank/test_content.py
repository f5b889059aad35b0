import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.content import ItemContent, ItemType
from bank.ground.errors import BadInput

texts = st.text(min_size=1, max_size=40)
contents = st.builds(
    ItemContent, st.sampled_from(ItemType), texts, st.lists(texts, max_size=6).map(tuple), texts, st.text(max_size=20)
)


@given(contents)
def test_the_stored_form_comes_back_unchanged(content: ItemContent) -> None:
    assert ItemContent.from_bytes(content.to_bytes()) == content


@given(contents)
def test_the_outer_row_comes_back_unchanged(content: ItemContent) -> None:
    assert ItemContent.from_row(content.as_row()) == content


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (ItemContent(ItemType.SINGLE, " ", ("甲", "乙"), "A"), "题干为空"),
        (ItemContent(ItemType.SINGLE, "问", ("甲", "乙"), "AB"), "单选题只能有一个答案"),
        (ItemContent(ItemType.SINGLE, "问", ("甲", "乙"), "C"), "超出选项范围"),
        (ItemContent(ItemType.MULTIPLE, "问", ("甲",), "A"), "至少要有 2 个选项"),
        (ItemContent(ItemType.MULTIPLE, "问", ("甲", "甲"), "A"), "有两个选项相同"),
        (ItemContent(ItemType.MULTIPLE, "问", ("甲", " "), "A"), "有空的选项"),
        (ItemContent(ItemType.JUDGE, "问", (), "A"), "判断题答案应为"),
        (ItemContent(ItemType.SHORT, "问", (), ""), "缺少答案"),
    ],
)
def test_each_fault_is_named(content: ItemContent, fault: str) -> None:
    assert any(fault in found for found in content.faults())


def test_right_options_are_those_the_key_names() -> None:
    assert ItemContent(ItemType.MULTIPLE, "问", ("甲", "乙", "丙"), "AC").right_options() == ("甲", "丙")


@pytest.mark.parametrize("row", [{"type": "riddle", "stem": "问"}, {"stem": "问"}, {"type": "single", "stem": 3}])
def test_a_row_of_another_shape_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        ItemContent.from_row(row)
