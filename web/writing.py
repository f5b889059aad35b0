"""Writing one question, new or anew: a near-duplicate is shown side by side before it is saved.

What was typed never gets lost: a form that cannot be saved comes back as it was, each fault beside its field, and an
unfinished one is kept in the house (`web.writing_drafts`).
"""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.comments import remark_of
from bank.ground.actors import Actor
from bank.ground.errors import BadInput, Refused
from bank.institutions import Bank
from bank.items import Item, ItemStatus, ItemVersion, Secrecy, add_items, current_versions, read_versions, revise_item
from bank.ledger.log import append
from bank.outlines import outline_view
from bank.pictures import open_pictures
from bank.review import submit
from web.alike import Look, long_enough, mark_of, reveal, search
from web.files import is_chosen
from web.house import House
from web.item_forms import ItemForm
from web.permissions import Permission, needs, needs_units
from web.reach import bank_in_reach, item_in_reach
from web.writers import is_own
from web.writing_aids import keep_uploaded, variants
from web.writing_drafts import NEW, Kept, drop, kept, slot_of

routes = Blueprint("writing", __name__)
FOREIGN_PICTURE = "题中有图片已失效或不属于本机构，请重新插入图片后再保存"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one form stands: its bank, and the item that is being changed."""

    bank: Bank
    item: Item | None = None

    @property
    def slot(self) -> str:
        """The place of its unfinished form."""
        return slot_of(self.item.id) if self.item else NEW


@routes.get("/items/new")
@needs(Permission.WRITE_ITEMS)
def new(session: Session, actor: Actor) -> ResponseReturnValue:
    """An empty form for the bank with the point that the desk asked for, or what was left unfinished."""
    desk = Desk(bank_in_reach(session, actor, request.args.get("bank", 0, type=int)))
    left = kept(session, actor, desk.bank, desk.slot)
    form = open_form(session, desk, left)
    if left is None:
        form.type.data, form.point.data = request.args.get("type", "single"), request.args.get("point", "")
    return _page(session, desk, form, left=left)


@routes.post("/items/new")
@needs_units(Permission.WRITE_ITEMS)
def create(house: House, actor: Actor) -> ResponseReturnValue:
    """Save a new draft, or send it to review at once."""
    added = _added_picture(house, actor)
    with house.unit_of_work() as session:
        desk = Desk(bank_in_reach(session, actor, request.form.get("bank", 0, type=int)))
        return _answer(session, actor, desk, added)


@routes.get("/items/<int:item_id>/edit")
@needs(Permission.WRITE_ITEMS)
def edit(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """The current wording of an own item, to be changed, or the change that was left unfinished."""
    item = own_item(session, actor, item_id)
    desk = Desk(item.bank, item)
    left = kept(session, actor, desk.bank, desk.slot)
    form = open_form(session, desk, left)
    version = session.scalars(current_versions(ItemVersion.item_id == item.id)).one()
    content = read_versions(session, actor, [version], "修改试题")[version.id]
    form.material = content.material
    if left is None:
        form.fill(content)
        form.describe(item)
    return _page(session, desk, form, left=left)


@routes.post("/items/<int:item_id>/edit")
@needs_units(Permission.WRITE_ITEMS)
def revise(house: House, actor: Actor, item_id: int) -> ResponseReturnValue:
    """Save a new wording; it goes back to draft and needs a new approval."""
    added = _added_picture(house, actor)
    with house.unit_of_work() as session:
        item = own_item(session, actor, item_id)
        return _answer(session, actor, Desk(item.bank, item), added)


def own_item(session: Session, actor: Actor, item_id: int) -> Item:
    """An own item that may still be changed; raises NotFound or Refused."""
    item = item_in_reach(session, actor, item_id)
    if not is_own(actor, item):
        raise Refused("这道题不是您写的，不能修改；如有问题请告诉审题人")
    if item.status is ItemStatus.RETIRED:
        raise Refused("这道题已停用，不能再修改；请另写一道新题")
    return item


def open_form(session: Session, desk: Desk, left: Kept | None = None) -> ItemForm:
    """The form with what was just sent, or was left unfinished, and the points of the bank's outline."""
    form = ItemForm(request.form or (left.fields if left else None))
    bank = desk.bank
    outline = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    form.offer_points(outline, desk.item.point if desk.item else None)
    form.offer_secrecy(desk.item.secrecy if desk.item else Secrecy.SECRET)
    return form


