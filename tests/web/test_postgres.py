"""The pages over PostgreSQL: one day of a writer, a reviewer, an organizer and a supervisor."""

from datetime import timedelta

import pytest

from bank.ground.clock import today
from bank.items import ItemStatus
from tests.web.cast import CHEAP, Browser, Stock, make_question, people_the_home
from web.app import create_app
from web.house import House

pytestmark = pytest.mark.slow


def test_a_day_on_postgres(postgres_house: House) -> None:
    people_the_home(postgres_house)
    stock, app = Stock(postgres_house), create_app(postgres_house, CHEAP)
    stock.questions("zhao", 20)

    def sign_in(login: str) -> Browser:
        browser = Browser(app.test_client())
        assert browser.sign_in(login).status_code == 302
        return browser

    wang = sign_in("wang")
    judge = make_question(50)
    form = {"bank": stock.bank_id(), "type": "judge", "stem": judge.stem, "judge": judge.key, "then": "submit"}
    assert wang.post("/items/new", form).status_code == 302
    assert wang.post("/items/new", form).status_code == 422, "the same question again"
    assert wang.get("/items").status_code == wang.get("/writing").status_code == 200
    shen = sign_in("shen")
    number = shen.get("/review").text.split('name="item" value="')[1].split('"', maxsplit=1)[0]
    assert shen.post("/review/approve", {"item": number}).status_code == 302
    assert stock.items("wang", make_question(51), status=ItemStatus.DRAFT)
    paper = stock.paper(days=20)
    li = sign_in("li")
    for days in (20, 3):
        day = (today() - timedelta(days=days)).isoformat()
        sitting = {"label": "A", "held_on": day, "place": "三中", "candidates": "9", "ineligible": "0"}
        assert li.post(f"/papers/{paper}/sittings", sitting).status_code == 302
    assert li.get(f"/papers/{paper}/A/paper.docx").data.startswith(b"PK")
    du = sign_in("du")
    assert "发现 1 对雷同试卷" in du.get("/audit/papers").text
    assert "含有保密试题" in du.post("/audit/leaks", {"text": make_question(0).stem + make_question(1).stem}).text
    assert "台账完整" in sign_in("aud").post("/ledger/verify").text
