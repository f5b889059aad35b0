from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from bank.ground.db import Database
from bank.ground.errors import BadInput
from bank.vault.envelope import Suite, VaultError
from bank.vault.keyring import DataKey, KeyState, Purpose, check_root, status, unwrap
from bank.vault.providers import FileKeyProvider
from bank.vault.vault import Context, vault_of

OpenDatabase = Callable[..., Database]
PLACE = Context(7, "item", "12", 1, "question")


def seal(database: Database, place: Context = PLACE, purpose: Purpose = Purpose.BANK) -> bytes:
    with database.unit_of_work() as session:
        return vault_of(session).seal(session, purpose, place, b"text")


def open_again(database: Database, blob: bytes, place: Context = PLACE) -> bytes:
    with database.reading() as session:
        return vault_of(session).open(session, Purpose.BANK, place, blob)


def count(database: Database) -> int | None:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count(DataKey.id)))


def test_a_key_is_made_on_first_use_only(database: Database, suite: Suite) -> None:
    for _ in range(2):
        seal(database)
    with database.reading() as session:
        (key,) = status(session)
    assert (key.slot.institution_id, key.slot.purpose, key.slot.version) == (7, Purpose.BANK, 1)
    assert (key.slot.suite, key.state, key.wrapped_by()[0]) == (suite, KeyState.PRIMARY, "file")


def test_every_institution_and_purpose_has_a_key_of_its_own(database: Database, key_file: Path) -> None:
    places = [Context(owner, "item", "12", 1, "question") for owner in (None, 7, 8)]
    for place in places:
        for purpose in Purpose:
            seal(database, place, purpose)
    with database.reading() as session:
        secrets = {unwrap(FileKeyProvider(key_file), key) for key in status(session)}
    assert len(secrets) == len(places) * len(Purpose)


def test_a_key_that_was_rolled_back_is_not_used_again(database: Database) -> None:
    with database.unit_of_work() as session:
        vault_of(session).seal(session, Purpose.BANK, PLACE, b"text")
        session.rollback()
    assert count(database) == 0
    assert open_again(database, seal(database)) == b"text"


def test_a_key_that_a_savepoint_took_back_is_not_used_again(database: Database) -> None:
    with database.unit_of_work() as session:
        savepoint = session.begin_nested()
        vault_of(session).seal(session, Purpose.BANK, PLACE, b"lost")
        savepoint.rollback()
        blob = vault_of(session).seal(session, Purpose.BANK, PLACE, b"text")
    assert open_again(database, blob) == b"text"


@pytest.mark.parametrize("owner", [7, None], ids=["institution", "house"])
def test_a_version_exists_once(database: Database, owner: int | None) -> None:
    seal(database, Context(owner, "item", "12", 1, "question"))
    with database.unit_of_work() as session:
        row = session.execute(sa.select(DataKey.__table__).where(DataKey.version == 1)).one()._asdict()
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(sa.insert(DataKey).values(**row | {"id": 99}))


@pytest.mark.parametrize("column", ["institution_id", "purpose", "version", "suite"])
def test_a_wrapped_key_serves_only_its_own_row(
    open_database: OpenDatabase, sqlite_url: str, key_file: Path, column: str
) -> None:
    database = open_database(sqlite_url, key_file)
    blob = seal(database)
    moved = {"institution_id": 8, "purpose": Purpose.KEY, "version": 2, "suite": Suite.SM4_GCM}
    with database.unit_of_work() as session:
        session.execute(sa.update(DataKey).values({column: moved[column]}))
    with database.reading() as session:
        (key,) = status(session)
        with pytest.raises(VaultError):
            unwrap(FileKeyProvider(key_file), key)
    with pytest.raises(VaultError):
        open_again(database, blob)


@pytest.mark.parametrize("wrapped", [b"\x00", b"\x00\x00\x00\x04file", b"\xff" * 40, b"\x00\x00\x00\x00" * 3])
def test_a_damaged_wrapped_key_is_a_vault_error(database: Database, wrapped: bytes) -> None:
    blob = seal(database)
    with database.unit_of_work() as session:
        session.execute(sa.update(DataKey).values(wrapped=wrapped))
    with pytest.raises(VaultError):
        open_again(database, blob)


def test_the_wrong_root_key_is_refused_and_writes_nothing(
    open_database: OpenDatabase, sqlite_url: str, key_file: Path, tmp_path: Path
) -> None:
    blob = seal(open_database(sqlite_url, key_file))
    other_file = tmp_path / "other.key"
    FileKeyProvider.create(other_file)
    intruder = open_database(sqlite_url, other_file)
    with intruder.reading() as session, pytest.raises(BadInput) as raised:
        vault_of(session).check(session)
    assert str(other_file) in raised.value.message
    assert FileKeyProvider(key_file).key_id() in raised.value.message
    with pytest.raises(VaultError):
        seal(intruder)
    with pytest.raises(BadInput):
        seal(intruder, Context(8, "item", "1", 1, "question"))
    with pytest.raises(VaultError):
        open_again(intruder, blob)
    assert count(intruder) == 1


def test_the_right_root_key_and_an_empty_database_pass(database: Database, key_file: Path) -> None:
    provider = FileKeyProvider(key_file)
    with database.reading() as session:
        check_root(session, provider)
    seal(database)
    with database.reading() as session:
        check_root(session, provider)


@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_writers_who_meet_at_the_first_use_share_one_key(
    kind: str, request: pytest.FixtureRequest, open_database: OpenDatabase, key_file: Path
) -> None:
    url = request.getfixturevalue(kind)
    databases = [open_database(url, key_file) for _ in range(6)]
    start = Barrier(len(databases))

    def work(database: Database) -> bytes:
        start.wait()
        return seal(database, Context(None, "item", "12", 1, "question"))

    with ThreadPoolExecutor(len(databases)) as pool:
        blobs = list(pool.map(work, databases))
    assert count(databases[0]) == 1
    for blob in blobs:
        assert open_again(databases[0], blob, Context(None, "item", "12", 1, "question")) == b"text"
