"""The watch over a real bank: sketches, clusters and duplicates in the transaction that writes the items."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR
from bank.ground.db import Database
from bank.institutions import Bank, Institution, InstitutionKind, Jurisdiction
from bank.items import Item, ItemStatus, NewItem, SavedVersion, add_items, find_item, revise_item
from bank.vault.providers import FileKeyProvider
from bank.vault.vault import Vault
from integrity.similarity.index.sql import Sketch, SketchBucket
from integrity.similarity.verdict import Verdict
from integrity.similarity.watch import (
    alike_in_bank,
    duplicates_among,
    index_sentence,
    look_alikes,
    rebuild_index,
    verify_index,
    watch,
)
from web.migrations.tables import metadata

OVEN = ItemContent(
    ItemType.SINGLE, "醒发箱内的相对湿度一般应控制在（ ）。", ("75%~85%", "40%~50%", "20%~30%", "95%以上"), "A"
)
FLOUR = ItemContent(ItemType.JUDGE, "制作蛋糕宜选用蛋白质含量较低的低筋面粉。", (), "正确")
YEAST = ItemContent(ItemType.JUDGE, "活性干酵母应在阴凉干燥处密封存放，开封后须冷藏。", (), "正确")


@pytest.fixture
def database(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    FileKeyProvider.create(tmp_path / "tidun.key")
    opened = Database(sqlite_url, {"vault": Vault(FileKeyProvider(tmp_path / "tidun.key"))})
    metadata.create_all(opened.engine)
    watch()
    with opened.unit_of_work() as session:
        session.add(Jurisdiction(id=1, name="试验市"))
        session.flush()
        for number in (1, 2):
            kind = InstitutionKind.SOCIAL_ORG
            session.add(Institution(id=number, name=f"面点学校{number}", kind=kind, jurisdiction_id=1))
            session.flush()
            day = date(2025, 3, 1)
            session.add(Bank(id=number, institution_id=number, occupation="4-03-02-03", level=4, filed_on=day))
    yield opened
    opened.close()


def _add(session: Session, *contents: ItemContent, bank: int = 1) -> list[SavedVersion]:
    return add_items(session, OPERATOR, session.get_one(Bank, bank), [NewItem(content) for content in contents])


def _clusters(session: Session) -> list[int | None]:
    return list(session.scalars(sa.select(Item.cluster_id).order_by(Item.id)))


def test_a_copy_in_another_dress_joins_the_cluster(database: Database) -> None:
    printed = replace(OVEN, stem="8．醒发箱内的相對濕度，一般應控制在( )", options=OVEN.options[::-1], key="D")
    with database.unit_of_work() as session:
        saved = _add(session, OVEN, FLOUR, printed)
        assert _clusters(session) == [1, 2, 1]
        (found,) = duplicates_among(session, saved)
    assert (found.item, found.of, found.verdict, found.score) == (3, 1, Verdict.IDENTICAL, 1.0)


def test_a_second_import_meets_the_first(database: Database) -> None:
    with database.unit_of_work() as session:
        _add(session, OVEN, FLOUR, YEAST)
    with database.unit_of_work() as session:
        saved = _add(session, replace(YEAST, key="错误"), OVEN)
        assert _clusters(session) == [1, 2, 3, 3, 1]
        verdicts = [(found.of, found.verdict) for found in duplicates_among(session, saved)]
    assert verdicts == [(3, Verdict.CONFLICT), (1, Verdict.IDENTICAL)]


def test_rival_banks_share_clusters_but_no_duplicates(database: Database) -> None:
    with database.unit_of_work() as session:
        _add(session, OVEN)
        saved = _add(session, OVEN, bank=2)
        assert _clusters(session) == [1, 1]
        assert duplicates_among(session, saved) == []


def test_a_new_wording_leaves_its_cluster_and_the_rest_keep_theirs(database: Database) -> None:
    with database.unit_of_work() as session:
        _add(session, OVEN, OVEN, OVEN)
        revise_item(session, OPERATOR, find_item(session, 1), FLOUR)
        assert _clusters(session) == [4, 1, 1]
        revise_item(session, OPERATOR, find_item(session, 1), OVEN)
        assert _clusters(session) == [1, 1, 1]


def test_what_an_item_once_asked_is_still_known(database: Database) -> None:
    """Otherwise a question could come back within the year by rewording its item and writing it anew."""
    with database.unit_of_work() as session:
        _add(session, OVEN)
        revise_item(session, OPERATOR, find_item(session, 1), FLOUR)
        saved = _add(session, OVEN)
        assert _clusters(session) == [2, 1]
        assert duplicates_among(session, saved) == []


def test_a_slight_change_stays_in_its_cluster_and_is_no_duplicate_of_itself(database: Database) -> None:
    with database.unit_of_work() as session:
        _add(session, OVEN, YEAST)
        saved = revise_item(session, OPERATOR, find_item(session, 1), replace(OVEN, stem=f"{OVEN.stem}（单选）"))
        assert _clusters(session) == [1, 2]
        assert duplicates_among(session, [saved]) == []


def test_the_watch_shows_what_is_alike_to_a_writer(database: Database) -> None:
    with database.unit_of_work() as session:
        _add(session, OVEN, FLOUR)
        bank = session.get_one(Bank, 1)
        (found,) = alike_in_bank(session, OPERATOR, bank, replace(OVEN, key=""))
        assert alike_in_bank(session, OPERATOR, session.get_one(Bank, 2), OVEN) == []
    assert (found.item.id, found.judgement.verdict, found.content) == (1, Verdict.IDENTICAL, OVEN)


def test_the_own_bank_is_not_crowded_out_by_others(database: Database) -> None:
    """Forty look-alikes of a rival used to take all places before the own bank was looked at."""
    with database.unit_of_work() as session:
        _add(session, *([OVEN] * 45), bank=2)
        _add(session, OVEN)
    with database.reading() as session:
        (found,) = look_alikes(session, session.get_one(Bank, 1), OVEN, knows_key=lambda _: True)
    assert found.item.id == 46


def test_without_the_key_every_key_gets_the_same_answer(database: Database) -> None:
    with database.unit_of_work() as session:
        _add(session, OVEN, FLOUR)
    seen = set()
    with database.reading() as session:
        for key in ("A", "B", "C", "D", ""):
            tried = replace(OVEN, key=key, rationale="试探", source="题库")
            (found,) = look_alikes(session, session.get_one(Bank, 1), tried, knows_key=lambda _: False)
            seen.add((found.judgement, found.content))
    ((judgement, content),) = seen
    assert judgement.verdict is Verdict.IDENTICAL
    assert content == replace(OVEN, key="")


def test_old_wordings_retired_items_and_oneself_are_not_alike(database: Database) -> None:
    with database.unit_of_work() as session:
        _add(session, OVEN, OVEN, OVEN)
        revise_item(session, OPERATOR, find_item(session, 1), FLOUR)
        find_item(session, 2).status = ItemStatus.RETIRED
    with database.reading() as session:
        bank = session.get_one(Bank, 1)
        found = look_alikes(session, bank, OVEN, knows_key=lambda _: True)
        assert [one.item.id for one in found] == [3]
        assert look_alikes(session, bank, OVEN, knows_key=lambda _: True, besides=3) == []


def test_the_index_is_checked_and_made_anew(database: Database) -> None:
    with database.unit_of_work() as session:
        _add(session, OVEN, FLOUR)
        assert verify_index(session).ok
        session.execute(sa.delete(SketchBucket).where(SketchBucket.version_id == 2))
        session.execute(sa.delete(Sketch).where(Sketch.version_id == 2))
        broken = verify_index(session)
        assert (broken.ok, broken.missing) == (False, (2,))
        assert "缺 1 个版本" in index_sentence(broken)
        assert rebuild_index(session) == 2
        assert verify_index(session).ok


def test_no_wording_lies_in_the_index(database: Database) -> None:
    with database.unit_of_work() as session:
        _add(session, OVEN)
        pieces = session.scalars(sa.select(Sketch.buckets)).all()
    assert all(len(piece) == 106 * 8 for piece in pieces)
    stored = b"".join(path.read_bytes() for path in Path(str(database.engine.url.database)).parent.glob("tidun.db*"))
    assert "醒发箱".encode() not in stored
    assert "相对湿度".encode("utf-16-le") not in stored
