"""The checks over a bank: which items fail which check, and what leans as a whole. Opens items for the machine only.

Whoever shows an item's text to a person reads it through `items.read_versions` first; the reasons here hold none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import ItemContent
from bank.institutions import Bank
from bank.items import Item, ItemStatus, Origin, current_versions, open_versions
from bank.outlines import outline_view
from bank.quality.balance import Balance, judge_balance, key_positions, key_runs
from bank.quality.catalogue import CHECKS
from bank.quality.checks import Check, Entry, Severity


@dataclass(frozen=True, slots=True)
class Alarm:
    """One item that fails one check."""

    item: int
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One check over a bank: of how many items it speaks, and which of them fail."""

    check: Check
    looked_at: int
    alarms: tuple[Alarm, ...]

    @property
    def share(self) -> float:
        """Failing items as a part of one of those it speaks of."""
        return len(self.alarms) / self.looked_at if self.looked_at else 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """What the checks found. `sound` counts the items that need no mending and no second look."""

    items: int
    checked: tuple[Checked, ...]
    balances: tuple[Balance, ...]

    @property
    def sound(self) -> int:
        """Items without a finding above a hint."""
        heavy = (one for one in self.checked if one.check.severity is not Severity.INFO)
        return self.items - len({alarm.item for one in heavy for alarm in one.alarms})

    def of(self, code: str) -> Checked | None:
        """The check with this code, if it failed anywhere or speaks of the bank's items at all."""
        return next((one for one in self.checked if one.check.code == code), None)


def assess(entries: Sequence[Entry]) -> Quality:
    """Every check over these items; a check that speaks of none of them is left out."""
    checked = [_checked(check, entries) for check in CHECKS]
    balances = [*key_positions(entries), key_runs(entries), judge_balance(entries)]
    return Quality(
        len(entries),
        tuple(one for one in checked if one.looked_at),
        tuple(one for one in balances if one is not None),
    )


def _checked(check: Check, entries: Sequence[Entry]) -> Checked:
    mine = [entry for entry in entries if entry.content.type in check.types]
    found = ((entry.item, check.find(entry)) for entry in mine)
    return Checked(check, len(mine), tuple(Alarm(item, reason) for item, reason in found if reason))


def bank_quality(session: Session, bank: Bank, *criteria: sa.ColumnElement[bool]) -> Quality:
    """The checks over the bank's own items that are not retired, in the order of writing."""
    wanted = (Item.bank_id == bank.id, Item.origin == Origin.BANK, Item.status != ItemStatus.RETIRED, *criteria)
    return assess(bank_entries(session, bank, current_versions(*wanted)))


def bank_entries(session: Session, bank: Bank, wanted: sa.Select[Any]) -> list[Entry]:
    """Items as the checks see them."""
    versions = session.scalars(wanted).all()
    contents = open_versions(session, versions)
    view = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    return [
        entry_of(
            version.item_id,
            contents[version.id],
            placed=None if view is None else version.item.point in view.points,
            difficulty=version.item.difficulty,
        )
        for version in versions
    ]


def entry_of(item: int, content: ItemContent, *, placed: bool | None = None, difficulty: int | None = None) -> Entry:
    """One item as the checks see it; a draft that is being written has no number yet and comes as 0."""
    stressed = "<b>" in content.stem or "<u>" in content.stem
    return Entry(item, content.plain(), stressed, placed, difficulty)


def quality_row(found: Quality) -> dict[str, Any]:
    """The JSON of a bank's quality: counts, item numbers and reasons, no text."""
    return {
        "items": found.items,
        "sound": found.sound,
        "checks": [
            {
                "check": one.check.code,
                "name": one.check.name,
                "severity": one.check.severity.value,
                "looked_at": one.looked_at,
                "count": len(one.alarms),
                "share": round(one.share, 4),
                "items": [{"item": alarm.item, "reason": alarm.reason} for alarm in one.alarms],
            }
            for one in found.checked
        ],
        "balance": [
            {
                "check": one.code,
                "name": one.name,
                "severity": one.severity.value,
                "looked_at": one.count,
                "counts": dict(one.shares),
                "p_value": float(f"{one.p_value:.3g}"),
                "alarm": one.alarm,
                "reason": one.reason,
            }
            for one in found.balances
        ],
    }


def worst_first(found: Iterable[Checked]) -> list[Checked]:
    """Checks that found something: the weighty ones first, then by how many items."""
    order = list(Severity)
    return sorted(
        (one for one in found if one.alarms), key=lambda one: (order.index(one.check.severity), -len(one.alarms))
    )
