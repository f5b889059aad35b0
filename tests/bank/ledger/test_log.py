from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bank.ground.actors import Actor
from bank.ground.db import Database
from bank.ledger.log import LedgerEntry, LedgerNode, append, canonical, entries, entry_text, size_and_root, unfinished
from bank.ledger.merkle import EMPTY_ROOT
from bank.ledger.proofs import verify

WANG = Actor("wang", 1)
LI = Actor("li", 2)
OpenDatabase = Callable[[str], Database]


def write(database: Database, count: int, actor: Actor = WANG, kind: str = "item.read") -> list[int]:
    with database.unit_of_work() as session:
        return [append(session, actor, kind, {"items": [number]}) for number in range(count)]


def test_acts_are_numbered_from_one_across_transactions(database: Database) -> None:
    assert write(database, 3) == [1, 2, 3]
    assert write(database, 1) == [4]
    with database.reading() as session:
        assert size_and_root(session)[0] == 4
        assert verify(session).ok


def test_an_empty_ledger(database: Database) -> None:
    with database.reading() as session:
        assert size_and_root(session) == (0, EMPTY_ROOT)
        assert list(entries(session)) == []


def test_an_act_that_failed_leaves_no_entry_and_no_gap(database: Database) -> None:
    write(database, 2)
    with database.unit_of_work() as session:
        assert append(session, WANG, "item.read", {}) == 3
        session.rollback()
    assert write(database, 1, LI) == [3]
    with database.reading() as session:
        assert [entry.actor for entry in entries(session)] == ["wang", "wang", "li"]
        assert verify(session).ok


@pytest.mark.parametrize("flush", [True, False])
def test_what_a_savepoint_takes_back_was_never_appended(database: Database, flush: bool) -> None:
    with database.unit_of_work() as session:
        append(session, WANG, "before", {})
        savepoint = session.begin_nested()
        assert append(session, WANG, "lost", {}) == 2
        if flush:
            session.flush()
        savepoint.rollback()
        assert append(session, WANG, "after", {}) == 2
        with session.begin_nested():
            append(session, WANG, "kept", {})
        assert append(session, WANG, "last", {}) == 4
    with database.reading() as session:
        assert [entry.kind for entry in entries(session)] == ["before", "after", "kept", "last"]
        assert verify(session).ok


def test_expiring_the_session_loses_no_entry(database: Database) -> None:
    with database.unit_of_work() as session:
        append(session, WANG, "item.read", {})
        session.expire_all()
        append(session, WANG, "item.read", {})
        session.expire_all()
    with database.reading() as session:
        assert size_and_root(session)[0] == 2
        assert verify(session).ok


def test_a_transaction_sees_its_own_entries(database: Database) -> None:
    with database.unit_of_work() as session:
        append(session, WANG, "item.add", {"items": [1]})
        assert [entry.body for entry in entries(session)] == [{"items": [1]}]
        append(session, WANG, "item.add", {"items": [2]})
        assert size_and_root(session)[0] == 2
        assert verify(session).ok


def test_a_reading_session_cannot_pretend_to_log(database: Database) -> None:
    write(database, 1)
    with database.reading() as session, pytest.raises(RuntimeError, match="unit_of_work"):
        append(session, WANG, "item.read", {})


def test_unfinished_until_the_commit_and_through_savepoints(database: Database) -> None:
    with database.unit_of_work() as session:
        assert not unfinished(session)
        append(session, WANG, "item.read", {})
        with session.begin_nested():
            session.flush()
        assert unfinished(session)
        session.commit()
        assert not unfinished(session)


