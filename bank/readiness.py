"""How far a bank is against its deadline, and whether it is kept up (Articles 6(5), 14(6)): state, pace, renewal.

Counted by cluster, not by row: a bank of 1,000 copies of 3 items has 3. Only approved items of the bank's own count.
Nothing here opens an item: points, types, days and clusters lie beside the sealed text.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import ItemType
from bank.coverage import (
    Counted,
    PointCoverage,
    ScopeCoverage,
    TypeShare,
    cover_points,
    cover_scopes,
    cover_types,
    days_that_fill,
)
from bank.ground.clock import ZONE, add_months, days_left
from bank.ground.policy import Policy
from bank.institutions import Bank
from bank.items import Item, ItemStatus, ItemVersion, Origin
from bank.outlines import OutlineView, outline_view
from bank.pace import Forecast, forecast
from bank.renewal import Renewal, renewal
from bank.workorders import WorkOrder, order_without_outline, work_orders


class BankState(StrEnum):
    """Where a bank stands on a given day."""

    BUILDING = "building"
    AT_RISK = "at_risk"
    READY = "ready"
    OVERDUE = "overdue"
    RENEWAL_DUE = "renewal_due"


STATE_NAMES = {
    BankState.BUILDING: "建设中",
    BankState.AT_RISK: "有风险",
    BankState.READY: "已建成",
    BankState.OVERDUE: "已逾期",
    BankState.RENEWAL_DUE: "待更新",
}
_Row = sa.Row[int, int | None, str | None, ItemType, ItemStatus, int | None, int, datetime, datetime]
URGENCY = (BankState.OVERDUE, BankState.AT_RISK, BankState.RENEWAL_DUE, BankState.BUILDING, BankState.READY)


@dataclass(frozen=True, slots=True)
class Placing:
    """What the columns beside the sealed text say of the approved items: where they hang, what is not filled in."""

    orphans: int
    without_difficulty: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """A bank's progress. `coverage` is the share of points that have all they need, None without an outline."""

    bank: Bank
    deadline: date
    days_left: int
    rows: int
    distinct_items: int
    effective_items: int
    required: int
    coverage: float | None
    points: tuple[PointCoverage, ...]
    scopes: tuple[ScopeCoverage, ...]
    work_orders: tuple[WorkOrder, ...]
    pace: Forecast
    filled: tuple[date, ...]
    state: BankState
    drafts: int
    mix: tuple[TypeShare, ...]
    renewal: Renewal
    placing: Placing

    @property
    def copies(self) -> int:
        """Rows beyond the first of each cluster."""
        return self.rows - self.distinct_items

    @property
    def padding(self) -> float:
        """Copies as a part of one of all rows."""
        return self.copies / self.rows if self.rows else 0.0

    @property
    def complete(self) -> bool:
        """Whether every point has what it needs."""
        return self.effective_items >= self.required

    @property
    def missing_points(self) -> tuple[PointCoverage, ...]:
        """The points that still lack items, in the outline's order."""
        return tuple(point for point in self.points if point.missing)

    @property
    def forecast(self) -> date | None:
        """The day of completion at the pace so far; None when nothing was added lately."""
        return self.pace.day

    @property
    def types(self) -> dict[ItemType, int]:
        """Distinct items by type."""
        return {one.type: one.present for one in self.mix if one.present}


def readiness(session: Session, bank: Bank, policy: Policy, on: date) -> Readiness:
    """The state of one bank on a day. An item beyond a point's need does not stand in for another point's lack."""
    rows = _rows(session, bank)
    approved = [row for row in rows if row.status is ItemStatus.APPROVED]
    counted = _count(approved, rows)
    view = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    points = cover_points(view, counted, policy) if view else ()
    if view is None:
        required = policy.points_without_outline * policy.items_per_point
        filled = sorted(one.came for one in counted)[:required]
        coverage, orders = None, order_without_outline(counted, required, policy)
    else:
        required = sum(point.required for point in points)
        filled = days_that_fill(counted, {point.code: point.required for point in points})
        coverage = sum(not point.missing for point in points) / len(points) if points else 0.0
        orders = work_orders(points, counted, policy)
    deadline = add_months(bank.filed_on, policy.build_months)
    pace = forecast(required - len(filled), filled, on, policy.pace_days)
    fresh = renewal([one.renewed for one in counted], on, policy)
    return Readiness(
        bank=bank,
        deadline=deadline,
        days_left=days_left(deadline, on),
        rows=len(approved),
        distinct_items=len(counted),
        effective_items=len(filled),
        required=required,
        coverage=coverage,
        points=points,
        scopes=cover_scopes(view, points) if view else (),
        work_orders=orders,
        pace=pace,
        filled=tuple(filled),
        state=_state(pace, fresh, deadline, on, policy),
        drafts=sum(row.status in {ItemStatus.DRAFT, ItemStatus.SUBMITTED} for row in rows),
        mix=cover_types(counted, policy),
        renewal=fresh,
        placing=_placing(approved, view),
    )


def by_urgency(states: Iterable[Readiness]) -> list[Readiness]:
    """The banks that need somebody's eye first: overdue, at risk, to be renewed, then by days left."""
    return sorted(states, key=lambda one: (URGENCY.index(one.state), one.days_left, one.bank.id))


def _rows(session: Session, bank: Bank) -> Sequence[_Row]:
    """All items of the bank, retired ones too: a copy of a retired question is no new question."""
    current = sa.and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.version)
    return session.execute(
        sa.select(
            Item.id,
            Item.cluster_id,
            Item.point,
            Item.type,
            Item.status,
            Item.difficulty,
            Item.version,
            Item.created_at,
            ItemVersion.created_at.label("worded_at"),
        )
        .join(ItemVersion, current)
        .where(Item.bank_id == bank.id, Item.origin == Origin.BANK)
    ).all()


def _count(approved: Iterable[_Row], rows: Iterable[_Row]) -> list[Counted]:
    """One entry for each distinct question; of its copies the first one that hangs on a point stands for all."""
    born: dict[int, datetime] = {}
    for row in rows:
        cluster = row.cluster_id or -row.id
        born[cluster] = min(born.get(cluster, row.created_at), row.created_at)
    groups: dict[int, list[_Row]] = defaultdict(list)
    for row in approved:
        groups[row.cluster_id or -row.id].append(row)
    counted = []
    for cluster, copies in groups.items():
        first = min(copies, key=lambda row: (row.point is None, row.id))
        # A copy does not renew a question; a new wording of any copy does.
        revised = [row.worded_at for row in copies if row.version > 1]
        fresh = max([born[cluster], *revised])
        counted.append(Counted(first.point, first.type, first.difficulty, _day(first.created_at), _day(fresh)))
    return counted


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def _placing(approved: Sequence[_Row], view: OutlineView | None) -> Placing:
    points = Counter(row.point for row in approved)
    orphans = sum(count for point, count in points.items() if view is not None and point not in view.points)
    return Placing(orphans, sum(row.difficulty is None for row in approved))


def _state(pace: Forecast, fresh: Renewal, deadline: date, on: date, policy: Policy) -> BankState:
    if not pace.lacking:
        return BankState.RENEWAL_DUE if fresh.lacking else BankState.READY
    if on > deadline:
        return BankState.OVERDUE
    late = pace.day is None or pace.day > deadline
    left = days_left(deadline, on)
    at_risk = left <= policy.urgent_days or (late and left <= policy.risk_days)
    return BankState.AT_RISK if at_risk else BankState.BUILDING
