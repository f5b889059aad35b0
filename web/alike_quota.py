"""How often a person's writing has asked for look-alikes, and which foreign items it has met: the bounds on groping.

Checks are counted by the hour, hints at items that the person may not read by the day. The ledger gets one entry for
each hour of checks with their number, and one for each item that is revealed to a person, once an hour at most
(seeing it again within the hour tells nothing new): an entry for each pause in typing would bury the rest.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.actors import Actor
from bank.ground.clock import local, now, today
from bank.ground.db import Base
from bank.ground.policy import Policy
from bank.ground.transactions import insert_once
from bank.ledger.log import append

HOUR = timedelta(hours=1)


class AlikeHour(Base):
    """How often one person has asked within the hour that began then."""

    __tablename__ = "alike_hour"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    began_at: Mapped[datetime]
    checks: Mapped[int] = mapped_column(default=0)


class AlikeShown(Base):
    """An item that a person's writing has met, as a hint or with its text, and when that was last written down."""

    __tablename__ = "alike_shown"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(
        sa.ForeignKey("item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    hinted: Mapped[bool]
    shown_at: Mapped[datetime] = mapped_column(index=True)


def checks_left(session: Session, actor: Actor, policy: Policy) -> int:
    """How often this person may still ask within the hour."""
    hour = session.get(AlikeHour, actor.user_id)
    return policy.alike_checks_an_hour - (hour.checks if hour is not None and now() - hour.began_at < HOUR else 0)


def count_check(session: Session, actor: Actor) -> None:
    """One more check of this person; the first of a new hour puts the number of the last one into the ledger."""
    hour = session.get(AlikeHour, actor.user_id, with_for_update=True)
    if hour is None:
        insert_once(session, AlikeHour, user_id=actor.user_id, began_at=now(), checks=0)
        hour = session.get_one(AlikeHour, actor.user_id, with_for_update=True)
    if now() - hour.began_at >= HOUR:
        since = f"{local(hour.began_at):%Y-%m-%d %H:%M}"
        append(session, actor, "item.alike_hour", {"since": since, "checks": hour.checks})
        hour.began_at, hour.checks = now(), 0
    hour.checks += 1
    session.flush()


def hinted_today(session: Session, actor: Actor) -> set[int]:
    """The foreign items that this person has heard of today."""
    mine = (AlikeShown.user_id == actor.user_id, AlikeShown.hinted, AlikeShown.shown_at > now() - timedelta(days=1))
    rows = session.execute(sa.select(AlikeShown.item_id, AlikeShown.shown_at).where(*mine))
    return {item for item, shown_at in rows if local(shown_at).date() == today()}


def newly_shown(session: Session, actor: Actor, shown: Mapping[int, bool]) -> set[int]:
    """Of the items now shown (True: as a hint only) those that this person has not met within the hour."""
    rows = sa.select(AlikeShown).where(AlikeShown.user_id == actor.user_id, AlikeShown.item_id.in_(shown))
    met = {row.item_id: row for row in session.scalars(rows)}
    fresh = set()
    for item, hinted in shown.items():
        row = met.get(item)
        if row is None:
            session.add(AlikeShown(user_id=actor.user_id, item_id=item, hinted=hinted, shown_at=now()))
        elif now() - row.shown_at >= HOUR or row.hinted is not hinted:
            row.shown_at, row.hinted = now(), hinted
        else:
            continue
        fresh.add(item)
    session.flush()
    return fresh
