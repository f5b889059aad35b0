"""Histories: uses from sittings alone, numbers from results, leads of one bank that another's never show."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from bank.content import ItemType
from bank.ground.actors import OPERATOR
from bank.ground.clock import add_months
from bank.institutions import Bank
from bank.items import SavedVersion, revise_item
from papers.histories import ItemHistory, item_histories, leak_leads
from papers.results import Results, record_results
from papers.sittings import Sitting
from papers.statistics.items import ItemCount, OptionCount
from papers.statistics.judging import Flag
from papers.statistics.reliability import Reliability
from tests.factories import add, make_bank, make_items, use
from web.house import House

DAY = date(2025, 3, 1)
CANDIDATES = 60


def _count(right: int, key: str = "", n: int = CANDIDATES) -> ItemCount:
    options = {key: OptionCount(right, right * 0.6, right * 0.4)} if key else {}
    return ItemCount(n, n if key else 0, 0, float(right), float(right), 0.3, 16, 12, 6, options)


def _result(session: Session, sitting: Sitting, rights: list[int], n: int = CANDIDATES) -> None:
    whole = Reliability(n, 100, 60.0, 10.0, 0.8, n // 2)
    counts = tuple(_count(right, n=n) for right in rights)
    record_results(session, OPERATOR, sitting, Results(sitting.id, "wide", whole, counts, (), ()))


def _sat(session: Session, bank: Bank, saved: list[SavedVersion], rights: list[list[int]]) -> list[Sitting]:
    """One sitting every two months with these numbers of right answers."""
    made = []
    for at, row in enumerate(rights):
        sitting = use(session, bank, add_months(DAY, 2 * at), saved)
        _result(session, sitting, row)
        made.append(sitting)
    return made


def _by_item(found: list[ItemHistory]) -> dict[int, ItemHistory]:
    return {one.item.id: one for one in found}


def test_uses_are_known_without_results(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        saved = add(session, bank, make_items(5))
        use(session, bank, DAY, saved[:3])
        use(session, bank, add_months(DAY, 1), saved[1:4])
        found = _by_item(item_histories(session, bank))
        assert [len(found[one.item.id].uses) for one in saved[:4]] == [1, 2, 2, 1]
        assert saved[4].item.id not in found
        one = found[saved[1].item.id]
        assert (one.last_used, one.count, one.flags, one.suggested, one.series) == (
            add_months(DAY, 1),
            None,
            (),
            None,
            (),
        )
        assert [use.form[-2:] for use in one.uses] == ["-A", "-A"]


def test_numbers_pool_over_sittings_of_one_wording(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        saved = add(session, bank, make_items(2))
        _sat(session, bank, saved, [[30, 50], [36, 40]])
        one = _by_item(item_histories(session, bank))[saved[0].item.id]
        assert one.count is not None
        assert (one.count.n, one.count.p, one.suggested) == (120, 0.55, 3)
        assert [use.count.p for use in one.series if use.count] == [0.5, 0.6]
        changed = revise_item(session, OPERATOR, saved[0].item, make_items(1, start=20)[0])
        again = _by_item(item_histories(session, bank, saved[0].item.id))
        assert again[saved[0].item.id].count == one.count
        _result(session, use(session, bank, add_months(DAY, 8), [changed, saved[1]]), [60, 30])
        anew = _by_item(item_histories(session, bank))[saved[0].item.id]
        assert anew.count is not None
        assert (anew.version_id, anew.count.n, len(anew.series), len(anew.uses)) == (changed.version.id, 60, 1, 3)


def test_few_candidates_are_said_to_be_few(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        saved = add(session, bank, make_items(2))
        _result(session, use(session, bank, DAY, saved), [3, 29], n=29)
        found = item_histories(session, bank)
        assert {one.flags for one in found} == {(Flag.FEW,)}
        assert {one.suggested for one in found} == {None}


def test_the_writer_s_grade_is_held_against_the_numbers(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        saved = add(session, bank, make_items(2))
        saved[0].item.difficulty, saved[1].item.difficulty = 1, 3
        _sat(session, bank, saved, [[20, 30]])
        found = _by_item(item_histories(session, bank))
        assert found[saved[0].item.id].suggested == 4
        assert Flag.GRADE in found[saved[0].item.id].flags
        assert Flag.GRADE not in found[saved[1].item.id].flags


def test_the_key_that_is_beaten_is_known_by_the_key_of_that_wording(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        saved = [one for one in add(session, bank, make_items(6)) if one.content.type is ItemType.SINGLE][:1]
        sitting = use(session, bank, DAY, saved)
        key = saved[0].content.key
        other = next(letter for letter in "ABCD" if letter != key)
        options = {key: OptionCount(30, 9.0, 3.0), other: OptionCount(30, 24.0, 19.5)}
        count = replace(_count(30), told=60, options=options)
        whole = Reliability(60, 4, 2.0, 1.0, None, 30)
        record_results(session, OPERATOR, sitting, Results(sitting.id, "wide", whole, (count,), (), ()))
        [found] = item_histories(session, bank)
        assert (found.key, found.flags[0]) == (key, Flag.KEY_SUSPECT)


def _leaking(session: Session, name: str) -> tuple[Bank, list[SavedVersion]]:
    bank = make_bank(session, name=name)
    saved = add(session, bank, make_items(12))
    plain = [20 + 2 * at for at in range(12)]
    _sat(session, bank, saved, [plain, [one + 1 for one in plain], [57, *(one - 1 for one in plain[1:])]])
    return bank, saved


def test_a_leak_is_a_lead_of_its_own_bank(house: House) -> None:
    with house.unit_of_work() as session:
        bank, saved = _leaking(session, "黄石市面点学校")
        quiet = make_bank(session, name="大冶市面点学校")
        found = {one.item.id for one in item_histories(session, bank) if one.is_lead}
        assert found == {saved[0].item.id}
        [lead] = leak_leads(session, [quiet, bank])
        assert (lead.item_id, lead.bank.id, lead.day) == (saved[0].item.id, bank.id, add_months(DAY, 4))
        assert lead.drift.seen == 0.95
        assert lead.drift.expected < 0.5
        assert leak_leads(session, [quiet]) == []


def test_leads_of_a_use_without_results_point_to_the_one_that_has_them(house: House) -> None:
    with house.unit_of_work() as session:
        bank, saved = _leaking(session, "黄石市面点学校")
        use(session, bank, add_months(DAY, 9), saved, place="二号考场")
        [lead] = leak_leads(session, [bank])
        assert (lead.day, lead.place) == (add_months(DAY, 4), "一号考场")
