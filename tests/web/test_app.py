"""Headers, error pages, cookies, uploads: what holds for every page."""

import io
import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from bank.exchange.intake import MAX_UPLOAD_BYTES
from tests.web.cast import CHEAP, Browser
from web.app import HEADERS, InMemoryRequest, create_app
from web.house import House


def _assert_hard(answer: object) -> None:
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, (answer.request.path, name)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Server" not in answer.headers


def test_headers_are_on_every_page_errors_included(
    app: Flask, as_user: Callable[[str], Browser], stranger: Browser
) -> None:
    for path in ("/login", "/writing", "/nowhere", "/users", "/items/999", "/logout"):
        _assert_hard(stranger.get(path))
    for login, paths in {
        "wang": ("/writing", "/items", "/imports", "/users", "/nowhere", "/items/999", "/logout"),
        "li": ("/papers", "/papers/desk", "/papers/elsewhere", "/papers/9"),
        "du": ("/supervision", "/audit/papers", "/audit/leaks"),
        "aud": ("/ledger",),
    }.items():  # fmt: skip
        browser = as_user(login)
        for path in paths:
            _assert_hard(browser.get(path))
    _assert_hard(stranger.client.post("/login"))


def test_the_policy_allows_no_inline_code_and_no_frame() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy


def test_no_page_has_inline_script_style_or_a_foreign_address(app: Flask, as_user: Callable[[str], Browser]) -> None:
    pages = [as_user("wang").get(path).text for path in ("/writing", "/items", "/imports", "/items/new?bank=1")]
    pages += [as_user("du").get(path).text for path in ("/supervision", "/audit/papers", "/audit/leaks")]
    for page in pages:
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick" not in page
        assert "http://" not in page.replace("http://www.w3.org/", "")
        assert "https://" not in page
        assert all("src=" in tag for tag in page.split("<script")[1:])


def test_static_files_are_served_here(stranger: Browser) -> None:
    page = stranger.get("/login").text
    for path in ("/static/tidun.css", "/static/tidun.js", "/bootstrap/static/css/bootstrap.min.css"):
        assert path in page
        answer = stranger.get(path)
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()


def _fail() -> str:
    raise RuntimeError("canary-in-the-message")


def test_a_crash_shows_and_logs_nothing_of_the_request(
    house: House, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(house, CHEAP)
    app.view_functions["entrance.login"].__wrapped__  # noqa: B018 - the view must be a guarded one
    guarded = app.view_functions["entrance.login"]

    def failing() -> str:
        return _fail()

    failing.permission = guarded.permission
    app.view_functions["entrance.login"] = failing
    with caplog.at_level(logging.DEBUG):
        answer = app.test_client().get("/login?canary-in-the-query=1", headers={"Cookie": "canary-in-the-cookie=1"})
    assert answer.status_code == 500
    _assert_hard(answer)
    captured = capsys.readouterr()
    for text in (answer.text, caplog.text, captured.out, captured.err):
        assert "canary" not in text
    assert "RuntimeError" in caplog.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/console", "/metrics", "/health", "/debug", "/static/../app.py", "/.git/config"])
def test_there_is_no_back_door(stranger: Browser, path: str) -> None:
    assert stranger.get(path).status_code == 404


def test_a_forged_host_reaches_no_link(stranger: Browser) -> None:
    answer = stranger.get("/login", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.text
    stranger.token = ""
    signed = stranger.sign_in("wang")
    assert signed.headers["Location"].startswith("/")


def test_a_secure_site_has_a_host_cookie(house: House) -> None:
    secure = create_app(replace(house, settings=replace(house.settings, cookie_secure=True)), CHEAP)
    answer = secure.test_client().get("/login", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-tidun=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


def test_uploads_stay_in_memory() -> None:
    stream = InMemoryRequest({})._get_file_stream(10**9, "application/pdf", "big.pdf", 10**9)
    assert type(stream) is io.BytesIO


def test_a_file_that_is_too_large_is_refused_in_words(wang: Browser) -> None:
    answer = wang.client.post(
        "/imports",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(MAX_UPLOAD_BYTES * 2)},
    )
    assert answer.status_code == 413
    assert "请拆成几个文件" in answer.text
    _assert_hard(answer)


def test_the_cookie_key_is_the_same_after_a_restart_and_not_in_the_config_file(house: House) -> None:
    first, second = create_app(house, CHEAP).config["SECRET_KEY"], create_app(house, CHEAP).config["SECRET_KEY"]
    assert first == second
    assert len(first) == 32
