"""The two audits of a supervisor: were papers used again (Article 14(4)), have questions got out (Article 16(2))."""

from datetime import date

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.ground.actors import Actor
from bank.ground.clock import add_months, parse_day, today
from bank.ground.errors import BadInput, NotFound, TidunError
from bank.institutions import Institution, visible_institutions
from bank.ledger.log import append
from integrity.audits.reading import Document, read_document
from integrity.audits.reuse import PaperVerdict, ReuseAudit, UsePair, audit_papers, pair_evidence
from integrity.audits.scanning import LeakVerdict, ScanReport, scan_documents
from web.charts import heat_maps
from web.files import chosen_files
from web.house import House
from web.permissions import Permission, house, needs, needs_units

routes = Blueprint("audits", __name__)
PASTED = "粘贴的文字"
NOTHING = "请粘贴文字，或选择要检查的文件"
SHOWN_PAIRS = 100


@routes.get("/audit/papers")
@needs_units(Permission.AUDIT_PAPERS)
def reuse(house: House, actor: Actor) -> ResponseReturnValue:
    """All pairs of used papers between two days, the last window unless asked otherwise; no text is read."""
    policy = house.policy()
    since, until = _days(add_months(today(), -policy.reuse_window_months), today())
    with house.reading() as session:
        audit = audit_papers(session, _reach(session, actor), since, until, policy)
    facts = {"since": since.isoformat(), "until": until.isoformat(), "uses": len(audit.uses), "pairs": audit.compared}
    with house.unit_of_work() as session:
        append(session, actor, "audit.papers", facts)
    return render_template(
        "supervisors/reuse.html",
        audit=audit,
        since=since,
        until=until,
        policy=policy,
        maps=heat_maps(audit),
        alike=audit.of(PaperVerdict.ALIKE),
        partial=audit.of(PaperVerdict.PARTIAL),
        shown=audit.pairs[:SHOWN_PAIRS],
    )


def _days(since: date, until: date) -> tuple[date, date]:
    since = parse_day(request.args["since"], "开始日期") if request.args.get("since") else since
    until = parse_day(request.args["until"], "结束日期") if request.args.get("until") else until
    if since > until:
        raise BadInput(f"开始日期 {since} 晚于结束日期 {until}，请对调")
    return since, until


def _reach(session: Session, actor: Actor) -> set[int]:
    return set(session.scalars(visible_institutions(session, actor)))


@routes.get("/audit/papers/pair")
@needs(Permission.AUDIT_PAPERS)
def pair(session: Session, actor: Actor) -> ResponseReturnValue:
    """The shared questions of two used papers, both wordings side by side where the pair calls for it."""
    policy = house().policy()
    found = _pair(audit_papers(session, _reach(session, actor), *_pair_days(), policy))
    shown = found.verdict is not PaperVerdict.UNLIKE
    return render_template(
        "supervisors/pair.html",
        pair=found,
        # Below the review share there is no ground for reading other people's questions: numbers must do.
        evidence=pair_evidence(session, actor, found) if shown else [],
        policy=policy,
    )


def _pair_days() -> tuple[date, date]:
    return parse_day(request.args.get("earlier_day", "")), parse_day(request.args.get("later_day", ""))


def _pair(audit: ReuseAudit) -> UsePair:
    wanted = (request.args.get("earlier", 0, type=int), request.args.get("later", 0, type=int))
    earlier_day, later_day = _pair_days()
    for one in audit.pairs:
        if (one.earlier.form, one.later.form) == wanted and (one.earlier.day, one.later.day) == (
            earlier_day,
            later_day,
        ):
            return one
    raise NotFound("没有这两份试卷的比对，或者它们不在您的辖区；请回到雷同审计重新选择")


@routes.get("/audit/leaks")
@needs(Permission.SCAN_LEAKS)
def leaks(session: Session, actor: Actor) -> ResponseReturnValue:
    """Where a suspicious text is pasted or a document given."""
    return render_template("supervisors/leaks.html", reports=None, refused=[], **_scope(session, actor))


@routes.post("/audit/leaks")
@needs_units(Permission.SCAN_LEAKS)
def scan(house: House, actor: Actor) -> ResponseReturnValue:
    """Scan what was given against every bank of the territory; documents are read before the writer is asked for."""
    documents, refused = _documents()
    with house.unit_of_work() as session:
        scope = _scope(session, actor)
        if not documents:
            return render_template("supervisors/leaks.html", reports=None, refused=refused or [NOTHING], **scope), 422
        reports = scan_documents(session, actor, _reach(session, actor), documents)
        institutions = {one.id: one.name for one in session.scalars(_institutions(session, actor))}
        return render_template(
            "supervisors/leaks.html",
            reports=reports,
            refused=refused,
            names=institutions,
            counted=_count(reports),
            **scope,
        )


def _documents() -> tuple[list[Document], list[str]]:
    """What can be read of what was given, and one sentence for each file that cannot."""
    documents, refused = [], []
    text = request.form.get("text", "").strip()
    if text:
        documents.append(Document(PASTED, "txt", text))
    for file in chosen_files():
        try:
            documents.append(read_document(file.name, file.data))
        except TidunError as error:
            refused.append(error.message)
    return documents, refused


def _scope(session: Session, actor: Actor) -> dict[str, int]:
    return {"institutions": len(_reach(session, actor))}


def _institutions(session: Session, actor: Actor) -> sa.Select[Institution]:
    return sa.select(Institution).where(Institution.id.in_(visible_institutions(session, actor)))


def _count(reports: list[ScanReport]) -> dict[str, int]:
    return {
        "leaking": sum(report.verdict is LeakVerdict.LEAK for report in reports),
        "items": len({found.item.id for report in reports for found in report.items}),
        "institutions": len({found.item.bank.institution_id for report in reports for found in report.items}),
    }
