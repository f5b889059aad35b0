"""Databases with nothing but the ledger and the table of keys that its signer needs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bank.ground.db import Base, Database
from bank.ledger.heads import LedgerSigner
from bank.ledger.log import LedgerEntry, LedgerHead, LedgerNode
from bank.vault.keyring import DataKey
from bank.vault.providers import FileKeyProvider
from bank.vault.vault import Vault

TABLES = [Base.metadata.tables[t.__tablename__] for t in (LedgerEntry, LedgerNode, LedgerHead, LedgerSigner, DataKey)]


@pytest.fixture
def open_database(tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Open a database under one root key, as a process of its own would."""
    FileKeyProvider.create(tmp_path / "tidun.key")
    opened = []

    def open_it(url: str) -> Database:
        database = Database(url, {"vault": Vault(FileKeyProvider(tmp_path / "tidun.key"))})
        opened.append(database)
        Base.metadata.create_all(database.engine, tables=TABLES)
        return database

    yield open_it
    for database in opened:
        database.close()


@pytest.fixture
def database(open_database: Callable[[str], Database], sqlite_url: str) -> Database:
    return open_database(sqlite_url)
