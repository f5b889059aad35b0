"""Train the verdict model on labelled pairs and machine-made changes, and say how well it judges.

    python benchmarks/train_verdict.py --data DIR [--write]

DIR holds `labelled_pairs.jsonl` (rows a, b, label: duplicate, variant or different) and banks as JSONL. Five folds,
drawn so that no question stands in two of them; the figures come from pairs the model has not seen. With --write the
model trained on everything becomes integrity/similarity/model.json. Needs scikit-learn (`pip install tidun[train]`).
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from changes import OTHER, SAME, shuffled, wide
from numpy.typing import NDArray
from rapidfuzz import fuzz
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bank.content import ItemContent
from integrity.similarity.canonical import canonical_many
from integrity.similarity.features import FEATURES, features, reading
from integrity.similarity.verdict import MODEL_PATH, MODEL_VERSION, overruled

STRENGTH = 0.3
MADE_WEIGHT = 0.5
SAME_WEIGHT = 2.0
PER_CHANGE = 16
SEEDS = range(5)


@dataclass(frozen=True)
class Pairs:
    """Pairs of items, what they are, and what they were made by."""

    a: list[ItemContent]
    b: list[ItemContent]
    same: NDArray[np.int_]
    kinds: list[str]

    def without_keys(self) -> "Pairs":
        """Every pair three times: the first without its key, the second, both."""
        a, b = ([replace(item, key="") for item in side] for side in (self.a, self.b))
        return Pairs([*a, *self.a, *a], [*self.b, *b, *b], np.tile(self.same, 3), self.kinds * 3)

    def rows(self) -> NDArray[np.float64]:
        left, right = map(reading, canonical_many(self.a)), map(reading, canonical_many(self.b))
        return np.array([features(one, other) for one, other in zip(left, right, strict=True)])


def labelled_pairs(folder: Path) -> tuple[Pairs, list[str]]:
    """The pairs judged by hand, and the group of each: pairs that share a question are of one group."""
    rows = [json.loads(line) for line in (folder / "labelled_pairs.jsonl").open(encoding="utf-8")]
    leader: dict[str, str] = {}

    def lead(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for row in rows:
        leader[lead(row["a"]["id"])] = lead(row["b"]["id"])
    pairs = Pairs(
        [ItemContent.from_row(row["a"]) for row in rows],
        [ItemContent.from_row(row["b"]) for row in rows],
        np.array([int(row["label"] == "duplicate") for row in rows]),
        [row["label"] for row in rows],
    )
    return pairs, [lead(row["a"]["id"]) for row in rows]


def read_banks(folder: Path, without: Sequence[ItemContent]) -> list[list[ItemContent]]:
    """The banks of occupations, less the questions that were judged by hand."""
    stems = {item.stem for item in without}
    banks = []
    for path in sorted(folder.glob("*.jsonl")):
        rows: list[dict[str, Any]] = [json.loads(line) for line in path.open(encoding="utf-8")]
        bank = [ItemContent.from_row(row) for row in rows if row.get("occupation")]
        banks.append([item for item in bank if item.stem not in stems and len(item.stem) >= 8])
    return [bank for bank in banks if bank]


def made_pairs(banks: Sequence[Sequence[ItemContent]], seed: int) -> Pairs:
    """Changes of known kind over every bank, some with a second harmless change on top, some without a key."""
    draw = random.Random(seed)
    found: list[tuple[ItemContent, ItemContent, int, str]] = []
    for bank in banks:
        for same, changes in ((1, SAME), (0, OTHER)):
            for kind, change in changes.items():
                tried = draw.sample(bank, min(len(bank), 12 * PER_CHANGE))
                made = ((item, change(item, draw, bank)) for item in tried)
                kept = [(item, other) for item, other in made if other is not None][:PER_CHANGE]
                found += [(item, _dressed(other, draw, bank), same, kind) for item, other in kept]
    a, b, same_row, kinds = zip(*found, strict=True)
    return Pairs(list(a), list(b), np.array(same_row), list(kinds))


def _dressed(item: ItemContent, draw: random.Random, bank: Sequence[ItemContent]) -> ItemContent:
    chance = draw.random()
    if chance < 0.15:
        return wide(item, draw, bank)
    return (shuffled(item, draw, bank) or item) if chance < 0.3 else item


def fit(rows: NDArray[np.float64], same: NDArray[np.int_], weights: NDArray[np.float64]) -> Pipeline:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=5000))
    return model.fit(rows, same, logisticregression__sample_weight=weights)


def train(
    rows: NDArray[np.float64], same: NDArray[np.int_], made: NDArray[np.float64], made_same: NDArray[np.int_]
) -> Pipeline:
    """Hand-judged pairs count one, the same question two; made pairs together a share of that, half for each."""
    halves = np.where(made_same == 1, 0.5 / np.mean(made_same), 0.5 / np.mean(1 - made_same))
    made_weights = halves * MADE_WEIGHT * len(same) / len(made_same)
    weights = np.concatenate([np.where(same == 1, SAME_WEIGHT, 1.0), made_weights])
    return fit(np.concatenate([rows, made]), np.concatenate([same, made_same]), weights)


def cross_validated(pairs: Pairs, groups: list[str], made: Pairs) -> NDArray[np.float64]:
    """For each drawing of the folds the probability of each pair under a model that has not seen its group."""
    rows, made_rows = pairs.rows(), made.rows()
    chances = np.zeros((len(SEEDS), len(pairs.same)))
    for seed in SEEDS:
        for seen, held in StratifiedGroupKFold(5, shuffle=True, random_state=seed).split(rows, pairs.same, groups):
            model = train(rows[seen], pairs.same[seen], made_rows, made.same)
            chances[seed, held] = overruled(rows[held], model.predict_proba(rows[held])[:, 1])
    return chances


def report(name: str, pairs: Pairs, groups: list[str], made: Pairs, unseen: Pairs) -> None:
    chances = cross_validated(pairs, groups, made)
    scores = [f1_score(pairs.same, row >= 0.5) for row in chances]
    area = np.mean([roc_auc_score(pairs.same, row) for row in chances])
    print(f"\n{name}: five folds drawn {len(SEEDS)} times, {len(pairs.same)} pairs, duplicate against the rest")
    print(f"  plain strings      F1 {_plain(pairs):.3f}")
    print(f"  this model         F1 {np.mean(scores):.3f} (least {min(scores):.3f})  AUC {area:.3f}")
    mean = chances.mean(axis=0)
    for label in ("duplicate", "variant", "different"):
        here = mean[[kind == label for kind in pairs.kinds]]
        print(f"  {label:18s} {len(here):4d} pairs, called the same {np.mean(here >= 0.5):.3f}")
    unseen_rows = unseen.rows()
    model = train(pairs.rows(), pairs.same, made.rows(), made.same)
    same = overruled(unseen_rows, model.predict_proba(unseen_rows)[:, 1]) >= 0.5
    print("  machine-made changes of questions the model has not seen, share called the same question:")
    for kind in dict.fromkeys(unseen.kinds):
        here = same[[one == kind for one in unseen.kinds]]
        print(f"  {kind:18s} {len(here):4d} pairs   {here.mean():.3f}")


def _plain(pairs: Pairs) -> float:
    """The best F1 that one threshold on the likeness of stem and options can reach, chosen in hindsight."""
    texts = [["".join([item.stem, *item.options]) for item in side] for side in (pairs.a, pairs.b)]
    ratios = np.array([fuzz.ratio(one, other) for one, other in zip(*texts, strict=True)])
    return max(f1_score(pairs.same, ratios >= threshold) for threshold in range(20, 100))


def frozen(pairs: Pairs, made: Pairs) -> dict[str, Any]:
    """The figures of a model trained on everything."""
    model = train(pairs.rows(), pairs.same, made.rows(), made.same)
    scaler, logistic = model[0], model[1]
    lists = {"mean": scaler.mean_, "scale": scaler.scale_, "coefficients": logistic.coef_[0]}
    rounded: dict[str, Any] = {name: [round(float(value), 6) for value in row] for name, row in lists.items()}
    return rounded | {"intercept": round(float(logistic.intercept_[0]), 6)}


def write(pairs: Pairs, made: Pairs) -> None:
    data = {
        "version": MODEL_VERSION,
        "trained_on": {"judged_by_hand": len(pairs.same), "machine_made": len(made.same)},
        "features": list(FEATURES),
        "keyed": frozen(pairs, made),
        "keyless": frozen(pairs.without_keys(), made.without_keys()),
    }
    MODEL_PATH.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {MODEL_PATH}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="replace the shipped model")
    arguments = parser.parse_args()
    if not (arguments.data / "labelled_pairs.jsonl").is_file():
        parser.error(f"no labelled_pairs.jsonl in {arguments.data}")
    pairs, groups = labelled_pairs(arguments.data)
    banks = read_banks(arguments.data, [*pairs.a, *pairs.b])
    draw = random.Random(0)
    halves = [[item for item in bank if draw.random() < 0.7] for bank in banks]
    kept = [{item.stem for item in half} for half in halves]
    rest = [[item for item in bank if item.stem not in stems] for bank, stems in zip(banks, kept, strict=True)]
    made = made_pairs(halves, 1)
    unseen = made_pairs([bank for bank in rest if bank], 2)
    report("with keys", pairs, groups, made, unseen)
    report("a key missing", pairs.without_keys(), groups * 3, made.without_keys(), unseen.without_keys())
    if arguments.write:
        write(pairs, made_pairs(banks, 3))


if __name__ == "__main__":
    main()
