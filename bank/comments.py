"""Comments on an item, each on one of its parts, never on the person who wrote it.

A reviewer opens a thread on the stem, an option, the key, the rationale or the whole; the writer answers; a reviewer
settles it. Text lies sealed: it quotes the item. Neither side learns the other's name; the ledger keeps both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.approvals import Approval, Verdict, ordinal, rounds_of
from bank.content import LETTERS
from bank.ground.actors import Actor, Role
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput, NotFound, Refused
from bank.items import Item, ItemStatus, ItemVersion
from bank.ledger.log import append
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of

PARTS = {
    "whole": "整题",
    "stem": "题干",
    **{letter: f"选项 {letter}" for letter in LETTERS},
    "key": "答案",
    "rationale": "解析",
}
LONGEST = 1000


class Side(StrEnum):
    """From which side of the table a comment comes."""

    REVIEWER = "reviewer"
    WRITER = "writer"


class Comment(Base):
    """One comment or answer; the first of a thread has no `thread_id` and carries the state of the thread."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), index=True)
    thread_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comment.id"))
    version: Mapped[int]
    round: Mapped[int]
    part: Mapped[str] = mapped_column(sa.String(16))
    side: Mapped[Side]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[bytes]
    settled_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Said:
    """One comment as both sides read it."""

    by: str
    mine: bool
    text: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and what was answered; `part` is a key of `PARTS`."""

    id: int
    part: str
    round: int
    settled_at: datetime | None
    said: tuple[Said, ...]


def authors_of(session: Session, item: Item) -> set[int | None]:
    """Everybody who wrote a wording of the item."""
    return {item.author_id, *session.scalars(sa.select(ItemVersion.author_id).where(ItemVersion.item_id == item.id))}


def comment_on(session: Session, actor: Actor, item: Item, part: str, text: str) -> Comment:
    """A reviewer's remark on one part of a submitted item; opens a thread."""
    if part not in PARTS:
        raise BadInput("意见要落在题干、某个选项、答案、解析或整题上，请重新选择")
    if item.status is not ItemStatus.SUBMITTED:
        raise BadInput("这道题不在待审之列，不能再提意见；请回到审题列表")
    if Role.REVIEWER not in actor.roles or is_author(session, actor, item):
        raise Refused("意见由审题人提出，并且不得审自己命制的试题，请由另一人审")
    return _write(session, actor, item, Side.REVIEWER, part, text)


def answer(session: Session, actor: Actor, thread: Comment, text: str) -> Comment:
    """An answer in an open thread: the writer's, or a reviewer's to it."""
    if thread.settled_at is not None:
        raise BadInput("这条意见已经了结，请刷新页面；如有新的意见请另提一条")
    item = session.get_one(Item, thread.item_id)
    judges = Role.REVIEWER in actor.roles and not is_author(session, actor, item)
    side = Side.REVIEWER if judges else Side.WRITER
    return _write(session, actor, item, side, thread.part, text, thread)


def settle(session: Session, actor: Actor, thread: Comment) -> None:
    """Close a thread; only a reviewer says that a remark is dealt with."""
    item = session.get_one(Item, thread.item_id)
    if Role.REVIEWER not in actor.roles or is_author(session, actor, item):
        raise Refused("意见由审题人了结；命题人请在意见下回复，改好后重新送审")
    if thread.settled_at is None:
        thread.settled_at = now()
        session.flush()
        append(session, actor, "item.settle", {"item": item.id, "comment": thread.id})


def find_thread(session: Session, comment_id: int) -> Comment:
    """The first comment of a thread; raises NotFound."""
    found = session.get(Comment, comment_id)
    if found is None or found.thread_id is not None:
        raise NotFound("没有这条意见，请刷新页面后重试")
    return found


