"""Reviewers: what waits for judgement, one question after the other with its look-alikes and its dossier.

The page names nobody: reviewers do not learn who wrote a question. Approval counts for the wording that was shown.
"""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, joinedload

from bank.approvals import Approval, approvals_now, awaiting, unreviewed, wrote_it
from bank.comments import (
    LONGEST,
    PARTS,
    Comment,
    answer,
    comment_on,
    find_thread,
    has_open_thread,
    is_author,
    open_threads,
    settle,
)
from bank.eligibility import author_grade_warning, grade_warning
from bank.ground.actors import Actor
from bank.ground.errors import BadInput, NotFound
from bank.institutions import Bank
from bank.items import Item, ItemStatus, ItemVersion, Origin, current_versions, read_versions
from bank.process import settings_of
from bank.review import approve, send_back
from integrity.similarity.watch import alike_in_bank
from web.dossiers import dossier_of
from web.item_facts import item_facts
from web.paging import find_page
from web.permissions import Permission, needs
from web.reach import item_in_reach

routes = Blueprint("reviewers", __name__)
SHOWN = {"waiting": "待我审定", "unreviewed": "当前稿未经审定", "open": "有未了结意见", "mine": "我审过的"}


@routes.get("/review")
@needs(Permission.REVIEW_ITEMS)
def waiting(session: Session, actor: Actor) -> ResponseReturnValue:
    """Submitted questions of others, the oldest first, each in full; or what was judged, or what nobody has read."""
    shown = request.args.get("show", "waiting")
    shown = shown if shown in SHOWN else "waiting"
    found = find_page(session, current_versions(_of_mine(actor), _criterion(actor, shown)))
    contents = read_versions(session, actor, list(found.rows), "审题")
    items = [version.item for version in found.rows]
    own = sa.select(sa.func.count(Item.id)).where(_submitted(actor), wrote_it(actor))
    return render_template(
        "reviewers/waiting.html",
        found=found,
        contents=contents,
        shown=shown,
        choices=SHOWN,
        open_threads=open_threads(session, items),
        approved={item: len(approvers) for item, approvers in approvals_now(session, items).items()},
        wanted={bank.id: settings_of(session, bank).approvals for bank in {item.bank for item in items}},
        own=session.scalar(own),
        first=session.scalar(_queue(actor).limit(1)),
    )


def _of_mine(actor: Actor) -> sa.ColumnElement[bool]:
    """Items of the own institution that have left the writer's desk."""
    banks = sa.select(Bank.id).where(Bank.institution_id == actor.institution_id)
    return sa.and_(Item.bank_id.in_(banks), Item.origin == Origin.BANK, Item.status != ItemStatus.DRAFT)


