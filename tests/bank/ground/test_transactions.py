from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.db import Base, Database
from bank.ground.transactions import forget, insert_once, is_writing, remembered


class Shelf(Base):
    __tablename__ = "test_shelf"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(sa.String(20), unique=True)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    found = Database(sqlite_url)
    Base.metadata.create_all(found.engine, tables=[Base.metadata.tables["test_shelf"]])
    yield found
    found.close()


def note(session: Session) -> None:
    session.connection()
    remembered(session, "room")["seen"] = 1


def test_memory_lasts_through_a_flush_and_ends_with_the_commit(database: Database) -> None:
    with database.unit_of_work() as session:
        note(session)
        session.add(Shelf(label="甲"))
        session.flush()
        assert remembered(session, "room") == {"seen": 1}
        session.commit()
        assert remembered(session, "room") == {}


def test_memory_ends_with_a_rollback(database: Database) -> None:
    with database.reading() as session:
        note(session)
        session.rollback()
        assert remembered(session, "room") == {}


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_memory_ends_with_a_savepoint(database: Database, end: str) -> None:
    with database.unit_of_work() as session:
        savepoint = session.begin_nested()
        note(session)
        getattr(savepoint, end)()
        assert remembered(session, "room") == {}


def test_rooms_do_not_see_each_other_and_are_forgotten_together(database: Database) -> None:
    with database.unit_of_work() as session:
        note(session)
        assert remembered(session, "other") == {}
        forget(session)
        assert remembered(session, "room") == {}


def test_only_a_unit_of_work_is_writing(database: Database) -> None:
    with database.unit_of_work() as session:
        assert is_writing(session)
    with database.reading() as session:
        assert not is_writing(session)
        with pytest.raises(RuntimeError, match="unit_of_work"):
            insert_once(session, Shelf, label="甲")


def test_insert_once_keeps_the_first_row_and_the_transaction(database: Database) -> None:
    with database.unit_of_work() as session:
        assert insert_once(session, Shelf, label="甲")
        assert not insert_once(session, Shelf, label="甲")
        assert insert_once(session, Shelf, label="乙")
    with database.reading() as session:
        assert session.scalars(sa.select(Shelf.label).order_by(Shelf.id)).all() == ["甲", "乙"]
