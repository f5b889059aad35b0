"""Commands for the users' register."""

import secrets
import sys
from typing import Any

import click
import sqlalchemy as sa

from bank.ground.actors import GRADE_NAMES, OPERATOR, ROLE_NAMES, Grade, Role, User
from web.cli.chinese import Group
from web.cli.frame import Answer, command
from web.house import House
from web.users import add_user, set_grade

user = Group("user")


def join(cli: Group) -> None:
    """Hang this subject's group under `tidun`."""
    cli.add_command(user)


@command(user, "add")
@click.option("--login", required=True, help="登录名 (login)")
@click.option("--name", required=True, help="姓名 (name)")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([kind.value for kind in Role]),
    help="角色，可重复 (role)",
)
@click.option("--institution", "owner", metavar="ID", help="所属机构 (institution)")
@click.option("--jurisdiction", help="督导员的属地 (jurisdiction)")
@click.option("--grade", type=click.Choice([one.value for one in Grade]), help="本人技能等级 5–1 或职称 (grade)")
@click.option("--password-stdin", is_flag=True, help="从标准输入读口令；不给则生成一个 (password)")
def add_one_user(
    house: House,
    login: str,
    name: str,
    roles: tuple[str, ...],
    owner: str | None,
    jurisdiction: str | None,
    grade: str | None,
    password_stdin: bool,
) -> Answer:
    """登记用户 (user)"""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else f"Td-{secrets.token_urlsafe(9)}7a"
    with house.unit_of_work() as session:
        made = add_user(
            session,
            OPERATOR,
            login=login,
            name=name,
            roles=frozenset(map(Role, roles)),
            password=password,
            institution=owner,
            jurisdiction=jurisdiction,
            grade=Grade(grade) if grade else None,
        )
        row = _user_row(made)
    lines = [f"已登记用户 {login}（{name}）：{'、'.join(ROLE_NAMES[Role(role)] for role in row['roles'])}"]
    if not password_stdin:
        row["initial_password"] = password
        lines.append(f"初始口令 {password} 只显示这一次，请当面交给本人")
    return Answer(row, lines)


def _user_row(one: User) -> dict[str, Any]:
    return {
        "id": one.id,
        "login": one.login,
        "name": one.name,
        "roles": [row.role.value for row in one.roles],
        "institution": one.institution_id,
        "jurisdiction": one.jurisdiction_id,
        "grade": one.grade.value if one.grade else None,
        "active": one.active,
    }


@command(user, "grade")
@click.argument("login", metavar="LOGIN")
@click.argument("grade", type=click.Choice([one.value for one in Grade]), metavar="GRADE")
def grade_user(house: House, login: str, grade: str) -> Answer:
    """登记本人技能等级 5–1 或 middle_title、senior_title (grade)"""
    with house.unit_of_work() as session:
        row = _user_row(set_grade(session, OPERATOR, login, Grade(grade)))
    return Answer(row, [f"已登记 {login} 的等级：{GRADE_NAMES[Grade(grade)]}"])


@command(user, "list")
def list_users(house: House) -> Answer:
    """列出用户 (users)"""
    with house.reading() as session:
        rows = [_user_row(one) for one in session.scalars(sa.select(User).order_by(User.id))]
    lines = [
        f"{r['id']:>4}  {r['login']}  {r['name']}  {'、'.join(ROLE_NAMES[Role(x)] for x in r['roles'])}" for r in rows
    ]
    return Answer({"rows": rows}, lines or ["还没有用户"])
