"""The vault: seals and opens what must not lie in the clear, with the key of the institution and purpose.

Rooms call `vault_of(session).seal(...)` and never see a key. Unwrapped keys live in this process only, as many as
fit a bounded cache; which key may be used is asked of the database once a transaction, so a rotation or an erasure
reaches every worker with its commit.
"""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NoReturn

from sqlalchemy.orm import Session

from bank.vault import keyring
from bank.vault.envelope import Suite, derive, frame, open_record, read_header, seal
from bank.vault.keyring import Purpose, WrappedKey
from bank.vault.providers import KeyProvider

CACHED_KEYS = 4096
OF_THE_HOUSE = (Purpose.INDEX, Purpose.TRACE, Purpose.AUDIT, Purpose.LEDGER)


@dataclass(frozen=True, slots=True)
class Context:
    """Where a record belongs: it opens only as this column of this version of this row of this institution."""

    institution: int | None
    record: str
    id: str
    version: int
    column: str

    def associated(self, purpose: Purpose) -> bytes:
        """The place as associated data, each part behind its length."""
        owner = "" if self.institution is None else str(self.institution)
        parts = (purpose, owner, self.record, self.id, str(self.version), self.column)
        return frame(*(part.encode() for part in parts))


class Vault:
    """Seals and opens records; holds the provider of the root key and shows nothing of it."""

    def __init__(self, provider: KeyProvider, suite: str = Suite.AES_256_GCM) -> None:
        self.provider = provider
        self.suite = Suite(suite)
        self._unwrapped = lru_cache(CACHED_KEYS)(partial(keyring.unwrap, provider))

    def seal(self, session: Session, purpose: Purpose, context: Context, plaintext: bytes) -> bytes:
        """The record of this plaintext; the key is made on first use in the caller's transaction."""
        key = self._primary(session, context.institution, purpose)
        slot = key.slot
        return seal(self._unwrapped(key), slot.version, slot.suite, context.associated(purpose), plaintext)

    def open(self, session: Session, purpose: Purpose, context: Context, blob: bytes) -> bytes:
        """The plaintext of a record sealed for this purpose and context; raises VaultError for anything else."""
        version, _ = read_header(blob)
        key = keyring.at_version(session, context.institution, purpose, version)
        return open_record(self._unwrapped(key), version, key.slot.suite, context.associated(purpose), blob)

    def reseal(self, session: Session, purpose: Purpose, context: Context, blob: bytes) -> bytes:
        """The record under today's primary key; the very same bytes when it is there already."""
        slot = self._primary(session, context.institution, purpose).slot
        if read_header(blob) == (slot.version, slot.suite):
            return blob
        return self.seal(session, purpose, context, self.open(session, purpose, context, blob))

    def secret(self, session: Session, purpose: Purpose, label: str) -> bytes:
        """32 secret bytes of the house for this label; another value once the purpose's key is rotated."""
        key = self._primary(session, None, purpose)
        return derive(self._unwrapped(key), key.slot.suite, label)

    def secret_version(self, session: Session, purpose: Purpose) -> int:
        """Which key version `secret` stands on, to be stored beside everything that was computed with it."""
        return self._primary(session, None, purpose).slot.version

    def establish(self, session: Session) -> None:
        """Make the keys of the house, so that no reading session finds them missing."""
        for purpose in OF_THE_HOUSE:
            self._primary(session, None, purpose)

    def check(self, session: Session) -> None:
        """Raise BadInput when the root key is not the one this database was made with; writes nothing."""
        keyring.check_root(session, self.provider)

    def status(self, session: Session) -> list[WrappedKey]:
        """Every key version with its slot, state and wrapping root key."""
        return keyring.status(session)

    def _primary(self, session: Session, institution_id: int | None, purpose: Purpose) -> WrappedKey:
        return keyring.primary(session, self.provider, self.suite, institution_id, purpose)

    def __repr__(self) -> str:
        return f"Vault({self.provider.name}, {self.suite})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault is never pickled")


def vault_of(session: Session) -> Vault:
    """The vault that the edge gave this session."""
    vault: Vault = session.info["vault"]
    return vault
