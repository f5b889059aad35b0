"""Attributes as tags, gaps as texts, materials under one text: each the inverse of the other."""

from hypothesis import given
from hypothesis import strategies as st

from bank.exchange.formats.material import take_material, with_material
from bank.exchange.formats.tags import LONGEST_TAG, read_gaps, read_tags, write_gaps, write_tags


def test_tags_of_others_are_left_alone() -> None:
    assert read_tags(["直流", "Point：A-B", "difficulty: 3", "point:C", "type:", "a:b"]) == {
        "point": "A-B",
        "difficulty": "3",
    }


def test_tags_come_in_order_and_none_too_long() -> None:
    held = {"key": "x" * LONGEST_TAG, "difficulty": "3", "point": "A"}
    assert write_tags(held) == ["point:A", "difficulty:3"]


@given(st.lists(st.text(alphabet="_ 　,-%（）题", max_size=5), min_size=1, max_size=5))
def test_gaps(gaps: list[str]) -> None:
    assert read_gaps(write_gaps(gaps)) == gaps


@given(st.text(alphabet="材料一\n|", max_size=12).map(lambda t: t.strip("\n")), st.text(max_size=12))
def test_materials(material: str, stem: str) -> None:
    assert take_material(with_material(material, stem)) == (material, stem)


def test_a_stem_that_only_speaks_of_material() -> None:
    for stem in ("【材料】钢的牌号", "【材料】\n钢", "按【材料】\n【问题】\n回答"):
        assert take_material(stem) == ("", stem)
