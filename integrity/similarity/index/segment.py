"""The index as memory-mapped sorted segments in a folder, for audits that outgrow the database.

Every add is one small sorted segment; segments of one size class are merged as they gather, so a query looks into few.
What is removed is listed beside its segment and leaves it at the next merge. A version lies in one segment only, so
the order of the segments tells nothing, and merging everything gives the same bytes whatever happened before.

One writer at a time, any number of readers in any process: each call looks at the manifest first, so an answer never
lags behind a write that was finished. Of how files come and go, `segmentfiles` tells.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from integrity.similarity.index.protocol import DEFAULT_CAP, Batch, Buckets, Candidates, IndexState, Stamp, compare
from integrity.similarity.index.segmentfiles import (
    Column,
    Entry,
    Manifest,
    Segment,
    check_files,
    commit,
    keep_removed,
    keep_segment,
    manifest_bytes,
    missing_file,
    open_segment,
    parse_manifest,
    writing,
)
from integrity.similarity.sketches import NO_BUCKET

_FAN = 4
"""So many segments of one size class become one."""
_RUN = 1 << 21
"""Pairs that are held in memory at once while segments are read from end to end."""
_ASKED = 10_000
"""Versions whose buckets are compared in one reading of the segments."""


def segment_of(folder: Path, stamp: Stamp) -> "SegmentIndex":
    """The index in a folder, or an empty one; refused when its buckets were made under another stamp.

    Meant for audits that compare all items of a jurisdiction with one another, over a million of them: the pairs lie
    in bucket order on the disk, apart from the database that serves the day's work.
    """
    index = SegmentIndex(folder, stamp)
    index.require_stamp()
    return index


class SegmentIndex:
    """Sorted pairs of bucket and version in files."""

    def __init__(self, folder: Path, stamp: Stamp) -> None:
        self.folder, self.stamp = folder, stamp
        self._seen = b""
        self._found: Stamp | None = None
        self._segments: tuple[Segment, ...] = ()

    def require_stamp(self) -> tuple[Segment, ...]:
        """The segments as they are now; CheckFailed when they were made under another stamp."""
        segments = self._look()
        self.stamp.require(self._found)
        return segments

    def _look(self) -> tuple[Segment, ...]:
        """The segments of the manifest that lies there now. Whoever merges meanwhile leaves a newer manifest."""
        while (found := manifest_bytes(self.folder)) != self._seen:
            manifest = parse_manifest(self.folder, found)
            mapped = {segment.entry: segment for segment in self._segments}
            try:
                opened = tuple(mapped.get(one) or open_segment(self.folder, one) for one in manifest.entries)
            except FileNotFoundError as error:
                if manifest_bytes(self.folder) == found:
                    raise missing_file(self.folder) from error
                continue
            self._found = manifest.stamp if opened else None
            self._segments, self._seen = opened, found
        return self._segments

    @contextmanager
    def _writing(self) -> Iterator[tuple[Segment, ...]]:
        with writing(self.folder):
            yield self.require_stamp()

    def _commit(self, entries: Iterable[Entry]) -> None:
        commit(self.folder, Manifest(self.stamp, tuple(sorted(entries, key=lambda entry: entry.files))))

    def add(self, versions: Sequence[int], buckets: Buckets) -> None:
        """See `SketchIndex`."""
        if len(versions) != len(buckets):
            raise ValueError("one row of buckets for each version")
        if not len(versions):
            return
        new = np.unique(np.asarray(versions, np.int64))
        with self._writing() as segments:
            if len(new) < len(versions) or any(_holds(segment, new).any() for segment in segments):
                raise ValueError("a version is added once")
            order = np.argsort(np.asarray(versions, np.int64), kind="stable")
            entry = keep_segment(self.folder, *_sorted_pairs(new, buckets[order]))
            self._commit([*(segment.entry for segment in segments), entry])
            self._settle()

    def remove(self, versions: Collection[int]) -> None:
        """See `SketchIndex`."""
        gone = np.unique(np.fromiter(versions, np.int64, len(versions)))
        with self._writing() as segments:
            entries = [self._without(segment, gone) for segment in segments]
            if entries != [segment.entry for segment in segments]:
                self._commit(entries)
                self._settle()

    def _without(self, segment: Segment, gone: Column) -> Entry:
        """The segment's entry after these versions were taken out of it."""
        here = gone[_holds(segment, gone)]
        if not here.size:
            return segment.entry
        return replace(segment.entry, removed=keep_removed(self.folder, np.union1d(segment.removed, here)))

    def expire(self, before: date, dates: Mapping[int, date]) -> None:
        """Forget the versions whose date lies before a day."""
        self.remove([version for version, day in dates.items() if day < before])

    def merge(self) -> None:
        """Make one segment of all, without what was removed."""
        with self._writing() as segments:
            if len(segments) > 1 or any(segment.removed.size for segment in segments):
                self._merge(segments)

    def _settle(self) -> None:
        while due := _due(self._look()):
            self._merge(due)

    def _merge(self, parts: Sequence[Segment]) -> None:
        """Replace segments by one. Damage is looked for first: a new checksum would hide it for good."""
        for part in parts:
            check_files(self.folder, part.entry)
        live = [part.live(part.versions) for part in parts]
        versions = np.concatenate([part.versions[kept] for part, kept in zip(parts, live, strict=True)])
        counts = np.concatenate([part.counts[kept] for part, kept in zip(parts, live, strict=True)])
        order = np.argsort(versions)
        merged = [keep_segment(self.folder, versions[order], counts[order], _merged(parts))] if versions.size else []
        self._commit([one.entry for one in self._look() if one not in parts] + merged)

    def candidates(self, buckets: Buckets, cap: int = DEFAULT_CAP) -> list[Candidates]:
        """See `SketchIndex`."""
        segments = self.require_stamp()
        queries, places = np.nonzero(buckets != NO_BUCKET)
        asked, wanted = np.unique(buckets[queries, places], return_inverse=True)
        places, versions = _listed(segments, asked, cap)
        counts = np.bincount(places, minlength=len(asked))
        starts = np.cumsum(counts) - counts
        taken = np.minimum(counts, cap)[wanted]
        versions = versions[_ranges(starts[wanted], taken)]
        found = _by_query(np.repeat(queries, taken), versions, len(buckets))
        for query in queries[counts[wanted] > cap].tolist():
            found[query].truncated = True
        return found

    def verify(self, batches: Iterable[Batch]) -> IndexState:
        """See `SketchIndex`; CheckFailed when a file is damaged."""
        segments = self._look()
        for segment in segments:
            check_files(self.folder, segment.entry)
        seen, missing, wrong = compare(_gathered(batches), lambda asked: _stored(segments, asked))
        held = {version for one in segments for version in one.versions[one.live(one.versions)].tolist()}
        stale = self._found not in {None, self.stamp}
        return IndexState(len(seen), tuple(missing), tuple(wrong), tuple(sorted(held - seen)), stale)


