from collections.abc import Callable
from hashlib import sha256

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Database
from bank.ground.errors import BadInput, CheckFailed, NotFound
from bank.ledger import merkle, proofs
from bank.ledger.heads import verify_growth, verify_proof
from bank.ledger.log import LedgerEntry, LedgerHead, LedgerNode, append, canonical, entry_text
from bank.ledger.proofs import growth, proof, root_at, verify

WANG = Actor("wang", 1)
SIZE = 21
OpenDatabase = Callable[[str], Database]
Tamper = Callable[[Session], object]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of eight, so that a short ledger has whole chunks, a last one, and levels above."""
    monkeypatch.setattr(proofs, "_LEVELS", 3)
    monkeypatch.setattr(proofs, "_CHUNK", 8)


@pytest.fixture(params=["sqlite_url", "postgres_url"])
def ledger(request: pytest.FixtureRequest, open_database: OpenDatabase) -> Database:
    database = open_database(request.getfixturevalue(request.param))
    write(database, SIZE)
    return database


def write(database: Database, count: int) -> None:
    with database.unit_of_work() as session:
        for number in range(count):
            append(session, WANG, "item.read", {"items": [number]})


def tampered(database: Database, tamper: Tamper) -> proofs.Verification:
    """What checking finds after the tampering, which is then undone."""
    with database.unit_of_work() as session:
        tamper(session)
        found = verify(session)
        session.rollback()
    return found


def change(seq: int, /, **values: object) -> Tamper:
    return lambda session: session.execute(sa.update(LedgerEntry).where(LedgerEntry.seq == seq).values(**values))


def remove(first: int, last: int | None = None) -> Tamper:
    return lambda session: session.execute(sa.delete(LedgerEntry).where(LedgerEntry.seq.between(first, last or first)))


def insert(seq: int) -> Tamper:
    row = {"seq": seq, "at": now(), "kind": "item.read", "actor": "wang", "body": b"{}"}
    return lambda session: session.execute(sa.insert(LedgerEntry).values(**row))


def swap(one: int, two: int) -> Tamper:
    def act(session: Session) -> None:
        for source, target in ((one, -1), (two, one), (-1, two)):
            change(source, seq=target)(session)

    return act


def close_up(seq: int) -> Tamper:
    """Remove an entry and renumber those behind it."""

    def act(session: Session) -> None:
        remove(seq)(session)
        for later in range(seq + 1, SIZE + 1):
            change(later, seq=later - 1)(session)

    return act


def cut(size: int, *, nodes: bool) -> Tamper:
    """Cut the tail off and make the head agree, with the nodes left behind or cut as well."""

    def act(session: Session) -> None:
        remove(size + 1, SIZE)(session)
        rows = session.execute(sa.select(LedgerNode.level, LedgerNode.idx, LedgerNode.hash)).all()
        stored = {(level, index): found for level, index, found in rows}
        frontier = [stored[position] for position in merkle.frontier_positions(0, size)]
        session.execute(
            sa.update(LedgerHead).values(size=size, root=merkle.root_of(frontier), frontier=b"".join(frontier))
        )
        if nodes:
            for level, index in stored:
                if (index + 1) << level > size:
                    set_node(level, index, None)(session)

    return act


def set_node(level: int, index: int, found: bytes | None) -> Tamper:
    place = (LedgerNode.level == level, LedgerNode.idx == index)

    def act(session: Session) -> None:
        session.execute(sa.delete(LedgerNode).where(*place))
        if found is not None:
            session.execute(sa.insert(LedgerNode).values(level=level, idx=index, hash=found))

    return act


def change_with_leaf(seq: int) -> Tamper:
    """Change an entry and its leaf, as someone would who knows the tables but stops there."""

    def act(session: Session) -> None:
        change(seq, kind="forged")(session)
        row = session.execute(sa.select(*proofs.COLUMNS).where(LedgerEntry.seq == seq)).one()
        set_node(0, seq - 1, merkle.leaf_hash(entry_text(*row)))(session)

    return act


def both(one: Tamper, two: Tamper) -> Tamper:
    return lambda session: (one(session), two(session))


CASES: dict[str, tuple[Tamper, int | None]] = {
    "body changed": (change(5, body=canonical({"items": [99]})), 5),
    "body re-spaced": (change(5, body=b'{"items": [4]}'), 5),
    "actor changed": (change(13, actor="li"), 13),
    "kind changed": (change(1, kind="item.add"), 1),
    "moment changed": (change(SIZE, at=now()), SIZE),
    "the earlier of two changes": (both(change(17, actor="li"), change(6, actor="li")), 6),
    "first removed": (remove(1), 1),
    "one removed": (remove(10), 10),
    "end of a chunk removed": (remove(8), 8),
    "start of a chunk removed": (remove(9), 9),
    "a whole chunk removed": (remove(9, 16), 9),
    "all removed": (remove(1, SIZE), 1),
    "removed and closed up": (close_up(10), 10),
    "two exchanged": (swap(4, 19), 4),
    "neighbours exchanged": (swap(20, 21), 20),
    "tail trimmed": (remove(20, SIZE), 20),
    "one put in behind": (insert(SIZE + 1), SIZE + 1),
    "one put in far behind": (insert(SIZE + 100), SIZE + 100),
    "one put in before": (insert(0), 0),
    "tail and head cut, nodes left": (cut(15, nodes=False), 16),
    "entry and leaf changed": (change_with_leaf(12), 11),
    "leaf changed": (set_node(0, 6, bytes(32)), 7),
    "node changed": (set_node(2, 1, bytes(32)), 5),
    "upper node changed": (set_node(4, 0, bytes(32)), 1),
    "leaf removed": (set_node(0, 6, None), 7),
    "upper node removed": (set_node(4, 0, None), 1),
    "node put in": (set_node(5, 0, bytes(32)), None),
    "root changed": (lambda session: session.execute(sa.update(LedgerHead).values(root=bytes(32))), None),
    "frontier changed": (lambda session: session.execute(sa.update(LedgerHead).values(frontier=bytes(96))), None),
    "head removed": (lambda session: session.execute(sa.delete(LedgerHead)), 1),
}


def test_an_untouched_ledger_is_right(ledger: Database) -> None:
    with ledger.reading() as session:
        found = verify(session)
    assert (found.ok, found.size, found.first_bad, found.fault) == (True, SIZE, None, "")


@pytest.mark.parametrize("case", CASES)
def test_tampering_is_found_and_placed(database: Database, case: str) -> None:
    write(database, SIZE)
    tamper, first_bad = CASES[case]
    found = tampered(database, tamper)
    assert (found.ok, found.first_bad) == (False, first_bad)
    assert first_bad is None or f"第 {first_bad} " in found.fault
    assert found.fault


def test_both_databases_find_the_same(open_database: OpenDatabase, sqlite_url: str, postgres_url: str) -> None:
    databases = [open_database(url) for url in (sqlite_url, postgres_url)]
    for database in databases:
        write(database, SIZE)
    for case, (tamper, _) in CASES.items():
        one, two = (tampered(database, tamper) for database in databases)
        assert (one.ok, one.first_bad, one.fault) == (two.ok, two.first_bad, two.fault), case


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8, 9, 15, 16, 17, 32, 63])
def test_a_ledger_of_any_size_is_right_and_every_change_in_it_found(database: Database, size: int) -> None:
    write(database, size)
    with database.reading() as session:
        assert verify(session).ok
    for seq in range(1, size + 1):
        with database.unit_of_work() as session:
            change(seq, actor="li")(session)
            assert verify(session).first_bad == seq
            session.rollback()


@pytest.mark.parametrize("column", ["at", "actor", "kind", "body"])
@pytest.mark.parametrize("value", ["不是时间", 7, None, b"\xff\xfe"], ids=["text", "number", "nothing", "bytes"])
def test_values_of_a_wrong_kind_are_found_too(database: Database, column: str, value: object) -> None:
    """SQLite keeps any value in any column; checking must name the row, not break on it."""
    write(database, SIZE)
    with database.unit_of_work() as session:
        session.execute(sa.text("PRAGMA writable_schema=ON"))
        session.execute(
            sa.text("UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') WHERE name = 'ledger_entry'")
        )
    database.close()
    with database.unit_of_work() as session:
        session.execute(sa.text(f"UPDATE ledger_entry SET {column} = :value WHERE seq = 11"), {"value": value})
    with database.reading() as session:
        assert verify(session).first_bad == 11


def test_cutting_everything_alike_shows_only_against_a_head_held_elsewhere(ledger: Database) -> None:
    with ledger.reading() as session:
        noted = root_at(session, SIZE)
    with ledger.unit_of_work() as session:
        cut(15, nodes=True)(session)
    write(ledger, SIZE - 15)
    with ledger.reading() as session:
        assert verify(session).ok
        assert root_at(session, SIZE) != noted


def test_acts_appended_while_checking_do_no_harm(
    ledger: Database, open_database: OpenDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_database(ledger.engine.url.render_as_string(hide_password=False))
    for step in ("_recompute", "_leaves", "_compare", "_check_nothing_beyond"):
        original = getattr(proofs, step)

        def with_company(*given: object, original: Callable[..., object] = original) -> object:
            write(other, 3)
            return original(*given)

        with monkeypatch.context() as patch, ledger.reading() as session:
            patch.setattr(proofs, step, with_company)
            found = verify(session)
        assert (found.ok, found.fault) == (True, ""), step
    with ledger.reading() as session:
        assert verify(session).size > SIZE


def test_every_entry_can_be_proved_at_every_size(ledger: Database) -> None:
    with ledger.reading() as session:
        for size in range(1, SIZE + 1):
            head = {"size": size, "root": root_at(session, size).hex()}
            for seq in range(1, size + 1):
                found = proof(session, seq, size)
                assert (found["size"], found["root"]) == (head["size"], head["root"])
                assert verify_proof(found, head)
                assert not verify_proof(found | {"entry": found["entry"].replace("wang", "li")}, head)


def test_a_proof_shows_the_entry_and_nothing_of_others(ledger: Database) -> None:
    with ledger.reading() as session:
        found = proof(session, 7)
    assert '"items":[6]' in found["entry"]
    assert found["seq"] == 7
    assert [len(step) for step in found["path"]] == [64] * 5
    assert sha256(b"\x00" + found["entry"].encode()).hexdigest() not in found["path"]


def test_growth_is_proved_between_all_sizes(ledger: Database) -> None:
    with ledger.reading() as session:
        heads = [{"size": size, "root": root_at(session, size).hex()} for size in range(SIZE + 1)]
        for new in range(SIZE + 1):
            for old in range(new + 1):
                found = growth(session, old, new)
                assert verify_growth(found, heads[old], heads[new])
                assert (found["old_root"], found["new_root"]) == (heads[old]["root"], heads[new]["root"])
                if old:
                    assert not verify_growth(found, heads[old] | {"root": "00" * 32}, heads[new])


def test_proofs_that_cannot_be_given_are_refused(ledger: Database) -> None:
    with ledger.reading() as session:
        for seq in (0, SIZE + 1, -3):
            with pytest.raises(NotFound, match="没有第"):
                proof(session, seq)
        with pytest.raises(NotFound):
            proof(session, 9, 8)
        for size in (SIZE + 1, -1):
            with pytest.raises(BadInput, match="现有 21 条"):
                proof(session, 1, size)
        with pytest.raises(BadInput, match="应在 0 与 5 之间"):
            growth(session, 6, 5)


def test_a_proof_over_missing_nodes_fails_with_the_mend(ledger: Database) -> None:
    with ledger.unit_of_work() as session:
        set_node(1, 3, None)(session)
    with ledger.reading() as session, pytest.raises(CheckFailed, match="tidun ledger verify"):
        proof(session, 5)
