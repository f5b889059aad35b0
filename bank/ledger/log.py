"""The ledger: every act in one gapless sequence, written in the transaction of the act itself (Article 6(4)).

**Log, then release.** Whoever shows, prints or exports content appends the reading first, and no plaintext leaves
before that transaction has committed: the edge (request, command, job) commits, then answers. `append` works only
in a unit of work, so a reading session cannot pretend. A body holds ids and facts, never content of items: the
ledger is not encrypted, and its proofs go to outsiders.

Entries, tree nodes and the head are written together; the head row is the lock under which writers queue, so a
caller appends late in its transaction and takes no other lock after it. Rows are gathered and written in bulk when
the session flushes.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.transactions import insert_once, remembered, require_writing
from bank.ledger import merkle

_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_UNFINISHED = "tidun_ledger_unfinished"


class LedgerEntry(Base):
    """One act; its leaf is the hash of all five columns in canonical JSON."""

    __tablename__ = "ledger_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(sa.String(64), index=True)
    actor: Mapped[str] = mapped_column(sa.String(64))
    body: Mapped[bytes]


class LedgerNode(Base):
    """The hash of one complete subtree; level 0 are the leaves."""

    __tablename__ = "ledger_node"
    __table_args__ = ({"sqlite_with_rowid": False},)

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes]


class LedgerHead(Base):
    """The one row that says where the ledger ends: size, root, and the frontier it grows from."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    root: Mapped[bytes]
    frontier: Mapped[bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as it is listed."""

    seq: int
    at: datetime
    kind: str
    actor: str
    body: dict[str, Any]


@dataclass(slots=True)
class _Tail:
    """The end of the ledger while its head is locked, and the rows that wait for the next flush."""

    head: LedgerHead
    size: int
    frontier: list[bytes]
    entries: list[dict[str, Any]] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)


def append(session: Session, actor: Actor, kind: str, body: dict[str, Any]) -> int:
    """Write down one act in the caller's transaction and return its number, counted from 1 without a gap."""
    tail = _locked_tail(session)
    seq, at, data = tail.size + 1, now(), canonical(body)
    leaf = merkle.leaf_hash(entry_text(seq, at, kind, actor.name, data))
    tail.frontier, finished = merkle.grow(tail.frontier, tail.size, leaf)
    tail.entries.append({"seq": seq, "at": at, "kind": kind, "actor": actor.name, "body": data})
    tail.nodes += [{"level": level, "idx": index, "hash": found} for (level, index), found in finished]
    # The changed head is what makes the session flush, also where a savepoint begins.
    tail.size = tail.head.size = seq
    session.info[_UNFINISHED] = True
    return seq


def entries(
    session: Session,
    *,
    kinds: Sequence[str] = (),
    actor: str | None = None,
    after: int = 0,
    before: int | None = None,
    newest_first: bool = False,
    limit: int | None = 100,
) -> Iterator[Entry]:
    """Acts numbered between `after` and `before`, both excluded, of these kinds and by this actor where given."""
    order = LedgerEntry.seq.desc() if newest_first else LedgerEntry.seq
    query = sa.select(*COLUMNS).where(LedgerEntry.seq > after).order_by(order).limit(limit)
    if before is not None:
        query = query.where(LedgerEntry.seq < before)
    if kinds:
        query = query.where(LedgerEntry.kind.in_(kinds))
    if actor is not None:
        query = query.where(LedgerEntry.actor == actor)
    for seq, at, kind, who, body in session.execute(query):
        yield Entry(seq, at, kind, who, json.loads(body))


def size_and_root(session: Session) -> tuple[int, bytes]:
    """How many acts the ledger holds and the root over them."""
    row = session.execute(sa.select(LedgerHead.size, LedgerHead.root)).first()
    return (0, merkle.EMPTY_ROOT) if row is None else (row.size, row.root)


def unfinished(session: Session) -> bool:
    """Whether this transaction has appended acts that are not yet committed."""
    return _UNFINISHED in session.info


def canonical(value: object) -> bytes:
    """The one JSON text of a value: sorted keys, no spaces, UTF-8."""
    return _JSON.encode(value).encode()


def entry_text(seq: int, at: datetime, kind: str, actor: str, body: bytes) -> bytes:
    """What is hashed: the row in canonical JSON, the body as it is stored."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    front = f'{{"actor":{_JSON.encode(actor)},"at":"{moment}","body":'
    return front.encode() + body + f',"kind":{_JSON.encode(kind)},"seq":{seq}}}'.encode()


COLUMNS = (LedgerEntry.seq, LedgerEntry.at, LedgerEntry.kind, LedgerEntry.actor, LedgerEntry.body)


def _locked_tail(session: Session) -> _Tail:
    """The end of the ledger, locked until the transaction ends; asked of the database only once in it."""
    tail: _Tail | None = remembered(session, __name__).get("tail")
    if tail is None:
        require_writing(session)
        head = _lock_head(session)
        if head is None:
            insert_once(session, LedgerHead, id=1, size=0, root=merkle.EMPTY_ROOT, frontier=b"")
            head = session.get_one(LedgerHead, 1, with_for_update=True, populate_existing=True)
        tail = _Tail(head, head.size, merkle.split_hashes(head.frontier))
        # Fetched anew: making the head ends a savepoint, which empties the memory.
        remembered(session, __name__)["tail"] = tail
    return tail


def _lock_head(session: Session) -> LedgerHead | None:
    return session.get(LedgerHead, 1, with_for_update=True, populate_existing=True)


@event.listens_for(Session, "before_commit")
@event.listens_for(Session, "before_flush")
def _write_gathered(session: Session, *_: object) -> None:
    tail: _Tail | None = remembered(session, __name__).get("tail")
    if tail is None or not tail.entries:
        return
    head, frontier = tail.head, tail.frontier
    head.size, head.root, head.frontier = tail.size, merkle.root_of(frontier), b"".join(frontier)
    connection = session.connection()
    connection.execute(sa.insert(LedgerEntry), tail.entries)
    connection.execute(sa.insert(LedgerNode), tail.nodes)
    tail.entries, tail.nodes = [], []


@event.listens_for(Session, "after_transaction_end")
def _finish(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_UNFINISHED, None)
