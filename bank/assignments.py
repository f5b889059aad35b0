"""Who writes what until when: a plan shares the missing items of a bank out among its writers (Article 6(5)).

An assignment is a number of items of a point and type for one writer. Progress counts distinct questions that this
writer wrote for the bank since it was given; one question counts for one assignment only.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from bank.content import TYPE_NAMES, ItemType
from bank.eligibility import refuse_low_grade
from bank.ground.actors import Actor, Role, User, UserRole, actor_of
from bank.ground.clock import now, today
from bank.ground.db import Base
from bank.ground.errors import BadInput, NotFound
from bank.ground.terms import point_label
from bank.institutions import Bank
from bank.items import Item, ItemStatus, Origin
from bank.ledger.log import append
from bank.outlines import LONGEST_POINT, outline_view
from bank.workorders import WorkOrder

MOST_ITEMS = 2000
FURTHEST = (ItemStatus.APPROVED, ItemStatus.SUBMITTED, ItemStatus.DRAFT)

_Row = sa.Row[int, int, int | None, int | None, str | None, ItemType, ItemStatus, datetime]
_Desk = tuple[int, int | None, str | None]


class Plan(Base):
    """What was shared out in one go, with the day on which all of it is due."""

    __tablename__ = "writing_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(64))
    due_on: Mapped[date]
    made_by: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    bank: Mapped[Bank] = relationship()


class Assignment(Base):
    """So many items of a point and type (any where None) for one writer."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("writing_plan.id"), index=True)
    writer_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    point: Mapped[str | None] = mapped_column(sa.String(LONGEST_POINT))
    type: Mapped[ItemType | None]
    count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
    plan: Mapped[Plan] = relationship()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be given to one writer."""

    writer: User
    count: int
    point: str | None = None
    type: ItemType | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """An assignment and how far it is: items drafted, waiting for review, and in the bank."""

    assignment: Assignment
    drafted: int
    submitted: int
    entered: int

    @property
    def delivered(self) -> int:
        """What has left the writer's desk."""
        return self.submitted + self.entered

    @property
    def done(self) -> bool:
        """Whether everything asked for has been submitted."""
        return self.delivered >= self.assignment.count

    def overdue(self, on: date) -> bool:
        """Whether the day has passed and something is still owed."""
        return not self.done and on > self.assignment.plan.due_on


def writers_of(session: Session, bank: Bank) -> Sequence[User]:
    """The writers of the bank's institution who can work."""
    writers = sa.select(UserRole.user_id).where(UserRole.role == Role.WRITER)
    mine = (User.institution_id == bank.institution_id, User.active, User.id.in_(writers))
    return session.scalars(sa.select(User).where(*mine).order_by(User.id)).all()


def assign(
    session: Session, actor: Actor, bank: Bank, wanted: Sequence[Wanted], *, due_on: date, title: str = ""
) -> Plan:
    """Give these tasks under one plan; raises BadInput for what nobody could write, Refused for too low a grade."""
    if not wanted:
        raise BadInput(f"没有要分派的任务，请至少写一项：谁、哪个{point_label()}、几道")
    if due_on < today():
        raise BadInput(f"截止日期 {due_on} 已过，请改为今天或以后")
    _check(session, bank, wanted)
    plan = Plan(
        bank_id=bank.id, bank=bank, title=title.strip()[:64] or f"{today()} 分派", due_on=due_on, made_by=actor.name
    )
    session.add(plan)
    session.flush()
    rows = [
        Assignment(plan_id=plan.id, writer_id=one.writer.id, point=one.point, type=one.type, count=one.count)
        for one in wanted
    ]
    session.add_all(rows)
    session.flush()
    facts = {"bank": bank.id, "plan": plan.id, "assignments": [row.id for row in rows]}
    append(session, actor, "assignment.add", {**facts, "count": sum(one.count for one in wanted)})
    return plan


def _check(session: Session, bank: Bank, wanted: Sequence[Wanted]) -> None:
    known = {user.id for user in writers_of(session, bank)}
    view = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    for one in wanted:
        if one.writer.id not in known:
            raise BadInput(f"“{one.writer.login}”不是本机构在用的命题人，请换一人")
        if not 1 <= one.count <= MOST_ITEMS:
            raise BadInput(f"一次分派的题数应在 1 到 {MOST_ITEMS} 之间，现为 {one.count}")
        if one.point and (view is None or one.point not in view.points):
            raise BadInput(f"{bank.title}的细目表里没有{point_label()} {one.point}，请核对代码")
    for writer in {one.writer.id: one.writer for one in wanted}.values():
        refuse_low_grade(session, actor_of(writer), bank)


def share_out(orders: Iterable[WorkOrder], writers: Sequence[User], given: Mapping[str | None, int]) -> list[Wanted]:
    """Work orders as tasks: a point goes whole to the writer with the least so far, what has no point to all alike.

    What was given out already and is not yet in the bank is not given again.
    """
    if not writers:
        raise BadInput("没有选命题人，请至少选一人")
    load: Counter[int] = Counter()
    found = []
    for order in orders:
        lacking = _still_lacking(order, given.get(order.point, 0))
        least = min(writers, key=lambda one: load[one.id])
        for kind, count in lacking:
            parts = [(least, count)] if order.point else zip(writers, _even(count, len(writers)), strict=True)
            for writer, part in parts:
                load[writer.id] += part
                found += [Wanted(writer, part, order.point, kind)] if part else []
    return found


