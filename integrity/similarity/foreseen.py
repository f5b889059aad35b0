"""What a file would repeat, told before anything of it is written: against its bank and against its own earlier rows.

A reading session is enough, so a long file holds nobody up. The same candidates, the same judgement and the same
choice of the best partner as when the rows are written (`watch`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from bank.content import ItemContent
from bank.institutions import Bank
from bank.items import Item, ItemVersion, Origin, open_versions
from integrity.similarity.canonical import canonical_many
from integrity.similarity.index.memory import MemoryIndex
from integrity.similarity.index.protocol import Candidates
from integrity.similarity.verdict import Judgement, Verdict, judge_pairs
from integrity.similarity.watch import BATCH, FEWEST_SHARED, MOST_CANDIDATES, index_of, sketcher_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A row, by its place in the list, that asks what an item of the bank or an earlier row of the list asks."""

    place: int
    verdict: Verdict
    score: float
    item: int | None = None
    earlier: int | None = None


def foresee(
    session: Session,
    bank: Bank,
    contents: Sequence[ItemContent],
    told: Callable[[int], None] = lambda _: None,
    only: Sequence[int] | None = None,
) -> list[Foreseen]:
    """The best partner of each row that has one, in order; `told` hears how many rows are done.

    With `only`, those places alone are judged (a row just mended), against the bank and all earlier rows.
    """
    sketcher, stored = sketcher_of(session), index_of(session)
    within = MemoryIndex(stored.stamp)
    wanted = set(range(len(contents)) if only is None else only)
    found: list[Foreseen] = []
    for start in range(0, len(contents), BATCH):
        places = range(start, min(start + BATCH, len(contents)))
        buckets = sketcher.buckets(canonical_many([contents[place] for place in places]))
        within.add(list(places), buckets)
        asked = [place for place in places if place in wanted]
        if asked:
            rows = buckets[[place - start for place in asked]]
            banked = dict(zip(asked, stored.candidates(rows), strict=True))
            earlier = dict(zip(asked, within.candidates(rows), strict=True))
            found += _best_partners(session, bank, contents, banked, earlier)
        told(places[-1] + 1)
    return found


def _best_partners(
    session: Session,
    bank: Bank,
    contents: Sequence[ItemContent],
    banked: dict[int, Candidates],
    earlier: dict[int, Candidates],
) -> list[Foreseen]:
    opened = _current(session, bank, {version for near in banked.values() for version in _near(near)})
    asked: list[tuple[int, int | None, int | None]] = []
    pairs: list[tuple[ItemContent, ItemContent]] = []
    for place, stored in banked.items():
        for version in _near(stored):
            if version in opened:
                asked.append((place, opened[version][0], None))
                pairs.append((contents[place], opened[version][1]))
        for before in _near(earlier[place]):
            if before < place:
                asked.append((place, None, before))
                pairs.append((contents[place], contents[before]))
    best: dict[int, Foreseen] = {}
    for (place, item, row), how in zip(asked, judge_pairs(pairs, explained=False), strict=True):
        if how.same and _better(how, best.get(place)):
            best[place] = Foreseen(place, how.verdict, how.score, item, row)
    return [best[place] for place in sorted(best)]


def _near(near: Candidates) -> list[int]:
    return [version for version in near.best(MOST_CANDIDATES) if near.hits[version] >= FEWEST_SHARED]


def _better(how: Judgement, best: Foreseen | None) -> bool:
    return best is None or how.score > best.score


def _current(session: Session, bank: Bank, version_ids: set[int]) -> dict[int, tuple[int, ItemContent]]:
    """Those of these versions that are what an item of the bank says today: its number and text by version."""
    mine = (Item.bank_id == bank.id, Item.origin == Origin.BANK, ItemVersion.number == Item.version)
    rows = sa.select(ItemVersion).join(ItemVersion.item).options(joinedload(ItemVersion.item).joinedload(Item.bank))
    wanted = sorted(version_ids)
    found: dict[int, tuple[int, ItemContent]] = {}
    for start in range(0, len(wanted), BATCH):
        some = session.scalars(rows.where(*mine, ItemVersion.id.in_(wanted[start : start + BATCH]))).all()
        contents = open_versions(session, some)
        found |= {version.id: (version.item_id, contents[version.id]) for version in some}
    return found