def _sorted_pairs(versions: Column, buckets: Buckets) -> tuple[Column, Column, list[tuple[Column, Column]]]:
    """Versions, how many buckets each has, and the pairs in order; a bucket that a row names twice counts once."""
    flat = buckets.ravel()
    order = np.argsort(flat, kind="stable")
    order = order[flat[order] != NO_BUCKET]
    sorted_buckets, rows = flat[order], order // buckets.shape[1]
    twice = np.zeros(len(order), np.bool_)
    twice[1:] = (sorted_buckets[1:] == sorted_buckets[:-1]) & (rows[1:] == rows[:-1])
    rows = rows[~twice]
    return versions, np.bincount(rows, minlength=len(versions)), [(sorted_buckets[~twice], versions[rows])]


def _holds(segment: Segment, versions: Column) -> NDArray[np.bool_]:
    """Which of these versions the segment has and nobody took out."""
    place = np.minimum(np.searchsorted(segment.versions, versions), len(segment.versions) - 1)
    same: NDArray[np.bool_] = segment.versions[place] == versions
    return same & segment.live(versions)


def _due(segments: Sequence[Segment]) -> list[Segment]:
    """What to merge next: a segment of which most was taken out, or enough segments of one size class."""
    classes: defaultdict[int, list[Segment]] = defaultdict(list)
    for segment in segments:
        if 2 * len(segment.removed) > len(segment.versions):
            return [segment]
        classes[segment.entry.pairs.bit_length() // 2].append(segment)
    full = [size for size, members in classes.items() if len(members) >= _FAN]
    return classes[min(full)] if full else []


def _merged(parts: Sequence[Segment]) -> Iterator[tuple[Column, Column]]:
    """The pairs of all parts in order, by ranges of buckets that fit into memory."""
    longest = max((part.buckets for part in parts), key=len)
    steps = max(_RUN // len(parts), 1)
    cuts = longest[steps::steps]
    ends = [[0, *np.searchsorted(part.buckets, cuts).tolist(), len(part.buckets)] for part in parts]
    for bounds in zip(*(pairwise(end) for end in ends), strict=True):
        buckets = np.concatenate([part.buckets[a:b] for part, (a, b) in zip(parts, bounds, strict=True)])
        owners = np.concatenate([part.owners[a:b] for part, (a, b) in zip(parts, bounds, strict=True)])
        live = np.concatenate([part.live(part.owners[a:b]) for part, (a, b) in zip(parts, bounds, strict=True)])
        yield _in_order(buckets[live], owners[live])


def _in_order(buckets: Column, owners: Column) -> tuple[Column, Column]:
    """Pairs by bucket, then version. Parts mostly follow one another in time, so one stable sort mostly does."""
    order = np.argsort(buckets, kind="stable")
    if ((np.diff(buckets[order]) == 0) & (np.diff(owners[order]) < 0)).any():
        order = np.lexsort((owners, buckets))
    return buckets[order], owners[order]


def _ranges(starts: NDArray[np.intp], lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """The places of several ranges, one behind the other."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)


def _listed(segments: Sequence[Segment], asked: Column, cap: int) -> tuple[NDArray[np.intp], Column]:
    """For each bucket asked for the versions in it, the oldest first, and one more than the cap where it is fuller."""
    places, versions = [np.empty(0, np.intp)], [np.empty(0, np.int64)]
    for segment in segments:
        starts = np.searchsorted(segment.buckets, asked)
        lengths = np.searchsorted(segment.buckets, asked, side="right") - starts
        # So many may be taken out at most, so what is left of these still reaches past the cap.
        lengths = np.minimum(lengths, cap + 1 + len(segment.removed))
        owners = segment.owners[_ranges(starts, lengths)]
        live = segment.live(owners)
        versions.append(owners[live])
        places.append(np.repeat(np.arange(len(asked)), lengths)[live])
    place, version = np.concatenate(places), np.concatenate(versions)
    order = np.lexsort((version, place))
    return place[order], version[order]


def _by_query(queries: NDArray[np.intp], versions: Column, count: int) -> list[Candidates]:
    """How often each query met each version."""
    order = np.lexsort((versions, queries))
    queries, versions = queries[order], versions[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(queries) != 0) | (np.diff(versions) != 0)
    starts = np.flatnonzero(first)
    shared = np.diff(starts, append=len(order)).tolist()
    met, owner = versions[starts].tolist(), queries[starts]
    bounds = np.searchsorted(owner, np.arange(count + 1)).tolist()
    return [Candidates(dict(zip(met[a:b], shared[a:b], strict=True))) for a, b in pairwise(bounds)]


def _gathered(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Batches put together, because each costs one reading of all pairs."""
    versions: list[int] = []
    rows: list[Buckets] = []
    for some, buckets in batches:
        versions.extend(some)
        rows.append(buckets)
        if len(versions) >= _ASKED:
            yield versions, np.concatenate(rows)
            versions, rows = [], []
    if versions:
        yield versions, np.concatenate(rows)


def _stored(segments: Sequence[Segment], asked: Sequence[int]) -> dict[int, set[int]]:
    """The buckets under which the segments really give each of these versions."""
    wanted = np.unique(np.asarray(asked, np.int64))
    found: dict[int, set[int]] = {}
    for segment in segments:
        here = wanted[_holds(segment, wanted)]
        found.update({version: set() for version in here.tolist()})
        for at in range(0, len(segment.owners) if here.size else 0, _RUN):
            owners = segment.owners[at : at + _RUN]
            kept = np.isin(owners, here)
            for version, bucket in zip(
                owners[kept].tolist(), segment.buckets[at : at + _RUN][kept].tolist(), strict=True
            ):
                found[version].add(bucket)
    return found
