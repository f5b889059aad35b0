"""Files that writers already have: read as a job, shown on one preview page with every fault, imported on their yes.

Nothing is stored in the bank before that yes, and an import can be taken back whole while nobody has built on it.
"""

from collections.abc import Collection
from dataclasses import replace

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.batches import batches_of, keep_notes, own_batch, take_back, told_of
from bank.content import CHOICE_TYPES, ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.exchange.questions import keys
from bank.exchange.reading import Reading, ReadItem, Rejection
from bank.exchange.writing.templates import template_docx, template_xlsx
from bank.exports import FORMS, ExportFormat
from bank.ground.actors import Actor, User, actor_of
from bank.ground.errors import BadInput, NotFound
from bank.imports import import_items, kept_pictures
from bank.institutions import Bank
from bank.items import Item, NewItem
from bank.ledger.log import append
from bank.outlines import outline_view
from bank.pictures import sweep_pictures
from bank.reading_rights import readable
from integrity.similarity.foreseen import Foreseen, foresee
from web.files import chosen_file, hand_out
from web.house import House
from web.import_drafts import (
    Duplicate,
    ImportDraft,
    Preview,
    drafts_of,
    find_draft,
    find_preview,
    keep_preview,
    keep_upload,
    open_upload,
)
from web.item_forms import ItemForm
from web.jobs import Tell, answer_for, jobs, work
from web.permissions import Permission, needs, needs_units
from web.reach import bank_in_reach, banks_in_reach

routes = Blueprint("imports", __name__)
TEMPLATES = {"xlsx": (template_xlsx, ExportFormat.XLSX), "docx": (template_docx, ExportFormat.DOCX)}
SHOWN_ROWS, MOST_MENDED = 30, 100


@routes.get("/imports")
@needs(Permission.WRITE_ITEMS)
def upload(session: Session, actor: Actor) -> ResponseReturnValue:
    """Where files are dropped, what waits for a yes, and what was imported and can still be taken back."""
    banks = banks_in_reach(session, actor)
    done = [(batch, told_of(session, batch)) for bank in banks for batch in batches_of(session, actor, bank)]
    done.sort(key=lambda one: one[0].id, reverse=True)
    return render_template(
        "imports/upload.html",
        banks=banks,
        chosen=request.args.get("bank", 0, type=int),
        waiting=[find_preview(session, actor, draft.token) for draft in drafts_of(session, actor)],
        done=done[:SHOWN_ROWS],
    )


@routes.get("/imports/template.<kind>")
@needs_units(Permission.WRITE_ITEMS)
def template(_house: House, _actor: Actor, kind: str) -> ResponseReturnValue:
    """A table to be filled, in Excel or Word, with examples that an import passes over."""
    if kind not in TEMPLATES:
        raise NotFound("没有这种模板，请在导入页下载 Excel 或 Word 模板")
    make, form = TEMPLATES[kind]
    return hand_out(make(), FORMS[form].media_type, f"题库模板.{kind}")


@routes.post("/imports")
@needs_units(Permission.WRITE_ITEMS)
def read(house: House, actor: Actor) -> ResponseReturnValue:
    """Keep the file sealed and have it read."""
    file = chosen_file("没有选择文件。请返回上一页，选择 Word、Excel 或文本文件")
    with house.unit_of_work() as session:
        bank = bank_in_reach(session, actor, request.form.get("bank", 0, type=int))
        token = keep_upload(session, actor, bank, file)
    back = url_for("imports.upload", bank=bank.id)
    job = jobs().begin(
        "imports.read", user=actor.user_id or 0, title="读取题库文件", back=back, person=actor.user_id or 0, token=token
    )
    return answer_for(job, actor)


@work("imports.read")
def read_file(house: House, tell: Tell, person: int, token: str) -> str:
    """Read the kept file and hold it against the bank, in reading sessions; only the preview is written."""
    with house.reading() as session:
        actor = actor_of(session.get_one(User, person))
        file = open_upload(session, find_draft(session, actor, token))
    tell("读取文件")
    reading = read_items(file.name, file.data)
    with house.unit_of_work() as session:
        sweep_pictures(session)
        reading = kept_pictures(session, find_draft(session, actor, token).bank.institution_id, reading)
    with house.reading() as session:
        bank, contents = find_draft(session, actor, token).bank, [row.content for row in reading.items]
        found = foresee(session, bank, contents, lambda done: tell("与题库比对", done, len(contents)))
    with house.unit_of_work() as session:
        keep_preview(session, find_draft(session, actor, token), Preview(reading, _duplicates(reading, found)))
        if met := sorted({one.item for one in found if one.item is not None}):
            # What a preview says of the bank is told to this person: a file of guesses leaves its trace.
            append(session, actor, "item.hint", {"bank": bank.id, "items": met})
    return f"/imports/{token}"