def _added_picture(house: House, actor: Actor) -> str:
    """Without a script a picture comes with the form itself; the notation of it, empty when there is none."""
    if not is_chosen("picture") or request.form.get("then") != "look":
        return ""
    with house.reading() as session:
        bank_id = bank_in_reach(session, actor, request.form.get("bank", 0, type=int)).id
    try:
        return keep_uploaded(house, actor, bank_id)
    except BadInput as error:
        flash(error.message, "bad")
        return ""


def _answer(session: Session, actor: Actor, desk: Desk, added: str) -> ResponseReturnValue:
    """Show the form again, the look-alikes, or that it was saved."""
    form = open_form(session, desk)
    if desk.item is not None and desk.item.stimulus_id is not None:
        version = session.scalars(current_versions(ItemVersion.item_id == desk.item.id)).one()
        form.material = read_versions(session, actor, [version], "修改试题")[version.id].material
    if request.form.get("then") == "look":
        form.stem.data = f"{form.stem.data or ''}\n{added}" if added else form.stem.data
        return _page(session, desk, form)
    if not form.check() or not own_pictures(session, desk.bank, form):
        return _page(session, desk, form), 422
    look = _look_alikes(session, actor, desk, form)
    if look is not None:
        return _page(session, desk, form, look=look), 422
    item = _save(session, actor, desk, form)
    drop(session, actor, desk.bank, desk.slot)
    return _saved(session, actor, item)


def own_pictures(session: Session, bank: Bank, form: ItemForm) -> bool:
    """Whether every picture of the question is one of this institution's; if not, the stem is blamed."""
    tokens = form.content().pictures()
    if len(open_pictures(session, bank.institution_id, tokens)) == len(tokens):
        return True
    form.blame(form.stem, FOREIGN_PICTURE)
    return False


def _look_alikes(session: Session, actor: Actor, desk: Desk, form: ItemForm) -> Look | None:
    """What to show before saving: nothing unless an item asks the same, and nothing that was shown before."""
    content = form.content()
    if not long_enough(content):
        return None
    found = search(session, actor, desk.bank, content, desk.item.id if desk.item else None)
    if not any(one.judgement.same for one in found):
        return None
    look = reveal(session, actor, desk.bank, found)
    seen = mark_of(session, look)
    if not look.same or form.accepted.data == seen:
        return None
    form.accepted.data = seen
    return look


def _save(session: Session, actor: Actor, desk: Desk, form: ItemForm) -> Item:
    new_item, secrecy = form.new_item(), Secrecy(form.secrecy.data)
    item = desk.item
    if item is None:
        return add_items(session, actor, desk.bank, [new_item], secrecy=secrecy)[0].item
    if item.secrecy is not secrecy:
        append(session, actor, "item.classify", {"item": item.id, "secrecy": secrecy.value})
        item.secrecy = secrecy
    for name in ("point", "difficulty", "consistency", "cognition", "importance"):
        setattr(item, name, getattr(new_item, name))
    revise_item(session, actor, item, new_item.content)
    return item


def _saved(session: Session, actor: Actor, item: Item) -> ResponseReturnValue:
    if request.form.get("then") == "submit":
        submit(session, actor, [item])
        flash(f"第 {item.id} 号题已送审")
    else:
        flash(f"第 {item.id} 号题已存为草稿")
    if request.form.get("then") == "next":
        return redirect(url_for("writing.new", bank=item.bank_id, type=item.type.value, point=item.point or ""))
    return redirect(url_for("writers.items", bank=item.bank_id))


def _page(session: Session, desk: Desk, form: ItemForm, *, look: Look | None = None, left: Kept | None = None) -> str:
    content = form.content()
    return render_template(
        "writers/edit.html",
        bank=desk.bank,
        item=desk.item,
        slot=desk.slot,
        form=form,
        content=content,
        variants=variants(content),
        look=look,
        left=left,
        remark=remark_of(session, desk.item) if desk.item else "",
    )
