import pickle
import traceback
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bank.ground.db import Database
from bank.vault import vault as vault_room
from bank.vault.envelope import Suite, VaultError
from bank.vault.keyring import DataKey, Purpose, unwrap
from bank.vault.providers import FileKeyProvider
from bank.vault.rotation import rotate
from bank.vault.vault import OF_THE_HOUSE, Context, Vault, vault_of

PLACE = Context(7, "item", "12", 1, "question")
TEXT = "短路时应先断开电源".encode()


def test_opens_what_it_sealed_in_any_later_session(database: Database) -> None:
    with database.unit_of_work() as session:
        blob = vault_of(session).seal(session, Purpose.BANK, PLACE, TEXT)
        assert vault_of(session).open(session, Purpose.BANK, PLACE, blob) == TEXT
    with database.reading() as session:
        assert vault_of(session).open(session, Purpose.BANK, PLACE, blob) == TEXT


def test_nothing_of_the_text_is_in_the_database_files(database: Database, tmp_path: Path) -> None:
    with database.unit_of_work() as session:
        blob = vault_of(session).seal(session, Purpose.BANK, PLACE, TEXT)
        session.execute(sa.text("CREATE TABLE kept (blob BLOB)"))
        session.execute(sa.text("INSERT INTO kept VALUES (:blob)"), {"blob": blob})
    found = b"".join(path.read_bytes() for path in tmp_path.glob("tidun.db*"))
    assert blob[:32] in found
    assert TEXT not in found


@pytest.mark.parametrize(
    "change",
    [
        {"institution": 8},
        {"institution": None},
        {"record": "paper"},
        {"id": "13"},
        {"version": 2},
        {"column": "answer"},
        {"record": "item1", "id": "2"},
        {"id": "1", "version": 21},
    ],
    ids="+".join,
)
def test_a_record_opens_only_in_its_own_place(database: Database, change: dict[str, object]) -> None:
    elsewhere = replace(PLACE, **change)
    with database.unit_of_work() as session:
        vault = vault_of(session)
        blob = vault.seal(session, Purpose.BANK, PLACE, TEXT)
        vault.seal(session, Purpose.BANK, elsewhere, TEXT)
        with pytest.raises(VaultError):
            vault.open(session, Purpose.BANK, elsewhere, blob)


def test_no_two_places_share_their_associated_data() -> None:
    """Institutions have keys of their own, and still their records do not fit each other's places."""
    owners: tuple[int | None, ...] = (None, 1, 11)
    places = [
        (purpose, Context(owner, record, number, version, column))
        for purpose in (Purpose.BANK, Purpose.KEY)
        for owner in owners
        for record in ("item", "item1")
        for number in ("", "1", "11")
        for version in (1, 11)
        for column in ("question", "answer")
    ]
    assert len({place.associated(purpose) for purpose, place in places}) == len(places)


def test_a_record_opens_only_for_its_own_purpose(database: Database) -> None:
    with database.unit_of_work() as session:
        vault = vault_of(session)
        sealed = {purpose: vault.seal(session, purpose, PLACE, TEXT) for purpose in Purpose}
        for purpose in Purpose:
            for given, blob in sealed.items():
                if given is purpose:
                    assert vault.open(session, purpose, PLACE, blob) == TEXT
                else:
                    with pytest.raises(VaultError):
                        vault.open(session, purpose, PLACE, blob)


@pytest.mark.parametrize("blob", [b"", b"\xb7", b"\xb7\x01\x01\x00\x00\x00\x09" + bytes(184), bytes(191)])
def test_what_is_no_record_is_a_vault_error(database: Database, blob: bytes) -> None:
    with database.reading() as session, pytest.raises(VaultError):
        vault_of(session).open(session, Purpose.BANK, PLACE, blob)


def test_an_unknown_institution_is_a_vault_error_and_gets_no_key(database: Database) -> None:
    with database.unit_of_work() as session:
        blob = vault_of(session).seal(session, Purpose.BANK, PLACE, TEXT)
        with pytest.raises(VaultError):
            vault_of(session).open(session, Purpose.BANK, replace(PLACE, institution=99), blob)
        assert session.scalar(sa.select(sa.func.count(DataKey.id))) == 1


