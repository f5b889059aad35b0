"""Pairs of questions that people judged: those that lie with the test data, and those of which only ids are kept here.

`labels/README.md` says how the second kind was drawn and judged. Questions that are or seem the same, in whichever
pair, form one group; no group may be trained on and tested.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bank.content import ItemContent
from integrity.similarity.canonical import canonical_many
from integrity.similarity.features import features, reading

GIVEN = "labelled_pairs.jsonl"
OURS = Path(__file__).parent / "labels" / "pairs.jsonl"
SAME = {"duplicate", "conflict"}
KIN = 80
"""From this likeness of statements or of whole items on two questions are of one group."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of items, what they are, what they were labelled or made by, and the groups they belong to."""

    a: list[ItemContent]
    b: list[ItemContent]
    same: NDArray[np.int_]
    kinds: list[str]
    groups: list[str]

    def without_keys(self) -> "Pairs":
        """Every pair three times: the first without its key, the second, both."""
        a, b = ([replace(item, key="") for item in side] for side in (self.a, self.b))
        left, right = [*a, *self.a, *a], [*self.b, *b, *b]
        return Pairs(left, right, np.tile(self.same, 3), self.kinds * 3, self.groups * 3)

    def without(self, kind: str) -> "Pairs":
        """All but the pairs of one kind."""
        kept = [place for place, one in enumerate(self.kinds) if one != kind]
        a, b = ([side[place] for place in kept] for side in (self.a, self.b))
        kinds, groups = ([row[place] for place in kept] for row in (self.kinds, self.groups))
        return Pairs(a, b, self.same[kept], kinds, groups)

    def rows(self) -> NDArray[np.float64]:
        """The features of every pair."""
        left, right = map(reading, canonical_many(self.a)), map(reading, canonical_many(self.b))
        return np.array([features(one, other) for one, other in zip(left, right, strict=True)])


def read_labels(folder: Path) -> tuple[Pairs, Pairs]:
    """The pairs of the test data, and ours, looked up in the banks of the same folder."""
    given = [json.loads(line) for line in (folder / GIVEN).open(encoding="utf-8")]
    ours = [json.loads(line) for line in OURS.open(encoding="utf-8")]
    items = {row[side]["id"]: row[side] for row in given for side in ("a", "b")}
    wanted = {row[side] for row in ours for side in ("a", "b")} - items.keys()
    items |= {row["id"]: row for row in _rows_of_banks(folder) if row["id"] in wanted}
    if missing := wanted - items.keys():
        raise SystemExit(f"{len(missing)} items of {OURS.name} are not in {folder}, among them {min(missing)}")
    contents = {name: ItemContent.from_row(row) for name, row in items.items()}
    labels = [[(row["a"]["id"], row["b"]["id"], row["label"]) for row in given]]
    labels.append([(row["a"], row["b"], row["label"]) for row in ours])
    leaders = _leaders(contents, [pair[:2] for pairs in labels for pair in pairs])
    first, second = (_pairs(contents, pairs, leaders) for pairs in labels)
    return first, second


def _rows_of_banks(folder: Path) -> list[dict[str, Any]]:
    paths = [path for path in sorted(folder.glob("*.jsonl")) if path.name != GIVEN]
    return [json.loads(line) for path in paths for line in path.open(encoding="utf-8")]


def _pairs(contents: dict[str, ItemContent], labels: Sequence[tuple[str, str, str]], leaders: dict[str, str]) -> Pairs:
    return Pairs(
        [contents[a] for a, _, _ in labels],
        [contents[b] for _, b, _ in labels],
        np.array([int(label in SAME) for _, _, label in labels]),
        [label for _, _, label in labels],
        [leaders[a] for a, _, _ in labels],
    )


def _leaders(contents: dict[str, ItemContent], pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The group of each item: the sides of a pair belong together, and so do items that look alike."""
    leader = {name: name for name in contents}

    def lead(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for a, b in [*pairs, *_kin(contents)]:
        leader[lead(a)] = lead(b)
    return {name: lead(name) for name in contents}


def _kin(contents: dict[str, ItemContent]) -> list[tuple[str, str]]:
    names, forms = list(contents), canonical_many(list(contents.values()))
    found: list[tuple[str, str]] = []
    for texts in ([form.filled for form in forms], [form.filled + "".join(sorted(form.options)) for form in forms]):
        likeness = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=KIN, dtype=np.uint8)
        found += [(names[a], names[b]) for a, b in zip(*np.nonzero(np.triu(likeness, 1)), strict=True)]
    return found
