"""Sets of questions under one material (题组): written on one page, shown on one page, the material changed for all."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.ground.actors import Actor
from bank.ground.errors import NotFound, Refused
from bank.institutions import Bank
from bank.items import ItemVersion, current_versions, read_versions
from bank.outlines import outline_view
from bank.pictures import open_pictures
from bank.reading_rights import may_read
from bank.review import submit
from bank.sets import add_set, items_of_set, revise_material
from web.alike import Look, long_enough, mark_of, reveal, search
from web.item_forms import LONG, ItemForm
from web.permissions import Permission, needs
from web.reach import bank_in_reach, item_in_reach
from web.writers import is_own
from web.writing import FOREIGN_PICTURE, own_pictures
from web.writing_drafts import SET, Kept, drop, kept

routes = Blueprint("item_sets", __name__)
FEWEST, AT_FIRST, MOST = 2, 3, 12


@routes.get("/sets/new")
@needs(Permission.WRITE_ITEMS)
def new(session: Session, actor: Actor) -> ResponseReturnValue:
    """An empty set, or what was left unfinished."""
    bank = bank_in_reach(session, actor, request.args.get("bank", 0, type=int))
    left = kept(session, actor, bank, SET)
    return _page(bank, _forms(session, bank, left), left.fields.get("material", "") if left else "", left=left)


@routes.post("/sets/new")
@needs(Permission.WRITE_ITEMS)
def create(session: Session, actor: Actor) -> ResponseReturnValue:
    """Save the set as drafts, or send it to review at once."""
    bank = bank_in_reach(session, actor, request.form.get("bank", 0, type=int))
    forms, material = _forms(session, bank), _material()
    if request.form.get("then") == "more":
        return _page(bank, forms, material)
    written = [form for form in forms if _is_written(form)]
    for form in written:
        form.material = material
    faults = _faults(session, bank, material, written)
    sound = [form.check() and own_pictures(session, bank, form) for form in written]
    if faults or not all(sound):
        return _page(bank, forms, material, faults=faults), 422
    near = {form: look for form in written if (look := _look_alikes(session, actor, bank, form)) is not None}
    if near:
        return _page(bank, forms, material, near=near), 422
    saved = add_set(session, actor, bank, material, [form.new_item() for form in written])
    drop(session, actor, bank, SET)
    if request.form.get("then") == "submit":
        submit(session, actor, [one.item for one in saved])
    flash(f"题组已{'送审' if request.form.get('then') == 'submit' else '存为草稿'}，共 {len(saved)} 小题")
    return redirect(url_for("item_sets.show", set_id=saved[0].item.stimulus_id))


def _forms(session: Session, bank: Bank, left: Kept | None = None) -> list[ItemForm]:
    """As many question forms as were sent or left, one more where that was asked."""
    fields = request.form or (left.fields if left else None)
    count = fields.get("parts", AT_FIRST, type=int) if fields else AT_FIRST
    count += request.form.get("then") == "more"
    outline = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    forms = [ItemForm(fields, prefix=f"q{at}-") for at in range(1, min(max(count, FEWEST), MOST) + 1)]
    for form in forms:
        form.offer_points(outline)
        form.type.data = form.type.data or "single"
    return forms


def _material() -> str:
    return request.form.get("material", "").replace("\r\n", "\n").strip()


def _is_written(form: ItemForm) -> bool:
    content = form.content()
    return bool(content.stem or content.options or content.rationale)


def _faults(session: Session, bank: Bank, material: str, written: Sequence[ItemForm]) -> list[str]:
    faults = [] if material else ["材料为空，请写明材料；没有材料的题请单独写"]
    if len(material) > LONG:
        faults.append(f"材料不超过 {LONG} 字")
    if len(written) < FEWEST:
        faults.append(f"题组至少要有 {FEWEST} 道小题；只有 1 道时请单独写")
    return faults or ([] if _holds(session, bank, material) else [FOREIGN_PICTURE])


def _holds(session: Session, bank: Bank, material: str) -> bool:
    """Whether every picture of the material is the institution's own."""
    form = ItemForm()
    form.material = material
    tokens = form.content().pictures()
    return len(open_pictures(session, bank.institution_id, tokens)) == len(tokens)


def _look_alikes(session: Session, actor: Actor, bank: Bank, form: ItemForm) -> Look | None:
    content = form.content()
    found = search(session, actor, bank, content, None) if long_enough(content) else []
    if not any(one.judgement.same for one in found):
        return None
    look = reveal(session, actor, bank, found)
    seen = mark_of(session, look)
    if not look.same or form.accepted.data == seen:
        return None
    form.accepted.data = seen
    return look


def _page(
    bank: Bank,
    forms: Sequence[ItemForm],
    material: str,
    *,
    faults: Sequence[str] = (),
    near: dict[ItemForm, Look] | None = None,
    left: Kept | None = None,
) -> str:
    return render_template(
        "writers/set_edit.html", bank=bank, forms=forms, material=material, faults=faults, near=near or {}, left=left
    )


@routes.get("/sets/<int:set_id>")
@needs(Permission.WRITE_ITEMS)
def show(session: Session, actor: Actor, set_id: int) -> ResponseReturnValue:
    """The material with its questions in order; keys of own ones only."""
    items = items_of_set(session, set_id)
    if not items or not all(may_read(session, actor, item_in_reach(session, actor, item.id)) for item in items):
        raise NotFound("没有这个题组，或者它不属于您的机构")
    versions = session.scalars(current_versions(ItemVersion.item_id.in_([item.id for item in items]))).all()
    contents = read_versions(session, actor, list(versions), "查看题组")
    ordered = sorted(versions, key=lambda one: (one.item.stimulus_position or 0, one.item_id))
    return render_template(
        "writers/set.html",
        set_id=set_id,
        bank=items[0].bank,
        versions=ordered,
        contents=contents,
        material=contents[ordered[0].id].material,
        own=all(is_own(actor, item) for item in items),
        is_own=lambda item: is_own(actor, item),
    )


@routes.post("/sets/<int:set_id>")
@needs(Permission.WRITE_ITEMS)
def revise(session: Session, actor: Actor, set_id: int) -> ResponseReturnValue:
    """Another material for the whole set, by whoever wrote all of it."""
    items = items_of_set(session, set_id)
    if not items:
        raise NotFound("没有这个题组，或者它不属于您的机构")
    for item in items:
        item_in_reach(session, actor, item.id)
        if not is_own(actor, item):
            raise Refused("题组中有别人写的题，不能改材料；如有问题请告诉审题人")
    material = _material()
    if not _holds(session, items[0].bank, material):
        raise Refused(FOREIGN_PICTURE)
    saved = revise_material(session, actor, set_id, material)
    flash(f"材料已改，{len(saved)} 小题各成为新的一稿，需要重新送审")
    return redirect(url_for("item_sets.show", set_id=set_id))
