"""How fast the vault seals and opens, and the ledger appends and checks itself.

Every vault figure stands beside the bare cipher measured in the same run on the same records, so that the ratio
holds on any machine: `python benchmarks/vault_ledger.py [--records 20000] [--entries 100000] [--json]`. Runs in a
temporary folder that is deleted.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bank.ground.actors import OPERATOR
from bank.ground.db import Base, Database
from bank.ledger.heads import LedgerSigner
from bank.ledger.log import LedgerEntry, LedgerHead, LedgerNode, append
from bank.ledger.proofs import growth, proof, verify
from bank.vault.envelope import Suite
from bank.vault.keyring import DataKey, Purpose
from bank.vault.providers import FileKeyProvider
from bank.vault.vault import Context, Vault

RECORD = 500
TABLES = [Base.metadata.tables[t.__tablename__] for t in (LedgerEntry, LedgerNode, LedgerHead, LedgerSigner, DataKey)]
Figures = dict[str, float]


def rate(count: int, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def bare_cipher(texts: list[bytes]) -> Figures:
    cipher, sealed = AESGCM(os.urandom(32)), list[tuple[bytes, bytes]]()

    def seal() -> None:
        for text in texts:
            nonce = os.urandom(12)
            sealed.append((nonce, cipher.encrypt(nonce, text, b"institution 7, item 12")))

    seals = rate(len(texts), seal)
    opens = rate(len(texts), lambda: [cipher.decrypt(nonce, body, b"institution 7, item 12") for nonce, body in sealed])
    return {"seals_per_s": seals, "opens_per_s": opens}


def through_vault(database: Database, vault: Vault, institution: int, texts: list[bytes]) -> Figures:
    blobs: list[bytes] = []
    with database.unit_of_work() as session:

        def seal() -> None:
            for number, text in enumerate(texts):
                place = Context(institution, "item", str(number), 1, "question")
                blobs.append(vault.seal(session, Purpose.BANK, place, text))

        def open_all() -> None:
            for number, blob in enumerate(blobs):
                vault.open(session, Purpose.BANK, Context(institution, "item", str(number), 1, "question"), blob)

        return {"seals_per_s": rate(len(texts), seal), "opens_per_s": rate(len(texts), open_all)}


def ledger(database: Database, count: int) -> Figures:
    def write(number_of_acts: int) -> None:
        with database.unit_of_work() as session:
            for number in range(number_of_acts):
                append(session, OPERATOR, "item.add", {"bank": 1, "status": "draft", "items": [number]})

    def singly() -> None:
        for _ in range(200):
            write(1)

    found = {
        "appends_one_commit_each_per_s": rate(200, singly),
        "appends_batched_per_s": rate(count, lambda: write(count)),
    }
    with database.reading() as session:
        size = verify(session).size
        found["verified_per_s"] = rate(size, lambda: verify(session))
        found["proofs_per_s"] = rate(200, lambda: [proof(session, 1 + number * (size // 200)) for number in range(200)])
        found["growths_per_s"] = rate(
            200, lambda: [growth(session, 1 + number * (size // 200)) for number in range(200)]
        )
    return found


def measure(folder: Path, records: int, acts: int) -> dict[str, Figures]:
    FileKeyProvider.create(folder / "tidun.key")
    database = Database(f"sqlite:///{folder / 'tidun.db'}")
    Base.metadata.create_all(database.engine, tables=TABLES)
    texts = [os.urandom(RECORD) for _ in range(records)]
    found = {"bare AES-256-GCM": bare_cipher(texts)}
    for institution, suite in enumerate(Suite, 1):
        vault = Vault(FileKeyProvider(folder / "tidun.key", suite), suite)
        found[suite.value] = through_vault(database, vault, institution, texts)
    found["ledger"] = ledger(database, acts)
    database.close()
    return found


def print_table(found: dict[str, Figures], records: int, acts: int) -> None:
    bare = found["bare AES-256-GCM"]
    print(f"{records} records of {RECORD} bytes")
    for name, figures in found.items():
        if name == "ledger":
            continue
        shares = "  ".join(f"{kind} {value:>9,.0f} ({value / bare[kind]:.2f})" for kind, value in figures.items())
        print(f"  {name:<18} {shares}")
    print(f"ledger of {acts} acts on SQLite, synchronous=FULL")
    for name, value in found["ledger"].items():
        print(f"  {name:<32} {value:>10,.0f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), given.records, given.entries)
    if given.json:
        print(json.dumps(found, indent=2))
    else:
        print_table(found, given.records, given.entries)
    return 0


if __name__ == "__main__":
    sys.exit(main())
