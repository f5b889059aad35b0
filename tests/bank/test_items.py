"""Items: encrypted, versioned, watched, and read by nobody without an entry in the ledger (Article 6(4))."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR, Actor, Role
from bank.ground.errors import BadInput, NotFound
from bank.items import (
    Item,
    ItemStatus,
    ItemVersion,
    NewItem,
    Origin,
    Secrecy,
    add_items,
    current_versions,
    find_item,
    open_versions,
    read_versions,
    revise_item,
    versions_saved,
)
from bank.ledger.log import append, entries, size_and_root
from bank.vault.envelope import VaultError
from tests.factories import add, make_bank, make_items, make_person
from web.house import House

FIRST, SECOND, THIRD = make_items(3)


def test_what_is_written_is_what_is_read(house: House) -> None:
    contents = [
        replace(FIRST, rationale="见教材第三章"),
        ItemContent(ItemType.BLANK, "叉车起升高度是____。", (), "三米"),
    ]
    with house.unit_of_work() as session:
        saved = add(session, make_bank(session), contents)
    with house.unit_of_work() as session:
        versions = session.scalars(current_versions(Item.id.in_([one.item.id for one in saved]))).all()
        read = read_versions(session, OPERATOR, versions, "试读")
        assert [read[version.id] for version in versions] == contents


def test_a_new_item_is_a_secret_draft_of_its_writer(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        wang = make_person(session, bank, "wang", Role.WRITER)
        new = NewItem(FIRST, "A-1", 4, "题库-17")
        item = add_items(session, wang, bank, [new])[0].item
        found = (item.status, item.secrecy, item.origin, item.point, item.difficulty, item.external_id, item.author_id)
        assert found == (ItemStatus.DRAFT, Secrecy.SECRET, Origin.BANK, "A-1", 4, "题库-17", wang.user_id)
        (entry,) = entries(session, kinds=["item.add"])
        assert (entry.actor, entry.body) == ("wang", {"bank": bank.id, "status": "draft", "items": [item.id]})


def test_one_bad_item_keeps_all_out(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        before = size_and_root(session)
        with pytest.raises(BadInput, match=r"单项选择题不能保存：.*至少要有 2 个选项"):
            add(session, bank, [FIRST, ItemContent(ItemType.SINGLE, "单选？", ("只有一个",), "A")])
        assert session.scalars(sa.select(Item)).all() == []
        assert size_and_root(session) == before


def test_a_new_wording_is_a_new_version_and_a_draft_again(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        item = add(session, bank, [FIRST])[0].item
        reworded = replace(FIRST, rationale="补充解析")
        revise_item(session, OPERATOR, item, reworded)
        assert (item.version, item.status, item.approved_by) == (2, ItemStatus.DRAFT, None)
        versions = session.scalars(sa.select(ItemVersion).order_by(ItemVersion.number)).all()
        assert list(open_versions(session, versions).values()) == [FIRST, reworded]
        assert [one.body for one in entries(session, kinds=["item.revise"])] == [{"item": item.id, "version": 2}]


def test_a_retired_item_is_not_reworded(house: House) -> None:
    with house.unit_of_work() as session:
        saved = add(session, make_bank(session), [FIRST], status=ItemStatus.RETIRED)
        with pytest.raises(BadInput, match="已停用"):
            revise_item(session, OPERATOR, saved[0].item, SECOND)


def test_no_version_without_sketches_is_committed(house: House) -> None:
    with house.unit_of_work() as session:
        make_bank(session)
        before = size_and_root(session)
    with (
        versions_saved.muted(),
        pytest.raises(RuntimeError, match="without sketches must not be committed"),
        house.unit_of_work() as session,
    ):
        add(session, make_bank(session, level=3), [FIRST])
    with house.reading() as session:
        assert session.scalars(sa.select(ItemVersion)).all() == []
        assert session.scalars(sa.select(Item)).all() == []
        assert size_and_root(session) == before


def test_reading_writes_its_entry_before_anything_is_opened(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        wang = make_person(session, bank, "wang", Role.WRITER)
        saved = add(session, bank, [FIRST, SECOND])
        versions = [one.version for one in saved]
        versions[1].answer = b"damaged"
        with pytest.raises(VaultError):
            read_versions(session, wang, versions, "审定")
        (entry,) = entries(session, kinds=["item.read"])
        assert (entry.actor, entry.body) == ("wang", {"purpose": "审定", "items": [one.item.id for one in saved]})
        session.rollback()


def test_a_reading_session_shows_nobody_anything(house: House) -> None:
    with house.unit_of_work() as session:
        version = add(session, make_bank(session), [FIRST])[0].version
    with house.reading() as session, pytest.raises(RuntimeError, match="this act writes"):
        read_versions(session, OPERATOR, [session.get_one(ItemVersion, version.id)], "偷看")


def test_reading_nothing_is_no_act(house: House) -> None:
    with house.unit_of_work() as session:
        before = size_and_root(session)
        assert read_versions(session, OPERATOR, [], "没有试题") == {}
        assert size_and_root(session) == before


def test_the_machine_opens_without_an_entry(house: House) -> None:
    with house.unit_of_work() as session:
        saved = add(session, make_bank(session), [FIRST])
        before = size_and_root(session)
        assert open_versions(session, [saved[0].version]) == {saved[0].version.id: FIRST}
        assert size_and_root(session) == before


@pytest.mark.parametrize("column", ["question", "answer"])
def test_a_record_opens_only_where_it_belongs(house: House, column: str) -> None:
    """Swapped between two items of one bank: the place is part of what was sealed."""
    with house.unit_of_work() as session:
        one, other = (saved.version for saved in add(session, make_bank(session), [FIRST, SECOND]))
        mine, theirs = getattr(one, column), getattr(other, column)
        setattr(one, column, theirs)
        setattr(other, column, mine)
        for version in (one, other):
            with pytest.raises(VaultError):
                open_versions(session, [version])
        session.rollback()


def test_an_older_wording_does_not_open_as_the_newer_one(house: House) -> None:
    with house.unit_of_work() as session:
        old = add(session, make_bank(session), [FIRST])[0]
        new = revise_item(session, OPERATOR, old.item, replace(FIRST, rationale="补充解析"))
        new.version.question = old.version.question
        with pytest.raises(VaultError):
            open_versions(session, [new.version])
        session.rollback()


def test_current_versions_are_the_newest_ones_in_order(house: House) -> None:
    with house.unit_of_work() as session:
        one, two = add(session, make_bank(session), [FIRST, SECOND])
        newer = revise_item(session, OPERATOR, one.item, replace(FIRST, rationale="补充解析"))
        add(session, make_bank(session, level=3), [THIRD])
        found = session.scalars(current_versions(Item.bank_id == one.item.bank_id)).all()
        assert [version.id for version in found] == [newer.version.id, two.version.id]


def test_an_unknown_item(house: House) -> None:
    with house.reading() as session, pytest.raises(NotFound, match="没有编号为 7 的试题"):
        find_item(session, 7)


def test_a_unit_that_writes_no_version_is_not_held_up(house: House) -> None:
    with versions_saved.muted(), house.unit_of_work() as session:
        append(session, Actor("x"), "act", {})
    with house.reading() as session:
        assert [one.actor for one in entries(session, kinds=["act"])] == ["x"]
