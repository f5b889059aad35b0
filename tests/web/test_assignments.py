"""Work shared out on the pages: by the organizer alone, seen by each writer for the own part, overdue marked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bank.assignments import Assignment, Plan
from bank.exchange.outline.files import read_outline
from bank.ground.actors import OPERATOR
from bank.ground.clock import today
from bank.items import ItemStatus
from bank.ledger.log import entries
from bank.revisions import import_outline
from tests.web.cast import ELECTRICIAN, Browser, Stock, make_question
from web.demo.files import demo_outline, outline_xlsx
from web.house import House

SOON = (today() + timedelta(days=10)).isoformat()


@pytest.fixture
def point(house: House) -> str:
    """The first point of the electrician's outline, which is made for it."""
    reading = read_outline("细目表.xlsx", outline_xlsx(demo_outline("electrician_4")))
    with house.unit_of_work() as session:
        made = import_outline(session, OPERATOR, reading, occupation=ELECTRICIAN, level=4, source="细目表.xlsx")
        return made.outline.points[0].code


def _given(house: House) -> list[tuple[int, str | None, int]]:
    with house.reading() as session:
        rows = session.scalars(sa.select(Assignment).order_by(Assignment.id))
        return [(row.writer_id, row.point, row.count) for row in rows]


def test_one_task_from_the_board_to_the_desk(
    li: Browser, wang: Browser, stock: Stock, house: House, point: str
) -> None:
    writer = stock.actor("wang").user_id
    task = {"bank": stock.bank_id(), "writer": writer, "point": point, "type": "single", "count": "3", "due": SOON}
    assert li.post("/assignments", task).status_code == 302
    assert _given(house) == [(writer, point, 3)]
    desk = wang.get("/writing").text
    assert "3 道单项选择题" in desk
    assert SOON in desk
    assert f"point={point}" in desk
    stock.items("wang", make_question(0), status=ItemStatus.SUBMITTED, point=point)
    assert "交出 1 / 3" in wang.get("/writing").text
    board = li.get("/assignments").text
    assert "老王" in board
    assert "1 / 3" in board


def test_missing_points_become_tasks_in_one_go(li: Browser, stock: Stock, house: House, point: str) -> None:
    page = li.get("/assignments").text
    assert f'value="{point}"' in page
    people = [stock.actor(login).user_id for login in ("wang", "zhao")]
    form = {"bank": stock.bank_id(), "share": "1", "point": [point], "writer": people, "due": SOON}
    assert li.post("/assignments", form).status_code == 302
    given = _given(house)
    assert {one[1] for one in given} == {point}
    assert sum(one[2] for one in given) == house.policy().items_per_point
    again = li.post("/assignments", form)
    assert again.status_code == 422
    assert "没有要分派" in again.text
    with house.reading() as session:
        assert len(list(entries(session, kinds=["assignment.add"], actor="li"))) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"due": ""}, "截止日期"),
        ({"due": "2020-01-01"}, "已过"),
        ({"count": "0"}, "1 到"),
        ({"count": "many"}, "1 到"),
        ({"writer": "999"}, "选一位命题人"),
        ({"point": "Z-9"}, "没有鉴定点"),
        ({"share": "1", "point": ""}, "没有要分派"),
    ],
)
def test_what_cannot_be_given_is_said_on_the_page(
    li: Browser, stock: Stock, house: House, point: str, change: dict[str, str], told: str
) -> None:
    task = {"bank": stock.bank_id(), "writer": stock.actor("wang").user_id, "count": "3", "due": SOON, **change}
    answer = li.post("/assignments", task)
    assert answer.status_code == 422
    assert told in answer.text
    assert _given(house) == []


def test_overdue_is_marked_on_board_and_desk(li: Browser, wang: Browser, stock: Stock, house: House) -> None:
    task = {"bank": stock.bank_id(), "writer": stock.actor("wang").user_id, "count": "1", "due": SOON}
    li.post("/assignments", task)
    with house.unit_of_work() as session:
        session.scalars(sa.select(Plan)).one().due_on = today() - timedelta(days=2)
    for page in (li.get("/assignments").text, wang.get("/writing").text):
        assert "逾期 2 天" in page
        assert "1 项任务逾期" in page


