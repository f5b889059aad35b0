"""Outlines that were read and wait for a yes: sealed by the vault, the reader's alone, gone after a day."""

import json
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.exchange.outline import OutlineReading, ScopeRow
from bank.exchange.outline_rows import PointRow, RejectedRow
from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import NotFound
from bank.institutions import Bank
from bank.outlines import Importance
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of

KEPT_FOR = timedelta(hours=24)


class OutlineDraft(Base):
    """One outline that was read for a bank; `before_id` is the version that held when it was compared."""

    __tablename__ = "outline_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    before_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outline.id"))
    source: Mapped[str] = mapped_column(sa.String(200))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[bytes]
    bank: Mapped[Bank] = relationship()


def keep_outline(
    session: Session, actor: Actor, bank: Bank, reading: OutlineReading, *, source: str, before_id: int | None
) -> str:
    """Store what was read for its reader and return its token; drafts whose day is over are deleted."""
    session.execute(sa.delete(OutlineDraft).where(OutlineDraft.expires_at < now()))
    token = secrets.token_urlsafe(18)
    body = json.dumps(asdict(reading), ensure_ascii=False).encode()
    draft = OutlineDraft(
        token=token,
        user_id=actor.user_id,
        bank_id=bank.id,
        before_id=before_id,
        source=source[:200],
        expires_at=now() + KEPT_FOR,
        body=vault_of(session).seal(session, Purpose.BANK, _context(bank, token), body),
    )
    session.add(draft)
    session.flush()
    return token


def find_outline(session: Session, actor: Actor, token: str) -> tuple[OutlineDraft, OutlineReading]:
    """The reader's own draft; raises NotFound for another's and for one whose day is over."""
    draft = session.scalar(sa.select(OutlineDraft).where(OutlineDraft.token == token))
    if draft is None or draft.user_id != actor.user_id or draft.expires_at < now():
        raise NotFound("这份细目表预览已失效（保留 24 小时，导入后即删除），请重新上传文件")
    if draft.bank.institution_id != actor.institution_id:
        raise NotFound("没有这份细目表预览，请重新上传文件")
    body = vault_of(session).open(session, Purpose.BANK, _context(draft.bank, token), draft.body)
    return draft, _reading(json.loads(body))


def _context(bank: Bank, token: str) -> Context:
    return Context(bank.institution_id, "outline", token, 1, "draft")


def _reading(stored: dict[str, list[dict[str, str]]]) -> OutlineReading:
    points = (PointRow(**{**row, "importance": Importance(row["importance"])}) for row in stored["points"])  # type: ignore[arg-type]
    return OutlineReading(
        tuple(ScopeRow(**row) for row in stored["scopes"]),  # type: ignore[arg-type]
        tuple(points),
        tuple(RejectedRow(**row) for row in stored["rejected"]),  # type: ignore[arg-type]
        tuple(map(str, stored["warnings"])),
    )
