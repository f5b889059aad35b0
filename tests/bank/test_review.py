"""Review: another person approves, approvals belong to a wording and a round, what is retired is out for good."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.approvals import returned
from bank.comments import Comment, comment_on, remark_of, settle
from bank.ground.actors import OPERATOR, Actor, Grade, Role
from bank.ground.errors import BadInput, Refused
from bank.institutions import Bank
from bank.items import Item, ItemStatus, NewItem, Origin, add_items, revise_item
from bank.ledger.log import entries
from bank.process import change_process
from bank.review import approve, retire, send_back, submit
from bank.writing_rules import GradeRule
from tests.factories import add, make_bank, make_items, make_person
from web.house import House

FIRST, SECOND, THIRD = make_items(3)


def _cast(session: Session) -> tuple[Bank, Actor, Actor]:
    bank = make_bank(session)
    both = (Role.WRITER, Role.REVIEWER)
    return bank, make_person(session, bank, "wang", *both), make_person(session, bank, "shen", *both)


def _drafts(session: Session, bank: Bank, actor: Actor) -> list[Item]:
    return [one.item for one in add(session, bank, [FIRST, SECOND], actor=actor, status=ItemStatus.DRAFT)]


def test_from_draft_to_bank(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        items = _drafts(session, bank, wang)
        submit(session, wang, items)
        assert {item.status for item in items} == {ItemStatus.SUBMITTED}
        approve(session, shen, items)
        assert {(item.status, item.approved_by) for item in items} == {(ItemStatus.APPROVED, "shen")}
        ids = [item.id for item in items]
        acts = [(one.kind, one.actor, one.body) for one in entries(session, kinds=["item.submit", "item.approve"])]
        facts = {"bank": bank.id, "items": ids, "versions": [1, 1]}
        assert acts == [("item.submit", "wang", facts), ("item.approve", "shen", {**facts, "entered": 2})]


def test_nobody_approves_an_own_item(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        mine, theirs = _drafts(session, bank, wang)
        hers = add(session, bank, [THIRD], actor=shen, status=ItemStatus.DRAFT)[0].item
        submit(session, wang, [mine, theirs, hers])
        for some in ([mine], [hers, mine]):
            with pytest.raises(Refused, match="不得审定自己命制的试题"):
                approve(session, wang, some)
        assert {item.status for item in (mine, theirs, hers)} == {ItemStatus.SUBMITTED}


def test_nobody_approves_an_own_wording_of_another_persons_item(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        item = _drafts(session, bank, wang)[0]
        revise_item(session, shen, item, replace(FIRST, rationale="补充解析"))
        submit(session, wang, [item])
        for author in (shen, wang):
            with pytest.raises(Refused):
                approve(session, author, [item])
        approve(session, make_person(session, bank, "third", Role.REVIEWER), [item])
        assert item.approved_by == "third"


def test_a_new_wording_needs_a_new_approval(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        item = _drafts(session, bank, wang)[0]
        submit(session, wang, [item])
        approve(session, shen, [item])
        revise_item(session, wang, item, replace(FIRST, rationale="补充解析"))
        assert (item.status, item.approved_by) == (ItemStatus.DRAFT, None)


def test_a_returned_item_carries_its_remark_until_it_is_settled(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        item = _drafts(session, bank, wang)[0]
        submit(session, wang, [item])
        assert remark_of(session, item) == ""
        send_back(session, shen, item, "  B 项与 D 项意思相同  ")
        assert (item.status, remark_of(session, item)) == (ItemStatus.DRAFT, "整题：B 项与 D 项意思相同")
        (entry,) = entries(session, kinds=["item.return"])
        assert entry.body == {"bank": bank.id, "items": [item.id], "versions": [1]}
        assert session.scalars(sa.select(Item.id).where(returned())).all() == [item.id]
        submit(session, wang, [item])
        assert session.scalars(sa.select(Item.id).where(returned())).all() == []
        with pytest.raises(BadInput, match="意见没有了结"):
            approve(session, shen, [item])
        settle(session, shen, session.scalars(sa.select(Comment)).one())
        assert remark_of(session, item) == ""
        approve(session, shen, [item])
        assert item.status is ItemStatus.APPROVED


def test_a_return_says_why(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        item = _drafts(session, bank, wang)[0]
        submit(session, wang, [item])
        with pytest.raises(BadInput, match="写明修改意见"):
            send_back(session, shen, item, " \n")
        assert item.status is ItemStatus.SUBMITTED


def test_what_is_retired_stays_retired(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        items = _drafts(session, bank, wang)
        retire(session, shen, items[:1])
        assert [item.status for item in items] == [ItemStatus.RETIRED, ItemStatus.DRAFT]
        with pytest.raises(BadInput, match="已停用"):
            retire(session, shen, items)
        with pytest.raises(BadInput, match="不能送审"):
            submit(session, wang, items[:1])


Act = Callable[[Session, Actor, list[Item]], None]


@pytest.mark.parametrize(
    ("act", "allowed"),
    [(submit, ItemStatus.DRAFT), (approve, ItemStatus.SUBMITTED)],
)
def test_each_step_starts_from_its_own_state(house: House, act: Act, allowed: ItemStatus) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        for status in ItemStatus:
            item = add(session, bank, [FIRST], status=status)[0].item
            if status is allowed:
                act(session, OPERATOR, [item])
                assert item.status is not status
            else:
                with pytest.raises(BadInput, match="状态已变"):
                    act(session, OPERATOR, [item])


@pytest.mark.parametrize("act", [submit, approve, retire])
def test_nothing_chosen(house: House, act: Act) -> None:
    with house.unit_of_work() as session, pytest.raises(BadInput, match="没有选中试题"):
        act(session, OPERATOR, [])


def test_items_of_a_foreign_paper_are_not_reviewed(house: House) -> None:
    with house.unit_of_work() as session:
        new = [NewItem(FIRST)]
        item = add_items(session, OPERATOR, make_bank(session), new, origin=Origin.PAPER)[0].item
        with pytest.raises(BadInput, match="不能送审"):
            submit(session, OPERATOR, [item])


def test_comments_that_are_open_are_reason_enough_to_return(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        item, other = _drafts(session, bank, wang)
        submit(session, wang, [item, other])
        comment_on(session, shen, item, "stem", "题干有歧义")
        send_back(session, shen, item)
        assert item.status is ItemStatus.DRAFT
        comment_on(session, shen, other, "stem", "题干有歧义")
        with pytest.raises(Refused):
            send_back(session, wang, other)
        assert other.status is ItemStatus.SUBMITTED


def test_what_was_changed_since_it_was_seen_is_not_approved(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        items = _drafts(session, bank, wang)
        seen = {item.id: item.version for item in items}
        revise_item(session, wang, items[1], replace(SECOND, rationale="补充解析"))
        submit(session, wang, items)
        for wrong in (seen, {items[0].id: 1}, {}):
            with pytest.raises(BadInput, match="改过"):
                approve(session, shen, items, wrong)
        assert {item.status for item in items} == {ItemStatus.SUBMITTED}
        assert approve(session, shen, items, {items[0].id: 1, items[1].id: 2}) == items


def test_two_approvals_where_the_process_asks_for_two(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        third = make_person(session, bank, "third", Role.REVIEWER)
        change_process(session, OPERATOR, bank, approvals=2)
        item = _drafts(session, bank, wang)[0]
        submit(session, wang, [item])
        assert approve(session, shen, [item]) == []
        assert item.status is ItemStatus.SUBMITTED
        with pytest.raises(BadInput, match="还须另一位审题人"):
            approve(session, shen, [item])
        assert approve(session, third, [item]) == [item]
        assert (item.status, item.approved_by) == (ItemStatus.APPROVED, "third")


def test_an_approval_does_not_outlive_its_wording_or_its_round(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        third = make_person(session, bank, "third", Role.REVIEWER)
        change_process(session, OPERATOR, bank, approvals=2, settle_first=False)
        revised, sent_back = _drafts(session, bank, wang)
        submit(session, wang, [revised, sent_back])
        approve(session, shen, [revised, sent_back])
        revise_item(session, wang, revised, replace(FIRST, rationale="补充解析"))
        send_back(session, third, sent_back, "选项 C 不通顺")
        submit(session, wang, [revised, sent_back])
        assert approve(session, third, [revised, sent_back]) == []
        assert approve(session, shen, [revised, sent_back]) == [revised, sent_back]


def test_whoever_wrote_any_wording_approves_none(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        item = _drafts(session, bank, wang)[0]
        revise_item(session, shen, item, replace(FIRST, rationale="补充解析"))
        revise_item(session, wang, item, replace(FIRST, rationale="再补充"))
        submit(session, wang, [item])
        with pytest.raises(Refused, match="自己命制"):
            approve(session, shen, [item])


def test_a_grade_too_low_is_refused_where_the_process_says_so(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session, level=3)
        low = make_person(session, bank, "low", Role.WRITER, grade=Grade.LEVEL_3)
        high = make_person(session, bank, "high", Role.WRITER, grade=Grade.LEVEL_2)
        unknown = make_person(session, bank, "unknown", Role.REVIEWER)
        title = make_person(session, bank, "title", Role.REVIEWER, grade=Grade.MIDDLE_TITLE)
        mine, theirs = _drafts(session, bank, low)[0], _drafts(session, bank, high)[0]
        submit(session, low, [mine])
        change_process(session, OPERATOR, bank, grade_rule=GradeRule.REFUSE)
        with pytest.raises(Refused, match="命题技术规程"):
            submit(session, low, _drafts(session, bank, low))
        submit(session, high, [theirs])
        with pytest.raises(Refused, match="未登记"):
            approve(session, unknown, [theirs])
        assert approve(session, title, [theirs]) == [theirs]
