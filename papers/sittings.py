"""Sittings (考试批次): one administration of a form; only now do rows name the items that were asked.

The twelve-month rule (Article 14(4)) and every later audit read these rows, by cluster.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.ground.actors import Actor
from bank.ground.clock import add_months, local, now, today
from bank.ground.db import Base
from bank.ground.errors import BadInput, Refused
from bank.institutions import Bank
from bank.items import ItemVersion
from bank.ledger.log import append
from papers.papers import Form, Paper, PaperOrigin, form_items, queue_for

LONGEST_PLACE = 128


class Sitting(Base):
    """One administration: day, place, number of candidates and of ineligible ones (Article 14(1))."""

    __tablename__ = "sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("form.id"), index=True)
    held_on: Mapped[date] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(sa.String(LONGEST_PLACE))
    candidates: Mapped[int] = mapped_column(default=0)
    ineligible: Mapped[int] = mapped_column(default=0)
    recorded_by: Mapped[str] = mapped_column(sa.String(64))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    form: Mapped[Form] = relationship(lazy="joined")


class AskedItem(Base):
    """One question as it was asked in a sitting; marks in half-mark units."""

    __tablename__ = "asked_item"

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("item_version.id"))
    marks: Mapped[int]


def record_sitting(
    session: Session,
    actor: Actor,
    form: Form,
    *,
    held_on: date,
    place: str,
    candidates: int = 0,
    ineligible: int = 0,
) -> Sitting:
    """Record that a form was used; raises BadInput for a future day, an empty place, impossible counts or a repeat."""
    queue_for(session, form.paper.bank)
    session.refresh(form.paper, ["voided_at"])
    if form.paper.voided_at is not None:
        raise Refused(f"试卷 {form.paper.number} 已作废，不能登记批次；请用新组的试卷")
    if held_on > today():
        raise BadInput(f"考试日期 {held_on} 在今天之后；考完后再登记批次")
    # A day out of the window would hide the sitting from the twelve-month rule.
    made = min(form.paper.held_on, local(form.paper.made_at).date())
    if form.paper.origin is PaperOrigin.ASSEMBLED and held_on < made:
        raise BadInput(f"考试日期 {held_on} 早于组卷日期 {made}，请核对")
    place = place.strip()
    if not 0 < len(place) <= LONGEST_PLACE:
        raise BadInput(f"请写明考点名称，不超过 {LONGEST_PLACE} 字")
    if candidates < 0 or not 0 <= ineligible <= candidates:
        raise BadInput(f"人数不对：考生 {candidates} 人，其中不符合条件 {ineligible} 人，请核对")
    same = (Sitting.form_id == form.id, Sitting.held_on == held_on, Sitting.place == place)
    if session.scalar(sa.select(Sitting.id).where(*same)) is not None:
        raise BadInput(f"{form.title} 在 {held_on}、{place} 的批次已经登记过；同日另有场次请在地点后注明，如“（下午）”")
    sitting = Sitting(
        form_id=form.id,
        form=form,
        held_on=held_on,
        place=place,
        candidates=candidates,
        ineligible=ineligible,
        recorded_by=actor.name,
    )
    session.add(sitting)
    session.flush()
    session.add_all(
        AskedItem(sitting_id=sitting.id, position=position, item_id=one.item, version_id=one.version, marks=one.marks)
        for position, one in enumerate(form_items(session, form), start=1)
    )
    session.flush()
    facts = {"sitting": sitting.id, "paper": form.paper.number, "form": form.label, "held_on": held_on.isoformat()}
    append(session, actor, "sitting.record", facts)
    return sitting


def void_paper(session: Session, actor: Actor, paper: Paper) -> None:
    """Take a paper that was never used out of reserve; raises Refused once a sitting is recorded."""
    queue_for(session, paper.bank)
    used = sa.select(Sitting.id).join(Sitting.form).where(Form.paper_id == paper.id).limit(1)
    if session.scalar(used) is not None:
        raise Refused(f"试卷 {paper.number} 已经用过，不能作废（第六条第四项：经手留痕）")
    if paper.voided_at is None:
        paper.voided_at = now()
        session.flush()
        append(session, actor, "paper.void", {"paper": paper.number})


@dataclass(frozen=True, slots=True)
class UsedForm:
    """A form that was asked, or is kept ready to be asked, near a day: marks by cluster, in half-mark units."""

    form_id: int
    label: str
    day: date
    marks: dict[int, int]


def used_forms(
    session: Session, bank: Bank, around: date, months: int, instead_of: int | None = None
) -> list[UsedForm]:
    """Forms of the institution for this occupation asked within `months` of `around`, either side, one per sitting day.

    Forms assembled for such a day but not yet asked count too: they may still be. `instead_of` is the id of a paper
    that is about to be voided and does not count.
    """
    first, last = add_months(around, -months), add_months(around, months)
    asked: dict[tuple[int, str, date], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    rows = session.execute(
        sa.select(Form.id, Paper.number, Form.label, Sitting.held_on, AskedItem, ItemVersion.cluster_id)
        .select_from(AskedItem)
        .join(Sitting, Sitting.id == AskedItem.sitting_id)
        .join(Form, Form.id == Sitting.form_id)
        .join(Paper, Paper.id == Form.paper_id)
        .join(ItemVersion, ItemVersion.id == AskedItem.version_id)
        .where(Paper.bank_id.in_(_same_occupation(bank)), Sitting.held_on.between(first, last))
    )
    for form_id, number, label, held_on, one, cluster_id in rows:
        asked[(form_id, f"{number}-{label}", held_on)][cluster_id or -one.version_id] += one.marks
    used = [UsedForm(form, label, day, dict(marks)) for (form, label, day), marks in asked.items()]
    return sorted(used + _kept_ready(session, bank, first, last, instead_of), key=lambda one: (one.day, one.form_id))


def _same_occupation(bank: Bank) -> sa.Select[int]:
    return sa.select(Bank.id).where(Bank.institution_id == bank.institution_id, Bank.occupation == bank.occupation)


def _kept_ready(session: Session, bank: Bank, first: date, last: date, instead_of: int | None) -> list[UsedForm]:
    forms = session.scalars(
        sa.select(Form)
        .join(Form.paper)
        .where(
            Paper.bank_id.in_(_same_occupation(bank)),
            Paper.held_on.between(first, last),
            Paper.voided_at.is_(None),
            Paper.id != (instead_of or 0),
            ~sa.exists().where(Sitting.form_id == Form.id),
        )
    ).all()
    ready = []
    for form in forms:
        items = form_items(session, form)
        versions = ItemVersion.id.in_([one.version for one in items])
        clusters = dict(session.execute(sa.select(ItemVersion.id, ItemVersion.cluster_id).where(versions)).all())
        marks: dict[int, int] = defaultdict(int)
        for one in items:
            marks[clusters[one.version] or -one.version] += one.marks
        ready.append(UsedForm(form.id, f"{form.title}（未使用）", form.paper.held_on, dict(marks)))
    return ready
