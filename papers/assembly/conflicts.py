"""When there is no paper: which requirements collide, and how little the overlap could be.

The conflict set comes from a deletion filter: each named requirement is left out in turn, and stays only when the rest
is no longer proven impossible. It is minimal by inclusion where for each that stayed a paper without it was at hand.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from papers.assembly.candidates import Candidate
from papers.assembly.engine import FIRST_SOLUTION, Answer, Effort, solve
from papers.assembly.model import (
    BETWEEN_FORMS,
    CLUSTERS,
    Row,
    group_names,
    joint_rows,
    past_name,
    pooled_rows,
    usable,
)
from papers.assembly.outcome import LowestOverlap, Request
from papers.assembly.search import JUMP_PAUSES, Watch, pooled_upper, together

CHECK_SECONDS = 3.0
LOWEST_TRIES = 4


@dataclass(frozen=True, slots=True)
class Model:
    """Rows over so many columns that are proven to have no solution together."""

    request: Request
    bank: Sequence[Candidate]
    rows: Sequence[Row]
    pooled: bool

    def answer(self, groups: Collection[str], effort: Effort) -> Answer:
        """What remains of the model with these groups alone."""
        rows = [row for row in self.rows if row.group in groups or row.group == CLUSTERS]
        copies = 1 if self.pooled else self.request.forms
        upper = pooled_upper(self.request, self.bank, apart=BETWEEN_FORMS in groups) if self.pooled else None
        return solve(len(self.bank) * copies, rows, effort, upper=upper)


def conflict_set(request: Request, watch: Watch) -> tuple[tuple[str, ...], bool] | None:
    """Names of requirements that cannot hold together, and whether the set is surely minimal; None if not found."""
    model = _impossible_model(request, watch)
    if model is None:
        return None
    kept = _by_firmness(request, model.rows)
    minimal = True
    for name in list(kept):
        without = [other for other in kept if other != name]
        answer = model.answer(without, Effort(min(CHECK_SECONDS, watch.left)))
        if answer.impossible:
            kept = without
        elif minimal:
            minimal = answer.values is not None and _possible(model, without, watch)
    names = [name for name in dict.fromkeys(row.group for row in model.rows) if name in kept]
    return tuple(names), minimal


def _impossible_model(request: Request, watch: Watch) -> Model | None:
    """The smallest model that is proven empty: one form, all forms pooled, or all forms jointly."""
    bank = usable(request)
    single = replace(request, forms=1)
    for model in (
        Model(single, bank, pooled_rows(single, bank), pooled=True),
        Model(request, bank, pooled_rows(request, bank), pooled=True),
        Model(request, bank, joint_rows(request, bank), pooled=False),
    ):
        groups = {row.group for row in model.rows}
        if model.answer(groups, Effort(watch.left if not model.pooled else min(CHECK_SECONDS, watch.left))).impossible:
            return model
    return None


def _by_firmness(request: Request, rows: Sequence[Row]) -> list[str]:
    """What people would give up first is tried first, so that the set names the counts they cannot do without."""
    names = group_names(request.blueprint)
    firm = {names[section.type.value] for section in request.blueprint.sections} | {BETWEEN_FORMS}
    kept = [name for name in dict.fromkeys(row.group for row in rows) if name != CLUSTERS]
    return sorted(kept, key=lambda name: name in firm)


def _possible(model: Model, groups: Collection[str], watch: Watch) -> bool:
    """Whether what solves the pooled model also comes apart into forms: then the group left out is in the quarrel."""
    if not model.pooled or model.request.forms == 1:
        return True
    joint = Model(model.request, model.bank, joint_rows(model.request, model.bank), pooled=False)
    effort = Effort(min(CHECK_SECONDS, watch.left), FIRST_SOLUTION, JUMP_PAUSES)
    return joint.answer(groups, effort).values is not None


def lowest_overlap(request: Request, watch: Watch) -> LowestOverlap | None:
    """The least overlap limit under which forms exist: proven from below, found from above; None if that is no help."""
    bank, total = usable(request), request.blueprint.marks
    answer = _least_limit(request, bank, watch)
    if answer.values is None:
        return None
    step = math.gcd(*(section.marks for section in request.blueprint.sections))
    least = max(0, math.ceil((answer.bound - 1e-6) / step) * step)
    if request.forms == 1 and answer.gap == 0:
        return LowestOverlap(least * 100 / total, least * 100 / total)
    for marks in range(least, total + 1, step)[:LOWEST_TRIES]:
        trial = replace(request, overlap_limit=marks * 100 / total)
        if together(trial, bank, Watch(min(CHECK_SECONDS, watch.left)), last=False).forms is not None:
            return LowestOverlap(least * 100 / total, marks * 100 / total)
    return LowestOverlap(least * 100 / total, None)


def _least_limit(request: Request, bank: Sequence[Candidate], watch: Watch) -> Answer:
    """The pooled model with the limit itself as a last column, as low as it can be."""
    strict = replace(request, overlap_limit=0.0)
    rows = [
        Row(row.group, None, 0, [*row.columns, len(bank)], [*row.values, -request.forms])
        if row.group == past_name(strict)
        else row
        for row in pooled_rows(strict, bank)
    ]
    upper = [*pooled_upper(request, bank), float(request.blueprint.marks)]
    cost = [*[0.0] * len(bank), 1.0]
    return solve(len(bank) + 1, rows, Effort(min(CHECK_SECONDS, watch.left)), cost=cost, upper=upper)
