"""Assignments: who writes what until when, how far it is, and what a writer may read of the bank."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.assignments import (
    Assignment,
    Plan,
    Progress,
    Wanted,
    assign,
    described,
    find_assignment,
    outstanding,
    progress,
    share_out,
    withdraw,
    writers_of,
)
from bank.content import ItemType
from bank.exchange.outline.files import read_outline
from bank.ground.actors import OPERATOR, Actor, Role, User
from bank.ground.clock import today
from bank.ground.errors import BadInput, NotFound, Refused
from bank.institutions import Bank
from bank.items import Item, ItemStatus
from bank.ledger.log import entries
from bank.process import WritersSee, change_process
from bank.reading_rights import may_read, readable, writers_see
from bank.review import approve, submit
from bank.revisions import import_outline
from bank.workorders import WorkOrder
from bank.writing_rules import GradeRule
from tests.factories import add, make_bank, make_items, make_person
from web.demo.files import demo_outline, outline_xlsx
from web.house import House

LATER = today() + timedelta(days=14)
FORKLIFT = "6-30-05-04"


def _cast(session: Session, level: int = 5) -> tuple[Bank, Actor, Actor, Actor]:
    bank = make_bank(session, occupation=FORKLIFT, level=level)
    wang, zhao = (make_person(session, bank, login, Role.WRITER) for login in ("wang", "zhao"))
    return bank, wang, zhao, make_person(session, bank, "shen", Role.REVIEWER)


def _user(session: Session, actor: Actor) -> User:
    return session.get_one(User, actor.user_id)


def _point(session: Session) -> str:
    reading = read_outline("细目表.xlsx", outline_xlsx(demo_outline("forklift_5")))
    made = import_outline(session, OPERATOR, reading, occupation=FORKLIFT, level=5, source="细目表.xlsx")
    return made.outline.points[0].code


def _order(point: str | None, types: dict[ItemType, int]) -> WorkOrder:
    missing = sum(types.values())
    return WorkOrder(point, "", None, None, 0, missing, types, {}, 0.1)


def test_progress_follows_the_work(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, zhao, shen = _cast(session)
        point = _point(session)
        add(session, bank, make_items(1, start=9), actor=wang, point=point)
        plan = assign(session, shen, bank, [Wanted(_user(session, wang), 3, point)], due_on=LATER)
        drafts = add(session, bank, make_items(3), actor=wang, point=point, status=ItemStatus.DRAFT)
        add(session, bank, make_items(1, start=4), actor=wang, point="别处", status=ItemStatus.DRAFT)
        add(session, bank, make_items(1, start=5), actor=zhao, point=point)
        submit(session, wang, [one.item for one in drafts[:2]])
        approve(session, shen, [drafts[0].item])
        (one,) = progress(session, Plan.bank_id == bank.id)
        assert (one.drafted, one.submitted, one.entered) == (1, 1, 1)
        assert (one.delivered, one.done) == (2, False)
        assert outstanding(session, bank) == {point: 2}
        submit(session, wang, [drafts[2].item])
        assert progress(session)[0].done
        assert plan.title == f"{today()} 分派"
        (entry,) = entries(session, kinds=["assignment.add"])
        assert entry.body == {"bank": bank.id, "plan": plan.id, "assignments": [one.assignment.id], "count": 3}


def test_copies_are_one_question_and_count_once(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, _, shen = _cast(session)
        assign(session, shen, bank, [Wanted(_user(session, wang), 2, type=ItemType.SINGLE)], due_on=LATER)
        assign(session, shen, bank, [Wanted(_user(session, wang), 2)], due_on=LATER)
        first, second = (one for one in make_items(20) if one.type is ItemType.SINGLE), make_items(1)[0]
        add(session, bank, [next(first), second, second, next(first)], actor=wang, status=ItemStatus.DRAFT)
        assert [one.drafted for one in progress(session)] == [2, 0]


def test_the_same_question_of_two_writers_counts_for_both(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, zhao, shen = _cast(session)
        for writer in (wang, zhao):
            assign(session, shen, bank, [Wanted(_user(session, writer), 1)], due_on=LATER)
            add(session, bank, make_items(1), actor=writer, status=ItemStatus.DRAFT)
        assert [one.drafted for one in progress(session)] == [1, 1]
        assert [one.drafted for one in progress(session, Assignment.writer_id == zhao.user_id)] == [1]


def test_overdue_is_what_is_still_owed_after_the_day(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, _, shen = _cast(session)
        assign(session, shen, bank, [Wanted(_user(session, wang), 1)], due_on=LATER)
        (one,) = progress(session)
        assert [one.overdue(LATER + timedelta(days=days)) for days in (-1, 0, 1)] == [False, False, True]
        assert not Progress(one.assignment, 0, 1, 0).overdue(LATER + timedelta(days=1))


def test_what_was_withdrawn_is_owed_no_more(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, _, shen = _cast(session)
        assign(session, shen, bank, [Wanted(_user(session, wang), 1)], due_on=LATER)
        (one,) = progress(session)
        withdraw(session, shen, find_assignment(session, one.assignment.id))
        assert progress(session) == []
        assert outstanding(session, bank) == {}
        with pytest.raises(BadInput, match="已经收回"):
            withdraw(session, shen, one.assignment)
        with pytest.raises(NotFound):
            find_assignment(session, 999)


def test_what_nobody_can_be_asked_for(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, _, shen = _cast(session)
        _point(session)
        writer, reviewer = _user(session, wang), _user(session, shen)
        foreign = make_person(session, make_bank(session, name="大冶市焊工学校"), "wai", Role.WRITER)
        for wanted, told in (
            ([], "没有要分派"),
            ([Wanted(reviewer, 1)], "命题人"),
            ([Wanted(_user(session, foreign), 1)], "命题人"),
            ([Wanted(writer, 0)], "1 到"),
            ([Wanted(writer, 1, "Z-9")], "没有鉴定点 Z-9"),
        ):
            with pytest.raises(BadInput, match=told):
                assign(session, shen, bank, wanted, due_on=LATER)
        with pytest.raises(BadInput, match="已过"):
            assign(session, shen, bank, [Wanted(writer, 1)], due_on=date(2020, 1, 1))
        assert session.scalars(sa.select(Plan)).all() == []


def test_nobody_is_given_items_above_their_grade_where_the_process_refuses(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, _, shen = _cast(session, level=2)
        change_process(session, OPERATOR, bank, grade_rule=GradeRule.REFUSE)
        with pytest.raises(Refused, match="一级/高级技师"):
            assign(session, shen, bank, [Wanted(_user(session, wang), 1)], due_on=LATER)


def test_missing_points_are_shared_out_evenly_and_once(house: House) -> None:
    with house.unit_of_work() as session:
        bank, *_ = _cast(session)
        writers = writers_of(session, bank)
        orders = [
            _order("A", {ItemType.SINGLE: 2, ItemType.JUDGE: 1}),
            _order("B", {ItemType.SINGLE: 2}),
            _order("C", {ItemType.SINGLE: 1}),
        ]
        found = share_out(orders, writers, {"A": 1})
        assert [(one.writer.login, one.point, one.type, one.count) for one in found] == [
            ("wang", "A", ItemType.SINGLE, 1),
            ("wang", "A", ItemType.JUDGE, 1),
            ("zhao", "B", ItemType.SINGLE, 2),
            ("wang", "C", ItemType.SINGLE, 1),
        ]
        assert share_out(orders, writers, {"A": 3, "B": 2, "C": 9}) == []
        with pytest.raises(BadInput, match="至少选一人"):
            share_out(orders, [], {})


def test_what_has_no_point_is_shared_by_all_alike(house: House) -> None:
    with house.unit_of_work() as session:
        bank, *_ = _cast(session)
        found = share_out([_order(None, {ItemType.SINGLE: 5})], writers_of(session, bank), {})
        assert [(one.writer.login, one.count) for one in found] == [("wang", 3), ("zhao", 2)]
        (mixed,) = share_out([WorkOrder(None, "", None, None, 1, 2, {}, {}, 0.1)], writers_of(session, bank), {})
        assert (mixed.type, mixed.count) == (None, 1)


def test_a_task_in_words(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, _, shen = _cast(session)
        writer = _user(session, wang)
        assign(session, shen, bank, [Wanted(writer, 3, type=ItemType.SINGLE), Wanted(writer, 2)], due_on=LATER)
        assert [described(one.assignment) for one in progress(session)] == ["3 道单项选择题", "2 道题"]


def test_writers_see_their_own_part_once_work_is_shared_out(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, zhao, shen = _cast(session)
        li = make_person(session, bank, "li", Role.ORGANIZER)
        foreign = make_person(session, make_bank(session, name="大冶市焊工学校"), "wai", Role.WRITER, Role.REVIEWER)
        mine, theirs = (
            add(session, bank, [one], actor=actor)[0].item
            for one, actor in zip(make_items(2), (wang, zhao), strict=True)
        )
        nobodys = add(session, bank, make_items(1, start=3))[0].item
        assert writers_see(session, bank) is WritersSee.BANK
        assert may_read(session, wang, theirs)
        assign(session, shen, bank, [Wanted(_user(session, wang), 1)], due_on=LATER)
        assert writers_see(session, bank) is WritersSee.OWN
        rights = {
            actor.name: [may_read(session, actor, item) for item in (mine, theirs, nobodys)]
            for actor in (wang, zhao, shen, li, foreign, OPERATOR)
        }
        assert rights == {
            "wang": [True, False, False],
            "zhao": [False, True, False],
            "shen": [True, True, True],
            "li": [False, False, False],
            "wai": [False, False, False],
            "operator": [True, True, True],
        }
        assert session.scalars(sa.select(Item.id).where(readable(session, wang, bank))).all() == [mine.id]
        change_process(session, OPERATOR, bank, writers_see=WritersSee.BANK)
        assert may_read(session, wang, theirs)


def test_whoever_wrote_a_later_wording_may_read_the_item(house: House) -> None:
    from bank.items import revise_item

    with house.unit_of_work() as session:
        bank, wang, zhao, _ = _cast(session)
        change_process(session, OPERATOR, bank, writers_see=WritersSee.OWN)
        item = add(session, bank, make_items(1), actor=wang)[0].item
        assert not may_read(session, zhao, item)
        revise_item(session, zhao, item, make_items(1, start=1)[0])
        assert may_read(session, zhao, item)
