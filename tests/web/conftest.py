"""The standing cast: 命题员老王, 审题专家, 考务李姐, 市局督导员, and people who must see nothing of theirs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.web.cast import CHEAP, Browser, Stock, people_the_home
from web.app import create_app
from web.house import House, create_home, open_home
from web.jobs import Jobs


@pytest.fixture(scope="session")
def peopled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the cast and two empty banks, made once and copied for each test."""
    home = tmp_path_factory.mktemp("cast") / "home"
    house = create_home(home)
    people_the_home(house)
    house.database.close()
    return home


@pytest.fixture
def starting_home(peopled_home: Path) -> Path:
    """The cast's home; modules that need more in it say so."""
    return peopled_home


@pytest.fixture(scope="session")
def made_app(peopled_home: Path) -> Flask:
    """The application with cheap passwords, made once: its routes and templates are the same for every home."""
    house = open_home(peopled_home)
    made = create_app(house, CHEAP)
    house.database.close()
    return made


@pytest.fixture
def app(made_app: Flask, house: House) -> Flask:
    """The application over the home of this test."""
    made_app.extensions |= {"tidun": house, "tidun_jobs": Jobs(house, worker=False)}
    return made_app


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """A browser nobody has signed in with."""
    return Browser(app.test_client())


@pytest.fixture
def as_user(app: Flask) -> Callable[[str], Browser]:
    """Signs one of the cast in, in a browser of their own."""

    def sign_in(login: str) -> Browser:
        browser = Browser(app.test_client())
        assert browser.sign_in(login).status_code == 302
        return browser

    return sign_in


@pytest.fixture
def wang(as_user: Callable[[str], Browser]) -> Browser:
    return as_user("wang")


@pytest.fixture
def shen(as_user: Callable[[str], Browser]) -> Browser:
    return as_user("shen")


@pytest.fixture
def li(as_user: Callable[[str], Browser]) -> Browser:
    return as_user("li")


@pytest.fixture
def du(as_user: Callable[[str], Browser]) -> Browser:
    return as_user("du")


@pytest.fixture
def stock(house: House) -> Stock:
    """Fills the home's banks."""
    return Stock(house)
