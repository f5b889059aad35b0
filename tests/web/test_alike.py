"""The look at near-duplicates while typing: who sees what, how often, what the ledger says, and what groping yields."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR
from bank.ground.clock import now, today
from bank.ground.policy import policy_on
from bank.institutions import Bank
from bank.items import ItemStatus
from bank.ledger.log import entries
from bank.process import WritersSee, change_process
from tests.web.cast import Browser, Stock
from web import alike
from web.alike_quota import AlikeHour, AlikeShown
from web.house import House

RELAY = ItemContent(
    ItemType.SINGLE,
    "更换交流接触器线圈时，新线圈的（    ）必须与控制电路一致。",
    ("额定电压", "外壳颜色", "生产厂家", "引线长度"),
    "A",
    "线圈按额定电压选用。",
)
SECRET_WORDS = ("接触器线圈", "引线长度", "生产厂家", "外壳颜色")


def _typed(bank: int, content: ItemContent = RELAY, **change: Any) -> dict[str, Any]:
    options = {f"option_{letter}": text for letter, text in zip("abcdefghij", content.options, strict=False)}
    return {"bank": bank, "type": content.type.value, "stem": content.stem, **options, "letters": content.key} | change


def _see_own_only(house: House, stock: Stock) -> None:
    """The bank's process lets writers read only what they wrote."""
    with house.unit_of_work() as session:
        change_process(session, OPERATOR, session.get_one(Bank, stock.bank_id()), writers_see=WritersSee.OWN)


def _limit(monkeypatch: pytest.MonkeyPatch, **figures: int) -> None:
    """A policy with other figures."""
    held = policy_on(today())
    monkeypatch.setattr(House, "policy", lambda *_: replace(held, **figures))


def test_it_works(wang: Browser, stock: Stock) -> None:
    number = stock.items("wang", RELAY)[0]
    answer = wang.post("/items/alike", _typed(stock.bank_id(), stem=RELAY.stem.replace("必须", "应"))).json
    assert answer["made"]
    assert answer["same"] == 1
    assert answer["near"] == [{"item": number, "verdict": "near", "band": answer["near"][0]["band"], "point": None}]
    assert "接触器线圈" in answer["html"]


def test_too_little_is_not_looked_for(wang: Browser, stock: Stock, house: House) -> None:
    stock.items("wang", RELAY)
    answer = wang.post("/items/alike", _typed(stock.bank_id(), stem="更换交流接触 器")).json
    assert answer == {"made": False, "same": 0, "near": [], "html": ""}
    with house.reading() as session:
        assert session.scalars(sa.select(AlikeHour)).first() is None


def test_equal_questions_get_equal_answers(wang: Browser, stock: Stock) -> None:
    stock.items("wang", RELAY)
    stock.items("zhao", RELAY)
    answers = [wang.post("/items/alike", _typed(stock.bank_id())).json for _ in range(3)]
    assert answers[0]["same"] == 2
    assert answers[0] == answers[1] == answers[2]


def test_an_item_that_is_changed_is_not_held_against_itself(
    wang: Browser, stock: Stock, as_user: Callable[[str], Browser]
) -> None:
    number = stock.items("wang", RELAY)[0]
    assert wang.post("/items/alike", _typed(stock.bank_id(), item=number)).json["near"] == []
    foreign = as_user("zhao").post("/items/alike", _typed(stock.bank_id(), item=number))
    assert foreign.status_code == 400
    assert "接触器线圈" not in foreign.text


def test_a_foreign_bank_is_not_there(stock: Stock, as_user: Callable[[str], Browser]) -> None:
    stock.items("wang", RELAY)
    answer = as_user("wai").post("/items/alike", _typed(stock.bank_id()))
    assert answer.status_code == 404
    own = as_user("wai").post("/items/alike", _typed(stock.bank_id("wai"))).json
    assert own["near"] == []


def test_who_may_not_read_an_item_gets_a_hint_without_excerpt(
    wang: Browser, stock: Stock, house: House, as_user: Callable[[str], Browser]
) -> None:
    """The text of another's item must not come back, whatever part of it one already has."""
    number = stock.items("wang", RELAY, status=ItemStatus.APPROVED)[0]
    _see_own_only(house, stock)
    zhao = as_user("zhao")
    typed = _typed(stock.bank_id(), stem="更换交流接触器时，新部件的（    ）必须与控制电路一致。", letters="")
    typed |= {f"option_{letter}": "" for letter in "bcd"}
    answer = zhao.post("/items/alike", {**typed, "option_b": "重量"})
    (near,) = answer.json["near"]
    assert near["item"] is None
    assert not any(words in answer.text for words in SECRET_WORDS)
    saved = zhao.post("/items/new", _typed(stock.bank_id(), rationale="", letters="B", then="draft"))
    assert saved.status_code == 422
    assert "您不能查看那道题" in saved.text
    assert "题库里的" not in saved.text
    assert "线圈按额定电压选用" not in saved.text
    with house.reading() as session:
        hints = [entry.body for entry in entries(session, kinds=["item.hint"], actor="zhao")]
        read = list(entries(session, kinds=["item.read"], actor="zhao"))
    assert hints == [{"bank": stock.bank_id(), "items": [number]}]
    assert read == []


