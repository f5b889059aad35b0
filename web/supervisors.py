"""Supervisors: every bank of the territory with its deadline and health, the most urgent first (Article 6(5)).

These pages show counts, no text: they read without asking for the writer.
"""

from collections import Counter

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.coverage import nest
from bank.ground.actors import Actor
from bank.ground.clock import add_months, today
from bank.ground.policy import Policy
from bank.readiness import URGENCY, BankState, Readiness, by_urgency, readiness
from integrity.audits.reuse import PaperVerdict, ReuseAudit, audit_papers
from web.charts import growth_of
from web.house import House
from web.permissions import Permission, needs_units
from web.quality import health_of
from web.reach import bank_in_reach, banks_in_reach

routes = Blueprint("supervisors", __name__)
SHOWN = 6
ATTENTION = frozenset({BankState.OVERDUE, BankState.AT_RISK, BankState.RENEWAL_DUE})


@routes.get("/supervision")
@needs_units(Permission.SEE_TERRITORY)
def desk(house: House, actor: Actor) -> ResponseReturnValue:
    """What needs the office's eye: overdue banks, look-alike papers of the last window."""
    policy = house.policy()
    with house.reading() as session:
        states = _states(session, actor, policy)
        audit = _recent_audit(session, states, policy)
    return render_template(
        "supervisors/desk.html",
        states=states,
        urgent=[one for one in states if one.state in ATTENTION][:SHOWN],
        counts=Counter(one.state for one in states),
        audit=audit,
        alike=audit.of(PaperVerdict.ALIKE),
        partial=audit.of(PaperVerdict.PARTIAL),
        policy=policy,
    )


@routes.get("/supervision/banks")
@needs_units(Permission.SEE_TERRITORY)
def banks(house: House, actor: Actor) -> ResponseReturnValue:
    """All banks of the territory by urgency."""
    policy = house.policy()
    with house.reading() as session:
        states = _states(session, actor, policy)
    wanted = request.args.get("state", "")
    shown = [one for one in states if one.state.value == wanted] if wanted in set(BankState) else states
    return render_template(
        "supervisors/banks.html",
        states=shown,
        count=len(states),
        counts=Counter(one.state for one in states),
        order=URGENCY,
        institutions=len({one.bank.institution_id for one in states}),
        policy=policy,
    )


@routes.get("/supervision/banks/<int:bank_id>")
@needs_units(Permission.SEE_TERRITORY)
def bank(house: House, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """One bank's points and pace; counts only, no item."""
    policy = house.policy()
    day = today()
    with house.reading() as session:
        state = readiness(session, bank_in_reach(session, actor, bank_id), policy, day)
    return render_template(
        "supervisors/bank.html",
        state=state,
        policy=policy,
        growth=growth_of(state, day),
        nodes=nest(state.scopes, state.points),
    )


@routes.get("/supervision/banks/<int:bank_id>/quality")
@needs_units(Permission.SEE_TERRITORY)
def bank_quality(house: House, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """How many items of one bank fail which check; counts only, no item."""
    policy = house.policy()
    with house.reading() as session:
        bank = bank_in_reach(session, actor, bank_id)
        found = health_of(session, bank, policy)
    return render_template("supervisors/bank_quality.html", bank=bank, found=found, policy=policy)


def _states(session: Session, actor: Actor, policy: Policy) -> list[Readiness]:
    day = today()
    return by_urgency(readiness(session, one, policy, day) for one in banks_in_reach(session, actor))


def _recent_audit(session: Session, states: list[Readiness], policy: Policy) -> ReuseAudit:
    reach = {one.bank.institution_id for one in states}
    return audit_papers(session, reach, add_months(today(), -policy.reuse_window_months), today(), policy)
