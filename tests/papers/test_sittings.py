"""Sittings: what is recorded, what is refused, and what the twelve-month rule reads from them (Article 14(4))."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.ground.actors import OPERATOR
from bank.ground.clock import add_months, today
from bank.ground.errors import BadInput, Refused
from bank.institutions import Bank
from bank.items import SavedVersion, revise_item
from bank.ledger.log import entries
from papers.intake import take_in
from papers.papers import Form, Paper
from papers.sittings import AskedItem, Sitting, record_sitting, used_forms, void_paper
from tests.factories import BAKER, ELECTRICIAN, TWO_MARKS, add, make_bank, make_items, make_paper, make_reading, use
from web.house import House

DAY = date(2026, 3, 1)


def _paper(session: Session, day: date = DAY, count: int = 4) -> tuple[Bank, Paper, list[SavedVersion]]:
    bank = make_bank(session)
    saved = add(session, bank, make_items(count))
    return bank, make_paper(session, bank, day, saved), saved


def _record(session: Session, form: Form, **change: Any) -> Sitting:
    plain = {"held_on": today(), "place": "一号考场", "candidates": 30, "ineligible": 1}
    return record_sitting(session, OPERATOR, form, **{**plain, **change})


def test_only_now_do_rows_name_what_was_asked(house: House) -> None:
    with house.unit_of_work() as session:
        _, paper, saved = _paper(session)
        assert session.scalar(sa.select(sa.func.count()).select_from(AskedItem)) == 0
        made = _record(session, paper.forms[0], place="  一号考场 ")
        rows = session.scalars(sa.select(AskedItem).order_by(AskedItem.position)).all()
        assert [(row.sitting_id, row.position, row.item_id, row.version_id, row.marks) for row in rows] == [
            (made.id, at, one.item.id, one.version.id, TWO_MARKS) for at, one in enumerate(saved, start=1)
        ]
        assert (made.place, made.candidates, made.ineligible, made.recorded_by) == ("一号考场", 30, 1, "operator")
        [entry] = entries(session, kinds=["sitting.record"])
        assert entry.body == {
            "sitting": made.id,
            "paper": paper.number,
            "form": "A",
            "held_on": today().isoformat(),
        }


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"held_on": today() + timedelta(days=1)}, "在今天之后"),
        ({"place": " \u3000"}, "请写明考点名称"),
        ({"place": "场" * 129}, "不超过 128 字"),
        ({"candidates": -1}, "人数不对：考生 -1 人"),
        ({"candidates": 3, "ineligible": 4}, "考生 3 人，其中不符合条件 4 人"),
        ({"ineligible": -1}, "人数不对"),
    ],
)
def test_what_cannot_have_been_is_refused(house: House, change: dict[str, Any], sentence: str) -> None:
    with house.unit_of_work() as session:
        _, paper, _ = _paper(session)
        with pytest.raises(BadInput, match=sentence):
            _record(session, paper.forms[0], **change)
        assert session.scalar(sa.select(sa.func.count()).select_from(Sitting)) == 0


def test_a_day_before_the_paper_was_made_is_refused(house: House) -> None:
    with house.unit_of_work() as session:
        _, paper, _ = _paper(session, today() + timedelta(days=9))
        with pytest.raises(BadInput, match=f"早于组卷日期 {today()}"):
            _record(session, paper.forms[0], held_on=today() - timedelta(days=1))
        assert _record(session, paper.forms[0]).id


def test_the_same_sitting_twice_is_refused_but_not_another_place_or_day(house: House) -> None:
    with house.unit_of_work() as session:
        _, paper, _ = _paper(session)
        _record(session, paper.forms[0])
        with pytest.raises(BadInput, match="已经登记过；同日另有场次请在地点后注明"):
            _record(session, paper.forms[0], candidates=31)
        _record(session, paper.forms[0], place="一号考场（下午）")
        _record(session, paper.forms[0], held_on=today() - timedelta(days=1))
        assert session.scalar(sa.select(sa.func.count()).select_from(Sitting)) == 3


def test_a_used_paper_is_not_voided_and_a_void_one_not_used(house: House) -> None:
    with house.unit_of_work() as session:
        bank, paper, saved = _paper(session)
        spare = make_paper(session, bank, DAY, saved)
        _record(session, paper.forms[0])
        with pytest.raises(Refused, match="已经用过，不能作废"):
            void_paper(session, OPERATOR, paper)
        void_paper(session, OPERATOR, spare)
        void_paper(session, OPERATOR, spare)
        with pytest.raises(Refused, match=f"试卷 {spare.number} 已作废"):
            _record(session, spare.forms[0])
        assert [entry.body for entry in entries(session, kinds=["paper.void"])] == [{"paper": spare.number}]


def test_used_forms_by_cluster_and_day(house: House) -> None:
    with house.unit_of_work() as session:
        bank, _, saved = _paper(session)
        use(session, bank, DAY, saved[:2])
        use(session, bank, add_months(DAY, 3), saved[1:3])
        found = [one for one in used_forms(session, bank, DAY, 12) if "未使用" not in one.label]
        clusters = [one.version.cluster_id for one in saved]
        assert [(one.day, one.marks) for one in found] == [
            (DAY, dict.fromkeys(clusters[:2], TWO_MARKS)),
            (add_months(DAY, 3), dict.fromkeys(clusters[1:3], TWO_MARKS)),
        ]


def test_two_rooms_on_one_day_are_one_use_and_a_later_day_another(house: House) -> None:
    with house.unit_of_work() as session:
        bank, paper, saved = _paper(session)
        for day, place in ((DAY, "一"), (DAY, "二"), (add_months(DAY, 1), "一")):
            _record(session, paper.forms[0], held_on=day, place=place)
        found = used_forms(session, bank, DAY, 12)
        assert [(one.form_id, one.day) for one in found] == [
            (paper.forms[0].id, DAY),
            (paper.forms[0].id, add_months(DAY, 1)),
        ]
        # Two rooms double the marks of every question alike, so shares stay what they are.
        assert len(set(found[0].marks.values())) == 1
        assert len(found[0].marks) == len(saved)


@pytest.mark.parametrize(("months", "inside"), [(12, True), (11, False), (-12, True), (-13, False)])
def test_the_window_reaches_to_its_last_day_on_both_sides(house: House, months: int, inside: bool) -> None:
    limit = 12 if abs(months) != 11 else 10
    with house.unit_of_work() as session:
        bank = make_bank(session)
        use(session, bank, DAY, add(session, bank, make_items(2)))
        around = add_months(DAY, months)
        assert bool(used_forms(session, bank, around, limit)) is inside
        assert used_forms(session, bank, add_months(DAY, limit) + timedelta(days=1), limit) == []


def test_papers_kept_ready_count_until_they_are_void_or_replaced(house: House) -> None:
    with house.unit_of_work() as session:
        bank, paper, saved = _paper(session)
        [ready] = used_forms(session, bank, DAY, 12)
        assert (ready.label, ready.day) == (f"{paper.number}-A（未使用）", DAY)
        assert ready.marks == {one.version.cluster_id: TWO_MARKS for one in saved}
        assert used_forms(session, bank, DAY, 12, instead_of=paper.id) == []
        void_paper(session, OPERATOR, paper)
        assert used_forms(session, bank, DAY, 12) == []


def test_other_levels_of_the_occupation_count_other_occupations_and_bodies_do_not(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session, level=4)
        other_level = make_bank(session, level=3)
        other_trade = make_bank(session, occupation=ELECTRICIAN)
        other_body = make_bank(session, name="大冶市面点学校", occupation=BAKER)
        for at, place in enumerate((other_level, other_trade, other_body)):
            use(session, place, DAY, add(session, place, make_items(2, start=2 * at)))
        assert [len(used_forms(session, one, DAY, 12)) for one in (bank, other_level, other_trade, other_body)] == [
            1,
            1,
            1,
            1,
        ]


def test_a_revised_item_stays_what_was_asked(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        saved = add(session, bank, make_items(2))
        use(session, bank, DAY, saved)
        asked = used_forms(session, bank, DAY, 12)
        revise_item(session, OPERATOR, saved[0].item, make_items(1, start=20)[0])
        assert used_forms(session, bank, DAY, 12) == asked


def test_a_paper_made_elsewhere_may_be_of_any_past_day(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        take_in(session, OPERATOR, bank, make_reading(make_items(3)), used_on=date(2024, 5, 1), place="二中")
        assert [one.day for one in used_forms(session, bank, date(2024, 6, 1), 12)] == [date(2024, 5, 1)]
