"""Items and their immutable versions, encrypted at rest (Article 6(4): everything that touches an item is traceable).

Stem and options lie under the bank's key, answer and rationale under a key of their own. Every new version is
announced by `versions_saved`; `integrity` answers with its sketches, and a unit of work that holds a version
without sketches cannot commit. Nobody receives plaintext before the reading is in the ledger.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from blinker import Signal
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from bank.content import MISSING_KEY, TYPE_NAMES, ItemContent, ItemType
from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput, NotFound
from bank.institutions import Bank
from bank.ledger.log import append
from bank.outlines import LONGEST_POINT, Importance
from bank.pictures import forget_uses, use_pictures
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of

versions_removed = Signal("item versions are about to be deleted; sent with the session and `versions`, their ids")
versions_saved = Signal("item versions were written; sent with the session and `saved`, a list of SavedVersion")
LONGEST_EXTERNAL_ID = 128
BATCH = 500
AWAITING_SKETCHES = "versions awaiting sketches"


class ItemStatus(StrEnum):
    """A draft is submitted, another person approves it; a retired item is never asked again."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETIRED = "retired"


STATUS_NAMES = {
    ItemStatus.DRAFT: "草稿",
    ItemStatus.SUBMITTED: "待审",
    ItemStatus.APPROVED: "已入库",
    ItemStatus.RETIRED: "已停用",
}


class Secrecy(StrEnum):
    """Only a `secret` item can leak; `practice` is published for revision, `released` was asked and given out."""

    SECRET = "secret"  # noqa: S105 - a class of secrecy, not a password
    PRACTICE = "practice"
    RELEASED = "released"


class Cognition(StrEnum):
    """What answering asks of the mind (认知层次)."""

    RECALL = "recall"
    UNDERSTAND = "understand"
    APPLY = "apply"
    ANALYSE = "analyse"


COGNITION_NAMES = {
    Cognition.RECALL: "识记",
    Cognition.UNDERSTAND: "理解",
    Cognition.APPLY: "应用",
    Cognition.ANALYSE: "分析",
}


class Origin(StrEnum):
    """Written for the bank, or found in a paper made elsewhere (kept for comparison, never asked again)."""

    BANK = "bank"
    PAPER = "paper"


class Item(Base):
    """One question of a bank; what it says lies in its versions. `cluster_id` is that of the current one."""

    __tablename__ = "item"
    __table_args__ = (sa.Index("ix_item_bank_status", "bank_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"))
    type: Mapped[ItemType]
    status: Mapped[ItemStatus]
    secrecy: Mapped[Secrecy]
    origin: Mapped[Origin]
    point: Mapped[str | None] = mapped_column(sa.String(LONGEST_POINT))
    difficulty: Mapped[int | None]
    consistency: Mapped[int | None]
    cognition: Mapped[Cognition | None]
    importance: Mapped[Importance | None]
    external_id: Mapped[str | None] = mapped_column(sa.String(LONGEST_EXTERNAL_ID))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)
    stimulus_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stimulus.id"), index=True)
    stimulus_position: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_by: Mapped[str | None] = mapped_column(sa.String(64))
    cluster_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    bank: Mapped[Bank] = relationship()


