"""A file becomes items, an outline becomes the newest one: in one transaction, on either database."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from bank.content import ItemContent
from bank.exchange.outline.files import OutlineReading, ScopeRow
from bank.exchange.outline.rows import PointRow
from bank.exchange.reading import Reading, Rejection
from bank.ground.actors import OPERATOR, Role
from bank.ground.errors import BadInput
from bank.imports import import_items
from bank.items import Cognition, Item, ItemStatus, Secrecy, open_versions
from bank.ledger.log import entries
from bank.outlines import Importance, Outline, outline_view
from bank.revisions import import_outline
from tests.factories import BAKER, make_bank, make_items, make_person, make_reading
from web.house import House

CONTENTS = make_items(3)
NAME = "酥皮的起酥原理"
LONG = "本鉴定点考核学员对水油皮与油酥软硬一致的理解以及对开酥环境温度的控制能力" * 4


def _outline(session: Session, *points: tuple[str, str], source: str = "细目表.xlsx") -> Outline:
    rows = tuple(PointRow(code, name, code.rpartition("-")[0], Importance.X) for code, name in points)
    scopes = tuple(ScopeRow(code, f"范围{code}", code.count("-") + 1, 5000) for code in ("A", "A-B"))
    reading = OutlineReading(scopes, rows, (), ())
    return import_outline(session, OPERATOR, reading, occupation=BAKER, level=4, source=source).outline


def _points(session: Session, *given: str | None) -> tuple[list[str | None], list[str]]:
    """Under which points these rows come, and the notes."""
    readings = [make_reading([content], point=point) for content, point in zip(CONTENTS, given, strict=False)]
    rows = tuple(reading.items[0] for reading in readings)
    done = import_items(session, OPERATOR, make_bank(session), replace(readings[0], items=rows))
    assert [one.item.point for one in done.saved] == [row.point for row in done.rows]
    return [one.item.point for one in done.saved], list(done.notes)


def test_a_file_is_in_the_bank_and_in_the_ledger(house: House) -> None:
    reading = make_reading(CONTENTS, "题库.docx", difficulty=3, external_id="17")
    reading = replace(
        reading, read=5, rejected=(Rejection(4, "第 4 题", "缺少答案"), Rejection(5, "第 5 题", "题干为空"))
    )
    with house.unit_of_work() as session:
        bank = make_bank(session)
        wang = make_person(session, bank, "wang", Role.WRITER)
        done = import_items(session, wang, bank, reading, secrecy=Secrecy.PRACTICE)
        texts = open_versions(session, [one.version for one in done.saved])
        assert [texts[one.version.id] for one in done.saved] == CONTENTS
        found = {(one.item.status, one.item.secrecy, one.item.difficulty, one.item.external_id) for one in done.saved}
        assert found == {(ItemStatus.DRAFT, Secrecy.PRACTICE, 3, "17")}
        (entry,) = entries(session, kinds=["item.import"])
        facts = {"bank": bank.id, "read": 5, "imported": 3, "rejected": 2, "format": "docx"}
        assert (entry.actor, entry.body) == ("wang", facts)


def test_a_file_with_nothing_in_it_is_an_act_all_the_same(house: House) -> None:
    reading = Reading("空.docx", "docx", None, 1, (), (Rejection(1, "第 1 题", "题干为空"),), ())
    with house.unit_of_work() as session:
        assert import_items(session, OPERATOR, make_bank(session), reading).saved == ()
        assert [one.body["rejected"] for one in entries(session, kinds=["item.import"])] == [1]


def test_one_bad_row_keeps_the_file_out(house: House) -> None:
    bad = ItemContent(CONTENTS[0].type, CONTENTS[0].stem, ("一个",), "A")
    with house.unit_of_work() as session:
        bank = make_bank(session)
    with pytest.raises(BadInput), house.unit_of_work() as session:
        import_items(session, OPERATOR, bank, make_reading([*CONTENTS, bad]))
    with house.reading() as session:
        assert session.query(Item).count() == 0
        assert list(entries(session, kinds=["item.import", "item.add"])) == []


def test_points_are_found_by_code_name_or_both(house: House) -> None:
    with house.unit_of_work() as session:
        _outline(session, ("A-B-1", NAME), ("A-B-2", "油温的判断"))
        found, notes = _points(session, " A-B-2 ", NAME, f"A-B-1 {NAME}（了解）")
    assert (found, notes) == (["A-B-2", "A-B-1", "A-B-1"], [])


def test_a_foreign_or_doubtful_point_is_noted_and_kept_as_it_stands(house: House) -> None:
    with house.unit_of_work() as session:
        _outline(session, ("A-B-1", NAME), ("A-B-2", NAME))
        found, notes = _points(session, "Z-9", NAME, "  ")
    assert found == ["Z-9", NAME, None]
    assert [note.split("不在")[0] for note in notes] == ["第 1 题：鉴定点“Z-9”", f"第 1 题：鉴定点“{NAME}”"]


def test_without_an_outline_points_are_kept_as_they_stand(house: House) -> None:
    with house.unit_of_work() as session:
        found, notes = _points(session, " A-B-2 ", NAME, None)
    assert (found, notes) == (["A-B-2", NAME, None], [])


@pytest.mark.parametrize("place", ["house", "postgres_house"])
def test_what_is_too_long_to_keep_is_noted(place: str, request: pytest.FixtureRequest) -> None:
    """SQLite would take it, PostgreSQL would refuse the whole file."""
    house: House = request.getfixturevalue(place)
    with house.unit_of_work() as session:
        reading = make_reading(CONTENTS[:1], point=LONG, external_id="9" * 129)
        done = import_items(session, OPERATOR, make_bank(session), reading)
    assert [(one.item.point, one.item.external_id) for one in done.saved] == [(LONG[:128], None)]
    assert [note.split("超过")[1][:6] for note in done.notes] == [" 128 字", " 128 字"]


def test_the_newest_outline_holds(house: House) -> None:
    with house.unit_of_work() as session:
        _outline(session, ("A-B-1", NAME))
        made = _outline(session, ("A-B-2", "油温的判断"), ("A-B-3", "叠酥次数"))
        view = outline_view(session, BAKER, 4, 1)
        assert view is not None
        assert [(point.code, point.name, point.scope) for point in view.points.values()] == [
            ("A-B-2", "油温的判断", "A-B"),
            ("A-B-3", "叠酥次数", "A-B"),
        ]
        assert view.chain("A-B-3") == ("A", "A-B")
        last = list(entries(session, kinds=["outline.import"]))[-1]
        assert last.body == {
            "outline": made.id,
            "occupation": BAKER,
            "level": 4,
            "version": 2,
            "scopes": 2,
            "points": 2,
        }


@pytest.mark.parametrize(
    ("points", "sentence"),
    [((), "只有鉴定范围和比重"), (((LONG, NAME),), "超过 32 个字符，请检查代码列是否写成了名称")],
)
def test_an_outline_that_cannot_be_used(house: House, points: tuple[tuple[str, str], ...], sentence: str) -> None:
    with pytest.raises(BadInput, match=f"^细目表.xlsx：.*{sentence}"), house.unit_of_work() as session:
        _outline(session, *points)
    with house.reading() as session:
        assert session.query(Outline).count() == 0


def test_rows_of_one_set_become_a_set_and_attributes_are_kept(house: House) -> None:
    material = "一份面包配方：高筋粉 500 克，水 310 克。"
    together = [replace(content, material=material) for content in CONTENTS[:2]]
    alone = replace(CONTENTS[2], material=material)
    reading = make_reading([*together, alone])
    items = tuple(
        replace(row, set=mark, consistency=4, cognition=Cognition.APPLY, importance=Importance.X)
        for row, mark in zip(reading.items, ("1", "1", "2"), strict=True)
    )
    with house.unit_of_work() as session:
        done = import_items(session, OPERATOR, make_bank(session), replace(reading, items=items))
        found = [(one.item.stimulus_id is not None, one.item.stimulus_position) for one in done.saved]
        assert found == [(True, 1), (True, 2), (False, None)]
        first = done.saved[0].item
        assert (first.consistency, first.cognition, first.importance) == (4, Cognition.APPLY, Importance.X)
        (entry,) = entries(session, kinds=["stimulus.add"])
        assert entry.body["items"] == [one.item.id for one in done.saved[:2]]
