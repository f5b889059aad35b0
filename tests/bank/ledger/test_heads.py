import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bank.ground.actors import Actor
from bank.ground.db import Database
from bank.ground.errors import CheckFailed
from bank.ledger.heads import (
    LedgerSigner,
    check_growth,
    public_key,
    signed_head,
    verify_growth,
    verify_head,
    verify_proof,
)
from bank.ledger.log import LedgerEntry, LedgerHead, LedgerNode, append, canonical
from bank.ledger.proofs import growth, proof
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of

WANG = Actor("wang", 1)
OpenDatabase = Callable[[str], Database]


def write(database: Database, count: int, kind: str = "item.read") -> None:
    with database.unit_of_work() as session:
        for number in range(count):
            append(session, WANG, kind, {"items": [number]})


def sign(database: Database) -> tuple[dict[str, Any], bytes]:
    with database.unit_of_work() as session:
        return signed_head(session), public_key(session)


def wipe(database: Database) -> None:
    with database.unit_of_work() as session:
        for table in (LedgerEntry, LedgerNode, LedgerHead):
            session.execute(sa.delete(table))


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_signed_head_travels_as_json(database: Database, count: int) -> None:
    write(database, count)
    head, key = sign(database)
    received = json.loads(json.dumps(head, ensure_ascii=False, indent=2))
    assert received["size"] == count
    assert verify_head(received, key)


def test_an_outsider_needs_only_the_json_and_a_crypto_library(database: Database) -> None:
    write(database, 5)
    head, key = sign(database)
    signature = bytes.fromhex(head.pop("signature"))
    text = json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    Ed25519PublicKey.from_public_bytes(key).verify(signature, text)


def test_every_changed_word_is_refused(database: Database) -> None:
    write(database, 5)
    head, key = sign(database)
    for name, value in (
        ("size", 4),
        ("size", True),
        ("size", 5.0),
        ("root", "00" * 32),
        ("at", "2020-01-01T00:00:00+00:00"),
        ("title", "other log"),
        ("key", "00" * 32),
        ("signature", "00" * 64),
        ("signature", "not hex"),
        ("signature", None),
    ):
        assert not verify_head(head | {name: value}, key), name
    for name in head:
        assert not verify_head({given: value for given, value in head.items() if given != name}, key), name
    assert not verify_head({}, key)
    assert not verify_head(head, bytes(32))
    assert not verify_head(head, b"short")


def test_a_signature_for_another_use_of_the_key_is_no_head() -> None:
    private = Ed25519PrivateKey.generate()
    key = private.public_key().public_bytes_raw()
    for title, accepted in (("tidun ledger head 1", True), ("another use", False)):
        head = {"title": title, "size": 5, "root": "00" * 32, "at": "2026-03-14T09:00:00+00:00", "key": key.hex()}
        assert verify_head(head | {"signature": private.sign(canonical(head)).hex()}, key) is accepted


def test_one_key_signs_and_only_its_sealed_half_is_stored(database: Database, tmp_path: Path) -> None:
    keys = {sign(database)[1] for _ in range(3)}
    assert len(keys) == 1
    with database.reading() as session:
        (signer,) = session.scalars(sa.select(LedgerSigner)).all()
        place = Context(None, "ledger_signer", "1", 1, "private_key")
        private = vault_of(session).open(session, Purpose.LEDGER, place, signer.private_key)
    assert len(private) == 32
    assert private not in b"".join(path.read_bytes() for path in tmp_path.glob("tidun.db*"))


def test_later_heads_need_no_unit_of_work(database: Database) -> None:
    with database.reading() as session, pytest.raises(RuntimeError):
        signed_head(session)
    _, key = sign(database)
    write(database, 2)
    with database.reading() as session:
        assert verify_head(signed_head(session), key)


def test_acts_that_may_still_be_rolled_back_are_not_signed(database: Database) -> None:
    sign(database)
    with database.unit_of_work() as session:
        append(session, WANG, "item.read", {})
        with session.begin_nested():
            session.flush()
        with pytest.raises(RuntimeError, match="committed"):
            signed_head(session)


@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_first_signers_who_meet_share_one_key(
    kind: str, request: pytest.FixtureRequest, open_database: OpenDatabase
) -> None:
    databases = [open_database(request.getfixturevalue(kind)) for _ in range(4)]
    start = Barrier(len(databases))

    def work(database: Database) -> tuple[dict[str, Any], bytes]:
        start.wait()
        return sign(database)

    with ThreadPoolExecutor(len(databases)) as pool:
        found = list(pool.map(work, databases))
    assert len({key for _, key in found}) == 1
    assert all(verify_head(head, key) for head, key in found)


def test_growth_under_an_earlier_head_passes(database: Database) -> None:
    heads = []
    for count in (0, 3, 1, 9):
        write(database, count)
        heads.append(sign(database))
    with database.reading() as session:
        for head, key in heads:
            check_growth(session, head, key)


def test_a_ledger_shorter_than_its_witnessed_head_is_reported(database: Database) -> None:
    write(database, 6)
    head, key = sign(database)
    wipe(database)
    write(database, 4)
    with database.reading() as session, pytest.raises(CheckFailed, match="现有 4 条，少于已签出的 6 条"):
        check_growth(session, head, key)


def test_a_ledger_that_was_rewritten_and_regrown_is_reported(database: Database) -> None:
    write(database, 6)
    head, key = sign(database)
    wipe(database)
    write(database, 9, kind="forged")
    with database.reading() as session:
        with pytest.raises(CheckFailed, match="前 6 条操作记录与已签出的树头不符"):
            check_growth(session, head, key)
        forked = growth(session, 6)
    new, _ = sign(database)
    assert verify_head(new, key)
    assert not verify_growth(forked, head, new)


def test_a_head_that_this_ledger_did_not_sign_is_refused(database: Database) -> None:
    write(database, 6)
    head, key = sign(database)
    with database.reading() as session:
        for wrong in (head | {"size": 5}, {}, head | {"signature": "00" * 64}):
            with pytest.raises(CheckFailed, match="签名不对"):
                check_growth(session, wrong, key)


@pytest.mark.parametrize(
    "malformed",
    [
        {"path": None},
        {"path": ["zz"]},
        {"path": [7]},
        {"seq": None},
        {"seq": "3"},
        {"seq": 0},
        {"entry": None},
        {"entry": 7},
        {"path": []},
    ],
    ids=str,
)
def test_a_malformed_proof_proves_nothing(database: Database, malformed: dict[str, object]) -> None:
    write(database, 6)
    head, _ = sign(database)
    with database.reading() as session:
        found = proof(session, 3)
    assert verify_proof(found, head)
    assert not verify_proof(found | malformed, head)
    assert not verify_proof({}, head)
    assert not verify_proof(found, {})


@pytest.mark.parametrize("malformed", [{"path": None}, {"path": ["zz"]}, {"path": [7]}, {"path": []}], ids=str)
def test_a_malformed_growth_proves_nothing(database: Database, malformed: dict[str, object]) -> None:
    write(database, 3)
    old, _ = sign(database)
    write(database, 4)
    new, _ = sign(database)
    with database.reading() as session:
        found = growth(session, 3)
    assert verify_growth(found, old, new)
    assert not verify_growth(found | malformed, old, new)
    assert not verify_growth({}, old, new)
    assert not verify_growth(found, {}, new)
    assert not verify_growth(found, old | {"size": "3"}, new)
