"""Unfinished forms: kept sealed in the house, not in the browser, because office computers are shared.

A form that was begun is saved every few seconds and shown again when its writer returns, theirs alone. The first
keeping of a form is in the ledger; those that follow say nothing new, and the item itself is when it is saved.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import MultiDict

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput
from bank.ground.transactions import insert_once
from bank.institutions import Bank
from bank.ledger.log import append
from bank.notation import tokens
from bank.pictures import Picture
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of

KEPT_FOR = timedelta(days=30)
MOST_BYTES = 200_000
NEW, SET = "new", "set"
_UNTYPED = frozenset({"csrf_token", "bank", "then", "accepted", "item", "prefix", "slot"})
_CHOSEN = (
    "parts",
    "based_on",
    "type",
    "judge",
    "letters",
    "point",
    "difficulty",
    "consistency",
    "cognition",
    "importance",
    "secrecy",
    "credit",
)


class WritingDraft(Base):
    """The unfinished form of one person in one place: a new item, a new set, or an item that is being changed."""

    __tablename__ = "writing_draft"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), primary_key=True, autoincrement=False)
    slot: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    saved_at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """An unfinished form as it was typed."""

    saved_at: datetime
    fields: MultiDict[str, str]


def slot_of(item_id: int) -> str:
    """The place of an item that is being changed."""
    return f"item:{item_id}"


def keep(session: Session, actor: Actor, bank: Bank, slot: str, form: MultiDict[str, str]) -> datetime | None:
    """Keep what is typed; None when nothing is. Raises BadInput for more than a question can be."""
    session.execute(sa.delete(WritingDraft).where(WritingDraft.saved_at < now() - KEPT_FOR))
    lists = {name: values for name, values in form.to_dict(flat=False).items() if name not in _UNTYPED}
    if not _is_typed(lists):
        return None
    plaintext = json.dumps(lists, ensure_ascii=False).encode()
    if len(plaintext) > MOST_BYTES:
        raise BadInput("这道题太长，不能自动保存；请先存为草稿，或分成几道题")
    place = {"user_id": actor.user_id, "bank_id": bank.id, "slot": slot}
    draft = session.get(WritingDraft, tuple(place.values()))
    if draft is None:
        if insert_once(session, WritingDraft, **place, saved_at=now(), body=b""):
            append(session, actor, "writing.keep", {"bank": bank.id, "slot": slot})
        draft = session.get_one(WritingDraft, tuple(place.values()))
    draft.saved_at = now()
    draft.body = vault_of(session).seal(session, Purpose.BANK, _context(actor, bank, slot), plaintext)
    _spare_pictures(session, bank, lists)
    session.flush()
    return draft.saved_at


def _spare_pictures(session: Session, bank: Bank, lists: Mapping[str, list[str]]) -> None:
    """A picture that only an unfinished form names is in use: the time after which it is swept begins anew."""
    named = {token for values in lists.values() for value in values for token in tokens(value)}
    if named:
        mine = (Picture.institution_id == bank.institution_id, Picture.token.in_(named))
        session.execute(sa.update(Picture).where(*mine).values(kept_at=now()))


def _is_typed(lists: Mapping[str, list[str]]) -> bool:
    """Whether anything but choices was filled in."""
    return any(
        value.strip() for name, values in lists.items() if name.rsplit("-", 1)[-1] not in _CHOSEN for value in values
    )


def kept(session: Session, actor: Actor, bank: Bank, slot: str) -> Kept | None:
    """What this person left unfinished here."""
    draft = session.get(WritingDraft, (actor.user_id, bank.id, slot))
    if draft is None:
        return None
    body = vault_of(session).open(session, Purpose.BANK, _context(actor, bank, slot), draft.body)
    lists: dict[str, list[str]] = json.loads(body)
    return Kept(draft.saved_at, MultiDict([(name, value) for name, values in lists.items() for value in values]))


def drop(session: Session, actor: Actor, bank: Bank, slot: str) -> None:
    """Delete the unfinished form: it was saved, or its writer begins anew."""
    mine = (WritingDraft.user_id == actor.user_id, WritingDraft.bank_id == bank.id, WritingDraft.slot == slot)
    session.execute(sa.delete(WritingDraft).where(*mine))


def _context(actor: Actor, bank: Bank, slot: str) -> Context:
    return Context(bank.institution_id, "writing", f"{actor.user_id}:{bank.id}:{slot}", 1, "draft")
