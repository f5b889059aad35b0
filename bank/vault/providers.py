"""Who holds the root key. A provider wraps data keys and never gives the root key away.

The file provider serves one machine: 32 random bytes in a file that only the service account may read. Other
providers (a key card, a transit service) only have to offer the same four names; every wrapped key says which
provider and which root key wrapped it.
"""

import os
import stat
from pathlib import Path
from typing import NoReturn, Protocol

from bank.ground.errors import BadInput
from bank.vault.envelope import KEY_LENGTH, Suite, derive, open_record, read_header, seal

_MARK = "TIDUN-ROOT-KEY-1 "


class KeyProvider(Protocol):
    """Wraps and unwraps data keys under a root key that stays with it."""

    name: str
    place: str
    """Where the root key is, in words for the sentence that says it is missing or wrong."""

    def key_id(self) -> str:
        """A short public name of the root key, different for every root key."""

    def wrap(self, context: bytes, key: bytes) -> bytes:
        """The key, readable again only by this provider and for the same context."""

    def unwrap(self, context: bytes, wrapped: bytes) -> bytes:
        """The key that was wrapped for this context; raises VaultError otherwise."""


class FileKeyProvider:
    """The root key in a file of mode 0600 that belongs to the account of the service."""

    name = "file"

    def __init__(self, path: Path, suite: Suite = Suite.AES_256_GCM) -> None:
        self.place = f"密钥文件 {path}"
        self._suite = suite
        self._root = _read_root_key(path)

    @staticmethod
    def create(path: Path) -> None:
        """Write a new root key; raises BadInput when the file is already there, whatever it holds."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise BadInput(f"密钥文件 {path} 已经存在，不会覆盖；确实不再需要时请先把它移走") from None
        except OSError as error:
            raise BadInput(f"密钥文件 {path} 无法创建：{error.strerror}；请检查所在目录的权限") from None
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{_MARK}{os.urandom(KEY_LENGTH).hex()}\n")
            file.flush()
            os.fsync(descriptor)
        _sync_folder(path.parent)

    def key_id(self) -> str:
        """Eight bytes derived one way from the root key, in hexadecimal."""
        return derive(self._root, Suite.AES_256_GCM, "key-id")[:8].hex()

    def wrap(self, context: bytes, key: bytes) -> bytes:
        """The key as a record under the root key."""
        return seal(self._root, 0, self._suite, context, key)

    def unwrap(self, context: bytes, wrapped: bytes) -> bytes:
        """The key out of such a record, whichever suite wrapped it; raises VaultError."""
        _, suite = read_header(wrapped)
        return open_record(self._root, 0, suite, context, wrapped)

    def __repr__(self) -> str:
        return f"FileKeyProvider({self.place})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key provider is never pickled")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_root_key(path: Path) -> bytes:
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            # The open file is asked, not the path: nobody can exchange it between the check and the reading.
            _check_guarded(path, os.fstat(file.fileno()))
            text = file.read(256)
    except OSError as error:
        raise BadInput(f"密钥文件 {path} 无法读取：{error.strerror}；请从密钥备份恢复该文件") from None
    try:
        root = bytes.fromhex(text.removeprefix(_MARK))
    except ValueError:
        root = b""
    if not text.startswith(_MARK) or len(root) != KEY_LENGTH:
        raise BadInput(f"密钥文件 {path} 不完整或不是题盾的密钥；请从密钥备份恢复该文件")
    return root


def _check_guarded(path: Path, found: os.stat_result) -> None:
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o077:
        raise BadInput(f"密钥文件 {path} 可被其他账号读取（权限 {mode:04o}），请执行 chmod 600 {path} 后重试")
    if found.st_uid != os.geteuid():
        raise BadInput(f"密钥文件 {path} 不属于运行本程序的账号，请用 chown 改为该账号所有后重试")