def test_a_task_is_taken_back(li: Browser, wang: Browser, stock: Stock) -> None:
    li.post("/assignments", {"bank": stock.bank_id(), "writer": stock.actor("wang").user_id, "count": "1", "due": SOON})
    assert li.post("/assignments/1/withdraw").status_code == 302
    assert "我的任务" not in wang.get("/writing").text
    assert li.post("/assignments/1/withdraw").status_code == 400


def test_other_institutions_tasks_are_not_there(
    li: Browser, stock: Stock, as_user: Callable[[str], Browser], house: House
) -> None:
    writer = stock.actor("wang").user_id
    task = {"bank": stock.bank_id(), "writer": writer, "count": "1", "due": SOON}
    li.post("/assignments", task)
    foreign = as_user("wai_li")
    for answer in (
        foreign.post("/assignments", task),
        foreign.post("/assignments/1/withdraw"),
        foreign.get(f"/assignments?bank={stock.bank_id()}"),
        foreign.get(f"/process?bank={stock.bank_id()}"),
        foreign.post("/process", {"bank": stock.bank_id(), "step": "release", "act": "open"}),
    ):
        assert answer.status_code == 404
    own = {**task, "bank": stock.bank_id("wai")}
    assert "选一位命题人" in foreign.post("/assignments", own).text
    assert len(_given(house)) == 1


def test_a_writer_sees_only_the_own_part_once_work_is_shared_out(
    li: Browser, wang: Browser, stock: Stock, shen: Browser
) -> None:
    mine, theirs = stock.items("wang", make_question(0))[0], stock.items("zhao", make_question(3))[0]
    secret = make_question(3).stem[:10]
    assert secret in wang.get("/items").text
    li.post("/assignments", {"bank": stock.bank_id(), "writer": stock.actor("zhao").user_id, "count": "1", "due": SOON})
    listed = wang.get("/items").text
    assert f'href="/items/{mine}"' in listed
    assert secret not in listed
    assert "只看到自己写的题" in listed
    for answer in (
        wang.get(f"/items/{theirs}"),
        wang.get(f"/items/{theirs}/edit"),
        wang.post(f"/items/{theirs}/edit", {"type": "judge", "stem": "改掉它。", "judge": "正确"}),
        wang.get(f"/items?point=&q={theirs}"),
    ):
        assert secret not in answer.text
    assert wang.get(f"/items/{theirs}").status_code == 404
    assert wang.get(f"/items/{mine}").status_code == 200
    assert shen.get(f"/review/{theirs}").status_code == 404


def test_steps_are_opened_closed_and_shown(li: Browser, shen: Browser, wang: Browser, stock: Stock) -> None:
    bank = stock.bank_id()
    assert shen.post("/process", {"bank": bank, "step": "review", "act": "open"}).status_code == 302
    page = shen.get("/process").text
    assert "审核试题进行中" in page
    assert "4.5 审核修订试题" in page
    assert (
        shen.post("/process", {"bank": bank, "step": "review", "act": "close", "note": "退回两题"}).status_code == 302
    )
    assert "退回两题" in li.get("/process").text
    assert shen.post("/process", {"bank": bank, "step": "release", "act": "open"}).status_code == 403
    assert shen.post("/process", {"bank": bank, "step": "party", "act": "open"}).status_code == 400
    row = wang.get("/items").text
    assert "命题环节" in row
    assert "退回两题" not in row


def test_reviewers_do_not_see_who_writes_what(shen: Browser, li: Browser, stock: Stock) -> None:
    li.post("/assignments", {"bank": stock.bank_id(), "writer": stock.actor("wang").user_id, "count": "1", "due": SOON})
    assert shen.get("/assignments").status_code == 403
    assert "老王" not in shen.get("/process").text
