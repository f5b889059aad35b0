"""Sets of questions: written on one page, kept while unfinished, shown in order, the material changed for all."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bank.content import ItemContent, ItemType
from bank.items import ItemStatus, current_versions, open_versions
from bank.sets import items_of_set
from tests.web.cast import Browser, Stock
from web.house import House

MATERIAL = "某车间三相电动机额定功率 7.5 kW，采用星三角降压起动，运行中过热停机。"
FIRST = {
    "q1-type": "single",
    "q1-stem": "停机后首先应检查（    ）。",
    "q1-option_a": "负载",
    "q1-option_b": "油漆",
    "q1-letters": "A",
}
SECOND = {"q2-type": "judge", "q2-stem": "星三角起动可以降低起动电流。", "q2-judge": "正确", "q2-marks": "1.5"}


def _set(bank: int, **change: Any) -> dict[str, Any]:
    return {"bank": bank, "parts": "3", "material": MATERIAL, **FIRST, **SECOND} | change


def _contents(house: House) -> list[ItemContent]:
    with house.reading() as session:
        versions = session.scalars(current_versions()).all()
        opened = open_versions(session, versions)
        return [opened[version.id] for version in versions]


def test_it_works(wang: Browser, stock: Stock, house: House) -> None:
    assert wang.get(f"/sets/new?bank={stock.bank_id()}").text.count("data-question") == 3
    answer = wang.post("/sets/new", _set(stock.bank_id(), then="submit"))
    assert answer.headers["Location"] == "/sets/1"
    first, second = _contents(house)
    assert (first.material, first.stem, first.key) == (MATERIAL, FIRST["q1-stem"], "A")
    assert (second.type, second.marks, second.material) == (ItemType.JUDGE, 3, MATERIAL)
    with house.reading() as session:
        assert [item.status for item in items_of_set(session, 1)] == [ItemStatus.SUBMITTED] * 2
    page = wang.get("/sets/1").text
    assert page.index("停机后首先") < page.index("星三角起动可以")
    assert "第 1 小题" in wang.get("/items/1").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"material": " "}, "材料为空"),
        ({"q2-stem": ""}, "至少要有 2 道小题"),
        ({"q1-letters": []}, "缺少答案"),
        ({"q2-judge": ""}, "缺少答案"),
        ({"material": f"{MATERIAL}![](pic:0123456789abcdef)"}, "不属于本机构"),
        ({"material": "长" * 4001}, "不超过 4000 字"),
    ],
)
def test_what_is_no_set_comes_back_as_typed(
    wang: Browser, stock: Stock, house: House, change: dict[str, Any], sentence: str
) -> None:
    page = wang.post("/sets/new", _set(stock.bank_id(), **change))
    assert page.status_code == 422
    assert sentence in page.text
    assert FIRST["q1-stem"] in page.text
    assert _contents(house) == []


def test_one_more_question_keeps_the_others(wang: Browser, stock: Stock) -> None:
    page = wang.post("/sets/new", _set(stock.bank_id(), then="more")).text
    assert page.count("data-question") == 4
    assert FIRST["q1-stem"] in page


def test_look_alikes_are_shown_once(wang: Browser, stock: Stock, house: House) -> None:
    wang.post("/sets/new", _set(stock.bank_id()))
    page = wang.post("/sets/new", _set(stock.bank_id()))
    assert page.status_code == 422
    assert "2 小题与本库的题相同或近似" in page.text
    accepted = dict(re.findall(r'name="(q[12]-accepted)" value="([^"]+)"', page.text))
    assert wang.post("/sets/new", _set(stock.bank_id(), **accepted)).status_code == 302
    assert len(_contents(house)) == 4


def test_an_unfinished_set_is_there_again(wang: Browser, stock: Stock) -> None:
    wang.post("/items/draft", _set(stock.bank_id(), slot="set", parts="4"))
    page = wang.get(f"/sets/new?bank={stock.bank_id()}").text
    assert page.count("data-question") == 4
    assert MATERIAL in page
    assert "没写完的内容" in page


def test_another_material_is_a_new_version_of_all(wang: Browser, stock: Stock, house: House) -> None:
    wang.post("/sets/new", _set(stock.bank_id()))
    assert wang.post("/sets/1", {"material": f"{MATERIAL}环境温度 40 ℃。"}).status_code == 302
    assert {content.material for content in _contents(house)} == {f"{MATERIAL}环境温度 40 ℃。"}
    changed = {"type": "judge", "stem": "星三角起动能够减小起动电流。", "judge": "正确"}
    assert wang.post("/items/2/edit", changed).status_code == 302
    assert _contents(house)[1].material == f"{MATERIAL}环境温度 40 ℃。"
    assert wang.post("/sets/1", {"material": " "}).status_code == 400


def test_nobody_else_changes_or_sees_it(wang: Browser, stock: Stock, as_user: Callable[[str], Browser]) -> None:
    wang.post("/sets/new", _set(stock.bank_id()))
    for login, seen, changed in (("zhao", 200, 403), ("wai", 404, 404), ("li", 403, 403), ("du", 403, 403)):
        browser = as_user(login)
        page = browser.get("/sets/1")
        assert page.status_code == seen, login
        assert "答案：" not in page.text
        assert browser.post("/sets/1", {"material": "别的材料"}).status_code == changed, login
    assert wang.get("/sets/9").status_code == 404
    assert wang.post("/sets/9", {"material": "x"}).status_code == 404