def test_no_answer_hangs_on_anothers_key(stock: Stock, house: House, as_user: Callable[[str], Browser]) -> None:
    stock.items("wang", RELAY, status=ItemStatus.APPROVED)
    zhao = as_user("zhao")
    for see_own in (False, True):
        if see_own:
            _see_own_only(house, stock)
        answers = {zhao.post("/items/alike", _typed(stock.bank_id(), letters=letter)).text for letter in "ABCD"}
        assert len(answers) == 1
        assert '"conflict"' not in answers.pop()


def test_no_exact_score_is_told(wang: Browser, stock: Stock) -> None:
    stock.items("wang", RELAY)
    answer = wang.post("/items/alike", _typed(stock.bank_id()))
    assert answer.json["near"][0]["band"] == "高"
    assert "score" not in answer.text
    assert [alike.band(score) for score in (0.0, 0.49, 0.5, 0.89, 0.9, 1.0)] == ["低", "低", "中", "中", "高", "高"]


def test_checks_are_counted_and_end(wang: Browser, stock: Stock, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _limit(monkeypatch, alike_checks_an_hour=3)
    stock.items("wang", RELAY)
    answers = [wang.post("/items/alike", _typed(stock.bank_id())).json for _ in range(5)]
    assert [answer["made"] for answer in answers] == [True, True, True, False, False]
    assert answers[4]["near"] == []
    assert "稍后自动恢复" in answers[4]["html"]
    with time_machine.travel(now() + timedelta(minutes=61)):
        wang.sign_in("wang")
        assert wang.post("/items/alike", _typed(stock.bank_id())).json["made"]
    with house.reading() as session:
        (closed,) = entries(session, kinds=["item.alike_hour"], actor="wang")
    assert closed.body["checks"] == 3


def test_saving_is_no_way_round_the_count(
    stock: Stock, house: House, as_user: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    _limit(monkeypatch, alike_checks_an_hour=2)
    stock.items("wang", RELAY)
    _see_own_only(house, stock)
    zhao = as_user("zhao")
    answers = [zhao.post("/items/new", _typed(stock.bank_id(), letters=letter)) for letter in "ABC"]
    assert [answer.status_code for answer in answers] == [422, 422, 302]


def test_hints_at_foreign_items_end_for_the_day(
    stock: Stock, house: House, as_user: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    _limit(monkeypatch, alike_hints_a_day=2)
    for place in ("一号", "二号", "三号"):
        stock.items(
            "wang", ItemContent(ItemType.JUDGE, f"{place}配电室的巡视记录由当班电工本人填写并签名。", (), "正确")
        )
    stock.items("zhao", RELAY)
    _see_own_only(house, stock)
    zhao = as_user("zhao")
    judge = {"bank": stock.bank_id(), "type": "judge", "stem": "一号配电室的巡视记录由当班电工本人填写并签名。"}
    first = zhao.post("/items/alike", judge).json
    assert len(first["near"]) == 2
    assert "今天提示" in first["html"]
    assert zhao.post("/items/alike", judge).json == first
    assert zhao.post("/items/alike", _typed(stock.bank_id())).json["near"][0]["item"] is not None
    with house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AlikeShown).where(AlikeShown.hinted)) == 2


def test_the_ledger_has_each_item_once_an_hour(wang: Browser, stock: Stock, house: House) -> None:
    number = stock.items("wang", RELAY)[0]
    for stem in (RELAY.stem, RELAY.stem.replace("更换", "替换"), RELAY.stem):
        wang.post("/items/alike", _typed(stock.bank_id(), stem=stem))
    with house.reading() as session:
        read = [entry.body for entry in entries(session, kinds=["item.read"], actor="wang")]
    assert read == [{"purpose": "查看近似试题", "items": [number]}]


def test_a_search_holds_no_writer_up(
    wang: Browser, stock: Stock, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the bank is searched another unit of work can begin and commit."""
    stock.items("wang", RELAY)
    bank, search = stock.bank_id(), alike.search

    def searching(*given: Any) -> Any:
        with house.unit_of_work() as other:
            other.execute(sa.text("UPDATE bank SET filed_on = filed_on"))
        return search(*given)

    monkeypatch.setattr(alike, "search", searching)
    assert wang.post("/items/alike", _typed(bank)).json["same"] == 1
