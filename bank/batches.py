"""Imports as a whole: what one file brought to a bank, and taking it back while nobody has built on it.

An import that was a mistake leaves nothing behind: its items, versions, sketches and picture uses go in one
transaction. Once an item of it was sent to review, changed, asked or made an enemy, the import stays.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import NotFound, Refused
from bank.institutions import Bank
from bank.items import Item, ItemStatus, SavedVersion, remove_items
from bank.ledger.log import append
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of


class ImportBatch(Base):
    """One file taken into a bank; its name and the notes on it are sealed, as they may speak of the next paper."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    told: Mapped[bytes]
    items: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    taken_back_at: Mapped[datetime | None]
    bank: Mapped[Bank] = relationship()


@dataclass(frozen=True, slots=True)
class Told:
    """What an import's page says beside its numbers."""

    file: str
    notes: tuple[str, ...] = ()


def open_batch(session: Session, actor: Actor, bank: Bank, file: str, saved: Sequence[SavedVersion]) -> ImportBatch:
    """Note that this file brought these items."""
    batch = ImportBatch(bank_id=bank.id, bank=bank, user_id=actor.user_id, told=b"", items=len(saved))
    session.add(batch)
    session.flush()
    _tell(session, batch, Told(file))
    for one in saved:
        one.item.batch_id = batch.id
    session.flush()
    return batch


def _context(batch: ImportBatch) -> Context:
    return Context(batch.bank.institution_id, "import_batch", str(batch.id), 1, "told")


def _tell(session: Session, batch: ImportBatch, told: Told) -> None:
    plain = json.dumps(asdict(told), ensure_ascii=False).encode()
    batch.told = vault_of(session).seal(session, Purpose.BANK, _context(batch), plain)


def keep_notes(session: Session, batch: ImportBatch, notes: Sequence[str]) -> None:
    """Keep what the importer should look at."""
    _tell(session, batch, replace(told_of(session, batch), notes=tuple(notes)))


def told_of(session: Session, batch: ImportBatch) -> Told:
    """The name of the imported file and the notes on it."""
    stored = json.loads(vault_of(session).open(session, Purpose.BANK, _context(batch), batch.told))
    return Told(stored["file"], tuple(stored["notes"]))


def own_batch(session: Session, actor: Actor, batch_id: int) -> ImportBatch:
    """The actor's own import that still stands; raises NotFound."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None or batch.user_id != actor.user_id or batch.taken_back_at is not None:
        raise NotFound("没有这次导入，或者它已经撤销；请刷新页面查看")
    return batch


def batches_of(session: Session, actor: Actor, bank: Bank, most: int = 20) -> list[ImportBatch]:
    """The actor's own imports into a bank that still stand, the latest first."""
    mine = (ImportBatch.bank_id == bank.id, ImportBatch.user_id == actor.user_id, ImportBatch.taken_back_at.is_(None))
    return list(session.scalars(sa.select(ImportBatch).where(*mine).order_by(ImportBatch.id.desc()).limit(most)))


def take_back(session: Session, actor: Actor, batch_id: int) -> int:
    """Remove all items that one own import brought; how many. Raises Refused where somebody has built on them."""
    batch = own_batch(session, actor, batch_id)
    items = list(session.scalars(sa.select(Item).where(Item.batch_id == batch_id)))
    touched = [item for item in items if item.status is not ItemStatus.DRAFT or item.version > 1]
    if touched or len(items) != batch.items:
        raise Refused(f"这次导入的题中有 {len(touched)} 道已送审、入库、停用或改过，不能整批撤销；请在题库中逐道处理")
    numbers = [item.id for item in items]
    try:
        with session.begin_nested():
            remove_items(session, items)
    except sa.exc.IntegrityError as error:
        raise Refused("这次导入的题已有批注、互斥关系或编入试卷，不能整批撤销；请在题库中逐道处理") from error
    batch.taken_back_at = now()
    facts = {"batch": batch.id, "bank": batch.bank_id, "items": numbers}
    append(session, actor, "item.take_back", facts)
    return len(numbers)
