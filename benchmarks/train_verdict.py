"""Train the verdict model on judged pairs and machine-made changes, and say how well it judges.

    python benchmarks/train_verdict.py --data DIR [--write]

DIR holds `labelled_pairs.jsonl` (rows a, b, label) and the banks as JSONL in which the pairs of `labels/pairs.jsonl`
are looked up. Nested cross-validation: five folds, drawn so that no question stands in two of them; how strongly to
train is chosen in folds of the training part alone, and the figures come from pairs that neither choice nor training
has seen. With --write the model trained on everything becomes integrity/similarity/model.json. Needs scikit-learn
(`pip install tidun[train]`).
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from changes import OTHER, SAME, shuffled, wide
from labelled_pairs import GIVEN, Pairs, read_labels
from numpy.typing import NDArray
from rapidfuzz import fuzz
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bank.content import ItemContent
from integrity.similarity.features import FEATURES
from integrity.similarity.verdict import MODEL_PATH, MODEL_VERSION, SAME_FROM, STRICT_FROM, overruled

STRENGTHS = (0.1, 0.3, 1.0)
SAME_WEIGHT = 2.0
MADE_WEIGHT = 1.0
PER_CHANGE = 16
SEEDS = range(5)
OUTER, INNER = 5, 3


@dataclass(frozen=True)
class Taught:
    """What a model learns from: features, truth and groups of judged pairs; features and truth of made ones."""

    rows: NDArray[np.float64]
    same: NDArray[np.int_]
    groups: NDArray[np.str_]
    made: NDArray[np.float64]
    made_same: NDArray[np.int_]

    def only(self, places: NDArray[np.intp]) -> "Taught":
        return Taught(self.rows[places], self.same[places], self.groups[places], self.made, self.made_same)

    def folds(self, count: int, seed: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
        return list(splitter.split(self.rows, self.same, self.groups))


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
    return Pairs(list(a), list(b), np.array(same_row), list(kinds), [])


def _dressed(item: ItemContent, draw: random.Random, bank: Sequence[ItemContent]) -> ItemContent:
    chance = draw.random()
    if chance < 0.15:
        return wide(item, draw, bank)
    return (shuffled(item, draw, bank) or item) if chance < 0.3 else item


def train(taught: Taught, strength: float) -> Pipeline:
    """Judged pairs count one, the same question two; made pairs together as much, half for each truth."""
    same, made_same = taught.same, taught.made_same
    halves = np.where(made_same == 1, 0.5 / np.mean(made_same), 0.5 / np.mean(1 - made_same))
    made_weights = halves * MADE_WEIGHT * len(same) / len(made_same)
    weights = np.concatenate([np.where(same == 1, SAME_WEIGHT, 1.0), made_weights])
    rows, truth = np.concatenate([taught.rows, taught.made]), np.concatenate([same, made_same])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=5000))
    return model.fit(rows, truth, logisticregression__sample_weight=weights)


def chances_of(model: Pipeline, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return overruled(rows, model.predict_proba(rows)[:, 1])


def chosen(taught: Taught, seed: int) -> float:
    """The strength that judges best in folds of these pairs."""
    folds = taught.folds(INNER, seed)

    def score(strength: float) -> float:
        chances = np.zeros(len(taught.same))
        for seen, held in folds:
            chances[held] = chances_of(train(taught.only(seen), strength), taught.rows[held])
        return float(f1_score(taught.same, chances >= SAME_FROM))

    return max(STRENGTHS, key=score)


def cross_validated(taught: Taught) -> NDArray[np.float64]:
    """For each drawing of the folds the probability of each pair under a model that has not seen its group."""
    chances = np.zeros((len(SEEDS), len(taught.same)))
    for seed in SEEDS:
        for seen, held in taught.folds(OUTER, seed):
            part = taught.only(seen)
            chances[seed, held] = chances_of(train(part, chosen(part, seed)), taught.rows[held])
    return chances


def report(name: str, given: Pairs, ours: Pairs, made: Pairs, unseen: Pairs) -> None:
    taught = _taught(given, ours, made)
    print(f"\n{name}: nested cross-validation, {OUTER} folds drawn {len(SEEDS)} times, the same question or not")
    chances = cross_validated(taught)
    figures("pairs of the test data", given, chances[:, : len(given.same)])
    figures("pairs judged since", ours, chances[:, len(given.same) :])
    strength = chosen(taught, 0)
    rows = unseen.rows()
    same = chances_of(train(taught, strength), rows) >= SAME_FROM
    print(f"  trained on all with strength {strength}")
    print("  machine-made changes of questions the model has not seen, share called the same question:")
    for kind in dict.fromkeys(unseen.kinds):
        here = same[[one == kind for one in unseen.kinds]]
        print(f"  {kind:18s} {len(here):4d} pairs   {here.mean():.3f}")


def figures(name: str, pairs: Pairs, chances: NDArray[np.float64]) -> None:
    scores = [f1_score(pairs.same, row >= SAME_FROM) for row in chances]
    area = np.mean([roc_auc_score(pairs.same, row) for row in chances])
    sure = chances >= STRICT_FROM
    right = sure & (pairs.same == 1)
    print(f"  {name}: {len(pairs.same)}")
    print(f"    plain strings    F1 {_plain(pairs):.3f}")
    print(f"    this model       F1 {np.mean(scores):.3f} (least {min(scores):.3f})  AUC {area:.3f}")
    found = right.sum() / max(pairs.same.sum() * len(chances), 1)
    print(f"    strict tier      precision {right.sum() / max(sure.sum(), 1):.3f}, finds {found:.3f} of the same")
    mean = chances.mean(axis=0)
    for label in dict.fromkeys(sorted(pairs.kinds)):
        here = mean[[kind == label for kind in pairs.kinds]]
        print(f"    {label:16s} {len(here):4d} pairs, called the same {np.mean(here >= SAME_FROM):.3f}")


def _taught(given: Pairs, ours: Pairs, made: Pairs) -> Taught:
    rows, same = np.concatenate([given.rows(), ours.rows()]), np.concatenate([given.same, ours.same])
    return Taught(rows, same, np.array([*given.groups, *ours.groups]), made.rows(), made.same)


def _plain(pairs: Pairs) -> float:
    """The best F1 that one threshold on the likeness of stem and options can reach, chosen in hindsight."""
    texts = [["".join([item.stem, *item.options]) for item in side] for side in (pairs.a, pairs.b)]
    ratios = np.array([fuzz.ratio(one, other) for one, other in zip(*texts, strict=True)])
    return float(max(f1_score(pairs.same, ratios >= threshold) for threshold in range(20, 100)))


def frozen(taught: Taught) -> dict[str, Any]:
    """The figures of a model trained on everything."""
    strength = chosen(taught, 0)
    model = train(taught, strength)
    scaler, logistic = model[0], model[1]
    lists = {"mean": scaler.mean_, "scale": scaler.scale_, "coefficients": logistic.coef_[0]}
    rounded: dict[str, Any] = {name: [round(float(value), 6) for value in row] for name, row in lists.items()}
    return rounded | {"intercept": round(float(logistic.intercept_[0]), 6)}


def write(given: Pairs, ours: Pairs, made: Pairs) -> None:
    keyless = [pairs.without_keys() for pairs in (given, ours, made)]
    data = {
        "version": MODEL_VERSION,
        "trained_on": {"judged_by_hand": len(given.same) + len(ours.same), "machine_made": len(made.same)},
        "features": list(FEATURES),
        "keyed": frozen(_taught(given, ours.without("conflict"), made)),
        "keyless": frozen(_taught(*keyless)),
    }
    MODEL_PATH.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {MODEL_PATH}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="replace the shipped model")
    arguments = parser.parse_args()
    if not (arguments.data / GIVEN).is_file():
        parser.error(f"no {GIVEN} in {arguments.data}")
    given, ours = read_labels(arguments.data)
    banks = read_banks(arguments.data, [*given.a, *given.b, *ours.a, *ours.b])
    if arguments.write:
        write(given, ours, made_pairs(banks, 3))
        return
    draw = random.Random(0)
    halves = [[item for item in bank if draw.random() < 0.7] for bank in banks]
    kept = [{item.stem for item in half} for half in halves]
    rest = [[item for item in bank if item.stem not in stems] for bank, stems in zip(banks, kept, strict=True)]
    made = made_pairs(halves, 1)
    unseen = made_pairs([bank for bank in rest if bank], 2)
    # Where the keys contradict each other the model is asked about the texts alone.
    report("with keys", given, ours.without("conflict"), made, unseen)
    report("a key missing", *(pairs.without_keys() for pairs in (given, ours, made, unseen)))


if __name__ == "__main__":
    main()
