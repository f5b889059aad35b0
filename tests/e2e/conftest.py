"""The real server and a real Chromium for every journey; the home is each test file's own."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
import waitress

from tests.e2e.person import Person
from tests.web.cast import CHEAP
from web.app import create_app
from web.house import House

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WHY_NOT = "没有找到 Chromium：请安装 chromium 后再跑浏览器用例"


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The real server on a free port of the loopback."""
    app = create_app(house, CHEAP, worker=True)
    worker = app.extensions["tidun_jobs"].start_worker()
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    worker.stop(graceful=True)
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def person(address: str) -> Iterator[Callable[[str], Person]]:
    """Signs one of the cast in, in a browser of their own; afterwards no page may have had trouble."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail(WHY_NOT)
        pytest.skip(WHY_NOT)
    from playwright.sync_api import sync_playwright

    people: list[Person] = []
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)

        def sign_in(login: str) -> Person:
            one = Person(browser, address)
            people.append(one)
            one.sign_in(login)
            return one

        yield sign_in
        browser.close()
    assert [trouble for one in people for trouble in one.troubles] == []
