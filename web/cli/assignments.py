"""Commands for sharing out the work: who writes how many items of what until when."""

from collections.abc import Sequence
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.assignments import (
    Assignment,
    Plan,
    Progress,
    Wanted,
    assign,
    described,
    outstanding,
    progress,
    share_out,
)
from bank.content import ItemType
from bank.ground.actors import OPERATOR, User, find_user
from bank.ground.clock import parse_day, today
from bank.ground.errors import BadInput
from bank.institutions import Bank, bank_of, find_institution
from bank.readiness import readiness
from web.cli.chinese import Group
from web.cli.frame import Answer, command
from web.cli.process import bank_options
from web.house import House

assignment = Group("assignment")


def join(cli: Group) -> None:
    """Hang this subject's group under `tidun`."""
    cli.add_command(assignment)


@command(assignment, "add")
@bank_options
@click.option("--writer", "logins", required=True, multiple=True, metavar="LOGIN", help="命题人，可重复 (writer)")
@click.option("--due", required=True, metavar="DATE", help="截止日期 (due)")
@click.option("--count", type=int, help="题数 (count)")
@click.option("--point", help="细目表里点的代码 (point)")
@click.option("--type", "kind", type=click.Choice([one.value for one in ItemType]), help="题型 (type)")
@click.option("--missing", is_flag=True, help="把还缺的题全部分给所列命题人 (missing)")
@click.option("--title", default="", help="名称 (title)")
def add_assignment(
    house: House,
    owner: str,
    occupation: str,
    level: int,
    logins: tuple[str, ...],
    due: str,
    count: int | None,
    point: str | None,
    kind: str | None,
    missing: bool,
    title: str,
) -> Answer:
    """分派命题任务 (assignment)

    写明 --count 给每位所列命题人同样的任务；或用 --missing 按题库还缺的题分派。
    """
    if missing == (count is not None):
        raise BadInput("请写 --count 题数，或写 --missing 按还缺的题分派，二者选一")
    with house.unit_of_work() as session:
        bank = bank_of(session, owner, occupation, level)
        writers = [find_user(session, login) for login in logins]
        if missing:
            wanted = _missing(session, house, bank, writers)
        else:
            wanted = [Wanted(one, count or 0, point, ItemType(kind) if kind else None) for one in writers]
        plan = assign(session, OPERATOR, bank, wanted, due_on=parse_day(due, "截止日期"), title=title)
        found = progress(session, Plan.id == plan.id)
        rows = _rows(session, found)
    return Answer({"plan": plan.id, "rows": rows}, [f"已分派 {len(rows)} 项，{due} 截止", *map(_line, rows)])


def _missing(session: Session, house: House, bank: Bank, writers: Sequence[User]) -> list[Wanted]:
    state = readiness(session, bank, house.policy(), today())
    return share_out(state.work_orders, writers, outstanding(session, bank))


@command(assignment, "list")
@click.option("--institution", "owner", metavar="ID", help="只看这家机构 (institution)")
@click.option("--writer", "login", metavar="LOGIN", help="只看这位命题人 (writer)")
@click.option("--overdue", is_flag=True, help="只看逾期的 (overdue)")
def list_assignments(house: House, owner: str | None, login: str | None, overdue: bool) -> Answer:
    """列出命题任务和进度 (assignments)"""
    with house.reading() as session:
        criteria: list[sa.ColumnElement[bool]] = []
        if owner is not None:
            banks = sa.select(Bank.id).where(Bank.institution_id == find_institution(session, owner).id)
            criteria.append(Plan.bank_id.in_(banks))
        if login is not None:
            criteria.append(Assignment.writer_id == find_user(session, login).id)
        found = [one for one in progress(session, *criteria) if one.overdue(today()) or not overdue]
        rows = _rows(session, found)
    return Answer({"rows": rows}, [_line(row) for row in rows] or ["没有命题任务"])


def _rows(session: Session, found: Sequence[Progress]) -> list[dict[str, Any]]:
    return [_row(session.get_one(User, one.assignment.writer_id), one) for one in found]


def _row(writer: User, one: Progress) -> dict[str, Any]:
    given = one.assignment
    return {
        "assignment": given.id,
        "plan": given.plan_id,
        "bank": given.plan.bank_id,
        "writer": writer.login,
        "point": given.point,
        "type": given.type.value if given.type else None,
        "asked": described(given),
        "count": given.count,
        "drafted": one.drafted,
        "submitted": one.submitted,
        "entered": one.entered,
        "due": given.plan.due_on.isoformat(),
        "overdue": one.overdue(today()),
    }


def _line(row: dict[str, Any]) -> str:
    late = "，已逾期" if row["overdue"] else ""
    done = row["submitted"] + row["entered"]
    return (
        f"{row['assignment']:>4}  {row['writer']}  {row['point'] or '不限'}  {row['asked']}，"
        f"交出 {done}，{row['due']} 截止{late}"
    )
