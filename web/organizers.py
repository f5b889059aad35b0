"""Organizers: papers, their printed sheets, the sittings they were used in, and papers made elsewhere.

A sheet leaves only after its reading is committed to the ledger, and only for someone who typed the password lately.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, joinedload, selectinload
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from bank.exchange.intake import read_items
from bank.ground.actors import Actor
from bank.ground.clock import today
from bank.ground.errors import BadInput, NotFound
from bank.institutions import Bank
from bank.ledger.log import append
from bank.outlines import outline_view
from bank.readiness import readiness
from papers.intake import take_in
from papers.papers import Paper, PaperOrigin, paper_facts
from papers.printing import SHEET_NAMES, WRITERS, Sheet, printed_form
from papers.results import results_of
from papers.sittings import Sitting, record_sitting
from web.charts import is_past, overlap_of
from web.files import chosen_file, hand_out
from web.forms import ChineseForm, DayField
from web.house import House
from web.paging import find_page
from web.permissions import Permission, house, needs, needs_units
from web.reach import bank_in_reach, banks_in_reach, form_in_reach, paper_in_reach
from web.words import form_name

routes = Blueprint("organizers", __name__)
MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
RECENT = 6
_SCOPE = re.compile(r"范围 (\S+) 比重")


class SittingForm(ChineseForm):
    """One administration of a form."""

    label = SelectField("卷别", [InputRequired("请选择卷别")])
    held_on = DayField("考试日期")
    place = StringField("考点", [InputRequired("请写明考点名称"), Length(max=128, message="考点名称不超过 128 字")])
    candidates = IntegerField(
        "考生人数", [InputRequired("请填人数，没有填 0"), NumberRange(0, 100000, "人数应为 0 到 100000")]
    )
    ineligible = IntegerField(
        "其中资质不合格", [InputRequired("请填人数，没有填 0"), NumberRange(0, 100000, "人数应为 0 到 100000")]
    )


class TakeInForm(ChineseForm):
    """A paper made elsewhere."""

    bank = SelectField("题库", coerce=int)
    used_on = DayField("使用日期")
    place = StringField("考点", [InputRequired("请写明考点名称"), Length(max=128, message="考点名称不超过 128 字")])


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper in a list, with the number of sittings its forms were used in."""

    paper: Paper
    sittings: int


@routes.get("/papers/desk")
@needs(Permission.ASSEMBLE_PAPERS)
def desk(session: Session, actor: Actor) -> ResponseReturnValue:
    """Banks and whether they are fit to assemble from; papers whose day has come without a sitting."""
    policy, day = house().policy(), today()
    recent = session.scalars(_papers(actor).limit(RECENT)).unique().all()
    unrecorded = [one for one in _listed(session, _due(session, actor)) if one.sittings == 0]
    return render_template(
        "organizers/desk.html",
        states=[readiness(session, bank, policy, day) for bank in banks_in_reach(session, actor)],
        recent=_listed(session, recent),
        unrecorded=unrecorded,
        policy=policy,
    )


def _papers(actor: Actor) -> sa.Select[Paper]:
    own = sa.select(Bank.id).where(Bank.institution_id == actor.institution_id)
    options = (joinedload(Paper.bank), selectinload(Paper.forms))
    return sa.select(Paper).where(Paper.bank_id.in_(own)).options(*options).order_by(Paper.id.desc())


def _due(session: Session, actor: Actor) -> Sequence[Paper]:
    due = _papers(actor).where(
        Paper.held_on <= today(), Paper.origin == PaperOrigin.ASSEMBLED, Paper.voided_at.is_(None)
    )
    return session.scalars(due.limit(50)).unique().all()


def _listed(session: Session, papers: Sequence[Paper]) -> list[Listed]:
    forms = {form.id: paper.id for paper in papers for form in paper.forms}
    counts = dict.fromkeys((paper.id for paper in papers), 0)
    for (form_id,) in session.execute(sa.select(Sitting.form_id).where(Sitting.form_id.in_(forms))):
        counts[forms[form_id]] += 1
    return [Listed(paper, counts[paper.id]) for paper in papers]


@routes.get("/papers")
@needs(Permission.ASSEMBLE_PAPERS)
def papers(session: Session, actor: Actor) -> ResponseReturnValue:
    """Own papers, the newest first."""
    found = find_page(session, _papers(actor))
    return render_template("organizers/papers.html", found=found, listed=_listed(session, found.rows))


@routes.get("/papers/<int:paper_id>")
@needs(Permission.ASSEMBLE_PAPERS)
def paper(session: Session, actor: Actor, paper_id: int) -> ResponseReturnValue:
    """A paper's certificate, sheets and sittings; its questions are not shown here."""
    found = paper_in_reach(session, actor, paper_id)
    form = _sitting_form(found)
    form.held_on.data = min(found.held_on, today()).isoformat()
    form.candidates.data = form.ineligible.data = 0
    return _paper_page(session, found, form)


