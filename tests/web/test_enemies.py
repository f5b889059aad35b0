"""Enemies: marked by number or from near ones, within what one may read, and taken back."""

from collections.abc import Callable
from typing import Any

import pytest

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR
from bank.institutions import Bank
from bank.items import find_item
from bank.process import WritersSee, change_process
from bank.sets import enemies_of
from tests.web.cast import Browser, Stock
from web.house import House

FUSE = ItemContent(ItemType.JUDGE, "熔断器的熔体烧断后可以用铜丝代替继续运行。", (), "错误")
LIKE = ItemContent(ItemType.JUDGE, "熔断器的熔体烧断后可以用铁丝代替继续运行。", (), "错误")
OTHER = ItemContent(ItemType.JUDGE, "使用梯子登高作业时应有人扶持。", (), "正确")


def _enemies(house: House, number: int) -> list[int]:
    with house.reading() as session:
        return [item.id for item in enemies_of(session, find_item(session, number))]


def test_it_works(wang: Browser, stock: Stock, house: House) -> None:
    one, near, other = stock.items("wang", FUSE, LIKE, OTHER)
    page = wang.get(f"/items/{one}/enemies").text
    assert f'name="other" value="{near}"' in page
    sent = {"other": [str(near)], "numbers": f"{other}、", "reason": "gives_away", "then": "mark"}
    assert wang.post(f"/items/{one}/enemies", sent).status_code == 302
    assert _enemies(house, one) == [near, other]
    assert f'href="/items/{other}"' in wang.get(f"/items/{one}").text
    wang.post(f"/items/{one}/enemies", {"other": str(near), "then": "part"})
    assert _enemies(house, one) == [other]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"numbers": "", "reason": "same_thing"}, 400),
        ({"numbers": "999", "reason": "same_thing"}, 404),
        ({"numbers": "2", "reason": "dislike"}, 400),
        ({"numbers": "2"}, 400),
        ({"numbers": " ".join(map(str, range(2, 40))), "reason": "same_thing"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(
    wang: Browser, stock: Stock, house: House, sent: dict[str, Any], status: int
) -> None:
    one = stock.items("wang", FUSE, OTHER)[0]
    assert wang.post(f"/items/{one}/enemies", sent).status_code == status
    assert _enemies(house, one) == []


def test_foreign_items_are_not_there(
    wang: Browser, stock: Stock, house: House, as_user: Callable[[str], Browser]
) -> None:
    one = stock.items("wang", FUSE)[0]
    foreign = stock.items("wai", OTHER)[0]
    answer = wang.post(f"/items/{one}/enemies", {"numbers": str(foreign), "reason": "same_thing"})
    assert answer.status_code == 404
    assert as_user("wai").get(f"/items/{one}/enemies").status_code == 404


def test_what_one_may_not_read_is_neither_shown_nor_marked(
    stock: Stock, house: House, as_user: Callable[[str], Browser]
) -> None:
    secret = stock.items("wang", LIKE)[0]
    own = stock.items("zhao", FUSE)[0]
    with house.unit_of_work() as session:
        change_process(session, OPERATOR, session.get_one(Bank, stock.bank_id()), writers_see=WritersSee.OWN)
    zhao = as_user("zhao")
    assert "铁丝" not in zhao.get(f"/items/{own}/enemies").text
    assert zhao.get(f"/items/{secret}/enemies").status_code == 404
    answer = zhao.post(f"/items/{own}/enemies", {"numbers": str(secret), "reason": "same_thing"})
    assert answer.status_code == 404
    assert _enemies(house, own) == []
