"""Two wordings side by side: nothing is lost, equal texts are unmarked, options are matched by text."""

from hypothesis import given
from hypothesis import strategies as st

from bank.content import ItemContent, ItemType
from web.diffs import compare, runs

TEXT = st.text("叉车在坡道上行驶时货物应当朝向500mm 600.5（）。", max_size=40)


@given(TEXT, TEXT)
def test_runs_spell_the_texts_again(left: str, right: str) -> None:
    a, b = runs(left, right)
    assert "".join(run.text for run in a) == left
    assert "".join(run.text for run in b) == right


@given(TEXT)
def test_equal_texts_have_no_mark(text: str) -> None:
    for side in runs(text, text):
        assert all(not run.mark for run in side)


@given(TEXT, TEXT)
def test_different_texts_have_a_mark(left: str, right: str) -> None:
    if left != right:
        assert any(run.mark for side in runs(left, right) for run in side)


def _marked(text: str, other: str) -> list[tuple[str, str]]:
    return [(run.text, run.mark) for run in runs(text, other)[0] if run.mark]


def test_words_and_numbers_are_told_apart() -> None:
    assert _marked("叉车在坡道上行驶时", "叉车在坡道上运行时") == [("行驶", "gone")]
    assert _marked("载荷中心距为500 mm的叉车", "载荷中心距为600 mm的叉车") == [("500", "number")]
    assert _marked("不超过10.5 A", "不超过12 A") == [("10.5", "number")]


def test_options_are_matched_by_text_and_the_key_by_what_it_says() -> None:
    left = ItemContent(ItemType.SINGLE, "题干", ("12 V", "24 V", "36 V"), "A")
    right = ItemContent(ItemType.SINGLE, "题干", ("24 V", "12V", "42 V"), "B")
    a, b = compare(left, right)
    assert [option.runs[0].mark for option in a.options] == ["", "", "gone"]
    assert [option.runs[0].mark for option in b.options] == ["", "", "come"]
    assert not a.key_differs
    assert [option.right for option in b.options] == [False, True, False]


def test_another_key_is_marked() -> None:
    left = ItemContent(ItemType.JUDGE, "题干", (), "正确")
    right = ItemContent(ItemType.JUDGE, "题干", (), "错误")
    assert compare(left, right)[0].key_differs


def test_a_converted_type_keeps_its_options_unmarked() -> None:
    left = ItemContent(ItemType.SINGLE, "题干（    ）。", ("12 V", "24 V"), "A")
    right = ItemContent(ItemType.BLANK, "题干____。", (), "12 V")
    assert all(not option.runs[0].mark for option in compare(left, right)[0].options)
    assert not compare(left, right)[0].key_differs
