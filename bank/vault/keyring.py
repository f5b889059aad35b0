"""The table of data keys: one per institution and purpose, in versions, each wrapped by the root key.

A key is `primary` (seals and opens), `decrypt_only` (opens what it sealed before a rotation) or `retired` (opens
nothing). Destroying a retired key makes everything it sealed unreadable, in backups too, which is how an
institution's content is erased when it leaves. The row also says whether the root key is the right one: a wrapped
key names its root key and does not open under another.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from os import urandom
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput, CheckFailed
from bank.ground.transactions import insert_once, is_writing, remembered
from bank.vault.envelope import KEY_LENGTH, Suite, VaultError, frame, unframe
from bank.vault.providers import KeyProvider


class Purpose(StrEnum):
    """What a data key is for: content of different kinds never shares a key."""

    BANK = "bank"
    KEY = "key"
    INDEX = "index"
    PAPER = "paper"
    TRACE = "trace"
    AUDIT = "audit"
    LEDGER = "ledger"


class KeyState(StrEnum):
    """What a data key may still do."""

    PRIMARY = "primary"
    DECRYPT_ONLY = "decrypt_only"
    RETIRED = "retired"


class DataKey(Base):
    """One version of one data key; `wrapped` is empty once the key has been destroyed.

    There is no foreign key to the institution: its keys are destroyed on their own, and the register stays.
    """

    __tablename__ = "data_key"
    __table_args__ = (
        sa.UniqueConstraint("institution_id", "purpose", "version"),
        # NULL differs from NULL in a unique constraint, so keys of the whole house need an index of their own.
        sa.Index(
            "uq_data_key_house",
            "purpose",
            "version",
            unique=True,
            sqlite_where=sa.text("institution_id IS NULL"),
            postgresql_where=sa.text("institution_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int | None]
    purpose: Mapped[Purpose]
    version: Mapped[int]
    suite: Mapped[Suite]
    state: Mapped[KeyState]
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(default=now)


@dataclass(frozen=True, slots=True)
class KeySlot:
    """The place of one key version; a wrapped key is bound to it and does not unwrap in another."""

    institution_id: int | None
    purpose: Purpose
    version: int
    suite: Suite

    def context(self) -> bytes:
        """The slot as associated data."""
        owner = "" if self.institution_id is None else str(self.institution_id)
        return frame(*(part.encode() for part in (owner, self.purpose, str(self.version), self.suite)))


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """One row of the table: what the vault remembers of a key for the length of a transaction."""

    slot: KeySlot
    state: KeyState
    wrapped: bytes = field(repr=False)
    created_at: datetime

    def wrapped_by(self) -> tuple[str, str]:
        """Name of the provider and of its root key; two empty strings for a destroyed key."""
        if not self.wrapped:
            return "", ""
        provider, root, _ = _parts(self.wrapped)
        return provider.decode(), root.decode()


def primary(
    session: Session, provider: KeyProvider, suite: Suite, institution_id: int | None, purpose: Purpose
) -> WrappedKey:
    """The key that seals now, made on first use inside the caller's transaction."""
    place = (institution_id, purpose)
    found = remembered(session, __name__).get(place)
    if found is None:
        found = _find_primary(session, institution_id, purpose)
        if found is None:
            check_root(session, provider)
            add_key(session, provider, KeySlot(institution_id, purpose, 1, suite))
            found = _find_primary(session, institution_id, purpose)
        if found is None:
            raise CheckFailed(f"用途 {purpose} 的数据密钥已全部停用，请执行 tidun key rotate 生成新密钥")
        # Fetched anew: making a key ends a savepoint, which empties the memory.
        remembered(session, __name__)[place] = found
    return found


def at_version(session: Session, institution_id: int | None, purpose: Purpose, version: int) -> WrappedKey:
    """The key of this version if it may still open; raises VaultError otherwise."""
    place = (institution_id, purpose, version)
    memory = remembered(session, __name__)
    found = memory.get(place)
    if found is None:
        found = _first(
            session, sa.select(*_COLUMNS).where(*of_owner(institution_id, purpose), DataKey.version == version)
        )
        if found is None or found.state is KeyState.RETIRED:
            raise VaultError
        memory[place] = found
    return found


