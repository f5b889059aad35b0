"""Review: a draft is submitted, others approve or return it; approved items can be retired.

Nobody approves an own wording. An item enters the bank with as many independent approvals of the very version that was
read as the bank's process asks for; a new wording needs new ones (`items.revise_item` puts it back to draft).
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.approvals import Verdict, approvals_now, note_verdict
from bank.comments import comment_on, open_threads
from bank.eligibility import refuse_low_grade
from bank.ground.actors import Actor
from bank.ground.errors import BadInput, Refused
from bank.items import Item, ItemStatus, ItemVersion, Origin
from bank.ledger.log import append
from bank.process import settings_of


def submit(session: Session, actor: Actor, items: Sequence[Item]) -> None:
    """Send own drafts to review; raises BadInput for items that are not drafts, Refused for too low a grade."""
    _expect(items, ItemStatus.DRAFT, "送审")
    for bank in {item.bank for item in items}:
        refuse_low_grade(session, actor, bank)
    for item in items:
        item.status = ItemStatus.SUBMITTED
    note_verdict(session, actor, items, Verdict.SUBMITTED)
    _record(session, actor, "item.submit", items)


def approve(session: Session, actor: Actor, items: Sequence[Item], seen: Mapping[int, int] | None = None) -> list[Item]:
    """Approve submitted items of one bank in the versions that were seen; returns those that entered the bank.

    Raises Refused where the actor wrote a wording or lacks the grade, BadInput where an item was changed since, was
    approved by the actor already, or still has open comments.
    """
    _expect(items, ItemStatus.SUBMITTED, "审定")
    if seen is not None and any(item.version != seen.get(item.id) for item in items):
        raise BadInput("所选试题中有在您打开页面后改过的，本次一道也没有通过；请刷新后重新审阅")
    settings = settings_of(session, items[0].bank)
    _refuse_own(session, actor, items)
    refuse_low_grade(session, actor, items[0].bank)
    before = approvals_now(session, items)
    if any(actor.user_id in approvers for approvers in before.values()):
        raise BadInput("所选试题中有您已通过的，还须另一位审题人通过才能入库；请刷新后重选")
    if settings.settle_first and open_threads(session, items):
        raise BadInput("所选试题中有意见没有了结，本次一道也没有通过；请逐题了结意见或退回修改")
    note_verdict(session, actor, items, Verdict.APPROVED)
    entered = [item for item in items if len(before[item.id]) + 1 >= settings.approvals]
    for item in entered:
        item.status, item.approved_by = ItemStatus.APPROVED, actor.name
    _record(session, actor, "item.approve", items, entered=len(entered))
    return entered


def _refuse_own(session: Session, actor: Actor, items: Sequence[Item]) -> None:
    if actor.user_id is None:
        return
    wordings = sa.select(ItemVersion.id).where(
        ItemVersion.item_id.in_([item.id for item in items]), ItemVersion.author_id == actor.user_id
    )
    if actor.user_id in {item.author_id for item in items} or session.scalar(wordings.limit(1)):
        raise Refused("审题人不得审定自己命制的试题，请由另一人审定")


def send_back(session: Session, actor: Actor, item: Item, remark: str = "", part: str = "whole") -> None:
    """Return a submitted item to its writer; the remark is a comment on a part, needed where none is open."""
    _expect([item], ItemStatus.SUBMITTED, "退回")
    if not remark.strip() and not open_threads(session, [item]):
        raise BadInput("退回时请写明修改意见，命题人才知道怎么改")
    if remark.strip():
        comment_on(session, actor, item, part, remark)
    else:
        _refuse_own(session, actor, [item])
    note_verdict(session, actor, [item], Verdict.RETURNED)
    item.status = ItemStatus.DRAFT
    _record(session, actor, "item.return", [item])


def retire(session: Session, actor: Actor, items: Sequence[Item]) -> None:
    """Take items out of use for good; they stay for audits."""
    if not items:
        raise BadInput("没有选中试题，无法停用")
    if any(item.status is ItemStatus.RETIRED for item in items):
        raise BadInput("所选试题中有已停用的，请取消勾选后再试")
    for item in items:
        item.status = ItemStatus.RETIRED
    _record(session, actor, "item.retire", items)


def _expect(items: Sequence[Item], status: ItemStatus, act: str) -> None:
    if not items:
        raise BadInput(f"没有选中试题，无法{act}")
    if any(item.status is not status or item.origin is not Origin.BANK for item in items):
        raise BadInput(f"所选试题中有不能{act}的（状态已变），请刷新页面后重试")


def _record(session: Session, actor: Actor, kind: str, items: Sequence[Item], **more: int) -> None:
    session.flush()
    facts = {"bank": items[0].bank_id, "items": [item.id for item in items], **more}
    if kind in {"item.submit", "item.approve", "item.return"}:
        facts["versions"] = [item.version for item in items]
    append(session, actor, kind, facts)
