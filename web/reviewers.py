"""Reviewers: what waits for judgement, one question with its look-alikes, approval or return; never one's own."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, joinedload

from bank.ground.actors import Actor, User
from bank.ground.errors import BadInput, NotFound
from bank.institutions import Bank
from bank.items import Item, ItemStatus, ItemVersion, Origin, current_versions, read_versions
from bank.outlines import outline_view
from bank.review import approve, send_back
from integrity.similarity.watch import alike_in_bank
from web.paging import find_page
from web.permissions import Permission, needs
from web.reach import item_in_reach

routes = Blueprint("reviewers", __name__)


@routes.get("/review")
@needs(Permission.REVIEW_ITEMS)
def waiting(session: Session, actor: Actor) -> ResponseReturnValue:
    """Submitted questions of others, the oldest first, each in full."""
    found = find_page(session, current_versions(_waiting(actor)))
    contents = read_versions(session, actor, list(found.rows), "审题")
    return render_template(
        "reviewers/waiting.html",
        found=found,
        contents=contents,
        authors=_authors(session, [version.item for version in found.rows]),
        own=session.scalar(sa.select(sa.func.count(Item.id)).where(_submitted(actor), Item.author_id == actor.user_id)),
    )


def _submitted(actor: Actor) -> sa.ColumnElement[bool]:
    banks = sa.select(Bank.id).where(Bank.institution_id == actor.institution_id)
    return sa.and_(Item.bank_id.in_(banks), Item.status == ItemStatus.SUBMITTED, Item.origin == Origin.BANK)


def _waiting(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.and_(_submitted(actor), sa.func.coalesce(Item.author_id, 0) != actor.user_id)


def _authors(session: Session, items: list[Item]) -> dict[int, str]:
    ids = {item.author_id for item in items if item.author_id is not None}
    return {user.id: user.name for user in session.scalars(sa.select(User).where(User.id.in_(ids)))}


@routes.get("/review/<int:item_id>")
@needs(Permission.REVIEW_ITEMS)
def show(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """One question with key, rationale, point, and what the bank already has like it."""
    return _page(session, actor, _waiting_item(session, actor, item_id))


def _page(session: Session, actor: Actor, item: Item, error: str = "") -> str:
    version = session.scalars(current_versions(ItemVersion.item_id == item.id)).one()
    content = read_versions(session, actor, [version], "审题")[version.id]
    outline = outline_view(session, item.bank.occupation, item.bank.level, item.bank.institution_id)
    near = [one for one in alike_in_bank(session, actor, item.bank, content) if one.item.id != item.id]
    return render_template(
        "reviewers/item.html",
        item=item,
        version=version,
        content=content,
        near=near,
        point=outline.points.get(item.point) if outline and item.point else None,
        author=_authors(session, [item]).get(item.author_id or 0, "由系统导入"),
        remark=request.form.get("remark", ""),
        error=error,
    )


def _waiting_item(session: Session, actor: Actor, item_id: int) -> Item:
    item = item_in_reach(session, actor, item_id)
    if item.status is not ItemStatus.SUBMITTED:
        raise NotFound("这道题不在待审之列（可能已由别人审过），请回到审题列表")
    return item


@routes.post("/review/approve")
@needs(Permission.REVIEW_ITEMS)
def approve_items(session: Session, actor: Actor) -> ResponseReturnValue:
    """Take the ticked questions into the bank, each in the wording that was shown; all of them or none."""
    seen = _ticked()
    if not seen:
        raise BadInput("没有勾选试题。请勾选审过的题，再点“通过”")
    chosen = session.scalars(sa.select(Item).where(Item.id.in_(seen), _submitted(actor)).options(joinedload(Item.bank)))
    items = list(chosen)
    if len(items) != len(seen):
        raise NotFound("所选试题中有不在待审之列的，本次一道也没有通过；请刷新后重选")
    if any(item.version != seen[item.id] for item in items):
        raise BadInput("所选试题中有在您打开页面后改过的，本次一道也没有通过；请刷新后重新审阅")
    for bank_id in {item.bank_id for item in items}:
        approve(session, actor, [item for item in items if item.bank_id == bank_id])
    flash(f"{len(items)} 道题已入库")
    return redirect(url_for("reviewers.waiting"))


def _ticked() -> dict[int, int]:
    """The version that was shown of each ticked item: boxes carry `item.version`."""
    pairs = [box.partition(".") for box in request.form.getlist("item")]
    return {
        int(item): int(version or 0) for item, _, version in pairs if item.isdecimal() and (version or "0").isdecimal()
    }


@routes.post("/review/<int:item_id>/return")
@needs(Permission.REVIEW_ITEMS)
def send_back_item(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """Return a question with a remark."""
    item = _waiting_item(session, actor, item_id)
    if not request.form.get("remark", "").strip():
        return _page(session, actor, item, "请写明修改意见，命题人才知道怎么改"), 422
    send_back(session, actor, item, request.form["remark"][:1000])
    flash(f"第 {item.id} 号题已退回命题人")
    return redirect(url_for("reviewers.waiting"))
