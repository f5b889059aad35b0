"""Taking a whole bank out of the house: one person asks, another grants, the first takes it once (Article 6(4)).

A file with questions and keys is what a leak is made of. So nobody takes one alone, a grant holds for a day, and the
ledger tells who asked, who granted and which items left, before the file does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.content import ItemContent, ItemType
from bank.exchange.writing import docx, gift, moodle, qti, xlsx
from bank.exchange.writing.items import LeftOut, Written, WrittenItem
from bank.ground.actors import Actor, Role, User
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput, NotFound, Refused
from bank.institutions import Bank
from bank.items import Item, ItemStatus, ItemVersion, Origin, current_versions, read_versions
from bank.ledger.log import append
from bank.pictures import PictureFile, open_pictures
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of

GRANTED_FOR = timedelta(hours=24)
LONGEST_REASON = 200
DECIDERS = frozenset({Role.REVIEWER, Role.ORGANIZER})


class ExportFormat(StrEnum):
    """What a bank can be written to."""

    XLSX = "xlsx"
    DOCX = "docx"
    QTI = "qti"
    MOODLE = "moodle"
    GIFT = "gift"


@dataclass(frozen=True, slots=True)
class Form:
    """How a format is called, which file it makes and who writes it."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[Sequence[WrittenItem], Mapping[str, PictureFile], str], Written]


FORMS = {
    ExportFormat.XLSX: Form(
        "Excel 工作簿", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write
    ),
    ExportFormat.DOCX: Form(
        "Word 文档", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.write
    ),
    ExportFormat.QTI: Form("QTI 3.0 题库包", ".zip", "application/zip", qti.write),
    ExportFormat.MOODLE: Form("Moodle XML", ".xml", "application/xml", moodle.write),
    ExportFormat.GIFT: Form("GIFT 文本", ".gift.txt", "text/plain; charset=utf-8", gift.write),
}


class Export(Base):
    """One wish to take a bank out, from asking to taking; the reason is sealed."""

    __tablename__ = "export"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    format: Mapped[ExportFormat]
    reason: Mapped[bytes]
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    granted_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    bank: Mapped[Bank] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether it waits for the second person."""
        return self.granted_at is None and self.refused_at is None

    @property
    def is_ready(self) -> bool:
        """Whether whoever asked may take the file now."""
        return self.granted_at is not None and self.taken_at is None and now() < self.granted_at + GRANTED_FOR


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file under its name, and what it could not take up."""

    name: str
    media_type: str
    data: bytes
    items: int
    left_out: tuple[LeftOut, ...]


def ask_export(session: Session, actor: Actor, bank: Bank, form: ExportFormat, reason: str) -> Export:
    """Ask to take a bank out; raises BadInput without a reason or for an empty bank."""
    reason = reason.strip()
    if not 2 <= len(reason) <= LONGEST_REASON:
        raise BadInput(f"请写明导出用途（2～{LONGEST_REASON} 字），审批人要看")
    if actor.user_id is None:
        raise Refused("导出题库要由登记在册的人员申请（第六条第四项）")
    if session.scalar(sa.select(sa.func.count(Item.id)).where(*_exported(bank))) == 0:
        raise BadInput("题库里还没有已入库的试题，没有可导出的内容")
    export = Export(bank_id=bank.id, bank=bank, format=form, reason=b"", asked_by=actor.user_id)
    session.add(export)
    session.flush()
    vault = vault_of(session)
    export.reason = vault.seal(session, Purpose.BANK, _context(export), reason.encode())
    append(session, actor, "export.ask", {"export": export.id, "bank": bank.id, "format": form.value})
    return export


def _context(export: Export) -> Context:
    return Context(export.bank.institution_id, "export", str(export.id), 1, "reason")


def reason_of(session: Session, export: Export) -> str:
    """Why the export was asked for."""
    return vault_of(session).open(session, Purpose.BANK, _context(export), export.reason).decode()


