"""The index in files: what is its own beside the suite that all back ends share."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.ground.errors import CheckFailed
from integrity.similarity.index import segment, segmentfiles
from integrity.similarity.index.memory import MemoryIndex
from integrity.similarity.index.protocol import Buckets, Stamp
from integrity.similarity.index.segment import SegmentIndex, segment_of
from integrity.similarity.sketches import NO_BUCKET

STAMP = Stamp(key_version=1)
WIDTH = 6


def _rows(*rows: list[int]) -> Buckets:
    return np.array([row + [NO_BUCKET] * (WIDTH - len(row)) for row in rows], np.int64).reshape(-1, WIDTH)


def _row(version: int) -> list[int]:
    """Some buckets that neighbours share and one that is a version's own."""
    return [7, -(version // 3) - 1, 1000 + version % 5, 10_000 + version]


def _add(index: SegmentIndex, *versions: int) -> None:
    index.add(versions, _rows(*map(_row, versions)))


def _content(folder: Path) -> set[int]:
    """Which versions are in the index, proven by its own check of every bucket."""
    index = segment_of(folder, STAMP)
    held = set(index.verify([]).stray)
    state = index.verify([([version], _rows(_row(version))) for version in held])
    assert state.ok
    assert set(index.candidates(_rows([7]))[0].hits) == held
    return held


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "lock"}


@pytest.fixture(autouse=True, scope="module")
def no_waiting() -> Iterator[None]:
    """Nobody cuts the power here, so the disk is not waited for; what must be synced is watched by `_Power`."""
    with mock.patch.object(os, "fsync", return_value=None):
        yield


class _KilledError(BaseException):
    """Nothing after this runs, like after a kill."""


class _Power:
    """Counts the steps after which something is on the disk for good, and fails before one of them.

    What was written but not synced is then half there; a rename whose folder was not synced may be undone. Nothing
    may be renamed before it was synced, and nothing built on a rename before that was.
    """

    def __init__(self, fails_at: int, forgets_renames: bool) -> None:
        self.left, self.forgets = fails_at, forgets_renames
        self.renamed: tuple[Path, Path, bytes | None] | None = None
        self.synced: set[int] = set()
        self.rename, self.delete = os.replace, Path.unlink

    def _step(self) -> bool:
        self.left -= 1
        return self.left < 0

    def fsync(self, descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        if self._step():
            if not is_folder:
                os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
            elif self.forgets and self.renamed:
                self._undo(*self.renamed)
            raise _KilledError
        self.synced.add(os.fstat(descriptor).st_ino)
        if is_folder:
            self.renamed = None

    def _undo(self, source: Path, target: Path, former: bytes | None) -> None:
        self.rename(target, source)
        if former is not None:
            target.write_bytes(former)

    def replace(self, source: Path, target: Path) -> None:
        if self._step():
            raise _KilledError
        assert self.renamed is None
        assert source.stat().st_ino in self.synced
        self.renamed = (source, target, target.read_bytes() if target.exists() else None)
        self.rename(source, target)

    def unlink(self, path: Path) -> None:
        if self._step():
            raise _KilledError
        assert self.renamed is None
        self.delete(path)


def _survives(act: Callable[[], None], fails_at: int, forgets_renames: bool) -> bool:
    power = _Power(fails_at, forgets_renames)
    with (
        mock.patch.object(os, "fsync", power.fsync),
        mock.patch.object(os, "replace", power.replace),
        mock.patch.object(Path, "unlink", autospec=True, side_effect=power.unlink),
    ):
        try:
            act()
        except _KilledError:
            return False
    return True


ACTS: dict[str, tuple[Callable[[SegmentIndex], None], set[int]]] = {
    "add": (lambda index: _add(index, 20, 21), {20, 21}),
    "remove": (lambda index: index.remove([1, 4, 5]), {1, 4, 5}),
    "merge": (lambda index: index.merge(), set()),
}


@pytest.mark.parametrize("forgets_renames", [False, True])
@pytest.mark.parametrize("name", ACTS)
def test_whoever_is_killed_leaves_the_former_or_the_new_state(tmp_path: Path, name: str, forgets_renames: bool) -> None:
    act, changed = ACTS[name]
    index = segment_of(tmp_path / "ready", STAMP)
    for first in (1, 3, 5):
        _add(index, first, first + 1)
    index.remove([2])
    before = {1, 3, 4, 5, 6}
    outcomes = set()
    for step in range(100):
        folder = tmp_path / str(step)
        shutil.copytree(tmp_path / "ready", folder)
        done = _survives(lambda folder=folder: act(SegmentIndex(folder, STAMP)), step, forgets_renames)
        held = _content(folder)
        assert held in (before, before ^ changed)
        outcomes.add(frozenset(held))
        _add(segment_of(folder, STAMP), 30)
        assert _content(folder) == held | {30}
        named = segmentfiles.parse_manifest(folder, segmentfiles.manifest_bytes(folder))
        assert set(_files(folder)) == {"manifest", *(file for entry in named.entries for file in entry.files)}
        if done:
            break
    assert done
    assert held == before ^ changed
    assert step >= 6
    assert outcomes == {frozenset(before), frozenset(before ^ changed)}


@pytest.fixture
def small_steps() -> Iterator[None]:
    """Merges early and by few pairs at once, so that few items reach every branch."""
    with mock.patch.multiple(segment, _FAN=2, _RUN=4, _ASKED=3):
        yield


_VERSION = st.integers(1, 14)
_ROW = st.lists(st.integers(-4, 9).filter(lambda bucket: bucket != NO_BUCKET), max_size=WIDTH)
_ACT = st.one_of(
    st.tuples(st.just("add"), st.dictionaries(_VERSION, _ROW, max_size=5)),
    st.tuples(st.just("remove"), st.sets(_VERSION, max_size=4)),
    st.tuples(st.just("merge"), st.none()),
)


@pytest.mark.usefixtures("small_steps")
@settings(max_examples=60, deadline=None)
@given(st.lists(_ACT, max_size=10), st.lists(_ROW, max_size=4), st.integers(1, 6))
def test_any_history_answers_as_the_index_in_memory(
    acts: list[tuple[str, object]], queries: list[list[int]], cap: int
) -> None:
    with TemporaryDirectory() as folder:
        index, plain = segment_of(Path(folder) / "index", STAMP), MemoryIndex(STAMP)
        held: dict[int, list[int]] = {}
        for act, given_ in acts:
            if act == "add":
                new = {version: row for version, row in given_.items() if version not in held}
                for one in (index, plain):
                    one.add(list(new), _rows(*new.values()))
                held |= new
            elif act == "remove":
                for one in (index, plain):
                    one.remove(given_)
                held = {version: row for version, row in held.items() if version not in given_}
            else:
                index.merge()
        asked = _rows(*queries)
        assert index.candidates(asked, cap) == plain.candidates(asked, cap)
        assert SegmentIndex(index.folder, STAMP).candidates(asked) == plain.candidates(asked)
        half = [([version], _rows(row[1:])) for version, row in sorted(held.items())[::2]]
        for batches in ([(list(held), _rows(*held.values()))], half, [([99], _rows([1])), *half]):
            assert index.verify(batches) == plain.verify(batches)


def test_the_same_adds_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        index = segment_of(tmp_path / name, STAMP)
        for first in range(1, 30, 3):
            _add(index, first, first + 1, first + 2)
        index.remove([4, 8])
    assert _files(tmp_path / "one") == _files(tmp_path / "two")


def test_merged_bytes_do_not_depend_on_the_history(tmp_path: Path) -> None:
    at_once, in_steps = segment_of(tmp_path / "at once", STAMP), segment_of(tmp_path / "in steps", STAMP)
    _add(at_once, *range(1, 20))
    for version in (*range(19, 9, -1), 40, *range(1, 10)):
        _add(in_steps, version)
    in_steps.remove([40, 3])
    _add(in_steps, 3)
    in_steps.merge()
    assert _files(at_once.folder) == _files(in_steps.folder)


def test_what_gathers_is_merged(tmp_path: Path) -> None:
    index = segment_of(tmp_path, STAMP)
    for version in range(1, 65):
        _add(index, version)
    assert len(list(tmp_path.glob("*.segment"))) < 4
    index.remove(range(1, 60))
    assert len(list(tmp_path.glob("*.removed"))) == 0
    assert _content(tmp_path) == set(range(60, 65))


def test_what_is_too_old_expires(tmp_path: Path) -> None:
    index = segment_of(tmp_path, STAMP)
    _add(index, 1, 2, 3)
    index.expire(date(2026, 1, 1), {1: date(2025, 12, 31), 2: date(2026, 1, 1), 9: date(2020, 1, 1)})
    assert _content(tmp_path) == {2, 3}


@pytest.mark.parametrize(
    "other", [replace(STAMP, key_version=2), replace(STAMP, recipe=9), replace(STAMP, normaliser=9)]
)
def test_sketches_of_another_stamp_are_refused(tmp_path: Path, other: Stamp) -> None:
    _add(segment_of(tmp_path, STAMP), 1)
    with pytest.raises(CheckFailed, match="旧的密钥"):
        segment_of(tmp_path, other)
    stranger = SegmentIndex(tmp_path, other)
    for act in (lambda: _add(stranger, 2), lambda: stranger.remove([1]), lambda: stranger.candidates(_rows([7]))):
        with pytest.raises(CheckFailed, match="旧的密钥"):
            act()
    assert stranger.verify([([1], _rows(_row(1)))]).stale
    segment_of(tmp_path, STAMP).remove([1])
    _add(segment_of(tmp_path, other), 1)


def test_a_version_is_added_once(tmp_path: Path) -> None:
    index = segment_of(tmp_path, STAMP)
    _add(index, 1)
    for versions in ((2, 2), (1, 3)):
        with pytest.raises(ValueError, match="once"):
            _add(index, *versions)
    assert _content(tmp_path) == {1}


@pytest.mark.parametrize("kind", ["segment", "removed", "manifest"])
def test_decay_shows(tmp_path: Path, kind: str) -> None:
    index = segment_of(tmp_path, STAMP)
    _add(index, *range(1, 10))
    index.remove([1])
    path = next(path for path in tmp_path.iterdir() if path.name.endswith(kind))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CheckFailed, match="已损坏"):
        SegmentIndex(tmp_path, STAMP).verify([])
    with pytest.raises(CheckFailed, match="已损坏"):
        SegmentIndex(tmp_path, STAMP).merge()


def test_a_shortened_segment_is_refused(tmp_path: Path) -> None:
    _add(segment_of(tmp_path, STAMP), 1, 2)
    path = next(tmp_path.glob("*.segment"))
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(CheckFailed, match="已损坏"):
        segment_of(tmp_path, STAMP)


def test_a_lost_file_is_named(tmp_path: Path) -> None:
    _add(segment_of(tmp_path, STAMP), 1)
    next(tmp_path.glob("*.segment")).unlink()
    with pytest.raises(CheckFailed, match="缺少"):
        segment_of(tmp_path, STAMP)


def test_only_the_owner_reads_the_files(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        index = segment_of(tmp_path / "index", STAMP)
        _add(index, 1, 2, 3)
        index.remove([1])
    finally:
        os.umask(former)
    assert stat.S_IMODE(index.folder.stat().st_mode) == 0o700
    modes = {path.suffix or path.name: stat.S_IMODE(path.stat().st_mode) for path in index.folder.iterdir()}
    assert modes == dict.fromkeys((".segment", ".removed", "manifest", "lock"), 0o600)


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda version: _add(segment_of(tmp_path, STAMP), version), range(1, 21)))
    assert _content(tmp_path) == set(range(1, 21))


def test_a_reader_sees_what_was_written_since(tmp_path: Path) -> None:
    reader, writer = segment_of(tmp_path, STAMP), segment_of(tmp_path, STAMP)
    assert reader.candidates(_rows([7]))[0].hits == {}
    _add(writer, 1)
    assert reader.candidates(_rows([7]))[0].hits == {1: 1}


def test_a_reader_outruns_a_merge(tmp_path: Path) -> None:
    """Between the manifest and its files a writer may have merged them away."""
    writer = segment_of(tmp_path, STAMP)
    _add(writer, 1)
    _add(writer, 2)
    opened = segmentfiles.open_segment

    def late(folder: Path, entry: segmentfiles.Entry) -> segmentfiles.Segment:
        with mock.patch.object(segment, "open_segment", opened):
            writer.merge()
        return opened(folder, entry)

    with mock.patch.object(segment, "open_segment", late):
        assert set(segment_of(tmp_path, STAMP).candidates(_rows([7]))[0].hits) == {1, 2}
