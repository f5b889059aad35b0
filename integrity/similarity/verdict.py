"""Are two questions the same question: the verdict, its probability, and what differs, in words and in spans. Pure.

Rules settle what needs no weighing: equal after folding, equal but for the key, the same generic stem over other
options. The rest goes to a small logistic model over the features of the alignment; its coefficients are frozen data
(`model.json`), its version is kept with every decision that rests on it.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bank.content import CHOICE_TYPES, ItemContent, ItemType
from integrity.similarity.canonical import Canonical, canonical_many
from integrity.similarity.explaining import Span, explain
from integrity.similarity.features import FEATURES, Reading, features, reading
from integrity.similarity.lexicon import FILLERS

MODEL_VERSION = 2
MODEL_PATH = Path(__file__).with_name("model.json")
SAME_FROM = 0.5
"""From this probability on two questions count as the same one, for a person to confirm."""
STRICT_FROM = 0.9
"""From this probability on they count as the same one without asking anybody."""

_KEYLESS = FEATURES.index("key_missing")
_OTHER_AT_MOST = 0.4
_UNSURE_AT_MOST = 0.89
_ALONE = [FEATURES.index(f"said_only_{kind}") for kind in ("figure", "term")]
_EXCHANGED = FEATURES.index("stem_words")
_BOTH = [[FEATURES.index(f"{line}_only_{kind}") for line in ("stem", "said")] for kind in ("contrast", "polarity")]
_CLOSED = CHOICE_TYPES | {ItemType.JUDGE, ItemType.BLANK}
_LIKELY = 40
_ALIKE = 0.6
_TELLING = 6


class Verdict(StrEnum):
    """One vocabulary everywhere (`interface.md`)."""

    IDENTICAL = "identical"
    NEAR = "near"
    TEMPLATE = "template"
    CONFLICT = "conflict"
    UNRELATED = "unrelated"


SAME_QUESTION = frozenset({Verdict.IDENTICAL, Verdict.NEAR, Verdict.CONFLICT})
VERDICT_NAMES = {
    Verdict.IDENTICAL: "相同",
    Verdict.NEAR: "近似",
    Verdict.TEMPLATE: "同模板不同题",
    Verdict.CONFLICT: "同题异答",
    Verdict.UNRELATED: "无关",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found between two questions."""

    verdict: Verdict
    score: float
    """Probability that both are the same question."""
    changes: tuple[str, ...] = ()
    """What differs, in Chinese, the weightiest first."""
    diff: tuple[Span, ...] = ()
    """Spans of both stems for the screen: equal, replace, insert or delete, with the text of either side."""

    @property
    def same(self) -> bool:
        """The two count as one question."""
        return self.verdict in SAME_QUESTION