def find_export(session: Session, actor: Actor, export_id: int) -> Export:
    """The export, if its bank is of the actor's institution, held until the unit ends: it is taken once.

    Raises NotFound.
    """
    export = session.get(Export, export_id, with_for_update=True)
    if export is None or export.bank.institution_id != actor.institution_id:
        raise NotFound("没有这项导出申请，请回到导出页刷新")
    return export


def exports_of(session: Session, actor: Actor, most: int = 30) -> list[Export]:
    """The exports of the actor's institution, the latest first."""
    mine = sa.select(Export).join(Export.bank).where(Bank.institution_id == actor.institution_id)
    return list(session.scalars(mine.order_by(Export.id.desc()).limit(most)))


def decide_export(session: Session, actor: Actor, export: Export, *, granted: bool) -> None:
    """Grant or refuse; raises Refused for one's own wish and for one that is decided."""
    if not export.is_open:
        raise Refused("这项导出申请已经处理过，请刷新页面查看")
    if actor.user_id is None or actor.user_id == export.asked_by:
        raise Refused("导出题库要两人办理，请由申请人以外的一人审批（第六条第四项）")
    export.decided_by = actor.user_id
    if granted:
        export.granted_at = now()
    else:
        export.refused_at = now()
    append(session, actor, "export.grant" if granted else "export.refuse", {"export": export.id})


def take_export(session: Session, actor: Actor, export: Export) -> ExportFile:
    """The file, once, for whoever asked; which items leave stands in the ledger of the same transaction."""
    if actor.user_id != export.asked_by:
        raise Refused("只有申请人本人可以领取导出的文件")
    if not export.is_ready:
        raise Refused("这项导出还没有获批、已经领取或已超过 24 小时，请重新申请")
    if not _still_holds(session, export):
        raise Refused("审批人已停用或不再是审题人、考务员，这项同意随之失效，请重新申请")
    bank, form = export.bank, FORMS[export.format]
    versions = _by_type(session.scalars(current_versions(*_exported(bank))).all())
    contents = read_versions(session, actor, versions, f"导出题库（申请 {export.id}）")
    items = [_written(version, contents[version.id]) for version in versions]
    tokens = [token for item in items for token in item.content.pictures()]
    written = form.write(items, open_pictures(session, bank.institution_id, tokens), bank.title)
    export.taken_at = now()
    numbers = [version.item_id for version in versions]
    append(session, actor, "export.take", {"export": export.id, "format": export.format.value, "items": numbers})
    name = f"{bank.title.replace(' · ', '_').replace('/', '_')}{form.suffix}"
    return ExportFile(name, form.media_type, written.data, len(items), written.left_out)


def _by_type(versions: Sequence[ItemVersion]) -> list[ItemVersion]:
    """In the order of a paper: type by type, the items of a set together where their first one stands."""
    kinds = list(ItemType)
    first: dict[int, ItemVersion] = {}
    for version in sorted(versions, key=lambda one: (one.item.stimulus_position or 0, one.item_id)):
        if version.item.stimulus_id is not None:
            first.setdefault(version.item.stimulus_id, version)

    def place(version: ItemVersion) -> tuple[int, int, int]:
        item = version.item
        lead = first[item.stimulus_id].item if item.stimulus_id is not None else item
        return kinds.index(lead.type), lead.id, item.stimulus_position or 0

    return sorted(versions, key=place)


def _still_holds(session: Session, export: Export) -> bool:
    """Whether whoever granted could still grant today."""
    user = session.get_one(User, export.decided_by)
    return user.active and not DECIDERS.isdisjoint(row.role for row in user.roles)


def _exported(bank: Bank) -> tuple[sa.ColumnElement[bool], ...]:
    return (Item.bank_id == bank.id, Item.origin == Origin.BANK, Item.status == ItemStatus.APPROVED)


def _written(version: ItemVersion, content: ItemContent) -> WrittenItem:
    item = version.item
    return WrittenItem(
        item.external_id or str(item.id),
        content,
        item.point,
        item.difficulty,
        item.consistency,
        item.cognition.value if item.cognition else None,
        item.importance.value if item.importance else None,
        item.secrecy.value,
    )
