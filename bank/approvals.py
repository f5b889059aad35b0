"""Who judged which version when: every submission, approval and return of an item, kept for good (Article 6(4)).

A round begins with a submission and ends when the item enters the bank or goes back. Approvals count for the version
and the round they were given in, so a new wording needs new ones. Names stay in the ledger: to one another writers
and reviewers are 命题人 and 审题人甲、乙.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.items import Item, ItemStatus, ItemVersion, Origin

ORDINALS = "甲乙丙丁戊己庚辛壬癸"


class Verdict(StrEnum):
    """What was done with a version."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"


REVIEW_VERDICT_NAMES = {Verdict.SUBMITTED: "送审", Verdict.APPROVED: "通过", Verdict.RETURNED: "退回修改"}


class Approval(Base):
    """One judgement (or the submission that asked for it) on one version of an item, in one round."""

    __tablename__ = "approval"
    __table_args__ = (sa.Index("ix_approval_item_version", "item_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"))
    version: Mapped[int]
    round: Mapped[int]
    approver_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    verdict: Mapped[Verdict]
    at: Mapped[datetime] = mapped_column(default=now)


@dataclass(frozen=True, slots=True)
class Judged:
    """A line of an item's history as everybody on the item may read it."""

    by: str
    version: int
    round: int
    verdict: Verdict
    at: datetime


def note_verdict(session: Session, actor: Actor, items: Sequence[Item], verdict: Verdict) -> None:
    """Write down what was done with the current version of these items; a submission begins a new round."""
    rounds = rounds_of(session, items)
    more = int(verdict is Verdict.SUBMITTED)
    session.add_all(
        Approval(
            item_id=item.id,
            version=item.version,
            round=rounds.get(item.id, 0) + more or 1,
            approver_id=actor.user_id,
            verdict=verdict,
        )
        for item in items
    )
    session.flush()


def rounds_of(session: Session, items: Iterable[Item]) -> dict[int, int]:
    """The round in which each item is; items that were never submitted here are missing."""
    rows = session.execute(
        sa.select(Approval.item_id, sa.func.max(Approval.round))
        .where(Approval.item_id.in_([item.id for item in items]))
        .group_by(Approval.item_id)
    )
    return {row.item_id: row[1] for row in rows}


def approvals_now(session: Session, items: Iterable[Item]) -> dict[int, set[int | None]]:
    """Who has approved the current version of each item in its present round."""
    found: dict[int, set[int | None]] = {item.id: set() for item in items}
    rows = session.execute(
        sa.select(Approval.item_id, Approval.approver_id)
        .join(Item, Item.id == Approval.item_id)
        .where(Approval.item_id.in_(found), _of_current(), Approval.verdict == Verdict.APPROVED)
    )
    for item, approver in rows:
        found[item].add(approver)
    return found


_Later = orm.aliased(Approval)


def _of_current() -> sa.ColumnElement[bool]:
    newest = sa.select(sa.func.max(_Later.round)).where(_Later.item_id == Approval.item_id).correlate(Approval)
    return sa.and_(Approval.version == Item.version, Approval.round == newest.scalar_subquery())


def awaiting(actor: Actor) -> sa.ColumnElement[bool]:
    """Submitted items that this reviewer may judge and has not: never those they had a hand in."""
    submitted = sa.and_(Item.status == ItemStatus.SUBMITTED, Item.origin == Origin.BANK)
    return sa.and_(submitted, sa.not_(wrote_it(actor)), sa.not_(_approved_by(actor)))


def _approved_by(actor: Actor) -> sa.ColumnElement[bool]:
    mine = sa.select(Approval.id).where(
        Approval.item_id == Item.id,
        Approval.approver_id == actor.user_id,
        Approval.verdict == Verdict.APPROVED,
        _of_current(),
    )
    return mine.correlate(Item).exists()


def wrote_it(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether any wording of the item is this person's: nobody judges what they had a hand in."""
    wordings = sa.select(ItemVersion.id).where(ItemVersion.item_id == Item.id, ItemVersion.author_id == actor.user_id)
    return sa.or_(sa.func.coalesce(Item.author_id, 0) == (actor.user_id or -1), wordings.correlate(Item).exists())


def unreviewed() -> sa.ColumnElement[bool]:
    """Items in use whose current version nobody has approved here: changed since, or taken in as they were."""
    approved = sa.select(Approval.id).where(
        Approval.item_id == Item.id, Approval.version == Item.version, Approval.verdict == Verdict.APPROVED
    )
    return sa.and_(
        Item.origin == Origin.BANK, Item.status != ItemStatus.RETIRED, sa.not_(approved.correlate(Item).exists())
    )


def returned() -> sa.ColumnElement[bool]:
    """Drafts that a reviewer sent back: the last thing done with them."""
    later = sa.select(_Later.id).where(_Later.item_id == Approval.item_id, _Later.id > Approval.id)
    back = sa.select(Approval.id).where(
        Approval.item_id == Item.id,
        Approval.verdict == Verdict.RETURNED,
        sa.not_(later.correlate(Approval).exists()),
    )
    return sa.and_(Item.status == ItemStatus.DRAFT, Item.origin == Origin.BANK, back.correlate(Item).exists())


def history(session: Session, item: Item, names: dict[int | None, str]) -> list[Judged]:
    """Everything that was done with the item, oldest first, under the names that hide who it was."""
    rows = session.scalars(sa.select(Approval).where(Approval.item_id == item.id).order_by(Approval.id))
    return [
        Judged(
            "命题人" if row.verdict is Verdict.SUBMITTED else names[row.approver_id],
            row.version,
            row.round,
            row.verdict,
            row.at,
        )
        for row in rows
    ]


def ordinal(place: int) -> str:
    """甲, 乙, …, 癸, then numbers."""
    return ORDINALS[place] if place < len(ORDINALS) else f" {place + 1}"
