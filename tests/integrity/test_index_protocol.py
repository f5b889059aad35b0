"""One suite for every back end of the sketch index."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.content import ItemType
from bank.ground.clock import now
from bank.ground.db import Database
from bank.ground.errors import CheckFailed
from bank.institutions import Bank, Institution, InstitutionKind, Jurisdiction
from bank.items import Item, ItemStatus, ItemVersion, Origin, Secrecy
from integrity.similarity.index.memory import MemoryIndex
from integrity.similarity.index.protocol import Buckets, SketchIndex, Stamp
from integrity.similarity.index.segment import segment_of
from integrity.similarity.index.sql import SketchBucket, SqlIndex
from integrity.similarity.sketches import BUCKETS, NO_BUCKET
from web.migrations.tables import metadata

STAMP = Stamp(key_version=1)
VERSIONS = 40


def _versions(session: sa.orm.Session) -> None:
    """The rows that a sketch must point to: one bank, many item versions."""
    session.add(Jurisdiction(id=1, name="试验市"))
    session.add(Institution(id=1, name="试验学校", kind=InstitutionKind.TECHNICAL_SCHOOL, jurisdiction_id=1))
    session.flush()
    session.add(Bank(id=1, institution_id=1, occupation="6-18-01-01", level=4, filed_on=date(2025, 3, 1)))
    session.flush()
    item = {"bank_id": 1, "type": ItemType.JUDGE, "status": ItemStatus.DRAFT, "secrecy": Secrecy.SECRET}
    numbers = range(1, VERSIONS + 1)
    session.execute(
        sa.insert(Item), [{"id": n, "origin": Origin.BANK, "version": 1, "created_at": now(), **item} for n in numbers]
    )
    session.execute(
        sa.insert(ItemVersion),
        [{"id": n, "item_id": n, "number": 1, "created_at": now(), "question": b"", "answer": b""} for n in numbers],
    )


def _sql_index(url: str) -> Iterator[SqlIndex]:
    database = Database(url)
    metadata.create_all(database.engine)
    with database.unit_of_work() as session:
        _versions(session)
        yield SqlIndex(session, STAMP)
        session.rollback()
    database.close()


@pytest.fixture(params=["memory", "segment", "sqlite", "postgresql"])
def index(request: pytest.FixtureRequest) -> Iterator[SketchIndex]:
    if request.param == "memory":
        yield MemoryIndex(STAMP)
    elif request.param == "segment":
        yield segment_of(request.getfixturevalue("tmp_path") / "index", STAMP)
    else:
        url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
        yield from _sql_index(url)


def _rows(*rows: list[int]) -> Buckets:
    """Rows of buckets, filled up with empty places."""
    return np.array([row + [NO_BUCKET] * (BUCKETS - len(row)) for row in rows], np.int64)


def test_what_was_added_is_found_by_what_it_shares(index: SketchIndex) -> None:
    index.add([1, 2, 3], _rows([10, 11, 12], [11, 12, 13], [-(2**63), 2**63 - 1]))
    first, none, edge = index.candidates(_rows([11, 12], [99], [-(2**63), 2**63 - 1]))
    assert first.hits == {1: 2, 2: 2}
    assert none.hits == {}
    assert edge.hits == {3: 2}
    assert not first.truncated


def test_empty_places_meet_nothing(index: SketchIndex) -> None:
    index.add([1, 2], _rows([], [5]))
    assert index.candidates(_rows([]))[0].hits == {}


def test_nothing_asked_nothing_answered(index: SketchIndex) -> None:
    index.add([], _rows()[:0].reshape(0, BUCKETS))
    assert index.candidates(np.empty((0, BUCKETS), np.int64)) == []


def test_several_queries_may_ask_for_one_bucket(index: SketchIndex) -> None:
    index.add([4], _rows([7]))
    assert [found.hits for found in index.candidates(_rows([7], [7, 8]))] == [{4: 1}, {4: 1}]


def test_a_hot_bucket_is_capped_and_says_so(index: SketchIndex) -> None:
    index.add(list(range(1, 11)), _rows(*[[1, 100 + n] for n in range(10)]))
    capped, exact = index.candidates(_rows([1, 109]), cap=4)[0], index.candidates(_rows([1]), cap=10)[0]
    assert capped.truncated
    assert capped.hits == {1: 1, 2: 1, 3: 1, 4: 1, 10: 1}
    assert not exact.truncated
    assert len(exact.hits) == 10


def test_the_best_share_the_most(index: SketchIndex) -> None:
    index.add([1, 2, 3], _rows([1], [1, 2, 3], [2, 3]))
    assert index.candidates(_rows([1, 2, 3]))[0].best(2) == [2, 3]


def test_removed_versions_are_gone(index: SketchIndex) -> None:
    index.add([1, 2], _rows([10, 11], [10]))
    index.remove([1, 30])
    assert index.candidates(_rows([10, 11]))[0].hits == {2: 1}
    index.add([1], _rows([10]))
    assert index.candidates(_rows([10, 11]))[0].hits == {1: 1, 2: 1}


def test_verify_names_what_is_wrong(index: SketchIndex) -> None:
    rows = _rows([10, 11], [12], [13])
    index.add([1, 2, 3], rows)
    assert index.verify([([1, 2], rows[:2]), ([3], rows[2:])]).ok
    state = index.verify([([1, 2, 5], _rows([10, 11], [14], [15]))])
    assert not state.ok
    assert (state.versions, state.missing, state.wrong, state.stray, state.stale) == (3, (5,), (2,), (3,), False)


def test_a_row_of_buckets_for_each_version(index: SketchIndex) -> None:
    with pytest.raises(ValueError, match="one row"):
        index.add([1, 2], _rows([1]))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 12), unique=True, max_size=5), min_size=1, max_size=12),
    st.lists(st.integers(1, 12), unique=True, max_size=5),
)
def test_candidates_are_the_versions_that_share(index: SketchIndex, rows: list[list[int]], query: list[int]) -> None:
    versions = list(range(1, len(rows) + 1))
    index.add(versions, _rows(*rows))
    shared = {version: len(set(row) & set(query)) for version, row in zip(versions, rows, strict=True)}
    assert index.candidates(_rows(query))[0].hits == {version: count for version, count in shared.items() if count}
    index.remove(versions)
    assert index.candidates(_rows(query))[0].hits == {}


@pytest.fixture(params=["sqlite", "postgresql"])
def sql_index(request: pytest.FixtureRequest) -> Iterator[SqlIndex]:
    yield from _sql_index(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.mark.parametrize(
    "other", [replace(STAMP, key_version=2), replace(STAMP, recipe=9), replace(STAMP, normaliser=9)]
)
def test_sketches_of_another_stamp_are_refused(sql_index: SqlIndex, other: Stamp) -> None:
    sql_index.add([1], _rows([10]))
    stranger = SqlIndex(sql_index.session, other)
    with pytest.raises(CheckFailed, match="tidun index rebuild"):
        stranger.candidates(_rows([10]))
    with pytest.raises(CheckFailed, match="tidun index rebuild"):
        stranger.add([2], _rows([11]))
    assert stranger.verify([([1], _rows([10]))]).stale
    stranger.clear()
    stranger.add([1], _rows([11]))
    assert stranger.candidates(_rows([11]))[0].hits == {1: 1}


def test_a_lost_posting_shows(sql_index: SqlIndex) -> None:
    sql_index.add([1, 2], _rows([10, 11], [10]))
    sql_index.session.execute(sa.delete(SketchBucket).where(SketchBucket.bucket == 11))
    sql_index.session.execute(sa.insert(SketchBucket), [{"bucket": 77, "version_id": 40}])
    state = sql_index.verify([([1, 2], _rows([10, 11], [10]))])
    assert (state.wrong, state.stray) == ((1,), (40,))


def test_a_sketch_points_to_a_version(sql_index: SqlIndex) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        sql_index.add([VERSIONS + 1], _rows([10]))


def test_the_nearest_are_asked_for_within_their_criteria(sql_index: SqlIndex) -> None:
    """Of a crowded bucket the own items are found, whoever else lies in it."""
    sql_index.add(list(range(1, 40)), _rows(*[[7, 8, 9]] * 39))
    sql_index.add([40], _rows([7, 8]))
    query = _rows([7, 8, 9, 10])[0]
    assert sql_index.nearest(query, 3) == [1, 2, 3]
    assert sql_index.nearest(query, 3, Item.id >= 39) == [39, 40]
    assert sql_index.nearest(query, 3, Item.id >= 39, fewest=3) == [39]
    assert sql_index.nearest(_rows([])[0], 3) == []
    sql_index.session.execute(sa.update(Item).where(Item.id == 39).values(version=2))
    assert sql_index.nearest(query, 3, Item.id >= 39) == [40]
