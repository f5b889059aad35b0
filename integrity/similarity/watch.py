"""The watch over the bank: a new wording is sketched, indexed and clustered in the transaction that writes it.

`watch()` is called once at start-up. A version whose sketches are not written cannot be committed (`bank.items`).
Plaintext is opened for comparison and stays inside; `look_alikes` alone hands it on, to edges that ask who may read it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from bank.content import ItemContent
from bank.ground.actors import Actor
from bank.ground.transactions import remembered
from bank.institutions import Bank
from bank.items import (
    AWAITING_SKETCHES,
    Item,
    ItemStatus,
    ItemVersion,
    Origin,
    SavedVersion,
    current_versions,
    open_versions,
    versions_removed,
    versions_saved,
)
from bank.ledger.log import append
from bank.vault.keyring import Purpose
from bank.vault.vault import vault_of
from integrity.similarity.canonical import canonical_many
from integrity.similarity.clusters import Known, assign
from integrity.similarity.index.protocol import Candidates, IndexState, Stamp
from integrity.similarity.index.sql import SqlIndex
from integrity.similarity.sketches import Sketcher
from integrity.similarity.verdict import Judgement, Verdict, judge_pairs

MOST_CANDIDATES = 40
"""Judged per new item, those with the most shared buckets first."""
FEWEST_SHARED = 2
BATCH = 500
DUPLICATES = "duplicates found"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A new item and an older one of the same bank (or file) that is the same question."""

    item: int
    of: int
    of_external_id: str | None
    verdict: Verdict
    score: float


@dataclass(frozen=True, slots=True)
class Alike:
    """An item of the bank that resembles a content, with its wording, for somebody who may read it."""

    item: Item
    content: ItemContent
    judgement: Judgement


def watch() -> None:
    """Begin to listen for saved versions; calling it again changes nothing."""
    versions_saved.connect(_on_saved)
    versions_removed.connect(_on_removed)


def sketcher_of(session: Session) -> Sketcher:
    """The sketcher under the house's index key."""
    kept = remembered(session, "sketcher")
    if "sketcher" not in kept:
        kept["sketcher"] = Sketcher(vault_of(session).secret(session, Purpose.INDEX, "sketches"))
    found: Sketcher = kept["sketcher"]
    return found


def index_of(session: Session) -> SqlIndex:
    """The index of the session's database."""
    return SqlIndex(session, Stamp(vault_of(session).secret_version(session, Purpose.INDEX)))


def _on_removed(session: Session, versions: Sequence[int]) -> None:
    index_of(session).remove(versions)


def _on_saved(session: Session, saved: Sequence[SavedVersion]) -> None:
    index, sketcher = index_of(session), sketcher_of(session)
    for start in range(0, len(saved), BATCH):
        batch = saved[start : start + BATCH]
        buckets = sketcher.buckets(canonical_many([one.content for one in batch]))
        index.add([one.version.id for one in batch], buckets)
        _cluster(session, batch, index.candidates(buckets))
    session.info[AWAITING_SKETCHES] -= {one.version.id for one in saved}


def _cluster(session: Session, batch: Sequence[SavedVersion], candidates: Sequence[Candidates]) -> None:
    """Judge each new version against what shares its buckets, give it its cluster, note duplicates in its bank.

    Older wordings are judged too: what was asked once stays known, whatever its item says today.
    """
    contents = {one.version.id: one.content for one in batch}
    pairs = _pairs(batch, candidates)
    others = _open(session, {other for _, other in pairs} - contents.keys())
    versions = {version.id: version for version, _ in others} | {one.version.id: one.version for one in batch}
    contents |= {version.id: content for version, content in others}
    judged = judge_pairs([(contents[new], contents[other]) for new, other in pairs], explained=False)
    same: dict[int, list[Known]] = {one.version.id: [] for one in batch}
    for (new, other), how in zip(pairs, judged, strict=True):
        if how.same:
            same[new].append(Known(versions[other], how))
    for one in batch:
        one.version.cluster_id = one.item.cluster_id = assign(one.version, same[one.version.id])
        _note_duplicate(session, one, same[one.version.id])
    session.flush()


def _pairs(batch: Sequence[SavedVersion], candidates: Sequence[Candidates]) -> list[tuple[int, int]]:
    """Pairs to judge, the new version first; of two new ones the later is the new one."""
    found = []
    for one, near in zip(batch, candidates, strict=True):
        for other in near.best(MOST_CANDIDATES):
            if other < one.version.id and near.hits[other] >= FEWEST_SHARED:
                found.append((one.version.id, other))
    return found


def _open(session: Session, version_ids: set[int]) -> list[tuple[ItemVersion, ItemContent]]:
    """These versions with their text."""
    versions: list[ItemVersion] = []
    wanted = sorted(version_ids)
    for start in range(0, len(wanted), BATCH):
        some = sa.select(ItemVersion).where(ItemVersion.id.in_(wanted[start : start + BATCH])).order_by(ItemVersion.id)
        versions += session.scalars(some.options(joinedload(ItemVersion.item).joinedload(Item.bank))).all()
    contents = open_versions(session, versions)
    return [(version, contents[version.id]) for version in versions]


