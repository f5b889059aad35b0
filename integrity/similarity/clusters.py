"""Which wordings are one question: every version belongs to one cluster, named by the smallest version id in it.

A version joins a cluster when it is the same question as the cluster's first version, or letter for letter the same
as any in it. It never joins by way of a neighbour of a neighbour: a chain of small changes ends at another question.
A wording never changes, so its cluster never does: an item that is reworded into another question leaves what was
asked of it behind (Article 14(4)). Because versions are taken in the order of their ids, a bank clustered one by one
and one clustered at once agree.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bank.items import ItemVersion
from integrity.similarity.verdict import SAME_FROM, Judgement, Verdict

_SAME_TEXT = frozenset({Verdict.IDENTICAL, Verdict.CONFLICT})


@dataclass(frozen=True, slots=True)
class Known:
    """A version that was judged against the one to be placed."""

    version: ItemVersion
    judgement: Judgement


def _choose(own: int, known: Iterable[tuple[int, int, Judgement]], least: float) -> int:
    """The cluster for an item, given items that were judged against it with the clusters they are in."""
    same_text, near = [], []
    for other, cluster, judgement in known:
        if judgement.verdict in _SAME_TEXT:
            same_text.append(cluster)
        elif judgement.same and judgement.score >= least and cluster in {other, own}:
            near.append((-judgement.score, cluster))
    if same_text:
        return min(same_text)
    return min(near)[1] if near else own


def group(pairs: Iterable[tuple[int, int, Judgement]], least: float = SAME_FROM) -> dict[int, int]:
    """The cluster of every id that occurs in the pairs; `least` is the lowest score that makes near items one."""
    judged: dict[int, list[tuple[int, Judgement]]] = defaultdict(list)
    for one, other, judgement in pairs:
        judged[max(one, other)].append((min(one, other), judgement))
        judged.setdefault(min(one, other), [])
    clusters: dict[int, int] = {}
    for own in sorted(judged):
        known = [(other, clusters[other], judgement) for other, judgement in sorted(judged[own], key=lambda o: o[0])]
        clusters[own] = _choose(own, known, least)
    return clusters


def assign(version: ItemVersion, same: Sequence[Known], least: float = SAME_FROM) -> int:
    """The cluster for one version among versions that already have theirs."""
    known = [(one.version.id, one.version.cluster_id or one.version.id, one.judgement) for one in same]
    return _choose(version.id, known, least)
