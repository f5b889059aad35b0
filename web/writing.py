"""Writing one question, new or anew: a near-duplicate is shown side by side before it is saved.

What was typed never gets lost: a form that cannot be saved comes back as it was, each fault beside its field.
"""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.comments import remark_of
from bank.ground.actors import Actor
from bank.ground.errors import Refused
from bank.institutions import Bank
from bank.items import Item, ItemStatus, ItemVersion, add_items, current_versions, read_versions, revise_item
from bank.outlines import outline_view
from bank.review import submit
from integrity.similarity.watch import Alike, alike_in_bank
from web.item_forms import ItemForm
from web.permissions import Permission, needs
from web.reach import bank_in_reach, item_in_reach
from web.writers import is_own

routes = Blueprint("writing", __name__)


@routes.get("/items/new")
@needs(Permission.WRITE_ITEMS)
def new(session: Session, actor: Actor) -> ResponseReturnValue:
    """An empty form for the bank, with the point that the desk asked for."""
    bank = bank_in_reach(session, actor, request.args.get("bank", 0, type=int))
    form = _form(session, bank)
    form.type.data, form.point.data = request.args.get("type", "single"), request.args.get("point", "")
    return _page(session, actor, bank, form)


@routes.post("/items/new")
@needs(Permission.WRITE_ITEMS)
def create(session: Session, actor: Actor) -> ResponseReturnValue:
    """Save a new draft, or send it to review at once."""
    bank = bank_in_reach(session, actor, request.form.get("bank", 0, type=int))
    form = _form(session, bank)
    near = _look_alikes(session, actor, bank, form) if form.check() else None
    if near is None or near:
        return _page(session, actor, bank, form, near=near or []), 422
    item = add_items(session, actor, bank, [form.new_item()])[0].item
    return _saved(session, actor, item)


@routes.get("/items/<int:item_id>/edit")
@needs(Permission.WRITE_ITEMS)
def edit(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """The current wording of an own item, to be changed."""
    item = _own_item(session, actor, item_id)
    form = _form(session, item.bank)
    version = session.scalars(current_versions(ItemVersion.item_id == item.id)).one()
    content = read_versions(session, actor, [version], "修改试题")[version.id]
    form.fill(content, item.point, item.difficulty)
    return _page(session, actor, item.bank, form, item)


@routes.post("/items/<int:item_id>/edit")
@needs(Permission.WRITE_ITEMS)
def revise(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """Save a new wording; it goes back to draft and needs a new approval."""
    item = _own_item(session, actor, item_id)
    form = _form(session, item.bank)
    near = _look_alikes(session, actor, item.bank, form, item) if form.check() else None
    if near is None or near:
        return _page(session, actor, item.bank, form, item, near=near or []), 422
    new_item = form.new_item()
    item.point, item.difficulty = new_item.point, new_item.difficulty
    revise_item(session, actor, item, new_item.content)
    return _saved(session, actor, item)


def _own_item(session: Session, actor: Actor, item_id: int) -> Item:
    item = item_in_reach(session, actor, item_id)
    if not is_own(actor, item):
        raise Refused("这道题不是您写的，不能修改；如有问题请告诉审题人")
    if item.status is ItemStatus.RETIRED:
        raise Refused("这道题已停用，不能再修改；请另写一道新题")
    return item


def _form(session: Session, bank: Bank) -> ItemForm:
    form = ItemForm(request.form)
    form.offer_points(outline_view(session, bank.occupation, bank.level, bank.institution_id))
    return form


def _look_alikes(session: Session, actor: Actor, bank: Bank, form: ItemForm, item: Item | None = None) -> list[Alike]:
    """What to show before saving: nothing unless an item asks the same, and nothing that was shown before."""
    found = [
        one for one in alike_in_bank(session, actor, bank, form.content()) if item is None or one.item.id != item.id
    ]
    if not any(one.judgement.same for one in found):
        return []
    shown = ",".join(str(one.item.id) for one in found)
    if form.accepted.data == shown:
        return []
    form.accepted.data = shown
    return found


def _saved(session: Session, actor: Actor, item: Item) -> ResponseReturnValue:
    if request.form.get("then") == "submit":
        submit(session, actor, [item])
        flash(f"第 {item.id} 号题已送审")
    else:
        flash(f"第 {item.id} 号题已存为草稿")
    if request.form.get("then") == "next":
        return redirect(url_for("writing.new", bank=item.bank_id, type=item.type.value, point=item.point or ""))
    return redirect(url_for("writers.items", bank=item.bank_id))


def _page(
    session: Session, actor: Actor, bank: Bank, form: ItemForm, item: Item | None = None, *, near: Sequence[Alike] = ()
) -> str:
    return render_template(
        "writers/edit.html",
        bank=bank,
        form=form,
        item=item,
        near=near,
        # Another's key stays closed, and the verdict too: whether two answers differ would tell it in a few tries.
        is_own=lambda other: is_own(actor, other),
        remark=remark_of(session, item) if item else "",
    )
