"""Codes, levels, and which outline a bank is built against."""

import pytest
from sqlalchemy.orm import Session

from bank.ground.errors import BadInput
from bank.institutions import Bank
from bank.occupations import LEVEL_NAMES, check_occupation, occupation_name
from bank.outlines import Importance, Outline, Point, Scope, outline_view
from tests.factories import BAKER, ELECTRICIAN, make_bank
from web.house import House


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


def test_names_of_occupations() -> None:
    assert occupation_name(ELECTRICIAN) == "电工"
    assert occupation_name("8-88-88-88") == "8-88-88-88"


@pytest.mark.parametrize("level", LEVEL_NAMES)
def test_levels_of_the_five_grade_series(level: int) -> None:
    check_occupation(BAKER, level)


@pytest.mark.parametrize("code", ["", "4-3-2-3", "0-03-02-03", "4-03-02-03 ", "x4-03-02-03", "4—03—02—03"])
def test_a_code_that_is_none(code: str) -> None:
    with pytest.raises(BadInput, match="格式不对，应如 6-31-01-03"):
        check_occupation(code, 4)


def test_the_newest_outline_holds(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        assert outline_view(session, BAKER, 4, bank.institution_id) is None
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
