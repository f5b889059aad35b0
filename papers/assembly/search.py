"""The search for parallel forms: one after another, then all jointly for the proof. Runs inside the child process.

One random representative per cluster, a random restriction of big banks, independent exponential integer keys as
objective: all three drawn from the committed seed, so the draw can be repeated and nobody could steer it.
"""

import hashlib
import hmac
import math
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np

from papers.assembly.candidates import Candidate
from papers.assembly.model import MIDDLE_DIFFICULTY, Column, Row, Rules, columns_of, rows_of
from papers.assembly.outcome import Request

Chosen = list[list[int]]
PER_CELL = 2
RESTRICT_ABOVE = 5000
PRESOLVE_BELOW = 20000
ATTEMPTS = 4
GAP = 0.1


@dataclass(frozen=True, slots=True)
class Solved:
    """HiGHS's answer: `x` where it holds a solution, `bound` below the objective, whether it proved there is none."""

    x: "np.ndarray[tuple[int], np.dtype[np.float64]] | None"
    infeasible: bool
    bound: float


class Draw:
    """Random numbers that follow from the seed alone."""

    def __init__(self, seed: bytes, purpose: str) -> None:
        self._seed, self._purpose = seed, purpose.encode()

    def of(self, *names: object) -> int:
        """A 64-bit number for a name."""
        message = self._purpose + b"|" + "|".join(map(str, names)).encode()
        return int.from_bytes(hmac.digest(self._seed, message, hashlib.sha256)[:8], "big")

    def key(self, *names: object) -> int:
        """An exponential integer key: small ones are taken first."""
        return max(1, round(-math.log((self.of(*names) + 1) / 2**64) * 1000))


def solve(
    columns: int,
    rows: Sequence[Row],
    cost: Sequence[float],
    seconds: float,
    *,
    upper: Sequence[float] | None = None,
) -> Solved:
    """Run HiGHS, one thread, on 0/1 columns (or integers up to `upper`)."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("time_limit", max(0.1, seconds))
    highs.setOptionValue("mip_rel_gap", GAP)
    if columns > PRESOLVE_BELOW:
        highs.setOptionValue("presolve", "off")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, len(rows)
    model.col_cost_ = np.asarray(cost, float)
    model.col_lower_ = np.zeros(columns)
    model.col_upper_ = np.ones(columns) if upper is None else np.asarray(upper, float)
    model.row_lower_ = np.array([row.lower for row in rows], float)
    model.row_upper_ = np.array([row.upper for row in rows], float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row.columns) for row in rows)])
    model.a_matrix_.index_ = np.array([index for row in rows for index in row.columns], int)
    model.a_matrix_.value_ = np.array([value for row in rows for value in row.values], float)
    model.integrality_ = [highspy.HighsVarType.kInteger] * columns
    highs.passModel(model)
    highs.run()
    info = highs.getInfo()
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.round(np.array(highs.getSolution().col_value)) if feasible else None
    infeasible = highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible
    return Solved(x, infeasible, info.mip_dual_bound)


@dataclass(frozen=True, slots=True)
class Hunt:
    """What a search came to: forms as candidate places, or a proof, or neither."""

    forms: Chosen | None
    infeasible: bool


def hunt(request: Request, progress: Callable[[str], None]) -> Hunt:
    """Forms one after another with new draws; then the whole bank, all forms jointly, which alone may prove."""
    deadline = time.monotonic() + request.seconds
    rules = Rules(request.blueprint, request.past, request.overlap_limit)
    for attempt in range(ATTEMPTS):
        forms = _one_after_another(request, rules, attempt, deadline, progress)
        if forms is not None:
            return Hunt(forms, infeasible=False)
        if attempt == 0 and _single_impossible(request, rules, deadline):
            return Hunt(None, infeasible=True)
        if time.monotonic() > deadline:
            break
    if request.forms == 1 or request.blueprint.between_forms:
        return Hunt(None, infeasible=False)
    progress("逐份组卷未成，正在对全部试题联合求解")
    return _jointly(request, rules, deadline)


def _one_after_another(
    request: Request, rules: Rules, attempt: int, deadline: float, progress: Callable[[str], None]
) -> Chosen | None:
    draw = Draw(request.seed, f"attempt {attempt}")
    places = _restricted(request.candidates, _representatives(request.candidates, draw), rules, draw, attempt)
    forms: Chosen = []
    for number in range(request.forms):
        progress(f"正在组第 {number + 1} 份卷")
        cost = [float(draw.key(number, request.candidates[place].cluster)) for place in places]
        chosen = _next_form(request, rules, places, forms, cost, deadline)
        if chosen is None:
            return None
        forms.append(chosen)
    return forms


def _next_form(
    request: Request, rules: Rules, places: Sequence[int], forms: Chosen, cost: Sequence[float], deadline: float
) -> list[int] | None:
    """The next form, first with the first form's difficulty profile, then without it."""
    columns = columns_of(request.candidates, places, 0)
    earlier = tuple(frozenset(request.candidates[place].cluster for place in form) for form in forms)
    profile = _profile(request.candidates, forms[0]) if forms else ()
    for wanted in (profile, ()) if profile else ((),):
        seconds = min(8.0, deadline - time.monotonic())
        if seconds <= 0:
            return None
        rows = rows_of(columns, replace(rules, profile=wanted, earlier=earlier))
        found = solve(len(columns), rows, cost, seconds)
        if found.x is not None:
            return [places[int(index)] for index in np.flatnonzero(found.x)]
    return None