def _note_duplicate(session: Session, one: SavedVersion, same: Sequence[Known]) -> None:
    """Remember the best partner in the same bank for whoever is writing (`duplicates_among`)."""
    mine = [known for known in same if _is_rival(known.version, one.item)]
    if mine and one.item.origin is Origin.BANK:
        best = max(mine, key=lambda known: (known.judgement.score, -known.version.item_id))
        judgement, other = best.judgement, best.version.item
        found = Duplicate(one.item.id, other.id, other.external_id, judgement.verdict, judgement.score)
        session.info.setdefault(DUPLICATES, {})[one.version.id] = found


def _is_rival(version: ItemVersion, item: Item) -> bool:
    """Whether this is what another item of the same bank says today."""
    other = version.item
    current = version.number == other.version and other.id != item.id
    return current and other.bank_id == item.bank_id and other.origin is Origin.BANK


def duplicates_among(session: Session, saved: Sequence[SavedVersion]) -> list[Duplicate]:
    """What the versions just written in this transaction repeat in their bank, in their order."""
    noted: dict[int, Duplicate] = session.info.get(DUPLICATES, {})
    return [noted[one.version.id] for one in saved if one.version.id in noted]


def look_alikes(
    session: Session,
    bank: Bank,
    content: ItemContent,
    *,
    knows_key: Callable[[Item], bool],
    besides: int | None = None,
) -> list[Alike]:
    """Items of this bank that are the same question or of the same frame, the likest first, in a reading session.

    Where the asker does not know an item's key, neither key is compared and the key is left out: a verdict that
    hung on it would tell it in four tries. Whoever shows a wording to a person writes that reading down first.
    """
    buckets = sketcher_of(session).buckets(canonical_many([content]))[0]
    found = index_of(session).nearest(buckets, MOST_CANDIDATES, *_in_use(bank, besides), fewest=FEWEST_SHARED)
    versions = session.scalars(current_versions(ItemVersion.id.in_(found))).all()
    opened = open_versions(session, versions)
    known = {version.id: knows_key(version.item) for version in versions}
    shown = {
        version.id: opened[version.id] if known[version.id] else keyless(opened[version.id]) for version in versions
    }
    mine = {True: content, False: keyless(content)}
    judged = judge_pairs([(mine[known[version.id]], shown[version.id]) for version in versions])
    alike = [
        Alike(version.item, shown[version.id], how)
        for version, how in zip(versions, judged, strict=True)
        if how.verdict is not Verdict.UNRELATED
    ]
    return sorted(alike, key=lambda one: (not one.judgement.same, -one.judgement.score, one.item.id))


def _in_use(bank: Bank, besides: int | None) -> tuple[sa.ColumnElement[bool], ...]:
    mine = (Item.bank_id == bank.id, Item.origin == Origin.BANK, Item.status != ItemStatus.RETIRED)
    return mine if besides is None else (*mine, Item.id != besides)


def keyless(content: ItemContent) -> ItemContent:
    """The question as a candidate sees it: no key, and nothing that says how it is marked."""
    return ItemContent(content.type, content.stem, content.options, marks=content.marks, material=content.material)


def alike_in_bank(session: Session, actor: Actor, bank: Bank, content: ItemContent) -> list[Alike]:
    """Look-alikes for somebody who may read the whole bank with its keys; the reading is in the ledger."""
    found = look_alikes(session, bank, content, knows_key=lambda _: True)
    note_reading(session, actor, [one.item for one in found])
    return found


def note_reading(session: Session, actor: Actor, items: Sequence[Item]) -> None:
    """Write down that look-alikes are shown to this person, before they are."""
    if items:
        append(session, actor, "item.read", {"purpose": "查看近似试题", "items": sorted(item.id for item in items)})


def every_version(session: Session) -> Iterator[Sequence[ItemVersion]]:
    """All item versions there are, with their items and banks, in batches by number."""
    rows = sa.select(ItemVersion).order_by(ItemVersion.id).limit(BATCH)
    rows = rows.options(joinedload(ItemVersion.item).joinedload(Item.bank))
    after = 0
    while found := session.scalars(rows.where(ItemVersion.id > after)).all():
        yield found
        after = found[-1].id


def _all_versions(session: Session) -> Iterator[tuple[list[int], list[ItemContent]]]:
    for versions in every_version(session):
        contents = open_versions(session, versions)
        yield [version.id for version in versions], [contents[version.id] for version in versions]


def verify_index(session: Session) -> IndexState:
    """Compare the index with every version there is, sketched anew."""
    sketcher = sketcher_of(session)
    batches = ((ids, sketcher.buckets(canonical_many(texts))) for ids, texts in _all_versions(session))
    return index_of(session).verify(batches)


def rebuild_index(session: Session) -> int:
    """Make the index anew from the bank; how many versions it then holds. Clusters stay as they are."""
    index, sketcher, count = index_of(session), sketcher_of(session), 0
    index.clear()
    for ids, texts in _all_versions(session):
        index.add(ids, sketcher.buckets(canonical_many(texts)))
        count += len(ids)
    return count


def index_sentence(state: IndexState) -> str:
    """What an index check found, in one Chinese sentence."""
    if state.ok:
        return f"相似索引完整，{state.versions} 个试题版本都在其中"
    faults = (("缺 {} 个版本", state.missing), ("{} 个版本的内容不符", state.wrong), ("多出 {} 个版本", state.stray))
    told = "，".join(text.format(len(found)) for text, found in faults if found)
    return f"相似索引有误：{told or '是用旧的密钥或规则建立的'}；请运行 tidun index rebuild 重建"
