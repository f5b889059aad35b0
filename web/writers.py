"""Question writers: what each bank still lacks, the own bank's items, writing one, sending drafts to review.

A writer sees the stems of the own part, or of the bank (`bank.reading_rights`; each list shown is a reading in the
ledger), the key only of own items.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, joinedload

from bank.approvals import returned, unreviewed
from bank.assignments import Assignment, progress
from bank.comments import LONGEST, PARTS, answer, find_thread, has_open_thread, remark_of
from bank.content import ItemContent, ItemType
from bank.coverage import PointCoverage
from bank.eligibility import grade_warning
from bank.ground.actors import Actor
from bank.ground.clock import today
from bank.ground.errors import BadInput, NotFound, Refused
from bank.ground.terms import point_label
from bank.institutions import Bank
from bank.items import Item, ItemStatus, ItemVersion, Origin, current_versions, place, read_versions
from bank.outlines import outline_view
from bank.process import WritersSee, step_states
from bank.readiness import Readiness, by_urgency, readiness
from bank.reading_rights import readable, writers_see
from bank.review import submit
from web.dossiers import dossier_of
from web.item_facts import item_facts
from web.paging import find_page
from web.permissions import Permission, house, needs
from web.reach import bank_in_reach, banks_in_reach, item_in_reach

routes = Blueprint("writers", __name__)
SHOWN_POINTS, SHOWN_RETURNS, SHOWN_TASKS = 7, 6, 6
REVIEW_STATES = {"none": "当前稿未经审定", "open": "有未了结意见"}


@dataclass(frozen=True, slots=True)
class Returned:
    """An item that came back, with the reviewer's remark."""

    item: Item
    content: ItemContent
    remark: str


@routes.get("/writing")
@needs(Permission.WRITE_ITEMS)
def desk(session: Session, actor: Actor) -> ResponseReturnValue:
    """What is to be done today: banks by urgency, missing points, returned items."""
    policy, day = house().policy(), today()
    states = by_urgency(readiness(session, bank, policy, day) for bank in banks_in_reach(session, actor))
    came_back = _returned(session, actor)
    tasks = sorted(progress(session, Assignment.writer_id == actor.user_id), key=lambda task: task.done)
    wanted = request.args.get("bank", 0, type=int)
    listed = [one for one in states if one.bank.id == wanted] or [one for one in states if one.missing_points] or states
    chosen = listed[0] if listed else None
    return render_template(
        "writers/desk.html",
        states=states,
        chosen=chosen,
        missing=_most_needed(chosen)[:SHOWN_POINTS] if chosen and "all" not in request.args else _most_needed(chosen),
        returned=came_back[:SHOWN_RETURNS],
        returned_count=len(came_back),
        tasks=tasks if "all" in request.args else tasks[:SHOWN_TASKS],
        task_count=len(tasks),
        late=sum(task.overdue(day) for task in tasks),
        point_names={point.code: point.name for state in states for point in state.points},
        drafts=_own_drafts(session, actor),
    )


def _most_needed(state: Readiness | None) -> list[PointCoverage]:
    """Core points before general ones, the emptiest first."""
    if state is None:
        return []
    return sorted(state.missing_points, key=lambda point: (point.importance, point.present - point.required))


def _returned(session: Session, actor: Actor) -> list[Returned]:
    versions = list(session.scalars(current_versions(_own(actor), returned())))
    contents = read_versions(session, actor, versions, "查看退回的试题")
    return [Returned(one.item, contents[one.id], remark_of(session, one.item)) for one in versions]


def _drafts() -> sa.ColumnElement[bool]:
    return sa.and_(Item.status == ItemStatus.DRAFT, Item.origin == Origin.BANK)


def _own(actor: Actor) -> sa.ColumnElement[bool]:
    """Own items, and those of the own institution that no account wrote (taken in at the server)."""
    banks = sa.select(Bank.id).where(Bank.institution_id == actor.institution_id)
    return sa.and_(Item.bank_id.in_(banks), sa.func.coalesce(Item.author_id, actor.user_id) == actor.user_id)


def _own_drafts(session: Session, actor: Actor) -> int:
    waiting = sa.select(sa.func.count(Item.id)).where(_own(actor), _drafts(), sa.not_(returned()))
    return session.scalar(waiting) or 0


def is_own(actor: Actor, item: Item) -> bool:
    """Whether this writer may read the key of the item and change it."""
    return item.author_id in {None, actor.user_id}


@routes.get("/items")
@needs(Permission.WRITE_ITEMS)
def items(session: Session, actor: Actor) -> ResponseReturnValue:
    """The items of one own bank, by type, status and point; stems only."""
    banks = banks_in_reach(session, actor)
    wanted = request.args.get("bank", type=int)
    if not banks:
        raise BadInput("您的机构还没有备案职业，题库在备案登记后自动建立")
    bank = bank_in_reach(session, actor, wanted) if wanted else _fullest(session, banks)
    outline = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    found = find_page(
        session,
        current_versions(readable(session, actor, bank), *_filters(actor)).order_by(None).order_by(Item.id.desc()),
    )
    contents = read_versions(session, actor, list(found.rows), "浏览题库")
    return render_template(
        "writers/items.html",
        banks=banks,
        bank=bank,
        review_states=REVIEW_STATES,
        found=found,
        contents=contents,
        points=outline.points if outline else {},
        is_own=lambda item: is_own(actor, item),
        came_back=set(session.scalars(sa.select(Item.id).where(Item.bank_id == bank.id, returned()))),
        counts=_counts(session, readable(session, actor, bank)),
        own_part=writers_see(session, bank) is WritersSee.OWN,
        steps=step_states(session, bank),
    )


