"""What a bank has against its outline, scope by scope and point by point, by distinct question (Article 6(1), 6(5)).

Pure. `Counted` is one question however many copies of it lie in the bank; a question beyond a point's need does not
stand in for another point's lack.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bank.content import ItemType
from bank.ground.policy import Policy
from bank.outlines import Importance, OutlineView


@dataclass(frozen=True, slots=True)
class Counted:
    """One distinct question: where it hangs, the day it came, the day it was last new or revised."""

    point: str | None
    type: ItemType
    difficulty: int | None
    came: date
    renewed: date


@dataclass(frozen=True, slots=True)
class PointCoverage:
    """One point: distinct questions present and required; `weight` is its part of one of a paper's marks."""

    code: str
    name: str
    importance: Importance
    scope: str
    present: int
    required: int
    weight: float

    @property
    def missing(self) -> int:
        """How many questions it still lacks."""
        return max(self.required - self.present, 0)


@dataclass(frozen=True, slots=True)
class ScopeCoverage:
    """One scope with everything below it; `present` never counts more at a point than the point needs."""

    code: str
    name: str
    grade: int
    parent: str | None
    weight: int | None
    present: int
    required: int
    points: int
    points_ready: int


@dataclass(frozen=True, slots=True)
class TypeShare:
    """One item type in the bank against the policy's mix; `wanted` is None where the mix does not name it."""

    type: ItemType
    present: int
    share: float
    wanted: float | None
    low: float
    high: float

    @property
    def fits(self) -> bool:
        """Whether its share lies within the tolerance."""
        return self.wanted is None or self.low <= self.share <= self.high


def cover_points(view: OutlineView, counted: Iterable[Counted], policy: Policy) -> tuple[PointCoverage, ...]:
    """Every point of the outline in its order."""
    present = Counter(one.point for one in counted)
    weights = point_weights(view)
    return tuple(
        PointCoverage(
            code,
            point.name,
            point.importance,
            point.scope,
            present[code],
            policy.items_for(point.importance.value),
            weights[code],
        )
        for code, point in view.points.items()
    )


def point_weights(view: OutlineView) -> dict[str, float]:
    """Each point's part of one: its innermost weighted scope's weight, shared by the points that depend on it."""
    groups: dict[str, list[str]] = defaultdict(list)
    for code in view.points:
        weighted = [scope for scope in view.chain(code) if view.scopes[scope].weight]
        groups[weighted[-1] if weighted else ""].append(code)
    known = sum(view.scopes[scope].weight or 0 for scope in groups if scope)
    placed = sum(len(codes) for scope, codes in groups.items() if scope)
    # Points outside every weighted scope weigh what a point weighs on the average, or all alike where none is weighed.
    average = known / placed if known else 1.0
    raw = {
        code: (view.scopes[scope].weight or 0) / len(codes) if scope else average
        for scope, codes in groups.items()
        for code in codes
    }
    total = sum(raw.values())
    return {code: weight / total for code, weight in raw.items()}


def cover_scopes(view: OutlineView, points: Sequence[PointCoverage]) -> tuple[ScopeCoverage, ...]:
    """Every scope of the outline, outer before inner, with sums over the points below it."""
    below: dict[str, list[PointCoverage]] = defaultdict(list)
    parents: dict[str, str | None] = {}
    for point in points:
        chain = view.chain(point.code)
        for outer, inner in zip((None, *chain), chain, strict=False):
            below[inner].append(point)
            parents[inner] = outer
    return tuple(
        ScopeCoverage(
            code,
            scope.name,
            scope.grade,
            parents.get(code),
            scope.weight,
            sum(min(point.present, point.required) for point in below[code]),
            sum(point.required for point in below[code]),
            len(below[code]),
            sum(not point.missing for point in below[code]),
        )
        for code, scope in view.scopes.items()
    )


def cover_types(counted: Sequence[Counted], policy: Policy) -> tuple[TypeShare, ...]:
    """Every type that the bank holds or the policy's mix names."""
    present = Counter(one.type for one in counted)
    found = []
    for kind in ItemType:
        wanted = policy.type_mix.get(kind.value)
        if not present[kind] and wanted is None:
            continue
        middle, slack = wanted or 0.0, policy.type_mix_tolerance
        share = present[kind] / len(counted) if counted else 0.0
        found.append(TypeShare(kind, present[kind], share, wanted, max(middle - slack, 0.0), min(middle + slack, 1.0)))
    return tuple(found)


def days_that_fill(counted: Iterable[Counted], needs: dict[str | None, int]) -> list[date]:
    """The days on which needs were filled: of each point's questions the earliest ones, as many as it needs."""
    days: dict[str | None, list[date]] = defaultdict(list)
    for one in counted:
        days[one.point].append(one.came)
    return sorted(day for point, need in needs.items() for day in sorted(days[point])[:need])


@dataclass(frozen=True, slots=True)
class ScopeNode:
    """A scope with the scopes and points directly inside it, as the page folds them."""

    scope: ScopeCoverage
    inner: tuple["ScopeNode", ...]
    points: tuple[PointCoverage, ...]


def nest(scopes: Sequence[ScopeCoverage], points: Sequence[PointCoverage]) -> tuple[ScopeNode, ...]:
    """The outermost scopes, each with what lies in it; points without a known scope are in none of them."""
    inside: dict[str | None, list[ScopeCoverage]] = defaultdict(list)
    for scope in scopes:
        inside[scope.parent].append(scope)
    hanging: dict[str, list[PointCoverage]] = defaultdict(list)
    for point in points:
        hanging[point.scope].append(point)

    def node(scope: ScopeCoverage) -> ScopeNode:
        return ScopeNode(scope, tuple(map(node, inside[scope.code])), tuple(hanging[scope.code]))

    return tuple(map(node, inside[None]))