def _profile(candidates: Sequence[Candidate], form: Sequence[int]) -> tuple[tuple[int, int], ...]:
    grades = [candidates[place].difficulty for place in form]
    if all(grade is None for grade in grades):
        return ()
    known = [grade or MIDDLE_DIFFICULTY for grade in grades]
    return tuple((grade, known.count(grade)) for grade in range(1, 6))


def _representatives(candidates: Sequence[Candidate], draw: Draw) -> list[int]:
    """One place per cluster, by lot: a question with many copies is not likelier than one without."""
    by_cluster: dict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(candidates):
        by_cluster[one.cluster].append(place)
    return [min(group, key=lambda place: draw.of("copy", candidates[place].item)) for group in by_cluster.values()]


def _restricted(
    candidates: Sequence[Candidate], places: Sequence[int], rules: Rules, draw: Draw, attempt: int
) -> list[int]:
    """Items of the wanted types; of a big bank only a few by lot per type, point and difficulty."""
    types = {section.type for section in rules.blueprint.sections}
    eligible = [place for place in places if candidates[place].type in types]
    if len(eligible) <= RESTRICT_ABOVE or attempt >= ATTEMPTS - 1:
        return eligible
    cells: dict[object, list[int]] = defaultdict(list)
    for place in eligible:
        one = candidates[place]
        cells[one.type, one.point, one.difficulty].append(place)
    most = max(PER_CELL, math.ceil(RESTRICT_ABOVE / 2 / len(cells))) * 4**attempt
    kept = []
    for group in cells.values():
        kept += sorted(group, key=lambda place: draw.of("cell", candidates[place].item))[:most]
    return sorted(kept)


def whole_bank(request: Request, forms: int) -> list[Column]:
    """Every candidate of the wanted types, in every form."""
    types = {section.type for section in request.blueprint.sections}
    places = [place for place, one in enumerate(request.candidates) if one.type in types]
    return [column for form in range(forms) for column in columns_of(request.candidates, places, form)]


def _single_impossible(request: Request, rules: Rules, deadline: float) -> bool:
    columns = whole_bank(request, 1)
    seconds = min(10.0, deadline - time.monotonic())
    return seconds > 0 and solve(len(columns), rows_of(columns, rules), [0.0] * len(columns), seconds).infeasible


def _jointly(request: Request, rules: Rules, deadline: float) -> Hunt:
    columns = whole_bank(request, request.forms)
    draw = Draw(request.seed, "jointly")
    cost = [float(draw.key(column.form, column.cluster)) for column in columns]
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        return Hunt(None, infeasible=False)
    found = solve(len(columns), rows_of(columns, replace(rules, forms=request.forms)), cost, seconds)
    if found.x is None:
        return Hunt(None, infeasible=found.infeasible)
    forms: Chosen = [[] for _ in range(request.forms)]
    for index in np.flatnonzero(found.x):
        place = columns[index].candidate
        if place is not None:
            forms[columns[index].form].append(place)
    return Hunt(forms, infeasible=False)