def _submitted(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(_of_mine(actor), Item.status == ItemStatus.SUBMITTED)


def _criterion(actor: Actor, shown: str) -> sa.ColumnElement[bool]:
    if shown == "waiting":
        return awaiting(actor)
    if shown == "unreviewed":
        return unreviewed()
    if shown == "open":
        return has_open_thread()
    judged = sa.select(Approval.id).where(Approval.item_id == Item.id, Approval.approver_id == actor.user_id)
    return sa.and_(judged.correlate(Item).exists(), sa.not_(wrote_it(actor)))


def _queue(actor: Actor) -> sa.Select[int]:
    return sa.select(Item.id).where(_of_mine(actor), awaiting(actor)).order_by(Item.id)


@routes.get("/review/<int:item_id>")
@needs(Permission.REVIEW_ITEMS)
def show(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """One question with key, rationale, point, dossier, and what the bank already has like it."""
    return _page(session, actor, _seen_item(session, actor, item_id))


def _seen_item(session: Session, actor: Actor, item_id: int) -> Item:
    """An item that has left the writer's desk; a draft is not the reviewer's business."""
    item = item_in_reach(session, actor, item_id)
    if item.status is ItemStatus.DRAFT:
        raise NotFound("这道题不在待审之列（可能已由别人退回），请回到审题列表")
    return item


def _page(session: Session, actor: Actor, item: Item, error: str = "") -> str:
    version = session.scalars(current_versions(ItemVersion.item_id == item.id)).one()
    content = read_versions(session, actor, [version], "审题")[version.id]
    near = [one for one in alike_in_bank(session, actor, item.bank, content) if one.item.id != item.id]
    queue = list(session.scalars(_queue(actor)))
    return render_template(
        "reviewers/item.html",
        item=item,
        version=version,
        content=content,
        near=near,
        facts=item_facts(session, item, content),
        dossier=dossier_of(session, actor, item, content),
        may_judge=item.id in queue,
        place=queue.index(item.id) + 1 if item.id in queue else None,
        count=len(queue),
        before=max((one for one in queue if one < item.id), default=None),
        after=min((one for one in queue if one > item.id), default=None),
        own=is_author(session, actor, item),
        grade_warning=grade_warning(session, actor, item.bank),
        author_grade_warning=author_grade_warning(session, item),
        remark=request.form.get("remark", ""),
        part=request.form.get("part", "whole"),
        error=error,
        parts=PARTS,
    )


def _waiting_item(session: Session, actor: Actor, item_id: int) -> Item:
    item = item_in_reach(session, actor, item_id)
    if item.status is not ItemStatus.SUBMITTED:
        raise NotFound("这道题不在待审之列（可能已由别人审过），请回到审题列表")
    return item


@routes.post("/review/approve")
@needs(Permission.REVIEW_ITEMS)
def approve_items(session: Session, actor: Actor) -> ResponseReturnValue:
    """Approve the ticked questions, each in the wording that was shown, settling what was shown; all or none."""
    seen = _ticked()
    if not seen:
        raise BadInput("没有勾选试题。请勾选审过的题，再点“通过”")
    chosen = session.scalars(sa.select(Item).where(Item.id.in_(seen), _submitted(actor)).options(joinedload(Item.bank)))
    items = list(chosen)
    if len(items) != len(seen):
        raise NotFound("所选试题中有不在待审之列的，本次一道也没有通过；请刷新后重选")
    for thread in _shown_threads(session, seen):
        settle(session, actor, thread)
    entered = 0
    for bank_id in {item.bank_id for item in items}:
        entered += len(approve(session, actor, [item for item in items if item.bank_id == bank_id], seen))
    left = len(items) - entered
    told = f"{entered} 道题已入库" if entered else ""
    flash("，".join(filter(None, (told, f"{left} 道已记下您的通过，还须另一位审题人通过" if left else ""))))
    return _onward(session, actor, max(seen))


def _ticked() -> dict[int, int]:
    """The version that was shown of each ticked item: boxes carry `item.version`."""
    pairs = [box.partition(".") for box in request.form.getlist("item")]
    return {
        int(item): int(version or 0) for item, _, version in pairs if item.isdecimal() and (version or "0").isdecimal()
    }


def _shown_threads(session: Session, seen: dict[int, int]) -> list[Comment]:
    """The threads that the approving page showed as open and that belong to what is approved."""
    numbers = request.form.getlist("settled", type=int)
    rows = session.scalars(
        sa.select(Comment).where(Comment.id.in_(numbers), Comment.item_id.in_(seen), Comment.thread_id.is_(None))
    )
    return list(rows)


def _onward(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """Where a judgement leads: to the next question that waits when the page asked for it, else to the list."""
    if request.form.get("then") == "next":
        later = session.scalar(_queue(actor).where(Item.id > item_id).limit(1))
        following = later or session.scalar(_queue(actor).limit(1))
        if following:
            return redirect(url_for("reviewers.show", item_id=following))
    return redirect(url_for("reviewers.waiting"))


@routes.post("/review/<int:item_id>/return")
@needs(Permission.REVIEW_ITEMS)
def send_back_item(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """Return a question with a remark, or with the comments that are open on it."""
    item = _waiting_item(session, actor, item_id)
    remark = request.form.get("remark", "")
    if not remark.strip() and not open_threads(session, [item]):
        return _page(session, actor, item, "请写明修改意见，命题人才知道怎么改"), 422
    send_back(session, actor, item, remark[:LONGEST], request.form.get("part", "whole"))
    flash(f"第 {item.id} 号题已退回命题人")
    return _onward(session, actor, item.id)


@routes.post("/review/<int:item_id>/comments")
@needs(Permission.REVIEW_ITEMS)
def comment(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """Note a remark on one part of the question; it stays in review."""
    item = _waiting_item(session, actor, item_id)
    if not request.form.get("remark", "").strip():
        return _page(session, actor, item, "请先写意见，再点“记下意见”"), 422
    comment_on(session, actor, item, request.form.get("part", "whole"), request.form["remark"][:LONGEST])
    return redirect(url_for("reviewers.show", item_id=item.id, _anchor="comments"))


@routes.post("/review/comments/<int:comment_id>/answer")
@needs(Permission.REVIEW_ITEMS)
def answer_thread(session: Session, actor: Actor, comment_id: int) -> ResponseReturnValue:
    """Say something in a thread."""
    thread, item = _thread_in_reach(session, actor, comment_id)
    answer(session, actor, thread, request.form.get("text", "")[:LONGEST])
    return redirect(url_for("reviewers.show", item_id=item.id, _anchor="comments"))


@routes.post("/review/comments/<int:comment_id>/settle")
@needs(Permission.REVIEW_ITEMS)
def settle_thread(session: Session, actor: Actor, comment_id: int) -> ResponseReturnValue:
    """Say that a thread is dealt with."""
    thread, item = _thread_in_reach(session, actor, comment_id)
    settle(session, actor, thread)
    return redirect(url_for("reviewers.show", item_id=item.id, _anchor="comments"))


def _thread_in_reach(session: Session, actor: Actor, comment_id: int) -> tuple[Comment, Item]:
    thread = find_thread(session, comment_id)
    return thread, _seen_item(session, actor, thread.item_id)
