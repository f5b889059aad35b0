"""Review: others' questions of the own institution, all or none, never one's own."""

from collections.abc import Callable

from bank.comments import remark_of
from bank.ground.actors import Role, UserRole, find_user
from bank.items import Item, ItemStatus
from bank.ledger.log import entries
from tests.web.cast import Browser, Stock, make_question, quotes_a_question
from web.house import House


def _submitted(stock: Stock, login: str = "wang", count: int = 2) -> list[int]:
    return stock.questions(login, count, ItemStatus.SUBMITTED)


def _statuses(house: House, numbers: list[int]) -> list[str]:
    with house.reading() as session:
        return [session.get_one(Item, number).status.value for number in numbers]


def test_it_works(shen: Browser, stock: Stock, house: House) -> None:
    numbers = _submitted(stock)
    page = shen.get("/review")
    assert "2 道题等您审定" in page.text
    assert "答案：" in page.text
    assert shen.post("/review/approve", {"item": [f"{number}.1" for number in numbers]}).status_code == 302
    assert _statuses(house, numbers) == ["approved"] * 2
    assert "没有待审的试题" in shen.get("/review").text
    with house.reading() as session:
        assert [entry.actor for entry in entries(session, kinds=["item.read"])] == ["shen"]


def test_one_question_is_shown_with_its_look_alikes(shen: Browser, stock: Stock) -> None:
    known = stock.items("zhao", make_question(0), status=ItemStatus.APPROVED)[0]
    number = stock.items("wang", make_question(0), status=ItemStatus.SUBMITTED)[0]
    page = shen.get(f"/review/{number}").text
    assert "与本库 1 道题相同或近似" in page
    assert f"与第 {known} 号题" in page


def test_a_return_needs_a_remark_and_keeps_what_was_typed(shen: Browser, stock: Stock, house: House) -> None:
    number = _submitted(stock, count=1)[0]
    page = shen.post(f"/review/{number}/return", {"remark": "  "})
    assert page.status_code == 422
    assert "请写明修改意见" in page.text
    assert shen.post(f"/review/{number}/return", {"remark": "选项 C 与 D 重复"}).status_code == 302
    with house.reading() as session:
        item = session.get_one(Item, number)
        assert item.status is ItemStatus.DRAFT
        assert remark_of(session, item) == "整题：选项 C 与 D 重复"


def test_nobody_approves_an_own_question(stock: Stock, as_user: Callable[[str], Browser], house: House) -> None:
    with house.unit_of_work() as session:
        user = find_user(session, "shen")
        user.roles = [UserRole(role=Role.REVIEWER), UserRole(role=Role.WRITER)]
    number = _submitted(stock, "shen", 1)[0]
    both = as_user("shen")
    assert "没有待审的试题" in both.get("/review").text
    answer = both.post("/review/approve", {"item": [f"{number}.1"]})
    assert answer.status_code == 403
    assert "不得审定自己命制的试题" in answer.text
    assert _statuses(house, [number]) == ["submitted"]


def test_all_or_none(shen: Browser, stock: Stock, house: House) -> None:
    number = _submitted(stock, count=1)[0]
    draft = stock.items("wang", make_question(3))[0]
    foreign = stock.items("wai", make_question(6), status=ItemStatus.SUBMITTED)[0]
    for bad in (draft, foreign, 9999):
        assert shen.post("/review/approve", {"item": [f"{number}.1", f"{bad}.1"]}).status_code == 404
    assert shen.post("/review/approve", {}).status_code == 400
    assert _statuses(house, [number, draft, foreign]) == ["submitted", "draft", "submitted"]


def test_other_institutions_see_nothing(stock: Stock, as_user: Callable[[str], Browser], house: House) -> None:
    number = _submitted(stock, count=1)[0]
    foreign = as_user("wai_shen")
    assert not quotes_a_question(foreign.get("/review").text)
    for answer in (foreign.get(f"/review/{number}"), foreign.post(f"/review/{number}/return", {"remark": "x"})):
        assert answer.status_code == 404
        assert not quotes_a_question(answer.text)
    assert _statuses(house, [number]) == ["submitted"]


def test_what_was_judged_meanwhile_is_not_judged_again(shen: Browser, stock: Stock) -> None:
    number = _submitted(stock, count=1)[0]
    shen.post("/review/approve", {"item": [f"{number}.1"]})
    assert shen.get(f"/review/{number}").status_code == 404
    assert shen.post(f"/review/{number}/return", {"remark": "晚了"}).status_code == 404
    assert shen.post("/review/approve", {"item": [f"{number}.1"]}).status_code == 404


def test_get_approves_nothing_and_no_token_approves_nothing(shen: Browser, stock: Stock, house: House) -> None:
    number = _submitted(stock, count=1)[0]
    assert shen.get(f"/review/approve?item={number}").status_code in {404, 405}
    assert shen.client.post("/review/approve", data={"item": f"{number}.1"}).status_code == 400
    assert _statuses(house, [number]) == ["submitted"]
