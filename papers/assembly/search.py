"""The search for parallel forms. Runs inside the child process; every decision but the last follows from the seed.

First the pooled model, which proves most impossible wishes in a moment. Then form after form, each the cheapest draw
of its keys. Where that runs into a corner: all forms jointly, any solution, and from it every form drawn anew while
the others stand. Only the whole bank, pooled or joint, may say "impossible"; a corner or the clock never does.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from papers.assembly.candidates import Candidate
from papers.assembly.engine import FIRST_SOLUTION, Answer, Effort, solve
from papers.assembly.lottery import RESTRICT_ABOVE, Draw, representatives, restricted
from papers.assembly.model import Row, between_rows, form_rows, joint_rows, pooled_rows, profile_rows, usable
from papers.assembly.outcome import Request

Form = list[Candidate]
WIDTHS = (1, 3, None)
"""How far the difficulty profile of a later form may lie from the first one's, step by step; None: as it comes."""
NEAR, NEAR_PAUSES = 0.1, 12
FAR, FAR_PAUSES = 0.3, 80
"""A draw that lies further than this from the bound gets a second, longer try."""
POLISH_PAUSES = 80
POLISH_WORK = {0.01: 1_300, 1.0: 600}
"""Up to which gap how much work may have gone before: then the optimum itself seems within reach."""
JUMP_PAUSES = 3
"""Enough for the library's feasibility jump and the first relaxation, which together find most joint solutions."""
JUMPS = 3


