"""Which outline a bank is built against, which version held when, and the shares of X, Y and Z."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from bank.ground.clock import now, today
from bank.ground.policy import policy_on
from bank.institutions import Bank
from bank.outlines import (
    Importance,
    Outline,
    Point,
    Scope,
    importance_shares,
    next_version,
    outline_history,
    outline_view,
    share_warnings,
)
from tests.factories import BAKER, make_bank
from web.house import House

X, Y, Z = Importance


def _outline(session: Session, bank: Bank, *points: str, own: bool = False) -> None:
    scopes = [
        Scope(position=n, code=code, name=code, grade=code.count("-") + 1, weight=None)
        for n, code in enumerate(("A", "A-B", "A-B-C", "AB", "B"))
    ]
    rows = [
        Point(position=n, code=point, name=point, scope=point.rpartition("-")[0], importance=Importance.X)
        for n, point in enumerate(points)
    ]
    owner = bank.institution_id if own else None
    session.add(
        Outline(
            occupation=bank.occupation, level=4, institution_id=owner, source="细目表.xlsx", scopes=scopes, points=rows
        )
    )
    session.flush()


def _points(session: Session, bank: Bank) -> list[str]:
    view = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    return list(view.points) if view else []


def test_the_newest_outline_holds(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        assert outline_view(session, BAKER, 4, bank.institution_id) is None
        assert outline_history(session, BAKER, 4, bank.institution_id) == []
        _outline(session, bank, "A-B-C-1")
        _outline(session, bank, "A-B-C-2", "B-1")
        assert _points(session, bank) == ["A-B-C-2", "B-1"]
        assert outline_view(session, BAKER, 3, bank.institution_id) is None


def test_an_own_outline_goes_before_the_shared_one(house: House) -> None:
    with house.unit_of_work() as session:
        bank, rival = make_bank(session), make_bank(session, "大冶面点学校")
        _outline(session, bank, "A-B-C-1", own=True)
        _outline(session, bank, "A-B-C-2")
        assert (_points(session, bank), _points(session, rival)) == (["A-B-C-1"], ["A-B-C-2"])


def test_the_scopes_above_a_point(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        _outline(session, bank, "A-B-C-1", "B-1", "AB-1")
        view = outline_view(session, BAKER, 4, bank.institution_id)
        assert view is not None
        chains = {point: view.chain(point) for point in ("A-B-C-1", "B-1", "AB-1", "Z-1")}
        assert chains == {"A-B-C-1": ("A", "A-B", "A-B-C"), "B-1": ("B",), "AB-1": ("AB",), "Z-1": ()}


def test_versions_are_counted_apart_and_say_when_they_held(house: House) -> None:
    with house.unit_of_work() as session:
        bank, rival = make_bank(session), make_bank(session, "大冶面点学校")
        begun = now()
        for days, own in ((0, False), (10, True), (20, False), (30, True)):
            with time_machine.travel(begun + timedelta(days=days), tick=False):
                owner = bank.institution_id if own else None
                version = next_version(session, BAKER, 4, owner)
                session.add(
                    Outline(occupation=BAKER, level=4, institution_id=owner, version=version, source=f"{days}.xlsx")
                )
                session.flush()
        days = {
            body.institution_id: [
                (held.outline.version, held.outline.institution_id is None, (held.since - begun).days, held.until)
                for held in outline_history(session, BAKER, 4, body.institution_id)
            ]
            for body in (bank, rival)
        }
    later, sooner = begun + timedelta(days=30), begun + timedelta(days=10)
    assert days[bank.institution_id] == [(2, False, 30, None), (1, False, 10, later), (1, True, 0, sooner)]
    assert days[rival.institution_id] == [(2, True, 20, None), (1, True, 0, begun + timedelta(days=20))]


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        ([X] * 16 + [Y] * 3 + [Z], []),
        ([X] * 15 + [Y] * 4 + [Z], ["核心要素 X 占 75.0%", "一般要素 Y 占 20.0%"]),
        ([X] * 18 + [Z] * 2, ["辅助要素 Z 占 10.0%"]),
        ([], []),
    ],
)
def test_shares_outside_the_rule_are_told_with_the_rule(letters: list[Importance], said: list[str]) -> None:
    policy = policy_on(today())
    warnings = share_warnings(letters, policy)
    assert [warning.split("，")[0] for warning in warnings] == said
    assert all(policy.outline_rule in warning for warning in warnings)
    assert sum(importance_shares(letters).values()) == pytest.approx(1.0 if letters else 0.0)