def test_secrets_are_stable_and_differ_by_label_and_purpose(database: Database) -> None:
    labels = [(purpose, label) for purpose in (Purpose.INDEX, Purpose.TRACE) for label in ("stem", "whole")]
    with database.unit_of_work() as session:
        first = [vault_of(session).secret(session, *given) for given in labels]
    with database.reading() as session:
        assert [vault_of(session).secret(session, *given) for given in labels] == first
    assert len(set(first)) == len(labels)
    assert {len(secret) for secret in first} == {32}


def test_a_secret_changes_with_its_key_and_says_so(database: Database) -> None:
    with database.unit_of_work() as session:
        vault = vault_of(session)
        before = vault.secret(session, Purpose.INDEX, "stem")
        assert vault.secret_version(session, Purpose.INDEX) == 1
        rotate(session, vault.provider, vault.suite, None, Purpose.INDEX)
        assert vault.secret(session, Purpose.INDEX, "stem") != before
        assert vault.secret_version(session, Purpose.INDEX) == 2


def test_a_reading_session_makes_no_key(database: Database) -> None:
    """A secret of a key that is never committed would fit nothing that is stored later."""
    with database.reading() as session, pytest.raises(RuntimeError):
        vault_of(session).secret(session, Purpose.INDEX, "stem")
    with database.unit_of_work() as session:
        vault_of(session).establish(session)
    with database.reading() as session:
        assert len(vault_of(session).secret(session, Purpose.INDEX, "stem")) == 32
        assert {key.slot.purpose for key in vault_of(session).status(session)} == set(OF_THE_HOUSE)


def test_more_keys_than_the_cache_holds(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str, key_file: Path, database: Database
) -> None:
    monkeypatch.setattr(vault_room, "CACHED_KEYS", 2)
    small = Vault(FileKeyProvider(key_file))
    with database.unit_of_work() as session:
        places = [replace(PLACE, institution=number) for number in range(1, 6)]
        blobs = [small.seal(session, Purpose.BANK, place, TEXT) for place in places]
        for place, blob in zip(places, blobs, strict=True):
            assert small.open(session, Purpose.BANK, place, blob) == TEXT


def test_the_suite_of_settings_is_for_new_keys(database: Database, key_file: Path) -> None:
    with database.unit_of_work() as session:
        blob = vault_of(session).seal(session, Purpose.BANK, PLACE, TEXT)
        for suite in Suite:
            later = Vault(FileKeyProvider(key_file), suite.value)
            assert later.open(session, Purpose.BANK, PLACE, blob) == TEXT
            assert later.open(session, Purpose.BANK, PLACE, later.seal(session, Purpose.BANK, PLACE, TEXT)) == TEXT


def test_shows_no_secret_anywhere(database: Database, key_file: Path) -> None:
    with database.unit_of_work() as session:
        vault = vault_of(session)
        blob = vault.seal(session, Purpose.BANK, PLACE, TEXT)
        (row,) = vault.status(session)
        key = unwrap(FileKeyProvider(key_file), row)
        secrets = (key, row.wrapped, bytes.fromhex(key_file.read_text().split()[1]))
        try:
            vault.open(session, Purpose.KEY, PLACE, blob)
        except VaultError:
            failure = traceback.format_exc()
        shown = f"{vault!r} {vault} {row!r} {row} {session.info} {failure}"
    for secret in secrets:
        assert repr(secret)[2:-1] not in shown
        assert secret.hex() not in shown
    assert TEXT.decode() not in shown
    with pytest.raises(TypeError):
        pickle.dumps(vault)


def test_a_database_error_shows_no_record(database: Database) -> None:
    with database.unit_of_work() as session:
        blob = vault_of(session).seal(session, Purpose.BANK, PLACE, TEXT)
        with pytest.raises(sa.exc.IntegrityError) as raised, session.begin_nested():
            session.execute(sa.insert(DataKey).values(purpose=Purpose.BANK, version=1, wrapped=blob))
    assert repr(blob)[2:-1] not in str(raised.value)
