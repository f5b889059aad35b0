"""Points are found again by code, by name, by near name; never two in one."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.matching import Ground, Match, Named, find_point, likeness, match_points

POINTS = {
    "A-A-001": Named("水温的选择", "冲泡"),
    "A-A-002": Named("投茶量的控制", "冲泡"),
    "A-B-001": Named("概述", "茶学"),
    "B-A-001": Named("概述", "茶器"),
}


@pytest.mark.parametrize(
    ("text", "code", "ground"),
    [
        ("A-A-002", "A-A-002", Ground.CODE),
        ("a－a－002", "A-A-002", Ground.CODE),
        ("水温的选择", "A-A-001", Ground.NAME),
        (" 水温 的选择。", "A-A-001", Ground.NAME),
        ("A-A-002 投茶量的控制", "A-A-002", Ground.NAME),
        ("A-A-002投茶量控制（掌握）", "A-A-002", Ground.CODE),
        ("A-A-002 水温的选择", "A-A-001", Ground.NAME),
    ],
)
def test_a_text_names_a_point(text: str, code: str, ground: Ground) -> None:
    found = find_point(text, POINTS)
    assert found is not None
    assert (found.code, found.ground) == (code, ground)


@pytest.mark.parametrize("text", ["概述", "C-A-001", "杯具的清洗", "水温选择", "—"])
def test_what_no_point_or_several_fit_is_not_guessed(text: str) -> None:
    assert find_point(text, POINTS) is None


def test_a_near_name_is_taken_only_where_a_person_will_look() -> None:
    assert find_point("水温选择", POINTS, near=True) == Match("A-A-001", Ground.NEAR, doubtful=True)
    assert find_point("杯具的清洗", POINTS, near=True) is None


def test_other_figures_are_another_point() -> None:
    assert likeness("36V安全电压的使用", "24V安全电压的使用") == 0
    assert likeness("安全电压的使用", "安全电压使用") > 0.9


def _matched(old: dict[str, str], new: dict[str, str]) -> dict[str, tuple[str, Ground, bool]]:
    found = match_points({c: Named(n) for c, n in old.items()}, {c: Named(n) for c, n in new.items()})
    return {code: (match.code, match.ground, match.doubtful) for code, match in found.items()}


def test_a_point_put_in_between_shifts_the_codes_and_moves_nothing_wrongly() -> None:
    old = {"1": "水温的选择", "2": "投茶量的控制", "3": "出汤的时机"}
    new = {"1": "水温的选择", "2": "茶具的预热", "3": "投茶量的控制", "4": "出汤的时机"}
    assert _matched(old, new) == {
        "1": ("1", Ground.CODE, False),
        "2": ("3", Ground.NAME, False),
        "3": ("4", Ground.NAME, False),
    }


def test_a_near_name_elsewhere_goes_before_a_strange_name_under_the_code() -> None:
    old, new = {"1": "水温的选择", "2": "收具"}, {"1": "茶席插花", "2": "收具", "3": "水温选择"}
    assert _matched(old, new) == {"1": ("3", Ground.NEAR, True), "2": ("2", Ground.CODE, False)}


def test_a_code_alone_is_doubtful_and_a_kindred_name_under_it_is_not() -> None:
    old = {"1": "水温的选择", "2": "投茶量的控制"}
    assert _matched(old, {"1": "茶席插花", "2": "投茶量与控制方法"}) == {
        "1": ("1", Ground.CODE, True),
        "2": ("2", Ground.CODE, False),
    }


def test_equal_names_are_told_apart_by_their_scope() -> None:
    new = {"C-A-001": Named("概述", "茶器"), "C-B-001": Named("概述", "茶学")}
    found = match_points({code: POINTS[code] for code in ("A-B-001", "B-A-001")}, new)
    assert {old: match.code for old, match in found.items()} == {"A-B-001": "C-B-001", "B-A-001": "C-A-001"}


NAMES = st.text("水温茶具选择控制清洗出汤时机预热绿红36V", min_size=1, max_size=8)
OUTLINES = st.dictionaries(st.sampled_from([f"A-{n:03d}" for n in range(14)]), NAMES.map(Named), max_size=12)


@given(OUTLINES, OUTLINES)
def test_no_new_point_goes_on_with_two_old_ones(old: dict[str, Named], new: dict[str, Named]) -> None:
    found = match_points(old, new)
    targets = [match.code for match in found.values()]
    assert found.keys() <= old.keys()
    assert set(targets) <= new.keys()
    assert len(set(targets)) == len(targets)
    # Whatever stands under its code on both sides is never lost unless its place went to a better one.
    assert all(code in found or code in targets for code in old.keys() & new.keys())


@given(OUTLINES)
def test_the_same_outline_again_keeps_every_point(points: dict[str, Named]) -> None:
    found = match_points(points, points)
    assert {code: (match.code, match.doubtful) for code, match in found.items()} == {c: (c, False) for c in points}


@given(OUTLINES, st.randoms(use_true_random=False))
def test_names_that_are_unique_are_followed_through_any_recoding(points: dict[str, Named], random: Random) -> None:
    unique = {point.name: code for code, point in points.items()}
    old = {code: Named(name) for name, code in unique.items()}
    codes = sorted(old)
    random.shuffle(codes)
    recoded = dict(zip(old, codes, strict=True))
    new = {recoded[code]: point for code, point in old.items()}
    assert {code: match.code for code, match in match_points(old, new).items()} == recoded
