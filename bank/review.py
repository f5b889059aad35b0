"""Review: a draft is submitted, another person approves or returns it; approved items can be retired.

A new wording needs a new approval (`items.revise_item` puts it back to draft). Nobody approves an own wording.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.ground.actors import Actor
from bank.ground.errors import BadInput, Refused
from bank.items import Item, ItemStatus, ItemVersion, Origin
from bank.ledger.log import append
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of


def submit(session: Session, actor: Actor, items: Sequence[Item]) -> None:
    """Send own drafts to review; raises BadInput for items that are not drafts."""
    _expect(items, ItemStatus.DRAFT, "送审")
    for item in items:
        item.status, item.remark = ItemStatus.SUBMITTED, None
    _record(session, actor, "item.submit", items)


def approve(session: Session, actor: Actor, items: Sequence[Item]) -> None:
    """Take submitted items into the bank; raises Refused where the actor wrote the current wording."""
    _expect(items, ItemStatus.SUBMITTED, "审定")
    authors = set(
        session.scalars(
            sa.select(ItemVersion.author_id)
            .join(Item, sa.and_(Item.id == ItemVersion.item_id, Item.version == ItemVersion.number))
            .where(Item.id.in_([item.id for item in items]))
        )
    )
    if actor.user_id is not None and (actor.user_id in authors or actor.user_id in {i.author_id for i in items}):
        raise Refused("审题人不得审定自己命制的试题，请由另一人审定")
    for item in items:
        item.status, item.approved_by, item.remark = ItemStatus.APPROVED, actor.name, None
    _record(session, actor, "item.approve", items)


def send_back(session: Session, actor: Actor, item: Item, remark: str) -> None:
    """Return a submitted item to its writer with a remark, which is kept encrypted: it may quote the item."""
    _expect([item], ItemStatus.SUBMITTED, "退回")
    if not remark.strip():
        raise BadInput("退回时请写明修改意见，命题人才知道怎么改")
    item.status = ItemStatus.DRAFT
    item.remark = vault_of(session).seal(session, Purpose.BANK, _remark_context(item), remark.strip().encode())
    _record(session, actor, "item.return", [item])


def remark_of(session: Session, item: Item) -> str:
    """The reviewer's last remark, empty when there is none."""
    if item.remark is None:
        return ""
    return vault_of(session).open(session, Purpose.BANK, _remark_context(item), item.remark).decode()


def retire(session: Session, actor: Actor, items: Sequence[Item]) -> None:
    """Take items out of use for good; they stay for audits."""
    if not items:
        raise BadInput("没有选中试题，无法停用")
    if any(item.status is ItemStatus.RETIRED for item in items):
        raise BadInput("所选试题中有已停用的，请取消勾选后再试")
    for item in items:
        item.status = ItemStatus.RETIRED
    _record(session, actor, "item.retire", items)


def _remark_context(item: Item) -> Context:
    return Context(item.bank.institution_id, "item", str(item.id), 0, "remark")


def _expect(items: Sequence[Item], status: ItemStatus, act: str) -> None:
    if not items:
        raise BadInput(f"没有选中试题，无法{act}")
    if any(item.status is not status or item.origin is not Origin.BANK for item in items):
        raise BadInput(f"所选试题中有不能{act}的（状态已变），请刷新页面后重试")


def _record(session: Session, actor: Actor, kind: str, items: Sequence[Item]) -> None:
    session.flush()
    append(session, actor, kind, {"bank": items[0].bank_id, "items": [item.id for item in items]})
