"""Who judged which version when: what waits for whom, what nobody has read since it was changed."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.approvals import Verdict, awaiting, history, ordinal, returned, unreviewed
from bank.comments import voices
from bank.ground.actors import OPERATOR, Actor, Role
from bank.items import Item, ItemStatus, revise_item
from bank.process import change_process
from bank.review import approve, retire, send_back, submit
from tests.factories import add, make_bank, make_items, make_person
from web.house import House

FIRST, SECOND, THIRD = make_items(3)


def _ids(session: Session, criterion: sa.ColumnElement[bool]) -> set[int]:
    return set(session.scalars(sa.select(Item.id).where(criterion)))


def _cast(session: Session) -> tuple[Actor, Actor, Actor, list[Item]]:
    bank = make_bank(session)
    wang = make_person(session, bank, "wang", Role.WRITER, Role.REVIEWER)
    shen, third = (make_person(session, bank, login, Role.REVIEWER) for login in ("shen", "third"))
    made = add(session, bank, [FIRST, SECOND, THIRD], actor=wang, status=ItemStatus.DRAFT)
    return wang, shen, third, [one.item for one in made]


def test_the_history_names_versions_rounds_and_no_person(house: House) -> None:
    with house.unit_of_work() as session:
        wang, shen, third, (item, *_) = _cast(session)
        change_process(session, OPERATOR, item.bank, settle_first=False)
        submit(session, wang, [item])
        send_back(session, shen, item, "题干有歧义")
        revise_item(session, wang, item, replace(FIRST, rationale="补充解析"))
        submit(session, wang, [item])
        approve(session, third, [item])
        told = history(session, item, voices(session, item))
        assert [(one.by, one.version, one.round, one.verdict) for one in told] == [
            ("命题人", 1, 1, Verdict.SUBMITTED),
            ("审题人甲", 1, 1, Verdict.RETURNED),
            ("命题人", 2, 2, Verdict.SUBMITTED),
            ("审题人乙", 2, 2, Verdict.APPROVED),
        ]


def test_what_waits_for_whom(house: House) -> None:
    with house.unit_of_work() as session:
        wang, shen, third, items = _cast(session)
        ids = {item.id for item in items}
        change_process(session, OPERATOR, items[0].bank, approvals=2)
        submit(session, wang, items)
        assert [_ids(session, awaiting(one)) for one in (wang, shen, third)] == [set(), ids, ids]
        approve(session, shen, items[:1])
        assert _ids(session, awaiting(shen)) == ids - {items[0].id}
        assert _ids(session, awaiting(third)) == ids
        revise_item(session, wang, items[0], replace(FIRST, rationale="补充解析"))
        assert _ids(session, awaiting(shen)) == ids - {items[0].id}
        submit(session, wang, items[:1])
        assert _ids(session, awaiting(shen)) == ids


def test_what_nobody_has_approved_since_it_was_changed(house: House) -> None:
    with house.unit_of_work() as session:
        wang, shen, _, (first, second, third) = _cast(session)
        imported = add(session, first.bank, make_items(1, start=7))[0].item
        submit(session, wang, [first, second])
        approve(session, shen, [first, second])
        assert _ids(session, unreviewed()) == {third.id, imported.id}
        revise_item(session, wang, first, replace(FIRST, rationale="补充解析"))
        retire(session, shen, [third])
        assert _ids(session, unreviewed()) == {first.id, imported.id}


def test_returned_until_it_is_sent_again(house: House) -> None:
    with house.unit_of_work() as session:
        wang, shen, _, (item, other, _) = _cast(session)
        submit(session, wang, [item, other])
        send_back(session, shen, item, "缺少条件")
        assert _ids(session, returned()) == {item.id}
        revise_item(session, wang, item, replace(FIRST, rationale="补充解析"))
        assert _ids(session, returned()) == {item.id}
        submit(session, wang, [item])
        revise_item(session, wang, item, replace(FIRST, rationale="再补充"))
        assert _ids(session, returned()) == set()


def test_more_reviewers_than_stems() -> None:
    assert [ordinal(place) for place in (0, 1, 9, 10)] == ["甲", "乙", "癸", " 11"]
