"""What every sketch index can do. The back ends share one test suite (`tests/integrity/test_index_protocol.py`).

An index holds buckets by item version and nothing else: no text, no key, no signature. Its stamp says which key,
recipe and normaliser made the buckets; sketches of another stamp never meet, so an index refuses to mix them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bank.ground.errors import CheckFailed
from integrity.similarity.canonical import NORMALISER
from integrity.similarity.sketches import NO_BUCKET, RECIPE

DEFAULT_CAP = 400
Buckets = NDArray[np.int64]
Batch = tuple[Sequence[int], Buckets]


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """What must be equal for two sketches to be comparable."""

    key_version: int
    recipe: int = RECIPE
    normaliser: int = NORMALISER

    def require(self, found: "Stamp | None") -> None:
        """Raise CheckFailed when the index was made under another stamp."""
        if found is not None and found != self:
            raise CheckFailed("相似索引是用旧的密钥或旧的规则建立的，不能与新题比较；请运行 tidun index rebuild 重建")


@dataclass(slots=True)
class Candidates:
    """Versions that share a bucket with one query, by how many they share."""

    hits: dict[int, int] = field(default_factory=dict)
    truncated: bool = False
    """A bucket held more versions than the cap, so some candidates were left out."""

    def best(self, most: int) -> list[int]:
        """The versions with the most shared buckets, the most first."""
        return sorted(self.hits, key=lambda version: (-self.hits[version], version))[:most]


@dataclass(frozen=True, slots=True)
class IndexState:
    """What a comparison of the index with the versions that should be in it has shown."""

    versions: int
    missing: tuple[int, ...] = ()
    wrong: tuple[int, ...] = ()
    stray: tuple[int, ...] = ()
    stale: bool = False

    @property
    def ok(self) -> bool:
        """Every version is in the index with its own buckets, and nothing else is."""
        return not (self.missing or self.wrong or self.stray or self.stale)


class SketchIndex(Protocol):
    """A place where sketches are kept and looked up."""

    stamp: Stamp

    def add(self, versions: Sequence[int], buckets: Buckets) -> None:
        """Keep the buckets of new versions, one row of buckets each."""

    def remove(self, versions: Collection[int]) -> None:
        """Forget versions; those not known are passed over."""

    def candidates(self, buckets: Buckets, cap: int = DEFAULT_CAP) -> list[Candidates]:
        """For each row of buckets the versions that share some; of a fuller bucket the oldest `cap` are taken."""

    def verify(self, batches: Iterable[Batch]) -> IndexState:
        """Compare the index with all versions that should be in it and their buckets, made anew."""


def postings(versions: Sequence[int], buckets: Buckets) -> list[tuple[int, int]]:
    """Pairs of bucket and version in bucket order, so that a tree grows from one side; empty places left out."""
    if len(versions) != len(buckets):
        raise ValueError("one row of buckets for each version")
    owners = np.repeat(np.asarray(versions, np.int64), buckets.shape[1] if buckets.size else 0)
    flat = buckets.ravel()
    order = np.argsort(flat, kind="stable")
    order = order[flat[order] != NO_BUCKET]
    return list(zip(flat[order].tolist(), owners[order].tolist(), strict=True))


def queries_by_bucket(buckets: Buckets) -> dict[int, list[int]]:
    """Which queries ask for each bucket."""
    found: dict[int, list[int]] = {}
    for query, row in enumerate(buckets.tolist()):
        for bucket in row:
            if bucket != NO_BUCKET:
                found.setdefault(bucket, []).append(query)
    return found


def compare(
    batches: Iterable[Batch], stored: Callable[[Sequence[int]], Mapping[int, Set[int]]]
) -> tuple[set[int], list[int], list[int]]:
    """All versions of the batches, those that are not stored, and those stored with other buckets."""
    seen: set[int] = set()
    missing, wrong = [], []
    for versions, buckets in batches:
        seen.update(versions)
        here = stored(versions)
        for version, row in zip(versions, buckets.tolist(), strict=True):
            if version not in here:
                missing.append(version)
            elif here[version] != set(row) - {NO_BUCKET}:
                wrong.append(version)
    return seen, missing, wrong
