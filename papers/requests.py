"""An assembly from the register's side: gather what the solver needs, commit to the seed, keep what it found.

The seed's commitment stands in the ledger before solving, every redraw is counted, and before a paper is kept the
facts it was held against are looked at again: a paper used meanwhile makes the draw void.
"""

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from secrets import token_bytes
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import CHOICE_TYPES, ItemType
from bank.ground.actors import Actor
from bank.ground.errors import BadInput, Refused
from bank.ground.policy import Policy
from bank.institutions import Bank
from bank.items import Item, ItemStatus, ItemVersion, Origin, Secrecy, open_versions
from bank.ledger.log import append
from bank.outlines import outline_view
from papers.assembly.blueprints import Blueprint, default_blueprint, to_toml
from papers.assembly.candidates import Candidate, PastPaper
from papers.assembly.outcome import Found, Request
from papers.blueprints import load_blueprint
from papers.ordering import option_order
from papers.papers import (
    Form,
    FormItem,
    Paper,
    PaperOrigin,
    count_draw,
    next_number,
    queue_for,
    seal_form_body,
    seal_paper_body,
)
from papers.sittings import used_forms, void_paper

LABELS = ("A", "B", "备用", "备用2", "备用3", "备用4")
MOST_FORMS = len(LABELS)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All an assembly needs, taken at one moment."""

    bank_id: int
    held_on: date
    months: int
    request: Request
    commitment: str
    draws: int
    instead_of: int | None


def gather(
    session: Session,
    actor: Actor,
    bank: Bank,
    policy: Policy,
    *,
    held_on: date,
    blueprint: Blueprint | str | None = None,
    forms: int = 3,
    instead_of: int | None = None,
) -> Gathered:
    """The request for these forms, its seed committed to the ledger; raises BadInput for what cannot be asked for.

    `instead_of` is the id of a paper never used, which the new one replaces.
    """
    if not 1 <= forms <= MOST_FORMS:
        raise BadInput(f"平行卷份数应为 1 到 {MOST_FORMS}，现为 {forms}")
    replaced = None if instead_of is None else session.get(Paper, instead_of)
    if instead_of is not None and (replaced is None or replaced.bank_id != bank.id):
        raise BadInput("要代替的试卷不属于这个题库，请核对试卷编号")
    queue_for(session, bank)
    candidates = _candidates(session, bank)
    if isinstance(blueprint, str):
        blueprint = load_blueprint(session, bank, blueprint)
    if blueprint is None:
        blueprint = default_blueprint(_supply(candidates))
    limit = blueprint.overlap_limit if blueprint.overlap_limit is not None else 100 * policy.overlap_limit
    past = _past(session, bank, held_on, policy.reuse_window_months, instead_of)
    request = Request(blueprint, candidates, past, limit, forms, token_bytes(32))
    snapshot = _snapshot(request)
    commitment = hashlib.sha256(request.seed + snapshot).hexdigest()
    drawn = count_draw(session, bank, held_on)
    facts = {"bank": bank.id, "held_on": held_on.isoformat(), "draw": drawn, "commitment": commitment}
    append(session, actor, "paper.draw", {**facts, "forms": forms, "past": len(past)})
    return Gathered(bank.id, held_on, policy.reuse_window_months, request, commitment, drawn, instead_of)


def keep(session: Session, actor: Actor, gathered: Gathered, found: Found) -> Paper:
    """Store the forms found; raises Refused when a paper was used or kept, or a chosen item changed, meanwhile."""
    bank = session.get_one(Bank, gathered.bank_id)
    request = gathered.request
    queue_for(session, bank)
    if _past(session, bank, gathered.held_on, gathered.months, gathered.instead_of) != request.past:
        raise Refused("组卷期间有新的试卷入库或使用，本次结果作废（第十四条第四项）；请重新组卷")
    if not set(_candidates(session, bank)).issuperset(one for form in found.forms for one in form):
        raise Refused("组卷期间所选试题有改动或停用，本次结果作废（第六条第四项）；请重新组卷")
    if gathered.instead_of is not None:
        void_paper(session, actor, session.get_one(Paper, gathered.instead_of))
    paper = Paper(
        number=next_number(session, bank, gathered.held_on),
        bank_id=bank.id,
        bank=bank,
        origin=PaperOrigin.ASSEMBLED,
        blueprint=request.blueprint.name[:128],
        minutes=request.blueprint.minutes,
        held_on=gathered.held_on,
        draws=gathered.draws,
        made_by=actor.name,
    )
    paper.body = seal_paper_body(session, paper, _facts(gathered, found))
    session.add(paper)
    for label, chosen in zip(LABELS, found.forms, strict=False):
        items = _form_items(session, gathered, label, chosen)
        session.add(Form(paper=paper, label=label, body=seal_form_body(session, paper, label, items)))
    session.flush()
    facts = {"paper": paper.number, "bank": bank.id, "forms": len(found.forms), "commitment": gathered.commitment}
    append(session, actor, "paper.assemble", facts)
    return paper


def _facts(gathered: Gathered, found: Found) -> dict[str, Any]:
    """What the paper's sealed body says: certificate, blueprint, seed, and the papers it was held against."""
    request = gathered.request
    return {
        "certificate": [asdict(line) for line in found.certificate],
        "labels": list(LABELS[: len(found.forms)]),
        "blueprint": to_toml(request.blueprint),
        "overlap_limit": request.overlap_limit,
        "seed": request.seed.hex(),
        "commitment": gathered.commitment,
        "past": [{"label": paper.label, "day": paper.day.isoformat()} for paper in request.past],
        "seconds": round(found.seconds, 2),
    }


