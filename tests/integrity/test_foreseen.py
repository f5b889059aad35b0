"""What a file would repeat is foreseen as it is found when the file is written."""

from dataclasses import replace

from bank.ground.actors import OPERATOR
from bank.imports import import_items
from bank.items import Item
from integrity.similarity.foreseen import foresee
from integrity.similarity.verdict import Verdict
from integrity.similarity.watch import duplicates_among
from tests.factories import add, make_bank, make_items, make_reading
from web.house import House

HELD = make_items(6)
FILE = [
    replace(HELD[2], stem=f"12．{HELD[2].stem}"),
    *make_items(3, 20),
    make_items(1, 21)[0],
    replace(HELD[0], options=HELD[0].options[::-1], key="ABCD"[::-1]["ABCD".index(HELD[0].key)]),
    make_items(1, 40)[0],
]


def test_it_is_what_writing_finds(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, HELD)
        add(session, make_bank(session, "大冶市技工学校"), make_items(2, 40))
    heard: list[int] = []
    with house.reading() as session:
        foreseen = foresee(session, bank, FILE, heard.append)
    assert heard[-1] == len(FILE)
    with house.unit_of_work() as session:
        done = import_items(session, OPERATOR, session.merge(bank), make_reading(FILE))
        place_of = {one.item.id: place for place, one in enumerate(done.saved)}
        written = [
            (place_of[one.item], one.verdict, one.score, None if one.of in place_of else one.of, place_of.get(one.of))
            for one in duplicates_among(session, done.saved)
        ]
    assert [(one.place, one.verdict, one.score, one.item, one.earlier) for one in foreseen] == written
    assert [one.place for one in foreseen] == [0, 4, 5]
    assert foreseen[1].earlier == 2
    assert foreseen[1].verdict is Verdict.IDENTICAL


def test_one_mended_row_is_held_against_all_before_it(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, HELD)
    with house.reading() as session:
        (one,) = foresee(session, bank, FILE, only=[4])
        assert (one.place, one.earlier) == (4, 2)
        assert foresee(session, bank, FILE, only=[6]) == []


def test_a_former_wording_is_no_partner(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        saved = add(session, bank, HELD)
        session.get_one(Item, saved[2].item.id).version = 2
    with house.reading() as session:
        assert [one.place for one in foresee(session, bank, FILE)] == [4, 5]
