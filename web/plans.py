"""Planning a paper: bank, day, blueprint; then the certificate, or which requirements collide and what to write."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import BooleanField, DecimalField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from bank.content import TYPE_NAMES, ItemType
from bank.ground.actors import Actor
from bank.ground.clock import today
from bank.ground.errors import BadInput
from bank.ground.terms import point_label
from bank.institutions import Bank
from bank.outlines import outline_view
from bank.readiness import readiness
from papers.assembly.blueprints import Blueprint as PaperBlueprint
from papers.assembly.blueprints import ScopeWeight, Section, check, read_blueprint
from papers.assembly.outcome import Infeasible
from papers.blueprints import list_blueprints, save_blueprint
from papers.papers import PaperOrigin, paper_facts
from papers.requests import MOST_FORMS
from web.assembling import Assembled, assemble
from web.forms import ChineseForm, ChoiceField, DayField
from web.house import House
from web.permissions import Permission, house, needs, needs_units
from web.reach import bank_in_reach, banks_in_reach, paper_in_reach

routes = Blueprint("plans", __name__)
DEFAULT, STORED, TYPED = "default", "stored", "typed"
SCOPE_TOLERANCE = 4
"""Two marks, in half-mark units."""


class SectionForm(ChineseForm):
    """So many questions of one type, each with the same marks."""

    count = IntegerField("题量", [Optional(), NumberRange(0, 500, "题量应为 0 到 500")])
    marks = DecimalField("每题分值", [Optional(), NumberRange(0.5, 100, "分值应为 0.5 到 100")], places=None)

    def section(self, kind: ItemType) -> Section | None:
        """The section as typed; None where no question is asked for. Raises BadInput for odd marks."""
        if not self.count.data:
            return None
        doubled = (self.marks.data or 0) * 2
        if doubled < 1 or doubled != int(doubled):
            raise BadInput(f"{TYPE_NAMES[kind]}的每题分值应为 0.5 的倍数，例如 1 或 0.5")
        return Section(kind, self.count.data, int(doubled))


class PlanForm(ChineseForm):
    """What a paper is to be; the typed figures count only where `plan` says so."""

    bank = SelectField("题库", coerce=int)
    held_on = DayField("考试日期")
    forms = IntegerField("平行卷份数", [NumberRange(1, MOST_FORMS, f"平行卷份数应为 1 到 {MOST_FORMS}")], default=3)
    plan = RadioField("方案", choices={DEFAULT: "默认方案", STORED: "已存方案", TYPED: "自己填"}, default=DEFAULT)
    stored = ChoiceField("已存方案", validate_choice=False)
    minutes = IntegerField(
        "考试时间（分钟）", [Optional(), NumberRange(10, 480, "考试时间应为 10 到 480 分钟")], default=90
    )
    per_point = IntegerField("最多几题", [Optional(), NumberRange(0, 100, "应为 0 到 100，0 表示不限")], default=1)
    weights = BooleanField("各范围按细目表的鉴定比重，上下 2 分")
    name = StringField("另存为方案（可不填）", [Length(max=60, message="方案名称不超过 60 字")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.per_point.label.text = f"同一{point_label()}最多几题"


Sections = dict[ItemType, SectionForm]


@routes.get("/papers/plan")
@needs(Permission.ASSEMBLE_PAPERS)
def plan(session: Session, actor: Actor) -> ResponseReturnValue:
    """The form; the address may carry figures, so that one can go back without losing anything."""
    form = _form(session, actor)
    if not form.held_on.data:
        form.held_on.data = (today() + timedelta(days=7)).isoformat()
    return _page(session, actor, form, _sections())


@routes.post("/papers/plan")
@needs_units(Permission.ASSEMBLE_PAPERS)
def assemble_paper(house: House, actor: Actor) -> ResponseReturnValue:
    """Assemble; the solver runs between two units of work, so that nobody waits for it but who asked."""
    with house.unit_of_work() as session:
        form, sections = _form(session, actor), _sections()
        sound = all([form.validate(), *(section.validate() for section in sections.values())])
        try:
            if not sound:
                return _page(session, actor, form, sections), 422
            _check_day(form.held_on.day)
            bank = bank_in_reach(session, actor, form.bank.data)
            wanted = _blueprint(session, actor, bank, form, sections)
        except BadInput as error:
            return _page(session, actor, form, sections, error.message), 422
    try:
        done = assemble(
            house,
            actor,
            institution=bank.institution_id,
            occupation=bank.occupation,
            level=bank.level,
            held_on=form.held_on.day,
            blueprint=wanted,
            forms=form.forms.data or 3,
        )
    except BadInput as error:
        with house.reading() as session:
            return _page(session, actor, form, sections, error.message), 422
    return _answer(house, actor, done, bank.id, form.held_on.day)


def _check_day(held_on: date) -> None:
    """A paper for a day that is over would be held against another window than the one it is used in."""
    if held_on < today():
        raise BadInput(f"考试日期 {held_on} 已经过去；请填今天或以后的日期")


@routes.post("/papers/<int:paper_id>/redraw")
@needs_units(Permission.ASSEMBLE_PAPERS)
def redraw(house: House, actor: Actor, paper_id: int) -> ResponseReturnValue:
    """Another paper under the same blueprint for the same day; the old one is void, every draw is counted."""
    with house.reading() as session:
        paper = paper_in_reach(session, actor, paper_id)
        if paper.origin is not PaperOrigin.ASSEMBLED:
            raise BadInput("这是在别处组的试卷，不能换一组；请从“组卷”新组一份")
        bank, forms = paper.bank, len(paper.forms)
        blueprint = read_blueprint(paper_facts(session, paper)["blueprint"], paper.blueprint)
    done = assemble(
        house,
        actor,
        institution=bank.institution_id,
        occupation=bank.occupation,
        level=bank.level,
        held_on=paper.held_on,
        blueprint=blueprint,
        forms=forms,
        instead_of=paper.id,
    )
    return _answer(house, actor, done, bank.id, paper.held_on)


def _answer(house: House, actor: Actor, done: Assembled, bank_id: int, held_on: date) -> ResponseReturnValue:
    if done.paper is not None:
        flash("已组成。请核对证书，再印制")
        return redirect(url_for("organizers.paper", paper_id=done.paper.id))
    figures = _typed() or {"bank": str(bank_id), "held_on": held_on.isoformat()}
    again = f"{url_for('plans.plan')}?{urlencode(figures)}"
    with house.reading() as session:
        bank = bank_in_reach(session, actor, bank_id)
        outline = outline_view(session, bank.occupation, bank.level, bank.institution_id)
        return render_template(
            "organizers/conflict.html",
            bank=bank,
            held_on=held_on,
            outcome=done.outcome,
            proven=isinstance(done.outcome, Infeasible),
            scopes={code: scope.name for code, scope in outline.scopes.items()} if outline else {},
            again=again,
            policy=house.policy(),
        )


def _typed() -> dict[str, str]:
    """The figures of the form, to be carried in a link; no question is among them."""
    return {name: value for name, value in request.form.items() if name != "csrf_token" and value}


def _form(session: Session, actor: Actor) -> PlanForm:
    banks = banks_in_reach(session, actor)
    form = PlanForm(request.values or None)
    form.bank.choices = {str(bank.id): bank.title for bank in banks}
    # An address may name some of the figures only; the others keep their defaults.
    for field in form:
        if field.name not in request.values and request.method == "GET" and field.default is not None:
            field.data = field.default
    return form


def _sections() -> Sections:
    return {kind: SectionForm(request.values or None, prefix=f"{kind.value}_") for kind in ItemType}


def _page(session: Session, actor: Actor, form: PlanForm, sections: Sections, error: str = "") -> str:
    banks = banks_in_reach(session, actor)
    chosen = next((bank for bank in banks if bank.id == form.bank.data), banks[0] if banks else None)
    stored = list_blueprints(session, chosen) if chosen else []
    form.stored.choices = {one.name: one.name for one in stored}
    outline = outline_view(session, chosen.occupation, chosen.level, chosen.institution_id) if chosen else None
    return render_template(
        "organizers/plan.html",
        form=form,
        sections=sections,
        error=error,
        chosen=chosen,
        state=readiness(session, chosen, house().policy(), today()) if chosen else None,
        weighted=outline is not None and any(scope.weight for scope in outline.scopes.values()),
        policy=house().policy(),
    )


def _blueprint(
    session: Session, actor: Actor, bank: Bank, form: PlanForm, sections: Sections
) -> PaperBlueprint | str | None:
    """What `gather` is given: nothing for the default, a stored name, or the typed blueprint (kept when named)."""
    if form.plan.data == DEFAULT:
        return None
    if form.plan.data == STORED:
        if not form.stored.data:
            raise BadInput("这个题库还没有已存的方案，请选默认方案，或自己填")
        return str(form.stored.data)
    blueprint = _typed_blueprint(session, bank, form, sections)
    if form.name.data and form.name.data.strip():
        save_blueprint(session, actor, bank, blueprint)
    return blueprint


def _typed_blueprint(session: Session, bank: Bank, form: PlanForm, sections: Sections) -> PaperBlueprint:
    asked = tuple(found for kind, typed in sections.items() if (found := typed.section(kind)) is not None)
    if not asked:
        raise BadInput("请至少填一种题型的题量和分值")
    total = sum(section.count * section.marks for section in asked)
    words = "、".join(f"{TYPE_NAMES[section.type]} {section.count} 题×{section.marks / 2:g} 分" for section in asked)
    figures: dict[str, Any] = {"minutes": form.minutes.data or 90, "per_point": form.per_point.data or None}
    scopes = _scopes(session, bank, total) if form.weights.data else ()
    blueprint = PaperBlueprint((form.name.data or "").strip() or words, asked, scopes=scopes, **figures)
    check(blueprint)
    return blueprint


def _scopes(session: Session, bank: Bank, total: int) -> tuple[ScopeWeight, ...]:
    """The outermost scopes with their weights (hundredths of a percent) as marks."""
    outline = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    weighted = [scope for scope in outline.scopes.values() if scope.grade == 1 and scope.weight] if outline else []
    if not weighted:
        raise BadInput("这个题库的细目表没有鉴定比重，请取消“按鉴定比重”")
    return tuple(ScopeWeight(one.code, round((one.weight or 0) * total / 10000), SCOPE_TOLERANCE) for one in weighted)
