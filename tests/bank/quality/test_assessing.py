"""The checks over a stored bank: what counts, what is left out, and that nothing of the text comes along."""

import json
from dataclasses import replace

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR
from bank.items import ItemStatus, NewItem, Origin, add_items
from bank.ledger.log import entries
from bank.outlines import Importance, Outline, Point, Scope
from bank.quality.assessing import Quality, assess, bank_quality, entry_of, quality_row, worst_first
from bank.review import retire
from tests.factories import BAKER, add, make_bank, make_items
from web.house import House

MARKED = ItemContent(ItemType.JUDGE, "面团发酵<b>不</b>需要控制温度", (), "错误", "温度决定速度。")


def _items(found: Quality, code: str) -> list[int]:
    one = found.of(code)
    return [alarm.item for alarm in one.alarms] if one else []


def test_own_items_that_are_not_retired_are_checked(house: House) -> None:
    contents = make_items(4)
    with house.unit_of_work() as session:
        bank = make_bank(session)
        kept = add(session, bank, contents[:1])[0].item.id
        draft = add(session, bank, contents[1:2], status=ItemStatus.DRAFT)[0].item.id
        retire(session, OPERATOR, [add(session, bank, contents[2:3])[0].item])
        add_items(session, OPERATOR, bank, [NewItem(contents[3])], status=ItemStatus.APPROVED, origin=Origin.PAPER)
        add(session, make_bank(session, level=3), contents[:1])
        found = bank_quality(session, bank)
        assert found.items == 2
        assert _items(found, "no_difficulty") == [kept, draft]
        assert found.of("orphan") is None or _items(found, "orphan") == [], "there is no outline to hang on"


def test_orphans_of_an_outline(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        point = Point(position=0, code="A-1", name="和面", scope="A", importance=Importance.X)
        scope = Scope(position=0, code="A", name="A", grade=1, weight=None)
        session.add(Outline(occupation=BAKER, level=4, source="细目表.xlsx", scopes=[scope], points=[point]))
        add(session, bank, make_items(1), point="A-1")
        lost = [one.item.id for one in add(session, bank, make_items(2, start=1), point="Q-9")]
        lost += [one.item.id for one in add(session, bank, make_items(1, start=5))]
        assert _items(bank_quality(session, bank), "orphan") == lost


def test_looking_for_faults_is_no_reading(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, make_items(3))
        before = len(list(entries(session)))
        bank_quality(session, bank)
        assert len(list(entries(session))) == before


def test_the_row_holds_no_text(house: House) -> None:
    contents = [*make_items(20), MARKED]
    row = json.dumps(quality_row(assess([entry_of(n, one) for n, one in enumerate(contents)])), ensure_ascii=False)
    for content in contents:
        assert content.stem[:8] not in row
        assert not [option for option in content.options if len(option) > 5 and option in row]


def test_marks_are_seen_before_they_are_read_away() -> None:
    entry = entry_of(0, MARKED)
    assert entry.stressed
    assert "<b>" not in entry.content.stem


def test_sound_items_and_the_order_of_checks() -> None:
    good = replace(make_items(1)[0], rationale="见规程。")
    broken = replace(good, stem="乱\ufffd码的题干写在这里（　）。")
    found = assess([entry_of(n, one, difficulty=3) for n, one in enumerate((good, broken, MARKED))])
    assert found.sound == 2
    listed = worst_first(found.checked)
    assert listed[0].check.code == "damaged_text"
    assert all(one.alarms for one in listed)
    assert found.of("no_such_check") is None