def add_key(session: Session, provider: KeyProvider, slot: KeySlot) -> bool:
    """Put a new random key into the slot as primary; False when another transaction filled it first."""
    return insert_once(
        session,
        DataKey,
        institution_id=slot.institution_id,
        purpose=slot.purpose,
        version=slot.version,
        suite=slot.suite,
        state=KeyState.PRIMARY,
        wrapped=wrap(provider, slot, urandom(KEY_LENGTH)),
    )


def wrapped_key(row: DataKey | sa.Row[*tuple[Any, ...]]) -> WrappedKey:
    """A row of the table as a value."""
    slot = KeySlot(row.institution_id, row.purpose, row.version, row.suite)
    return WrappedKey(slot, row.state, row.wrapped, row.created_at)


def wrap(provider: KeyProvider, slot: KeySlot, key: bytes) -> bytes:
    """The key as its row stores it: name of the provider, name of the root key, the provider's own blob."""
    return frame(provider.name.encode(), provider.key_id().encode(), provider.wrap(slot.context(), key))


def unwrap(provider: KeyProvider, key: WrappedKey) -> bytes:
    """The key itself; raises VaultError for a destroyed or damaged one and under another root key."""
    if key.wrapped_by() != (provider.name, provider.key_id()):
        raise VaultError
    return provider.unwrap(key.slot.context(), _parts(key.wrapped)[2])


def check_root(session: Session, provider: KeyProvider) -> None:
    """Raise BadInput when the keys were wrapped by another root key; a database without keys accepts any."""
    newest = sa.select(*_COLUMNS).where(DataKey.wrapped != b"").order_by(DataKey.id.desc()).limit(1)
    key = _first(session, newest)
    if key is None:
        return
    if key.wrapped_by() != (provider.name, provider.key_id()):
        raise BadInput(
            f"{provider.place}（编号 {provider.key_id()}）不是本数据库的根密钥（编号 {key.wrapped_by()[1]}），"
            "请换回与数据库配套的密钥文件；没有写入任何内容"
        )
    unwrap(provider, key)


def status(session: Session) -> list[WrappedKey]:
    """Every key version, those of the house first; the keys themselves stay wrapped."""
    order = (DataKey.institution_id.is_not(None), DataKey.institution_id, DataKey.purpose, DataKey.version)
    return [wrapped_key(row) for row in session.execute(sa.select(*_COLUMNS).order_by(*order))]


_COLUMNS = (
    DataKey.institution_id,
    DataKey.purpose,
    DataKey.version,
    DataKey.suite,
    DataKey.state,
    DataKey.wrapped,
    DataKey.created_at,
)


def of_owner(institution_id: int | None, purpose: Purpose) -> tuple[sa.ColumnElement[bool], ...]:
    """Criteria for the keys of one institution, or of the house, and one purpose."""
    owner = DataKey.institution_id
    return (owner.is_(None) if institution_id is None else owner == institution_id, DataKey.purpose == purpose)


def _find_primary(session: Session, institution_id: int | None, purpose: Purpose) -> WrappedKey | None:
    query = sa.select(*_COLUMNS).where(*of_owner(institution_id, purpose), DataKey.state == KeyState.PRIMARY)
    if is_writing(session):
        # A rotation waits for whoever is sealing, so no record appears under a key already thought unused.
        query = query.with_for_update(read=True)
    return _first(session, query)


def _first(session: Session, query: sa.Select[*tuple[Any, ...]]) -> WrappedKey | None:
    row = session.execute(query).first()
    return None if row is None else wrapped_key(row)


def _parts(wrapped: bytes) -> tuple[bytes, bytes, bytes]:
    parts = unframe(wrapped)
    if len(parts) != 3:
        raise VaultError
    provider, root, blob = parts
    return provider, root, blob
