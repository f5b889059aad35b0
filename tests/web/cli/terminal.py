"""A terminal without a process: runs `tidun`, keeps what it printed, and looks at what it left behind."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from web.cli import cli
from web.cli.frame import run


@dataclass(frozen=True)
class Ran:
    """What one run of `tidun` came to."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The one JSON object on stdout; anything beside it there fails."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def sentence(self) -> str:
        """The one Chinese sentence of a failure; anything beside it on either stream fails."""
        assert self.out == ""
        assert self.err.endswith("\n")
        told = self.err[:-1]
        assert told.splitlines() == [told]
        assert re.search("[一-鿿]{2}", told)
        assert "Traceback" not in told
        return told


@dataclass
class Terminal:
    """Where somebody types `tidun …`, in a folder of their own and with a home."""

    capsys: pytest.CaptureFixture[str]
    home: Path

    def __call__(self, *words: object) -> Ran:
        """Run one command in this process."""
        self.capsys.readouterr()
        status = run(cli, [str(word) for word in words])
        said = self.capsys.readouterr()
        return Ran(status, said.out, said.err)

    def ok(self, *words: object) -> dict[str, Any]:
        """The JSON of a command that must succeed."""
        ran = self(*words, "--json")
        assert ran.status == 0, ran.err
        return ran.data

    def rows(self) -> dict[str, int]:
        """How many rows each table of the home's database has."""
        with closing(sqlite3.connect(f"file:{self.home / 'tidun.db'}?mode=ro", uri=True)) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
