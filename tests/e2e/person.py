"""Somebody at a browser. `TIDUN_SHOTS=DIR` keeps a picture of each page on the way, at the size of an office screen."""

import os
from pathlib import Path

from tests.web.cast import PASSWORD

SCREEN = {"width": 1366, "height": 768}


class Person:
    """Somebody at a browser: signs in, walks, and fails on any error of the page's own code."""

    def __init__(self, browser: object, address: str) -> None:
        self.address = address
        self.context = browser.new_context(viewport=SCREEN, locale="zh-CN", accept_downloads=True)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._hear)
        self.page.on("request", self._watch)
        self.troubles: list[str] = []

    def _hear(self, message: object) -> None:
        if message.type == "error" and "status of 422" not in message.text:
            self.troubles.append(message.text)

    def _watch(self, request: object) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.troubles.append(f"asked another server: {request.url}")

    def sign_in(self, login: str) -> None:
        """Through the login form."""
        self.go("/login")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.press("登录")

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        """Press a button by its words and wait for the next page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow a link by its words."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def arrive(self, title: str) -> None:
        """Wait until the page of a job has led to this page."""
        self.page.wait_for_function("title => document.querySelector('h1').innerText === title", arg=title)

    @property
    def title(self) -> str:
        """What the page says."""
        return self.page.inner_text("h1")

    def shot(self, name: str) -> None:
        """Keep a picture if asked to."""
        folder = os.environ.get("TIDUN_SHOTS")
        if folder:
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))
