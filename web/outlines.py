"""The outline of a bank: its tree with weights and items, its versions, and its revision in two steps.

Everyone of the institution who works on the bank sees it. Reviewers and organizers may bring in a new one, writers
may not: the outline is the yardstick that a writer's work is counted against, and nobody sets their own.
"""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.coverage import PointCoverage, ScopeCoverage
from bank.exchange.outline.files import read_outline
from bank.exchange.outline.form import outline_template, outline_workbook
from bank.ground.actors import Actor, Role
from bank.ground.clock import today
from bank.ground.errors import BadInput, NotFound
from bank.ground.policy import Policy
from bank.institutions import Bank
from bank.matching import GROUND_NAMES
from bank.outlines import Importance, OutlineView, outline_history, outline_view
from bank.readiness import Readiness, readiness
from bank.revisions import (
    FATE_NAMES,
    Fate,
    RevisionPlan,
    complete,
    import_outline,
    items_of_points,
    outline_warnings,
    plan_revision,
)
from web.files import chosen_file, hand_out
from web.house import House
from web.outline_drafts import OutlineDraft, find_outline, keep_outline
from web.permissions import Permission, house, may, needs, needs_units
from web.reach import bank_in_reach, banks_in_reach
from web.tables import XLSX

routes = Blueprint("outlines", __name__)
SHOWN_KEPT = 12


@dataclass(frozen=True, slots=True)
class Branch:
    """A scope of the first grade with everything below it, in the outline's order."""

    scope: ScopeCoverage
    rows: tuple[ScopeCoverage | PointCoverage, ...]


@routes.get("/outlines")
@needs_units(Permission.SEE_OUTLINE)
def show(home: House, actor: Actor) -> ResponseReturnValue:
    """The outline that holds for a bank: counts only, no item."""
    policy = home.policy()
    with home.reading() as session:
        banks = banks_in_reach(session, actor)
        if not banks:
            return render_template("outlines/show.html", bank=None, view=None)
        bank = bank_in_reach(session, actor, request.args.get("bank", banks[0].id, type=int))
        view = _view(session, bank)
        state = readiness(session, bank, policy, today())
        history = outline_history(session, bank.occupation, bank.level, bank.institution_id)
        items = items_of_points(session, bank)
    known = view.points if view else {}
    return render_template(
        "outlines/show.html",
        banks=banks,
        bank=bank,
        view=view,
        branches=_branches(state) if view else [],
        bare=sum(not point.present for point in state.points),
        shares=_shares(view, policy) if view else [],
        history=history,
        orphans=sorted((text, count) for text, count in items.items() if text not in known),
        policy=policy,
        may_revise=may(actor, Permission.REVISE_OUTLINE),
        is_writer=Role.WRITER in actor.roles,
    )


def _view(session: Session, bank: Bank) -> OutlineView | None:
    return outline_view(session, bank.occupation, bank.level, bank.institution_id)


def _branches(state: Readiness) -> list[Branch]:
    """The tree as the page shows it: points follow their scope."""
    rows: dict[str, list[ScopeCoverage | PointCoverage]] = {}
    tops = {scope.code: scope for scope in state.scopes if scope.parent is None}
    for scope in state.scopes:
        inside = rows.setdefault(_top(scope.code, tops), [])
        if scope.code not in tops:
            inside.append(scope)
        inside += [point for point in state.points if point.scope == scope.code]
    return [Branch(scope, tuple(rows[code])) for code, scope in tops.items() if scope.points]


def _top(code: str, tops: dict[str, ScopeCoverage]) -> str:
    return next((top for top in tops if code == top or code.startswith(f"{top}-")), code)


def _shares(view: OutlineView, policy: Policy) -> list[tuple[Importance, float, str, bool]]:
    """Each importance: its share of the points, what the rule says, whether it fits."""
    found = view.shares
    core, general, auxiliary = policy.core_share, policy.general_share, policy.auxiliary_share
    return [
        (Importance.X, found[Importance.X], f"一般不低于 {core:.0%}", found[Importance.X] >= core),
        (Importance.Y, found[Importance.Y], f"一般不超过 {general:.0%}", found[Importance.Y] <= general),
        (Importance.Z, found[Importance.Z], f"一般不超过 {auxiliary:.0%}", found[Importance.Z] <= auxiliary),
    ]


