"""The frame of every page: the side bar with a role's own places, what waits there, and who is at the keyboard."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.approvals import awaiting, returned
from bank.ground.actors import ROLE_NAMES, Actor, Role
from bank.institutions import Bank, Institution, Jurisdiction
from bank.items import Item, Origin

Badge = Callable[[Session, Actor], int]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the side bar; `under` are the endpoints, or whole rooms ("imports."), that belong to it."""

    endpoint: str
    name: str
    under: tuple[str, ...] = ()
    badge: int = 0

    def holds(self, endpoint: str | None) -> bool:
        """Whether the page at this endpoint belongs here."""
        rooms = tuple(name for name in self.under if name.endswith("."))
        return endpoint is not None and (
            endpoint == self.endpoint or endpoint in self.under or endpoint.startswith(rooms)
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page: the places by role, the person's name and office."""

    groups: tuple[tuple[str, tuple[Place, ...]], ...]
    name: str
    office: str
    roles: str


def returned_items(session: Session, actor: Actor) -> int:
    """How many of this writer's items came back with a remark."""
    return _count(session, actor, returned(), sa.func.coalesce(Item.author_id, 0) == (actor.user_id or -1))


def waiting_items(session: Session, actor: Actor) -> int:
    """How many submitted items wait for this reviewer: never the own ones, nor those already approved."""
    return _count(session, actor, awaiting(actor))


def _count(session: Session, actor: Actor, *criteria: sa.ColumnElement[bool]) -> int:
    own = sa.select(Bank.id).where(Bank.institution_id == actor.institution_id)
    statement = sa.select(sa.func.count(Item.id)).where(Item.bank_id.in_(own), Item.origin == Origin.BANK, *criteria)
    return session.scalar(statement) or 0


PLACES: dict[Role, tuple[tuple[Place, Badge | None], ...]] = {
    Role.WRITER: (
        (Place("writers.desk", "命题工作台"), returned_items),
        (Place("banks.overview", "建库进度", ("banks.",)), None),
        (
            Place(
                "writers.items",
                "题库",
                ("writers.show_item", "writing.", "item_sets.", "enemies."),
            ),
            None,
        ),
        (
            Place("imports.upload", "导入试题", ("imports.", "jobs.")),
            None,
        ),
        (Place("outlines.show", "细目表", ("outlines.",)), None),
    ),
    Role.REVIEWER: (
        (Place("reviewers.waiting", "审题", ("reviewers.",)), waiting_items),
        (Place("banks.overview", "建库进度", ("banks.",)), None),
        (Place("statistics.bank", "试题统计", ("statistics.item",)), None),
        (Place("process.show", "命题环节"), None),
        (Place("outlines.show", "细目表", ("outlines.",)), None),
        (Place("exports.listed", "导出题库", ("exports.",)), None),
    ),
    Role.ORGANIZER: (
        (Place("organizers.desk", "考务工作台"), None),
        (Place("banks.overview", "建库进度", ("banks.",)), None),
        (Place("assignments.board", "命题任务", ("assignments.", "process.")), None),
        (Place("plans.plan", "组卷", ("plans.",)), None),
        (
            Place(
                "organizers.papers",
                "试卷",
                (
                    "organizers.paper",
                    "organizers.record",
                    "organizers.elsewhere",
                    "organizers.take_in_paper",
                    "statistics.",
                ),
            ),
            None,
        ),
        (Place("outlines.show", "细目表", ("outlines.",)), None),
        (Place("exports.listed", "导出题库", ("exports.",)), None),
    ),
    Role.SUPERVISOR: (
        (Place("supervisors.desk", "督导工作台"), None),
        (Place("supervisors.banks", "题库期限", ("supervisors.bank", "supervisors.bank_quality")), None),
        (Place("audits.reuse", "雷同审计", ("audits.pair",)), None),
        (Place("audits.leaks", "泄题扫描", ("audits.scan",)), None),
        (Place("statistics.leads", "变易线索"), None),
    ),
    Role.SYSADMIN: ((Place("admin.users", "用户"), None),),
    Role.SECADMIN: (),
    Role.AUDITOR: ((Place("admin.ledger", "台账"), None),),
}


def frame_of(session: Session, signed_in: Any) -> Frame:
    """The frame for this person now."""
    actor: Actor = signed_in.actor
    roles = [role for role in Role if role in actor.roles]
    groups = tuple((ROLE_NAMES[role], _places(session, actor, role)) for role in roles)
    return Frame(groups, signed_in.name, _office(session, actor), "、".join(ROLE_NAMES[role] for role in roles))


def _places(session: Session, actor: Actor, role: Role) -> tuple[Place, ...]:
    return tuple(
        Place(place.endpoint, place.name, place.under, badge(session, actor) if badge else 0)
        for place, badge in PLACES[role]
    )


def _office(session: Session, actor: Actor) -> str:
    if actor.institution_id is not None:
        return session.get_one(Institution, actor.institution_id).name
    if actor.jurisdiction_id is not None:
        return f"{session.get_one(Jurisdiction, actor.jurisdiction_id).name}人社局"
    return ""
