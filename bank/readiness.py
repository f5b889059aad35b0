"""How far a bank is against its deadline (Article 6(5)): distinct items per point, pace, forecast.

Counted by cluster, not by row: a bank of 1,000 copies of 3 items has 3. Only approved items of the bank's own count.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import ItemType
from bank.ground.clock import add_months, days_left, local
from bank.ground.policy import Policy
from bank.institutions import Bank
from bank.items import Item, ItemStatus, Origin
from bank.occupations import Importance, outline_view

FORECAST_WINDOW = timedelta(days=60)


class BankState(StrEnum):
    """Where a bank stands on a given day."""

    BUILDING = "building"
    AT_RISK = "at_risk"
    READY = "ready"
    OVERDUE = "overdue"


STATE_NAMES = {
    BankState.BUILDING: "建设中",
    BankState.AT_RISK: "有风险",
    BankState.READY: "已建成",
    BankState.OVERDUE: "已逾期",
}


@dataclass(frozen=True, slots=True)
class MissingPoint:
    """A point that still lacks items: counts of distinct items."""

    code: str
    name: str
    importance: Importance
    present: int
    required: int


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
    missing_points: tuple[MissingPoint, ...]
    forecast: date | None
    state: BankState
    drafts: int
    types: dict[ItemType, int]

    @property
    def copies(self) -> int:
        """Rows beyond the first of each cluster."""
        return self.rows - self.distinct_items


def readiness(session: Session, bank: Bank, policy: Policy, on: date) -> Readiness:
    """The state of one bank on a day. An item beyond a point's need does not stand in for another point's lack."""
    rows = session.execute(
        sa.select(Item.id, Item.cluster_id, Item.point, Item.type, Item.status, Item.created_at).where(
            Item.bank_id == bank.id, Item.origin == Origin.BANK, Item.status != ItemStatus.RETIRED
        )
    ).all()
    approved = [row for row in rows if row.status is ItemStatus.APPROVED]
    # Of copies the first one that hangs on a point stands for all.
    copies = sorted(approved, key=lambda row: (row.point is None, row.id), reverse=True)
    first = {row.cluster_id or -row.id: row for row in copies}
    per_point = Counter(row.point for row in first.values())
    view = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    missing: tuple[MissingPoint, ...] = ()
    if view is None:
        required = policy.points_without_outline * policy.items_per_point
        effective, coverage = min(len(first), required), None
    else:
        need = policy.items_per_point
        required = len(view.points) * need
        effective = sum(min(per_point[code], need) for code in view.points)
        missing = tuple(
            MissingPoint(code, point.name, point.importance, per_point[code], need)
            for code, point in view.points.items()
            if per_point[code] < need
        )
        coverage = 1 - len(missing) / len(view.points) if view.points else 0.0
    deadline = add_months(bank.filed_on, policy.build_months)
    days = [local(row.created_at).date() for row in first.values()]
    forecast = _forecast(required - effective, days, on)
    return Readiness(
        bank=bank,
        deadline=deadline,
        days_left=days_left(deadline, on),
        rows=len(approved),
        distinct_items=len(first),
        effective_items=effective,
        required=required,
        coverage=coverage,
        missing_points=missing,
        forecast=forecast,
        state=_state(effective >= required, deadline, forecast, on, policy),
        drafts=len(rows) - len(approved),
        types=dict(Counter(row.type for row in first.values())),
    )


def _forecast(lacking: int, days: list[date], on: date) -> date | None:
    """The day the bank is complete at the pace of the last 60 days; None when nothing was added then."""
    if lacking <= 0:
        return on
    recent = [day for day in days if on - FORECAST_WINDOW <= day <= on]
    if not recent:
        return None
    span = max((on - min(recent)).days, 7)
    return on + timedelta(days=min(-(-lacking * span // len(recent)), 3650))


def _state(complete: bool, deadline: date, forecast: date | None, on: date, policy: Policy) -> BankState:
    if complete:
        return BankState.READY
    if on > deadline:
        return BankState.OVERDUE
    late = forecast is None or forecast > deadline
    left = days_left(deadline, on)
    at_risk = left <= policy.urgent_days or (late and left <= policy.risk_days)
    return BankState.AT_RISK if at_risk else BankState.BUILDING
