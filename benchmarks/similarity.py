"""How fast questions are signed and how many look-alikes the bands find, beside datasketch in the same run.

    python benchmarks/similarity.py [--items N] [--data DIR]

Signing starts from canonical text on every side (datasketch has no normaliser), and every side makes the same two
sketches of 128 permutations. Recall is counted over machine-made look-alikes of each item.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from datasketch import MinHash, MinHashLSH
from made_items import TERMS, made_items

from bank.content import LETTERS, ItemContent
from integrity.similarity.canonical import Canonical, canonical_many
from integrity.similarity.sketches import FULL, NO_BUCKET, SHINGLE, STATEMENT, Sketcher

ROUNDS = 3


def read_items(folder: Path) -> list[ItemContent]:
    """Every row of the JSONL banks in a folder that has the shape of an item."""
    rows = (json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.open(encoding="utf-8"))
    return [ItemContent.from_row(row) for row in rows if "stem" in row]


def shingles(item: Canonical, sketch: int) -> list[bytes]:
    size = SHINGLE[sketch]
    parts = [item.filled] if sketch == STATEMENT else [item.stem, *item.options]
    return [part[at : at + size].encode() for part in parts for at in range(len(part) - size + 1)]


def sketch_by_loop(items: list[Canonical]) -> None:
    for item in items:
        for sketch in (STATEMENT, FULL):
            minhash = MinHash(num_perm=128)
            for shingle in shingles(item, sketch):
                minhash.update(shingle)


def sketch_in_bulk(items: list[Canonical]) -> None:
    for sketch in (STATEMENT, FULL):
        MinHash.bulk([shingles(item, sketch) for item in items], num_perm=128)


def fastest(act: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return min(times)


def signing(contents: list[ItemContent]) -> None:
    sketcher = Sketcher(bytes(range(32)))
    items = canonical_many(contents)
    few = items[: max(200, len(items) // 20)]
    rates = {
        "datasketch update loop": len(few) / fastest(lambda: sketch_by_loop(few)),
        "datasketch MinHash.bulk": len(few) * 4 / fastest(lambda: sketch_in_bulk(few * 4)),
        "signatures (keyed, numpy)": len(items) / fastest(lambda: sketcher.signatures(items)),
        "signatures and buckets": len(items) / fastest(lambda: sketcher.buckets(items)),
        "canonical form alone": len(contents) / fastest(lambda: canonical_many(contents)),
        "raw text to buckets": len(contents) / fastest(lambda: sketcher.buckets(canonical_many(contents))),
    }
    loop, bulk = rates["datasketch update loop"], rates["datasketch MinHash.bulk"]
    print(f"\nsigning, {len(items)} items, two sketches of 128 permutations, one thread")
    for name, rate in rates.items():
        print(f"  {name:28s} {rate:10,.0f} items/s   {rate / loop:6.1f} x loop   {rate / bulk:5.1f} x bulk")


def look_alikes(item: ItemContent, draw: random.Random) -> Iterator[tuple[str, ItemContent]]:
    """The same question in another dress."""
    order = draw.sample(range(len(item.options)), len(item.options))
    right = [LETTERS.index(letter) for letter in item.key if letter in LETTERS[: len(item.options)]]
    key = "".join(sorted(LETTERS[order.index(place)] for place in right))
    half = len(item.stem) // 2
    yield "options shuffled", replace(item, options=tuple(item.options[place] for place in order), key=key)
    yield (
        "numbered, wide",
        replace(item, stem="12．" + item.stem.translate({code: code + 0xFEE0 for code in range(48, 58)})),
    )
    yield (
        "10 % mistyped",
        replace(item, stem="".join(draw.choice("的了是在有") if draw.random() < 0.1 else c for c in item.stem)),
    )
    yield (
        "20 % mistyped",
        replace(item, stem="".join(draw.choice("的了是在有") if draw.random() < 0.2 else c for c in item.stem)),
    )
    yield "head cut off", replace(item, stem=item.stem[len(item.stem) // 3 :])
    yield "clauses swapped", replace(item, stem=item.stem[half:] + item.stem[:half])
    yield "one distractor new", replace(item, options=(*item.options[:-1], draw.choice(TERMS)) if item.options else ())
    yield "key missing", replace(item, key="")


def recall(contents: list[ItemContent]) -> None:
    draw = random.Random(2)
    chosen = [item for item in draw.sample(contents, min(1000, len(contents))) if len(item.stem) >= 10]
    kinds: dict[str, list[ItemContent]] = {}
    for item in chosen:
        for kind, other in look_alikes(item, draw):
            kinds.setdefault(kind, []).append(other)
    sketcher = Sketcher(bytes(range(32)))
    originals = canonical_many(chosen)
    ours = sketcher.buckets(originals)
    theirs = {threshold: MinHashLSH(threshold=threshold, num_perm=128) for threshold in (0.5, 0.8)}
    for place, item in enumerate(originals):
        for lsh in theirs.values():
            lsh.insert(place, _minhash(item))
    print(f"\nrecall over {len(originals)} items, machine-made look-alikes")
    print(f"  {'':20s} {'our bands':>10s} {'LSH 0.5':>9s} {'LSH 0.8':>9s}")
    for kind, others in kinds.items():
        changed = canonical_many(others)
        met = ((sketcher.buckets(changed) == ours) & (ours != NO_BUCKET)).any(axis=1).mean()
        peers = [
            np.mean([place in lsh.query(_minhash(item)) for place, item in enumerate(changed)])
            for lsh in theirs.values()
        ]
        print(f"  {kind:20s} {met:10.4f} {peers[0]:9.3f} {peers[1]:9.3f}")


def _minhash(item: Canonical) -> MinHash:
    minhash = MinHash(num_perm=128)
    minhash.update_batch(shingles(item, FULL))
    return minhash


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000, help="how many made items")
    parser.add_argument("--data", type=Path, help="folder with JSONL banks of real items")
    arguments = parser.parse_args()
    print("items made by rule")
    contents = made_items(arguments.items)
    signing(contents)
    recall(contents)
    if arguments.data is None or not arguments.data.is_dir():
        print("\nno real items: give their folder with --data")
        return
    contents = read_items(arguments.data)
    print(f"\nreal items from {arguments.data.name}")
    signing(contents)
    recall(contents)


if __name__ == "__main__":
    main()
