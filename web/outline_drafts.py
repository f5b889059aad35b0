"""Outlines that were read and wait for a yes: sealed by the vault, the reader's alone, gone after a day."""

import json
from dataclasses import asdict
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.exchange.outline.files import OutlineReading, ScopeRow
from bank.exchange.outline.rows import PointRow, RejectedRow
from bank.ground.actors import Actor
from bank.ground.db import Base
from bank.institutions import Bank
from bank.outlines import Importance
from web.drafts import Draft, begin, own, seal, unseal


class OutlineDraft(Draft, Base):
    """One outline that was read for a bank; `before_id` is the version that held when it was compared."""

    __tablename__ = "outline_draft"
    record: ClassVar[str] = "outline"
    called: ClassVar[str] = "细目表预览"

    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    before_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outline.id"))
    source: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[bytes]
    bank: Mapped[Bank] = relationship()

    @property
    def institution_id(self) -> int:
        """Whose bank the outline is for."""
        return self.bank.institution_id


def keep_outline(
    session: Session, actor: Actor, bank: Bank, reading: OutlineReading, *, source: str, before_id: int | None
) -> str:
    """Store what was read for its reader and return its token."""
    body = json.dumps(asdict(reading), ensure_ascii=False).encode()
    draft = begin(session, actor, OutlineDraft, bank=bank, before_id=before_id, source=source[:200])
    draft.body = seal(session, draft, "draft", body)
    session.add(draft)
    session.flush()
    return draft.token


def find_outline(session: Session, actor: Actor, token: str) -> tuple[OutlineDraft, OutlineReading]:
    """The reader's own draft; raises NotFound for another's and for one whose day is over."""
    draft = own(session, actor, OutlineDraft, token)
    return draft, _reading(json.loads(unseal(session, draft, "draft", draft.body)))


def _reading(stored: dict[str, list[dict[str, str]]]) -> OutlineReading:
    points = (PointRow(**{**row, "importance": Importance(row["importance"])}) for row in stored["points"])  # type: ignore[arg-type]
    return OutlineReading(
        tuple(ScopeRow(**row) for row in stored["scopes"]),  # type: ignore[arg-type]
        tuple(points),
        tuple(RejectedRow(**row) for row in stored["rejected"]),  # type: ignore[arg-type]
        tuple(map(str, stored["warnings"])),
    )