def _duplicates(reading: Reading, found: Collection[Foreseen]) -> tuple[Duplicate, ...]:
    rows = [item.row for item in reading.items]
    return tuple(
        Duplicate(
            rows[one.place],
            one.verdict.value,
            one.score,
            one.item,
            None if one.earlier is None else rows[one.earlier],
        )
        for one in found
    )


@routes.get("/imports/<token>")
@needs(Permission.WRITE_ITEMS)
def preview(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """What would be imported, what has to be mended, what the bank has already."""
    draft, found = find_preview(session, actor, token)
    outline = outline_view(session, draft.bank.occupation, draft.bank.level, draft.bank.institution_id)
    duplicates = found.of_row()
    points = set(outline.points) if outline else set()
    fresh = [row for row in found.reading.items if row.row not in duplicates]
    first = max(0, request.args.get("from", 0, type=int)) // SHOWN_ROWS * SHOWN_ROWS
    return render_template(
        "imports/preview.html",
        draft=draft,
        reading=found.reading,
        fresh=fresh,
        first=first if first < len(fresh) else 0,
        doubled=[(row, duplicates[row.row]) for row in found.reading.items if row.row in duplicates],
        unknown_points=sorted({row.point for row in found.reading.items if row.point and row.point not in points}),
        open_to=_open_to(session, actor, draft.bank, duplicates.values()),
        shown=SHOWN_ROWS,
        most_mended=MOST_MENDED,
    )


def _open_to(session: Session, actor: Actor, bank: Bank, found: Collection[Duplicate]) -> set[int]:
    """Those of the bank's items named here that the importer may look at; of others not even the number is told."""
    named = {one.item for one in found if one.item is not None}
    return named & set(session.scalars(sa.select(Item.id).where(readable(session, actor, bank)))) if named else set()


@routes.get("/imports/<token>/rejected/<int:at>")
@needs(Permission.WRITE_ITEMS)
def mend(session: Session, actor: Actor, token: str, at: int) -> ResponseReturnValue:
    """One rejected row with all that could be read of it, to be mended here."""
    draft, found = find_preview(session, actor, token)
    row = _rejected(found, at)
    form = _mend_form(session, draft.bank)
    if row.seen is not None:
        form.fill(row.seen)
    return render_template("imports/mend.html", draft=draft, reading=found.reading, row=row, form=form)


@routes.post("/imports/<token>/rejected/<int:at>")
@needs_units(Permission.WRITE_ITEMS)
def put_back(house: House, actor: Actor, token: str, at: int) -> ResponseReturnValue:
    """The mended row joins those that will be imported, and is held against the bank and the rows before it."""
    with house.reading() as session:
        draft, found = find_preview(session, actor, token)
        row = _rejected(found, at)
        form = _mend_form(session, draft.bank)
        if not form.check():
            page = render_template("imports/mend.html", draft=draft, reading=found.reading, row=row, form=form)
            return page, 422
        anew = _with_mended(session, draft, found, row, form.new_item())
    return _kept(house, actor, token, anew, f"{row.place}已改好")


@routes.post("/imports/<token>/rejected/<int:at>/quick")
@needs_units(Permission.WRITE_ITEMS)
def quick_mend(house: House, actor: Actor, token: str, at: int) -> ResponseReturnValue:
    """A row mended in place, its answer written as in a file (B、C, √ …); what is still wrong is told at the row."""
    with house.reading() as session:
        draft, found = find_preview(session, actor, token)
        row = _rejected(found, at)
        content = _typed(row)
        faults = "；".join(content.faults())
        if faults:
            rejected = tuple(
                replace(one, reason=faults, seen=content) if one is row else one for one in found.reading.rejected
            )
            anew = replace(found, reading=replace(found.reading, rejected=rejected))
        else:
            anew = _with_mended(session, draft, found, row, NewItem(content))
    told = f"{row.place}还不能导入：{faults}" if faults else f"{row.place}已改好"
    return _kept(house, actor, token, anew, told, "bad" if faults else "message")


def _typed(row: Rejection) -> ItemContent:
    """The row as it stands in the form, what the form does not show left as it was read."""
    said = request.form.get("type", "")
    seen = row.seen or ItemContent(ItemType.SINGLE, "")
    kind = ItemType(said) if said in set(ItemType) else seen.type
    options = tuple(option.strip() for option in request.form.getlist("option") if option.strip())
    answer = request.form.get("answer", "").strip()
    key = keys.letters(answer, options) if kind in CHOICE_TYPES else answer
    key = keys.judgement(answer) if kind is ItemType.JUDGE else key
    stem = request.form.get("stem", "").strip()
    return replace(seen, type=kind, stem=stem, options=options if kind in CHOICE_TYPES else (), key=key)


def _kept(
    house: House, actor: Actor, token: str, anew: Preview, told: str, tone: str = "message"
) -> ResponseReturnValue:
    with house.unit_of_work() as session:
        keep_preview(session, find_draft(session, actor, token), anew)
    flash(told, tone)
    return redirect(url_for("imports.preview", token=token))


def _with_mended(session: Session, draft: ImportDraft, found: Preview, row: Rejection, new: NewItem) -> Preview:
    mended = ReadItem(row.row, row.place, new.content, None, new.point, new.difficulty, ("在预览页改过",))
    items = tuple(sorted((*found.reading.items, mended), key=lambda one: one.row))
    rejected = tuple(one for one in found.reading.rejected if one is not row)
    reading = replace(found.reading, items=items, rejected=rejected)
    more = foresee(session, draft.bank, [one.content for one in items], only=[items.index(mended)])
    return Preview(reading, found.duplicates + _duplicates(reading, more))


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


@routes.post("/imports/<token>")
@needs_units(Permission.WRITE_ITEMS)
def confirm(house: House, actor: Actor, token: str) -> ResponseReturnValue:
    """Keep what was ticked and have it written."""
    with house.unit_of_work() as session:
        draft, found = find_preview(session, actor, token)
        wanted = replace(found, ticked=tuple(sorted(set(request.form.getlist("row", type=int)))))
        if not _chosen(wanted):
            raise BadInput("没有可导入的题。请改好文件后重新上传，或勾选仍要导入的重复题")
        keep_preview(session, draft, wanted)
    person, back = actor.user_id or 0, url_for("imports.preview", token=token)
    job = jobs().begin("imports.write", user=person, title="写入题库", back=back, person=person, token=token)
    return answer_for(job, actor)


@work("imports.write")
def write_rows(house: House, tell: Tell, person: int, token: str) -> str:
    """Import the new rows and the doubled ones that were ticked, all in one transaction."""
    tell("写入题库并建立查重索引")
    with house.unit_of_work() as session:
        actor = actor_of(session.get_one(User, person))
        draft, found = find_preview(session, actor, token)
        done = import_items(session, actor, draft.bank, replace(found.reading, items=_chosen(found)))
        batch = batches_of(session, actor, draft.bank, 1)[0]
        keep_notes(session, batch, done.notes)
        session.delete(draft)
    return f"/imports/batches/{batch.id}"


@routes.get("/imports/batches/<int:batch_id>")
@needs(Permission.WRITE_ITEMS)
def show_batch(session: Session, actor: Actor, batch_id: int) -> ResponseReturnValue:
    """What an import brought, what to look at, and the way back."""
    batch = own_batch(session, actor, batch_id)
    return render_template("imports/batch.html", batch=batch, told=told_of(session, batch))


def _chosen(found: Preview) -> tuple[ReadItem, ...]:
    duplicates = found.of_row()
    return tuple(row for row in found.reading.items if row.row not in duplicates or row.row in found.ticked)


@routes.post("/imports/<token>/drop")
@needs(Permission.WRITE_ITEMS)
def drop(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """Throw a preview away."""
    draft = find_draft(session, actor, token)
    session.delete(draft)
    flash("已放弃这份导入预览，没有写入任何内容")
    return redirect(url_for("imports.upload", bank=draft.bank_id))


@routes.post("/imports/batches/<int:batch_id>/take-back")
@needs(Permission.WRITE_ITEMS)
def undo(session: Session, actor: Actor, batch_id: int) -> ResponseReturnValue:
    """Take one own import back whole."""
    count = take_back(session, actor, batch_id)
    flash(f"已撤销这次导入，{count} 道题已从题库删除")
    return redirect(url_for("imports.upload"))
