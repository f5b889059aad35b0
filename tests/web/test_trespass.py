"""What an attacker tried: each of these once worked, or nearly."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bank.content import ItemContent, ItemType
from bank.ground.clock import today
from bank.ground.errors import BadInput, CheckFailed
from bank.items import Item, ItemStatus, ItemVersion
from bank.ledger.log import entries
from papers.papers import find_form, find_paper, form_items, read_form
from papers.sittings import AskedItem, record_sitting
from tests.web.cast import Browser, Stock
from web.doctor import examine
from web.house import House

QUESTION = ItemContent(
    ItemType.SINGLE, "测量接地电阻时，仪表的辅助电极应当（    ）。", ("成一直线", "成直角", "并拢", "悬空"), "A"
)


@pytest.fixture
def paper(stock: Stock) -> int:
    stock.questions("wang", 60)
    return stock.paper()


def test_the_ledger_does_not_tell_what_a_printed_paper_asks(li: Browser, paper: int, house: House) -> None:
    assert li.get(f"/papers/{paper}/A/paper.docx").status_code == 200
    with house.reading() as session:
        read = [entry.body for entry in entries(session, kinds=["item.read"], actor="li")]
        title = find_form(find_paper(session, paper), "A").title
    assert read == [{"purpose": "印制试卷", "form": title, "count": 6}]


def test_a_wording_changed_after_the_page_was_opened_is_not_approved(
    stock: Stock, wang: Browser, shen: Browser, house: House
) -> None:
    number = stock.items("wang", QUESTION, status=ItemStatus.SUBMITTED)[0]
    assert f'value="{number}.1"' in shen.get("/review").text
    assert f'value="{number}.1"' in shen.get(f"/review/{number}").text
    other = {"type": "judge", "stem": "接地体可以用铝导体埋入土中。", "judge": "错误", "then": "submit"}
    assert wang.post(f"/items/{number}/edit", other).status_code == 302
    for box in (f"{number}.1", str(number), f"{number}.x"):
        assert shen.post("/review/approve", {"item": [box]}).status_code == 400
    with house.reading() as session:
        assert session.get_one(Item, number).status is ItemStatus.SUBMITTED
    assert shen.post("/review/approve", {"item": [f"{number}.2"]}).status_code == 302


def test_the_warning_of_look_alikes_does_not_tell_anothers_key(
    stock: Stock, as_user: Callable[[str], Browser], wang: Browser
) -> None:
    stock.items("wang", QUESTION, status=ItemStatus.APPROVED)
    typed = {"bank": stock.bank_id(), "type": "single", "stem": QUESTION.stem, "then": "draft"}
    typed |= {f"option_{letter}": text for letter, text in zip("abcd", QUESTION.options, strict=True)}
    zhao = as_user("zhao")
    seen = {_panels(zhao.post("/items/new", {**typed, "letters": letter}).text) for letter in "ABCD"}
    assert len(seen) == 1
    assert "答案：" not in seen.pop()
    assert "答案：" in _panels(wang.post("/items/new", {**typed, "letters": "B"}).text)


def _panels(page: str) -> str:
    """What stands beside what was typed."""
    return page[page.index('<section class="panel">') : page.index("data-item-form")]


def test_a_sitting_is_not_dated_before_its_paper(stock: Stock, li: Browser, house: House) -> None:
    stock.questions("wang", 60)
    number = stock.paper(days=-7)
    long_ago = {"label": "A", "held_on": "2001-01-01", "place": "三中", "candidates": "1", "ineligible": "0"}
    answer = li.post(f"/papers/{number}/sittings", long_ago)
    assert answer.status_code == 422
    assert "早于组卷日期" in answer.text
    with house.unit_of_work() as session:
        form = find_form(find_paper(session, number), "B")
        with pytest.raises(BadInput, match="早于组卷日期"):
            record_sitting(session, stock.actor("li"), form, held_on=today() - timedelta(days=1), place="三中")
    planned = {"bank": stock.bank_id(), "held_on": "2001-01-01", "forms": "1", "plan": "default"}
    answer = li.post("/papers/plan", planned)
    assert answer.status_code == 422
    assert "已经过去" in answer.text


@pytest.mark.parametrize("path", ["/items/99999999999999999999", "/items?bank=99999999999999999999"])
def test_numbers_that_no_row_has_are_not_there(wang: Browser, path: str) -> None:
    assert wang.get(path).status_code == 404


def test_a_broken_way_back_leads_home(stranger: Browser) -> None:
    assert stranger.sign_in("wang", next="//[").headers["Location"] == "/"


def test_the_doctor_names_a_changed_sitting(stock: Stock, paper: int, house: House) -> None:
    with house.unit_of_work() as session:
        made = record_sitting(
            session, stock.actor("li"), find_form(find_paper(session, paper), "A"), held_on=today(), place="三中"
        )
        number = made.id
    assert all(check.ok for check in examine(house))
    with house.unit_of_work() as session:
        session.execute(sa.delete(AskedItem).where(AskedItem.position == 2))
    assert [check.detail.split("所记")[0] for check in examine(house) if not check.ok] == [f"批次 {number} "]


def test_a_form_refuses_a_version_that_was_exchanged(stock: Stock, paper: int, house: House) -> None:
    with house.unit_of_work() as session:
        form = find_form(find_paper(session, paper), "A")
        listed = [one.version for one in form_items(session, form)]
        others = sa.select(ItemVersion.id).where(ItemVersion.id.not_in(listed)).limit(1)
        first, second = listed[0], session.scalars(others).one()
        session.execute(sa.text("PRAGMA defer_foreign_keys=ON"))
        for old, new in ((first, -1), (second, first), (-1, second)):
            session.execute(sa.update(ItemVersion).where(ItemVersion.id == old).values(id=new))
    with house.unit_of_work() as session, pytest.raises(CheckFailed, match="对不上"):
        read_form(session, stock.actor("li"), find_form(find_paper(session, paper), "A"), "印制试卷")


def test_the_doctor_names_exchanged_contents(stock: Stock, paper: int, house: House) -> None:
    with house.unit_of_work() as session:
        first, second = session.scalars(sa.select(ItemVersion).order_by(ItemVersion.id).limit(2))
        first.question, second.question = second.question, first.question
        number = first.item_id
    told = {check.name: check.detail for check in examine(house) if not check.ok}
    assert f"试题 {number} 的记录无法解密" in told["records"]
    assert "未能核对" in told["index"]
