"""Who acts: users, their roles, and the `Actor` that every changing function receives.

The three administrators (系统、安全、审计) are kept apart from one another and from everyone who touches items
(三员分立): one account never holds two of these.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput, NotFound, Refused


class Role(StrEnum):
    """The roles of the glossary."""

    WRITER = "writer"
    REVIEWER = "reviewer"
    ORGANIZER = "organizer"
    SUPERVISOR = "supervisor"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"


ROLE_NAMES = {
    Role.WRITER: "命题人",
    Role.REVIEWER: "审题人",
    Role.ORGANIZER: "考务员",
    Role.SUPERVISOR: "督导员",
    Role.SYSADMIN: "系统管理员",
    Role.SECADMIN: "安全管理员",
    Role.AUDITOR: "审计管理员",
}


class Grade(StrEnum):
    """A person's own professional grade: a skill level as the levels are numbered, or a professional title."""

    LEVEL_5 = "5"
    LEVEL_4 = "4"
    LEVEL_3 = "3"
    LEVEL_2 = "2"
    LEVEL_1 = "1"
    MIDDLE_TITLE = "middle_title"
    SENIOR_TITLE = "senior_title"


GRADE_NAMES = {
    Grade.LEVEL_5: "五级/初级工",
    Grade.LEVEL_4: "四级/中级工",
    Grade.LEVEL_3: "三级/高级工",
    Grade.LEVEL_2: "二级/技师",
    Grade.LEVEL_1: "一级/高级技师",
    Grade.MIDDLE_TITLE: "中级职称",
    Grade.SENIOR_TITLE: "高级职称",
}
ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})
OF_INSTITUTION = frozenset({Role.WRITER, Role.REVIEWER, Role.ORGANIZER})


class UserRole(Base):
    """One role of one user."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class User(Base):
    """A person's account; `institution_id` for its staff, `jurisdiction_id` for supervisors."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(64))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    institution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("institution.id"), index=True)
    jurisdiction_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jurisdiction.id"), index=True)
    grade: Mapped[Grade | None]
    active: Mapped[bool] = mapped_column(default=True)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    roles: Mapped[list[UserRole]] = relationship(lazy="selectin", order_by=UserRole.role, cascade="all, delete-orphan")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting, for permission and for the ledger. `name` never carries content of items."""

    name: str
    user_id: int | None = None
    roles: frozenset[Role] = frozenset()
    institution_id: int | None = None
    jurisdiction_id: int | None = None
    grade: Grade | None = None


OPERATOR = Actor("operator")
"""The person at the server's command line, who holds the key file."""


def actor_of(user: User) -> Actor:
    """The actor behind an account."""
    roles = frozenset(row.role for row in user.roles)
    return Actor(user.login, user.id, roles, user.institution_id, user.jurisdiction_id, user.grade)


def find_user(session: Session, login: str) -> User:
    """The account with this login; raises NotFound."""
    user = session.scalar(sa.select(User).where(User.login == login))
    if user is None:
        raise NotFound(f"没有登录名为“{login}”的用户，可用 tidun user list 查看")
    return user


def check_roles(roles: frozenset[Role], institution_id: int | None, jurisdiction_id: int | None) -> None:
    """Raise Refused when roles may not meet in one account, BadInput when one lacks its place."""
    if not roles:
        raise BadInput("用户至少要有一个角色，例如 --role writer")
    if roles & ADMINISTRATORS and len(roles) > 1:
        raise Refused("三员分立：系统、安全、审计管理员各自单独设账号，不得与其他角色合并")
    if roles & OF_INSTITUTION and institution_id is None:
        raise BadInput("命题人、审题人、考务员属于评价机构，请用 --institution 指明")
    if Role.SUPERVISOR in roles:
        if roles & OF_INSTITUTION or institution_id is not None:
            raise Refused("督导员不得同时在评价机构任职（第七条）")
        if jurisdiction_id is None:
            raise BadInput("督导员需要属地，请用 --jurisdiction 指明，例如 黄石市")
