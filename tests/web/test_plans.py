"""Assembling from the form: the default, a typed and a stored blueprint; and what a form without a paper says."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from bank.ground.clock import today
from bank.ledger.log import entries
from papers.papers import Paper
from tests.web.cast import Browser, Stock
from web.house import House

DAY = (today() + timedelta(days=7)).isoformat()


def _plan(stock: Stock, **change: object) -> dict[str, object]:
    plain = {
        "bank": stock.bank_id(),
        "held_on": DAY,
        "forms": "2",
        "plan": "typed",
        "single_count": "4",
        "single_marks": "2",
        "judge_count": "2",
        "judge_marks": "1.5",
        "minutes": "60",
        "per_point": "0",
    }
    return {**plain, **change}


def _papers(house: House) -> list[Paper]:
    with house.reading() as session:
        return list(session.scalars(sa.select(Paper).options(sa.orm.selectinload(Paper.forms))))


def test_it_works(li: Browser, stock: Stock, house: House) -> None:
    stock.questions("wang", 30)
    assert li.get("/papers/plan").status_code == 200
    answer = li.post("/papers/plan", _plan(stock))
    assert answer.status_code == 302
    made = _papers(house)[0]
    assert answer.headers["Location"] == f"/papers/{made.id}"
    assert (made.minutes, len(made.forms), made.held_on.isoformat(), made.made_by) == (60, 2, DAY, "li")
    page = li.get(answer.headers["Location"]).text
    assert "A 卷、B 卷已组成" in page
    assert "4 题" in page


def test_the_seed_is_committed_before_the_paper(li: Browser, stock: Stock, house: House) -> None:
    stock.questions("wang", 30)
    li.post("/papers/plan", _plan(stock))
    with house.reading() as session:
        kinds = [entry.kind for entry in entries(session, actor="li")]
    assert kinds == ["login.success", "paper.draw", "paper.assemble"]


def test_the_default_blueprint(li: Browser, stock: Stock, house: House) -> None:
    stock.questions("wang", 30)
    assert li.post("/papers/plan", _plan(stock, plan="default")).status_code == 302
    assert _papers(house)[0].blueprint.startswith("默认方案")


def test_a_named_blueprint_can_be_used_again(li: Browser, stock: Stock, house: House) -> None:
    stock.questions("wang", 40)
    li.post("/papers/plan", _plan(stock, name="中级工小测"))
    page = li.get(f"/papers/plan?bank={stock.bank_id()}").text
    assert '<option value="中级工小测">' in page
    assert li.post("/papers/plan", {**_plan(stock, plan="stored", stored="中级工小测")}).status_code == 302
    assert [paper.blueprint for paper in _papers(house)] == ["中级工小测"] * 2


def test_another_draw_is_counted(li: Browser, stock: Stock, house: House) -> None:
    stock.questions("wang", 40)
    li.post("/papers/plan", _plan(stock, forms="1"))
    answer = li.post(f"/papers/{_papers(house)[0].id}/redraw")
    assert answer.status_code == 302
    assert "第 2 次抽题" in li.get(answer.headers["Location"]).text
    assert [paper.draws for paper in _papers(house)] == [1, 2]


def test_what_collides_and_what_to_write(li: Browser, stock: Stock, house: House) -> None:
    stock.questions("wang", 12)
    form = _plan(stock, single_count="30", forms="1")
    page = li.post("/papers/plan", form)
    assert page.status_code == 200
    least = re.search(r"至少要再写 (\d+) 道", page.text)
    assert least is not None
    assert int(least[1]) >= 30 - 12
    assert "单项选择题 30 题" in page.text
    back = page.text.split('href="/papers/plan?')[1].split('"')[0].replace("&amp;", "&")
    again = li.get(f"/papers/plan?{back}").text
    assert 'value="30"' in again
    assert parse_qs(urlsplit(f"?{back}").query)["judge_marks"] == ["1.5"]
    assert _papers(house) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"held_on": "下周"}, "2026-03-14 这样的日期"),
        ({"forms": "0"}, "平行卷份数应为"),
        ({"forms": "九"}, "有效的整数"),
        ({"single_count": "-3"}, "题量应为"),
        ({"single_marks": ""}, "0.5 的倍数"),
        ({"single_marks": "1.3"}, "0.5 的倍数"),
        ({"single_count": "", "judge_count": ""}, "请至少填一种题型"),
        ({"plan": "stored"}, "还没有已存的方案"),
        ({"plan": "whatever"}, "有效的选择"),
        ({"weights": "y"}, "没有鉴定比重"),
        ({"minutes": "5"}, "考试时间应为"),
        ({"bank": "999"}, "有效的选择"),
    ],
)
def test_what_cannot_be_asked_for_comes_back_as_typed(
    li: Browser, stock: Stock, house: House, change: dict[str, str], sentence: str
) -> None:
    stock.questions("wang", 12)
    page = li.post("/papers/plan", {**_plan(stock), **change})
    assert page.status_code == 422
    assert sentence in page.text
    assert ('value="1.5"' in page.text) is ("judge_marks" not in change)
    assert _papers(house) == []


def test_an_empty_bank_says_what_to_do(li: Browser, stock: Stock) -> None:
    page = li.post("/papers/plan", _plan(stock, plan="default"))
    assert page.status_code == 422
    assert "请先导入并审定试题" in page.text


def test_a_foreign_bank_cannot_be_chosen(as_user: Callable[[str], Browser], stock: Stock, house: House) -> None:
    stock.questions("wang", 30)
    foreign = as_user("wai_li")
    assert foreign.post("/papers/plan", _plan(stock)).status_code == 422
    assert _papers(house) == []


def test_get_and_no_token_assemble_nothing(li: Browser, stock: Stock, house: House) -> None:
    stock.questions("wang", 30)
    assert li.get("/papers/plan", query_string=_plan(stock)).status_code == 200
    assert li.client.post("/papers/plan", data=_plan(stock)).status_code == 400
    assert _papers(house) == []
