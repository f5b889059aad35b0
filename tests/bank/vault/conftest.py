"""A root key and databases with nothing but the table of keys."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bank.ground.db import Base, Database
from bank.vault.envelope import Suite
from bank.vault.keyring import DataKey
from bank.vault.providers import FileKeyProvider
from bank.vault.vault import Vault

OpenDatabase = Callable[..., Database]


@pytest.fixture(params=list(Suite))
def suite(request: pytest.FixtureRequest) -> Suite:
    found: Suite = request.param
    return found


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "tidun.key"
    FileKeyProvider.create(path)
    return path


@pytest.fixture
def open_database() -> Iterator[OpenDatabase]:
    """Open a database under a vault, as a process of its own would."""
    opened = []

    def open_it(url: str, key_file: Path, suite: Suite = Suite.AES_256_GCM) -> Database:
        database = Database(url, {"vault": Vault(FileKeyProvider(key_file, suite), suite)})
        opened.append(database)
        Base.metadata.create_all(database.engine, tables=[Base.metadata.tables[DataKey.__tablename__]])
        return database

    yield open_it
    for database in opened:
        database.close()


@pytest.fixture
def database(open_database: OpenDatabase, sqlite_url: str, key_file: Path, suite: Suite) -> Database:
    return open_database(sqlite_url, key_file, suite)
