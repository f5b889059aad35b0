"""Review: others' questions of the own institution, all or none, never one's own."""

from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa

from bank.comments import Comment, remark_of
from bank.ground.actors import OPERATOR, Grade, Role, UserRole, find_user
from bank.items import Item, ItemStatus, revise_item
from bank.ledger.log import entries
from bank.process import change_process
from bank.review import submit
from bank.writing_rules import GradeRule
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
    page = shen.get(f"/review/{number}")
    assert "第 1 稿</b> 经 审题人甲 通过" in page.text
    assert "data-busy" not in page.text
    assert shen.post(f"/review/{number}/return", {"remark": "晚了"}).status_code == 404
    assert shen.post("/review/approve", {"item": [f"{number}.1"]}).status_code == 404


def test_nobody_learns_who_wrote_it_or_who_judged_it(shen: Browser, wang: Browser, stock: Stock, house: House) -> None:
    number = _submitted(stock, count=1)[0]
    for path in ("/review", f"/review/{number}"):
        page = shen.get(path).text
        assert "老王" not in page, path
        assert "wang" not in page, path
    shen.post(f"/review/{number}/return", {"part": "B", "remark": "与 D 项意思相同"})
    page = wang.get(f"/items/{number}").text
    assert "审题人甲" in page
    assert "与 D 项意思相同" in page
    for name in ("审题专家", "shen"):
        assert name not in page
    with house.reading() as session:
        assert [entry.actor for entry in entries(session, kinds=["item.comment"])] == ["shen"]


def test_approving_leads_to_the_next_question(shen: Browser, stock: Stock, house: House) -> None:
    first, second, third = _submitted(stock, count=3)
    page = shen.get(f"/review/{second}").text
    assert "第 2 / 3 题" in page
    assert f'href="/review/{first}" data-key="k"' in page
    assert f'href="/review/{third}" data-key="j"' in page
    for number, following in ((second, f"/review/{third}"), (third, f"/review/{first}"), (first, "/review")):
        answer = shen.post("/review/approve", {"item": f"{number}.1", "then": "next"})
        assert answer.headers["Location"] == following
    assert _statuses(house, [first, second, third]) == ["approved"] * 3


def test_a_comment_is_answered_settled_and_then_the_question_enters(
    shen: Browser, wang: Browser, stock: Stock, house: House
) -> None:
    number = _submitted(stock, count=1)[0]
    assert shen.post(f"/review/{number}/comments", {"part": "stem", "remark": " "}).status_code == 422
    assert shen.post(f"/review/{number}/comments", {"part": "stem", "remark": "缺少条件"}).status_code == 302
    assert 'name="item"' not in shen.get("/review").text
    assert shen.post("/review/approve", {"item": f"{number}.1"}).status_code == 400
    assert wang.post("/items/comments/1/answer", {"text": "条件在第一句"}).status_code == 302
    page = shen.get(f"/review/{number}").text
    assert "条件在第一句" in page
    assert "了结 1 条意见并通过" in page
    assert shen.post("/review/comments/1/answer", {"text": "看到了"}).status_code == 302
    assert shen.post("/review/approve", {"item": f"{number}.1", "settled": "1"}).status_code == 302
    assert _statuses(house, [number]) == ["approved"]
    assert "已了结" in shen.get(f"/review/{number}").text


def test_only_what_was_shown_is_settled_by_approving(shen: Browser, stock: Stock, house: House) -> None:
    number, other = _submitted(stock)
    shen.post(f"/review/{number}/comments", {"part": "stem", "remark": "一"})
    shen.post(f"/review/{other}/comments", {"part": "stem", "remark": "二"})
    shen.post(f"/review/{number}/comments", {"part": "key", "remark": "三"})
    assert shen.post("/review/approve", {"item": f"{number}.1", "settled": ["1", "2"]}).status_code == 400
    with house.reading() as session:
        assert session.scalars(sa.select(Comment.id).where(Comment.settled_at.is_(None))).all() == [1, 2, 3]
    shen.post("/review/comments/1/settle")
    shen.post("/review/comments/3/settle")
    assert shen.post("/review/approve", {"item": f"{number}.1"}).status_code == 302


def test_two_reviewers_where_the_bank_wants_two(
    stock: Stock, shen: Browser, as_user: Callable[[str], Browser], house: House
) -> None:
    number = _submitted(stock, count=1)[0]
    with house.unit_of_work() as session:
        item = session.get_one(Item, number)
        change_process(session, OPERATOR, item.bank, approvals=2)
        find_user(session, "zhao").roles = [UserRole(role=Role.REVIEWER)]
    shen.post("/review/approve", {"item": f"{number}.1"})
    assert "没有待审的试题" in shen.get("/review").text
    assert "您已通过，等另一位审题人" in shen.get(f"/review/{number}").text
    assert shen.post("/review/approve", {"item": f"{number}.1"}).status_code == 400
    zhao = as_user("zhao")
    assert "已有 1 / 2 人通过" in zhao.get("/review").text
    zhao.post("/review/approve", {"item": f"{number}.1"})
    assert _statuses(house, [number]) == ["approved"]


