"""The door: attacks on signing in, and the ordinary way through."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from bank.ground.actors import find_user
from bank.ground.clock import now
from bank.ledger.log import entries
from tests.web.cast import PASSWORD, Browser
from web.auth import CONFIRMED_FOR, IDLE
from web.entrance import local_target
from web.house import House
from web.lockout import LOCKED_FOR, TRIES, TRIES_PER_ADDRESS


def _cookie(answer: object) -> str:
    return next(value for name, value in answer.headers if name == "Set-Cookie")


def test_it_works(stranger: Browser) -> None:
    answer = stranger.sign_in("wang")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert stranger.get("/", follow_redirects=True).status_code == 200


def test_every_role_has_a_first_place_or_is_told_so(as_user: Callable[[str], Browser]) -> None:
    for login, status in {"wang": 200, "shen": 200, "li": 200, "du": 200, "sys": 200, "aud": 200, "sec": 403}.items():
        assert as_user(login).get("/", follow_redirects=True).status_code == status, login


def test_wrong_unknown_locked_and_disabled_read_the_same(house: House, app: Flask) -> None:
    with house.unit_of_work() as session:
        find_user(session, "zhao").active = False
        find_user(session, "shen").locked_until = now() + LOCKED_FOR
    pages = set()
    for login, password in (("wang", "wrong1234"), ("nobody", PASSWORD), ("zhao", PASSWORD), ("shen", PASSWORD)):
        answer = Browser(app.test_client()).sign_in(login, password)
        assert answer.status_code == 401
        pages.add(re.sub(r'(name="csrf_token" value="[^"]+"|value="[a-z]+")', "", answer.text))
    assert len(pages) == 1


def test_unknown_logins_cost_one_derivation_like_known_ones(stranger: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr("web.entrance.password_matches", lambda _, stored: tried.append(stored) or False)
    stranger.sign_in("wang", "wrong1234")
    stranger.sign_in("nobody", "wrong1234")
    assert len(tried) == 2
    assert len({stored.rsplit("$", 2)[0] for stored in tried}) == 1, "the decoy has another cost"


def test_five_failures_lock_and_time_unlocks(app: Flask) -> None:
    begin = now()
    with time_machine.travel(begin, tick=False):
        for _ in range(TRIES):
            assert Browser(app.test_client()).sign_in("wang", "wrong1234").status_code == 401
        assert Browser(app.test_client()).sign_in("wang").status_code == 401
    with time_machine.travel(begin + LOCKED_FOR + timedelta(seconds=1), tick=False):
        assert Browser(app.test_client()).sign_in("wang").status_code == 302


def test_a_success_forgets_earlier_failures(app: Flask) -> None:
    for _ in range(3):
        for _ in range(TRIES - 1):
            Browser(app.test_client()).sign_in("wang", "wrong1234")
        assert Browser(app.test_client()).sign_in("wang").status_code == 302


def test_parallel_tries_get_no_more_chances(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[bool] = []
    monkeypatch.setattr("web.entrance.note_failure", lambda _s, attempt, _a: looked_at.append(attempt.admitted))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: Browser(app.test_client()).sign_in("wang", "wrong1234"), range(16)))
    assert sum(looked_at) == TRIES


def test_one_password_sprayed_from_one_address_is_stopped_and_logged(app: Flask, house: House) -> None:
    for number in range(TRIES_PER_ADDRESS):
        Browser(app.test_client()).sign_in(f"user{number}", PASSWORD)
    assert Browser(app.test_client()).sign_in("wang").status_code == 401
    elsewhere = Browser(app.test_client())
    elsewhere.client.environ_base["REMOTE_ADDR"] = "10.0.0.9"
    assert elsewhere.sign_in("wang").status_code == 302
    with house.reading() as session:
        failures = list(entries(session, kinds=["login.failure"]))
    assert len(failures) >= TRIES_PER_ADDRESS


def test_logins_and_failures_are_in_the_ledger_without_what_was_typed(stranger: Browser, house: House) -> None:
    stranger.sign_in("typed-by-mistake", "wrong1234")
    stranger.sign_in("wang")
    stranger.post("/logout")
    with house.reading() as session:
        found = [entry for entry in entries(session) if entry.kind.startswith("login")]
    assert [entry.kind for entry in found] == ["login.failure", "login.success", "login.end"]
    assert "mistake" not in str(found)
    assert "wrong1234" not in str(found)


def test_a_cookie_from_before_login_is_worth_nothing_after(app: Flask) -> None:
    browser = Browser(app.test_client())
    browser.get("/login")
    before = browser.client.get_cookie("tidun").value
    browser.sign_in("wang")
    assert browser.client.get_cookie("tidun").value != before
    fixed = app.test_client()
    fixed.set_cookie("tidun", before)
    assert fixed.get("/writing").status_code == 401


def test_an_old_cookie_is_dead_after_logout(wang: Browser, app: Flask) -> None:
    kept = wang.client.get_cookie("tidun").value
    answer = wang.post("/logout")
    assert "storage" in answer.headers["Clear-Site-Data"]
    thief = app.test_client()
    thief.set_cookie("tidun", kept)
    assert thief.get("/writing").status_code == 401
    assert thief.post("/logout").status_code in {400, 401}


def test_cookie_flags(stranger: Browser) -> None:
    cookie = _cookie(stranger.sign_in("wang"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie


def test_idle_people_see_the_login_form_where_they_were(wang: Browser) -> None:
    with time_machine.travel(now() + IDLE + timedelta(seconds=1), tick=False):
        answer = wang.get("/items?status=draft")
    assert answer.status_code == 401
    assert 'name="next" value="/items?status=draft"' in answer.text


def test_after_login_one_is_led_to_the_page_that_asked(stranger: Browser) -> None:
    answer = stranger.sign_in("wang", next="/items?status=draft")
    assert answer.headers["Location"] == "/items?status=draft"


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "", "evil",
     "/a\r\nSet-Cookie: x=1", "/\t/evil.example", "/login", "/logout"],
)  # fmt: skip
def test_next_stays_here(stranger: Browser, app: Flask, target: str) -> None:
    assert stranger.sign_in("wang", next=target).headers["Location"] == "/"
    with app.test_request_context():
        assert local_target(target) == "/"


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_posts_from_other_sites_change_nothing(wang: Browser, headers: dict[str, str]) -> None:
    assert wang.post("/logout", headers=headers).status_code == 403
    assert wang.get("/writing").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", None])
def test_posts_without_the_right_token_change_nothing(wang: Browser, token: str | None) -> None:
    data = {} if token is None else {"csrf_token": token}
    assert wang.client.post("/logout", data=data).status_code == 400
    assert wang.client.post("/logout", data="csrf_token", content_type="text/plain").status_code == 400
    assert wang.get("/writing").status_code == 200


def test_own_origin_and_no_origin_are_fine(wang: Browser) -> None:
    assert (
        wang.post("/logout", headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}).status_code == 302
    )


def test_get_does_not_sign_out(wang: Browser) -> None:
    assert wang.get("/logout").status_code == 405
    assert wang.get("/writing").status_code == 200


def test_the_password_again_renews_the_right_to_print(li: Browser) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        li.get("/papers")
        step = IDLE - timedelta(minutes=1)
        for _ in range(CONFIRMED_FOR // step + 1):
            clock.shift(step)
            assert li.get("/papers").status_code == 200
        asked = li.get("/papers/1/A/paper.pdf")
        assert asked.status_code == 403
        assert "请再输一次口令" in asked.text
        assert li.post("/confirm", {"password": "wrong1234", "next": "/papers"}).status_code == 403
        assert li.get("/papers/1/A/paper.pdf").status_code == 403
        done = li.post("/confirm", {"password": PASSWORD, "next": "/papers/1/A/paper.pdf"})
        assert done.headers["Location"] == "/papers/1/A/paper.pdf"
        assert li.get("/papers/1/A/paper.pdf").status_code == 404


def test_typing_is_not_idling(wang: Browser) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(4):
            clock.shift(IDLE - timedelta(seconds=5))
            assert wang.get("/alive").status_code == 204
        assert wang.get("/writing").status_code == 200
