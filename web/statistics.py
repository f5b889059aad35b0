"""Item statistics: results of sittings taken in by organizers, what they say of items for reviewers and supervisors.

Organizers see their sitting's numbers, reviewers those of their banks, supervisors only which items suddenly got easy
and where (Article 16(2)). None of these pages shows a question; a reviewer asks for one, and that reading is logged.
"""

from collections import Counter
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.content import LETTERS, ItemContent
from bank.ground.actors import Actor
from bank.ground.errors import BadInput, NotFound
from bank.institutions import Bank
from bank.items import ItemVersion, read_versions
from bank.ledger.log import append
from bank.outlines import outline_view
from papers.histories import ItemHistory, item_histories, leak_leads
from papers.responses import MAX_BYTES, read_responses
from papers.results import SittingResult, find_sitting, open_results, questions_of, record_results, weigh
from papers.sittings import Sitting
from papers.statistics.drift import FALSE_ALARMS, FEWEST
from papers.statistics.judging import FLAG_NAMES, FLAG_TONES, RARE, Flag, beating, idle
from papers.statistics.reliability import PASS_SHARE
from web.files import chosen_file, hand_out
from web.house import House
from web.paging import Found
from web.permissions import Permission, needs, needs_units
from web.reach import bank_in_reach, banks_in_reach, item_in_reach, paper_in_reach
from web.result_drafts import find_results, keep_results
from web.statistics_charts import series, span
from web.statistics_sheets import statistics_xlsx, template_xlsx
from web.tables import XLSX

routes = Blueprint("statistics", __name__)
PAGE = 50
SHOWN_REJECTED = 100
NAMES = {"few": FEWEST, "pass_line": PASS_SHARE, "rare": RARE, "rate": FALSE_ALARMS, "span": span}
NAMES |= {"FLAG_NAMES": FLAG_NAMES, "FLAG_TONES": FLAG_TONES}


@routes.get("/sittings/<int:sitting_id>/results")
@needs(Permission.ASSEMBLE_PAPERS)
def results(session: Session, actor: Actor, sitting_id: int) -> ResponseReturnValue:
    """What is known of a sitting, and where its answers are brought."""
    return _results_page(session, _sitting(session, actor, sitting_id))


def _sitting(session: Session, actor: Actor, sitting_id: int) -> Sitting:
    missing = NotFound("没有这个考试批次，或者它不属于您的机构")
    try:
        sitting = find_sitting(session, sitting_id)
        paper_in_reach(session, actor, sitting.form.paper_id)
    except NotFound:
        raise missing from None
    return sitting


def _results_page(session: Session, sitting: Sitting, error: str = "") -> str:
    kept = session.get(SittingResult, sitting.id)
    counts = open_results(session, sitting)
    return render_template(
        "statistics/results.html",
        sitting=sitting,
        kept=kept,
        counts=counts,
        error=error,
        paper=sitting.form.paper,
        **NAMES,
    )


@routes.post("/sittings/<int:sitting_id>/results")
@needs_units(Permission.ASSEMBLE_PAPERS)
def read(house: House, actor: Actor, sitting_id: int) -> ResponseReturnValue:
    """Read the file outside any unit of work, keep its counts for the preview; the file itself goes."""
    with house.reading() as session:
        sitting = _sitting(session, actor, sitting_id)
        questions = questions_of(session, sitting)
    try:
        file = chosen_file("没有选择文件，请选择成绩表（xlsx、xls 或 csv）", most=MAX_BYTES)
        responses = read_responses(file.name, file.data, questions)
    except BadInput as error:
        with house.reading() as session:
            return _results_page(session, _sitting(session, actor, sitting_id), error.message), 422
    with house.unit_of_work() as session:
        sitting = _sitting(session, actor, sitting_id)
        token = keep_results(session, actor, sitting, weigh(sitting, responses))
        # Whoever scores a file learns something of the key, so it is written down even when nothing is kept.
        append(session, actor, "sitting.score", {"sitting": sitting.id, "count": len(responses.answers)})
    return redirect(url_for("statistics.preview", token=token))


