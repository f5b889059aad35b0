"""How exactly question files are read: rows against what each file must yield, and rows a second.

`--data DIR` names a folder of files, each with an `.expected.json` beside it (`items` with type, stem, options,
answer; or raw cells of the file; or counts alone where `approximate`). Without it only the synthetic rate is measured.
Exact means the same type, stem, options and answer after folding widths and dropping blanks; "verbatim" counts the
rows that agree letter for letter as well. The banks beside that folder (`*.jsonl`) are written to every exchange format
and read again; of each format it prints how many items came back whole, and what the format could not hold.
"""

import argparse
import csv
import io
import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl

from bank import notation
from bank.answers import blank_keys
from bank.content import ItemType
from bank.exchange.intake import read_items
from bank.exchange.questions.kinds import kind_of
from bank.exchange.reading import Reading, ReadItem
from bank.exchange.writing.items import Written, WrittenItem
from bank.exports import FORMS
from bank.ground.errors import BadInput
from bank.notation import PICTURE


def folded(text: str) -> str:
    """Text without the differences that are none: widths, blanks, and pictures, which the expectations leave out."""
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text.replace(PICTURE, "")))


def raw_matches(read: dict[str, Any], raw: dict[str, Any]) -> bool:
    """Whether a read item is what the raw cells of a row hold, numbers and labels aside."""
    stem, whole = folded(read["stem"]), folded(raw["stem_raw"])
    prefix = whole.removesuffix(stem)
    if not whole.endswith(stem) or not re.fullmatch(r"(?:\d+[、.,:)]?)?", prefix):
        return False
    if read["type"] != str(kind_of(raw["type"])):
        return False
    options = folded(raw["options_raw"] or "")
    if read["type"] == "judge":
        letter = "A" if read["answer"] == ("正确" if re.search(r"A[.:]?(正确|对)", options) else "错误") else "B"
        return letter == raw["answer"]
    at = 0
    for option in read["options"]:
        found = options.find(folded(option), at)
        if found < 0 or len(options[at:found]) > 8:
            return False
        at = found + len(folded(option))
    return len(options) - at < 4 and read["answer"] == "".join(sorted(raw["answer"]))


def same(read: dict[str, Any], want: dict[str, Any], fold: Any) -> bool:
    """Whether two items agree under a folding of texts."""
    return (
        read["type"] == want["type"]
        and fold(read["stem"]) == fold(want["stem"])
        and list(map(fold, read["options"])) == list(map(fold, want["options"]))
        and read["answer"] == want["answer"]
    )


def compare(reading: Reading, expected: dict[str, Any]) -> tuple[int, int, list[str]]:
    """Exact rows, verbatim rows, and the expected rows that are neither exact nor reported as rejected."""
    rows = [item.content.as_row() | {"row": item.row} for item in reading.items]
    exact = verbatim = 0
    missed = []
    if expected["items"] and "stem_raw" in expected["items"][0]:
        by_row = {row["row"]: row for row in rows}
        rejected = {one.row for one in reading.rejected}
        for raw in expected["items"]:
            hit = raw["row"] in by_row and raw_matches(by_row[raw["row"]], raw)
            exact += hit
            if not hit:
                missed.append(f"{raw['row']}{' (rejected)' if raw['row'] in rejected else ''}")
        return exact, exact, missed
    left = list(rows)
    for want in expected["items"]:
        hits = [row for row in left if same(row, want, folded)]
        if hits:
            best = next((row for row in hits if same(row, want, str)), hits[0])
            left.remove(best)
            exact += 1
            verbatim += same(best, want, str)
        else:
            missed.append(str(want.get("no")))
    return exact, verbatim, missed


def measure(folder: Path, verbose: bool) -> None:
    """Read every file of the folder and print a row for each."""
    heads = ("expected", "read", "items", "exact", "%", "verbatim", "rejected", "s")
    print("{:34} {:>8} {:>5} {:>6} {:>6} {:>7} {:>8} {:>8} {:>6}".format("file", *heads))
    total = [0, 0, 0]
    for path in sorted(folder.glob("*.expected.json")):
        expected = json.loads(path.read_text())
        file = path.with_name(path.name.removesuffix(".expected.json"))
        begun = time.perf_counter()
        try:
            reading = read_items(file.name, file.read_bytes())
        except BadInput as error:
            print(f"{file.name:34} {error.message}")
            continue
        seconds = time.perf_counter() - begun
        head = f"{file.name:34} {{:>8}} {reading.read:>5} {len(reading.items):>6}"
        tail = f"{len(reading.rejected):>8} {seconds:>6.2f}"
        if not expected.get("items"):
            count = expected.get("n_items") or expected.get("choice_stems_with_inline_answer_by_regex")
            print(head.format(f"~{count}"), f"{'':>6} {'':>7} {'':>8}", tail)
        else:
            exact, verbatim, missed = compare(reading, expected)
            n = expected["n_items"]
            total = [total[0] + n, total[1] + exact, total[2] + verbatim]
            print(head.format(n), f"{exact:>6} {100 * exact / n:>7.2f} {verbatim:>8}", tail)
            if verbose and missed:
                print("    missed:", " ".join(missed[:40]))
        if verbose:
            for one in reading.rejected[:25]:
                print("    -", one.place, one.reason)
            for note in reading.notes:
                print("    *", note)
    print(f"total {total[0]} rows, exact {total[1]} = {100 * total[1] / max(1, total[0]):.2f} %, verbatim {total[2]}")


