"""What the leak scan finds on judged pages: leaks found, look-alikes and decoys wrongly reported, time.

    python benchmarks/leaks.py --data DIR [--bank page|all] [--ocr]

DIR holds banks as JSONL and a folder `leaks` of page texts with keys: `bank` names the protected files, `hits` the
items that stand on the page by grade, `decoys` items of other banks that stand there too, `unjudged_lookalikes`
items left out of all counts. `--bank all` protects every bank at once, so that decoys are found rightly.
With --ocr each page is drawn, spoiled as phones and chat programs spoil pictures, and read again (extra `ocr`); what
is lost against the text itself is the loss of the reading. Without --data only the speed is measured, on made items.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from made_items import made_items

from bank.content import LETTERS, ItemContent
from integrity.audits.leaks import LeakHit, LeakIndex
from integrity.audits.ocr import INSTALL, ocr_installed
from integrity.audits.pagepictures import PictureReader

# The pictures that the tests are made of; the repository's root is on no path when a benchmark runs by its file name.
sys.path.append(str(Path(__file__).resolve().parent.parent))
from tests.integrity.audits.page_pictures import (
    Bend,
    drawn,
    grainy,
    photographed,
    recompressed,
    turned,
)

KEY = b"a key for benchmarks"
PAGE_CHARACTERS = 65_536
MADE = 30_000
Bank = dict[str, ItemContent]


@dataclass(frozen=True)
class Page:
    name: str
    text: str
    bank: list[str]
    grades: dict[str, str]
    decoys: list[str]
    left_out: set[str]


def read_bank(folder: Path, name: str) -> Bank:
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["id"]: ItemContent.from_row(row) for row in rows if "stem" in row}


def read_pages(folder: Path) -> Iterator[Page]:
    for path in sorted(folder.glob("*.json")):
        key = json.loads(path.read_text(encoding="utf-8"))
        left_out = {row if isinstance(row, str) else row["item"] for row in key.get("unjudged_lookalikes", [])}
        grades = {hit["item"]: hit["grade"] for hit in key["hits"]}
        decoys = [decoy["item_text_from"] for decoy in key.get("decoys", []) if "item_text_from" in decoy]
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        yield Page(path.stem, text, key["bank"], grades, decoys, left_out)


def build(bank: Bank) -> tuple[LeakIndex, float]:
    start = time.perf_counter()
    index = LeakIndex(list(enumerate(bank.values())), KEY)
    return index, time.perf_counter() - start


def overlaps(hit: LeakHit, other: LeakHit) -> bool:
    shared = min(hit.end, other.end) - max(hit.start, other.start)
    return shared > (hit.end - hit.start) / 2


def count(page: Page, bank: Bank, hits: Sequence[LeakHit], decoys: Sequence[LeakHit]) -> Counter[str]:
    """Keyed items by grade, and reported items that no key names: on a decoy's place, of other banks, of the own."""
    names = list(bank)
    leaked = {names[hit.item]: hit for hit in hits if hit.is_leak}
    counts = Counter(f"{grade} keyed" for grade in page.grades.values())
    counts.update(grade for item, grade in page.grades.items() if item in leaked)
    for item, hit in leaked.items():
        if item in page.grades or item in page.left_out:
            continue
        if any(overlaps(hit, decoy) for decoy in decoys):
            counts["decoys"] += 1
        else:
            counts["others" if item.rpartition("-")[0] in page.bank else "foreign"] += 1
    counts["template"] = sum(not hit.is_leak for hit in hits)
    return counts


def line(name: str, counts: Counter[str], milliseconds: float) -> str:
    found = "  ".join(
        f"{grade} {counts[grade]:>3}/{counts[f'{grade} keyed']:<3}" for grade in ("same", "near", "variant")
    )
    rest = "  ".join(f"{kind} {counts[kind]}" for kind in ("decoys", "others", "foreign", "template"))
    return f"{name[:30]:30}  {found}  {rest}  {milliseconds:6.1f} ms"


