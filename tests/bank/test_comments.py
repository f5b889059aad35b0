"""Comments on items: on a part, answered and settled, sealed to their place, and nobody's name in them."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.comments import (
    PARTS,
    Comment,
    answer,
    comment_on,
    find_thread,
    has_open_thread,
    open_threads,
    remark_of,
    settle,
    threads_of,
)
from bank.ground.actors import Actor, Role
from bank.ground.errors import BadInput, NotFound, Refused
from bank.items import Item, ItemStatus
from bank.ledger.log import entries
from bank.review import approve, send_back, submit
from bank.vault.envelope import VaultError
from tests.factories import add, make_bank, make_items, make_person
from web.house import House

FIRST, SECOND = make_items(2)


def _submitted(session: Session) -> tuple[Actor, Actor, Actor, Item, Item]:
    bank = make_bank(session)
    wang = make_person(session, bank, "wang", Role.WRITER, Role.REVIEWER)
    shen, third = (make_person(session, bank, login, Role.REVIEWER) for login in ("shen", "third"))
    item, other = (one.item for one in add(session, bank, [FIRST, SECOND], actor=wang, status=ItemStatus.DRAFT))
    submit(session, wang, [item, other])
    return wang, shen, third, item, other


def test_a_thread_from_remark_to_settlement(house: House) -> None:
    with house.unit_of_work() as session:
        wang, shen, _, item, other = _submitted(session)
        thread = comment_on(session, shen, item, "B", "  与 D 项意思相同。 ")
        assert open_threads(session, [item, other]) == {item.id: 1}
        assert session.scalars(sa.select(Item.id).where(has_open_thread())).all() == [item.id]
        answer(session, wang, thread, "已改为兆欧表")
        answer(session, shen, thread, "可以")
        (shown,) = threads_of(session, wang, item)
        assert (shown.part, shown.round, shown.settled_at) == ("B", 1, None)
        assert [(one.by, one.mine, one.text) for one in shown.said] == [
            ("审题人甲", False, "与 D 项意思相同。"),
            ("命题人", True, "已改为兆欧表"),
            ("审题人甲", False, "可以"),
        ]
        assert remark_of(session, item) == "选项 B：与 D 项意思相同"
        settle(session, shen, thread)
        settle(session, shen, thread)
        assert open_threads(session, [item]) == {}
        assert remark_of(session, item) == ""
        with pytest.raises(BadInput, match="已经了结"):
            answer(session, wang, thread, "再说一句")
        facts = [(one.kind, one.actor) for one in entries(session, kinds=["item.comment", "item.settle"])]
        assert facts == [
            ("item.comment", "shen"),
            ("item.comment", "wang"),
            ("item.comment", "shen"),
            ("item.settle", "shen"),
        ]


def test_nothing_said_stands_in_the_ledger_or_in_the_clear(house: House) -> None:
    with house.unit_of_work() as session:
        _, shen, _, item, _ = _submitted(session)
        comment_on(session, shen, item, "whole", "这里引用了题干")
        (row,) = session.scalars(sa.select(Comment))
        assert "引用".encode() not in row.text
        (entry,) = entries(session, kinds=["item.comment"])
        assert entry.body == {"item": item.id, "version": 1, "comment": row.id}


def test_reviewers_are_named_by_the_order_in_which_they_spoke(house: House) -> None:
    with house.unit_of_work() as session:
        wang, shen, third, item, other = _submitted(session)
        comment_on(session, third, item, "stem", "缺少条件")
        comment_on(session, shen, item, "key", "答案存疑")
        comment_on(session, shen, other, "key", "答案存疑")
        names = {thread.part: thread.said[0].by for thread in threads_of(session, wang, item)}
        assert names == {"stem": "审题人甲", "key": "审题人乙"}
        assert threads_of(session, wang, other)[0].said[0].by == "审题人甲"
        assert not {"shen", "third", "wang"} & {
            one.by for thread in threads_of(session, shen, item) for one in thread.said
        }


def test_open_threads_come_first(house: House) -> None:
    with house.unit_of_work() as session:
        _, shen, _, item, _ = _submitted(session)
        first = comment_on(session, shen, item, "stem", "一")
        comment_on(session, shen, item, "key", "二")
        settle(session, shen, first)
        assert [thread.part for thread in threads_of(session, shen, item)] == ["key", "stem"]


def test_a_second_round_says_so(house: House) -> None:
    with house.unit_of_work() as session:
        wang, shen, _, item, _ = _submitted(session)
        send_back(session, shen, item, "一处要改")
        submit(session, wang, [item])
        comment_on(session, shen, item, "rationale", "还有一处")
        assert [(one.part, one.round) for one in threads_of(session, wang, item)] == [("whole", 1), ("rationale", 2)]


def test_writers_neither_open_nor_settle_threads(house: House) -> None:
    with house.unit_of_work() as session:
        wang, shen, _, item, _ = _submitted(session)
        zhao = make_person(session, item.bank, "zhao", Role.WRITER)
        for actor in (wang, zhao):
            with pytest.raises(Refused):
                comment_on(session, actor, item, "stem", "很好")
        thread = comment_on(session, shen, item, "stem", "缺少条件")
        for actor in (wang, zhao):
            with pytest.raises(Refused, match="由审题人了结"):
                settle(session, actor, thread)


@pytest.mark.parametrize(
    ("part", "text", "told"), [("author", "太粗心", "落在"), ("stem", " \n", "空的"), ("K", "x", "落在")]
)
def test_what_is_no_comment_on_the_item(house: House, part: str, text: str, told: str) -> None:
    with house.unit_of_work() as session:
        _, shen, _, item, _ = _submitted(session)
        with pytest.raises(BadInput, match=told):
            comment_on(session, shen, item, part, text)


def test_only_what_is_under_review_is_commented(house: House) -> None:
    with house.unit_of_work() as session:
        _, shen, _, item, _ = _submitted(session)
        approve(session, shen, [item])
        with pytest.raises(BadInput, match="不在待审之列"):
            comment_on(session, shen, item, "stem", "晚了")
        with pytest.raises(BadInput, match="1000"):
            comment_on(session, shen, session.get_one(Item, item.id + 1), "stem", "长" * 1001)


def test_a_comment_belongs_to_its_place(house: House) -> None:
    with house.unit_of_work() as session:
        _, shen, _, item, other = _submitted(session)
        one, two = comment_on(session, shen, item, "stem", "甲"), comment_on(session, shen, other, "stem", "乙")
        two.text = one.text
        with pytest.raises(VaultError):
            threads_of(session, shen, other)
        assert threads_of(session, shen, item)[0].said[0].text == "甲"


def test_an_answer_is_no_thread(house: House) -> None:
    with house.unit_of_work() as session:
        wang, shen, _, item, _ = _submitted(session)
        thread = comment_on(session, shen, item, "stem", "缺少条件")
        reply = answer(session, wang, thread, "已补")
        assert find_thread(session, thread.id) is thread
        for number in (reply.id, 999):
            with pytest.raises(NotFound):
                find_thread(session, number)


def test_every_part_has_a_name() -> None:
    assert list(PARTS) == ["whole", "stem", *"ABCDEFGHIJ", "key", "rationale"]
