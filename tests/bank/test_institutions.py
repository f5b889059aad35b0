"""Articles 2, 3, 10, 11 and 12: who may register what, where, for how long, and who may see whom."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.ground.actors import OPERATOR, Actor, Role
from bank.ground.clock import add_months, today
from bank.ground.errors import BadInput, NotFound, Refused
from bank.ground.policy import policy_on
from bank.institutions import (
    Bank,
    Institution,
    InstitutionKind,
    Registration,
    add_institution,
    add_registration,
    bank_of,
    find_bank,
    find_institution,
    find_jurisdiction,
    territory_of,
    visible_institutions,
)
from bank.ledger.log import entries, size_and_root
from tests.factories import BAKER
from web.house import House

POLICY = policy_on(date(2026, 1, 1))
FILED = date(2020, 3, 1)
CODES = [f"4-03-02-{number:02}" for number in range(1, 8)]


def _body(
    session: Session, name: str, kind: InstitutionKind = InstitutionKind.SOCIAL_ORG, place: str = "城区"
) -> Institution:
    return add_institution(session, OPERATOR, name=name, kind=kind, jurisdiction=place)


def _file(session: Session, body: Institution, code: str = BAKER, level: int = 4, day: date = FILED) -> Registration:
    return add_registration(session, OPERATOR, POLICY, institution=body, occupation=code, level=level, filed_on=day)


def test_a_body_is_entered_once_and_its_entry_is_in_the_ledger(house: House) -> None:
    with house.unit_of_work() as session:
        body = _body(session, "  黄石糕点协会 ")
        assert (body.name, body.jurisdiction.name) == ("黄石糕点协会", "城区")
        assert [one.body["institution"] for one in entries(session, kinds=["institution.add"])] == [body.id]
        for name, sentence in (("黄石糕点协会", "已经登记过"), (" ", "不能为空"), ("长" * 129, "不超过 128 字")):
            with pytest.raises(BadInput, match=sentence):
                _body(session, name)
        with pytest.raises(BadInput, match="没有名为“武汉市”的属地，请写 黄石市、城区、大冶市、阳新县 之一"):
            _body(session, "武汉糕点协会", place="武汉市")


def test_a_body_is_found_by_id_or_name(house: House) -> None:
    with house.unit_of_work() as session:
        body = _body(session, "黄石糕点协会")
        assert find_institution(session, body.id) is find_institution(session, " 黄石糕点协会 ") is body
        for unknown in ("2", "9" * 30, "别家", ""):
            with pytest.raises(NotFound):
                find_institution(session, unknown)


def test_a_registration_opens_one_bank_and_is_in_the_ledger(house: House) -> None:
    with house.unit_of_work() as session:
        body = _body(session, "黄石糕点协会")
        made = _file(session, body)
        bank = bank_of(session, "黄石糕点协会", BAKER, 4)
        assert (bank.filed_on, made.filed_on) == (FILED, FILED)
        assert "四级/中级工" in bank.title
        (entry,) = entries(session, kinds=["registration.add"])
        assert entry.body == {
            "registration": made.id,
            "institution": body.id,
            "occupation": BAKER,
            "level": 4,
            "filed_on": "2020-03-01",
        }


def test_nothing_outside_the_registered_scope(house: House) -> None:
    with house.unit_of_work() as session:
        body = _body(session, "黄石糕点协会")
        _file(session, body)
        assert find_bank(session, body.id, BAKER, 3, missing_ok=True) is None
        for code, level in ((BAKER, 3), (CODES[0], 4)):
            with pytest.raises(Refused, match="第六条第二项"):
                bank_of(session, body.id, code, level)


@pytest.mark.parametrize(
    ("code", "level", "day", "sentence"),
    [
        ("面点师", 4, FILED, "职业编码“面点师”格式不对"),
        ("4-03-02-3", 4, FILED, "格式不对"),
        ("9-03-02-03", 4, FILED, "格式不对"),
        (BAKER, 6, FILED, "等级 6 无效"),
        (BAKER, 0, FILED, "等级 0 无效"),
        (BAKER, 4, None, "在今天之后"),
    ],
)
def test_a_wrong_registration_is_told_and_not_kept(
    house: House, code: str, level: int, day: date | None, sentence: str
) -> None:
    with house.unit_of_work() as session:
        body = _body(session, "黄石糕点协会")
        before = size_and_root(session)
        with pytest.raises(BadInput, match=sentence):
            _file(session, body, code, level, day or today() + timedelta(days=1))
        assert session.scalars(sa.select(Bank)).all() == []
        assert size_and_root(session) == before


def test_a_registration_holds_three_years_and_is_then_renewed(house: House) -> None:
    """Article 10; the bank keeps the day of its first filing, from which the six months counted."""
    with house.unit_of_work() as session:
        body = _body(session, "黄石糕点协会", InstitutionKind.TECHNICAL_SCHOOL)
        first = date(2019, 5, 20)
        _file(session, body, day=first)
        for early in (first, date(2019, 6, 1), date(2022, 5, 19), date(2018, 1, 1)):
            with pytest.raises(BadInput, match="有效期内不必重复备案"):
                _file(session, body, day=early)
        _file(session, body, day=date(2022, 5, 20))
        for early in (date(2022, 5, 21), date(2025, 5, 19)):
            with pytest.raises(BadInput, match="已于 2022-05-20 备案"):
                _file(session, body, day=early)
        _file(session, body, day=date(2025, 5, 20))
        assert bank_of(session, body.id, BAKER, 4).filed_on == first


def test_article_12_five_occupations_at_most(house: House) -> None:
    with house.unit_of_work() as session:
        body = _body(session, "黄石糕点协会")
        for code in CODES[:5]:
            _file(session, body, code)
        with pytest.raises(Refused, match="第十二条：社会培训评价组织备案职业最多 5 个，黄石糕点协会已满"):
            _file(session, body, CODES[5])
        _file(session, body, CODES[0], level=3)
        assert len(session.scalars(sa.select(Bank)).all()) == 6


def test_article_12_counts_only_what_holds_at_the_same_time(house: House) -> None:
    with house.unit_of_work() as session:
        body = _body(session, "黄石糕点协会")
        for code in CODES[:5]:
            _file(session, body, code)
        with pytest.raises(Refused, match="第十二条"):
            _file(session, body, CODES[5], day=add_months(FILED, -36) + timedelta(days=1))
        _file(session, body, CODES[5], day=add_months(FILED, -36))
        _file(session, body, CODES[6], day=add_months(FILED, 36))


@pytest.mark.parametrize("kind", [InstitutionKind.ENTERPRISE, InstitutionKind.TECHNICAL_SCHOOL])
def test_article_12_binds_social_bodies_only(house: House, kind: InstitutionKind) -> None:
    with house.unit_of_work() as session:
        body = _body(session, "黄石面点学校", kind)
        for code in CODES[:6]:
            _file(session, body, code)
        for number in range(3):
            _file(session, _body(session, f"面点学校{number}", kind))
        _file(session, _body(session, "黄石糕点协会"))


def test_article_12_three_social_bodies_a_level(house: House) -> None:
    with house.unit_of_work() as session:
        for number in range(3):
            _file(session, _body(session, f"糕点协会{number}"))
        fourth = _body(session, "第四家协会")
        with pytest.raises(Refused, match="第十二条：同一职业同一等级的社会培训评价组织最多 3 家"):
            _file(session, fourth)
        _file(session, fourth, level=3)
        _file(session, _body(session, "黄石面点学校", InstitutionKind.TECHNICAL_SCHOOL))


def test_the_territory_tree(house: House) -> None:
    with house.reading() as session:
        ids = {name: find_jurisdiction(session, name).id for name in ("黄石市", "城区", "大冶市", "阳新县")}
        assert territory_of(session, ids["黄石市"]) == set(ids.values())
        assert territory_of(session, ids["大冶市"]) == {ids["大冶市"]}


def test_who_sees_whom(house: House) -> None:
    with house.unit_of_work() as session:
        places = {"城区": "糕点协会", "大冶市": "大冶学校", "阳新县": "阳新学校"}
        bodies = {place: _body(session, name, place=place).id for place, name in places.items()}
        city, county = (find_jurisdiction(session, name).id for name in ("黄石市", "阳新县"))

        def seen(actor: Actor) -> set[int]:
            return set(session.scalars(visible_institutions(session, actor)))

        everyone = set(bodies.values())
        supervisor, writer = frozenset({Role.SUPERVISOR}), frozenset({Role.WRITER})
        assert seen(OPERATOR) == everyone
        assert seen(Actor("du", 1, supervisor, jurisdiction_id=city)) == everyone
        assert seen(Actor("yx", 2, supervisor, jurisdiction_id=county)) == {bodies["阳新县"]}
        assert seen(Actor("wang", 3, writer, institution_id=bodies["大冶市"])) == {bodies["大冶市"]}
        for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR, Role.SUPERVISOR, Role.WRITER):
            assert seen(Actor("x", 4, frozenset({role}))) == set()
        for nobody in (Actor("without roles", 5), Actor("nobody"), Actor("operator", 6)):
            assert seen(nobody) == set()