def test_versions_stand_side_by_side(shen: Browser, stock: Stock, house: House) -> None:
    number = _submitted(stock, count=1)[0]
    with house.unit_of_work() as session:
        item, actor, first = session.get_one(Item, number), stock.actor("wang"), make_question(0)
        revise_item(session, actor, item, replace(first, stem=first.stem.replace("（", "一般为（")))
        revise_item(session, actor, item, replace(first, rationale="第三稿的解析"))
        submit(session, actor, [item])
    page = shen.get(f"/review/{number}").text
    assert "与第 2 稿的不同" in page
    assert '<mark class="gone">一般为' in page
    assert "第三稿的解析" in page
    older = shen.get(f"/review/{number}?against=1").text
    assert "与第 1 稿的不同" in older
    with house.reading() as session:
        purposes = [entry.body["purpose"] for entry in entries(session, kinds=["item.read"], actor="shen")]
    assert purposes.count("对照旧稿") == 2


def test_what_nobody_has_approved_as_it_stands(shen: Browser, wang: Browser, stock: Stock) -> None:
    judged, imported = (
        _submitted(stock, count=1)[0],
        stock.items("zhao", make_question(5), status=ItemStatus.APPROVED)[0],
    )
    shen.post("/review/approve", {"item": f"{judged}.1"})
    found = shen.get("/review?show=unreviewed").text
    assert "1 道题的当前稿没有审定过" in found
    assert f'href="/review/{imported}"' in found
    assert f'href="/review/{judged}"' in shen.get("/review?show=mine").text
    assert "没有在本系统审定" in shen.get(f"/review/{imported}").text
    mine = wang.get("/items?review=none").text
    assert (f'href="/items/{imported}"' in mine, f'href="/items/{judged}"' in mine) == (True, False)


def test_a_grade_too_low_is_said_where_the_work_is_done(
    shen: Browser, wang: Browser, stock: Stock, house: House
) -> None:
    number, bank = stock.items("wang", make_question(0))[0], stock.bank_id()
    with house.unit_of_work() as session:
        session.get_one(Item, number).bank.level = 3
        find_user(session, "shen").grade = Grade.LEVEL_4
    sent = wang.post("/items/submit", {"bank": bank, "all": "1"}, follow_redirects=True)
    assert "账号所登等级：未登记" in sent.text
    page = shen.get(f"/review/{number}").text
    assert "账号所登等级：四级/中级工" in page
    assert "命题人所登等级不符合" in page
    with house.unit_of_work() as session:
        change_process(session, OPERATOR, session.get_one(Item, number).bank, grade_rule=GradeRule.REFUSE)
    assert shen.post("/review/approve", {"item": f"{number}.1"}).status_code == 403
    assert _statuses(house, [number]) == ["submitted"]


def test_drafts_are_not_the_reviewers_business(shen: Browser, stock: Stock) -> None:
    number = stock.items("wang", make_question(0))[0]
    assert shen.get(f"/review/{number}").status_code == 404
    assert shen.post(f"/review/{number}/comments", {"part": "stem", "remark": "先看看"}).status_code == 404


def test_threads_of_other_institutions_are_not_there(
    shen: Browser, stock: Stock, as_user: Callable[[str], Browser], house: House
) -> None:
    number = _submitted(stock, count=1)[0]
    shen.post(f"/review/{number}/comments", {"part": "stem", "remark": "缺少条件"})
    foreign, writer, colleague = as_user("wai_shen"), as_user("wai"), as_user("zhao")
    for answer in (
        foreign.post("/review/comments/1/settle"),
        foreign.post("/review/comments/1/answer", {"text": "x"}),
        foreign.post(f"/review/{number}/comments", {"part": "stem", "remark": "x"}),
        writer.post("/items/comments/1/answer", {"text": "x"}),
    ):
        assert answer.status_code == 404
    assert colleague.post("/items/comments/1/answer", {"text": "x"}).status_code == 403
    with house.reading() as session:
        assert len(session.scalars(sa.select(Comment)).all()) == 1


def test_get_approves_nothing_and_no_token_approves_nothing(shen: Browser, stock: Stock, house: House) -> None:
    number = _submitted(stock, count=1)[0]
    assert shen.get(f"/review/approve?item={number}").status_code in {404, 405}
    assert shen.client.post("/review/approve", data={"item": f"{number}.1"}).status_code == 400
    assert _statuses(house, [number]) == ["submitted"]
