"""Two wordings side by side: nothing is lost, equal texts are unmarked, options are matched by text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bank.content import ItemContent, ItemType
from integrity.similarity.verdict import judge
from web.diffs import Run, compare, runs

PIECES = st.lists(
    st.tuples(
        st.sampled_from(["equal", "replace", "insert", "delete"]),
        st.text("行驶运500 ，", max_size=6),
        st.text("叉车600", max_size=6),
    )
)


@given(PIECES)
def test_runs_spell_the_texts_again(pieces: list[tuple[str, str, str]]) -> None:
    a, b = runs(pieces)
    assert "".join(run.text for run in a) == "".join(before for _, before, _ in pieces)
    assert "".join(run.text for run in b) == "".join(after for _, _, after in pieces)


@given(PIECES)
def test_neighbouring_runs_have_different_marks(pieces: list[tuple[str, str, str]]) -> None:
    for side in runs(pieces):
        assert all(one.mark != following.mark for one, following in pairwise(side))


def _stems(left: str, right: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    options = ("切断电源", "接通电源", "保持现状")
    a = ItemContent(ItemType.SINGLE, left, options, "A")
    b = ItemContent(ItemType.SINGLE, right, options, "A")
    marked = compare(a, b, judge(a, b).diff)
    return marked[0].stem, marked[1].stem


def _marks(side: tuple[Run, ...]) -> list[tuple[str, str]]:
    return [(run.text, run.mark) for run in side if run.mark]


def test_equal_stems_have_no_mark() -> None:
    left, right = _stems("检修低压线路以前应当（    ）。", "检修低压线路以前应当（ ）。")
    assert _marks(left) == _marks(right) == []


def test_words_and_figures_are_told_apart() -> None:
    left, right = _stems("检修低压线路以前应当先（    ）。", "检修低压线路以前必须先（    ）。")
    assert _marks(left) == [("应当", "gone")]
    assert _marks(right) == [("必须", "come")]
    left, right = _stems("额定电流为10 A的熔断器应当（    ）。", "额定电流为25 A的熔断器应当（    ）。")
    assert [mark for _, mark in _marks(left) + _marks(right)] == ["number", "number"]


def test_a_single_character_between_two_changes_is_swallowed() -> None:
    a, b = runs([("equal", "坡道上", "坡道上"), ("insert", "", "运"), ("equal", "行", "行"), ("replace", "驶", "的")])
    assert a == (Run("坡道上"), Run("行驶", "gone"))
    assert b == (Run("坡道上"), Run("运行的", "come"))


def test_options_are_matched_by_text_and_the_key_by_what_it_says() -> None:
    left = ItemContent(ItemType.SINGLE, "题干", ("12 V", "24 V", "36 V"), "A")
    right = ItemContent(ItemType.SINGLE, "题干", ("24 V", "12V", "42 V"), "B")
    a, b = compare(left, right, ())
    assert [option.runs[0].mark for option in a.options] == ["", "", "gone"]
    assert [option.runs[0].mark for option in b.options] == ["", "", "come"]
    assert not a.key_differs
    assert [option.right for option in b.options] == [False, True, False]


def test_another_key_is_marked() -> None:
    left = ItemContent(ItemType.JUDGE, "题干", (), "正确")
    right = ItemContent(ItemType.JUDGE, "题干", (), "错误")
    assert compare(left, right, ())[0].key_differs


def test_a_converted_type_keeps_its_options_unmarked() -> None:
    left = ItemContent(ItemType.SINGLE, "题干（    ）。", ("12 V", "24 V"), "A")
    right = ItemContent(ItemType.BLANK, "题干____。", (), "12 V")
    assert all(not option.runs[0].mark for option in compare(left, right, ())[0].options)
    assert not compare(left, right, ())[0].key_differs
