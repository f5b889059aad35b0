"""Review: another person approves, a remark stays secret, what is retired is out for good."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from bank.ground.actors import OPERATOR, Actor, Role
from bank.ground.errors import BadInput, Refused
from bank.institutions import Bank
from bank.items import Item, ItemStatus, NewItem, Origin, add_items, find_item, revise_item
from bank.ledger.log import entries
from bank.review import approve, remark_of, retire, send_back, submit
from bank.vault.envelope import VaultError
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
        facts = {"bank": bank.id, "items": ids}
        assert acts == [("item.submit", "wang", facts), ("item.approve", "shen", facts)]


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


def test_a_returned_item_carries_its_remark_until_it_is_submitted_again(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        item = _drafts(session, bank, wang)[0]
        submit(session, wang, [item])
        assert remark_of(session, item) == ""
        send_back(session, shen, item, "  B 项与 D 项意思相同  ")
        assert (item.status, remark_of(session, item)) == (ItemStatus.DRAFT, "B 项与 D 项意思相同")
        (entry,) = entries(session, kinds=["item.return"])
        assert entry.body == {"bank": bank.id, "items": [item.id]}
        submit(session, wang, [item])
        assert remark_of(session, item) == ""


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


def test_a_remark_belongs_to_its_item(house: House) -> None:
    with house.unit_of_work() as session:
        bank, wang, shen = _cast(session)
        one, other = _drafts(session, bank, wang)
        submit(session, wang, [one, other])
        send_back(session, shen, one, "题干有歧义")
        other.remark = one.remark
        with pytest.raises(VaultError):
            remark_of(session, other)
        assert remark_of(session, find_item(session, one.id)) == "题干有歧义"
