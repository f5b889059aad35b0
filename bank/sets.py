"""Items that belong together or must not meet: stimulus sets (题组) and enemies (互斥题).

The items of a set stand in order under one material (a text, a drawing, a table), which each of their versions
carries whole: what was asked stays what was asked. Two enemies never stand on one paper, though neither repeats the
other: one gives the other's answer away, or both ask for one thing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput
from bank.institutions import Bank
from bank.items import (
    Item,
    ItemStatus,
    NewItem,
    Origin,
    SavedVersion,
    add_items,
    current_versions,
    open_versions,
    revise_item,
)
from bank.ledger.log import append


class EnemyReason(StrEnum):
    """Why two items must not meet."""

    GIVES_AWAY = "gives_away"
    SAME_THING = "same_thing"


ENEMY_NAMES = {EnemyReason.GIVES_AWAY: "一题提示另一题的答案", EnemyReason.SAME_THING: "两题考查同一内容"}


class Stimulus(Base):
    """A set of items under one material; the material itself lies in the versions of its items."""

    __tablename__ = "stimulus"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Enemy(Base):
    """Two items that never stand on one paper, the lower id first."""

    __tablename__ = "enemy"

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), primary_key=True, index=True)
    reason: Mapped[EnemyReason]


def add_set(session: Session, actor: Actor, bank: Bank, material: str, news: Sequence[NewItem]) -> list[SavedVersion]:
    """Write a set of at least two new drafts under one material; raises BadInput when it is no set."""
    if not material.strip():
        raise BadInput("题组的材料为空，请写明材料，或把各题作为单独的试题保存")
    if len(news) < 2:
        raise BadInput("题组至少要有 2 道小题；只有 1 道时请作为单独的试题保存")
    with_material = [replace(new, content=replace(new.content, material=material)) for new in news]
    saved = add_items(session, actor, bank, with_material)
    join_set(session, actor, bank, saved)
    return saved


def join_set(session: Session, actor: Actor, bank: Bank, saved: Sequence[SavedVersion]) -> None:
    """Make items that were just written under one material a set, in their order."""
    stimulus = Stimulus(bank_id=bank.id)
    session.add(stimulus)
    session.flush()
    for position, one in enumerate(saved, start=1):
        one.item.stimulus_id, one.item.stimulus_position = stimulus.id, position
    append(session, actor, "stimulus.add", {"stimulus": stimulus.id, "items": [one.item.id for one in saved]})


def items_of_set(session: Session, stimulus_id: int) -> list[Item]:
    """The items of a set that are still in use, in order."""
    mine = (Item.stimulus_id == stimulus_id, Item.status != ItemStatus.RETIRED)
    return list(session.scalars(sa.select(Item).where(*mine).order_by(Item.stimulus_position)))


def revise_material(session: Session, actor: Actor, stimulus_id: int, material: str) -> list[SavedVersion]:
    """Another material for the whole set: each of its items gets a new version and needs a new approval."""
    if not material.strip():
        raise BadInput("题组的材料为空，请写明材料后再保存")
    versions = session.scalars(
        current_versions(Item.stimulus_id == stimulus_id, Item.status != ItemStatus.RETIRED)
    ).all()
    contents = open_versions(session, versions)
    return [revise_item(session, actor, v.item, replace(contents[v.id], material=material)) for v in versions]


def mark_enemies(session: Session, actor: Actor, items: Sequence[Item], reason: EnemyReason) -> int:
    """Make every two of these items enemies; how many pairs are new. Raises BadInput across banks."""
    ids = sorted({item.id for item in items})
    if len(ids) < 2:
        raise BadInput("请至少选择 2 道题，才能设为互斥题")
    if len({item.bank_id for item in items}) > 1 or any(item.origin is not Origin.BANK for item in items):
        raise BadInput("互斥题应在同一个题库中，请重新选择")
    pairs = [(a, b) for n, a in enumerate(ids) for b in ids[n + 1 :]]
    known = {(row.item_id, row.other_id) for row in session.scalars(_among(ids))}
    session.add_all(Enemy(item_id=a, other_id=b, reason=reason) for a, b in pairs if (a, b) not in known)
    session.flush()
    append(session, actor, "enemy.mark", {"items": ids, "reason": reason.value})
    return len(pairs) - len(known)


def part_enemies(session: Session, actor: Actor, items: Sequence[Item]) -> int:
    """Take back that these items are enemies of each other; how many pairs were."""
    ids = sorted({item.id for item in items})
    found = session.scalars(_among(ids)).all()
    for row in found:
        session.delete(row)
    append(session, actor, "enemy.part", {"items": ids})
    return len(found)


def _among(ids: Sequence[int]) -> sa.Select[Enemy]:
    return sa.select(Enemy).where(Enemy.item_id.in_(ids), Enemy.other_id.in_(ids))


def enemies_of(session: Session, item: Item) -> list[Item]:
    """The enemies of one item."""
    first = sa.select(Enemy.other_id).where(Enemy.item_id == item.id)
    second = sa.select(Enemy.item_id).where(Enemy.other_id == item.id)
    return list(session.scalars(sa.select(Item).where(Item.id.in_(first.union(second))).order_by(Item.id)))
