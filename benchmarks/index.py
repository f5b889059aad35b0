"""What the sketch index costs in files and in the database: bytes, building, cold start, asking, with ratios.

    python benchmarks/index.py [--items N ...] [--folder DIR]

Items are made by rule. Cold start is the first question of a newly opened index after its pages were dropped from the
system's cache. Both indexes must give the same answers, or the run fails.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from made_items import made_items

from bank.content import ItemContent, ItemType
from bank.ground.clock import now
from bank.ground.db import Database
from bank.institutions import Bank, Institution, InstitutionKind, Jurisdiction
from bank.items import Item, ItemStatus, ItemVersion, Origin, Secrecy
from integrity.similarity.canonical import canonical_many
from integrity.similarity.index.protocol import Buckets, Candidates, Stamp
from integrity.similarity.index.segment import segment_of
from integrity.similarity.index.sql import SqlIndex
from integrity.similarity.sketches import BUCKETS, Sketcher
from web.migrations.tables import metadata

STAMP = Stamp(1)
BATCH = 20_000
ROUNDS = 10
ASKED = 500


@dataclass(frozen=True)
class Costs:
    size: int
    building: float
    cold: float
    single: list[float]
    batches: list[float]
    answers: list[Candidates]


def sketched(contents: list[ItemContent]) -> Buckets:
    sketcher = Sketcher(bytes(range(32)))
    rows = np.empty((len(contents), BUCKETS), np.int64)
    for at in range(0, len(contents), BATCH):
        rows[at : at + BATCH] = sketcher.buckets(canonical_many(contents[at : at + BATCH]))
    return rows


def queries(contents: list[ItemContent]) -> Buckets:
    """Items of the index whose stems lost their head."""
    draw = np.random.default_rng(5)
    chosen = [contents[place] for place in draw.integers(0, len(contents), ASKED * ROUNDS)]
    return sketched([replace(item, stem=item.stem[len(item.stem) // 3 :]) for item in chosen])


def took(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def drop_pages(folder: Path) -> None:
    os.sync()
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def ask(candidates: Callable[[Buckets], list[Candidates]], asked: Buckets) -> tuple[list[float], list[float]]:
    single = [took(lambda row=row: candidates(row[None])) for row in asked[:ASKED]]
    batches = [took(lambda at=at: candidates(asked[at : at + ASKED])) for at in range(0, len(asked), ASKED)]
    return single, batches


def in_files(folder: Path, rows: Buckets, asked: Buckets) -> Costs:
    index = segment_of(folder, STAMP)
    start = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        index.add(range(at + 1, min(at + BATCH, len(rows)) + 1), rows[at : at + BATCH])
    index.merge()
    building = time.perf_counter() - start
    del index
    drop_pages(folder)
    cold = took(lambda: segment_of(folder, STAMP).candidates(asked[:1]))
    single, batches = ask(segment_of(folder, STAMP).candidates, asked)
    return Costs(size_of(folder), building, cold, single, batches, segment_of(folder, STAMP).candidates(asked[:ASKED]))


def in_database(folder: Path, rows: Buckets, asked: Buckets) -> Costs:
    folder.mkdir()
    url = f"sqlite:///{folder / 'index.db'}"
    database = Database(url)
    metadata.create_all(database.engine)
    fill(database, len(rows))
    database.close()
    empty = size_of(folder)
    start = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        with database.unit_of_work() as session:
            versions = range(at + 1, min(at + BATCH, len(rows)) + 1)
            SqlIndex(session, STAMP).add(versions, rows[at : at + BATCH])
    building = time.perf_counter() - start
    database.close()
    drop_pages(folder)
    database = Database(url)
    with database.reading() as session:
        cold = took(lambda: SqlIndex(session, STAMP).candidates(asked[:1]))
        single, batches = ask(SqlIndex(session, STAMP).candidates, asked)
        answers = SqlIndex(session, STAMP).candidates(asked[:ASKED])
    database.close()
    return Costs(size_of(folder) - empty, building, cold, single, batches, answers)


def fill(database: Database, count: int) -> None:
    """The rows that a sketch in the database points to."""
    item = {"bank_id": 1, "type": ItemType.SINGLE, "status": ItemStatus.DRAFT, "secrecy": Secrecy.SECRET}
    item |= {"origin": Origin.BANK, "version": 1, "created_at": now()}
    version = {"number": 1, "created_at": now(), "question": b"", "answer": b""}
    with database.unit_of_work() as session:
        session.add(Jurisdiction(id=1, name="试验市"))
        session.add(Institution(id=1, name="试验学校", kind=InstitutionKind.TECHNICAL_SCHOOL, jurisdiction_id=1))
        session.flush()
        session.add(Bank(id=1, institution_id=1, occupation="6-18-01-01", level=4, filed_on=date(2025, 3, 1)))
        session.flush()
        for at in range(1, count + 1, BATCH):
            numbers = range(at, min(at + BATCH, count + 1))
            session.execute(sa.insert(Item), [{"id": number, **item} for number in numbers])
            session.execute(
                sa.insert(ItemVersion), [{"id": number, "item_id": number, **version} for number in numbers]
            )


def report(count: int, files: Costs, database: Costs) -> None:
    print(f"\n{count:,} items, {BUCKETS} buckets each; batches of {BATCH:,} added, of {ASKED} asked")
    print(f"  {'':22s} {'files':>10s} {'SQLite':>10s}   SQLite : files")
    rows = [("bytes an item", files.size / count, database.size / count)]
    rows += [("building, s", files.building, database.building)]
    rows += [("cold start, ms", files.cold * 1000, database.cold * 1000)]
    for name, ours, theirs in (
        ("one query", files.single, database.single),
        ("a batch", files.batches, database.batches),
    ):
        for part in (50, 95):
            rows.append((f"{name} p{part}, ms", *(np.percentile(times, part) * 1000 for times in (ours, theirs))))
    for name, ours, theirs in rows:
        print(f"  {name:22s} {ours:10,.2f} {theirs:10,.2f}   {theirs / ours:6.2f}")
    hits = [len(found.hits) for found in files.answers]
    capped = sum(found.truncated for found in files.answers)
    print(f"  same answers: {np.mean(hits):,.0f} candidates a query, {capped} of {len(hits)} queries capped")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[100_000])
    parser.add_argument("--folder", type=Path, help="a folder on the disk to be measured")
    chosen = parser.parse_args()
    for count in chosen.items:
        contents = made_items(count)
        rows, asked = sketched(contents), queries(contents)
        del contents
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            files = in_files(Path(folder) / "files", rows, asked)
            database = in_database(Path(folder) / "database", rows, asked)
        assert files.answers == database.answers, "the two indexes do not agree"
        report(count, files, database)


if __name__ == "__main__":
    main()
