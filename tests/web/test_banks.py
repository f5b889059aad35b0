"""The page of one bank: figures for the house's people, text only to whom the process lets read, keys to fewer."""

from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bank.content import ItemContent, ItemType
from bank.items import ItemStatus
from bank.ledger.log import entries
from tests.web.cast import ELECTRICIAN, Browser, Stock, make_question, quotes_a_question
from web.house import House

LONG_KEY = ItemContent(
    ItemType.SINGLE,
    "低压配电柜日常巡视时应首先做的是（　）。",
    ("听声", "观察柜内元件有无过热变色并用仪表核对三相电流", "闻味", "开门"),
    "B",
)
ASKS_NOTHING = ItemContent(ItemType.SINGLE, "配电柜巡视的间隔。", ("一班", "两班", "三班", "四班"), "A")


def _pages(bank: int) -> tuple[str, ...]:
    return ("/banks", f"/banks/{bank}", f"/banks/{bank}/quality")


@pytest.mark.parametrize("login", ["wang", "shen", "li"])
def test_it_works(login: str, as_user: Callable[[str], Browser], stock: Stock) -> None:
    stock.questions("zhao", 6)
    browser = as_user(login)
    for path in _pages(stock.bank_id()):
        page = browser.get(path)
        assert page.status_code == 200
        assert not quotes_a_question(page.text)
    assert "本局设定" in browser.get(f"/banks/{stock.bank_id()}").text


def test_strangers_and_others_see_nothing(as_user: Callable[[str], Browser], stranger: Browser, stock: Stock) -> None:
    bank = stock.bank_id()
    for path in (*_pages(bank), f"/banks/{bank}/quality.csv"):
        assert stranger.get(path).status_code == 401
        assert as_user("sys").get(path).status_code == 403
    for path in _pages(bank)[1:]:
        assert as_user("wai").get(path).status_code == 404
        assert as_user("wai_li").get(path).status_code == 404


def test_it_takes_no_posts(wang: Browser, stock: Stock) -> None:
    for path in (*_pages(stock.bank_id()), f"/banks/{stock.bank_id()}/orders.csv"):
        assert wang.post(path).status_code == 405


def test_only_readers_may_list_items(li: Browser, stock: Stock) -> None:
    stock.items("zhao", ASKS_NOTHING)
    path = f"/banks/{stock.bank_id()}/quality/items"
    assert li.get(f"{path}?check=stem_asks_nothing").status_code == 404
    assert "考务员只看数目" in li.get(f"/banks/{stock.bank_id()}/quality").text


def test_the_list_shows_questions_and_is_in_the_ledger(wang: Browser, stock: Stock, house: House) -> None:
    (item,) = stock.items("zhao", ASKS_NOTHING)
    page = wang.get(f"/banks/{stock.bank_id()}/quality/items?check=stem_asks_nothing")
    assert page.status_code == 200
    assert ASKS_NOTHING.stem in page.text
    assert "修改" not in page.text.split("<main")[1].split("本页显示")[1], "another's question is not for changing"
    with house.reading() as session:
        read = [entry.body for entry in entries(session, kinds=["item.read"])]
    assert read[-1]["items"] == [item]


def test_a_check_that_tells_of_keys_names_own_items_only(
    wang: Browser, shen: Browser, as_user: Callable[[str], Browser], stock: Stock
) -> None:
    stock.items("zhao", LONG_KEY)
    path = f"/banks/{stock.bank_id()}/quality/items?check=key_longest"
    assert LONG_KEY.stem not in wang.get(path).text
    assert "另有 1 道" in wang.get(path).text
    assert LONG_KEY.stem in as_user("zhao").get(path).text
    assert LONG_KEY.stem in shen.get(path).text
    rows = wang.get(f"/banks/{stock.bank_id()}/quality.csv").text
    assert "明显最长" not in rows
    assert "明显最长" in as_user("zhao").get(f"/banks/{stock.bank_id()}/quality.csv").text


def test_an_unknown_check_does_not_exist(wang: Browser, stock: Stock) -> None:
    stock.questions("wang", 2)
    assert wang.get(f"/banks/{stock.bank_id()}/quality/items?check=nonsense").status_code == 404
    assert wang.get(f"/banks/{stock.bank_id()}/quality/items").status_code == 404


def test_downloads_hold_numbers_and_reasons_but_no_text(wang: Browser, stock: Stock, house: House) -> None:
    (item,) = stock.items("wang", ASKS_NOTHING, point="=1+2")
    stock.questions("wang", 4)
    table = wang.get(f"/banks/{stock.bank_id()}/quality.csv")
    assert table.headers["Content-Disposition"] == f"attachment; filename=quality-{stock.bank_id()}.csv"
    assert table.data.startswith(b"\xef\xbb\xbf")
    assert f"{item}," in table.text
    assert "'=1+2" in table.text, "no cell is a formula"
    assert ASKS_NOTHING.stem not in table.text
    assert not quotes_a_question(table.text)
    book = load_workbook(BytesIO(wang.get(f"/banks/{stock.bank_id()}/quality.xlsx").data))
    cells = {cell.value: cell.data_type for row in book.active.iter_rows() for cell in row}
    assert "没有设问" in cells
    assert cells["=1+2"] == "s"
    with house.reading() as session:
        handed = [entry.body["bank"] for entry in entries(session, kinds=["quality.export"])]
    assert handed == [stock.bank_id()] * 2


def test_work_orders_can_be_taken_along(wang: Browser, stock: Stock) -> None:
    stock.items("wang", make_question(0), status=ItemStatus.APPROVED)
    table = wang.get(f"/banks/{stock.bank_id()}/orders.csv")
    assert table.status_code == 200
    assert "建议题型" in table.text
    assert len(table.text.splitlines()) == 2, "without an outline there is one order"
    assert ELECTRICIAN not in table.text


def test_a_writer_gets_a_button_others_do_not(wang: Browser, li: Browser, stock: Stock) -> None:
    path = f"/banks/{stock.bank_id()}"
    assert "去写" in wang.get(path).text
    assert "去写" not in li.get(path).text