@routes.get("/sittings/results/<token>")
@needs(Permission.ASSEMBLE_PAPERS)
def preview(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """What the file says, which rows do not count and why; nothing is stored yet."""
    draft, found = find_results(session, actor, token)
    return render_template(
        "statistics/preview.html",
        draft=draft,
        sitting=draft.sitting,
        found=found,
        kept=session.get(SittingResult, draft.sitting_id),
        shown=SHOWN_REJECTED,
        **NAMES,
    )


@routes.post("/sittings/results/<token>")
@needs(Permission.ASSEMBLE_PAPERS)
def confirm(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """Keep the counts, in place of any earlier ones."""
    draft, found = find_results(session, actor, token)
    sitting = draft.sitting
    record_results(session, actor, sitting, found)
    session.delete(draft)
    flash(f"已存入 {found.whole.n} 人的成绩；只存各题的统计数，考生编号和作答没有保存")
    return redirect(url_for("statistics.results", sitting_id=sitting.id))


@routes.get("/sittings/<int:sitting_id>/template.xlsx")
@needs(Permission.ASSEMBLE_PAPERS)
def template(session: Session, actor: Actor, sitting_id: int) -> ResponseReturnValue:
    """An empty table with the question numbers of the form."""
    sitting = _sitting(session, actor, sitting_id)
    title = f"{sitting.form.title} {sitting.held_on} {sitting.place}"
    data = template_xlsx(title, questions_of(session, sitting))
    return hand_out(data, XLSX, f"{sitting.form.title}-成绩表.xlsx")


@routes.get("/statistics")
@needs(Permission.REVIEW_ITEMS)
def bank(session: Session, actor: Actor) -> ResponseReturnValue:
    """A bank's items by their numbers, the most urgent first; no text."""
    chosen, banks = _chosen_bank(session, actor)
    histories = item_histories(session, chosen)
    flag = request.args.get("flag", "")
    rows = [one for one in histories if flag in one.flags] if flag in set(Flag) else histories
    order = request.args.get("sort", "flags")
    rows = sorted(rows, key=ORDERS.get(order, _urgency), reverse=bool(request.args.get("down")))
    page = min(max(request.args.get("page", 1, type=int), 1), max(-(-len(rows) // PAGE), 1))
    outline = outline_view(session, chosen.occupation, chosen.level, chosen.institution_id)
    return render_template(
        "statistics/bank.html",
        bank=chosen,
        banks=banks,
        histories=histories,
        found=Found(rows[(page - 1) * PAGE : page * PAGE], len(rows), page, PAGE),
        counts=Counter(flag for one in histories for flag in one.flags),
        points=outline.points if outline else {},
        order=order,
        **NAMES,
    )


def _chosen_bank(session: Session, actor: Actor) -> tuple[Bank, list[Bank]]:
    banks = banks_in_reach(session, actor)
    wanted = request.args.get("bank", type=int)
    if not banks:
        raise BadInput("您的机构还没有备案职业，题库在备案登记后自动建立")
    return (bank_in_reach(session, actor, wanted) if wanted else banks[0]), banks


def _urgency(one: ItemHistory) -> tuple[int, int]:
    """By the gravest flag; what has none stands last."""
    return (list(Flag).index(one.flags[0]) if one.flags else len(Flag)), one.item.id


ORDERS: dict[str, Callable[[ItemHistory], tuple[float | str, int]]] = {
    "flags": _urgency,
    "item": lambda one: ("", one.item.id),
    "point": lambda one: (one.item.point or "~", one.item.id),
    "type": lambda one: (one.item.type.value, one.item.id),
    "uses": lambda one: (len(one.uses), one.item.id),
    "last": lambda one: (one.last_used.isoformat(), one.item.id),
    "n": lambda one: (one.count.n if one.count else -1, one.item.id),
    "p": lambda one: (one.count.p if one.count else 2, one.item.id),
    "r": lambda one: (_discrimination(one), one.item.id),
}


def _discrimination(one: ItemHistory) -> float:
    found = one.count.discrimination if one.count else None
    return 2.0 if found is None else found


@routes.get("/statistics/items.xlsx")
@needs(Permission.REVIEW_ITEMS)
def export(session: Session, actor: Actor) -> ResponseReturnValue:
    """The same numbers as a workbook, without content; the export is on the ledger."""
    chosen, _ = _chosen_bank(session, actor)
    histories = item_histories(session, chosen)
    append(session, actor, "item.statistics", {"bank": chosen.id, "count": len(histories)})
    title = f"{chosen.institution.name} {chosen.title} 试题统计（不含内容）"
    return hand_out(statistics_xlsx(title, histories), XLSX, "试题统计.xlsx")


@routes.get("/statistics/items/<int:item_id>")
@needs(Permission.REVIEW_ITEMS)
def item(session: Session, actor: Actor, item_id: int) -> ResponseReturnValue:
    """One item: who chose what, its share over sittings; the question itself only when asked for, and logged."""
    wanted = item_in_reach(session, actor, item_id)
    found = item_histories(session, wanted.bank, wanted.id)
    if not found:
        raise NotFound("这道题还没有用过，没有统计")
    history = found[0]
    outline = outline_view(session, wanted.bank.occupation, wanted.bank.level, wanted.bank.institution_id)
    return render_template(
        "statistics/item.html",
        one=history,
        bank=wanted.bank,
        point=outline.points.get(wanted.point) if outline and wanted.point else None,
        chart=series(history),
        content=_content(session, actor, history) if request.args.get("text") else None,
        idle=idle(history.count, history.key) if history.count else (),
        beating=beating(history.count, history.key) if history.count else (),
        LETTERS=LETTERS,
        **NAMES,
    )


def _content(session: Session, actor: Actor, history: ItemHistory) -> ItemContent | None:
    """The wording that the numbers are about."""
    version = session.get(ItemVersion, history.version_id or history.uses[-1].version_id)
    return read_versions(session, actor, [version], "试题统计")[version.id] if version is not None else None


@routes.get("/supervision/leads")
@needs_units(Permission.SEE_TERRITORY)
def leads(house: House, actor: Actor) -> ResponseReturnValue:
    """Items of the territory that suddenly got easy: numbers, days and places, no text."""
    with house.reading() as session:
        banks = banks_in_reach(session, actor)
        found = leak_leads(session, banks)
    return render_template("statistics/leads.html", leads=found, banks=banks, **NAMES)
