"""What a writer might grope for in answers that are each harmless: foreign keys, foreign numbers, who did what."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR
from bank.institutions import Bank
from bank.items import ItemStatus
from bank.process import WritersSee, change_process
from tests.web.cast import Browser, Stock
from web.house import House

RELAY = ItemContent(
    ItemType.SINGLE,
    "更换时间继电器时，应先核对的是（    ）。",
    ("线圈电压", "外壳颜色", "安装高度", "生产日期"),
    "A",
    "电压不符会烧毁线圈。",
)


@pytest.fixture
def zhao(as_user: Callable[[str], Browser]) -> Browser:
    return as_user("zhao")


def _see_own_only(house: House, stock: Stock) -> None:
    with house.unit_of_work() as session:
        change_process(session, OPERATOR, session.get_one(Bank, stock.bank_id()), writers_see=WritersSee.OWN)


def _typed(bank: int, content: ItemContent = RELAY, **change: Any) -> dict[str, Any]:
    options = {f"option_{letter}": text for letter, text in zip("abcd", content.options, strict=True)}
    return {"bank": bank, "type": "single", "stem": content.stem, **options, "letters": content.key} | change


def _quality(browser: Browser, bank: int) -> list[str]:
    """Everything that pages and files say of the bank's quality, without the numbers of items."""
    told = [
        re.sub(r'name="csrf_token" value="[^"]+"', "", browser.get(f"/banks/{bank}/{path}").text)
        for path in ("quality", "quality/items?check=key_conflict", "quality/items?check=copy", "quality.csv")
    ]
    book = openpyxl.load_workbook(BytesIO(browser.get(f"/banks/{bank}/quality.xlsx").data))
    return [*told, repr(list(book.worksheets[0].values))]


@pytest.mark.parametrize("own_only", [False, True])
def test_the_checks_of_quality_do_not_tell_anothers_key(
    stock: Stock, house: House, zhao: Browser, shen: Browser, own_only: bool
) -> None:
    """A copy with a guessed key, changed again and again, would find the right one by the count of contradictions."""
    stock.items("wang", RELAY, status=ItemStatus.APPROVED)
    if own_only:
        _see_own_only(house, stock)
    copy = stock.items("zhao", RELAY)[0]
    bank = stock.bank_id()
    told = []
    for letter in "AB":
        answer = zhao.post(f"/items/{copy}/edit", _typed(bank, letters=letter, then="draft"))
        accepted = re.search(r'name="accepted" value="([^"]+)"', answer.text)
        if accepted:
            zhao.post(f"/items/{copy}/edit", _typed(bank, letters=letter, then="draft", accepted=accepted[1]))
        told.append(_quality(zhao, bank))
    assert told[0] == told[1]
    assert "同问不同答" in shen.get(f"/banks/{bank}/quality/items?check=key_conflict").text


def test_writers_still_hear_where_their_own_items_contradict(stock: Stock, wang: Browser) -> None:
    stock.items("wang", RELAY, replace(RELAY, key="B"))
    assert "同问不同答" in wang.get(f"/banks/{stock.bank_id()}/quality/items?check=key_conflict").text


def test_the_form_does_not_carry_numbers_of_hidden_items(stock: Stock, house: House, zhao: Browser) -> None:
    hidden = stock.items("wang", RELAY, status=ItemStatus.APPROVED)[0]
    _see_own_only(house, stock)
    page = zhao.post("/items/new", _typed(stock.bank_id(), then="draft"))
    assert page.status_code == 422
    accepted = re.search(r'name="accepted" value="([^"]+)"', page.text)
    assert accepted is not None
    assert re.fullmatch("[0-9a-f]{64}", accepted[1])
    assert zhao.post("/items/new", _typed(stock.bank_id(), then="draft", accepted=str(hidden))).status_code == 422
    assert zhao.post("/items/new", _typed(stock.bank_id(), then="draft", accepted=accepted[1])).status_code == 302


def test_an_import_does_not_tell_anothers_key_or_hidden_numbers(stock: Stock, house: House, zhao: Browser) -> None:
    """A file of copies with every key asks as much as the form does, and may not hear more."""
    judge = ItemContent(ItemType.JUDGE, "时间继电器线圈断电后，延时触头立即复位。", key="错误")
    hidden = stock.items("wang", RELAY, judge, status=ItemStatus.APPROVED)
    _see_own_only(house, stock)
    pages = []
    for copies in ([RELAY, judge], [replace(RELAY, key="C"), replace(judge, key="正确")]):
        rows = "\n".join(json.dumps(one.as_row(), ensure_ascii=False) for one in copies).encode()
        place = zhao.upload("/imports", "bank.jsonl", rows, bank=str(stock.bank_id())).headers["Location"]
        pages.append(zhao.get(place).text.partition('id="confirm"')[2].partition('id="fresh"')[0])
    told = [re.sub(r'value="[^"]{20,}"', "", page) for page in pages]
    assert told[0] == told[1]
    assert told[0].count("相同或近似") == 2
    assert not any(f"/items/{number}" in page or f"第 {number} 号" in page for number in hidden for page in pages)
