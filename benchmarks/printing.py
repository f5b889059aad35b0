"""How many distinct papers a second the printing room turns out, as PDF and as Word file.

Each paper is another copy: other order of items and options, another copy number, so nothing is printed twice.
Run it with `python benchmarks/printing.py [--papers 50]`; it prints one JSON object.
"""

import argparse
import json
import random
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bank.content import ItemContent, ItemType
from papers.rendering import docx, pdf
from papers.rendering.sheets import PrintedForm, PrintedItem, PrintedSection

ITEMS = Path(__file__).parents[1] / "tests" / "papers" / "rendering" / "electrician.jsonl"
SHAPES = {"100 items of 1 mark": (80, 20, 2), "200 items of 0.5 mark": (140, 60, 1)}
MAKERS: dict[str, Callable[[PrintedForm], bytes]] = {
    "paper_pdf": pdf.paper_pdf,
    "answer_sheet_pdf": pdf.answer_sheet_pdf,
    "key_pdf": pdf.key_pdf,
    "paper_docx": docx.paper_docx,
    "answer_sheet_docx": docx.answer_sheet_docx,
    "key_docx": docx.key_docx,
}


def shuffled(item: ItemContent, draw: random.Random) -> ItemContent:
    order = draw.sample(range(len(item.options)), len(item.options))
    return ItemContent(item.type, item.stem, tuple(item.options[place] for place in order), item.key)


def copy_of(items: list[ItemContent], shape: tuple[int, int, int], number: int) -> PrintedForm:
    draw = random.Random(number)
    sections, first = [], 1
    for kind, count in zip((ItemType.SINGLE, ItemType.JUDGE), shape[:2], strict=True):
        kept = [item for item in items if item.type is kind]
        chosen = draw.sample(kept * (count // len(kept) + 1), count)
        printed = [PrintedItem(first + place, shuffled(item, draw), shape[2]) for place, item in enumerate(chosen)]
        sections.append(PrintedSection(kind, tuple(printed)))
        first += count
    words = ("职业技能等级认定", "示例：黄石市机电技工学校", "电工", 4, "A", f"DG4-{number:04}", 90, "")
    return PrintedForm(*words, tuple(sections), date(2025, 6, 14), f"{number:03}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=50, help="distinct papers per measurement")
    papers = parser.parse_args().papers
    items = [ItemContent.from_row(json.loads(line)) for line in ITEMS.read_text(encoding="utf-8").splitlines()]
    figures: dict[str, object] = {"papers": papers}
    for name, shape in SHAPES.items():
        forms = [copy_of(items, shape, number) for number in range(papers)]
        for maker, make in MAKERS.items():
            times, sizes = [], []
            for form in forms:
                start = time.perf_counter()
                sizes.append(len(make(form)))
                times.append(time.perf_counter() - start)
            figures[f"{name}, {maker}"] = {
                "first_s": round(times[0], 3),
                "median_s": round(statistics.median(times), 4),
                "per_second": round(papers / sum(times), 1),
                "kilobytes": round(statistics.mean(sizes) / 1000),
            }
    figures["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(figures, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
