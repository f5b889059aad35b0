"""Changing keys while the bank stays open: rotate, retire, destroy, and change the root key.

After `rotate` new records use the new key and old ones still open; the rooms that hold records reseal them in
batches (`Vault.reseal`). A key is retired when none of its records is left, and destroyed in a later step, so a
mistake can be undone until then. Destroying every key of an institution erases its content, backups included,
when it leaves or is barred (Article 16).
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.ground.errors import NotFound, Refused
from bank.ground.transactions import forget, require_writing
from bank.vault.envelope import Suite
from bank.vault.keyring import (
    DataKey,
    KeySlot,
    KeyState,
    Purpose,
    add_key,
    check_root,
    of_owner,
    unwrap,
    wrap,
    wrapped_key,
)
from bank.vault.providers import KeyProvider


def rotate(
    session: Session, provider: KeyProvider, suite: Suite, institution_id: int | None, purpose: Purpose
) -> KeySlot:
    """Make a new primary key, of this suite, beside the old one, which from now on only opens.

    Call it before anything else in the transaction: it waits for every transaction that is sealing.
    """
    require_writing(session)
    check_root(session, provider)
    versions = session.scalars(_all().where(*of_owner(institution_id, purpose)).order_by(DataKey.version)).all()
    for key in versions:
        if key.state is KeyState.PRIMARY:
            key.state = KeyState.DECRYPT_ONLY
    session.flush()
    slot = KeySlot(institution_id, purpose, versions[-1].version + 1 if versions else 1, suite)
    if not add_key(session, provider, slot):
        raise Refused(f"用途 {purpose} 的密钥正在由另一操作更换，请稍后查看 tidun key status")
    forget(session)
    return slot


def retire(session: Session, institution_id: int | None, purpose: Purpose, version: int) -> None:
    """End the use of an old key: what it sealed no longer opens. The caller has made sure that nothing is left."""
    key = _find(session, institution_id, purpose, version)
    if key.state is KeyState.PRIMARY:
        raise Refused(f"用途 {purpose} 的第 {version} 版密钥仍在使用，请先执行 tidun key rotate")
    key.state = KeyState.RETIRED
    forget(session)


def reinstate(session: Session, institution_id: int | None, purpose: Purpose, version: int) -> None:
    """Let a retired key open again; raises Refused once it has been destroyed."""
    key = _find(session, institution_id, purpose, version)
    if not key.wrapped:
        raise Refused(f"用途 {purpose} 的第 {version} 版密钥已经销毁，无法恢复")
    if key.state is KeyState.RETIRED:
        key.state = KeyState.DECRYPT_ONLY
    forget(session)


def destroy(session: Session, institution_id: int | None, purpose: Purpose, version: int) -> None:
    """Erase a retired key for good: no copy of what it sealed can be read again."""
    key = _find(session, institution_id, purpose, version)
    if key.state is not KeyState.RETIRED:
        raise Refused(f"用途 {purpose} 的第 {version} 版密钥尚未停用，停用后才能销毁")
    key.wrapped = b""
    forget(session)


def change_root(session: Session, old: KeyProvider, new: KeyProvider) -> int:
    """Wrap every key by another root key, all in one transaction; says how many."""
    require_writing(session)
    check_root(session, old)
    rows = session.scalars(_all().where(DataKey.wrapped != b"")).all()
    for row in rows:
        key = wrapped_key(row)
        row.wrapped = wrap(new, key.slot, unwrap(old, key))
    forget(session)
    return len(rows)


def _all() -> sa.Select[DataKey]:
    # Locked and read afresh: another transaction may have changed what this session still remembers.
    return sa.select(DataKey).with_for_update().execution_options(populate_existing=True)


def _find(session: Session, institution_id: int | None, purpose: Purpose, version: int) -> DataKey:
    require_writing(session)
    row = session.scalar(_all().where(*of_owner(institution_id, purpose), DataKey.version == version))
    if row is None:
        raise NotFound(f"用途 {purpose} 没有第 {version} 版密钥，可用 tidun key status 查看")
    return row
