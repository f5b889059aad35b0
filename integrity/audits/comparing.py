"""Two files of questions held against each other: which items are the same, one partner each. Pure, no database.

Candidates come from the keyed sketches under a key drawn for this comparison alone, so nothing is kept.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_bytes

from bank.content import ItemContent
from bank.ground.policy import Policy
from integrity.audits.reuse import PaperVerdict, share_verdict
from integrity.similarity.canonical import canonical_many
from integrity.similarity.sketches import NO_BUCKET, Sketcher
from integrity.similarity.verdict import SAME_QUESTION, Judgement, Verdict, judge_pairs

MOST_PER_BUCKET = 400


@dataclass(frozen=True, slots=True)
class Partner:
    """Item `a` of the first list and `b` of the second, by index, and how they relate."""

    a: int
    b: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Comparison:
    """Pairs that relate in any way, the same questions first; shares count items, as parts of one."""

    alike_share_a: float
    alike_share_b: float
    verdict: PaperVerdict
    pairs: tuple[Partner, ...]


def compare(a: Sequence[ItemContent], b: Sequence[ItemContent], policy: Policy) -> Comparison:
    """Match the items of two lists; each item has at most one partner that counts as the same question."""
    places = _candidates(a, b)
    judged = [
        Partner(first, second, how)
        for (first, second), how in zip(places, judge_pairs([(a[x], b[y]) for x, y in places]), strict=True)
        if how.verdict is not Verdict.UNRELATED
    ]
    judged.sort(key=lambda pair: (pair.judgement.verdict not in SAME_QUESTION, -pair.judgement.score, pair.a, pair.b))
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    kept, same = [], 0
    for pair in judged:
        if pair.a in taken_a or pair.b in taken_b:
            continue
        taken_a.add(pair.a)
        taken_b.add(pair.b)
        same += pair.judgement.verdict in SAME_QUESTION
        kept.append(pair)
    share_a, share_b = (same / len(items) if items else 0.0 for items in (a, b))
    kept.sort(key=lambda pair: (pair.judgement.verdict not in SAME_QUESTION, pair.a))
    return Comparison(share_a, share_b, share_verdict(max(share_a, share_b), policy), tuple(kept))


def _candidates(a: Sequence[ItemContent], b: Sequence[ItemContent]) -> list[tuple[int, int]]:
    sketcher = Sketcher(token_bytes(32))
    first, second = (sketcher.buckets(canonical_many(list(items))) for items in (a, b))
    where: dict[int, list[int]] = defaultdict(list)
    for place, buckets in enumerate(second.tolist()):
        for bucket in buckets:
            if bucket != NO_BUCKET and len(where[bucket]) < MOST_PER_BUCKET:
                where[bucket].append(place)
    found = {
        (place, other)
        for place, buckets in enumerate(first.tolist())
        for bucket in set(buckets) - {NO_BUCKET}
        for other in where.get(bucket, ())
    }
    return sorted(found)