def _form_items(session: Session, gathered: Gathered, label: str, chosen: tuple[Candidate, ...]) -> list[FormItem]:
    marks = {section.type: section.marks for section in gathered.request.blueprint.sections}
    versions = session.scalars(sa.select(ItemVersion).where(ItemVersion.id.in_([one.version for one in chosen])))
    contents = open_versions(session, versions)
    listed = []
    for one in chosen:
        content = contents[one.version]
        order = option_order(content, gathered.request.seed, f"{label}/{one.item}") if one.type in CHOICE_TYPES else ()
        listed.append(FormItem(one.item, one.version, marks[one.type], order))
    return listed


def _candidates(session: Session, bank: Bank) -> tuple[Candidate, ...]:
    """Approved secret items of the bank itself, with the scopes above their point."""
    outline = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    found = session.execute(
        sa.select(Item, ItemVersion.id, ItemVersion.author_id)
        .join(ItemVersion, sa.and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.version))
        .where(
            Item.bank_id == bank.id,
            Item.status == ItemStatus.APPROVED,
            Item.origin == Origin.BANK,
            Item.secrecy == Secrecy.SECRET,
        )
        .order_by(Item.id)
    )
    candidates = []
    for item, version, author in found:
        scopes = outline.chain(item.point) if outline is not None and item.point is not None else ()
        candidates.append(
            Candidate(
                item.id, version, item.type, item.cluster_id or -version, item.point, scopes, item.difficulty, author
            )
        )
    return tuple(candidates)


def _supply(candidates: tuple[Candidate, ...]) -> Counter[ItemType]:
    """Distinct questions per type."""
    return Counter(kind for kind, _ in {(one.type, one.cluster) for one in candidates})


def _past(session: Session, bank: Bank, held_on: date, months: int, instead_of: int | None) -> tuple[PastPaper, ...]:
    found = used_forms(session, bank, held_on, months, instead_of)
    return tuple(PastPaper(used.label, used.day, frozenset(used.marks)) for used in found)


def _snapshot(request: Request) -> bytes:
    """A digest of bank, rules and past papers: what the seed is committed together with."""
    told = repr((request.blueprint, request.candidates, sorted(repr(p.label) for p in request.past), request.forms))
    return hashlib.sha256(told.encode()).digest()
