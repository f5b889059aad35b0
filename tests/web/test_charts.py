"""The heat map and the bars: every pair once, the alike ones in their colour, figures from the certificate."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bank.ground.policy import policy_on
from bank.readiness import Readiness, readiness
from integrity.audits.reuse import Asked, PaperVerdict, ReuseAudit, SharedItem, Use, UsePair
from tests.factories import add, make_bank, make_items
from web.charts import (
    GROWTH_HEIGHT,
    GROWTH_TOP,
    GROWTH_WIDTH,
    MOST_PAPERS,
    TINTS,
    VERDICT_COLORS,
    growth_of,
    heat_maps,
    is_past,
    overlap_of,
)
from web.house import House


def _use(number: int, occupation: str = "6-31-01-03") -> Use:
    return Use(number, f"P{number}-A", 1, "机构", occupation, 4, date(2026, 1, 1) + timedelta(days=number))


def _pair(earlier: Use, later: Use, share: float, verdict: PaperVerdict) -> UsePair:
    shared = SharedItem(Asked(1, 1, 1, 1, 2), Asked(1, 1, 1, 1, 2))
    return UsePair(earlier, later, (later.day - earlier.day).days, share, verdict, (shared,))


def test_every_pair_has_one_cell_and_its_colour() -> None:
    uses = [_use(number) for number in range(4)]
    alike = _pair(uses[0], uses[3], 0.9, PaperVerdict.ALIKE)
    found = heat_maps(ReuseAudit(tuple(uses), 6, (alike, _pair(uses[1], uses[2], 0.12, PaperVerdict.UNLIKE))))
    assert len(found) == 1
    cells = found[0].cells
    assert len({(cell.x, cell.y) for cell in cells}) == len(cells) == 6
    red = [cell for cell in cells if cell.color == VERDICT_COLORS[PaperVerdict.ALIKE]]
    assert [(cell.earlier, cell.later) for cell in red] == [("P0-A", "P3-A")]
    assert [cell.color for cell in cells if cell.earlier == "P1-A" and cell.later == "P2-A"] == [TINTS[1]]


def test_occupations_have_maps_of_their_own_the_worst_first() -> None:
    electric = [_use(number) for number in range(2)]
    welding = [_use(number, "6-18-02-04") for number in range(10, 12)]
    alike = _pair(welding[0], welding[1], 0.9, PaperVerdict.ALIKE)
    found = heat_maps(ReuseAudit((*electric, *welding), 2, (alike,)))
    assert [one.title for one in found] == ["焊工 · 四级/中级工", "电工 · 四级/中级工"]


def test_many_papers_are_cut_to_the_most_alike() -> None:
    uses = [_use(number) for number in range(MOST_PAPERS + 20)]
    alike = _pair(uses[1], uses[-1], 0.9, PaperVerdict.ALIKE)
    found = heat_maps(ReuseAudit(tuple(uses), 1, (alike,)))[0]
    assert len(found.uses) == MOST_PAPERS
    assert found.left_out == 20
    assert uses[1] in found.uses
    assert uses[-1] in found.uses


def test_a_single_use_has_no_map() -> None:
    assert heat_maps(ReuseAudit((_use(1),), 0, ())) == []


LINES = [
    {"constraint": "满分", "required": "100 分", "actual": ["100 分", "100 分"], "ok": True},
    {
        "constraint": "与往卷 P1-A（2026-01-01）重复分值",
        "required": "≤ 10%",
        "actual": ["8%", "0%"],
        "slack": 2,
        "ok": True,
    },
    {
        "constraint": "与往卷 P2-A（2026-02-01）重复分值",
        "required": "≤ 10%",
        "actual": ["2.5%", "7%"],
        "slack": 3,
        "ok": True,
    },
]


def test_the_bars_say_what_the_certificate_says() -> None:
    found = overlap_of(LINES, 10, 12)
    assert found is not None
    assert found.worst == (8, 7)
    assert [(bar.label, bar.value) for bar in found.bars] == [("P1-A（2026-01-01）", 8), ("P2-A（2026-02-01）", 7)]
    assert found.bars[0].height > found.bars[1].height
    assert [is_past(line) for line in LINES] == [False, True, True]


def test_a_first_paper_has_no_bars() -> None:
    assert overlap_of(LINES[:1], 10, 12) is None


def test_the_real_certificate_is_recognised() -> None:
    from bank.content import ItemType
    from papers.assembly.blueprints import Blueprint, Section
    from papers.assembly.candidates import Candidate, PastPaper
    from papers.assembly.certificate import certify
    from papers.assembly.outcome import Request

    one = Candidate(1, 1, ItemType.JUDGE, 7, None, (), None, None)
    plan = Blueprint("x", (Section(ItemType.JUDGE, 1, 2),))
    request = Request(plan, (one,), (PastPaper("P9-A", date(2026, 1, 1), frozenset({7})),), 100, 1, b"0" * 16)
    lines = [
        {"constraint": line.constraint, "actual": line.actual, "ok": line.ok} for line in certify(request, [[one]])
    ]
    found = overlap_of(lines, 100, 12)
    assert found is not None
    assert found.worst == (100,)


ON = date(2026, 5, 1)
POLICY = replace(policy_on(ON), items_per_point=2, points_without_outline=5)


def _grown(house: House, count: int, *ago: int, on: date = ON) -> Readiness:
    with house.unit_of_work() as session:
        bank = make_bank(session, filed_on=date(2026, 1, 15))
        for saved, days in zip(add(session, bank, make_items(count)), ago, strict=True):
            saved.item.created_at = datetime(on.year, on.month, on.day, 4, tzinfo=UTC) - timedelta(days=days)
        session.flush()
        return readiness(session, bank, POLICY, on)


def _places(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (place.split(",") for place in points.split())]


def test_a_bank_grows_from_its_filing_to_the_goal(house: House) -> None:
    found = growth_of(_grown(house, 5, 60, 40, 40, 20, 5), ON)
    line, (start, goal) = _places(found.line), _places(found.ahead)
    assert line[0] == (0, GROWTH_HEIGHT)
    assert [x for x, _ in line] == sorted(x for x, _ in line)
    assert [y for _, y in line] == sorted((y for _, y in line), reverse=True)
    assert line[-1] == start
    assert goal[1] == GROWTH_TOP
    now, near, _, far = _places(found.wedge)
    assert now[0] <= near[0] <= goal[0] <= far[0] <= GROWTH_WIDTH
    assert 0 < found.deadline_x <= GROWTH_WIDTH


def test_nothing_is_drawn_ahead_that_nobody_can_foretell(house: House) -> None:
    stalled = growth_of(_grown(house, 2, 100, 90), ON)
    assert (stalled.wedge, stalled.ahead) == ("", "")


def test_a_complete_bank_has_no_forecast(house: House) -> None:
    done = growth_of(_grown(house, 10, *range(10)), ON)
    assert (done.wedge, done.ahead) == ("", "")
    assert _places(done.line)[-1][1] == GROWTH_TOP


def test_a_far_forecast_leaves_the_drawing_on_its_side(house: House) -> None:
    found = growth_of(_grown(house, 1, 59), ON)
    assert max(x for x, _ in _places(found.wedge)) <= GROWTH_WIDTH
    assert min(y for _, y in _places(found.wedge)) >= GROWTH_TOP
    assert found.last <= max(ON, date(2026, 7, 15)) + timedelta(days=240)
