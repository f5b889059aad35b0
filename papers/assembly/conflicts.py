"""When there is no paper: which requirements collide, and what to write so that there is one.

The conflict set is minimal by inclusion: each named requirement was left out in turn, and only those stay without which
the rest can be met (or could not be decided in time). The writing order adds free new items at least cost.
"""

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from papers.assembly.model import BETWEEN_FORMS, CLUSTERS, MIDDLE_DIFFICULTY, Column, Row, Rules, group_names, rows_of
from papers.assembly.outcome import Order, Request, WritingOrder
from papers.assembly.search import solve, whole_bank

CHECK_SECONDS = 3.0
MOST_NEW = 200.0


def conflict_set(request: Request, seconds: float) -> tuple[str, ...]:
    """Names of requirements that cannot hold together, for one form if that already fails, else for all jointly."""
    deadline = time.monotonic() + seconds
    columns, rows = _failing_model(request)
    kept = [name for name in dict.fromkeys(row.group for row in rows) if name != CLUSTERS]
    # What people would give up first is tried first, so that the set names the counts they cannot do without.
    names_of = group_names(request.blueprint)
    firm = {names_of[section.type.value] for section in request.blueprint.sections} | {BETWEEN_FORMS}
    names = sorted(kept, key=lambda name: name in firm)
    for name in names:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        without = [other for other in kept if other != name]
        if solve(len(columns), _only(rows, without), [0.0] * len(columns), min(CHECK_SECONDS, left)).infeasible:
            kept = without
    return tuple(kept)


def _failing_model(request: Request) -> tuple[list[Column], list[Row]]:
    """The smallest model that is proven empty: one form, or else all forms jointly."""
    for forms in dict.fromkeys((1, request.forms)):
        columns = whole_bank(request, forms)
        rows = rows_of(columns, Rules(request.blueprint, request.past, request.overlap_limit, forms))
        if forms == request.forms or solve(len(columns), rows, [0.0] * len(columns), CHECK_SECONDS).infeasible:
            break
    return columns, rows


def _only(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    return [row for row in rows if row.group in names or row.group == CLUSTERS]


def writing_order(request: Request, seconds: float) -> Order | None:
    """New items that make the forms possible, with both bounds; None where none was found in time."""
    rules = Rules(request.blueprint, request.past, request.overlap_limit, request.forms)
    if request.blueprint.between_forms:
        rules = replace(rules, forms=1)
    columns = whole_bank(request, rules.forms)
    known = len(columns)
    columns += [column for form in range(rules.forms) for column in _new_items(request, form)]
    cost = [0.0] * known + [100.0 + abs(column.difficulty - MIDDLE_DIFFICULTY) for column in columns[known:]]
    upper = [1.0] * known + [MOST_NEW] * (len(columns) - known)
    found = solve(len(columns), rows_of(columns, rules), cost, seconds, upper=upper)
    if found.x is None:
        return None
    wanted: Counter[tuple[object, ...]] = Counter()
    for index in np.flatnonzero(found.x[known:]):
        column = columns[known + index]
        wanted[column.type, column.scopes[-1] if column.scopes else None, column.difficulty] += int(
            found.x[known + index]
        )
    rows = [WritingOrder(kind, scope, grade, count) for (kind, scope, grade), count in wanted.items()]  # type: ignore[arg-type]
    least = max(0, math.ceil(found.bound / (100 + 2) - 1e-9)) if math.isfinite(found.bound) else 0
    return Order(least, tuple(sorted(rows, key=lambda row: (row.type, row.scope or "", row.difficulty or 0))))


def _new_items(request: Request, form: int) -> list[Column]:
    """A free new item for each type, innermost scope that matters, and difficulty that matters."""
    chains = {one.scopes for one in request.candidates} | {(scope.code,) for scope in request.blueprint.scopes}
    bound = {scope.code for scope in request.blueprint.scopes}
    scopes = {tuple(code for code in chain if code in bound) for chain in chains}
    difficulty = request.blueprint.difficulty
    grades = range(1, 6) if difficulty.counts or difficulty.mean is not None else (MIDDLE_DIFFICULTY,)
    return [
        Column(form, section.type, scope, grade)
        for section in request.blueprint.sections
        for scope in sorted(scopes)
        for grade in grades
    ]
