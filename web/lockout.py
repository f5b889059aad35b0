"""Lock-out: five wrong passwords lock an account for a quarter of an hour, many failures an address.

A try is counted before its password is looked at, so parallel tries get no more chances than five in a row.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.actors import Actor, User
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ledger.log import append

TRIES = 5
TRIES_PER_ADDRESS = 40
LOCKED_FOR = timedelta(minutes=15)
STRANGER = Actor("stranger")


class LoginFailure(Base):
    """One failed login from an address; rows older than the lock are deleted."""

    __tablename__ = "login_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(64), index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try at an account: `user_id` is None where the login is unknown; only an admitted one may succeed."""

    user_id: int | None
    password_hash: str | None
    admitted: bool


def count_attempt(session: Session, login: str, address: str) -> Attempt:
    """Count a try before its password is checked, and say whether it may succeed at all."""
    moment = now()
    session.execute(sa.delete(LoginFailure).where(LoginFailure.at < moment - LOCKED_FOR))
    failures = session.scalar(sa.select(sa.func.count()).where(LoginFailure.address == address)) or 0
    user = session.scalar(sa.select(User).where(User.login == login).with_for_update())
    if user is None:
        return Attempt(None, None, admitted=False)
    if user.locked_until is not None and user.locked_until <= moment:
        user.failed_logins, user.locked_until = 0, None
    locked = user.locked_until is not None
    if not locked:
        user.failed_logins += 1
        if user.failed_logins >= TRIES:
            user.locked_until = moment + LOCKED_FOR
    return Attempt(user.id, user.password_hash, user.active and not locked and failures < TRIES_PER_ADDRESS)


def note_failure(session: Session, attempt: Attempt, address: str) -> None:
    """Write a failed try down, under the address and in the ledger; never what was typed."""
    session.add(LoginFailure(address=address))
    append(session, STRANGER, "login.failure", {"user": attempt.user_id, "address": address})


def note_success(session: Session, attempt: Attempt) -> User:
    """The account, its failures forgotten."""
    user = session.get_one(User, attempt.user_id)
    user.failed_logins, user.locked_until = 0, None
    return user