class ItemVersion(Base):
    """One immutable wording of an item; its cluster never changes, so what was asked stays what was asked."""

    __tablename__ = "item_version"
    __table_args__ = (sa.UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    question: Mapped[bytes]
    answer: Mapped[bytes]
    cluster_id: Mapped[int | None] = mapped_column(index=True)
    item: Mapped[Item] = relationship()


@dataclass(frozen=True, slots=True)
class NewItem:
    """What a writer or a file brings for one item; difficulty and consistency from 1 to 5."""

    content: ItemContent
    point: str | None = None
    difficulty: int | None = None
    external_id: str | None = None
    consistency: int | None = None
    cognition: Cognition | None = None
    importance: Importance | None = None


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """A version just written, with its plaintext, for those who must sketch it in the same transaction."""

    item: Item
    version: ItemVersion
    content: ItemContent


def add_items(
    session: Session,
    actor: Actor,
    bank: Bank,
    news: Sequence[NewItem],
    *,
    status: ItemStatus = ItemStatus.DRAFT,
    secrecy: Secrecy = Secrecy.SECRET,
    origin: Origin = Origin.BANK,
) -> list[SavedVersion]:
    """Write items with their first versions; raises BadInput for content that cannot be asked."""
    for new in news:
        check_content(new.content, need_key=origin is Origin.BANK)
    approved_by = actor.name if status is ItemStatus.APPROVED else None
    items = [
        Item(
            bank_id=bank.id,
            bank=bank,
            type=new.content.type,
            status=status,
            secrecy=secrecy,
            origin=origin,
            point=new.point,
            difficulty=new.difficulty,
            consistency=new.consistency,
            cognition=new.cognition,
            importance=new.importance,
            external_id=new.external_id,
            author_id=actor.user_id,
            approved_by=approved_by,
            version=1,
        )
        for new in news
    ]
    session.add_all(items)
    session.flush()
    saved = _write_versions(session, actor, [(item, new.content) for item, new in zip(items, news, strict=True)])
    append(session, actor, "item.add", {"bank": bank.id, "status": status.value, "items": [i.id for i in items]})
    return saved


def revise_item(session: Session, actor: Actor, item: Item, content: ItemContent) -> SavedVersion:
    """A new wording of an item; it goes back to draft and needs a new approval."""
    check_content(content)
    if item.status is ItemStatus.RETIRED:
        raise BadInput("这道题已停用，不能再修改；请另写一道新题")
    item.version += 1
    item.type, item.status, item.approved_by = content.type, ItemStatus.DRAFT, None
    saved = _write_versions(session, actor, [(item, content)])[0]
    append(session, actor, "item.revise", {"item": item.id, "version": item.version})
    return saved


def place(session: Session, actor: Actor, items: Sequence[Item], point: str) -> None:
    """Hang items on a point of their outline; what they ask stays, so no new version is needed."""
    for item in items:
        item.point = point
    session.flush()
    append(session, actor, "item.place", {"point": point, "items": [item.id for item in items]})


def remove_items(session: Session, items: Sequence[Item]) -> None:
    """Delete items that nobody has built on, with their versions; an IntegrityError tells that somebody has."""
    ids = [item.id for item in items]
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        versions = list(session.scalars(sa.select(ItemVersion.id).where(ItemVersion.item_id.in_(some))))
        versions_removed.send(session, versions=versions)
        forget_uses(session, versions)
        session.execute(sa.delete(ItemVersion).where(ItemVersion.id.in_(versions)))
        session.execute(sa.delete(Item).where(Item.id.in_(some)))
    session.flush()


def check_content(content: ItemContent, *, need_key: bool = True) -> None:
    """Raise BadInput with all faults in one sentence; a paper made elsewhere seldom carries its key."""
    faults = [fault for fault in content.faults() if need_key or fault != MISSING_KEY]
    if faults:
        raise BadInput(f"{TYPE_NAMES[content.type]}不能保存：{'；'.join(faults)}")


def _write_versions(session: Session, actor: Actor, texts: Sequence[tuple[Item, ItemContent]]) -> list[SavedVersion]:
    saved = []
    for item, content in texts:
        question, answer = _seal(session, item, content)
        version = ItemVersion(
            item_id=item.id, item=item, number=item.version, author_id=actor.user_id, question=question, answer=answer
        )
        saved.append(SavedVersion(item, version, content))
    session.add_all([one.version for one in saved])
    session.flush()
    use_pictures(session, [(one.version.id, one.item.bank.institution_id, one.content.pictures()) for one in saved])
    session.info.setdefault(AWAITING_SKETCHES, set()).update(one.version.id for one in saved)
    versions_saved.send(session, saved=saved)
    return saved


@event.listens_for(Session, "before_commit")
def _refuse_unsketched(session: Session) -> None:
    """A version that the similarity index does not know could be asked twice unnoticed."""
    if session.info.get(AWAITING_SKETCHES) and not session.in_nested_transaction():
        raise RuntimeError("item versions without sketches must not be committed")


def _context(item: Item, number: int, column: str) -> Context:
    return Context(item.bank.institution_id, "item", str(item.id), number, column)


def _seal(session: Session, item: Item, content: ItemContent) -> tuple[bytes, bytes]:
    vault = vault_of(session)
    return (
        vault.seal(session, Purpose.BANK, _context(item, item.version, "question"), content.question_part()),
        vault.seal(session, Purpose.KEY, _context(item, item.version, "answer"), content.answer_part()),
    )


def open_versions(session: Session, versions: Iterable[ItemVersion]) -> dict[int, ItemContent]:
    """Plaintext by version id, for the machine's own work (sketching, solving, scanning): shown to nobody as such.

    Whoever shows content to a person goes through `read_versions`, which writes the reading down first.
    """
    vault = vault_of(session)
    found = {}
    for version in versions:
        item = version.item
        question = vault.open(session, Purpose.BANK, _context(item, version.number, "question"), version.question)
        answer = vault.open(session, Purpose.KEY, _context(item, version.number, "answer"), version.answer)
        found[version.id] = ItemContent.from_parts(question, answer)
    return found


def read_versions(
    session: Session, actor: Actor, versions: Sequence[ItemVersion], purpose: str
) -> dict[int, ItemContent]:
    """Plaintext for a person: the reading stands in the ledger before the edge commits and lets it out."""
    if not versions:
        return {}
    items = sorted({version.item_id for version in versions})
    append(session, actor, "item.read", {"purpose": purpose, "items": items})
    return open_versions(session, versions)


def current_versions(*criteria: Any) -> sa.Select[Any]:
    """Statement for the current version of each item that meets the criteria, items and banks joined."""
    return (
        sa.select(ItemVersion)
        .join(ItemVersion.item)
        .where(ItemVersion.number == Item.version, *criteria)
        .options(joinedload(ItemVersion.item).joinedload(Item.bank))
        .order_by(Item.id)
    )


def find_item(session: Session, item_id: int) -> Item:
    """The item with this id; raises NotFound."""
    item = session.get(Item, item_id, options=[joinedload(Item.bank)])
    if item is None:
        raise NotFound(f"没有编号为 {item_id} 的试题")
    return item
