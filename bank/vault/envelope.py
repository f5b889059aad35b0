"""The one record format of everything that is stored encrypted. Pure: bytes in, bytes out.

    record = B7 01 | suite u8 | key version u32 | salt 24 | commitment 16 | ciphertext | tag 16

Each record has a key of its own, HKDF-Expand(data key, salt), so the nonce is zero and no bound on random nonces
applies. The salt is hedged: an HMAC over random bytes, the associated data and the plaintext, so that a random
generator that repeats itself (a restored snapshot of a virtual machine) still gives no key stream twice. The
commitment is derived with the key: no record opens under two keys. Plaintext is padded to multiples of 128 bytes.
Every failure is one `VaultError` with one sentence: who tampers learns nothing from the difference.
"""

import hmac
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from bank.ground.errors import CheckFailed

KEY_LENGTH = 32
MAGIC = b"\xb7\x01"
BLOCK = 128
_HEADER = struct.Struct(">2sBI")
_LENGTH = struct.Struct(">I")
_SALT, _COMMITMENT, _TAG = 24, 16, 16
_BODY = _HEADER.size + _SALT + _COMMITMENT
OVERHEAD = _BODY + _TAG
# Each key encrypts exactly one record, which is what makes a fixed nonce sound.
_NONCE = bytes(12)


class VaultError(CheckFailed):
    """The record does not open here: damaged, moved, replaced, or sealed under another key."""

    def __init__(
        self, message: str = "此记录无法解密：已损坏，或不是原来存放在这里的那一条；请从备份恢复该记录"
    ) -> None:
        super().__init__(message)


class Suite(StrEnum):
    """The algorithms a record may be sealed with, by the name used in settings."""

    AES_256_GCM = "aes-256-gcm"
    SM4_GCM = "sm4-gcm"
    AES_256_GCM_SIV = "aes-256-gcm-siv"


Transform = Callable[[bytes, bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class _Algorithm:
    code: int
    digest: HashAlgorithm
    key_length: int
    encrypt: Transform
    decrypt: Transform


def _sm4_encrypt(key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    encryptor = Cipher(SM4(key), GCM(_NONCE)).encryptor()
    encryptor.authenticate_additional_data(associated)
    return encryptor.update(plaintext) + encryptor.finalize() + encryptor.tag


def _sm4_decrypt(key: bytes, body: bytes, associated: bytes) -> bytes:
    decryptor = Cipher(SM4(key), GCM(_NONCE, body[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(associated)
    return decryptor.update(body[:-_TAG]) + decryptor.finalize()


_ALGORITHMS = {
    Suite.AES_256_GCM: _Algorithm(
        1,
        SHA256(),
        32,
        lambda key, text, associated: AESGCM(key).encrypt(_NONCE, text, associated),
        lambda key, body, associated: AESGCM(key).decrypt(_NONCE, body, associated),
    ),
    Suite.SM4_GCM: _Algorithm(2, SM3(), 16, _sm4_encrypt, _sm4_decrypt),
    Suite.AES_256_GCM_SIV: _Algorithm(
        3,
        SHA256(),
        32,
        lambda key, text, associated: AESGCMSIV(key).encrypt(_NONCE, text, associated),
        lambda key, body, associated: AESGCMSIV(key).decrypt(_NONCE, body, associated),
    ),
}
_SUITES = {algorithm.code: suite for suite, algorithm in _ALGORITHMS.items()}


def seal(key: bytes, key_version: int, suite: Suite, context: bytes, plaintext: bytes) -> bytes:
    """The record that opens only under `key` and only as `context`."""
    algorithm = _ALGORITHMS[suite]
    header = _HEADER.pack(MAGIC, algorithm.code, key_version)
    associated = header + context
    salt = _hedged_salt(algorithm, key, associated, plaintext)
    record_key, commitment = _record_key(algorithm, key, salt)
    return header + salt + commitment + algorithm.encrypt(record_key, _pad(plaintext), associated)


def open_record(key: bytes, key_version: int, suite: Suite, context: bytes, record: bytes) -> bytes:
    """The plaintext that was sealed with these very arguments; raises VaultError for anything else."""
    algorithm = _ALGORITHMS[suite]
    if read_header(record) != (key_version, suite):
        raise VaultError
    record_key, commitment = _record_key(algorithm, key, record[_HEADER.size : _HEADER.size + _SALT])
    if not hmac.compare_digest(commitment, record[_HEADER.size + _SALT : _BODY]):
        raise VaultError
    try:
        padded = algorithm.decrypt(record_key, record[_BODY:], record[: _HEADER.size] + context)
    except InvalidTag:
        raise VaultError from None
    return _unpad(padded)


def read_header(record: bytes) -> tuple[int, Suite]:
    """Key version and suite as the record claims them; raises VaultError when it cannot be a record."""
    padded_length = len(record) - OVERHEAD
    if padded_length < BLOCK or padded_length % BLOCK:
        raise VaultError
    magic, code, key_version = _HEADER.unpack_from(record)
    suite = _SUITES.get(code)
    if magic != MAGIC or suite is None:
        raise VaultError
    return key_version, suite


def derive(key: bytes, suite: Suite, label: str) -> bytes:
    """A 32-byte secret of its own for `label`, for keyed hashing outside records."""
    info = b"tidun/secret/v1" + label.encode()
    return HKDFExpand(_ALGORITHMS[suite].digest, KEY_LENGTH, info).derive(key)


def frame(*parts: bytes) -> bytes:
    """The parts, each behind its length, so that no two lists of parts look the same."""
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def unframe(framed: bytes) -> tuple[bytes, ...]:
    """The parts that `frame` joined; raises VaultError when the lengths do not add up."""
    parts, position = [], 0
    while position < len(framed):
        start = position + _LENGTH.size
        if start > len(framed):
            raise VaultError
        position = start + _LENGTH.unpack_from(framed, position)[0]
        if position > len(framed):
            raise VaultError
        parts.append(framed[start:position])
    return tuple(parts)


def _hedged_salt(algorithm: _Algorithm, key: bytes, associated: bytes, plaintext: bytes) -> bytes:
    mac = HMAC(key, algorithm.digest)
    mac.update(b"tidun/salt/v1" + os.urandom(_SALT) + frame(associated, plaintext))
    return mac.finalize()[:_SALT]


def _record_key(algorithm: _Algorithm, key: bytes, salt: bytes) -> tuple[bytes, bytes]:
    if len(key) != KEY_LENGTH:
        raise VaultError
    length = algorithm.key_length
    derived = HKDFExpand(algorithm.digest, length + _COMMITMENT, b"tidun/record/v1" + salt).derive(key)
    return derived[:length], derived[length:]


def _pad(plaintext: bytes) -> bytes:
    filled = _LENGTH.size + len(plaintext)
    return _LENGTH.pack(len(plaintext)) + plaintext + bytes(-filled % BLOCK)


def _unpad(padded: bytes) -> bytes:
    (length,) = _LENGTH.unpack_from(padded)
    plaintext = padded[_LENGTH.size : _LENGTH.size + length]
    if _pad(plaintext) != padded:
        raise VaultError
    return plaintext
