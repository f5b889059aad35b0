"""Work orders: what is still to be written, point by point, in the order of what it brings (Article 6(5)).

Pure. An order names how many questions of which type and difficulty; the types lead the bank towards the policy's
mix, and the mix itself is advice: it never makes a complete bank unready.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bank.content import ItemType
from bank.coverage import Counted, PointCoverage
from bank.ground.policy import Policy
from bank.outlines import Importance

DIFFICULTY_NAMES = {1: "易", 2: "较易", 3: "中等", 4: "较难", 5: "难"}


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """So many questions of a point, by type and difficulty; `point` is None where the bank has no outline.

    `gain` is the part of one of a paper's marks that becomes covered when the order is done.
    """

    point: str | None
    name: str
    importance: Importance | None
    scope: str | None
    present: int
    required: int
    types: Mapping[ItemType, int]
    difficulties: Mapping[int, int]
    gain: float

    @property
    def missing(self) -> int:
        """How many questions are to be written."""
        return self.required - self.present


def work_orders(points: Iterable[PointCoverage], counted: Sequence[Counted], policy: Policy) -> tuple[WorkOrder, ...]:
    """One order for each point that lacks questions, the most useful first."""
    lacking = [point for point in points if point.missing]
    lacking.sort(key=lambda point: (-_gain(point), point.importance))
    total = len(counted) + sum(point.missing for point in lacking)
    types = _Shares(policy.type_mix, Counter(one.type.value for one in counted), total)
    grades = _Shares(policy.difficulty_mix, Counter(str(one.difficulty) for one in counted), total)
    return tuple(
        WorkOrder(
            point.code,
            point.name,
            point.importance,
            point.scope,
            point.present,
            point.required,
            {ItemType(kind): count for kind, count in types.hand_out(point.missing).items()},
            {int(grade): count for grade, count in sorted(grades.hand_out(point.missing).items())},
            _gain(point),
        )
        for point in lacking
    )


def order_without_outline(counted: Sequence[Counted], required: int, policy: Policy) -> tuple[WorkOrder, ...]:
    """The one order of a bank that has no outline: by type and difficulty only."""
    missing = required - len(counted)
    if missing <= 0:
        return ()
    types = _Shares(policy.type_mix, Counter(one.type.value for one in counted), required).hand_out(missing)
    grades = _Shares(policy.difficulty_mix, Counter(str(one.difficulty) for one in counted), required)
    return (
        WorkOrder(
            None,
            "",
            None,
            None,
            len(counted),
            required,
            {ItemType(kind): count for kind, count in types.items()},
            {int(grade): count for grade, count in sorted(grades.hand_out(missing).items())},
            missing / required,
        ),
    )


def _gain(point: PointCoverage) -> float:
    return point.weight * point.missing / point.required


class _Shares:
    """Hands out kinds so that the whole bank comes nearest to a mix: always the kind that lacks most."""

    def __init__(self, mix: Mapping[str, float], present: Mapping[str, int], total: int) -> None:
        whole = sum(mix.values())
        self.lack = {kind: share / whole * total - present.get(kind, 0) for kind, share in mix.items()}

    def hand_out(self, count: int) -> Counter[str]:
        """The next so many; nothing where there is no mix."""
        given: Counter[str] = Counter()
        for _ in range(count if self.lack else 0):
            # What the same point has already received stands back a little, so that a point is not all of one kind.
            kind = max(self.lack, key=lambda one: self.lack[one] / (1 + given[one]))
            self.lack[kind] -= 1
            given[kind] += 1
        return given
