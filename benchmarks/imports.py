"""How long a long file with pictures takes from upload to bank, step by step as the import page does it.

    python benchmarks/imports.py [--rows 5000] [--pictures 1000] [--format xlsx qti moodle] [--data DIR]

The file is written by our own writers from real items or from items made by rule (which are far
more alike than real ones, so that each is judged against forty), every fifth with a picture of its own. The peer is
openpyxl reading the same workbook cell by cell, which is where other importers begin. The bar is 20 s for 5,000 rows.
"""

import argparse
import io
import json
import random
import shutil
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
from made_items import made_items
from PIL import Image

from bank.content import ItemContent
from bank.exchange.intake import read_items
from bank.exchange.writing.items import WrittenItem
from bank.exports import FORMS, ExportFormat
from bank.ground.actors import OPERATOR
from bank.imports import import_items, kept_pictures
from bank.institutions import Bank, Institution, InstitutionKind, find_jurisdiction
from bank.pictures import PictureFile, cleaned
from integrity.similarity.foreseen import foresee
from web.house import create_home


def drawings(count: int) -> list[PictureFile]:
    """Noisy little drawings, no two alike, about 20 KB each."""
    draw = random.Random(3)
    made = []
    for number in range(count):
        out = io.BytesIO()
        Image.frombytes("RGB", (120, 60), draw.randbytes(120 * 60 * 3)).save(out, "PNG")
        made.append(cleaned(f"{number}.png", out.getvalue()))
    return made


def read_some(folder: Path, count: int) -> list[ItemContent]:
    """So many items of several real banks that our readers take as they are."""
    found = [
        one for file in sorted(folder.glob("*.jsonl")) if not file.name.startswith("labelled") for one in rows(file)
    ]
    step = max(1, len(found) // count)
    return found[::step][:count]


def rows(file: Path) -> list[ItemContent]:
    made = [ItemContent.from_row(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    return [one for one in made if not one.faults()]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=5000)
    options.add_argument("--pictures", type=int, default=1000)
    options.add_argument("--format", nargs="*", default=["xlsx"], choices=[form.value for form in ExportFormat])
    options.add_argument("--data", type=Path, help="folder of real items; without it they are made by rule")
    given = options.parse_args()
    pictures = drawings(given.pictures)
    items = []
    contents = read_some(given.data, given.rows) if given.data else made_items(given.rows)
    for number, content in enumerate(contents):
        drawn = number % 5 == 0 and number // 5 < len(pictures)
        sign = f"\n![图](pic:{pictures[number // 5].local_token})" if drawn else ""
        items.append(WrittenItem(str(number + 1), replace(content, stem=content.stem + sign)))
    files = {file.local_token: file for file in pictures}
    for form in given.format:
        suffix = FORMS[ExportFormat(form)].suffix
        data = FORMS[ExportFormat(form)].write(items, files, "试算").data
        measure(f"bank{suffix}", data, len(contents))


def measure(name: str, data: bytes, rows: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="tidun-import-"))
    house = create_home(folder / "home")
    try:
        print(f"{name}: {len(data) / 1e6:.1f} MB, {rows} rows")
        if name.endswith(".xlsx"):
            start = time.perf_counter()
            book = openpyxl.load_workbook(io.BytesIO(data))
            sum(1 for sheet in book for row in sheet.rows for _ in row)
            print(f"  peer: openpyxl opens it and walks its cells   {time.perf_counter() - start:6.2f} s")
        with house.unit_of_work() as session:
            body = Institution(
                name="试算", kind=InstitutionKind.SOCIAL_ORG, jurisdiction_id=find_jurisdiction(session, "城区").id
            )
            session.add(body)
            session.flush()
            bank = Bank(
                institution_id=body.id, institution=body, occupation="6-31-01-03", level=4, filed_on=date(2026, 1, 5)
            )
            session.add(bank)
        total = 0.0
        start = time.perf_counter()
        reading = read_items(name, data)
        total += told("read", start)
        start = time.perf_counter()
        with house.unit_of_work() as session:
            reading = kept_pictures(session, body.id, reading)
        total += told("seal pictures", start)
        start = time.perf_counter()
        with house.reading() as session:
            found = foresee(session, bank, [row.content for row in reading.items])
        total += told("foresee duplicates", start)
        start = time.perf_counter()
        with house.unit_of_work() as session:
            done = import_items(session, OPERATOR, session.get_one(Bank, bank.id), reading)
        total += told("write, sketch, cluster", start)
        kept = sum(len(one.content.pictures()) for one in done.saved)
        print(
            f"  together {total:.2f} s: {len(done.saved)} items, {kept} pictures, {len(found)} doubled, "
            f"{len(reading.rejected)} rejected"
        )
    finally:
        house.database.close()
        shutil.rmtree(folder, ignore_errors=True)


def told(what: str, start: float) -> float:
    took = time.perf_counter() - start
    print(f"  {what:24} {took:6.2f} s")
    return took


if __name__ == "__main__":
    main()