def test_entries_are_listed_as_they_were_written(database: Database) -> None:
    before = datetime.now(UTC)
    body = {"对象": ["试题 12"], "n": 1, "nested": {"b": None, "a": 0.5}}
    with database.unit_of_work() as session:
        append(session, WANG, "item.read", body)
    with database.reading() as session:
        (entry,) = entries(session)
        stored = session.scalar(sa.select(LedgerEntry.body))
    assert (entry.seq, entry.kind, entry.actor, entry.body) == (1, "item.read", "wang", body)
    assert before <= entry.at <= datetime.now(UTC)
    assert stored == '{"n":1,"nested":{"a":0.5,"b":null},"对象":["试题 12"]}'.encode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"after": 2}, [3, 4, 5, 6]),
        ({"after": 2, "before": 5}, [3, 4]),
        ({"limit": 2}, [1, 2]),
        ({"limit": 2, "newest_first": True}, [6, 5]),
        ({"limit": None}, [1, 2, 3, 4, 5, 6]),
        ({"kinds": ["item.read"]}, [1, 2, 5, 6]),
        ({"kinds": ["item.read", "item.add"]}, [1, 2, 3, 4, 5, 6]),
        ({"actor": "li"}, [5, 6]),
        ({"actor": "li", "kinds": ["item.add"]}, []),
    ],
    ids=str,
)
def test_entries_can_be_narrowed(database: Database, asked: dict[str, object], found: list[int]) -> None:
    write(database, 2)
    write(database, 2, kind="item.add")
    write(database, 2, LI)
    with database.reading() as session:
        assert [entry.seq for entry in entries(session, **asked)] == found


@given(
    st.tuples(
        st.integers(1, 99), st.text(max_size=8), st.text(max_size=8), st.sampled_from([{}, {"a": 1}, {"a": '"}'}])
    ),
    st.tuples(
        st.integers(1, 99), st.text(max_size=8), st.text(max_size=8), st.sampled_from([{}, {"a": 1}, {"a": '"}'}])
    ),
)
def test_no_two_entries_have_the_same_text(one: tuple[object, ...], two: tuple[object, ...]) -> None:
    at = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)

    def text(seq: int, kind: str, actor: str, body: dict[str, object]) -> bytes:
        return entry_text(seq, at, kind, actor, canonical(body))

    assert (text(*one) == text(*two)) == (one == two)


def test_the_text_does_not_depend_on_the_zone_it_is_read_in() -> None:
    at = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
    shanghai = at.astimezone(timezone(timedelta(hours=8)))
    assert entry_text(1, at, "k", "a", b"{}") == entry_text(1, shanghai, "k", "a", b"{}")
    assert entry_text(1, at, "k", "a", b"{}").decode() == (
        '{"actor":"a","at":"2026-03-14T09:00:00.000000+00:00","body":{},"kind":"k","seq":1}'
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), datetime(2026, 3, 14, tzinfo=UTC), b"bytes"])
def test_a_body_that_has_no_canonical_text_is_refused(database: Database, value: object) -> None:
    with database.unit_of_work() as session:
        with pytest.raises((ValueError, TypeError)):
            append(session, WANG, "item.read", {"value": value})
        assert append(session, WANG, "item.read", {}) == 1


@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_eight_writers_leave_no_gap(kind: str, request: pytest.FixtureRequest, open_database: OpenDatabase) -> None:
    url = request.getfixturevalue(kind)
    databases = [open_database(url) for _ in range(8)]

    def work(writer: int) -> list[int]:
        numbers = []
        for turn in range(12):
            with databases[writer].unit_of_work() as session:
                given = [append(session, Actor(f"writer{writer}"), "act", {"turn": turn}) for _ in range(turn % 3 + 1)]
                if turn % 4 == 3:
                    session.rollback()
                else:
                    numbers += given
        return numbers

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(work, range(8)))
    flat = sorted(number for numbers in written for number in numbers)
    assert flat == list(range(1, len(flat) + 1))
    with databases[0].reading() as session:
        found = verify(session)
        assert (found.ok, found.size) == (True, 8 * 18)
        for writer, numbers in enumerate(written):
            mine = entries(session, actor=f"writer{writer}", limit=None)
            assert [entry.seq for entry in mine] == numbers


def test_about_two_nodes_are_kept_an_entry(database: Database) -> None:
    write(database, 100)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LedgerNode)) == 100 + 50 + 25 + 12 + 6 + 3 + 1