@cache
def _models() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slopes per feature and intercepts of the two models, keyed and keyless, with the scaling folded in."""
    data = json.loads(MODEL_PATH.read_text(encoding="utf-8"))
    if data["version"] != MODEL_VERSION or tuple(data["features"]) != FEATURES:
        raise RuntimeError("model.json was trained for other features; run benchmarks/train_verdict.py --write")
    models = [data["keyed"], data["keyless"]]
    slopes = np.array([np.array(model["coefficients"]) / np.array(model["scale"]) for model in models])
    shifts = np.array([slope @ np.array(model["mean"]) for slope, model in zip(slopes, models, strict=True)])
    return slopes, np.array([model["intercept"] for model in models]) - shifts


def overruled(rows: NDArray[np.float64], chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """The model's probabilities, less what no model may say.

    Where two statements differ in nothing but a figure, a term or the way they are asked, they are two questions
    whatever the rest is like. Where the stems exchange a content word, a synonym or another thing, a person decides.
    """
    other = rows[:, _ALONE].max(axis=1) + rows[:, _BOTH].min(axis=2).max(axis=1)
    sure = np.where(rows[:, _EXCHANGED] > 0, np.minimum(chances, _UNSURE_AT_MOST), chances)
    return np.where(other > 0, np.minimum(sure, _OTHER_AT_MOST), sure)


def probabilities(pairs: Sequence[tuple[Reading, Reading]]) -> NDArray[np.float64]:
    """For each pair the probability that both are the same question; where a key is missing another model speaks."""
    if not pairs:
        return np.zeros(0)
    slopes, intercepts = _models()
    rows = np.array([features(a, b) for a, b in pairs])
    model = rows[:, _KEYLESS].astype(np.intp)
    return overruled(rows, 1 / (1 + np.exp(-((rows * slopes[model]).sum(axis=1) + intercepts[model]))))


def judge(a: ItemContent, b: ItemContent) -> Judgement:
    """The judgement on one pair."""
    return judge_pairs([(a, b)])[0]


def judge_pairs(pairs: Sequence[tuple[ItemContent, ItemContent]], *, explained: bool = True) -> list[Judgement]:
    """Judgements on many pairs, in their order; without `explained` no changes and no spans are worked out."""
    contents = {id(content): content for pair in pairs for content in pair}
    forms = dict(zip(contents, canonical_many(list(contents.values())), strict=True))
    found = [Judgement(Verdict.UNRELATED, 0.0)] * len(pairs)
    likely = np.flatnonzero(_likeness([(forms[id(a)], forms[id(b)]) for a, b in pairs]) >= _LIKELY).tolist()
    readings = {id(one): reading(forms[id(one)]) for place in likely for one in pairs[place]}
    read = [(readings[id(a)], readings[id(b)]) for a, b in (pairs[place] for place in likely)]
    # Where only the keys contradict each other the model is asked about the texts alone.
    conflicts = [_contradict(a, b) for a, b in read]
    asked = [
        (a.without_answer(), b.without_answer()) if conflict else (a, b)
        for (a, b), conflict in zip(read, conflicts, strict=True)
    ]
    for place, seen, conflict, chance in zip(likely, read, conflicts, probabilities(asked).tolist(), strict=True):
        found[place] = _judgement(seen, conflict, chance)
        if explained and found[place].verdict is not Verdict.UNRELATED:
            told, diff = explain((pairs[place][0].compared().stem, pairs[place][1].compared().stem), *seen)
            found[place] = replace(found[place], changes=told, diff=diff)
    return found


def _likeness(pairs: Sequence[tuple[Canonical, Canonical]]) -> NDArray[np.float32]:
    """A cheap bound: the likeness of stems, of statements or of whole items, whichever is greatest."""
    found = np.zeros(len(pairs), np.float32)
    for name in ("stem", "filled", "text") if pairs else ():
        sides = [[getattr(pair[side], name) for pair in pairs] for side in (0, 1)]
        found = np.maximum(found, process.cpdist(*sides, scorer=fuzz.ratio))
    return found


def _judgement(seen: tuple[Reading, Reading], conflict: bool, chance: float) -> Judgement:
    a, b = seen
    if conflict:
        return Judgement(Verdict.CONFLICT, round(max(chance, SAME_FROM), 4))
    if _identical(a.item, b.item):
        return Judgement(Verdict.IDENTICAL, 1.0)
    if chance >= SAME_FROM:
        return Judgement(Verdict.NEAR, round(chance, 4))
    return Judgement(Verdict.TEMPLATE if _same_frame(a, b) else Verdict.UNRELATED, round(chance, 4))


def _identical(a: Canonical, b: Canonical) -> bool:
    """The same after folding, options in any order; a missing key contradicts nothing."""
    kinds = {a.type, b.type}
    return (
        a.stem == b.stem
        and Counter(a.options) == Counter(b.options)
        and (len(kinds) == 1 or kinds <= CHOICE_TYPES)
        and (a.answer == b.answer or not a.answer or not b.answer or not kinds <= _CLOSED)
    )


def _contradict(a: Reading, b: Reading) -> bool:
    """The same question to the letter, or but for fillers where options confirm it, and yet another key."""
    kinds = {a.item.type, b.item.type}
    if not a.answer or not b.answer or a.answers == b.answers or not kinds <= _CLOSED:
        return False
    if len(kinds) > 1 and not kinds <= CHOICE_TYPES:
        return False
    if a.item.options or b.item.options:
        return Counter(a.options) == Counter(b.options) and _core(a) == _core(b)
    return a.stem.text == b.stem.text and (ItemType.JUDGE in kinds or fuzz.ratio(a.answer, b.answer) < 80)


def _core(item: Reading) -> list[str]:
    return [token for token in item.stem.tokens if token not in FILLERS]


def _same_frame(a: Reading, b: Reading) -> bool:
    """Much of the wording is shared, and it is more than 下列说法正确的是."""
    shared = Counter(_core(a)) & Counter(_core(b))
    telling = shared.total() >= _TELLING
    stems = fuzz.ratio(a.stem.text, b.stem.text) / 100
    said = fuzz.ratio(a.statement.text, b.statement.text) / 100
    whole = fuzz.ratio(a.stem.text + "".join(sorted(a.options)), b.stem.text + "".join(sorted(b.options))) / 100
    return (telling and max(stems, said) >= _ALIKE) or whole >= _ALIKE
