"""The index in memory: for comparing two documents without a database, and as the plainest form of the protocol."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from integrity.similarity.index.protocol import (
    DEFAULT_CAP,
    Batch,
    Buckets,
    Candidates,
    IndexState,
    Stamp,
    compare,
    postings,
    queries_by_bucket,
)


class MemoryIndex:
    """Buckets in a dictionary."""

    def __init__(self, stamp: Stamp) -> None:
        self.stamp = stamp
        self._versions: dict[int, list[int]] = {}
        self._buckets: defaultdict[int, set[int]] = defaultdict(set)

    def add(self, versions: Sequence[int], buckets: Buckets) -> None:
        """See `SketchIndex`."""
        found = postings(versions, buckets)
        for version in versions:
            self._versions[version] = []
        for bucket, version in found:
            self._buckets[bucket].add(version)
            self._versions[version].append(bucket)

    def remove(self, versions: Collection[int]) -> None:
        """See `SketchIndex`."""
        for version in versions:
            for bucket in self._versions.pop(version, []):
                self._buckets[bucket].discard(version)

    def candidates(self, buckets: Buckets, cap: int = DEFAULT_CAP) -> list[Candidates]:
        """See `SketchIndex`."""
        found = [Candidates() for _ in buckets]
        for bucket, queries in queries_by_bucket(buckets).items():
            versions = sorted(self._buckets.get(bucket, ()))
            for query in queries:
                found[query].truncated |= len(versions) > cap
                for version in versions[:cap]:
                    found[query].hits[version] = found[query].hits.get(version, 0) + 1
        return found

    def verify(self, batches: Iterable[Batch]) -> IndexState:
        """See `SketchIndex`."""
        stored = {version: set(buckets) for version, buckets in self._versions.items()}
        seen, missing, wrong = compare(batches, lambda _: stored)
        return IndexState(len(seen), tuple(missing), tuple(wrong), tuple(sorted(set(stored) - seen)))
