"""The join of checks and audit: conflicts and copies of this bank only, numbers and reasons without text."""

import json
from dataclasses import replace

from bank.items import ItemStatus
from bank.ledger.log import entries
from tests.factories import add, make_bank, make_items
from web.house import House
from web.quality import checked_of, health_of, health_row


def test_conflicts_and_copies_join_the_checks(house: House) -> None:
    first, second, third = make_items(3)
    wrong = replace(first, key="A" if first.key != "A" else "B")
    with house.unit_of_work() as session:
        bank = make_bank(session)
        asked, contrary = (one.item.id for one in add(session, bank, [first, wrong]))
        _, copy = (one.item.id for one in add(session, bank, [second, second]))
        add(session, bank, [third], status=ItemStatus.DRAFT)
        add(session, make_bank(session, level=3), [replace(third, key="A" if third.key != "A" else "B")])
        found = health_of(session, bank, house.policy())
        assert (found.conflicts, found.padded) == (1, True)
        conflict, copies = found.quality.of("key_conflict"), found.quality.of("copy")
        assert conflict is not None
        assert copies is not None
        assert {alarm.item for alarm in conflict.alarms} == {asked, contrary}
        assert copy in {alarm.item for alarm in copies.alarms}
        row = json.dumps(health_row(bank, found), ensure_ascii=False)
        assert not [one for one in (first, second, third) if one.stem[:8] in row]
        assert found.listed()[0].check.code == "key_conflict"


def test_an_empty_bank_is_sound(house: House) -> None:
    with house.unit_of_work() as session:
        found = health_of(session, make_bank(session), house.policy())
        assert (found.quality.items, found.quality.sound, found.listed(), found.padded) == (0, 0, [], False)


def test_looking_is_no_reading(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, make_items(2))
        before = len(list(entries(session)))
        health_of(session, bank, house.policy())
        assert len(list(entries(session))) == before


def test_one_check_alone_says_the_same(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, make_items(3) * 2)
        whole = health_of(session, bank, house.policy()).quality
        for code in ("copy", "key_conflict", "no_rationale", "nonsense"):
            assert checked_of(session, bank, house.policy(), code) == whole.of(code)