def _paper_page(session: Session, found: Paper, form: SittingForm) -> str:
    sittings = sa.select(Sitting).where(Sitting.form_id.in_([one.id for one in found.forms]))
    facts = paper_facts(session, found)
    lines = facts.get("certificate", [])
    outline = outline_view(session, found.bank.occupation, found.bank.level, found.bank.institution_id)
    names = {code: scope.name for code, scope in outline.scopes.items()} if outline else {}
    return render_template(
        "organizers/paper.html",
        paper=found,
        assembled=found.origin is PaperOrigin.ASSEMBLED,
        facts=facts,
        lines=[_with_scope_name(line, names) for line in lines if not is_past(line)],
        overlap=overlap_of(lines, facts.get("overlap_limit", 0.0), house().policy().reuse_window_months),
        sittings=session.scalars(sittings.order_by(Sitting.held_on, Sitting.id)).all(),
        results=results_of(session, found),
        form=form,
        sheets=SHEET_NAMES,
    )


def _with_scope_name(line: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A certificate line about a scope reads with the scope's name: 范围 A 比重 becomes A 基本要求 比重."""
    about = _SCOPE.fullmatch(line["constraint"])
    if about is None or about[1] not in names:
        return line
    return {**line, "constraint": f"{about[1]} {names[about[1]]} 比重"}


def _sitting_form(found: Paper) -> SittingForm:
    form = SittingForm(request.form)
    form.label.choices = {one.label: form_name(one.label) for one in found.forms}
    return form


@routes.get("/papers/<int:paper_id>/<label>/<file>")
@needs_units(Permission.PRINT_PAPERS)
def download(house: House, actor: Actor, paper_id: int, label: str, file: str) -> ResponseReturnValue:
    """One sheet of a form as PDF or Word: read and logged in one unit, drawn after it has committed."""
    sheet, _, kind = file.partition(".")
    if sheet not in set(Sheet) or kind not in MIME:
        raise NotFound("没有这种印制格式，请从试卷页面选择")
    wanted = Sheet(sheet)
    with house.unit_of_work() as session:
        form = form_in_reach(session, actor, paper_id, label)
        if form.paper.origin is not PaperOrigin.ASSEMBLED:
            raise BadInput("这是在别处组的试卷，只存作比对，不能在这里印制")
        printed = printed_form(session, actor, form, f"印制{SHEET_NAMES[wanted]}")
        append(session, actor, "paper.print", {"form": form.title, "sheet": wanted.value, "format": kind})
        name = f"{form.title}-{SHEET_NAMES[wanted]}.{kind}"
    return hand_out(WRITERS[wanted, kind](printed), MIME[kind], name)


@routes.post("/papers/<int:paper_id>/sittings")
@needs(Permission.ASSEMBLE_PAPERS)
def record(session: Session, actor: Actor, paper_id: int) -> ResponseReturnValue:
    """Record one administration; what cannot be recorded comes back in the form."""
    found = paper_in_reach(session, actor, paper_id)
    form = _sitting_form(found)
    if not form.validate():
        return _paper_page(session, found, form), 422
    try:
        made = record_sitting(
            session,
            actor,
            form_in_reach(session, actor, paper_id, form.label.data),
            held_on=form.held_on.day,
            place=form.place.data or "",
            candidates=form.candidates.data or 0,
            ineligible=form.ineligible.data or 0,
        )
    except BadInput as error:
        form.held_on.errors = [error.message]
        return _paper_page(session, found, form), 422
    flash(f"已登记 {made.held_on} {form_name(made.form.label)}的考试批次，考点 {made.place}")
    return redirect(url_for("organizers.paper", paper_id=found.id))


@routes.get("/papers/elsewhere")
@needs(Permission.ASSEMBLE_PAPERS)
def elsewhere(session: Session, actor: Actor) -> ResponseReturnValue:
    """The form for a paper that was made and used without this system."""
    return _elsewhere_page(session, actor, _take_in_form(session, actor))


@routes.post("/papers/elsewhere")
@needs_units(Permission.ASSEMBLE_PAPERS)
def take_in_paper(house: House, actor: Actor) -> ResponseReturnValue:
    """Read the file, keep its questions for comparison, record the day it was used."""
    with house.reading() as session:
        form = _take_in_form(session, actor)
        if not form.validate():
            return _elsewhere_page(session, actor, form), 422
    try:
        file = chosen_file("请选择试卷文件")
        reading = read_items(file.name, file.data, need_key=False)
        with house.unit_of_work() as session:
            bank = bank_in_reach(session, actor, form.bank.data)
            made = take_in(session, actor, bank, reading, used_on=form.used_on.day, place=form.place.data or "")
            target, number = url_for("organizers.paper", paper_id=made.id), made.number
    except BadInput as error:
        with house.reading() as session:
            return _elsewhere_page(session, actor, form, error.message), 422
    flash(f"已存入试卷 {number}，读到 {len(reading.items)} 道题")
    for row in reading.rejected[:RECENT]:
        flash(f"{row.place}没有读入：{row.reason}", "warn")
    return redirect(target)


def _take_in_form(session: Session, actor: Actor) -> TakeInForm:
    form = TakeInForm(request.form)
    form.bank.choices = {str(bank.id): bank.title for bank in banks_in_reach(session, actor)}
    return form


def _elsewhere_page(session: Session, actor: Actor, form: TakeInForm, error: str = "") -> str:
    return render_template(
        "organizers/elsewhere.html",
        form=form,
        error=error,
        banks=banks_in_reach(session, actor),
        policy=house().policy(),
    )
