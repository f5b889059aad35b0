"""The database: mapped base, engine, unit of work. Differences between SQLite and PostgreSQL end in this file.

Only the edges (request, command, job) open a unit of work; everything below receives the session and never commits.
On SQLite a writing unit begins IMMEDIATE: a read-then-append under a plain BEGIN fails with "database is locked"
as soon as two writers meet.
"""

import enum
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.engine import URL, make_url

from bank.ground.errors import BadInput

WRITING = "tidun_writing"
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware moments: stored as UTC, returned as UTC, a naive one refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive moments; normalise the zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive moment must not be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """SQLite gives naive values back, which are UTC; PostgreSQL gives them in the zone of its server."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(orm.DeclarativeBase):
    """All tables of the house share one metadata: foreign keys cross the packages downward only."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy
        datetime: UtcDateTime(),
        int: sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        enum.Enum: sa.Enum(
            enum.Enum,
            values_callable=lambda kind: [member.value for member in kind],
            native_enum=False,
            create_constraint=True,
            length=24,
        ),
    }


def make_engine(url: str | URL) -> sa.Engine:
    """An engine for SQLite or PostgreSQL; raises BadInput for anything else or a broken address."""
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError as error:
        raise BadInput("数据库地址 TIDUN_DATABASE_URL 写得不对，例如 postgresql+psycopg://用户@主机/库名") from error
    if parsed.get_backend_name() == "sqlite":
        engine = sa.create_engine(parsed, hide_parameters=True, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    raise BadInput(f"不支持的数据库 {parsed.get_backend_name()}，请使用 SQLite 或 PostgreSQL")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Take transaction control from the driver and set what durability needs."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Database:
    """One engine, two ways to use it: `unit_of_work` commits whole or not at all, `reading` never writes."""

    def __init__(self, url: str | URL, info: Mapping[str, Any] | None = None) -> None:
        self.engine = make_engine(url)
        self.info = dict(info or {})
        self._read_sessions = orm.sessionmaker(self.engine, expire_on_commit=False, info=self.info)
        writing_engine = self.engine.execution_options(**{WRITING: True})
        self._write_sessions = orm.sessionmaker(writing_engine, expire_on_commit=False, info=self.info)
        # SQLite's busy handler is unfair: writers of one process queue here instead of starving there.
        self._queue = threading.Lock() if self.engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def unit_of_work(self) -> Iterator[orm.Session]:
        """A writing session; commits at the end, rolls everything back on any error."""
        with self._queue, self._write_sessions() as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[orm.Session]:
        """A session for looking at rows that hold no plaintext; nothing it does is kept."""
        with self._read_sessions() as session:
            yield session

    def close(self) -> None:
        """Return every connection."""
        self.engine.dispose()