def judge_pages(folder: Path, protect_all: bool) -> None:
    names = sorted(path.stem for path in folder.glob("*.jsonl"))
    banks = {name: read_bank(folder, name) for name in names}
    everything = {item: content for bank in banks.values() for item, content in bank.items()}
    whole, seconds = build(everything)
    print(f"index of all {len(everything):,} items: {len(everything) / seconds:,.0f} items/s")
    totals: dict[str, Counter[str]] = {}
    for page in read_pages(folder / "leaks"):
        bank = everything if protect_all else {k: v for name in page.bank for k, v in banks[name].items()}
        index = whole if protect_all else build(bank)[0]
        decoys = build({item: everything[item] for item in page.decoys})[0].scan(page.text)
        start = time.perf_counter()
        hits = index.scan(page.text)
        elapsed = (time.perf_counter() - start) * 1000
        counts = count(page, bank, hits, decoys)
        print(line(page.name, counts, elapsed))
        totals.setdefault(page.name.partition("_")[0], Counter()).update(counts | Counter({"ms": int(elapsed)}))
    for kind, counts in totals.items():
        print(line(f"TOTAL {kind}", counts, counts["ms"]))
    time_long_page(whole, list(everything.values()))


def judge_photographs(folder: Path) -> None:
    """Recall on pictures of the same pages, disguise after disguise."""
    names = sorted(path.stem for path in folder.glob("*.jsonl"))
    banks = {name: read_bank(folder, name) for name in names}
    pages = [
        (page, {k: v for name in page.bank for k, v in banks[name].items()}) for page in read_pages(folder / "leaks")
    ]
    indexes = [build(bank)[0] for _, bank in pages]
    for disguise, bends in photographic_disguises().items():
        totals: dict[str, Counter[str]] = {}
        for (page, bank), index in zip(pages, indexes, strict=True):
            picture = drawn(page.text)
            for bend in bends:
                picture = bend(picture)
            start = time.perf_counter()
            text = PictureReader().read_image(picture, page.name)
            elapsed = Counter({"ms": int((time.perf_counter() - start) * 1000), "pages": 1})
            counts = count(page, bank, index.scan(text), []) + elapsed
            print(line(page.name, counts, counts["ms"]), flush=True)
            totals.setdefault(page.name.partition("_")[0], Counter()).update(counts)
        for kind, counts in totals.items():
            print(line(f"TOTAL {disguise}, {kind}", counts, counts["ms"] / counts["pages"]), flush=True)


def photographic_disguises() -> dict[str, list[Bend]]:
    return {
        "flat": [],
        "turned by 97": [turned(97), recompressed],
        "photographed": [photographed, recompressed],
        "all at once": [turned(-173), photographed, grainy, recompressed],
    }


def time_long_page(index: LeakIndex, items: Sequence[ItemContent]) -> None:
    """One page of some 200 KB that is nothing but bank items: the dearest there is."""
    rng, lines, characters = random.Random(1), list[str](), 0
    while characters < PAGE_CHARACTERS:
        item = rng.choice(items)
        options = [f"{letter}、{option}" for letter, option in zip(LETTERS, item.options, strict=False)]
        lines.append("\n".join([f"{len(lines) + 1}、{item.stem}", *options]))
        characters += len(lines[-1]) + 1
    text = "\n".join(lines)
    start = time.perf_counter()
    hits = index.scan(text)
    elapsed = time.perf_counter() - start
    print(f"page of {len(text.encode()) / 1024:.0f} KB holding {len(lines)} items: {elapsed:.2f} s, {len(hits)} hits")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--bank", choices=["page", "all"], default="page")
    parser.add_argument("--ocr", action="store_true")
    options = parser.parse_args()
    if options.ocr and not (options.data and ocr_installed()):
        sys.exit(f"--ocr takes judged pages (--data) and the extra: {INSTALL}")
    if options.data:
        if not (options.data / "leaks").is_dir():
            sys.exit(f"{options.data} holds no folder 'leaks' with judged pages")
        if options.ocr:
            judge_photographs(options.data)
        else:
            judge_pages(options.data, options.bank == "all")
        return
    print("no --data: no judged pages, so only the speed is measured, on made items")
    items = made_items(MADE)
    index, seconds = build({str(number): item for number, item in enumerate(items)})
    print(f"index of {len(items):,} made items: {len(items) / seconds:,.0f} items/s")
    time_long_page(index, items)


if __name__ == "__main__":
    main()