class Watch:
    """The time left, and whether the clock ever decided anything."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self.intervened = False

    @property
    def left(self) -> float:
        """Seconds until the end, not below nought."""
        return max(0.0, self._deadline - time.monotonic())

    def saw(self, answer: Answer) -> Answer:
        """Note whether this answer was cut short by the clock."""
        self.intervened |= answer.timed_out
        return answer


@dataclass(frozen=True, slots=True)
class Hunt:
    """Forms as item numbers, or the proof that there are none, or neither.

    `proven`: each form is the proven optimum of its keys; `repeatable`: the clock decided nothing.
    """

    forms: tuple[tuple[int, ...], ...] | None = None
    infeasible: bool = False
    proven: bool = False
    repeatable: bool = True


def hunt(request: Request, progress: Callable[[str], None]) -> Hunt:
    """Forms that satisfy every requirement, a proof that there are none, or neither within the time."""
    watch, bank = Watch(request.seconds), usable(request)
    if pooled_impossible(request, bank, watch, whole=False):
        return Hunt(infeasible=True)
    # A net first, where it costs a moment: whatever corner the draws run into, there are forms to return to.
    net = together(request, bank, watch, jumps=1, last=False).forms if len(bank) <= RESTRICT_ABOVE else None
    found, proven = _one_after_another(request, bank, watch, progress)
    if found is None and net is None:
        progress("逐份组卷未成，正在对全部试题联合求解")
        if pooled_impossible(request, bank, watch, whole=True):
            return Hunt(infeasible=True)
        joint = together(request, bank, watch)
        if joint.forms is None:
            return Hunt(infeasible=joint.impossible, repeatable=not watch.intervened)
        net = joint.forms
    if found is None and net is not None:
        found = _drawn_anew(request, bank, net, watch, progress)
    numbers = tuple(tuple(one.item for one in form) for form in found or ())
    return Hunt(numbers, proven=proven, repeatable=not watch.intervened)


def pooled_impossible(request: Request, bank: Sequence[Candidate], watch: Watch, *, whole: bool) -> bool:
    """Whether the pooled model proves that there are no such forms; False says nothing."""
    rows = pooled_rows(request, bank)
    return watch.saw(
        solve(len(bank), rows, Effort(watch.left), upper=pooled_upper(request, bank), whole=whole)
    ).impossible


def pooled_upper(request: Request, bank: Sequence[Candidate], *, apart: bool = True) -> list[float]:
    """How often an item may be taken in the pooled model: once where forms must not share, else once a form."""
    once = apart and not request.blueprint.between_forms
    return [1.0 if once else float(request.forms)] * len(bank)


def _one_after_another(
    request: Request, bank: Sequence[Candidate], watch: Watch, progress: Callable[[str], None]
) -> tuple[list[Form] | None, bool]:
    pool = representatives(bank, Draw(request.seed, "wording"))
    forms: list[Form] = []
    proven = True
    for number in range(request.forms):
        progress(f"正在组第 {number + 1} 份卷")
        form, optimal = _drawn(request, pool, forms, f"form {number}", watch, polish=proven)
        if form is None:
            return None, False
        forms.append(form)
        proven &= optimal
    return forms, proven


def _drawn(
    request: Request,
    pool: Sequence[Candidate],
    others: Sequence[Form],
    purpose: str,
    watch: Watch,
    *,
    known: Form | None = None,
    polish: bool = False,
) -> tuple[Form | None, bool]:
    """The next form by its keys, unlike the other forms and as parallel to the first of them as can be."""
    columns = _open_to(request, pool, others)
    columns = restricted(columns, Draw(request.seed, f"{purpose}/part"))
    draw = Draw(request.seed, f"{purpose}/key")
    cost = [float(draw.key(one)) for one in columns]
    rows = form_rows(request, columns)
    if request.blueprint.between_forms:
        rows += [row for other in others for row in between_rows(request, other, columns)]
    stands = None if known is None else [float(one in known) for one in columns]
    graded = bool(others) and any(one.difficulty is not None for one in others[0])
    for width in WIDTHS if graded else (None,):
        profile = [] if width is None else list(profile_rows(others[0], columns, width))
        answer = _cheapest(len(columns), [*rows, *profile], cost, watch, start=stands, polish=polish)
        if answer.values is not None:
            return [columns[place] for place in answer.taken()], answer.gap == 0
        if not answer.impossible:
            break
    return None, False


def _cheapest(
    size: int,
    rows: Sequence[Row],
    cost: Sequence[float],
    watch: Watch,
    *,
    start: Sequence[float] | None,
    polish: bool,
) -> Answer:
    """A near optimum soon; where the optimum itself seems within reach, a bounded try to prove it."""
    near = watch.saw(solve(size, rows, Effort(watch.left, NEAR, NEAR_PAUSES), cost=cost, start=start))
    if near.values is not None and near.gap > FAR:
        longer = watch.saw(solve(size, rows, Effort(watch.left, NEAR, FAR_PAUSES), cost=cost, start=start))
        near = longer if longer.values is not None else near
    easy = any(near.gap <= gap and near.work <= work for gap, work in POLISH_WORK.items())
    if near.values is None or near.gap == 0 or not (polish and easy):
        return near
    proven = watch.saw(solve(size, rows, Effort(watch.left, pauses=POLISH_PAUSES), cost=cost))
    return proven if proven.gap == 0 else near


def _open_to(request: Request, pool: Sequence[Candidate], others: Sequence[Form]) -> list[Candidate]:
    if request.blueprint.between_forms:
        return list(pool)
    taken = {one.cluster for other in others for one in other}
    return [one for one in pool if one.cluster not in taken]


@dataclass(frozen=True, slots=True)
class Joint:
    """All forms at once: found, proven impossible, or neither."""

    forms: list[Form] | None = None
    impossible: bool = False


def together(
    request: Request, bank: Sequence[Candidate], watch: Watch, *, jumps: int = JUMPS, last: bool = True
) -> Joint:
    """Any solution for all forms jointly: a few short tries in orders drawn by lot, then one that lasts to the end."""
    for attempt in range(jumps + last):
        columns = Draw(request.seed, f"jointly {attempt}").shuffled(bank)
        lasting = attempt == jumps
        effort = Effort(watch.left, FIRST_SOLUTION, None if lasting else JUMP_PAUSES, presolve=lasting)
        answer = watch.saw(solve(len(columns) * request.forms, joint_rows(request, columns), effort))
        if answer.values is not None:
            return Joint(_split(request, columns, answer))
        if answer.impossible:
            return Joint(impossible=not request.blueprint.between_forms)
    return Joint()


def _split(request: Request, columns: Sequence[Candidate], answer: Answer) -> list[Form]:
    forms: list[Form] = [[] for _ in range(request.forms)]
    for place in answer.taken():
        forms[place // len(columns)].append(columns[place % len(columns)])
    return forms


def _drawn_anew(
    request: Request, bank: Sequence[Candidate], forms: list[Form], watch: Watch, progress: Callable[[str], None]
) -> list[Form]:
    """Each form drawn by its keys while the others stand: the joint solution's own habits fade from the paper."""
    for number in range(request.forms):
        progress(f"正在重抽第 {number + 1} 份卷")
        own = {one.cluster for one in forms[number]}
        lots = representatives(bank, Draw(request.seed, f"anew {number}/wording"))
        pool = sorted([one for one in lots if one.cluster not in own] + forms[number], key=lambda one: one.item)
        others = [form for place, form in enumerate(forms) if place != number]
        form, _ = _drawn(request, pool, others, f"anew {number}", watch, known=forms[number])
        forms = [*forms[:number], form or forms[number], *forms[number + 1 :]]
    return forms
