"""What was read of a file and waits for a yes: sealed by the vault, its reader's alone, gone after a day.

Each kind of file has a table of its own beside this page; what holds for all of them is said once, here.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.errors import NotFound
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of

KEPT_FOR = timedelta(hours=24)


class Draft:
    """The columns of every draft; `record` binds what is sealed to its kind, `called` is its name on pages."""

    record: ClassVar[str]
    called: ClassVar[str]
    purpose: ClassVar[Purpose] = Purpose.BANK

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)
    token: Mapped[str] = mapped_column(sa.String(32), unique=True, sort_order=-1)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True, sort_order=-1)
    expires_at: Mapped[datetime] = mapped_column(index=True, sort_order=-1)

    @property
    def institution_id(self) -> int:
        """Whose bank it is for; each table knows its own way there."""
        raise NotImplementedError


DraftType = TypeVar("DraftType", bound=Draft)


def begin(session: Session, actor: Actor, kind: type[DraftType], **fields: Any) -> DraftType:
    """A draft with a token, to be sealed into and added; those of its kind whose day is over are deleted."""
    session.execute(sa.delete(kind).where(kind.expires_at < now()))
    return kind(token=secrets.token_urlsafe(18), user_id=actor.user_id, expires_at=now() + KEPT_FOR, **fields)  # type: ignore[call-arg]


def own(session: Session, actor: Actor, kind: type[DraftType], token: str) -> DraftType:
    """The reader's own draft; raises NotFound for another's and for one whose day is over."""
    draft = session.scalar(sa.select(kind).where(kind.token == token))
    if draft is None or draft.user_id != actor.user_id or draft.expires_at < now():
        raise NotFound(f"这份{kind.called}已失效（保留 24 小时，存入后即删除），请重新上传文件")
    if draft.institution_id != actor.institution_id:
        raise NotFound(f"没有这份{kind.called}，请重新上传文件")
    return draft


def seal(session: Session, draft: Draft, column: str, plain: bytes) -> bytes:
    """What goes into a column of the draft."""
    return vault_of(session).seal(session, draft.purpose, _context(draft, column), plain)


def unseal(session: Session, draft: Draft, column: str, sealed: bytes) -> bytes:
    """What a column of the draft holds."""
    return vault_of(session).open(session, draft.purpose, _context(draft, column), sealed)


def _context(draft: Draft, column: str) -> Context:
    return Context(draft.institution_id, draft.record, draft.token, 1, column)
