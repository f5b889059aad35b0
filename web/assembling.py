"""Assembling at the edge: gather under one unit of work, solve outside any, keep under a second.

The seed is committed to the ledger before the solver starts; between the two units nothing is locked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bank.ground.actors import Actor
from bank.institutions import bank_of
from papers.assembly.blueprints import Blueprint
from papers.assembly.outcome import Found, Outcome
from papers.assembly.solver import assemble as solve
from papers.papers import Paper
from papers.requests import gather, keep
from web.house import House


@dataclass(frozen=True, slots=True)
class Assembled:
    """What came of an assembly: the stored paper when one was found, and in any case what the solver says."""

    paper: Paper | None
    outcome: Outcome


def assemble(
    house: House,
    actor: Actor,
    *,
    institution: str | int,
    occupation: str,
    level: int,
    held_on: date,
    blueprint: Blueprint | str | None = None,
    forms: int = 3,
    instead_of: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Assembled:
    """Parallel forms for a day, stored with their certificate; raises BadInput for an impossible blueprint.

    `instead_of` is a paper never used: it is voided in the same unit of work that keeps the new one.
    """
    with house.unit_of_work() as session:
        bank = bank_of(session, institution, occupation, level)
        gathered = gather(
            session,
            actor,
            bank,
            house.policy(held_on),
            held_on=held_on,
            blueprint=blueprint,
            forms=forms,
            instead_of=instead_of,
        )
    outcome = solve(gathered.request, progress)
    if not isinstance(outcome, Found):
        return Assembled(None, outcome)
    with house.unit_of_work() as session:
        kept = keep(session, actor, gathered, outcome)
        session.refresh(kept, ["forms"])
        return Assembled(kept, outcome)
