"""How long a large bank's readiness and quality take, and how often each quality check alarms on real questions.

    python benchmarks/readiness.py [--items 10000] [--data DIR]

The bank is made by rule in a temporary home, which takes some minutes: every item is sketched and clustered. With
`--data` (a folder of *.jsonl rows) the alarm rates of the checks on those questions are printed as well: a check that
alarms on every tenth real question says nothing.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from made_items import made_items

from bank.content import ItemContent
from bank.ground.actors import OPERATOR
from bank.ground.clock import today
from bank.ground.policy import policy_on
from bank.institutions import Bank, InstitutionKind, add_institution, add_registration, find_bank
from bank.items import ItemStatus, NewItem, add_items
from bank.outlines import Importance, Outline, Point, Scope
from bank.quality.assessing import Quality, assess, bank_quality, entry_of
from bank.readiness import readiness
from web.house import House, create_home
from web.quality import health_of

OCCUPATION, POINTS = "6-31-01-03", 240


def fill(house: House, count: int) -> None:
    """A bank of so many items on 240 points in twelve scopes."""
    with house.unit_of_work() as session:
        owner = add_institution(
            session, OPERATOR, name="甲校", kind=InstitutionKind.TECHNICAL_SCHOOL, jurisdiction="城区"
        )
        terms = {"institution": owner, "occupation": OCCUPATION, "level": 4, "filed_on": date(2026, 8, 1)}
        add_registration(session, OPERATOR, policy_on(today()), **terms)
        scopes = [Scope(position=n, code=f"S{n}", name=f"范围{n}", grade=1, weight=10000 // 12) for n in range(12)]
        points = [
            Point(position=n, code=f"S{n % 12}-{n}", name=f"点{n}", scope=f"S{n % 12}", importance=Importance.X)
            for n in range(POINTS)
        ]
        session.add(Outline(occupation=OCCUPATION, level=4, source="规则生成", scopes=scopes, points=points))
        bank = find_bank(session, owner.id, OCCUPATION, 4)
        sound = [one for one in made_items(count + count // 10) if not one.faults()][:count]
        news = [NewItem(one, points[n % POINTS].code, 3) for n, one in enumerate(sound)]
        for start in range(0, count, 2000):
            add_items(session, OPERATOR, bank, news[start : start + 2000], status=ItemStatus.APPROVED)


def timed(house: House, work: Callable[[object, Bank], object], times: int = 3) -> float:
    """Seconds of the fastest run, each in a session of its own."""
    found = []
    for _ in range(times):
        with house.reading() as session:
            bank = session.scalars(sa.select(Bank)).one()
            start = time.perf_counter()
            work(session, bank)
            found.append(time.perf_counter() - start)
    return min(found)


def rates(found: Quality) -> list[str]:
    """One line for each check."""
    return [
        f"  {one.check.severity:4} {one.check.code:22} {len(one.alarms):6} / {one.looked_at:6}  {one.share:7.2%}"
        for one in found.checked
    ]


def real_questions(folder: Path) -> list[ItemContent]:
    """Every sound question of the folder's item files."""
    contents = []
    for file in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        contents += [ItemContent.from_row(row) for row in rows if "stem" in row]
    return [one for one in contents if not one.faults()]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--items", type=int, default=10_000)
    asked.add_argument("--data", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        house = create_home(Path(folder) / "home")
        fill(house, given.items)
        status = timed(house, lambda session, bank: readiness(session, bank, policy_on(today()), today()))
        quality = timed(house, bank_quality)
        joined = timed(house, lambda session, bank: health_of(session, bank, policy_on(today())), times=1)
        house.database.close()
    print(f"{given.items} items on {POINTS} points: status {status:.2f} s, quality {quality:.2f} s")
    print(f"quality joined with the audit for contradictory keys, as the page shows it: {joined:.2f} s")
    if given.data is None or not given.data.is_dir():
        print("alarm rates: no real questions given (--data DIR with *.jsonl rows)")
        return
    contents = real_questions(given.data)
    start = time.perf_counter()
    found = assess([entry_of(number, content) for number, content in enumerate(contents)])
    print(
        f"{len(contents)} real questions checked in {time.perf_counter() - start:.1f} s, {found.sound} without warning"
    )
    print("\n".join(rates(found)))


if __name__ == "__main__":
    main()
