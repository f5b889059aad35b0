"""Files that writers already have: read, shown on one preview page with every fault, imported on their yes."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.exchange.intake import MAX_UPLOAD_BYTES, read_items
from bank.exchange.reading import Reading, ReadItem, Rejection
from bank.ground.actors import Actor
from bank.ground.errors import BadInput, NotFound
from bank.imports import import_items
from bank.institutions import Bank
from bank.items import NewItem
from bank.outlines import outline_view
from integrity.similarity.watch import duplicates_among
from web.drafts import Duplicate, Preview, find_draft, keep_draft, replace_preview
from web.house import House
from web.item_forms import ItemForm
from web.permissions import Permission, needs, needs_units
from web.reach import bank_in_reach, banks_in_reach

routes = Blueprint("imports", __name__)
SHOWN_ROWS, SHOWN_NOTES = 30, 5


@routes.get("/imports")
@needs(Permission.WRITE_ITEMS)
def upload(session: Session, actor: Actor) -> ResponseReturnValue:
    """Where a file is dropped."""
    banks = banks_in_reach(session, actor)
    return render_template("imports/upload.html", banks=banks, chosen=request.args.get("bank", 0, type=int))


@routes.post("/imports")
@needs_units(Permission.WRITE_ITEMS)
def read(house: House, actor: Actor) -> ResponseReturnValue:
    """Read the file outside any unit of work, hold it against the bank, keep the preview."""
    with house.reading() as session:
        bank_id = bank_in_reach(session, actor, request.form.get("bank", 0, type=int)).id
    found = _rehearse(house, actor, bank_id, _read_upload())
    with house.unit_of_work() as session:
        token = keep_draft(session, actor, bank_in_reach(session, actor, bank_id), found)
    return redirect(url_for("imports.preview", token=token))


class _Rehearsed(Exception):  # noqa: N818 - ends the rehearsal
    """Raised to take back all that the rehearsal wrote."""


def _rehearse(house: House, actor: Actor, bank_id: int, reading: Reading) -> Preview:
    """Import for show: the bank's own comparison says what is a duplicate, then everything is taken back."""
    found: list[Duplicate] = []
    with suppress(_Rehearsed), house.unit_of_work() as session:
        done = import_items(session, actor, bank_in_reach(session, actor, bank_id), reading)
        row_of = {one.item.id: row.row for one, row in zip(done.saved, done.rows, strict=True)}
        for one in duplicates_among(session, done.saved):
            other = row_of.get(one.of)
            item = None if other else one.of
            found.append(Duplicate(row_of[one.item], one.verdict.value, one.score, item, other))
        raise _Rehearsed
    return Preview(reading, tuple(found))


def _read_upload() -> Reading:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise BadInput("没有选择文件。请返回上一页，选择 Word、Excel 或文本文件")
    return read_items(upload.filename, upload.stream.read(MAX_UPLOAD_BYTES + 1))


@routes.get("/imports/<token>")
@needs(Permission.WRITE_ITEMS)
def preview(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """What would be imported, what has to be mended, what the bank has already."""
    draft, found = find_draft(session, actor, token)
    outline = outline_view(session, draft.bank.occupation, draft.bank.level, draft.bank.institution_id)
    duplicates = found.of_row()
    points = set(outline.points) if outline else set()
    return render_template(
        "imports/preview.html",
        draft=draft,
        reading=found.reading,
        fresh=[row for row in found.reading.items if row.row not in duplicates],
        doubled=[(row, duplicates[row.row]) for row in found.reading.items if row.row in duplicates],
        unknown_points=sorted({row.point for row in found.reading.items if row.point and row.point not in points}),
        shown=SHOWN_ROWS,
    )


@routes.get("/imports/<token>/rejected/<int:at>")
@needs(Permission.WRITE_ITEMS)
def mend(session: Session, actor: Actor, token: str, at: int) -> ResponseReturnValue:
    """One rejected row with all that could be read of it, to be mended here."""
    draft, found = find_draft(session, actor, token)
    row = _rejected(found, at)
    form = _mend_form(session, draft.bank)
    if row.seen is not None:
        form.fill(row.seen)
    return render_template("imports/mend.html", draft=draft, reading=found.reading, row=row, form=form)


@routes.post("/imports/<token>/rejected/<int:at>")
@needs_units(Permission.WRITE_ITEMS)
def put_back(house: House, actor: Actor, token: str, at: int) -> ResponseReturnValue:
    """The mended row joins those that will be imported; the whole file is held against the bank again."""
    with house.reading() as session:
        draft, found = find_draft(session, actor, token)
        row, bank_id = _rejected(found, at), draft.bank_id
        form = _mend_form(session, draft.bank)
        if not form.check():
            page = render_template("imports/mend.html", draft=draft, reading=found.reading, row=row, form=form)
            return page, 422
    anew = _rehearse(house, actor, bank_id, _mended(found.reading, row, form.new_item()))
    with house.unit_of_work() as session:
        draft, _ = find_draft(session, actor, token)
        replace_preview(session, draft, anew)
    flash(f"{row.place}已改好")
    return redirect(url_for("imports.preview", token=token))


def _mend_form(session: Session, bank: Bank) -> ItemForm:
    form = ItemForm(request.form)
    form.offer_points(outline_view(session, bank.occupation, bank.level, bank.institution_id))
    return form


def _rejected(found: Preview, at: int) -> Rejection:
    """The rejected row at this place of the list; the form says which one it showed, as the list may have changed."""
    rejected = found.reading.rejected
    if at >= len(rejected) or request.form.get("place", rejected[at].place) != rejected[at].place:
        raise NotFound("这一行已经改好或不在预览里了，请回到预览页刷新")
    return rejected[at]


def _mended(reading: Reading, row: Rejection, new: NewItem) -> Reading:
    mended = ReadItem(row.row, row.place, new.content, None, new.point, new.difficulty, ("在预览页改过",))
    items = sorted((*reading.items, mended), key=lambda one: one.row)
    return replace(reading, items=tuple(items), rejected=tuple(one for one in reading.rejected if one is not row))


@routes.post("/imports/<token>")
@needs(Permission.WRITE_ITEMS)
def confirm(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """Import the new rows and the doubled ones that were ticked, all in one transaction."""
    draft, found = find_draft(session, actor, token)
    chosen = _chosen(found, set(request.form.getlist("row", type=int)))
    if not chosen:
        raise BadInput("没有可导入的题。请改好文件后重新上传，或勾选仍要导入的重复题")
    done = import_items(session, actor, draft.bank, replace(found.reading, items=chosen))
    session.delete(draft)
    flash(f"已导入 {len(done.saved)} 道题，存为草稿；检查后送审")
    for note in done.notes[:SHOWN_NOTES]:
        flash(note, "warn")
    return redirect(url_for("writers.items", bank=draft.bank_id, status="draft", own=1))


def _chosen(found: Preview, ticked: Collection[int]) -> tuple[ReadItem, ...]:
    duplicates = found.of_row()
    return tuple(row for row in found.reading.items if row.row not in duplicates or row.row in ticked)
