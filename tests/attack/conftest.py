"""The standing cast of the web tests, for attacks on the whole house."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.web.conftest import (
    app,
    as_user,
    du,
    li,
    made_app,
    peopled_home,
    shen,
    starting_home,
    stock,
    stranger,
    wang,
)
from web import shown as pages

__all__ = [
    "app",
    "as_user",
    "du",
    "li",
    "made_app",
    "peopled_home",
    "shen",
    "starting_home",
    "stock",
    "stranger",
    "wang",
]


@pytest.fixture
def shown(app: Flask) -> Iterator[Callable[[str], str]]:
    """A text as a page shows it."""
    with app.test_request_context():
        yield pages.shown
