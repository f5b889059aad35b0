"""Coverage by scope and point, weights, the type mix, and work orders that lead where the policy points."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from bank.content import ItemType
from bank.coverage import Counted, cover_points, cover_scopes, cover_types, days_that_fill, point_weights
from bank.ground.policy import Policy, policy_on
from bank.outlines import Importance, Outline, OutlineView, Point, Scope
from bank.workorders import order_without_outline, work_orders

DAY = date(2026, 3, 1)
POLICY = replace(
    policy_on(DAY),
    items_per_point=4,
    items_by_importance={},
    type_mix={"single": 0.5, "judge": 0.5},
    type_mix_tolerance=0.1,
    difficulty_mix={"2": 0.5, "4": 0.5},
)


def _view(*weights: tuple[str, int | None], points: dict[str, str] | None = None) -> OutlineView:
    scopes = {code: Scope(code=code, name=f"范围{code}", grade=code.count("-") + 1, weight=w) for code, w in weights}
    placed = points or {"A-A-1": "A-A", "A-A-2": "A-A", "A-B-1": "A-B", "B-1": "B"}
    rows = {
        code: Point(
            code=code, name=f"点{code}", scope=scope, importance=Importance.Z if code == "B-1" else Importance.X
        )
        for code, scope in placed.items()
    }
    return OutlineView(Outline(), scopes, rows)


VIEW = _view(("A", 6000), ("A-A", 4000), ("A-B", 2000), ("B", 4000))


def _counted(*points: str | None, kind: ItemType = ItemType.SINGLE, day: date = DAY) -> list[Counted]:
    return [Counted(point, kind, 2, day, day) for point in points]


def test_innermost_weights_are_shared_by_their_points() -> None:
    assert point_weights(VIEW) == pytest.approx({"A-A-1": 0.2, "A-A-2": 0.2, "A-B-1": 0.2, "B-1": 0.4})
    bare = _view(("A", None), ("A-A", None), ("A-B", None), ("B", None))
    assert point_weights(bare) == pytest.approx(dict.fromkeys(bare.points, 0.25))
    half = point_weights(_view(("A", 6000), ("A-A", None), ("A-B", None), ("B", None)))
    assert half["B-1"] == pytest.approx(0.25)
    assert sum(half.values()) == pytest.approx(1)


def test_the_tree_counts_no_more_than_a_point_needs() -> None:
    points = cover_points(VIEW, _counted(*["A-A-1"] * 9, "A-B-1", "Z-9", None), POLICY)
    assert {one.code: (one.present, one.missing) for one in points} == {
        "A-A-1": (9, 0),
        "A-A-2": (0, 4),
        "A-B-1": (1, 3),
        "B-1": (0, 4),
    }
    scopes = {one.code: one for one in cover_scopes(VIEW, points)}
    assert (scopes["A"].present, scopes["A"].required, scopes["A"].points, scopes["A"].points_ready) == (5, 12, 3, 1)
    assert [(one.code, one.parent) for one in scopes.values()] == [("A", None), ("A-A", "A"), ("A-B", "A"), ("B", None)]
    roots = [one for one in scopes.values() if one.parent is None]
    assert sum(one.required for one in roots) == sum(one.required for one in points)


def test_importance_may_ask_for_more() -> None:
    weighty = replace(POLICY, items_by_importance={"Z": 1})
    assert [one.required for one in cover_points(VIEW, [], weighty)] == [4, 4, 4, 1]


def test_the_earliest_fill_a_need() -> None:
    days = [date(2026, 3, day) for day in (5, 1, 9)]
    counted = [Counted("A-A-1", ItemType.SINGLE, None, day, day) for day in days]
    assert days_that_fill(counted, {"A-A-1": 2, "B-1": 2}) == [days[1], days[0]]


def test_the_mix_is_told_with_its_tolerance() -> None:
    counted = _counted("B-1", "B-1", "B-1") + _counted("B-1", kind=ItemType.SHORT)
    found = {one.type: one for one in cover_types(counted, POLICY)}
    assert (found[ItemType.SINGLE].share, found[ItemType.SINGLE].fits) == (0.75, False)
    assert (found[ItemType.JUDGE].present, found[ItemType.JUDGE].fits) == (0, False)
    assert found[ItemType.SHORT].wanted is None
    assert found[ItemType.SHORT].fits


def test_orders_bring_the_most_first() -> None:
    counted = _counted(*["A-A-1"] * 4, "A-A-2", "A-A-2")
    orders = work_orders(cover_points(VIEW, counted, POLICY), counted, POLICY)
    assert [(one.point, one.missing) for one in orders] == [("B-1", 4), ("A-B-1", 4), ("A-A-2", 2)]
    assert [round(one.gain, 3) for one in orders] == [0.4, 0.2, 0.1]


def test_orders_lead_to_the_mix() -> None:
    counted = _counted("A-A-1", "A-A-1", "A-A-1", "A-A-1")
    orders = work_orders(cover_points(VIEW, counted, POLICY), counted, POLICY)
    types = sum((Counter(one.types) for one in orders), Counter())
    assert types == {ItemType.JUDGE: 8, ItemType.SINGLE: 4}
    assert sum((Counter(one.difficulties) for one in orders), Counter()) == {4: 8, 2: 4}
    for one in orders:
        assert sum(one.types.values()) == sum(one.difficulties.values()) == one.missing


def _without_mix() -> Policy:
    return replace(POLICY, type_mix={}, difficulty_mix={})


def test_no_mix_no_advice() -> None:
    orders = work_orders(cover_points(VIEW, [], _without_mix()), [], _without_mix())
    assert [(dict(one.types), dict(one.difficulties)) for one in orders] == [({}, {})] * 4


def test_a_bank_without_outline_has_one_order() -> None:
    (order,) = order_without_outline(_counted(None, None), 10, POLICY)
    assert (order.point, order.missing, order.gain) == (None, 8, 0.8)
    assert order.types == {ItemType.JUDGE: 5, ItemType.SINGLE: 3}
    assert order_without_outline(_counted(None), 1, POLICY) == ()
