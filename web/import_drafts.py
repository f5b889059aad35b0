"""Files on their way into a bank: what came and what was read of it, sealed, the importer's alone, for a day."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.content import ItemContent
from bank.exchange.reading import Reading, ReadItem, Rejection
from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import NotFound
from bank.institutions import Bank
from bank.items import Cognition
from bank.outlines import Importance
from web.drafts import Draft, begin, own, seal, unseal
from web.files import Upload


class ImportDraft(Draft, Base):
    """One file for a bank: its bytes until they are read, the preview from then until it is imported."""

    __tablename__ = "import_draft"
    record: ClassVar[str] = "import"
    called: ClassVar[str] = "导入预览"

    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    upload: Mapped[bytes | None]
    body: Mapped[bytes | None]
    bank: Mapped[Bank] = relationship()

    @property
    def institution_id(self) -> int:
        """Whose bank the file is for."""
        return self.bank.institution_id


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
    """What would be imported, what cannot be, what is there already, and which rows of that are wanted all the same."""

    reading: Reading
    duplicates: tuple[Duplicate, ...]
    ticked: tuple[int, ...] = ()

    def of_row(self) -> dict[int, Duplicate]:
        """The duplicates by row."""
        return {one.row: one for one in self.duplicates}


def keep_upload(session: Session, actor: Actor, bank: Bank, upload: Upload) -> str:
    """Store a file until it is read and return its token."""
    draft = begin(session, actor, ImportDraft, bank=bank)
    name = upload.name.encode()
    draft.upload = seal(session, draft, "upload", len(name).to_bytes(4, "big") + name + upload.data)
    session.add(draft)
    session.flush()
    return draft.token


def open_upload(session: Session, draft: ImportDraft) -> Upload:
    """The file as it came; raises NotFound once it was read."""
    if draft.upload is None:
        raise NotFound("这份文件已经读过，请打开它的导入预览")
    plain = unseal(session, draft, "upload", draft.upload)
    end = 4 + int.from_bytes(plain[:4], "big")
    return Upload(plain[4:end].decode(), plain[end:])


def keep_preview(session: Session, draft: ImportDraft, preview: Preview) -> None:
    """Store what was read in place of the file, or anew after one of its rows was mended."""
    fields = asdict(replace(preview, reading=replace(preview.reading, pictures={})))
    draft.body = seal(session, draft, "draft", json.dumps(fields, ensure_ascii=False).encode())
    draft.upload = None


def find_draft(session: Session, actor: Actor, token: str) -> ImportDraft:
    """The importer's own file; raises NotFound for another's and for one whose day is over."""
    return own(session, actor, ImportDraft, token)


def find_preview(session: Session, actor: Actor, token: str) -> tuple[ImportDraft, Preview]:
    """The importer's own file with what was read of it; raises NotFound while it is not read yet."""
    draft = find_draft(session, actor, token)
    if draft.body is None:
        raise NotFound("这份文件还在读取，请稍候刷新；长时间没有结果请重新上传")
    return draft, _preview(json.loads(unseal(session, draft, "draft", draft.body)))


def drafts_of(session: Session, actor: Actor) -> list[ImportDraft]:
    """The actor's own previews that wait for a yes, the latest first."""
    mine = (ImportDraft.user_id == actor.user_id, ImportDraft.expires_at >= now(), ImportDraft.body.is_not(None))
    return list(session.scalars(sa.select(ImportDraft).where(*mine).order_by(ImportDraft.id.desc())))


def _preview(stored: dict[str, Any]) -> Preview:
    reading = stored["reading"]
    items = tuple(_row(row) for row in reading.pop("items"))
    rejected = tuple(
        Rejection(**{**row, "seen": ItemContent.from_fields(row["seen"]) if row["seen"] else None})
        for row in reading.pop("rejected")
    )
    notes = tuple(reading.pop("notes"))
    duplicates = tuple(Duplicate(**row) for row in stored["duplicates"])
    return Preview(Reading(**reading, items=items, rejected=rejected, notes=notes), duplicates, tuple(stored["ticked"]))


def _row(stored: dict[str, Any]) -> ReadItem:
    values = {**stored, "content": ItemContent.from_fields(stored["content"]), "notes": tuple(stored["notes"])}
    values["cognition"] = Cognition(values["cognition"]) if values["cognition"] else None
    values["importance"] = Importance(values["importance"]) if values["importance"] else None
    return ReadItem(**values)
