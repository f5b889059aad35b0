"""Blueprints that an institution keeps, as encrypted TOML under names of its own: plans are sensitive too."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput, NotFound
from bank.institutions import Bank
from bank.ledger.log import append
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of
from papers.assembly.blueprints import Blueprint, read_blueprint, to_toml

LONGEST_NAME = 128


class StoredBlueprint(Base):
    """One named blueprint of a bank; its text is encrypted: it tells how papers are built."""

    __tablename__ = "blueprint"
    __table_args__ = (sa.UniqueConstraint("bank_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"))
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    text: Mapped[bytes]
    saved_at: Mapped[datetime] = mapped_column(default=now)


def save_blueprint(session: Session, actor: Actor, bank: Bank, blueprint: Blueprint) -> StoredBlueprint:
    """Keep a blueprint under its name; one of the same name is replaced. Raises BadInput for too long a name."""
    if len(blueprint.name) > LONGEST_NAME:
        raise BadInput(f"方案名称不超过 {LONGEST_NAME} 字，现为 {len(blueprint.name)} 字")
    data = to_toml(blueprint).encode()
    text = vault_of(session).seal(session, Purpose.PAPER, _context(bank, blueprint.name), data)
    stored = _find(session, bank, blueprint.name)
    if stored is None:
        stored = StoredBlueprint(bank_id=bank.id, name=blueprint.name)
        session.add(stored)
    stored.text, stored.saved_at = text, now()
    session.flush()
    append(session, actor, "blueprint.save", {"bank": bank.id, "blueprint": stored.id})
    return stored


def load_blueprint(session: Session, bank: Bank, name: str) -> Blueprint:
    """The stored blueprint of this name; raises NotFound listing the names there are."""
    stored = _find(session, bank, name)
    if stored is None:
        known = "、".join(one.name for one in list_blueprints(session, bank)) or "（还没有）"
        raise NotFound(f"没有名为“{name}”的组卷方案，现有：{known}；也可以给出 TOML 文件")
    data = vault_of(session).open(session, Purpose.PAPER, _context(bank, name), stored.text)
    return read_blueprint(data.decode(), name)


def list_blueprints(session: Session, bank: Bank) -> list[StoredBlueprint]:
    """The blueprints of a bank by name."""
    found = sa.select(StoredBlueprint).where(StoredBlueprint.bank_id == bank.id).order_by(StoredBlueprint.name)
    return list(session.scalars(found))


def _find(session: Session, bank: Bank, name: str) -> StoredBlueprint | None:
    wanted = (StoredBlueprint.bank_id == bank.id, StoredBlueprint.name == name)
    return session.scalar(sa.select(StoredBlueprint).where(*wanted))


def _context(bank: Bank, name: str) -> Context:
    return Context(bank.institution_id, "blueprint", f"{bank.id}/{name}", 1, "text")
