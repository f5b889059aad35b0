"""Who certifies: jurisdictions, institutions, registrations (Articles 2, 3, 10, 11, 12) and the bank each one owes.

A registration opens a bank; its deadline counts from the filing day (Article 6(5)).
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.ground.actors import OPERATOR, Actor, Role
from bank.ground.clock import add_months, now, today
from bank.ground.db import Base
from bank.ground.errors import BadInput, NotFound, Refused
from bank.ground.policy import Policy
from bank.ledger.log import append
from bank.occupations import LEVEL_NAMES, check_occupation, occupation_name


class InstitutionKind(StrEnum):
    """Article 2: the three kinds of institution."""

    ENTERPRISE = "enterprise"
    TECHNICAL_SCHOOL = "technical_school"
    SOCIAL_ORG = "social_org"


KIND_NAMES = {
    InstitutionKind.ENTERPRISE: "企业（用人单位）",
    InstitutionKind.TECHNICAL_SCHOOL: "技工院校",
    InstitutionKind.SOCIAL_ORG: "社会培训评价组织",
}


LONGEST_NAME = 128


class Jurisdiction(Base):
    """One node of the territory tree; the city sees all, a county its own, urban districts belong to the city."""

    __tablename__ = "jurisdiction"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(64), unique=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jurisdiction.id"), index=True)


class Institution(Base):
    """A body registered to certify."""

    __tablename__ = "institution"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME), unique=True)
    kind: Mapped[InstitutionKind]
    jurisdiction_id: Mapped[int] = mapped_column(sa.ForeignKey("jurisdiction.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    jurisdiction: Mapped[Jurisdiction] = relationship(lazy="joined")


class Registration(Base):
    """An institution's right to certify one occupation at one level, from `filed_on` for the policy's years."""

    __tablename__ = "registration"
    __table_args__ = (sa.UniqueConstraint("institution_id", "occupation", "level", "filed_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("institution.id"), index=True)
    occupation: Mapped[str] = mapped_column(sa.String(16), index=True)
    level: Mapped[int]
    filed_on: Mapped[date]
    institution: Mapped[Institution] = relationship(lazy="joined")


class Bank(Base):
    """The items of one institution for one occupation and level, and the outline they hang on."""

    __tablename__ = "bank"
    __table_args__ = (sa.UniqueConstraint("institution_id", "occupation", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("institution.id"), index=True)
    occupation: Mapped[str] = mapped_column(sa.String(16), index=True)
    level: Mapped[int]
    filed_on: Mapped[date]
    institution: Mapped[Institution] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        """What people call it: 电工 · 四级/中级工."""
        return f"{occupation_name(self.occupation)} · {LEVEL_NAMES[self.level]}"


TERRITORY = {"黄石市": None, "城区": "黄石市", "大冶市": "黄石市", "阳新县": "黄石市"}


def found_territory(session: Session) -> None:
    """Write the city's territory tree (Article 3) into an empty database."""
    made: dict[str, Jurisdiction] = {}
    for name, parent in TERRITORY.items():
        made[name] = Jurisdiction(name=name, parent_id=made[parent].id if parent else None)
        session.add(made[name])
        session.flush()


def find_jurisdiction(session: Session, name: str) -> Jurisdiction:
    """The territory with this name; raises BadInput listing the known ones."""
    known = list(session.scalars(sa.select(Jurisdiction).order_by(Jurisdiction.id)))
    for place in known:
        if place.name == name:
            return place
    raise BadInput(f"没有名为“{name}”的属地，请写 {'、'.join(place.name for place in known)} 之一")


def territory_of(session: Session, jurisdiction_id: int) -> frozenset[int]:
    """The ids that a supervisor of this jurisdiction oversees: itself and everything below (Article 3)."""
    rows = session.execute(sa.select(Jurisdiction.id, Jurisdiction.parent_id)).all()
    seen = {jurisdiction_id}
    while True:
        more = {row.id for row in rows if row.parent_id in seen} - seen
        if not more:
            return frozenset(seen)
        seen |= more


def add_institution(
    session: Session, actor: Actor, *, name: str, kind: InstitutionKind, jurisdiction: str
) -> Institution:
    """Enter an institution; raises BadInput when the name is empty or taken or the territory unknown."""
    name = name.strip()
    if not name:
        raise BadInput("机构名称不能为空，请用 --name 写明")
    if len(name) > LONGEST_NAME:
        raise BadInput(f"机构名称不超过 {LONGEST_NAME} 字，现为 {len(name)} 字")
    if session.scalar(sa.select(Institution).where(Institution.name == name)):
        raise BadInput(f"机构“{name}”已经登记过，不必再登记")
    institution = Institution(name=name, kind=kind, jurisdiction_id=find_jurisdiction(session, jurisdiction).id)
    session.add(institution)
    session.flush()
    append(session, actor, "institution.add", {"institution": institution.id, "name": name, "kind": kind.value})
    return institution


