"""Sharing out the work: the organizer as project lead gives writers points, types, numbers and a day.

Reviewers do not see this page: whoever knows who writes which point knows who wrote the question before them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.assignments import (
    Plan,
    Progress,
    Wanted,
    assign,
    find_assignment,
    outstanding,
    progress,
    share_out,
    withdraw,
    writers_of,
)
from bank.content import ItemType
from bank.eligibility import grade_warning
from bank.ground.actors import Actor, User, actor_of
from bank.ground.clock import parse_day, today
from bank.ground.errors import BadInput
from bank.institutions import Bank
from bank.outlines import outline_view
from bank.process import step_states
from bank.readiness import Readiness, readiness
from web.permissions import Permission, house, needs
from web.process import chosen_bank
from web.reach import bank_in_reach, banks_in_reach

routes = Blueprint("assignments", __name__)
SHOWN_ORDERS, SHOWN_TASKS = 12, 20


@dataclass(frozen=True, slots=True)
class Person:
    """A writer of the bank and what became of all the tasks given to them."""

    writer: User
    tasks: int
    asked: int
    delivered: int
    entered: int
    late: int


@routes.get("/assignments")
@needs(Permission.ASSIGN_WRITING)
def board(session: Session, actor: Actor) -> ResponseReturnValue:
    """What was given out for one bank, how far it is, and what is still to be given."""
    banks = banks_in_reach(session, actor)
    bank = chosen_bank(session, actor, banks)
    return _board(session, bank, banks)


def _board(session: Session, bank: Bank, banks: Sequence[Bank], error: str = "") -> str:
    state, given = _state(session, bank), outstanding(session, bank)
    writers = writers_of(session, bank)
    tasks = sorted(progress(session, Plan.bank_id == bank.id), key=lambda task: task.done)
    lacking = [order for order in state.work_orders if order.missing > given.get(order.point, 0)]
    outline = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    return render_template(
        "assignments/board.html",
        banks=banks,
        bank=bank,
        state=state,
        people=[_person(writer, tasks) for writer in writers],
        tasks=tasks if "all" in request.args else tasks[:SHOWN_TASKS],
        task_count=len(tasks),
        late=sum(task.overdue(today()) for task in tasks),
        writers=writers,
        names={writer.id: writer.name for writer in writers},
        too_low={writer.id for writer in writers if grade_warning(session, actor_of(writer), bank)},
        orders=lacking if "all" in request.args else lacking[:SHOWN_ORDERS],
        order_count=len(lacking),
        given=given,
        points=outline.points if outline else {},
        steps=step_states(session, bank),
        error=error,
    )


def _person(writer: User, tasks: Sequence[Progress]) -> Person:
    own = [task for task in tasks if task.assignment.writer_id == writer.id]
    return Person(
        writer,
        len(own),
        sum(task.assignment.count for task in own),
        sum(task.delivered for task in own),
        sum(task.entered for task in own),
        sum(task.overdue(today()) for task in own),
    )


def _state(session: Session, bank: Bank) -> Readiness:
    return readiness(session, bank, house().policy(), today())


@routes.post("/assignments")
@needs(Permission.ASSIGN_WRITING)
def give(session: Session, actor: Actor) -> ResponseReturnValue:
    """Give one task, or share out the ticked missing points among the ticked writers."""
    bank = bank_in_reach(session, actor, request.form.get("bank", 0, type=int))
    writers = writers_of(session, bank)
    try:
        due_on = parse_day(request.form.get("due", ""), "截止日期")
        wanted = _shared(session, bank, writers) if request.form.get("share") else [_single(writers)]
        plan = assign(session, actor, bank, wanted, due_on=due_on, title=request.form.get("title", ""))
    except BadInput as error:
        return _board(session, bank, banks_in_reach(session, actor), error.message), 422
    flash(
        f"已分派 {sum(one.count for one in wanted)} 道题给 {len({one.writer.id for one in wanted})} 位命题人，"
        f"{plan.due_on} 截止"
    )
    return redirect(url_for("assignments.board", bank=bank.id))


def _single(writers: Sequence[User]) -> Wanted:
    writer = next((one for one in writers if one.id == request.form.get("writer", 0, type=int)), None)
    if writer is None:
        raise BadInput("请选一位命题人")
    kind = request.form.get("type", "")
    return Wanted(
        writer,
        request.form.get("count", 0, type=int),
        request.form.get("point") or None,
        ItemType(kind) if kind in set(ItemType) else None,
    )


def _shared(session: Session, bank: Bank, writers: Sequence[User]) -> list[Wanted]:
    ticked, people = set(request.form.getlist("point")), set(request.form.getlist("writer", type=int))
    orders = [order for order in _state(session, bank).work_orders if (order.point or "") in ticked]
    return share_out(orders, [one for one in writers if one.id in people], outstanding(session, bank))


@routes.post("/assignments/<int:assignment_id>/withdraw")
@needs(Permission.ASSIGN_WRITING)
def take_back(session: Session, actor: Actor, assignment_id: int) -> ResponseReturnValue:
    """Take a task back; what was written stays in the bank."""
    found = find_assignment(session, assignment_id)
    bank = bank_in_reach(session, actor, found.plan.bank_id)
    withdraw(session, actor, found)
    flash("已收回这项任务，已写的题不受影响")
    return redirect(url_for("assignments.board", bank=bank.id))
