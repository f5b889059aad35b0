"""The index in the database, written in the same transaction as the versions it points to.

`sketch` holds under which stamp a version was sketched and its buckets in one piece, `sketch_bucket` is the inverted
list, clustered on its key (on SQLite without row numbers), so that one bucket is one place on the disk. The piece
serves for taking a version out and for checking the list: a second index by version would double the list.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.db import Base
from bank.ground.transactions import remembered
from bank.items import Item, ItemVersion
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
from integrity.similarity.sketches import NO_BUCKET

_Value = TypeVar("_Value")
_STORED = "<i8"
_CHUNK = 5000
"""Values in one statement: well under what SQLite and PostgreSQL bind at once."""


class Sketch(Base):
    """Under which key, recipe and normaliser a version was sketched, and its buckets."""

    __tablename__ = "sketch"
    __table_args__ = (sa.Index("ix_sketch_stamp", "key_version", "recipe", "normaliser"),)

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("item_version.id"), primary_key=True, autoincrement=False)
    key_version: Mapped[int]
    recipe: Mapped[int]
    normaliser: Mapped[int]
    buckets: Mapped[bytes]


class SketchBucket(Base):
    """One keyed bucket of one version. Without a foreign key: 106 look-ups a version are what writing it would cost."""

    __tablename__ = "sketch_bucket"
    __table_args__ = ({"sqlite_with_rowid": False},)

    bucket: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)


class SqlIndex:
    """The index of the session's database, seen from inside its transaction."""

    def __init__(self, session: Session, stamp: Stamp) -> None:
        self.session, self.stamp = session, stamp

    def add(self, versions: Sequence[int], buckets: Buckets) -> None:
        """See `SketchIndex`."""
        self._require_stamp()
        rows = postings(versions, buckets)
        if not versions:
            return
        stamp = {
            "key_version": self.stamp.key_version,
            "recipe": self.stamp.recipe,
            "normaliser": self.stamp.normaliser,
        }
        pieces = [row.astype(_STORED).tobytes() for row in buckets]
        self.session.execute(
            sa.insert(Sketch),
            [{"version_id": v, "buckets": piece, **stamp} for v, piece in zip(versions, pieces, strict=True)],
        )
        if self._on_postgresql():
            self._unnest(rows)
        elif rows:
            self._driver("INSERT INTO sketch_bucket (bucket, version_id) VALUES (?, ?)", rows)

    def _on_postgresql(self) -> bool:
        return self.session.get_bind().dialect.name == "postgresql"

    def _driver(self, statement: str, rows: list[tuple[int, int]]) -> None:
        """Past the expression layer: a hundred rows a version are worth it."""
        self.session.connection().exec_driver_sql(statement, rows)

    def _unnest(self, rows: list[tuple[int, int]]) -> None:
        """Two arrays in one statement: PostgreSQL takes them many times faster than row by row."""
        array = ARRAY(sa.BigInteger)
        for chunk in _chunks(rows, 200_000):
            source = sa.select(
                sa.func.unnest(sa.bindparam("buckets", [bucket for bucket, _ in chunk], array)),
                sa.func.unnest(sa.bindparam("versions", [version for _, version in chunk], array)),
            )
            self.session.execute(sa.insert(SketchBucket).from_select(["bucket", "version_id"], source))

    def remove(self, versions: Collection[int]) -> None:
        """See `SketchIndex`."""
        mark = "%s" if self._on_postgresql() else "?"
        for chunk in _chunks(sorted(versions), _CHUNK):
            rows = [(bucket, version) for version, row in self._pieces(chunk).items() for bucket in row]
            if rows:
                self._driver(f"DELETE FROM sketch_bucket WHERE bucket = {mark} AND version_id = {mark}", rows)  # noqa: S608
            self.session.execute(sa.delete(Sketch).where(Sketch.version_id.in_(chunk)))

    def _pieces(self, versions: Sequence[int]) -> dict[int, set[int]]:
        """The buckets of each version as they were written in one piece."""
        rows = self.session.execute(sa.select(Sketch.version_id, Sketch.buckets).where(Sketch.version_id.in_(versions)))
        return {version: set(np.frombuffer(piece, _STORED).tolist()) - {NO_BUCKET} for version, piece in rows}

    def clear(self) -> None:
        """Forget everything, before the index is made anew under another stamp."""
        self.session.execute(sa.delete(SketchBucket))
        self.session.execute(sa.delete(Sketch))
        remembered(self.session, "sketch stamp").clear()

    def candidates(self, buckets: Buckets, cap: int = DEFAULT_CAP) -> list[Candidates]:
        """See `SketchIndex`."""
        self._require_stamp()
        found = [Candidates() for _ in buckets]
        asked = queries_by_bucket(buckets)
        for chunk in _chunks(sorted(asked), _CHUNK):
            place = sa.func.row_number().over(partition_by=SketchBucket.bucket, order_by=SketchBucket.version_id)
            listed = sa.select(SketchBucket.bucket, SketchBucket.version_id, place.label("place"))
            inner = listed.where(SketchBucket.bucket.in_(self._listed(chunk))).subquery()
            for bucket, version, at in self.session.execute(sa.select(inner).where(inner.c.place <= cap + 1)):
                for query in asked[bucket]:
                    if at > cap:
                        found[query].truncated = True
                    else:
                        found[query].hits[version] = found[query].hits.get(version, 0) + 1
        return found

    def _listed(self, buckets: list[int]) -> sa.Select[int]:
        """The buckets as a table made from one parameter: thousands of parameters cost more than the search."""
        if self._on_postgresql():
            return sa.select(sa.func.unnest(sa.bindparam("asked", buckets, ARRAY(sa.BigInteger))))
        values = sa.func.json_each(sa.bindparam("asked", json.dumps(buckets))).table_valued("value")
        return sa.select(values.c.value)

    def nearest(
        self, buckets: NDArray[np.int64], most: int, *criteria: sa.ColumnElement[bool], fewest: int = 1
    ) -> list[int]:
        """Current versions of items that meet the criteria and share buckets with one query, the most shared first.

        The criteria are asked inside the query: of a crowded bucket the own items must not be left out for others'.
        """
        self._require_stamp()
        asked = [bucket for bucket in set(buckets.tolist()) if bucket != NO_BUCKET]
        count = sa.func.count()
        shared = (
            sa.select(SketchBucket.version_id, count.label("shared"))
            .where(SketchBucket.bucket.in_(asked))
            .group_by(SketchBucket.version_id)
            .having(count >= fewest)
            .subquery()
        )
        found = (
            sa.select(shared.c.version_id)
            .join(ItemVersion, ItemVersion.id == shared.c.version_id)
            .join(Item, sa.and_(Item.id == ItemVersion.item_id, Item.version == ItemVersion.number))
            .where(*criteria)
            .order_by(shared.c.shared.desc(), shared.c.version_id)
        )
        return list(self.session.scalars(found.limit(most)))

    def verify(self, batches: Iterable[Batch]) -> IndexState:
        """See `SketchIndex`."""
        seen, missing, wrong = compare(batches, self._stored)
        listed = sa.union(sa.select(Sketch.version_id), sa.select(SketchBucket.version_id).distinct())
        stray = sorted(set(self.session.scalars(listed)) - seen)
        stale = any(end != self.stamp for end in self._stamps())
        return IndexState(len(seen), tuple(missing), tuple(wrong), tuple(stray), stale)

    def _stored(self, versions: Sequence[int]) -> dict[int, set[int]]:
        """The buckets under which the inverted list really gives each version."""
        pieces = {version: row for chunk in _chunks(versions, _CHUNK) for version, row in self._pieces(chunk).items()}
        found: dict[int, set[int]] = {version: set() for version in pieces}
        for chunk in _chunks(sorted(set().union(*pieces.values())), _CHUNK):
            listed = sa.select(SketchBucket.bucket, SketchBucket.version_id).where(SketchBucket.bucket.in_(chunk))
            for bucket, version in self.session.execute(listed):
                if version in found:
                    found[version].add(bucket)
        return found

    def _require_stamp(self) -> None:
        """Every sketch in the database has the stamp of this index; looked up once a transaction."""
        checked = remembered(self.session, "sketch stamp")
        if self.stamp not in checked:
            for end in self._stamps():
                self.stamp.require(end)
            checked[self.stamp] = True

    def _stamps(self) -> list[Stamp]:
        """The least and the greatest stamp in the database; if both are equal, all are."""
        columns = (Sketch.key_version, Sketch.recipe, Sketch.normaliser)
        orders = (columns, tuple(column.desc() for column in columns))
        rows = [self.session.execute(sa.select(*columns).order_by(*order).limit(1)).first() for order in orders]
        return [Stamp(*row) for row in rows if row is not None]


def _chunks(values: Collection[_Value], size: int) -> Iterator[list[_Value]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
