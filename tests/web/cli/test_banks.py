"""`tidun bank`: what a person reads, and the exit status of a check that is asked to fail."""

import pytest

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR
from bank.institutions import Bank
from bank.items import NewItem, add_items
from tests.web.cli.conftest import BANK
from tests.web.cli.terminal import Terminal
from web.house import open_home

DAMAGED = ItemContent(ItemType.SINGLE, "叉车转\ufffd弯时应（　）。", ("减速", "加速", "鸣笛", "停车"), "A")


def _spoil(tidun: Terminal) -> int:
    house = open_home(tidun.home)
    with house.unit_of_work() as session:
        saved = add_items(session, OPERATOR, session.get_one(Bank, 1), [NewItem(DAMAGED)])
        found = saved[0].item.id
    house.database.close()
    return found


def test_status_tells_pace_and_what_is_missing(tidun: Terminal) -> None:
    told = tidun("bank", "status").out
    assert "有效试题" in told
    assert "建成" in told or "无法预计" in told


def test_quality_names_items_and_reasons_only(tidun: Terminal) -> None:
    item = _spoil(tidun)
    answer = tidun.ok("bank", "quality")
    (damaged,) = [one for one in answer["banks"][0]["checks"] if one["check"] == "damaged_text"]
    assert damaged["items"] == [{"item": item, "reason": "有乱码或网页标记"}]
    told = tidun("bank", "quality").out
    assert "应修改　乱码或残留标记：1 /" in told
    assert "弯时应" not in told


@pytest.mark.parametrize(("fail_on", "status"), [((), 0), (("--fail-on", "bad"), 1), (("--fail-on", "warn"), 1)])
def test_it_fails_when_asked_to(tidun: Terminal, fail_on: tuple[str, ...], status: int) -> None:
    _spoil(tidun)
    assert tidun("bank", "quality", *fail_on).status == status


def test_a_bank_and_an_institution_can_be_chosen(tidun: Terminal) -> None:
    assert [one["bank"] for one in tidun.ok("bank", "quality", "--bank", "1", *BANK[:2])["banks"]] == [1]
    assert tidun.ok("bank", "quality", "--bank", "99")["banks"] == []
    assert tidun("bank", "quality", "--institution", "99").status == 2
