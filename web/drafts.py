"""Files that were read and wait for a yes: sealed by the vault, the importer's alone, gone after a day."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.content import ItemContent
from bank.exchange.reading import Reading, ReadItem, Rejection
from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import NotFound
from bank.institutions import Bank
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of

KEPT_FOR = timedelta(hours=24)


class ImportDraft(Base):
    """One file that was read for a bank and not yet imported."""

    __tablename__ = "import_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[bytes]
    bank: Mapped[Bank] = relationship()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that asks what another already does: `item` in the bank, or `other` an earlier row of the same file."""

    row: int
    verdict: str
    score: float
    item: int | None = None
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be imported, what cannot be, and what is there already."""

    reading: Reading
    duplicates: tuple[Duplicate, ...]

    def of_row(self) -> dict[int, Duplicate]:
        """The duplicates by row."""
        return {one.row: one for one in self.duplicates}


def keep_draft(session: Session, actor: Actor, bank: Bank, preview: Preview) -> str:
    """Store the preview for its importer and return its token; drafts whose day is over are deleted."""
    session.execute(sa.delete(ImportDraft).where(ImportDraft.expires_at < now()))
    token = secrets.token_urlsafe(18)
    body = json.dumps(asdict(preview), ensure_ascii=False).encode()
    sealed = vault_of(session).seal(session, Purpose.BANK, _context(bank, token), body)
    expires = now() + KEPT_FOR
    session.add(ImportDraft(token=token, user_id=actor.user_id, bank_id=bank.id, expires_at=expires, body=sealed))
    session.flush()
    return token


def replace_preview(session: Session, draft: ImportDraft, preview: Preview) -> None:
    """Store the preview anew after one of its rows was mended."""
    body = json.dumps(asdict(preview), ensure_ascii=False).encode()
    draft.body = vault_of(session).seal(session, Purpose.BANK, _context(draft.bank, draft.token), body)


def find_draft(session: Session, actor: Actor, token: str) -> tuple[ImportDraft, Preview]:
    """The importer's own draft; raises NotFound for another's and for one whose day is over."""
    draft = session.scalar(sa.select(ImportDraft).where(ImportDraft.token == token))
    if draft is None or draft.user_id != actor.user_id or draft.expires_at < now():
        raise NotFound("这份导入预览已失效（保留 24 小时，导入后即删除），请重新上传文件")
    if draft.bank.institution_id != actor.institution_id:
        raise NotFound("没有这份导入预览，请重新上传文件")
    body = vault_of(session).open(session, Purpose.BANK, _context(draft.bank, token), draft.body)
    return draft, _preview(json.loads(body))


def _context(bank: Bank, token: str) -> Context:
    return Context(bank.institution_id, "import", token, 1, "draft")


def _preview(stored: dict[str, object]) -> Preview:
    reading = dict(stored["reading"])  # type: ignore[call-overload]
    items = tuple(
        ReadItem(**{**row, "content": _content(row["content"]), "notes": tuple(row["notes"])})
        for row in reading.pop("items")
    )
    rejected = tuple(
        Rejection(**{**row, "seen": _content(row["seen"]) if row["seen"] else None}) for row in reading.pop("rejected")
    )
    notes = tuple(reading.pop("notes"))
    duplicates = tuple(Duplicate(**row) for row in stored["duplicates"])  # type: ignore[attr-defined]
    return Preview(Reading(**reading, items=items, rejected=rejected, notes=notes), duplicates)


def _content(stored: dict[str, Any]) -> ItemContent:
    return ItemContent.from_fields(stored)
