"""The steps of writing a bank: where each stands, who opened and closed it, and what came of it."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.ground.actors import Actor, User
from bank.ground.errors import BadInput
from bank.institutions import Bank
from bank.process import WritersSee, close_step, open_step, settings_of, step_states
from bank.reading_rights import writers_see
from bank.writing_rules import Step
from web.permissions import Permission, needs
from web.reach import bank_in_reach, banks_in_reach

routes = Blueprint("process", __name__)
LONGEST_NOTE = 500


def chosen_bank(session: Session, actor: Actor, banks: list[Bank]) -> Bank:
    """The bank that the page is about: the one asked for, else the first of the own institution."""
    if not banks:
        raise BadInput("您的机构还没有备案职业，题库在备案登记后自动建立")
    wanted = request.values.get("bank", type=int)
    return bank_in_reach(session, actor, wanted) if wanted else banks[0]


@routes.get("/process")
@needs(Permission.LEAD_BANK)
def show(session: Session, actor: Actor) -> ResponseReturnValue:
    """The steps of one bank, with the log of each and the settings that hold."""
    banks = banks_in_reach(session, actor)
    bank = chosen_bank(session, actor, banks)
    return render_template(
        "process/show.html",
        banks=banks,
        bank=bank,
        steps=step_states(session, bank, with_notes=True),
        names=_names(session, bank),
        settings=settings_of(session, bank),
        own_part=writers_see(session, bank) is WritersSee.OWN,
        mine=lambda rule: bool(actor.roles & rule.roles),
    )


def _names(session: Session, bank: Bank) -> dict[str, str]:
    """Who acted, by login, as the institution calls its people."""
    people = session.scalars(sa.select(User).where(User.institution_id == bank.institution_id))
    return {one.login: one.name for one in people}


@routes.post("/process")
@needs(Permission.LEAD_BANK)
def move(session: Session, actor: Actor) -> ResponseReturnValue:
    """Open or close one step."""
    bank = bank_in_reach(session, actor, request.form.get("bank", 0, type=int))
    given = request.form.get("step", "")
    if given not in set(Step):
        raise BadInput("没有这个命题环节，请刷新页面后重试")
    if request.form.get("act") == "close":
        close_step(session, actor, bank, Step(given), request.form.get("note", "")[:LONGEST_NOTE])
        flash("已记下环节结束")
    else:
        open_step(session, actor, bank, Step(given))
        flash("已记下环节开始")
    return redirect(url_for("process.show", bank=bank.id))
