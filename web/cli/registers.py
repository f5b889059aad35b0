"""Commands for the registers: institutions and their registrations."""

from typing import Any

import click
import sqlalchemy as sa

from bank.ground.actors import OPERATOR
from bank.ground.clock import add_months, parse_day
from bank.institutions import (
    KIND_NAMES,
    Institution,
    InstitutionKind,
    Registration,
    add_institution,
    add_registration,
    find_institution,
)
from bank.occupations import LEVEL_NAMES, occupation_name
from web.cli.chinese import Group
from web.cli.frame import Answer, command
from web.house import House

institution = Group("institution")
registration = Group("registration")


def join(cli: Group) -> None:
    """Hang this subject's groups under `tidun`."""
    for group in (institution, registration):
        cli.add_command(group)


def _institution_row(one: Institution) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "kind": one.kind.value, "jurisdiction": one.jurisdiction.name}


@command(institution, "add")
@click.option("--name", required=True, help="机构名称 (name)")
@click.option(
    "--kind", required=True, type=click.Choice([kind.value for kind in InstitutionKind]), help="机构类别 (kind)"
)
@click.option("--jurisdiction", required=True, help="属地，如 黄石市、大冶市 (jurisdiction)")
def add_one_institution(house: House, name: str, kind: str, jurisdiction: str) -> Answer:
    """登记一家评价机构 (institution)"""
    with house.unit_of_work() as session:
        made = add_institution(session, OPERATOR, name=name, kind=InstitutionKind(kind), jurisdiction=jurisdiction)
        session.refresh(made)
        row = _institution_row(made)
    return Answer(row, [f"已登记评价机构 {row['id']}：{row['name']}（{KIND_NAMES[made.kind]}，{row['jurisdiction']}）"])


@command(institution, "list")
def list_institutions(house: House) -> Answer:
    """列出评价机构 (institutions)"""
    with house.reading() as session:
        rows = [_institution_row(one) for one in session.scalars(sa.select(Institution).order_by(Institution.id))]
    lines = [
        f"{row['id']:>4}  {row['name']}  {KIND_NAMES[InstitutionKind(row['kind'])]}  {row['jurisdiction']}"
        for row in rows
    ]
    return Answer({"rows": rows}, lines or ["还没有登记评价机构"])


def _registration_row(one: Registration, years: int) -> dict[str, Any]:
    return {
        "id": one.id,
        "institution": one.institution_id,
        "institution_name": one.institution.name,
        "occupation": one.occupation,
        "occupation_name": occupation_name(one.occupation),
        "level": one.level,
        "filed_on": one.filed_on.isoformat(),
        "valid_until": add_months(one.filed_on, 12 * years).isoformat(),
    }


@command(registration, "add")
@click.option("--institution", "owner", required=True, metavar="ID", help="机构编号或名称 (institution)")
@click.option("--occupation", required=True, metavar="CODE", help="职业编码，如 6-31-01-03 (occupation)")
@click.option("--level", required=True, type=int, help="等级 5 初级工 … 1 高级技师 (level)")
@click.option("--filed-on", required=True, metavar="D", help="备案日期，如 2026-01-15 (filed on)")
def add_one_registration(house: House, owner: str, occupation: str, level: int, filed_on: str) -> Answer:
    """登记备案，建库期限从备案日起算 (registration)"""
    day = parse_day(filed_on, "备案日期 --filed-on ")
    with house.unit_of_work() as session:
        body = find_institution(session, owner)
        policy = house.policy(day)
        made = add_registration(
            session, OPERATOR, policy, institution=body, occupation=occupation, level=level, filed_on=day
        )
        session.refresh(made)
        row = _registration_row(made, policy.registration_years)
        row["deadline"] = add_months(day, policy.build_months).isoformat()
    title = f"{row['occupation_name']} {LEVEL_NAMES[level]}"
    return Answer(
        row, [f"已登记备案 {row['id']}：{row['institution_name']} · {title}，题库应在 {row['deadline']} 当日或之前建成"]
    )


@command(registration, "list")
def list_registrations(house: House) -> Answer:
    """列出备案 (registrations)"""
    with house.reading() as session:
        found = session.scalars(sa.select(Registration).order_by(Registration.id))
        rows = [_registration_row(one, house.policy(one.filed_on).registration_years) for one in found]
    lines = [
        f"{row['id']:>4}  {row['institution_name']}  {row['occupation_name']} {row['level']} 级  "
        f"{row['filed_on']} 至 {row['valid_until']}"
        for row in rows
    ]
    return Answer({"rows": rows}, lines or ["还没有备案"])
