import json

import pytest

from integrity.similarity.characters import DATA_PATH, is_slip, looks_alike, makes_word, sounds_alike, words_made


@pytest.mark.parametrize(("a", "b"), [("元", "原"), ("长", "常"), ("沙", "砂"), ("做", "作"), ("站", "占")])
def test_typed_alike(a: str, b: str) -> None:
    assert sounds_alike(a, b)
    assert is_slip(a, b, "", "")


@pytest.mark.parametrize(("a", "b"), [("晶", "品"), ("未", "末"), ("己", "已")])
def test_read_alike(a: str, b: str) -> None:
    assert looks_alike(a, b)
    assert looks_alike(b, a)


@pytest.mark.parametrize(("a", "b"), [("流", "压"), ("茶", "酒"), ("前", "后"), ("5", "五"), ("a", "阿")])
def test_neither(a: str, b: str) -> None:
    assert not sounds_alike(a, b)
    assert not looks_alike(a, b)


def test_a_character_of_no_use_here_is_a_slip() -> None:
    assert is_slip("炉", "鱻", "锅", "水")


def test_alike_but_both_words_is_no_slip() -> None:
    assert looks_alike("氮", "氨") == is_slip("氮", "氨", "的", "子")
    assert makes_word("", "氨", "气")
    assert not is_slip("氮", "氨", "", "气")


@pytest.mark.parametrize(
    ("a", "b", "before", "after", "count"),
    [("流", "压", "电", "表", 2), ("硫", "流", "电", "表", 1), ("窘", "鞠", "电", "表", 0), ("3", "三", "第", "条", 0)],
)
def test_words_with_the_same_neighbours(a: str, b: str, before: str, after: str, count: int) -> None:
    assert words_made(a, b, before, after) == count


def test_the_table_names_its_origin() -> None:
    data = json.loads(DATA_PATH.read_text(encoding="utf-8"))
    assert "MIT" in data["origin"]
    assert sum(map(len, data["neighbours"].values())) > 50_000
