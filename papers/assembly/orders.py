"""What to write when there is no paper: new items that would make one possible, with both bounds.

New items are free columns: any type asked, on any point known, of any difficulty that matters, asked nowhere before.
The pooled model says how many are needed at least; the forms that are then really put together show how many suffice.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from papers.assembly.candidates import Candidate
from papers.assembly.certificate import certify, holds
from papers.assembly.engine import Effort, solve
from papers.assembly.model import MIDDLE_DIFFICULTY, past_name, pooled_rows, usable
from papers.assembly.outcome import Order, Request, WritingOrder
from papers.assembly.search import Watch, pooled_upper, together

PRICE = 1_000
MOST_EXTRA = 13
WIDE, NARROW = (1.0, 2.5, 6.0), (0.35, 0.0)
"""Marks a form kept free under each past paper's limit, so that pooled forms come apart: first surely, then barely."""
EXACT, ROUGH = 0.02, 0.1
ROUGH_PAUSES = 20


def writing_order(request: Request, watch: Watch) -> Order | None:
    """New items that make the forms possible; None where none were found in time."""
    bank = usable(request)
    exact = _cheapest(request, bank, 0.0, Effort(watch.left / 3, EXACT))
    if exact is None:
        return None
    least = max(0, math.ceil(exact[1] / (PRICE + MOST_EXTRA) - 1e-6))
    best: list[Candidate] | None = None
    for margin in WIDE if request.past else ():
        best = best or _used(request, bank, margin, watch)
    for margin in NARROW if request.past else NARROW[-1:]:
        if best is not None and len(best) <= least:
            break
        used = _used(request, bank, margin, watch)
        best = used if used is not None and (best is None or len(used) < len(best)) else best
    return None if best is None else Order(min(least, len(best)), _listed(request, best))


def _cheapest(
    request: Request, bank: Sequence[Candidate], margin: float, effort: Effort
) -> tuple[list[Candidate], float] | None:
    """The cheapest new items for all forms pooled, one candidate each, and the cost that none can undercut."""
    fresh = list(_new_items(request, bank))
    columns = [*bank, *fresh]
    cost = [*[0.0] * len(bank), *_prices(bank, fresh)]
    room = [float(request.blueprint.items * request.forms)] * len(fresh)
    spare = round(margin * request.forms) * min(section.marks for section in request.blueprint.sections)
    rows = [
        replace(row, upper=max(0, (row.upper or 0) - spare)) if row.group == past_name(request) else row
        for row in pooled_rows(request, columns)
    ]
    answer = solve(len(columns), rows, effort, cost=cost, upper=[*pooled_upper(request, bank), *room])
    if answer.values is None:
        return None
    counts = zip(fresh, answer.values[len(bank) :], strict=True)
    copies = [one for one, count in counts for _ in range(int(count))]
    floor = min(0, *(one.cluster for one in bank), 0)
    return [replace(one, item=-n, cluster=floor - n) for n, one in enumerate(copies, start=1)], answer.bound


def _new_items(request: Request, bank: Sequence[Candidate]) -> Iterator[Candidate]:
    """One free column for each type, known point (with the scopes that matter) and difficulty that matters.

    Only where the bank's points cannot do at all is a point offered that the bank does not have yet.
    """
    difficulty = request.blueprint.difficulty
    grades = range(1, 6) if difficulty.counts or difficulty.mean is not None else (None,)
    number = 0
    for section in request.blueprint.sections:
        for point, scopes in _places_to_write(request, bank):
            for grade in grades:
                number -= 1
                yield Candidate(number, 0, section.type, number, point, scopes, grade)


def _places_to_write(request: Request, bank: Sequence[Candidate]) -> list[tuple[str | None, tuple[str, ...]]]:
    weighed = [scope.code for scope in request.blueprint.scopes]
    chains = {one.point: one.scopes for one in bank}
    known = sorted((point, scopes) for point, scopes in chains.items() if point is not None)
    covered = {code for _, scopes in known for code in scopes}
    limit = request.blueprint.per_point
    enough = limit is None or len(known) * limit >= request.blueprint.items
    bare = [(None, (code,)) for code in weighed if code not in covered]
    chains_seen = {scopes for _, scopes in known} | {one.scopes for one in bank if one.point is None}
    anew = [] if enough and known else [(None, scopes) for scopes in sorted(chains_seen) or [()]]
    return [*known, *bare, *anew]


def _prices(bank: Sequence[Candidate], fresh: Sequence[Candidate]) -> list[float]:
    """Nearly equal: first the middling difficulty, then points that have few items of the type."""
    supply = Counter((one.type, one.point) for one in bank)
    return [
        float(
            PRICE
            + 2 * abs((one.difficulty or MIDDLE_DIFFICULTY) - MIDDLE_DIFFICULTY)
            + min(9, supply[one.type, one.point])
        )
        for one in fresh
    ]


def _used(request: Request, bank: Sequence[Candidate], margin: float, watch: Watch) -> list[Candidate] | None:
    """The new items of forms that were really put together once these are written; the verifier has the last word."""
    cheapest = _cheapest(request, bank, margin, Effort(watch.left, ROUGH, ROUGH_PAUSES))
    if cheapest is None:
        return None
    grown = replace(request, candidates=(*bank, *cheapest[0]))
    forms = together(grown, usable(grown), watch, jumps=1, last=False).forms
    if forms is None or not holds(certify(grown, forms)):
        return None
    return [one for form in forms for one in form if one.item < 0]


def _listed(request: Request, wanted: Sequence[Candidate]) -> tuple[WritingOrder, ...]:
    weighed = {scope.code for scope in request.blueprint.scopes}
    rows: dict[tuple[object, ...], list[Candidate]] = defaultdict(list)
    for one in wanted:
        inner = [code for code in one.scopes if code in weighed or not weighed]
        rows[one.type, inner[-1] if inner else "", one.difficulty or 0].append(one)
    return tuple(
        WritingOrder(same[0].type, str(scope) or None, same[0].difficulty, len(same), _points(same))
        for (_, scope, _), same in sorted(rows.items(), key=lambda row: str(row[0]))
    )


def _points(wanted: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(sorted({one.point for one in wanted if one.point is not None}))
