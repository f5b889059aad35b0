"""The files of a segment index: sorted runs of keyed buckets, and the manifest that says which of them count.

A segment is four columns of little-endian int64, one behind the other: its versions in order, how many buckets each
has, and its pairs of bucket and version in order as two columns. Beside it may lie the list of versions that were
taken out of it since. Both are named by their SHA-256: buckets are keyed already, so a plain checksum tells nobody
more than the file itself does. It shows decay, not malice; an index is a copy that can always be made anew.

A file is written under a passing name, synced and renamed, and the folder is synced, before a manifest may name it;
the manifest comes into its place in the same way. So whoever is killed leaves the former manifest or the new one
whole, and at worst files that no manifest names, which the next writer sweeps away.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from bank.ground.errors import CheckFailed
from integrity.similarity.index.protocol import Stamp

Column = NDArray[np.int64]

_STORED = np.dtype("<i8")
_MANIFEST = "manifest"
_PASSING = "passing"
_SEGMENT, _REMOVED = "segment", "removed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One segment as the manifest names it; `removed` is the list of what was taken out of it, or empty."""

    name: str
    versions: int
    pairs: int
    removed: str = ""

    @property
    def size(self) -> int:
        """Bytes of the segment's file."""
        return 2 * (self.versions + self.pairs) * _STORED.itemsize

    @property
    def files(self) -> tuple[str, ...]:
        """The files that this entry needs."""
        segment = f"{self.name}.{_SEGMENT}"
        return (segment, f"{self.removed}.{_REMOVED}") if self.removed else (segment,)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Under which stamp the buckets were made, and the segments that count."""

    stamp: Stamp
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A segment's columns, mapped from its file: pages come in when they are asked for."""

    entry: Entry
    versions: Column
    counts: Column
    buckets: Column
    owners: Column
    removed: Column

    def live(self, versions: Column) -> NDArray[np.bool_]:
        """Which of these were not taken out."""
        if not self.removed.size:
            return np.ones(len(versions), np.bool_)
        return np.isin(versions, self.removed, invert=True)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """One writer at a time, others wait; the system lets go of the lock when its holder dies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def manifest_bytes(folder: Path) -> bytes:
    """The manifest as it lies there, or nothing."""
    try:
        return (folder / _MANIFEST).read_bytes()
    except FileNotFoundError:
        return b""


def parse_manifest(folder: Path, found: bytes) -> Manifest:
    """Read a manifest, checked against the checksum in its last line."""
    body, _, checksum = found.rstrip(b"\n").rpartition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        raise _damaged(folder / _MANIFEST)
    row = json.loads(body)
    return Manifest(Stamp(**row["stamp"]), tuple(Entry(**entry) for entry in row["segments"]))


def commit(folder: Path, manifest: Manifest) -> None:
    """Put the new manifest in the place of the former one, then sweep what it no longer names."""
    row = {"segments": [asdict(entry) for entry in manifest.entries], "stamp": asdict(manifest.stamp)}
    body = json.dumps(row, sort_keys=True).encode()
    _write(folder, lambda file: file.write(body + b"\n" + hashlib.sha256(body).hexdigest().encode() + b"\n"))
    _place(folder, _MANIFEST)
    needed = {file for entry in manifest.entries for file in entry.files}
    for path in sorted(folder.iterdir()):
        if path.suffix in {f".{_SEGMENT}", f".{_REMOVED}"} and path.name not in needed:
            path.unlink()


def keep_segment(folder: Path, versions: Column, counts: Column, runs: Iterable[tuple[Column, Column]]) -> Entry:
    """Write a segment whose pairs come in runs, in order; the two columns of pairs grow side by side."""
    pairs = int(counts.sum())

    def write(file: BinaryIO) -> None:
        file.write(_bytes(versions) + _bytes(counts))
        at = file.tell()
        for buckets, owners in runs:
            file.seek(at)
            file.write(_bytes(buckets))
            file.seek(at + pairs * _STORED.itemsize)
            file.write(_bytes(owners))
            at += len(buckets) * _STORED.itemsize

    name = _write(folder, write)
    _place(folder, f"{name}.{_SEGMENT}")
    return Entry(name, len(versions), pairs)


def keep_removed(folder: Path, versions: Column) -> str:
    """Write the list of versions that were taken out of a segment."""
    name = _write(folder, lambda file: file.write(_bytes(versions)))
    _place(folder, f"{name}.{_REMOVED}")
    return name


def open_segment(folder: Path, entry: Entry) -> Segment:
    """Map a segment. Its size is checked here, its checksum where the whole of it is read anyway."""
    path = folder / entry.files[0]
    if path.stat().st_size != entry.size:
        raise _damaged(path)
    # The system may read ahead: forbidding it makes the first question faster and the hundreds after it slower.
    whole = np.memmap(path, _STORED, mode="r")
    ends = np.cumsum([entry.versions, entry.versions, entry.pairs])
    versions, counts, buckets, owners = (np.asarray(part) for part in np.split(whole, ends))
    removed = np.fromfile(folder / entry.files[1], _STORED) if entry.removed else np.empty(0, np.int64)
    return Segment(entry, versions, counts, buckets, owners, removed)


def check_files(folder: Path, entry: Entry) -> None:
    """Raise CheckFailed when a file of the segment is no longer what was written."""
    for file in entry.files:
        with (folder / file).open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != Path(file).stem:
                raise _damaged(folder / file)


def _damaged(path: Path) -> CheckFailed:
    return CheckFailed(f"相似索引文件“{path}”已损坏，其中的比对结果不可信；请删除它所在的文件夹并重新建立索引")


def missing_file(folder: Path) -> CheckFailed:
    """A manifest that names a file which is not there, although nobody is writing."""
    return CheckFailed(f"相似索引文件夹“{folder}”缺少清单所列的文件；请删除该文件夹并重新建立索引")


def _bytes(column: Column) -> bytes:
    return column.astype(_STORED, copy=False).tobytes()


def _write(folder: Path, write: Callable[[BinaryIO], object]) -> str:
    """Fill the file with the passing name, sync it and tell its checksum."""
    descriptor = os.open(folder / _PASSING, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb+") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _place(folder: Path, name: str) -> None:
    """Give what was written its name, and make the name last."""
    os.replace(folder / _PASSING, folder / name)  # noqa: PTH105 - the one call that tests interrupt
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
