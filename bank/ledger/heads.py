"""Signed tree heads: what this ledger stands by, for a hand-over sheet, another instance, or any outsider.

Without a head held elsewhere nobody could tell that the whole database was rolled back and rewritten. The signing
key is Ed25519 and lies sealed in the vault; its public half is printed and published. The `verify_…` functions
need no database: an outsider runs them, or a few lines of any language, on the JSON alone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import CheckFailed
from bank.ground.transactions import insert_once
from bank.ledger import merkle
from bank.ledger.log import canonical, size_and_root, unfinished
from bank.ledger.proofs import root_at
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of

_TITLE = "tidun ledger head 1"
_SIGNED = ("title", "size", "root", "at", "key")
_PLACE = Context(None, "ledger_signer", "1", 1, "private_key")


class LedgerSigner(Base):
    """The one signing key of this ledger, its private half sealed."""

    __tablename__ = "ledger_signer"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_key: Mapped[bytes]
    private_key: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(default=now)


def signed_head(session: Session) -> dict[str, Any]:
    """Size and root of the committed ledger, signed now. The first call makes the key and needs a unit of work."""
    if unfinished(session):
        # Were this transaction rolled back, the signature would stand against the ledger that follows.
        raise RuntimeError("sign the head after the acts are committed")
    signer = _signer(session)
    size, root = size_and_root(session)
    head = {
        "title": _TITLE,
        "size": size,
        "root": root.hex(),
        "at": now().isoformat(timespec="seconds"),
        "key": signer.public_key.hex(),
    }
    private = vault_of(session).open(session, Purpose.LEDGER, _PLACE, signer.private_key)
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(canonical(head))
    return {**head, "signature": signature.hex()}


def public_key(session: Session) -> bytes:
    """The public half of the signing key, 32 bytes, to be published."""
    return _signer(session).public_key


def check_growth(session: Session, head: Mapping[str, Any], key: bytes) -> None:
    """Raise CheckFailed unless this ledger still begins with the one that an earlier signed head stood for."""
    if not verify_head(head, key):
        raise CheckFailed("所给的树头签名不对，或不是本台账的密钥签的；请核对树头文件和公钥")
    size, _ = size_and_root(session)
    if size < head["size"]:
        raise CheckFailed(f"操作记录现有 {size} 条，少于已签出的 {head['size']} 条：数据库可能被回退，请查明后再使用")
    if root_at(session, head["size"]).hex() != head["root"]:
        raise CheckFailed(f"前 {head['size']} 条操作记录与已签出的树头不符：记录可能被改写，请查明后再使用")


def verify_head(head: Mapping[str, Any], key: bytes) -> bool:
    """Whether the head was signed with this key, word for word."""
    try:
        signed = {name: head[name] for name in _SIGNED}
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(head["signature"]), canonical(signed))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return bool(signed["title"] == _TITLE)


def verify_proof(proof: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    """Whether the entry of the proof stands in the ledger of the head; the head is verified on its own."""
    try:
        seq, size, path = proof["seq"], head["size"], [bytes.fromhex(step) for step in proof["path"]]
        leaf = merkle.leaf_hash(proof["entry"].encode())
        return merkle.verify_inclusion(leaf, seq - 1, size, path, bytes.fromhex(head["root"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def verify_growth(growth: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the ledger of the new head begins with the one of the old head."""
    try:
        roots = (bytes.fromhex(old["root"]), bytes.fromhex(new["root"]))
        path = [bytes.fromhex(step) for step in growth["path"]]
        return merkle.verify_consistency(old["size"], new["size"], *roots, path)
    except (KeyError, TypeError, ValueError):
        return False


def _signer(session: Session) -> LedgerSigner:
    signer = session.get(LedgerSigner, 1)
    if signer is None:
        private = Ed25519PrivateKey.generate()
        sealed = vault_of(session).seal(session, Purpose.LEDGER, _PLACE, private.private_bytes_raw())
        public = private.public_key().public_bytes_raw()
        insert_once(session, LedgerSigner, id=1, public_key=public, private_key=sealed, created_at=now())
        signer = session.get_one(LedgerSigner, 1)
    return signer
