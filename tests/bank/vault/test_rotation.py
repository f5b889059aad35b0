from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from bank.ground.db import Database
from bank.ground.errors import BadInput, NotFound, Refused
from bank.vault.envelope import Suite, VaultError, read_header
from bank.vault.keyring import KeyState, Purpose, status
from bank.vault.providers import FileKeyProvider
from bank.vault.rotation import change_root, destroy, reinstate, retire, rotate
from bank.vault.vault import Context, vault_of

OpenDatabase = Callable[..., Database]
PLACE = Context(7, "item", "12", 1, "question")
BANK = (7, Purpose.BANK)


def seal(database: Database, text: bytes = b"text") -> bytes:
    with database.unit_of_work() as session:
        return vault_of(session).seal(session, Purpose.BANK, PLACE, text)


def open_again(database: Database, blob: bytes) -> bytes:
    with database.reading() as session:
        return vault_of(session).open(session, Purpose.BANK, PLACE, blob)


def turn(database: Database, suite: Suite = Suite.AES_256_GCM) -> int:
    with database.unit_of_work() as session:
        return rotate(session, vault_of(session).provider, suite, *BANK).version


def states(database: Database) -> list[KeyState]:
    with database.reading() as session:
        return [key.state for key in status(session)]


def test_both_keys_open_after_a_rotation_and_the_new_one_seals(database: Database) -> None:
    old = seal(database)
    assert turn(database) == 2
    new = seal(database)
    assert (read_header(old)[0], read_header(new)[0]) == (1, 2)
    assert open_again(database, old) == open_again(database, new) == b"text"
    assert states(database) == [KeyState.DECRYPT_ONLY, KeyState.PRIMARY]


def test_rotation_may_change_the_suite(database: Database) -> None:
    old = seal(database)
    for number, suite in enumerate(Suite, 2):
        turn(database, suite)
        assert read_header(seal(database)) == (number, suite)
    assert open_again(database, old) == b"text"


def test_rotation_is_seen_within_its_own_transaction(database: Database) -> None:
    seal(database)
    with database.unit_of_work() as session:
        vault = vault_of(session)
        vault.seal(session, Purpose.BANK, PLACE, b"text")
        rotate(session, vault.provider, vault.suite, *BANK)
        assert read_header(vault.seal(session, Purpose.BANK, PLACE, b"text"))[0] == 2


def test_a_rotation_that_is_rolled_back_changes_nothing(database: Database) -> None:
    old = seal(database)
    with database.unit_of_work() as session:
        rotate(session, vault_of(session).provider, Suite.SM4_GCM, *BANK)
        session.rollback()
    assert states(database) == [KeyState.PRIMARY]
    assert read_header(seal(database))[0] == 1
    assert open_again(database, old) == b"text"


def test_resealing_moves_a_record_to_the_new_key_once(database: Database) -> None:
    old = seal(database)
    turn(database, Suite.SM4_GCM)
    with database.unit_of_work() as session:
        vault = vault_of(session)
        new = vault.reseal(session, Purpose.BANK, PLACE, old)
        assert vault.reseal(session, Purpose.BANK, PLACE, new) is new
    assert read_header(new) == (2, Suite.SM4_GCM)
    assert open_again(database, new) == b"text"


def test_a_retired_key_opens_nothing_until_it_is_reinstated(database: Database) -> None:
    old = seal(database)
    turn(database)
    with database.unit_of_work() as session:
        retire(session, *BANK, 1)
        with pytest.raises(VaultError):
            vault_of(session).open(session, Purpose.BANK, PLACE, old)
    with pytest.raises(VaultError):
        open_again(database, old)
    with database.unit_of_work() as session:
        reinstate(session, *BANK, 1)
    assert open_again(database, old) == b"text"


def test_a_destroyed_key_is_gone_also_for_restored_records(
    open_database: OpenDatabase, sqlite_url: str, key_file: Path
) -> None:
    database = open_database(sqlite_url, key_file)
    kept_in_a_backup = seal(database)
    turn(database)
    with database.unit_of_work() as session:
        retire(session, *BANK, 1)
    with database.unit_of_work() as session:
        destroy(session, *BANK, 1)
        with pytest.raises(Refused, match="已经销毁"):
            reinstate(session, *BANK, 1)
    for reader in (database, open_database(sqlite_url, key_file)):
        with pytest.raises(VaultError):
            open_again(reader, kept_in_a_backup)
    with database.reading() as session:
        assert status(session)[0].wrapped == b""
        assert status(session)[0].wrapped_by() == ("", "")
        vault_of(session).check(session)


def test_only_a_retired_key_is_destroyed_and_only_an_old_one_retired(database: Database) -> None:
    seal(database)
    with database.unit_of_work() as session:
        with pytest.raises(Refused, match="仍在使用"):
            retire(session, *BANK, 1)
        with pytest.raises(Refused, match="尚未停用"):
            destroy(session, *BANK, 1)
        with pytest.raises(NotFound, match="第 5 版"):
            retire(session, *BANK, 5)
    assert states(database) == [KeyState.PRIMARY]


def test_no_key_changes_in_a_reading_session(database: Database) -> None:
    seal(database)
    with database.reading() as session:
        for act in (retire, reinstate, destroy):
            with pytest.raises(RuntimeError):
                act(session, *BANK, 1)
        with pytest.raises(RuntimeError):
            rotate(session, vault_of(session).provider, Suite.SM4_GCM, *BANK)


def test_a_new_root_key_takes_over_every_key(
    open_database: OpenDatabase, sqlite_url: str, key_file: Path, tmp_path: Path
) -> None:
    database = open_database(sqlite_url, key_file)
    old = seal(database)
    turn(database)
    new_file = tmp_path / "new.key"
    FileKeyProvider.create(new_file)
    new_root = FileKeyProvider(new_file)
    with database.unit_of_work() as session:
        assert change_root(session, FileKeyProvider(key_file), new_root) == 2
    later = open_database(sqlite_url, new_file)
    assert open_again(later, old) == b"text"
    with later.reading() as session:
        assert {key.wrapped_by() for key in status(session)} == {("file", new_root.key_id())}
    with database.reading() as session, pytest.raises(BadInput):
        vault_of(session).check(session)
    with database.unit_of_work() as session, pytest.raises(BadInput):
        change_root(session, FileKeyProvider(key_file), new_root)


def test_rotation_waits_for_those_who_are_sealing(
    open_database: OpenDatabase, postgres_url: str, key_file: Path
) -> None:
    database, other = (open_database(postgres_url, key_file) for _ in range(2))
    seal(database)
    with database.unit_of_work() as session:
        vault_of(session).seal(session, Purpose.BANK, PLACE, b"in flight")
        with other.unit_of_work() as rotating:
            rotating.execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
            with pytest.raises(sa.exc.OperationalError):
                rotate(rotating, vault_of(rotating).provider, Suite.SM4_GCM, *BANK)
            rotating.rollback()
    assert turn(other) == 2