def find_institution(session: Session, given: str | int) -> Institution:
    """The institution with this id or exact name; raises NotFound."""
    text = str(given).strip()
    by_id = session.get(Institution, int(text)) if text.isdecimal() and len(text) < 12 else None
    found = by_id or session.scalar(sa.select(Institution).where(Institution.name == text))
    if found is None:
        raise NotFound(f"没有编号或名称为“{text}”的评价机构，可用 tidun institution list 查看")
    return found


def add_registration(
    session: Session,
    actor: Actor,
    policy: Policy,
    *,
    institution: Institution,
    occupation: str,
    level: int,
    filed_on: date,
) -> Registration:
    """Enter a registration and open its bank; raises Refused under Article 12, BadInput for a wrong code or day."""
    check_occupation(occupation, level)
    if filed_on > today():
        raise BadInput(f"备案日期 {filed_on} 在今天之后，请核对")
    bank = find_bank(session, institution.id, occupation, level, missing_ok=True)
    latest = _latest_filing(session, institution.id, occupation, level)
    if bank is not None and latest and filed_on < add_months(latest, 12 * policy.registration_years):
        raise BadInput(f"{institution.name}的{bank.title}已于 {latest} 备案，有效期内不必重复备案")
    wanted = Registration(institution_id=institution.id, occupation=occupation, level=level, filed_on=filed_on)
    if institution.kind is InstitutionKind.SOCIAL_ORG:
        _check_article_12(session, policy, institution, wanted)
    session.add(wanted)
    if bank is None:
        session.add(Bank(institution_id=institution.id, occupation=occupation, level=level, filed_on=filed_on))
    session.flush()
    facts = {"registration": wanted.id, "institution": institution.id, "occupation": occupation}
    append(session, actor, "registration.add", {**facts, "level": level, "filed_on": filed_on.isoformat()})
    return wanted


def _latest_filing(session: Session, institution_id: int, occupation: str, level: int) -> date | None:
    mine = (Registration.institution_id == institution_id, Registration.occupation == occupation)
    return session.scalar(sa.select(sa.func.max(Registration.filed_on)).where(*mine, Registration.level == level))


def _check_article_12(session: Session, policy: Policy, institution: Institution, wanted: Registration) -> None:
    """A social body holds five occupations at most, an occupation and level three social bodies at most.

    What counts is what holds at the same time, so that past filings can be entered later.
    """
    months = 12 * policy.registration_years
    live = sa.and_(
        Registration.filed_on > add_months(wanted.filed_on, -months),
        Registration.filed_on < add_months(wanted.filed_on, months),
    )
    own = set(
        session.scalars(sa.select(Registration.occupation).where(Registration.institution_id == institution.id, live))
    )
    if len(own | {wanted.occupation}) > policy.social_max_occupations:
        raise Refused(
            f"第十二条：社会培训评价组织备案职业最多 {policy.social_max_occupations} 个，{institution.name}已满"
        )
    others = session.scalar(
        sa.select(sa.func.count(Registration.institution_id.distinct()))
        .join(Institution)
        .where(
            Institution.kind == InstitutionKind.SOCIAL_ORG,
            Institution.id != institution.id,
            Registration.occupation == wanted.occupation,
            Registration.level == wanted.level,
            live,
        )
    )
    if (others or 0) >= policy.social_max_bodies_per_level:
        raise Refused(
            f"第十二条：同一职业同一等级的社会培训评价组织最多 {policy.social_max_bodies_per_level} 家，本职业等级已满"
        )


def find_bank(
    session: Session, institution_id: int, occupation: str, level: int, *, missing_ok: bool = False
) -> Bank | None:
    """The bank of this registration; None only with `missing_ok`."""
    bank = session.scalar(
        sa.select(Bank).where(Bank.institution_id == institution_id, Bank.occupation == occupation, Bank.level == level)
    )
    if bank is None and not missing_ok:
        raise Refused(
            f"第六条第二项：该机构没有备案职业 {occupation} 等级 {level}，请先用 tidun registration add 登记备案"
        )
    return bank


def bank_of(session: Session, institution: str | int, occupation: str, level: int) -> Bank:
    """The registered bank, found by institution id or name; raises NotFound or Refused (Article 6(2))."""
    bank = find_bank(session, find_institution(session, institution).id, occupation, level)
    assert bank is not None  # noqa: S101 - find_bank raised otherwise
    return bank


def visible_institutions(session: Session, actor: Actor) -> sa.Select[int]:
    """Ids of the institutions this actor may see: own one, own territory, or (operator at the server) all.

    Everybody else sees none: an account that has lost its roles, and who is not signed in.
    """
    everyone = sa.select(Institution.id)
    if actor.institution_id is not None:
        return everyone.where(Institution.id == actor.institution_id)
    if Role.SUPERVISOR in actor.roles and actor.jurisdiction_id is not None:
        return everyone.where(Institution.jurisdiction_id.in_(territory_of(session, actor.jurisdiction_id)))
    return everyone if actor == OPERATOR else everyone.where(sa.false())
