"""What the form of a question asks the server while somebody types: how it will look, pictures, keeping it safe."""

import re

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.content import ItemContent
from bank.ground.actors import Actor
from bank.ground.clock import local
from bank.ground.errors import BadInput, NotFound
from bank.institutions import Bank
from bank.ledger.log import append
from bank.pictures import MAX_PICTURE_BYTES, cleaned, keep_pictures
from web.files import chosen_file
from web.house import House
from web.item_forms import ItemForm
from web.permissions import Permission, needs, needs_units
from web.reach import bank_in_reach
from web.writing_drafts import NEW, SET, drop, keep

routes = Blueprint("writing_aids", __name__)
SHOWN_VARIANTS = 12
_SLOT = re.compile(rf"{NEW}|{SET}|item:\d{{1,12}}")


@routes.post("/items/preview")
@needs_units(Permission.WRITE_ITEMS)
def preview(house: House, actor: Actor) -> ResponseReturnValue:
    """The question as candidates will see it, as a piece of page."""
    with house.reading() as session:
        bank_in_reach(session, actor, request.form.get("bank", 0, type=int))
    form = ItemForm(request.form, prefix=request.form.get("prefix", ""))
    form.material = request.form.get("material", "").replace("\r\n", "\n")
    content = form.content()
    return jsonify(html=render_template("writers/preview.html", content=content, variants=variants(content)))


def variants(content: ItemContent) -> list[ItemContent]:
    """The first variants of a parameterised item, as far as its value sets are whole."""
    sets = content.parameters
    if sets is None:
        return []
    whole = [at for at, row in enumerate(sets.rows) if len(row) == len(sets.names)]
    return [content.variant(at) for at in whole[:SHOWN_VARIANTS]]


@routes.post("/items/pictures")
@needs_units(Permission.WRITE_ITEMS)
def add_picture(house: House, actor: Actor) -> ResponseReturnValue:
    """Clean and keep a picture that was chosen, dragged or pasted; answers with what stands for it in the text."""
    with house.reading() as session:
        bank_id = bank_in_reach(session, actor, request.form.get("bank", 0, type=int)).id
    try:
        text = keep_uploaded(house, actor, bank_id)
    except BadInput as error:
        return jsonify(error=error.message), 422
    return jsonify(text=text)


def keep_uploaded(house: House, actor: Actor, bank_id: int) -> str:
    """The notation of the uploaded picture; decoding it holds no writer up."""
    chosen = chosen_file("没有选择图片。请选择 PNG 或 JPG 文件", "picture", MAX_PICTURE_BYTES)
    file = cleaned(chosen.name, chosen.data)
    with house.unit_of_work() as session:
        bank = session.get_one(Bank, bank_id)
        (token,) = keep_pictures(session, bank.institution_id, [file]).values()
        append(session, actor, "picture.keep", {"bank": bank.id, "count": 1})
    return f"![](pic:{token})"


@routes.post("/items/draft")
@needs(Permission.WRITE_ITEMS)
def keep_draft(session: Session, actor: Actor) -> ResponseReturnValue:
    """Keep the unfinished form; answers with the time."""
    bank, slot = _place(session, actor)
    try:
        at = keep(session, actor, bank, slot, request.form)
    except BadInput as error:
        return jsonify(error=error.message), 422
    return jsonify(saved=f"{local(at):%H:%M:%S}" if at else "")


@routes.post("/items/draft/drop")
@needs(Permission.WRITE_ITEMS)
def drop_draft(session: Session, actor: Actor) -> ResponseReturnValue:
    """Begin anew: the unfinished form is deleted."""
    bank, slot = _place(session, actor)
    drop(session, actor, bank, slot)
    flash("没写完的内容已丢弃")
    if slot == SET:
        return redirect(url_for("item_sets.new", bank=bank.id))
    if slot == NEW:
        return redirect(url_for("writing.new", bank=bank.id))
    return redirect(url_for("writing.edit", item_id=int(slot.partition(":")[2])))


def _place(session: Session, actor: Actor) -> tuple[Bank, str]:
    slot = request.form.get("slot", "")
    if not _SLOT.fullmatch(slot):
        raise NotFound("没有这份未写完的内容，请刷新页面")
    return bank_in_reach(session, actor, request.form.get("bank", 0, type=int)), slot
