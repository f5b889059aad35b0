"""The independent check of a result: reads the chosen items, never the model, and writes every constraint down.

A form with one line that does not hold is never handed out. The same lines are the certificate people see.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from bank.content import TYPE_NAMES
from bank.ground.terms import point_label
from papers.assembly.candidates import Candidate
from papers.assembly.outcome import CertificateLine, Request
from papers.assembly.overlap import allowed_marks, overlap_marks

Forms = Sequence[Sequence[Candidate]]


def certify(request: Request, forms: Forms) -> tuple[CertificateLine, ...]:
    """One line per constraint; `ok` says whether every form meets it."""
    lines = [*_sections(request, forms), *_scopes(request, forms), *_difficulty(request, forms)]
    lines += [*_spread(request, forms), *_past(request, forms), *_between(request, forms)]
    return tuple(lines)


def holds(lines: Sequence[CertificateLine]) -> bool:
    """Whether every line holds."""
    return all(line.ok for line in lines)


def asked(request: Request, form: Sequence[Candidate]) -> list[tuple[int, int]]:
    """`(cluster, marks)` of a form's items, marks in half-mark units."""
    marks = {section.type: section.marks for section in request.blueprint.sections}
    return [(one.cluster, marks.get(one.type, 0)) for one in form]


def _within(
    name: str, actual: list[float], lower: float | None, upper: float | None, unit: str, required: str
) -> CertificateLine:
    room = [
        min(value - lower if lower is not None else float("inf"), upper - value if upper is not None else float("inf"))
        for value in actual
    ]
    slack = min(room, default=0.0)
    shown = tuple(f"{round(value, 2):g}{unit}" for value in actual)
    return CertificateLine(name, required, shown, round(slack, 4), slack >= -1e-9)


def _sections(request: Request, forms: Forms) -> Iterator[CertificateLine]:
    for section in request.blueprint.sections:
        counts = [float(sum(one.type is section.type for one in form)) for form in forms]
        yield _within(TYPE_NAMES[section.type], counts, section.count, section.count, " 题", f"{section.count} 题")
    total = request.blueprint.marks / 2
    sums = [sum(marks for _, marks in asked(request, form)) / 2 for form in forms]
    yield _within("满分", sums, total, total, " 分", f"{total:g} 分")


def _scopes(request: Request, forms: Forms) -> Iterator[CertificateLine]:
    for scope in request.blueprint.scopes:
        sums = []
        for form in forms:
            marks = zip(form, asked(request, form), strict=True)
            sums.append(sum(worth for one, (_, worth) in marks if scope.code in one.scopes) / 2)
        lower, upper = (scope.marks - scope.tolerance) / 2, (scope.marks + scope.tolerance) / 2
        required = f"{scope.marks / 2:g} 分 ±{scope.tolerance / 2:g}"
        yield _within(f"范围 {scope.code} 比重", sums, lower, upper, " 分", required)


def _difficulty(request: Request, forms: Forms) -> Iterator[CertificateLine]:
    wanted = request.blueprint.difficulty
    grades = [Counter(one.difficulty or 3 for one in form) for form in forms]
    unknown = any(one.difficulty is None for form in forms for one in form)
    note = "（未标难度的题按 3 计）" if unknown else ""
    for grade, count in wanted.counts:
        actual = [float(found[grade]) for found in grades]
        slack = wanted.counts_tolerance
        yield _within(f"难度 {grade}{note}", actual, count - slack, count + slack, " 题", f"{count} 题 ±{slack}")
    if wanted.mean is not None:
        means = [sum(g * n for g, n in found.items()) / max(1, sum(found.values())) for found in grades]
        lower, upper = ((wanted.mean + sign * wanted.mean_tolerance) / 100 for sign in (-1, 1))
        required = f"{wanted.mean / 100:.2f} ±{wanted.mean_tolerance / 100:.2f}"
        yield _within(f"平均难度{note}", means, lower, upper, "", required)


def _spread(request: Request, forms: Forms) -> Iterator[CertificateLine]:
    for attribute, limit, name in (
        ("point", request.blueprint.per_point, f"同一{point_label()}"),
        ("author", request.blueprint.per_author, "同一命题人"),
        ("cluster", 1, "同一道题（含近似题）"),
    ):
        if limit is None:
            continue
        counts = [Counter(v for one in form if (v := getattr(one, attribute)) is not None) for form in forms]
        if any(counts):
            most = [float(max(found.values(), default=0)) for found in counts]
            yield _within(name, most, None, limit, " 题", f"≤ {limit} 题")


def _past(request: Request, forms: Forms) -> Iterator[CertificateLine]:
    """One line per past paper, then none is hidden in a maximum."""
    total = request.blueprint.marks
    limit = allowed_marks(total, request.overlap_limit) * 100 / total if total else 0.0
    for paper in request.past:
        shares = [100 * overlap_marks(asked(request, form), paper.clusters) / total for form in forms]
        name = f"与往卷 {paper.label}（{paper.day}）重复分值"
        yield _within(name, shares, None, limit, "%", f"≤ {request.overlap_limit:g}%")


def _between(request: Request, forms: Forms) -> Iterator[CertificateLine]:
    if len(forms) < 2:
        return
    total = request.blueprint.marks
    worst = []
    for form in forms:
        others = [{one.cluster for one in other} for other in forms if other is not form]
        worst.append(max(100 * overlap_marks(asked(request, form), other) / total for other in others))
    limit = request.blueprint.between_forms
    yield _within("平行卷之间重复分值", worst, None, limit, "%", f"≤ {limit:g}%")