def _still_lacking(order: WorkOrder, given: int) -> list[tuple[ItemType | None, int]]:
    """What is left of an order by type when so many of it were given out already."""
    left: list[tuple[ItemType | None, int]] = []
    wanted: list[tuple[ItemType | None, int]] = [*order.types.items()]
    for kind, count in wanted or [(None, order.missing)]:
        covered = min(given, count)
        given -= covered
        left += [(kind, count - covered)] if count > covered else []
    return left


def _even(count: int, parts: int) -> list[int]:
    return [count // parts + (place < count % parts) for place in range(parts)]


def withdraw(session: Session, actor: Actor, assignment: Assignment) -> None:
    """Take an assignment back; what was written stays."""
    if assignment.withdrawn_at is not None:
        raise BadInput("这项任务已经收回，请刷新页面")
    assignment.withdrawn_at = now()
    session.flush()
    append(session, actor, "assignment.withdraw", {"bank": assignment.plan.bank_id, "assignment": assignment.id})


def find_assignment(session: Session, assignment_id: int) -> Assignment:
    """The assignment with this id; raises NotFound."""
    found = session.get(Assignment, assignment_id, options=[joinedload(Assignment.plan).joinedload(Plan.bank)])
    if found is None:
        raise NotFound(f"没有编号为 {assignment_id} 的命题任务")
    return found


def has_assignments(session: Session, bank: Bank) -> bool:
    """Whether work on this bank was ever shared out."""
    return session.scalar(sa.select(Plan.id).where(Plan.bank_id == bank.id).limit(1)) is not None


def progress(session: Session, *criteria: sa.ColumnElement[bool]) -> list[Progress]:
    """Assignments that were not taken back and meet the criteria, the earliest due first, with how far they are."""
    rows = session.scalars(
        sa.select(Assignment)
        .join(Assignment.plan)
        .where(Assignment.withdrawn_at.is_(None), *criteria)
        .options(joinedload(Assignment.plan).joinedload(Plan.bank))
        .order_by(Plan.due_on, Assignment.id)
    ).all()
    written = _written(session, rows)
    taken: dict[tuple[int, int], set[int]] = defaultdict(set)
    found = {}
    # Whoever asks for one type is served first: an item of that type cannot help the others more.
    for row in sorted(rows, key=lambda row: (row.type is None, row.point is None)):
        spent = taken[row.plan.bank_id, row.writer_id]
        fitting: dict[int, ItemStatus] = {}
        for item in written[row.plan.bank_id, row.writer_id, row.point]:
            question = item.cluster_id or -item.id
            if _fits(row, item) and question not in spent and len(fitting) < row.count:
                fitting.setdefault(question, item.status)
        spent.update(fitting)
        found[row.id] = _counted(row, list(fitting.values()))
    return [found[row.id] for row in rows]


def _written(session: Session, rows: Sequence[Assignment]) -> dict[_Desk, list[_Row]]:
    """What these writers wrote for these banks, the furthest first: of each point, and (None) of all."""
    found: dict[_Desk, list[_Row]] = defaultdict(list)
    if not rows:
        return found
    columns = (Item.id, Item.bank_id, Item.author_id, Item.cluster_id, Item.point, Item.type, Item.status)
    items = session.execute(
        sa.select(*columns, Item.created_at)
        .where(
            Item.bank_id.in_({row.plan.bank_id for row in rows}),
            Item.author_id.in_({row.writer_id for row in rows}),
            Item.origin == Origin.BANK,
            Item.status != ItemStatus.RETIRED,
            Item.created_at >= min(row.created_at for row in rows),
        )
        .order_by(Item.id)
    ).all()
    for item in sorted(items, key=lambda item: FURTHEST.index(item.status)):
        for point in {item.point, None}:
            found[item.bank_id, item.author_id, point].append(item)
    return found


def _fits(row: Assignment, item: _Row) -> bool:
    return row.type in {None, item.type} and item.created_at >= row.created_at


def _counted(row: Assignment, states: Sequence[ItemStatus]) -> Progress:
    return Progress(row, *(states.count(one) for one in (ItemStatus.DRAFT, ItemStatus.SUBMITTED, ItemStatus.APPROVED)))


def outstanding(session: Session, bank: Bank) -> dict[str | None, int]:
    """Items that were given out for a point and have not entered the bank."""
    owed: dict[str | None, int] = {}
    for one in progress(session, Plan.bank_id == bank.id):
        point = one.assignment.point
        owed[point] = owed.get(point, 0) + one.assignment.count - one.entered
    return owed


def described(assignment: Assignment) -> str:
    """What is asked for, in short: 3 道单选题."""
    return f"{assignment.count} 道{TYPE_NAMES[assignment.type] if assignment.type else '题'}"
