"""The administrators' pages: accounts and ledger, no content, nobody else."""

from collections.abc import Callable

from bank.ledger.log import entries
from tests.web.cast import CAST, Browser, Stock, quotes_a_question
from web.house import House


def test_users_are_listed_with_roles_and_place(as_user: Callable[[str], Browser]) -> None:
    page = as_user("sys").get("/users")
    assert page.status_code == 200
    assert f"{len(CAST)} 个账号" in page.text
    assert "阳新县" in page.text
    assert "$argon2id$" not in page.text


def test_the_ledger_lists_the_newest_acts_and_verifies(
    as_user: Callable[[str], Browser], stock: Stock, house: House
) -> None:
    stock.questions("wang", 2)
    auditor = as_user("aud")
    page = auditor.get("/ledger")
    assert "登录" in page.text
    assert "试题入库" in page.text
    assert not quotes_a_question(page.text)
    done = auditor.post("/ledger/verify")
    assert "台账完整" in done.text
    with house.reading() as session:
        assert [entry.body for entry in entries(session, kinds=["ledger.verify"])] == [{"ok": True}]


def test_older_acts_are_on_older_pages(as_user: Callable[[str], Browser]) -> None:
    auditor = as_user("aud")
    first = auditor.get("/ledger?last=3").text
    assert ">3</td>" in first
    assert ">4</td>" not in first
    for odd in ("-5", "0", "999999999999", "x"):
        assert auditor.get(f"/ledger?last={odd}").status_code == 200


def test_verifying_needs_a_token_and_a_post(as_user: Callable[[str], Browser]) -> None:
    auditor = as_user("aud")
    assert auditor.get("/ledger/verify").status_code == 405
    assert auditor.client.post("/ledger/verify").status_code == 400
