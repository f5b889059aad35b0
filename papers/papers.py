"""Papers and their parallel forms. What an unreleased paper asks lies encrypted in the form, nowhere else.

The item list, marks, option orders, seed and certificate are inside sealed bodies; rows that name items are written
only when a sitting is recorded (`sittings`), so a stolen database does not tell what next week's paper asks.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import CheckFailed, NotFound
from bank.institutions import Bank
from bank.items import ItemVersion, open_versions
from bank.ledger.log import append
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of


class PaperOrigin(StrEnum):
    """Assembled here, or made elsewhere and taken in."""

    ASSEMBLED = "assembled"
    IMPORTED = "imported"


class Paper(Base):
    """One assembly result (or one imported paper) for one bank; `held_on` is the day it was made for."""

    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    origin: Mapped[PaperOrigin]
    blueprint: Mapped[str] = mapped_column(sa.String(128))
    minutes: Mapped[int]
    held_on: Mapped[date] = mapped_column(index=True)
    draws: Mapped[int] = mapped_column(default=1)
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(default=now)
    voided_at: Mapped[datetime | None]
    body: Mapped[bytes]
    bank: Mapped[Bank] = relationship()
    forms: Mapped[list["Form"]] = relationship(order_by="Form.id", back_populates="paper")


class Form(Base):
    """A parallel form of a paper: A, B, … or 备用."""

    __tablename__ = "form"
    __table_args__ = (sa.UniqueConstraint("paper_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("paper.id"))
    label: Mapped[str] = mapped_column(sa.String(8))
    body: Mapped[bytes]
    paper: Mapped[Paper] = relationship(back_populates="forms")

    @property
    def title(self) -> str:
        """How people quote it: paper number and form."""
        return f"{self.paper.number}-{self.label}"


class PaperDraw(Base):
    """One draw for a bank and a day: redraws are counted, so that nobody draws until they like a paper."""

    __tablename__ = "paper_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    held_on: Mapped[date]
    drawn_at: Mapped[datetime] = mapped_column(default=now)


def queue_for(session: Session, bank: Bank) -> None:
    """Wait until nobody else draws, keeps or uses a paper of this occupation; what is seen then holds until the commit.

    Without it two papers kept at one moment would not know of each other (Article 14(4)). On SQLite whoever writes is
    alone anyway. Called before anything is appended: the head of the ledger is the last lock a transaction takes.
    """
    same = sa.select(Bank.id).where(Bank.occupation == bank.occupation).order_by(Bank.id)
    session.execute(same.with_for_update(key_share=True))


def count_draw(session: Session, bank: Bank, held_on: date) -> int:
    """Note one more draw for this day; the number of draws so far, this one included."""
    session.add(PaperDraw(bank_id=bank.id, held_on=held_on))
    session.flush()
    same = (PaperDraw.bank_id == bank.id, PaperDraw.held_on == held_on)
    return session.scalar(sa.select(sa.func.count(PaperDraw.id)).where(*same)) or 0


@dataclass(frozen=True, slots=True)
class FormItem:
    """One question of a form: marks in half-mark units, `order` the printed order of its options."""

    item: int
    version: int
    marks: int
    order: tuple[int, ...] = ()


def seal_paper_body(session: Session, paper: Paper, facts: dict[str, Any]) -> bytes:
    """The encrypted part of a paper: seed, certificate, what it was held against."""
    data = json.dumps(facts, ensure_ascii=False).encode()
    return vault_of(session).seal(session, Purpose.PAPER, _context(paper, "paper", paper.number), data)


def paper_facts(session: Session, paper: Paper) -> dict[str, Any]:
    """The inverse of `seal_paper_body`; shows no item."""
    data = vault_of(session).open(session, Purpose.PAPER, _context(paper, "paper", paper.number), paper.body)
    facts: dict[str, Any] = json.loads(data)
    return facts


def seal_form_body(session: Session, paper: Paper, label: str, items: list[FormItem]) -> bytes:
    """The encrypted item list of a form."""
    data = json.dumps([asdict(item) for item in items]).encode()
    return vault_of(session).seal(session, Purpose.PAPER, _context(paper, "form", label), data)


def form_items(session: Session, form: Form) -> list[FormItem]:
    """The item list of a form, for the machine's own work: ids and marks, no text."""
    context = _context(form.paper, "form", form.label)
    rows = json.loads(vault_of(session).open(session, Purpose.PAPER, context, form.body))
    return [FormItem(row["item"], row["version"], row["marks"], tuple(row["order"])) for row in rows]


def read_form(session: Session, actor: Actor, form: Form, purpose: str) -> list[tuple[FormItem, ItemVersion, Any]]:
    """Every question of a form with its content, for a person or a printer; the reading is in the ledger.

    The entry names the form, never its items: the ledger is not encrypted, and it must not tell what an unreleased
    paper asks. Who traces a reading opens the form. Raises CheckFailed where a version is not of the item listed.
    """
    listed = form_items(session, form)
    rows = session.scalars(
        sa.select(ItemVersion)
        .where(ItemVersion.id.in_([item.version for item in listed]))
        .options(joinedload(ItemVersion.item))
    )
    versions = {version.id: version for version in rows}
    if any(item.version not in versions or versions[item.version].item_id != item.item for item in listed):
        raise CheckFailed(f"试卷 {form.title} 所列试题的记录对不上，可能被改动；请运行 tidun doctor 查明")
    ordered = [versions[item.version] for item in listed]
    facts = {"purpose": purpose, "form": form.title, "count": len(listed)}
    append(session, actor, "item.read", facts)
    contents = open_versions(session, ordered)
    return [(item, version, contents[version.id]) for item, version in zip(listed, ordered, strict=True)]


def _context(paper: Paper, column: str, part: str) -> Context:
    return Context(paper.bank.institution_id, "paper", f"{paper.number}/{part}", 1, column)


def find_paper(session: Session, given: str | int) -> Paper:
    """The paper with this id or number; raises NotFound."""
    text = str(given).strip()
    wanted = Paper.id == int(text) if text.isdecimal() and len(text) < 12 else Paper.number == text
    paper = session.scalar(sa.select(Paper).where(wanted).options(joinedload(Paper.bank)))
    if paper is None:
        raise NotFound(f"没有编号为“{text}”的试卷，可用 tidun paper list 查看")
    return paper


def find_form(paper: Paper, label: str) -> Form:
    """The form with this label; raises NotFound listing the labels there are."""
    for form in paper.forms:
        if form.label == label:
            return form
    raise NotFound(f"试卷 {paper.number} 没有“{label}”卷，现有：{'、'.join(form.label for form in paper.forms)}")


def next_number(session: Session, bank: Bank, held_on: date) -> str:
    """A paper number: occupation, level, day, and a serial of that day; tells nothing of the content.

    Whoever asks stands in the queue of the occupation, so that nobody else takes the same one.
    """
    stem = f"{bank.occupation.replace('-', '')}-{bank.level}-{held_on:%Y%m%d}"
    taken = session.scalar(sa.select(sa.func.count(Paper.id)).where(Paper.number.startswith(f"{stem}-")))
    return f"{stem}-{(taken or 0) + 1:02d}"
