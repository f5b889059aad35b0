"""Which items are one question: every item belongs to one cluster, named by the smallest item id in it.

An item joins a cluster when it is the same question as the cluster's first item, or letter for letter the same as any
of its items. It never joins by way of a neighbour of a neighbour: a chain of small changes ends at another question.
Because items are taken in the order of their ids, a bank clustered item by item and one clustered at once agree.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.items import Item
from integrity.similarity.verdict import SAME_FROM, Judgement, Verdict

_SAME_TEXT = frozenset({Verdict.IDENTICAL, Verdict.CONFLICT})


@dataclass(frozen=True, slots=True)
class Known:
    """An item that was judged against the one to be placed."""

    item: Item
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


def assign(item: Item, same: Sequence[Known], least: float = SAME_FROM) -> int:
    """The cluster for one item among items that already have theirs."""
    known = [(one.item.id, one.item.cluster_id or one.item.id, one.judgement) for one in same]
    return _choose(item.id, known, least)


def place(session: Session, item: Item, same: Sequence[Known], least: float = SAME_FROM) -> None:
    """Put an item with a new wording into its cluster, and keep the names of the clusters it leaves or joins true."""
    before, cluster = item.cluster_id, assign(item, same, least)
    if before == item.id and not any(one.item.cluster_id == before for one in same):
        # Its cluster was named after it, and nobody there is the same question any more.
        _rename(session, _others(session, item, before))
    item.cluster_id = cluster
    if item.id < cluster:
        _rename(session, [item, *_others(session, item, cluster)])


def _others(session: Session, item: Item, cluster: int) -> list[Item]:
    return list(session.scalars(sa.select(Item).where(Item.cluster_id == cluster, Item.id != item.id)))


def _rename(session: Session, items: Sequence[Item]) -> None:
    name = min((one.id for one in items), default=None)
    for one in items:
        one.cluster_id = name
    session.flush()
