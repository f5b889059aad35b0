"""What lives exactly as long as one transaction: remembered values, rows that are made once, the duty to commit.

A key or a ledger head that was read inside a transaction may be remembered until that transaction (or the savepoint
it ran under) ends, and no longer: what a roll-back takes away must not live on in memory.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, orm

from bank.ground.db import WRITING, Base

_MEMORY = "tidun_transaction"


def remembered(session: orm.Session, room: str) -> dict[Any, Any]:
    """A dictionary for `room` that is emptied when the transaction or any savepoint in it ends."""
    memory: dict[str, dict[Any, Any]] = session.info.setdefault(_MEMORY, {})
    return memory.setdefault(room, {})


def forget(session: orm.Session) -> None:
    """Empty the memory at once, after a change to what was remembered."""
    session.info.pop(_MEMORY, None)


@event.listens_for(orm.Session, "after_transaction_end")
def _forget_at_end(session: orm.Session, transaction: orm.SessionTransaction) -> None:
    # A flush is a transaction of its own to SQLAlchemy, but nothing can be lost at its end.
    if transaction.nested or transaction.parent is None:
        forget(session)


def is_writing(session: orm.Session) -> bool:
    """Whether the session belongs to a unit of work, so that what it writes is committed as a whole."""
    return bool(session.connection().get_execution_options().get(WRITING, False))


def require_writing(session: orm.Session) -> None:
    """Raise RuntimeError outside a unit of work: what is noted in a reading session would silently be lost."""
    if not is_writing(session):
        raise RuntimeError("this act writes: call it inside Database.unit_of_work()")


def insert_once(session: orm.Session, table: type[Base], **values: object) -> bool:
    """Insert the row unless another transaction made it first; says whether this one did."""
    require_writing(session)
    savepoint = session.begin_nested()
    try:
        session.execute(sa.insert(table).values(**values))
    except sa.exc.IntegrityError:
        savepoint.rollback()
        return False
    savepoint.commit()
    return True
