"""Article 6(5): six months, distinct items, point by point."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR
from bank.ground.clock import today
from bank.ground.policy import policy_on
from bank.institutions import Bank
from bank.items import Item, ItemStatus, ItemVersion, NewItem, Origin, add_items, revise_item
from bank.outlines import Importance, Outline, Point, Scope
from bank.readiness import BankState, Readiness, by_urgency, readiness
from bank.review import retire
from tests.factories import BAKER, add, make_bank, make_items
from web.house import House

POLICY = replace(policy_on(date(2026, 1, 1)), items_per_point=2, points_without_outline=5)
REQUIRED = 10
FILED = date(2026, 1, 15)
DEADLINE = date(2026, 7, 15)


def _outline(session: Session, *points: str) -> None:
    rows = [
        Point(position=n, code=code, name=f"鉴定点{code}", scope="A", importance=Importance.X)
        for n, code in enumerate(points)
    ]
    scope = Scope(position=0, code="A", name="A", grade=1, weight=None)
    session.add(Outline(occupation=BAKER, level=4, source="细目表.xlsx", scopes=[scope], points=rows))
    session.flush()


def _state(session: Session, bank: Bank, on: date | None = None) -> Readiness:
    return readiness(session, bank, POLICY, on or today())


def _written_on(session: Session, *days: date) -> None:
    items = session.scalars(sa.select(Item).order_by(Item.id)).all()
    for item, day in zip(items, days, strict=True):
        item.created_at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    session.flush()


@pytest.mark.parametrize(
    ("filed", "deadline"),
    [
        (date(2025, 8, 31), date(2026, 2, 28)),
        (date(2023, 8, 31), date(2024, 2, 29)),
        (date(2025, 12, 31), date(2026, 6, 30)),
        (FILED, DEADLINE),
    ],
)
def test_six_calendar_months_the_last_day_included(house: House, filed: date, deadline: date) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session, filed_on=filed)
        for day, left, state in (
            (deadline, 0, BankState.AT_RISK),
            (deadline + timedelta(days=1), -1, BankState.OVERDUE),
        ):
            found = _state(session, bank, day)
            assert (found.deadline, found.days_left, found.state) == (deadline, left, state)


def test_a_bank_of_copies_counts_once(house: House) -> None:
    first, second, third = make_items(3)
    dressed = [
        replace(first, stem=f"{number}．{first.stem}", options=first.options[::-1], key="DCBA"["ABCD".index(first.key)])
        for number in range(1, 7)
    ]
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, [first, second, *dressed, third, second])
        found = _state(session, bank)
        assert (found.rows, found.distinct_items, found.copies, found.effective_items) == (10, 3, 7, 3)
        assert found.state is not BankState.READY


def test_sixty_two_different_questions_are_sixty_two(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, make_items(62))
        found = _state(session, bank)
        assert (found.rows, found.distinct_items) == (62, 62)
        assert found.types == {ItemType.SINGLE: 42, ItemType.MULTIPLE: 3, ItemType.JUDGE: 17}


def test_only_approved_items_of_the_bank_count(house: House) -> None:
    contents = make_items(6)
    with house.unit_of_work() as session:
        bank = make_bank(session)
        approved = add(session, bank, contents[:2])
        add(session, bank, contents[2:3], status=ItemStatus.DRAFT)
        add(session, bank, contents[3:4], status=ItemStatus.SUBMITTED)
        add_items(session, OPERATOR, bank, [NewItem(contents[4])], status=ItemStatus.APPROVED, origin=Origin.PAPER)
        add(session, make_bank(session, level=3), contents[5:])
        retire(session, OPERATOR, [approved[0].item])
        found = _state(session, bank)
        assert (found.rows, found.distinct_items, found.drafts) == (1, 1, 2)


def test_point_by_point(house: House) -> None:
    contents = make_items(8)
    with house.unit_of_work() as session:
        bank = make_bank(session)
        _outline(session, "A-1", "A-2", "A-3", "A-4")
        add(session, bank, contents[:4], point="A-1")
        add(session, bank, contents[4:6], point="A-2")
        add(session, bank, contents[6:7], point="A-3")
        add(session, bank, [contents[7]], point="Z-9")
        found = _state(session, bank)
        assert (found.required, found.distinct_items, found.effective_items, found.coverage) == (8, 8, 5, 0.5)
        assert [(p.code, p.name, p.present, p.required) for p in found.missing_points] == [
            ("A-3", "鉴定点A-3", 1, 2),
            ("A-4", "鉴定点A-4", 0, 2),
        ]
        assert found.state is not BankState.READY
        add(session, bank, make_items(3, start=20), point="A-4")
        add(session, bank, make_items(1, start=30), point="A-3")
        assert (_state(session, bank).state, _state(session, bank).coverage) == (BankState.READY, 1)


def test_copies_do_not_fill_a_point_twice_but_may_place_a_question(house: House) -> None:
    first, second = make_items(2)
    with house.unit_of_work() as session:
        bank = make_bank(session)
        _outline(session, "A-1")
        add(session, bank, [first, first], point="A-1")
        add(session, bank, [second])
        assert _state(session, bank).missing_points[0].present == 1
        add(session, bank, [second], point="A-1")
        assert _state(session, bank).state is BankState.READY


def test_a_new_wording_leaves_the_count_until_it_is_approved(house: House) -> None:
    first, second = make_items(2)
    with house.unit_of_work() as session:
        bank = make_bank(session)
        item = add(session, bank, [first, second])[0].item
        revise_item(session, OPERATOR, item, replace(first, rationale="补充解析"))
        found = _state(session, bank)
        assert (found.distinct_items, found.drafts) == (1, 1)


def test_without_an_outline_the_policy_says_how_many(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, make_items(REQUIRED - 1))
        found = _state(session, bank)
        assert (found.required, found.coverage, found.missing_points) == (REQUIRED, None, ())
        add(session, bank, make_items(3, start=20))
        found = _state(session, bank)
        assert (found.state, found.effective_items, found.forecast) == (BankState.READY, REQUIRED, today())


def test_the_forecast_goes_by_the_pace_of_sixty_days(house: House) -> None:
    on = date(2026, 5, 1)
    with house.unit_of_work() as session:
        bank = make_bank(session)
        assert _state(session, bank, on).forecast is None
        add(session, bank, make_items(4))
        _written_on(session, *[on - timedelta(days=20)] * 4)
        # Four in twenty days, six to go: thirty days.
        assert _state(session, bank, on).forecast == on + timedelta(days=30)
        _written_on(session, *[on - timedelta(days=1)] * 4)
        # A single day's import is no pace: a week is the least that is reckoned with.
        assert _state(session, bank, on).forecast == on + timedelta(days=11)
        _written_on(session, *[on - timedelta(days=61)] * 4)
        assert _state(session, bank, on).forecast is None


@pytest.mark.parametrize(
    ("days_before", "pace", "state"),
    [
        (POLICY.risk_days + 1, False, BankState.BUILDING),
        (POLICY.risk_days, False, BankState.AT_RISK),
        (POLICY.risk_days, True, BankState.BUILDING),
        (POLICY.urgent_days + 1, True, BankState.BUILDING),
        (POLICY.urgent_days, True, BankState.AT_RISK),
    ],
)
def test_when_a_bank_is_at_risk(house: House, days_before: int, pace: bool, state: BankState) -> None:
    on = DEADLINE - timedelta(days=days_before)
    with house.unit_of_work() as session:
        bank = make_bank(session, filed_on=FILED)
        if pace:
            add(session, bank, make_items(9))
            _written_on(session, *[on] * 9)
        assert _state(session, bank, on).state is state


def test_another_value_is_another_question(house: House) -> None:
    """Templates are different questions: another value is another item."""
    frames = [
        ItemContent(ItemType.JUDGE, f"叉车在厂区道路上的行驶速度不得超过{speed}公里每小时。", (), "正确")
        for speed in (5, 15)
    ]
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, frames)
        assert _state(session, bank).distinct_items == 2


def _renewal_state(session: Session, bank: Bank, on: date) -> Readiness:
    return readiness(session, bank, replace(POLICY, points_without_outline=2, renewal_share=0.5), on)


def test_a_complete_bank_must_be_renewed(house: House) -> None:
    written = date(2026, 3, 1)
    with house.unit_of_work() as session:
        bank = make_bank(session, filed_on=FILED)
        saved = add(session, bank, make_items(4))
        _written_on(session, *[written] * 4)
        found = _renewal_state(session, bank, date(2027, 3, 1))
        assert (found.state, found.renewal.due, found.complete) == (BankState.READY, date(2027, 3, 1), True)
        found = _renewal_state(session, bank, date(2027, 3, 2))
        assert (found.state, found.renewal.lacking) == (BankState.RENEWAL_DUE, 2)
        for one, content in zip(saved[:2], make_items(2), strict=True):
            revise_item(session, OPERATOR, one.item, replace(content, rationale="按新标准修订"))
            one.item.status = ItemStatus.APPROVED
            one.version.item.created_at = datetime(2026, 3, 1, 4, tzinfo=UTC)
        _worded_on(session, date(2027, 2, 1), version=2)
        assert _renewal_state(session, bank, date(2027, 3, 2)).state is BankState.READY


def _worded_on(session: Session, day: date, version: int) -> None:
    session.flush()
    moment = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    session.execute(sa.update(ItemVersion).where(ItemVersion.number == version).values(created_at=moment))
    session.expire_all()


def test_a_copy_of_an_old_question_renews_nothing(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session, filed_on=FILED)
        (old,) = add(session, bank, make_items(1))
        _written_on(session, date(2024, 3, 1))
        retire(session, OPERATOR, [old.item])
        add(session, bank, make_items(1))
        found = readiness(session, bank, POLICY, date(2026, 5, 1))
        assert (found.distinct_items, found.renewal.renewed) == (1, 0)


def test_what_is_not_filled_in_is_counted_beside_the_text(house: House) -> None:
    contents = make_items(5)
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, contents[:1])
        assert _state(session, bank).placing.orphans == 0
        _outline(session, "A-1")
        add(session, bank, contents[1:2], point="A-1")
        add(session, bank, contents[2:4], point="Z-9")
        found = _state(session, bank).placing
        assert (found.orphans, found.without_difficulty) == (3, 4)


def test_scopes_and_orders_come_from_the_outline(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        _outline(session, "A-1", "A-2")
        add(session, bank, make_items(3), point="A-1")
        found = _state(session, bank)
        assert [(one.code, one.present, one.required) for one in found.scopes] == [("A", 2, 4)]
        assert [(one.point, one.missing) for one in found.work_orders] == [("A-2", 2)]
        assert found.pace.added == 2, "what a point does not need is no progress"


def test_the_most_urgent_first(house: House) -> None:
    with house.unit_of_work() as session:
        late = make_bank(session, filed_on=date(2025, 1, 1), level=5)
        early = make_bank(session, filed_on=date(2024, 1, 1), level=3)
        fresh = make_bank(session, filed_on=date(2026, 4, 25))
        states = [readiness(session, one, POLICY, date(2026, 5, 1)) for one in (fresh, late, early)]
        assert [one.bank.id for one in by_urgency(states)] == [early.id, late.id, fresh.id]
