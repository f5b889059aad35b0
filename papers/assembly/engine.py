"""The one place that speaks to the solver library: rows in, one of three answers out. Runs inside the child process.

One thread and stops that can be repeated (gap, nodes), so that equal rows give equal answers; the clock is the last
resort and its use is told. A solution counts once the verifier has read it, an impossibility only when it was proven.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import highspy
import numpy as np

from papers.assembly.model import Row

SCALE = 1000.0
"""Costs go to the library divided by this: it compares objectives to a millionth."""


@dataclass(frozen=True, slots=True)
class Effort:
    """When to stop: at a relative gap or at the library's so-manieth pause, at the latest after `seconds`.

    The library pauses at fixed points of its work, not by the clock: a pause is the same on every machine.
    """

    seconds: float
    gap: float = 0.0
    pauses: int | None = None
    presolve: bool = False


FIRST_SOLUTION = 1e9
"""A gap that any solution satisfies."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`values` where there is a solution, `impossible` where it is proven that there is none, else neither.

    `gap` is nought at a proven optimum; `bound` is a cost that no solution undercuts; `work` counts
    simplex steps, the same on every machine; `timed_out`: the clock decided.
    """

    values: "np.ndarray[tuple[int], np.dtype[np.int64]] | None" = None
    impossible: bool = False
    gap: float = 1.0
    bound: float = 0.0
    work: int = 0
    timed_out: bool = False

    def taken(self) -> list[int]:
        """The columns that are not nought."""
        return [] if self.values is None else [int(column) for column in np.flatnonzero(self.values)]


def solve(
    size: int,
    rows: Sequence[Row],
    effort: Effort,
    *,
    cost: Sequence[float] | None = None,
    upper: Sequence[float] | None = None,
    start: Sequence[float] | None = None,
    whole: bool = True,
) -> Answer:
    """Columns between 0 and `upper` (1 where not given), in whole numbers unless `whole` is False, at least cost."""
    if effort.seconds <= 0:
        return Answer(timed_out=True)
    # The library calls a model without columns neither feasible nor infeasible.
    if any(not row.columns and ((row.lower or 0) > 0 or (row.upper or 0) < 0) for row in rows):
        return Answer(impossible=True)
    if not size:
        return Answer(np.zeros(0, np.int64), gap=0.0)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {"output_flag": False, "threads": 1}
    options |= {"time_limit": effort.seconds, "mip_rel_gap": effort.gap, "presolve": "on" if effort.presolve else "off"}
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(_matrix(size, rows, cost, upper, whole=whole))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = list(start)
        highs.setSolution(known)
    if effort.pauses is not None:
        highs.cbMipInterrupt.subscribe(_stopping_at(effort.pauses))
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    timed_out = status == highspy.HighsModelStatus.kTimeLimit
    if status == highspy.HighsModelStatus.kInfeasible:
        return Answer(impossible=True)
    bound = info.mip_dual_bound * SCALE if whole else info.objective_function_value * SCALE
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(bound=bound, timed_out=timed_out)
    values = np.rint(np.array(highs.getSolution().col_value)).astype(np.int64)
    return Answer(
        values, gap=info.mip_gap if whole else 0.0, bound=bound, work=info.simplex_iteration_count, timed_out=timed_out
    )


def _stopping_at(pauses: int) -> Callable[[Any], None]:
    seen = count(1)

    def pause(event: Any) -> None:
        event.data_in.user_interrupt = next(seen) >= pauses

    return pause


def _matrix(
    size: int, rows: Sequence[Row], cost: Sequence[float] | None, upper: Sequence[float] | None, *, whole: bool
) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = size, len(rows)
    model.col_cost_ = np.zeros(size) if cost is None else np.asarray(cost, float) / SCALE
    model.col_lower_ = np.zeros(size)
    model.col_upper_ = np.ones(size) if upper is None else np.asarray(upper, float)
    model.row_lower_ = np.array([-np.inf if row.lower is None else row.lower for row in rows], float)
    model.row_upper_ = np.array([np.inf if row.upper is None else row.upper for row in rows], float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row.columns) for row in rows)])
    model.a_matrix_.index_ = np.array([place for row in rows for place in row.columns], int)
    model.a_matrix_.value_ = np.array([value for row in rows for value in row.values], float)
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * size
    return model
