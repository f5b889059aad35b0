"""The pages by which a bank leaves the house."""

from collections.abc import Callable
from io import BytesIO

import openpyxl

from bank.items import ItemStatus
from tests.web.cast import PASSWORD, Browser, Stock, make_question, quotes_a_question


def ask(browser: Browser, stock: Stock) -> None:
    stock.items("wang", make_question(0), make_question(1), status=ItemStatus.APPROVED)
    form = {"bank": str(stock.bank_id()), "format": "xlsx", "reason": "送审定中心核验"}
    assert browser.post("/exports", form).status_code == 302


def test_one_asks_another_grants_and_the_first_takes_it_once(as_user: Callable[[str], Browser], stock: Stock) -> None:
    shen, li = as_user("shen"), as_user("li")
    ask(shen, stock)
    assert "待审批" in shen.get("/exports").text
    assert "同意" not in shen.get("/exports").text.split("申请与审批")[1], "nobody grants an own wish"
    assert "送审定中心核验" in li.get("/exports").text
    assert li.post("/exports/1/decide", {"decision": "grant"}).status_code == 302
    page = shen.get("/exports/1")
    if page.status_code == 403:
        shen.post("/confirm", {"password": PASSWORD, "next": "/exports/1"})
        page = shen.get("/exports/1")
    assert "下载 .xlsx" in page.text
    taken = shen.post("/exports/1/take")
    assert taken.status_code == 200
    book = openpyxl.load_workbook(BytesIO(taken.data))
    cells = [str(cell.value) for sheet in book for row in sheet.rows for cell in row]
    assert make_question(0).stem in cells
    assert shen.post("/exports/1/take").status_code == 403
    assert "已领取" in shen.get("/exports").text


def test_others_have_no_part_in_it(as_user: Callable[[str], Browser], stock: Stock) -> None:
    ask(as_user("shen"), stock)
    assert as_user("wang").get("/exports").status_code == 403
    assert as_user("du").get("/exports").status_code == 403
    outsider = as_user("wai_shen")
    assert "送审定中心核验" not in outsider.get("/exports").text
    assert outsider.post("/exports/1/decide", {"decision": "grant"}).status_code == 404
    shen = as_user("shen")
    answer = shen.post("/exports/1/decide", {"decision": "grant"})
    assert answer.status_code == 403
    assert not quotes_a_question(answer.text)


def test_a_wish_without_format_or_reason(as_user: Callable[[str], Browser], stock: Stock) -> None:
    stock.items("wang", make_question(0), status=ItemStatus.APPROVED)
    shen = as_user("shen")
    for form in ({"format": "exe", "reason": "送审定中心核验"}, {"format": "qti", "reason": ""}):
        assert shen.post("/exports", {"bank": str(stock.bank_id()), **form}).status_code == 400