WRITERS: dict[str, Callable[..., Written]] = {form.value: known.write for form, known in FORMS.items()}


def round_trips(folder: Path, verbose: bool) -> None:
    """Write every bank of the folder to each format, read it again and count the items that are still the same."""
    counts = {form: [0, 0, 0, 0.0, 0.0] for form in WRITERS}
    for path in sorted(folder.glob("*.jsonl")):
        try:
            reading = read_items(path.name, path.read_bytes())
        except BadInput as error:
            print(f"{path.name}: {error.message}")
            continue
        items = [
            WrittenItem(f"{n}", one.content, one.point, one.difficulty) for n, one in enumerate(reading.items, start=1)
        ]
        for form, write in WRITERS.items() if items else ():
            round_trip(form, write, items, reading, counts[form], verbose)
    heads = ("items", "exact", "%", "told", "write/s", "read/s")
    print("round trip {:8} {:>7} {:>7} {:>7} {:>6} {:>8} {:>8}".format("format", *heads))
    for form, (total, exact, told, writing, reading_) in counts.items():
        share = 100 * exact / max(1, total)
        rates = f"{total / max(writing, 1e-9):>8,.0f} {total / max(reading_, 1e-9):>8,.0f}"
        print(f"           {form:8} {total:>7} {exact:>7} {share:>7.2f} {told:>6} {rates}")


def round_trip(
    form: str,
    write: Callable[..., Written],
    items: list[WrittenItem],
    source: Reading,
    count: list[float],
    verbose: bool,
) -> None:
    """One bank through one format, added to the counts: items, exact ones, told, seconds of writing and reading."""
    begun = time.perf_counter()
    written = write(items, source.pictures, source.file)
    between = time.perf_counter()
    read = {one.external_id: one for one in read_items(f"bank.{form}", written.data).items}
    done = time.perf_counter()
    differing = [item for item in items if not is_same(item, read.get(item.name))]
    added = (len(items), len(items) - len(differing), len(written.left_out), between - begun, done - between)
    count[:] = [before + more for before, more in zip(count, added, strict=True)]
    if verbose:
        for item in differing[:5]:
            print(f"    {source.file} {form}", item.content, read.get(item.name), sep="\n        ")


def is_same(item: WrittenItem, read: ReadItem | None) -> bool:
    """Whether an item came back with the same content, in whatever spelling of the notation, point and difficulty."""

    def spelled(text: str) -> str:
        return notation.write(notation.parse(text))

    if read is None or (read.point, read.difficulty) != (item.point, item.difficulty):
        return False
    one, other = read.content.mapped(spelled), item.content.mapped(spelled)
    if item.content.type is ItemType.BLANK and blank_keys(one.key) == blank_keys(other.key):
        one = replace(one, key=other.key)
    return one == other


def synthetic(rows: int = 20_000) -> None:
    """How many rows a second are read from a CSV file and a workbook of made-up questions."""
    header = ["序号", "题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "难度"]
    table = [
        [i, "单选题", f"第{i}号样机的额定转速是（ ）r/min。", i, i + 10, i + 20, i + 30, "ABCD"[i % 4], "中等"]
        for i in range(1, rows + 1)
    ]
    text = io.StringIO()
    csv.writer(text).writerows([header, *table])
    book = openpyxl.Workbook()
    for row in (header, *table):
        book.active.append(row)
    sheet = io.BytesIO()
    book.save(sheet)
    lines = "".join(f"{r[0]}. {r[2]}\nA. {r[3]}  B. {r[4]}  C. {r[5]}  D. {r[6]}\n答案：{r[7]}\n" for r in table)
    for name, data in (
        ("样例.csv", text.getvalue().encode("gbk")),
        ("样例.xlsx", sheet.getvalue()),
        ("样例.txt", lines.encode()),
    ):
        begun = time.perf_counter()
        reading = read_items(name, data)
        seconds = time.perf_counter() - begun
        print(
            f"synthetic {name}: {len(reading.items)} of {rows} rows in {seconds:.2f} s = {rows / seconds:,.0f} rows/s"
        )


def main() -> None:
    """Measure the files of `--data`, if given, and the synthetic rate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    if options.data is None:
        print("no --data DIR given: real files are not measured", file=sys.stderr)
    else:
        folder = options.data / "files" if (options.data / "files").is_dir() else options.data
        measure(folder, options.verbose)
        round_trips(options.data, options.verbose)
    synthetic()


if __name__ == "__main__":
    main()