def open_threads(session: Session, items: Iterable[Item]) -> dict[int, int]:
    """How many threads wait for an answer or for settlement, by item."""
    rows = session.execute(
        sa.select(Comment.item_id, sa.func.count(Comment.id))
        .where(
            Comment.item_id.in_([item.id for item in items]),
            Comment.thread_id.is_(None),
            Comment.settled_at.is_(None),
        )
        .group_by(Comment.item_id)
    )
    return {row.item_id: row[1] for row in rows}


def has_open_thread() -> sa.ColumnElement[bool]:
    """Items about which something is still open."""
    waiting = sa.select(Comment.id).where(
        Comment.item_id == Item.id, Comment.thread_id.is_(None), Comment.settled_at.is_(None)
    )
    return waiting.correlate(Item).exists()


def threads_of(session: Session, actor: Actor, item: Item) -> list[Thread]:
    """Every thread on the item, open ones first, with the names that hide who it was."""
    rows = session.scalars(sa.select(Comment).where(Comment.item_id == item.id).order_by(Comment.id)).all()
    names = voices(session, item)
    said: dict[int, list[Said]] = {}
    for row in rows:
        by = "命题人" if row.side is Side.WRITER else names[row.author_id]
        one = Said(by, row.author_id == actor.user_id, _open(session, item, row), row.version, row.at)
        said.setdefault(row.thread_id or row.id, []).append(one)
    found = [
        Thread(row.id, row.part, row.round, row.settled_at, tuple(said[row.id])) for row in rows if not row.thread_id
    ]
    return sorted(found, key=lambda thread: thread.settled_at is not None)


def voices(session: Session, item: Item) -> dict[int | None, str]:
    """审题人甲, 乙, … in the order in which they first spoke or judged."""
    judged = sa.select(Approval.approver_id, Approval.at).where(
        Approval.item_id == item.id, Approval.verdict != Verdict.SUBMITTED
    )
    spoke = sa.select(Comment.author_id, Comment.at).where(Comment.item_id == item.id, Comment.side == Side.REVIEWER)
    rows = sorted([*session.execute(judged), *session.execute(spoke)], key=lambda row: row[1])
    people = dict.fromkeys(row[0] for row in rows)
    return {person: f"审题人{ordinal(place)}" for place, person in enumerate(people)}


def remark_of(session: Session, item: Item) -> str:
    """What reviewers said and nobody has settled, each behind its part; empty when there is nothing."""
    rows = session.scalars(
        sa.select(Comment)
        .where(Comment.item_id == item.id, Comment.thread_id.is_(None), Comment.settled_at.is_(None))
        .order_by(Comment.id)
    )
    return "；".join(f"{PARTS[row.part]}：{_open(session, item, row).rstrip('。；')}" for row in rows)


def _write(
    session: Session, actor: Actor, item: Item, side: Side, part: str, text: str, thread: Comment | None = None
) -> Comment:
    said = text.strip()
    if not said:
        raise BadInput("意见是空的，请写明哪里要改、怎么改")
    if len(said) > LONGEST:
        raise BadInput(f"一条意见不超过 {LONGEST} 字，现为 {len(said)} 字")
    row = Comment(
        item_id=item.id,
        thread_id=thread.id if thread else None,
        version=item.version,
        round=rounds_of(session, [item]).get(item.id, 1),
        part=part,
        side=side,
        author_id=actor.user_id,
        text=b"",
    )
    session.add(row)
    session.flush()
    row.text = vault_of(session).seal(session, Purpose.BANK, _context(item, row), said.encode())
    session.flush()
    append(session, actor, "item.comment", {"item": item.id, "version": item.version, "comment": row.id})
    return row


def is_author(session: Session, actor: Actor, item: Item) -> bool:
    """Whether a wording of the item is this person's."""
    return actor.user_id is not None and actor.user_id in authors_of(session, item)


def _context(item: Item, row: Comment) -> Context:
    return Context(item.bank.institution_id, "comment", str(row.id), row.version, "text")


def _open(session: Session, item: Item, row: Comment) -> str:
    return vault_of(session).open(session, Purpose.BANK, _context(item, row), row.text).decode()