@routes.get("/outlines/template.xlsx")
@needs_units(Permission.SEE_OUTLINE)
def template(_home: House, _actor: Actor) -> ResponseReturnValue:
    """The empty form with three rows to show how it is filled in."""
    return hand_out(outline_template(), XLSX, "细目表模板.xlsx")


@routes.get("/outlines/<int:bank_id>/outline.xlsx")
@needs_units(Permission.SEE_OUTLINE)
def download(home: House, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """The outline that holds, in the same form, to be revised and read again."""
    with home.reading() as session:
        bank = bank_in_reach(session, actor, bank_id)
        view = _view(session, bank)
        if view is None:
            raise NotFound("这个题库还没有细目表，可以先下载空白模板")
        data = outline_workbook(bank.title.replace(" · ", "（") + "）", view)
        name = f"{bank.title}细目表第{view.outline.version}版.xlsx".replace(" · ", "").replace("/", "")
    return hand_out(data, XLSX, name)


@routes.get("/outlines/<int:bank_id>/revise")
@needs(Permission.REVISE_OUTLINE)
def revise(session: Session, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """Where the file of a new version is dropped."""
    bank = bank_in_reach(session, actor, bank_id)
    return render_template("outlines/revise.html", bank=bank, view=_view(session, bank))


@routes.post("/outlines/<int:bank_id>/revise")
@needs_units(Permission.REVISE_OUTLINE)
def read(home: House, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """Read the file outside any unit of work and keep it for the preview."""
    with home.reading() as session:
        level = bank_in_reach(session, actor, bank_id).level
    file = chosen_file("没有选择文件。请返回上一页，选择 Excel 或 Word 文件")
    reading = read_outline(file.name, file.data, level)
    with home.unit_of_work() as session:
        bank = bank_in_reach(session, actor, bank_id)
        view = _view(session, bank)
        reading = complete(reading, view, file.name)
        before_id = view.outline.id if view else None
        token = keep_outline(session, actor, bank, reading, source=file.name, before_id=before_id)
    return redirect(url_for("outlines.preview", token=token))


@routes.get("/outlines/revisions/<token>")
@needs(Permission.REVISE_OUTLINE)
def preview(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """What the new version would change, point by point, before anything is written."""
    draft, reading = find_outline(session, actor, token)
    bank = draft.bank
    plan = plan_revision(
        session, reading, occupation=bank.occupation, level=bank.level, institution_id=bank.institution_id
    )
    return render_template(
        "outlines/preview.html",
        draft=draft,
        bank=bank,
        reading=reading,
        plan=plan,
        warnings=outline_warnings(reading, house().policy()),
        doubtful=[one for one in plan.fates if one.doubtful],
        lost=plan.of(Fate.ORPHANED),
        changed=[one for one in plan.of(Fate.MOVED, Fate.RENAMED, Fate.PLACED) if not one.doubtful],
        counts={kind: len(plan.of(kind)) for kind in Fate},
        FATE_NAMES=FATE_NAMES,
        GROUND_NAMES=GROUND_NAMES,
        Fate=Fate,
        shown=SHOWN_KEPT,
        stale=_is_stale(draft, plan),
    )


def _is_stale(draft: OutlineDraft, plan: RevisionPlan) -> bool:
    """Whether another version has come in between since the file was compared."""
    return draft.before_id != (plan.before.id if plan.before else None)


@routes.post("/outlines/revisions/<token>")
@needs(Permission.REVISE_OUTLINE)
def confirm(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """Write the new version and move the items, in one transaction; points ticked as different stay behind."""
    draft, reading = find_outline(session, actor, token)
    bank = draft.bank
    view = _view(session, bank)
    if draft.before_id != (view.outline.id if view else None):
        raise BadInput("上传之后细目表又换了新版，刚才看到的变化已不准确；请重新上传文件，再看一遍")
    done = import_outline(
        session,
        actor,
        reading,
        occupation=bank.occupation,
        level=bank.level,
        source=draft.source,
        institution_id=bank.institution_id,
        apart=request.form.getlist("apart"),
    )
    session.delete(draft)
    moved = done.plan.items(Fate.MOVED, Fate.RENAMED, Fate.PLACED)
    flash(f"本机构第 {done.outline.version} 版细目表已启用，{moved} 道试题已随之归位")
    if lost := done.plan.items(Fate.ORPHANED):
        flash(f"有 {lost} 道试题没有去处，仍留在题库里，列在本页“不在细目表中的试题”下", "warn")
    return redirect(url_for("outlines.show", bank=bank.id))
