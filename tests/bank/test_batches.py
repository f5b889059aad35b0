"""An import can be taken back whole while nobody has built on it."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.batches import batches_of, take_back, told_of
from bank.comments import Comment
from bank.ground.actors import Actor, Role
from bank.ground.errors import NotFound, Refused
from bank.imports import Imported, import_items
from bank.institutions import Bank
from bank.items import Item, ItemStatus, ItemVersion, revise_item
from bank.ledger.log import entries
from bank.pictures import PictureUse
from bank.review import submit
from bank.sets import EnemyReason, mark_enemies
from integrity.similarity.index.sql import Sketch, SketchBucket
from integrity.similarity.watch import duplicates_among, verify_index
from tests.factories import add, make_bank, make_items, make_person, make_reading
from web.house import House


def brought(session: Session, actor: Actor | None = None, bank: Bank | None = None) -> tuple[Actor, Bank, Imported]:
    bank = bank or make_bank(session)
    actor = actor or make_person(session, bank, "wang", Role.WRITER)
    return actor, bank, import_items(session, actor, bank, make_reading(make_items(4), file="期末.docx"))


def test_an_import_taken_back_leaves_nothing(house: House) -> None:
    with house.unit_of_work() as session:
        actor, bank, done = brought(session)
        kept = add(session, bank, make_items(2, 10), actor=actor)
    with house.unit_of_work() as session:
        (batch,) = batches_of(session, actor, bank)
        assert (told_of(session, batch).file, batch.items) == ("期末.docx", 4)
        assert take_back(session, actor, batch.id) == 4
    with house.unit_of_work() as session:
        assert batches_of(session, actor, bank) == []
        assert set(session.scalars(sa.select(Item.id))) == {one.item.id for one in kept}
        for table in (ItemVersion, Sketch):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 2
        left = set(session.scalars(sa.select(SketchBucket.version_id).distinct()))
        assert left == {one.version.id for one in kept}
        assert session.scalars(sa.select(PictureUse)).all() == []
        assert verify_index(session).ok
        (entry,) = entries(session, kinds=["item.take_back"])
        assert entry.body["items"] == [one.item.id for one in done.saved]


def test_the_same_file_can_come_again(house: House) -> None:
    with house.unit_of_work() as session:
        actor, bank, _ = brought(session)
        take_back(session, actor, batches_of(session, actor, bank)[0].id)
        _, _, again = brought(session, actor, bank)
        assert duplicates_among(session, again.saved) == []


@pytest.mark.parametrize("act", ["submit", "revise", "approve", "enemy", "comment"])
def test_what_somebody_built_on_stays(house: House, act: str) -> None:
    with house.unit_of_work() as session:
        actor, bank, done = brought(session)
        item = done.saved[1].item
        if act == "submit":
            submit(session, actor, [item])
        elif act == "revise":
            revise_item(session, actor, item, make_items(1, 30)[0])
        elif act == "approve":
            item.status = ItemStatus.APPROVED
        elif act == "enemy":
            mark_enemies(session, actor, [item, done.saved[0].item], EnemyReason.SAME_THING)
        else:
            session.add(Comment(item_id=item.id, version=1, round=1, part="stem", side="writer", text=b"-"))
        session.flush()
        with pytest.raises(Refused, match="不能整批撤销"):
            take_back(session, actor, batches_of(session, actor, bank)[0].id)
        assert session.scalar(sa.select(sa.func.count()).select_from(Item)) == 4


def test_only_the_importer_takes_it_back_and_only_once(house: House) -> None:
    with house.unit_of_work() as session:
        actor, bank, _ = brought(session)
        number = batches_of(session, actor, bank)[0].id
        with pytest.raises(NotFound):
            take_back(session, make_person(session, bank, "zhao", Role.WRITER), number)
        take_back(session, actor, number)
        with pytest.raises(NotFound):
            take_back(session, actor, number)
