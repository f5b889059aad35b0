"""The unit of work on both databases: whole or not at all, writers in turn, nothing in error messages."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from bank.ground.actors import OPERATOR, User
from bank.ground.db import Database, UtcDateTime, make_engine
from bank.ground.errors import BadInput
from bank.institutions import Institution, InstitutionKind, Jurisdiction
from bank.ledger.log import append, size_and_root
from bank.ledger.proofs import verify
from web.house import House

WRITERS, TURNS = 4, 8


@pytest.fixture(params=["house", "postgres_house"])
def either(request: pytest.FixtureRequest) -> House:
    found: House = request.getfixturevalue(request.param)
    return found


def test_sqlite_is_set_for_durability(house: House) -> None:
    with house.reading() as session:
        told = {
            name: session.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 30000,
    }


def test_a_writing_unit_holds_the_lock_from_its_first_moment(house: House) -> None:
    path = str(house.database.engine.url.database)
    with house.database.unit_of_work() as session:
        session.connection()
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM institution").fetchone() == (0,)
        other.close()


def test_a_reading_session_leaves_the_lock_alone(house: House) -> None:
    with house.reading() as session:
        session.scalars(sa.select(Jurisdiction)).all()
        with house.unit_of_work() as other:
            append(other, OPERATOR, "act", {})


def test_four_writers_read_then_append(either: House) -> None:
    """Each reads how many there are, then adds one more: under a plain BEGIN most of these would fail."""
    databases = [Database(either.settings.database_url, either.database.info) for _ in range(WRITERS)]

    def write(database: Database) -> None:
        for _ in range(TURNS):
            with database.unit_of_work() as session:
                seen = size_and_root(session)[0]
                append(session, OPERATOR, "act", {"seen": seen})

    with either.reading() as session:
        before = size_and_root(session)[0]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, databases))
    for database in databases:
        database.close()
    with either.reading() as session:
        assert size_and_root(session)[0] == before + WRITERS * TURNS
        assert verify(session).ok


def test_a_roll_back_leaves_nothing(either: House) -> None:
    def fail() -> None:
        with either.unit_of_work() as session:
            session.add(Institution(name="半途而废学校", kind=InstitutionKind.ENTERPRISE, jurisdiction_id=1))
            append(session, OPERATOR, "institution.add", {})
            session.flush()
            raise KeyError

    with either.reading() as session:
        before = size_and_root(session)
    with pytest.raises(KeyError):
        fail()
    with either.reading() as session:
        assert session.scalars(sa.select(Institution)).all() == []
        assert size_and_root(session) == before


def test_what_a_reading_session_does_is_not_kept(either: House) -> None:
    with either.reading() as session:
        session.add(Jurisdiction(name="无名县"))
        session.flush()
    with either.reading() as session:
        assert session.scalar(sa.select(Jurisdiction).where(Jurisdiction.name == "无名县")) is None


def test_foreign_keys_hold(either: House) -> None:
    with pytest.raises(sa.exc.IntegrityError), either.unit_of_work() as session:
        session.add(Institution(name="无属地学校", kind=InstitutionKind.ENTERPRISE, jurisdiction_id=999))


def test_an_unknown_word_is_no_value_of_a_kind(either: House) -> None:
    row = {"name": "某校", "kind": "hospital", "jurisdiction_id": 1, "created_at": "2026-01-01 00:00:00+00:00"}
    statement = sa.text(f"INSERT INTO institution ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})")
    with pytest.raises(sa.exc.IntegrityError), either.unit_of_work() as session:
        session.execute(statement, row)


def test_moments_come_back_as_utc(either: House) -> None:
    shanghai = datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=8)))
    user = User(login="shi", name="史", password_hash="-", locked_until=shanghai)
    with either.unit_of_work() as session:
        session.add(user)
    with either.reading() as session:
        found = session.scalars(sa.select(User.locked_until)).one()
    assert found is not None
    assert (found, found.tzinfo) == (datetime(2026, 2, 28, 16, 30, tzinfo=UTC), UTC)


def test_a_naive_moment_is_refused(house: House) -> None:
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 - what must not be stored
    with pytest.raises(sa.exc.StatementError, match="naive"), house.unit_of_work() as session:
        session.add(User(login="shi", name="史", password_hash="-", locked_until=naive))
    assert UtcDateTime().process_bind_param(None, sa.dialects.sqlite.dialect()) is None


def test_errors_hide_what_was_bound(either: House) -> None:
    canary = "口令散列不得外泄"
    twice = [User(login="shi", name="史", password_hash=canary) for _ in range(2)]
    with pytest.raises(sa.exc.IntegrityError) as caught, either.unit_of_work() as session:
        session.add_all(twice)
    assert "hide_parameters" in str(caught.value)
    assert canary not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [("mysql://root@localhost/x", "不支持的数据库 mysql"), ("这不是地址", "TIDUN_DATABASE_URL 写得不对")],
)
def test_other_addresses_are_refused_in_words(url: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        make_engine(url)
