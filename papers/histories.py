"""Histories of items: where each was asked, what candidates made of it, and whether that changed (Art. 6(5), 16(2)).

A history needs no results: uses and the last day come from the sittings alone. Numbers are those of the newest
version with results, because another wording is another question.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from bank.institutions import Bank
from bank.items import Item, ItemVersion, Origin, open_versions
from papers.papers import Form, Paper
from papers.results import ItemResult, open_counts
from papers.sittings import AskedItem, Sitting
from papers.statistics.drift import Cell, Drift, drifts
from papers.statistics.items import ItemCount, pooled
from papers.statistics.judging import Flag, flags, suggested_difficulty


@dataclass(frozen=True, slots=True)
class ItemUse:
    """One sitting an item was asked in; `count` is None while its results are not known."""

    sitting_id: int
    day: date
    form: str
    place: str
    version_id: int
    count: ItemCount | None


@dataclass(frozen=True, slots=True)
class ItemHistory:
    """An item with all its uses; `count` pools the sittings of `version_id`, the newest version with results."""

    item: Item
    uses: tuple[ItemUse, ...]
    version_id: int | None = None
    count: ItemCount | None = None
    key: str = ""
    drift: Drift | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def last_used(self) -> date:
        """The day of the last sitting."""
        return self.uses[-1].day

    @property
    def series(self) -> tuple[ItemUse, ...]:
        """The uses whose results make up `count`, in time."""
        return tuple(one for one in self.uses if one.count is not None and one.version_id == self.version_id)

    @property
    def suggested(self) -> int | None:
        """The difficulty grade that the numbers speak for."""
        return suggested_difficulty(self.count) if self.count is not None else None

    @property
    def is_lead(self) -> bool:
        """Whether the item suddenly got easy."""
        return Flag.LEAK_LEAD in self.flags


def item_histories(session: Session, bank: Bank, item_id: int | None = None) -> list[ItemHistory]:
    """The histories of a bank's own items that were ever asked (or of one of them), by item number."""
    wanted = [Item.bank_id == bank.id, Item.origin == Origin.BANK]
    asked = session.execute(
        sa.select(AskedItem.item_id, AskedItem.version_id, AskedItem.sitting_id, Sitting.held_on, Sitting.place)
        .add_columns(Paper.number, Form.label)
        .select_from(AskedItem)
        .join(Sitting, Sitting.id == AskedItem.sitting_id)
        .join(Form, Form.id == Sitting.form_id)
        .join(Paper, Paper.id == Form.paper_id)
        .join(Item, Item.id == AskedItem.item_id)
        .where(*wanted, *([Item.id == item_id] if item_id is not None else []))
        .order_by(Sitting.held_on, Sitting.id)
    ).all()
    counts = _counts(session, {row.item_id for row in asked})
    uses: dict[int, list[ItemUse]] = defaultdict(list)
    for row in asked:
        form, count = f"{row.number}-{row.label}", counts.get((row.sitting_id, row.item_id))
        uses[row.item_id].append(ItemUse(row.sitting_id, row.held_on, form, row.place, row.version_id, count))
    items = session.scalars(sa.select(Item).where(Item.id.in_(uses)).options(joinedload(Item.bank)).order_by(Item.id))
    told = {one: _told(used) for one, used in uses.items()}
    keys = _keys(session, [version for version in told.values() if version is not None])
    found = drift_of(session, bank)
    return [_history(item, uses[item.id], told[item.id], keys, found) for item in items]


def _counts(session: Session, items: set[int]) -> dict[tuple[int, int], ItemCount]:
    """The counts by sitting and item."""
    rows = session.scalars(
        sa.select(ItemResult).where(ItemResult.item_id.in_(items)).options(joinedload(ItemResult.sitting))
    ).all()
    opened = open_counts(session, rows)
    return {(row.sitting_id, row.item_id): count for row, count in zip(rows, opened, strict=True)}


def _told(uses: Sequence[ItemUse]) -> int | None:
    """The newest version with results."""
    return max((one.version_id for one in uses if one.count is not None), default=None)


def _keys(session: Session, version_ids: Sequence[int]) -> dict[int, str]:
    versions = session.scalars(
        sa.select(ItemVersion)
        .where(ItemVersion.id.in_(version_ids))
        .options(joinedload(ItemVersion.item).joinedload(Item.bank))
    )
    return {version: content.key for version, content in open_versions(session, versions).items()}


def _history(
    item: Item, uses: list[ItemUse], version: int | None, keys: dict[int, str], drift: dict[int, Drift]
) -> ItemHistory:
    if version is None:
        return ItemHistory(item, tuple(uses))
    count = pooled(one.count for one in uses if one.count is not None and one.version_id == version)
    found = flags(count, keys[version], item.difficulty, drift.get(version))
    return ItemHistory(item, tuple(uses), version, count, keys[version], drift.get(version), found)


def drift_of(session: Session, bank: Bank) -> dict[int, Drift]:
    """What can be said of changes in a bank, by item version; reads counts alone, no key and no text."""
    rows = session.execute(
        sa.select(ItemResult.version_id, ItemResult.sitting_id, ItemResult.n, ItemResult.earned, ItemResult.squares)
        .add_columns(Sitting.held_on)
        .join(Sitting, Sitting.id == ItemResult.sitting_id)
        .join(Item, Item.id == ItemResult.item_id)
        .where(Item.bank_id == bank.id, Item.origin == Origin.BANK)
    ).all()
    order = {sitting: at for at, (_, sitting) in enumerate(sorted({(row.held_on, row.sitting_id) for row in rows}))}
    cells = [Cell(row.version_id, order[row.sitting_id], row.n, row.earned, row.squares) for row in rows]
    return {one.item: one for one in drifts(cells)}


@dataclass(frozen=True, slots=True)
class LeakLead:
    """An item that suddenly got easy, as a supervisor may see it: numbers and places, no text."""

    bank: Bank
    item_id: int
    point: str | None
    day: date
    form: str
    place: str
    drift: Drift


def leak_leads(session: Session, banks: Sequence[Bank]) -> list[LeakLead]:
    """The leads of these banks, the most surprising first."""
    found = []
    for bank in banks:
        leads = {version: one for version, one in drift_of(session, bank).items() if one.lead}
        rows = session.execute(
            sa.select(
                AskedItem.version_id, Item.id, Item.point, Sitting.held_on, Sitting.place, Paper.number, Form.label
            )
            .join(Item, Item.id == AskedItem.item_id)
            .join(ItemResult, sa.and_(*_same_place()))
            .join(Sitting, Sitting.id == AskedItem.sitting_id)
            .join(Form, Form.id == Sitting.form_id)
            .join(Paper, Paper.id == Form.paper_id)
            .where(AskedItem.version_id.in_(leads))
            .order_by(Sitting.held_on, Sitting.id)
        )
        newest = {row.version_id: row for row in rows}
        found += [
            LeakLead(bank, row.id, row.point, row.held_on, f"{row.number}-{row.label}", row.place, leads[version])
            for version, row in newest.items()
        ]
    return sorted(found, key=lambda one: one.drift.easier)


def _same_place() -> tuple[sa.ColumnElement[bool], ...]:
    return (ItemResult.sitting_id == AskedItem.sitting_id, ItemResult.position == AskedItem.position)
