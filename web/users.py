"""Accounts as the operator enters them: roles that may meet, a password that holds, an entry in the ledger."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.ground.actors import GRADE_NAMES, Actor, Grade, Role, User, UserRole, check_roles, find_user
from bank.ground.errors import BadInput
from bank.institutions import find_institution, find_jurisdiction
from bank.ledger.log import append
from web.auth import check_password_rules, hash_password


def add_user(
    session: Session,
    actor: Actor,
    *,
    login: str,
    name: str,
    roles: frozenset[Role],
    password: str,
    institution: str | int | None = None,
    jurisdiction: str | None = None,
    grade: Grade | None = None,
) -> User:
    """Enter an account; raises BadInput for a taken login or a weak password, Refused where roles may not meet."""
    login = login.strip()
    if not login or session.scalar(sa.select(User.id).where(User.login == login)):
        raise BadInput(f"登录名“{login}”为空或已被使用，请换一个")
    check_password_rules(password)
    owner = find_institution(session, institution).id if institution is not None else None
    place = find_jurisdiction(session, jurisdiction).id if jurisdiction else None
    check_roles(roles, owner, place)
    made = User(
        login=login,
        name=name.strip(),
        password_hash=hash_password(password),
        institution_id=owner,
        jurisdiction_id=place,
        grade=grade,
        roles=[UserRole(role=role) for role in sorted(roles)],
        active=True,
        failed_logins=0,
    )
    session.add(made)
    session.flush()
    append(session, actor, "user.add", {"user": made.id, "login": login, "roles": sorted(roles)})
    return made


def set_grade(session: Session, actor: Actor, login: str, grade: Grade) -> User:
    """Enter a person's own professional grade, which writing and reviewing are checked against."""
    user = find_user(session, login)
    user.grade = grade
    session.flush()
    append(session, actor, "user.grade", {"user": user.id, "grade": GRADE_NAMES[grade]})
    return user
