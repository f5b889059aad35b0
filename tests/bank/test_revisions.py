"""A revised outline takes the items along: planned first, then in one transaction, with nothing lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bank.assignments import Assignment, Plan
from bank.exchange.outline.files import OutlineReading, ScopeRow
from bank.exchange.outline.rows import PointRow
from bank.ground.actors import OPERATOR, Role
from bank.ground.clock import today
from bank.ground.errors import BadInput
from bank.ground.policy import policy_on
from bank.imports import import_items
from bank.institutions import Bank
from bank.items import Item
from bank.ledger.log import entries
from bank.outlines import Importance, Outline, outline_view
from bank.revisions import Fate, Revision, complete, import_outline, items_of_points, outline_warnings, plan_revision
from tests.factories import BAKER, add, make_bank, make_items, make_person, make_reading
from web.house import House

OLD = {"A-A-001": "水油面的软硬", "A-A-002": "开酥的温度", "A-B-001": "发酵的时间"}
NEW = {"A-A-001": "水油面的软硬", "A-A-002": "叠酥的次数", "A-A-003": "开酥的温度"}


def reading(points: dict[str, str], weight: int = 5000) -> OutlineReading:
    codes = sorted({code.rpartition("-")[0] for code in points} | {"A"})
    scopes = tuple(ScopeRow(code, f"范围{code}", code.count("-") + 1, weight) for code in codes)
    rows = (PointRow(code, name, code.rpartition("-")[0], Importance.X) for code, name in points.items())
    return OutlineReading(scopes, tuple(rows), (), ())


def bring(session: Session, points: dict[str, str], owner: int | None = None, apart: tuple[str, ...] = ()) -> Revision:
    return import_outline(
        session,
        OPERATOR,
        reading(points),
        occupation=BAKER,
        level=4,
        source="细目表.xlsx",
        institution_id=owner,
        apart=apart,
    )


def hang(session: Session, bank: Bank, *points: str) -> None:
    for content, point in zip(make_items(len(points)), points, strict=True):
        add(session, bank, [content], point=point)


def fates(revision: Revision) -> dict[str, tuple[Fate, str | None, int]]:
    return {one.key: (one.fate, one.new_code, one.items) for one in revision.plan.fates}


@pytest.mark.parametrize("place", ["house", "postgres_house"])
def test_items_follow_their_points_and_orphans_stay_by_name(place: str, request: pytest.FixtureRequest) -> None:
    house: House = request.getfixturevalue(place)
    with house.unit_of_work() as session:
        bank = make_bank(session)
        bring(session, OLD)
        hang(session, bank, "A-A-001", "A-A-002", "A-A-002", "A-B-001")
        plan = plan_revision(session, reading(NEW), occupation=BAKER, level=4)
        assert items_of_points(session, bank) == {"A-A-001": 1, "A-A-002": 2, "A-B-001": 1}
        done = bring(session, NEW)
        assert done.plan == plan
        assert fates(done) == {
            "A-A-001": (Fate.KEPT, "A-A-001", 1),
            "A-A-002": (Fate.MOVED, "A-A-003", 2),
            "A-B-001": (Fate.ORPHANED, None, 1),
        }
        assert [point.code for point in plan.added] == ["A-A-002"]
        assert items_of_points(session, bank) == {"A-A-001": 1, "A-A-003": 2, "发酵的时间": 1}
        (moved,) = entries(session, kinds=["outline.move_items"])
        assert moved.body == {"outline": done.outline.id, "bank": bank.id, "items": [2, 3, 4], "assignments": []}
        assert (done.outline.version, done.outline.made_by) == (2, "operator")


def test_an_orphan_finds_its_point_again_in_a_later_version(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        bring(session, OLD)
        hang(session, bank, "A-B-001")
        bring(session, NEW)
        assert items_of_points(session, bank) == {"发酵的时间": 1}
        assert fates(bring(session, OLD))["发酵的时间"] == (Fate.PLACED, "A-B-001", 1)
        assert items_of_points(session, bank) == {"A-B-001": 1}


def test_an_orphan_under_a_code_that_means_another_point_now_is_not_counted_there(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        bring(session, {"A-A-001": "水油面的软硬", "A-A-002": "开酥的温度"})
        hang(session, bank, "A-A-001", "A-A-002")
        bring(session, {"A-A-001": "开酥的温度"})
        assert items_of_points(session, bank) == {"水油面的软硬": 1, "A-A-001": 1}
        assert session.get_one(Item, 2).point == "A-A-001"


def test_points_given_by_name_before_the_outline_get_their_codes(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        given = ["开酥的温度", "A-A-001 水油面的软硬", "A-B-001", "发酵时间", "馅料的咸淡"]
        for content, point in zip(make_items(5), given, strict=True):
            import_items(session, OPERATOR, bank, make_reading([content], point=point))
        assert set(items_of_points(session, bank)) == set(given)
        done = bring(session, OLD)
        assert items_of_points(session, bank) == {"A-A-001": 1, "A-A-002": 1, "A-B-001": 2, "馅料的咸淡": 1}
        assert [one.key for one in done.plan.fates if one.doubtful] == ["发酵时间"]


def test_what_is_still_to_be_written_moves_along(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        writer = make_person(session, bank, "wang", Role.WRITER)
        bring(session, OLD)
        plan = Plan(bank_id=bank.id, title="补题", due_on=today(), made_by="li")
        session.add(plan)
        session.flush()
        for point in ("A-A-002", None):
            session.add(Assignment(plan_id=plan.id, writer_id=writer.user_id, point=point, type=None, count=2))
        session.flush()
        bring(session, NEW)
        assert [task.point for task in session.query(Assignment).order_by(Assignment.id)] == ["A-A-003", None]
        (moved,) = entries(session, kinds=["outline.move_items"])
        assert (moved.body["items"], moved.body["assignments"]) == ([], [1])


def test_codes_that_change_places_are_changed_at_once(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        bring(session, OLD)
        hang(session, bank, "A-A-001", "A-A-002", "A-A-002")
        bring(session, {"A-A-001": OLD["A-A-002"], "A-A-002": OLD["A-A-001"]})
        assert items_of_points(session, bank) == {"A-A-001": 2, "A-A-002": 1}


def test_what_a_person_sets_apart_becomes_an_orphan(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        bring(session, {"A-A-001": "水油面的软硬"})
        hang(session, bank, "A-A-001")
        done = bring(session, {"A-A-001": "馅料的咸淡"}, apart=("A-A-001",))
        assert fates(done) == {"A-A-001": (Fate.ORPHANED, None, 1)}
        assert [point.code for point in done.plan.added] == ["A-A-001"]
        assert items_of_points(session, bank) == {"水油面的软硬": 1}


def test_an_own_outline_moves_own_items_and_shared_ones_leave_it_alone(house: House) -> None:
    with house.unit_of_work() as session:
        bank, rival = make_bank(session), make_bank(session, "大冶面点学校")
        bring(session, OLD)
        hang(session, bank, "A-A-002")
        for content in make_items(1, 5):
            add(session, rival, [content], point="A-A-002")
        bring(session, NEW, owner=bank.institution_id)
        assert (items_of_points(session, bank), items_of_points(session, rival)) == ({"A-A-003": 1}, {"A-A-002": 1})
        assert bring(session, {"A-A-009": "开酥的温度"}).plan.items(Fate.MOVED) == 1
        assert (items_of_points(session, bank), items_of_points(session, rival)) == ({"A-A-003": 1}, {"A-A-009": 1})


def test_weights_alone_make_a_version_with_the_same_points(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        bring(session, OLD)
        scopes = (ScopeRow("A", "A", 1, 7000), ScopeRow("Z", "Z", 1, 3000))
        weights = OutlineReading(scopes, (), (), ())
        done = import_outline(session, OPERATOR, weights, occupation=BAKER, level=4, source="规则.xlsx")
        assert done.plan.weights == (("A", 5000, 7000),)
        view = outline_view(session, BAKER, 4, bank.institution_id)
        assert view is not None
        assert {code: point.name for code, point in view.points.items()} == OLD
        whole = complete(weights, view, "规则.xlsx")
        assert "范围代码 Z 不在现有细目表里" in outline_warnings(whole, policy_on(today()))[0]
        with pytest.raises(BadInput, match="都不在现有细目表里"):
            complete(OutlineReading(scopes[1:], (), (), ()), view, "规则.xlsx")


@pytest.mark.parametrize(
    ("points", "sentence"),
    [({}, "只有鉴定范围和比重，没有鉴定点"), ({"A-B-C-D-E-F-G-001": "过深"}, "超过 6 级")],
)
def test_what_no_outline_can_hold_writes_nothing(house: House, points: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence), house.unit_of_work() as session:
        bring(session, points)
    with house.reading() as session:
        assert session.query(Outline).count() == 0


CODES = [f"A-{letter}-00{n}" for letter in "AB" for n in range(1, 5)]
NAMES = ["水油面的软硬", "水油面软硬", "开酥的温度", "发酵的时间", "发酵时间", "馅料的咸淡", "36℃醒发", "32℃醒发"]
POINTS = st.dictionaries(st.sampled_from(CODES), st.sampled_from(NAMES), min_size=1)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(POINTS, min_size=1, max_size=4), st.lists(st.sampled_from([*CODES, *NAMES]), max_size=8))
def test_through_any_revisions_no_item_is_lost_and_each_stands_where_the_plan_says(
    house: House, versions: list[dict[str, str]], hung: list[str]
) -> None:
    with house.unit_of_work() as session, session.begin_nested() as savepoint:
        bank = make_bank(session)
        hang(session, bank, *hung)
        for points in versions:
            before = items_of_points(session, bank)
            done = bring(session, points)
            after = items_of_points(session, bank)
            wanted: dict[str, int] = {}
            for one in done.plan.fates:
                if one.items:
                    place = one.new_code or one.name
                    wanted[place] = wanted.get(place, 0) + one.items
            assert after == wanted
            assert sum(after.values()) == sum(before.values()) == len(hung)
            arrived = {one.new_code for one in done.plan.fates} - {None}
            assert arrived <= points.keys()
            assert {point.code for point in done.plan.added} == points.keys() - {
                one.new_code for one in done.plan.fates if one.code
            }
        savepoint.rollback()
