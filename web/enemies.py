"""Enemies of a question (互斥题): which others may not stand on one paper with it, by number or from near ones."""

import re

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.ground.actors import Actor
from bank.ground.errors import BadInput, NotFound
from bank.items import Item, ItemVersion, Origin, current_versions, read_versions
from bank.reading_rights import may_read, readable
from bank.sets import ENEMY_NAMES, EnemyReason, enemies_of, mark_enemies, part_enemies
from integrity.similarity.watch import note_reading
from web.alike import search
from web.permissions import Permission, needs
from web.reach import item_in_reach

routes = Blueprint("enemies", __name__)
MOST = 20


@routes.get("/items/<int:item_id>/enemies")
@needs(Permission.WRITE_ITEMS)
def choose(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """The question, its enemies, and near ones that may be some."""
    item = _readable_item(session, actor, item_id)
    version = session.scalars(current_versions(ItemVersion.item_id == item.id)).one()
    content = read_versions(session, actor, [version], "设置互斥题")[version.id]
    enemies = enemies_of(session, item)
    near = [one for one in search(session, actor, item.bank, content, item.id) if may_read(session, actor, one.item)]
    note_reading(session, actor, [one.item for one in near])
    known = {enemy.id for enemy in enemies}
    return render_template(
        "writers/enemies.html",
        item=item,
        content=content,
        enemies=enemies,
        near=[one for one in near if one.item.id not in known],
        reasons=ENEMY_NAMES,
    )


@routes.post("/items/<int:item_id>/enemies")
@needs(Permission.WRITE_ITEMS)
def mark(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """Make the named items enemies of this one, or take that back."""
    item = _readable_item(session, actor, item_id)
    others = _named(session, actor, item)
    if request.form.get("then") == "part":
        done = sum(part_enemies(session, actor, [item, other]) for other in others)
        flash(f"已取消 {done} 对互斥题")
    else:
        reason = request.form.get("reason", "")
        if reason not in set(EnemyReason):
            raise BadInput("请选择互斥的原因")
        done = sum(mark_enemies(session, actor, [item, other], EnemyReason(reason)) for other in others)
        flash(f"已设 {done} 对互斥题，它们不会出现在同一份试卷里")
    return redirect(url_for("enemies.choose", item_id=item.id))


def _readable_item(session: Session, actor: Actor, item_id: int) -> Item:
    item = item_in_reach(session, actor, item_id)
    if not may_read(session, actor, item):
        raise NotFound("没有这道试题，或者它不属于您的机构")
    return item


def _named(session: Session, actor: Actor, item: Item) -> list[Item]:
    """The ticked and the typed numbers; one that is not there or may not be read refuses the whole."""
    typed = re.findall(r"\d{1,12}", request.form.get("numbers", ""))
    ids = {int(number) for number in [*typed, *request.form.getlist("other", type=str)] if str(number).isdigit()}
    ids.discard(item.id)
    if not ids or len(ids) > MOST:
        raise BadInput(f"请勾选或填写互斥题的编号，一次 1 到 {MOST} 道")
    mine = (Item.id.in_(ids), Item.origin == Origin.BANK, readable(session, actor, item.bank))
    found = list(session.scalars(sa.select(Item).where(*mine).order_by(Item.id)))
    if len(found) < len(ids):
        missing = "、".join(str(number) for number in sorted(ids - {one.id for one in found}))
        raise NotFound(f"本库没有编号为 {missing} 的试题，或者您不能查看它；没有改动任何一道")
    return found
