"""Revising an outline: a new version, and the items of the banks built against it move along (Article 6(1), 6(4)).

A plan says beforehand what becomes of every point and how many items hang on it; applying it is one transaction with
its ledger entries. Items whose point is gone stay in the bank under the name of their old point, as orphans.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.assignments import Assignment, Plan
from bank.exchange.outline.files import OutlineReading, ScopeRow
from bank.exchange.outline.rows import PointRow
from bank.ground.actors import Actor
from bank.ground.errors import BadInput
from bank.ground.policy import Policy
from bank.ground.terms import point_label
from bank.institutions import Bank
from bank.items import Item
from bank.ledger.log import append
from bank.matching import Ground, Named, find_point, match_points
from bank.outlines import (
    LONGEST_CODE,
    LONGEST_POINT,
    MOST_GRADES,
    Outline,
    OutlineView,
    Point,
    Scope,
    next_version,
    outline_view,
    share_warnings,
)


class Fate(StrEnum):
    """What becomes of a point, and of the items on it, when an outline is revised."""

    KEPT = "kept"
    MOVED = "moved"
    RENAMED = "renamed"
    PLACED = "placed"
    ORPHANED = "orphaned"


FATE_NAMES = {
    Fate.KEPT: "不变",
    Fate.MOVED: "换了代码",
    Fate.RENAMED: "改了名称",
    Fate.PLACED: "归入",
    Fate.ORPHANED: "没有去处",
}


@dataclass(frozen=True, slots=True)
class PointFate:
    """One point of the old outline, or a text that items carry without one (`code` is None then)."""

    fate: Fate
    code: str | None
    name: str
    items: int
    new_code: str | None = None
    new_name: str = ""
    ground: Ground | None = None
    doubtful: bool = False

    @property
    def key(self) -> str:
        """What stands on the items now."""
        return self.code or self.name


@dataclass(frozen=True, slots=True)
class RevisionPlan:
    """What a new outline does: the fate of every point, the points that are new, the weights that change.

    `before` is the outline that holds now; weights are (scope, before, after) in hundredths of a percent.
    """

    before: Outline | None
    fates: tuple[PointFate, ...]
    added: tuple[PointRow, ...]
    weights: tuple[tuple[str, int | None, int | None], ...]

    def of(self, *kinds: Fate) -> list[PointFate]:
        """The points of these fates."""
        return [one for one in self.fates if one.fate in kinds]

    def items(self, *kinds: Fate) -> int:
        """How many items hang on the points of these fates."""
        return sum(one.items for one in self.of(*kinds))


@dataclass(frozen=True, slots=True)
class Revision:
    """A new outline, and what its plan said."""

    outline: Outline
    plan: RevisionPlan


def outline_warnings(reading: OutlineReading, policy: Policy) -> list[str]:
    """All that deserves a second look before an outline is taken in."""
    return [*reading.warnings, *share_warnings([point.importance for point in reading.points], policy)]


def complete(reading: OutlineReading, before: OutlineView | None, source: str) -> OutlineReading:
    """A file that gives weights alone (组题规则) is the outline that holds, with these weights."""
    if reading.points:
        return reading
    if not reading.scopes:
        raise BadInput(f"{source}：没有可用的{point_label()}，请检查表头与代码列")
    if before is None:
        raise BadInput(f"{source}：只有鉴定范围和比重，没有{point_label()}；请先导入完整的细目表，再用它更新比重")
    given = {scope.code: scope.weight for scope in reading.scopes if scope.weight is not None}
    strange = sorted(given.keys() - before.scopes.keys())
    if len(strange) == len(given):
        raise BadInput(f"{source}：范围代码 {strange[0] if strange else ''} 等都不在现有细目表里，请核对职业和等级")
    scopes = [ScopeRow(s.code, s.name, s.grade, given.get(s.code, s.weight)) for s in before.scopes.values()]
    points = [PointRow(p.code, p.name, p.scope, p.importance) for p in before.points.values()]
    notes = [f"范围代码 {code} 不在现有细目表里，它的比重没有采用" for code in strange]
    return OutlineReading(tuple(scopes), tuple(points), reading.rejected, (*reading.warnings, *notes))


def plan_revision(
    session: Session,
    reading: OutlineReading,
    *,
    occupation: str,
    level: int,
    institution_id: int | None = None,
    apart: Iterable[str] = (),
) -> RevisionPlan:
    """What this outline would do; the points in `apart` are not to be matched but orphaned. Nothing is written."""
    before = outline_view(session, occupation, level, institution_id)
    banks = _banks(session, occupation, level, institution_id)
    counts = sa.select(Item.point, sa.func.count()).where(Item.bank_id.in_(banks), Item.point.is_not(None))
    hanging = {str(text): count for text, count in session.execute(counts.group_by(Item.point))}
    new = named_points({scope.code: scope.name for scope in reading.scopes}, reading.points)
    old = named_points(_scope_names(before), before.points.values() if before else ())
    fates = _fates(old, new, hanging, frozenset(apart))
    reached = {one.new_code for one in fates if one.code is not None}
    added = tuple(point for point in reading.points if point.code not in reached)
    return RevisionPlan(before.outline if before else None, tuple(fates), added, _weight_changes(before, reading))


def named_points(scopes: Mapping[str, str], points: Iterable[Point | PointRow]) -> dict[str, Named]:
    """Points by code as matching sees them."""
    return {point.code: Named(point.name, scopes.get(point.scope, "")) for point in points}


def _scope_names(view: OutlineView | None) -> dict[str, str]:
    return {scope.code: scope.name for scope in view.scopes.values()} if view else {}


def _fates(
    old: Mapping[str, Named], new: Mapping[str, Named], hanging: Mapping[str, int], apart: frozenset[str]
) -> list[PointFate]:
    """The old points in their order, then the texts that items carry without one."""
    matches = match_points({code: point for code, point in old.items() if code not in apart}, new)
    fates = []
    for code, point in old.items():
        match, items = matches.get(code), hanging.get(code, 0)
        if match is None:
            fates.append(PointFate(Fate.ORPHANED, code, point.name, items))
            continue
        name = new[match.code].name
        fate = Fate.MOVED if match.code != code else Fate.KEPT if name == point.name else Fate.RENAMED
        fates.append(PointFate(fate, code, point.name, items, match.code, name, match.ground, match.doubtful))
    for text in sorted(hanging.keys() - old.keys()):
        match = find_point(text, new, near=True) if text not in apart else None
        if match is None:
            fates.append(PointFate(Fate.ORPHANED, None, text, hanging[text]))
        else:
            there = (match.code, new[match.code].name, match.ground, match.doubtful)
            fates.append(PointFate(Fate.PLACED, None, text, hanging[text], *there))
    return fates


def _weight_changes(
    before: OutlineView | None, reading: OutlineReading
) -> tuple[tuple[str, int | None, int | None], ...]:
    old = {scope.code: scope.weight for scope in before.scopes.values()} if before else {}
    return tuple((s.code, old[s.code], s.weight) for s in reading.scopes if s.code in old and old[s.code] != s.weight)


def import_outline(
    session: Session,
    actor: Actor,
    reading: OutlineReading,
    *,
    occupation: str,
    level: int,
    source: str,
    institution_id: int | None = None,
    apart: Iterable[str] = (),
) -> Revision:
    """Write an outline as the newest version and move the items along; raises BadInput when it has no point."""
    reading = complete(reading, outline_view(session, occupation, level, institution_id), source)
    _check(reading, source)
    plan = plan_revision(
        session, reading, occupation=occupation, level=level, institution_id=institution_id, apart=apart
    )
    outline = Outline(
        occupation=occupation,
        level=level,
        institution_id=institution_id,
        version=next_version(session, occupation, level, institution_id),
        source=source[:200],
        made_by=actor.name,
        scopes=_scopes(reading),
        points=_points(reading),
    )
    session.add(outline)
    session.flush()
    facts = {"outline": outline.id, "occupation": occupation, "level": level, "version": outline.version}
    counts = {"scopes": len(outline.scopes), "points": len(outline.points)}
    append(session, actor, "outline.import", {**facts, **counts})
    _move_items(session, actor, outline, plan)
    return Revision(outline, plan)


def _check(reading: OutlineReading, source: str) -> None:
    """Raise BadInput for what no outline can hold."""
    codes = [*(scope.code for scope in reading.scopes), *(point.code for point in reading.points)]
    long = max(codes, key=len)
    if len(long) > LONGEST_CODE:
        raise BadInput(f"{source}：代码“{long}”超过 {LONGEST_CODE} 个字符，请检查代码列是否写成了名称")
    deep = next((scope.code for scope in reading.scopes if scope.grade > MOST_GRADES), None)
    if deep:
        raise BadInput(f"{source}：范围代码 {deep} 超过 {MOST_GRADES} 级，请检查代码列")


def _scopes(reading: OutlineReading) -> list[Scope]:
    rows = enumerate(reading.scopes)
    return [
        Scope(position=n, code=s.code, name=s.name[:LONGEST_POINT], grade=s.grade, weight=s.weight) for n, s in rows
    ]


def _points(reading: OutlineReading) -> list[Point]:
    rows = enumerate(reading.points)
    return [
        Point(position=n, code=p.code, name=p.name[:LONGEST_POINT], scope=p.scope, importance=p.importance)
        for n, p in rows
    ]


def _move_items(session: Session, actor: Actor, outline: Outline, plan: RevisionPlan) -> None:
    """Give every item, and what is still to be written, the code its point has now; a ledger entry for each bank."""
    places = {one.key: one.new_code or one.name[:LONGEST_POINT] for one in plan.fates}
    changed = {text: place for text, place in places.items() if text != place}
    for bank_id in _banks(session, outline.occupation, outline.level, outline.institution_id) if changed else ():
        items = sa.select(Item).where(Item.bank_id == bank_id, Item.point.is_not(None)).order_by(Item.id)
        tasks = sa.select(Assignment).join(Assignment.plan).where(Plan.bank_id == bank_id).order_by(Assignment.id)
        moved, given = _carry(session.scalars(items), changed), _carry(session.scalars(tasks), changed)
        if moved or given:
            facts = {"outline": outline.id, "bank": bank_id, "items": moved, "assignments": given}
            append(session, actor, "outline.move_items", facts)


def _carry(rows: Iterable[Item | Assignment], changed: Mapping[str, str]) -> list[int]:
    """Write the new codes; returns the ids of the rows that changed."""
    found = []
    for row in rows:
        if row.point is not None and row.point in changed:
            row.point = changed[row.point]
            found.append(row.id)
    return found


def _banks(session: Session, occupation: str, level: int, institution_id: int | None) -> Sequence[int]:
    """The banks that this outline is for: one institution's, or all that have no outline of their own."""
    mine = sa.select(Bank.id).where(Bank.occupation == occupation, Bank.level == level).order_by(Bank.id)
    if institution_id is not None:
        return session.scalars(mine.where(Bank.institution_id == institution_id)).all()
    own = sa.select(Outline.institution_id).where(
        Outline.occupation == occupation, Outline.level == level, Outline.institution_id.is_not(None)
    )
    return session.scalars(mine.where(Bank.institution_id.not_in(own))).all()


def items_of_points(session: Session, bank: Bank) -> dict[str, int]:
    """How many items of the bank carry each point, or a text that no outline holds."""
    mine = sa.select(Item.point, sa.func.count()).where(Item.bank_id == bank.id, Item.point.is_not(None))
    return {str(text): count for text, count in session.execute(mine.group_by(Item.point))}