def _fullest(session: Session, banks: Sequence[Bank]) -> Bank:
    rows = session.execute(sa.select(Item.bank_id, sa.func.count(Item.id)).group_by(Item.bank_id))
    counts = {row[0]: row[1] for row in rows}
    return max(banks, key=lambda bank: counts.get(bank.id, 0))


def _filters(actor: Actor) -> list[sa.ColumnElement[bool]]:
    criteria = [Item.origin == Origin.BANK]
    kind, status, point = (request.args.get(name, "") for name in ("type", "status", "point"))
    if kind in set(ItemType):
        criteria.append(Item.type == ItemType(kind))
    if status in set(ItemStatus):
        criteria.append(Item.status == ItemStatus(status))
    if point:
        criteria.append(Item.point.is_(None) if point == "none" else Item.point == point[:32])
    judged = request.args.get("review", "")
    if judged in REVIEW_STATES:
        criteria.append(unreviewed() if judged == "none" else has_open_thread())
    if request.args.get("own"):
        criteria.append(_own(actor))
    return criteria


def _counts(session: Session, listed: sa.ColumnElement[bool]) -> dict[ItemStatus, int]:
    statement = sa.select(Item.status, sa.func.count(Item.id)).where(listed, Item.origin == Origin.BANK)
    return {row[0]: row[1] for row in session.execute(statement.group_by(Item.status))}


@routes.post("/items/submit")
@needs(Permission.WRITE_ITEMS)
def submit_items(session: Session, actor: Actor) -> ResponseReturnValue:
    """Send the ticked own drafts of a bank to review, or all of them; one foreign item refuses the whole."""
    bank = bank_in_reach(session, actor, request.form.get("bank", 0, type=int))
    chosen = _chosen(session, actor, bank)
    submit(session, actor, chosen)
    flash(f"已送审 {len(chosen)} 道题，审题人通过后入库")
    if unplaced := sum(not item.point for item in chosen):
        flash(f"其中 {unplaced} 道没有定{point_label()}，入库后不计入建库进度", "warn")
    if warning := grade_warning(session, actor, bank):
        flash(warning, "warn")
    return redirect(url_for("writers.items", bank=bank.id))


@routes.post("/items/point")
@needs(Permission.WRITE_ITEMS)
def place_items(session: Session, actor: Actor) -> ResponseReturnValue:
    """Put the ticked own drafts under one point of the outline: what was imported without points is placed in heaps."""
    bank = bank_in_reach(session, actor, request.form.get("bank", 0, type=int))
    outline = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    point = request.form.get("point", "")
    if outline is None or point not in outline.points:
        raise BadInput(f"没有选择{point_label()}，请在列表下方选一个再点“定{point_label()}”")
    chosen = _chosen(session, actor, bank)
    place(session, actor, chosen, point)
    flash(f"已把 {len(chosen)} 道题定到 {point} {outline.points[point].name}")
    return redirect(url_for("writers.items", bank=bank.id, status="draft", point="none"))


def _chosen(session: Session, actor: Actor, bank: Bank) -> Sequence[Item]:
    fresh = sa.select(Item).where(Item.bank_id == bank.id, _own(actor), _drafts()).options(joinedload(Item.bank))
    if request.form.get("all"):
        return session.scalars(fresh.where(sa.not_(returned()))).all()
    ids = set(request.form.getlist("item", type=int))
    if not ids:
        raise BadInput("没有勾选试题。请在列表里勾选草稿后再点按钮")
    found = session.scalars(fresh.where(Item.id.in_(ids))).all()
    if len(found) != len(ids):
        raise NotFound("所选试题中有不存在、不是您写的或已送审的，本次没有改动任何一道；请刷新后重选")
    return found


@routes.get("/items/<int:item_id>")
@needs(Permission.WRITE_ITEMS)
def show_item(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """One item of the bank; key and rationale only for whoever wrote it."""
    item = item_in_reach(session, actor, item_id)
    version = session.scalars(current_versions(ItemVersion.item_id == item.id)).one()
    content = read_versions(session, actor, [version], "查看试题")[version.id]
    own = is_own(actor, item)
    return render_template(
        "writers/item.html",
        item=item,
        version=version,
        content=content,
        own=own,
        facts=item_facts(session, item, content),
        dossier=dossier_of(session, actor, item, content) if own else None,
        grade_warning=grade_warning(session, actor, item.bank) if own else "",
        parts=PARTS,
    )


@routes.post("/items/comments/<int:comment_id>/answer")
@needs(Permission.WRITE_ITEMS)
def answer_thread(session: Session, actor: Actor, comment_id: int) -> ResponseReturnValue:
    """Answer a reviewer's comment on an own item."""
    thread = find_thread(session, comment_id)
    item = item_in_reach(session, actor, thread.item_id)
    if not is_own(actor, item):
        raise Refused("这道题不是您写的，意见由命题人回复")
    answer(session, actor, thread, request.form.get("text", "")[:LONGEST])
    return redirect(url_for("writers.show_item", item_id=item.id, _anchor="comments"))
