"""Who is at the keyboard: passwords, and the table of login sessions that Flask-Login reads.

The browser holds an opaque token, the table its SHA-256. A session ends at once when the account is disabled or its
roles, place or password change: each request compares the account's standing with the one at login.
"""

import hashlib
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from os import urandom

import sqlalchemy as sa
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.actors import Actor, User, actor_of
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput
from bank.ledger.log import append

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=8)
CONFIRMED_FOR = timedelta(minutes=30)
SESSIONS_PER_USER = 3
SEEN_EVERY = timedelta(seconds=20)
PASSWORD_LENGTH = (8, 128)


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """Argon2id: passes, lanes, memory in KiB."""

    passes: int = 3
    lanes: int = 1
    memory: int = 64 * 1024


COST = PasswordCost()
# Each derivation holds its memory until it ends, so a burst of logins must not start all of them at once.
_derivations = threading.BoundedSemaphore(2)


class LoginSession(Base):
    """One signed-in browser; `standing` is the account's standing at login."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    standing: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime] = mapped_column(default=now)


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """The person behind a request, as Flask-Login keeps it."""

    token: str
    actor: Actor
    name: str
    confirmed: bool

    def get_id(self) -> str:
        """What the session cookie carries."""
        return self.token


def hash_password(password: str, cost: PasswordCost = COST) -> str:
    """The password as it is stored, a PHC string; raises BadInput for one that is too weak."""
    check_password_rules(password)
    kdf = Argon2id(salt=urandom(16), length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory)
    with _derivations:
        return kdf.derive_phc_encoded(password.encode())


def check_password_rules(password: str) -> None:
    """Raise BadInput for a password that is too short or lacks letters or digits."""
    shortest, longest = PASSWORD_LENGTH
    if (
        not shortest <= len(password) <= longest
        or not re.search(r"[A-Za-z]", password)
        or not re.search(r"\d", password)
    ):
        raise BadInput(f"口令须为 {shortest} 到 {longest} 位，并同时含有字母和数字，请换一个")


def decoy_hash(cost: PasswordCost = COST) -> str:
    """The hash of a password that nobody knows, to spend the same time on logins that do not exist."""
    return hash_password(f"a1{secrets.token_urlsafe(24)}", cost)


def password_matches(password: str, stored: str) -> bool:
    """Whether the password is the stored one; an over-long one is not even tried."""
    with _derivations:
        try:
            Argon2id.verify_phc_encoded(password[: PASSWORD_LENGTH[1] + 1].encode(), stored)
        except InvalidKey:
            return False
    return True


def start_session(session: Session, user: User) -> str:
    """Sign in: a new token for this browser; the oldest sessions beyond the allowed number end."""
    session.execute(sa.delete(LoginSession).where(LoginSession.created_at < now() - ABSOLUTE))
    kept = sa.select(LoginSession).where(LoginSession.user_id == user.id).order_by(LoginSession.id.desc())
    for oldest in session.scalars(kept.offset(SESSIONS_PER_USER - 1)):
        session.delete(oldest)
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(token_hash=_digest(token), user_id=user.id, standing=_standing(user)))
    append(session, actor_of(user), "login.success", {"user": user.id})
    return token


def resume_session(session: Session, token: str) -> SignedIn | None:
    """Who holds this token now; a session that is idle, too old or of another standing is ended."""
    row = session.scalar(sa.select(LoginSession).where(LoginSession.token_hash == _digest(token)))
    if row is None:
        return None
    user, moment = session.get_one(User, row.user_id), now()
    if (
        moment - row.last_seen > IDLE
        or moment - row.created_at > ABSOLUTE
        or not user.active
        or not secrets.compare_digest(row.standing, _standing(user))
    ):
        session.delete(row)
        return None
    if moment - row.last_seen > SEEN_EVERY:
        row.last_seen = moment
    return SignedIn(token, actor_of(user), user.name, moment - row.confirmed_at <= CONFIRMED_FOR)


def end_session(session: Session, signed_in: SignedIn) -> None:
    """Sign out."""
    session.execute(sa.delete(LoginSession).where(LoginSession.token_hash == _digest(signed_in.token)))
    append(session, signed_in.actor, "login.end", {"user": signed_in.actor.user_id})


def confirm_session(session: Session, signed_in: SignedIn) -> None:
    """Note that the password was typed again, which sensitive acts ask for."""
    row = session.scalars(sa.select(LoginSession).where(LoginSession.token_hash == _digest(signed_in.token))).one()
    row.confirmed_at = now()
    append(session, signed_in.actor, "login.confirm", {"user": signed_in.actor.user_id})


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _standing(user: User) -> str:
    """Changes with anything that should end the account's sessions."""
    roles = ",".join(sorted(row.role.value for row in user.roles))
    facts = (user.password_hash, str(user.active), roles, str(user.institution_id), str(user.jurisdiction_id))
    return _digest("|".join(facts))
