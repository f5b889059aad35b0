"""The requirements as linear rows over candidates, in integers; every row belongs to a requirement with a name. Pure.

The same rows make three models. One form: a column is taken or not. Jointly: every form with its own copy of the
columns. Pooled: every bound times the number of forms, every question once; what the pooled model cannot do, no set of
forms can, so a small model gives the proof for which the joint one is too large.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from bank.content import TYPE_NAMES, ItemType
from papers.assembly.blueprints import Blueprint
from papers.assembly.candidates import Candidate
from papers.assembly.outcome import Request
from papers.assembly.overlap import allowed_marks

MIDDLE_DIFFICULTY = 3
"""An item without a difficulty counts as middling; the certificate says so."""
CLUSTERS = "同一道题（含近似题）在一份卷中只出一次"
"""Never up for discussion, so never part of a conflict."""
BETWEEN_FORMS = "平行卷之间不重复"
PROFILE = "平行卷难度一致"


@dataclass(frozen=True, slots=True)
class Row:
    """`lower` ≤ Σ value·x ≤ `upper` over the columns (None: no bound); `group` is the requirement in words."""

    group: str
    lower: int | None
    upper: int | None
    columns: Sequence[int]
    values: Sequence[int]

    def times(self, forms: int) -> "Row":
        """The same requirement summed over so many forms."""
        lower = None if self.lower is None else self.lower * forms
        upper = None if self.upper is None else self.upper * forms
        return Row(self.group, lower, upper, self.columns, self.values)

    def moved(self, by: int) -> "Row":
        """The same requirement for a copy of the columns that stands `by` further right."""
        return Row(self.group, self.lower, self.upper, [column + by for column in self.columns], self.values)


def usable(request: Request) -> list[Candidate]:
    """Candidates of the wanted types in the order of their numbers, whatever order they came in."""
    kinds = {section.type for section in request.blueprint.sections}
    return sorted((one for one in request.candidates if one.type in kinds), key=lambda one: one.item)


def marks_by_type(blueprint: Blueprint) -> dict[ItemType, int]:
    """Marks of one item of each type, in half-mark units."""
    return {section.type: section.marks for section in blueprint.sections}


def form_rows(request: Request, columns: Sequence[Candidate]) -> list[Row]:
    """What one form must satisfy by itself."""
    return [
        *_composition(request.blueprint, columns),
        *_difficulty(request.blueprint, columns),
        *_caps(request.blueprint, columns),
        *_past(request, columns),
    ]


def cluster_rows(columns: Sequence[Candidate], copies: int = 1, most: int = 1, group: str = CLUSTERS) -> Iterator[Row]:
    """Each question at most `most` times over so many copies of the columns standing side by side."""
    size = len(columns)
    for places in _places([one.cluster for one in columns]).values():
        spread = [place + copy * size for copy in range(copies) for place in places]
        if len(spread) > most:
            yield _row(group, None, most, spread)


def profile_rows(form: Sequence[Candidate], columns: Sequence[Candidate], width: int) -> Iterator[Row]:
    """The first form's items per difficulty, each within `width`: what makes the next form parallel to it."""
    grades = [one.difficulty or MIDDLE_DIFFICULTY for one in form]
    known = [one.difficulty or MIDDLE_DIFFICULTY for one in columns]
    for grade in sorted({*known, *grades}):
        count = grades.count(grade)
        places = [place for place, other in enumerate(known) if other == grade]
        yield _row(PROFILE, count - width, count + width, places)


def between_rows(request: Request, other: Sequence[Candidate], columns: Sequence[Candidate]) -> Iterator[Row]:
    """The marks shared with another form, counted by this form's marks and by the other's."""
    marks = marks_by_type(request.blueprint)
    limit = allowed_marks(request.blueprint.marks, request.blueprint.between_forms)
    theirs = {one.cluster: marks[one.type] for one in other}
    shared = [place for place, one in enumerate(columns) if one.cluster in theirs]
    own = [marks[columns[place].type] for place in shared]
    mirrored = [theirs[columns[place].cluster] for place in shared]
    for values in [own] if own == mirrored else [own, mirrored]:
        yield Row(BETWEEN_FORMS, None, limit, shared, values)


def pooled_rows(request: Request, columns: Sequence[Candidate]) -> list[Row]:
    """All forms summed up: a relaxation, which leaves a limit between forms above nought to the separate forms."""
    rows = [row.times(request.forms) for row in form_rows(request, columns)]
    rows += cluster_rows(columns, most=request.forms)
    if request.forms > 1 and not request.blueprint.between_forms:
        rows += cluster_rows(columns, most=1, group=BETWEEN_FORMS)
    return rows


def joint_rows(request: Request, columns: Sequence[Candidate]) -> list[Row]:
    """Every form with its own copy of the columns, no question in two of them."""
    rows = [*form_rows(request, columns), *cluster_rows(columns)]
    copies = [row.moved(form * len(columns)) for form in range(1, request.forms) for row in rows]
    return [*rows, *copies, *cluster_rows(columns, copies=request.forms, group=BETWEEN_FORMS)]


def group_names(blueprint: Blueprint) -> dict[str, str]:
    """Names of the groups by what they bind: type, scope code, or a rule's own word."""
    names = {section.type.value: f"{TYPE_NAMES[section.type]} {section.count} 题" for section in blueprint.sections}
    names |= {
        scope.code: f"范围 {scope.code} 占 {scope.marks / 2:g} 分 ±{scope.tolerance / 2:g}"
        for scope in blueprint.scopes
    }
    return names | {
        "point": f"每个鉴定点最多 {blueprint.per_point} 题",
        "author": f"每位命题人最多 {blueprint.per_author} 题",
        "counts": "各难度的题量",
        "mean": "平均难度",
    }


def past_name(request: Request) -> str:
    """The twelve-month rule in words."""
    return f"与近 12 个月任一往卷的重复分值不超过 {request.overlap_limit:g}%"


def _composition(blueprint: Blueprint, columns: Sequence[Candidate]) -> Iterator[Row]:
    names, marks = group_names(blueprint), marks_by_type(blueprint)
    for section in blueprint.sections:
        places = [place for place, one in enumerate(columns) if one.type is section.type]
        yield _row(names[section.type.value], section.count, section.count, places)
    for scope in blueprint.scopes:
        places = [place for place, one in enumerate(columns) if scope.code in one.scopes]
        values = [marks[columns[place].type] for place in places]
        yield Row(names[scope.code], scope.marks - scope.tolerance, scope.marks + scope.tolerance, places, values)


def _difficulty(blueprint: Blueprint, columns: Sequence[Candidate]) -> Iterator[Row]:
    wanted, names = blueprint.difficulty, group_names(blueprint)
    grades = [one.difficulty or MIDDLE_DIFFICULTY for one in columns]
    for grade, count in wanted.counts:
        places = [place for place, known in enumerate(grades) if known == grade]
        yield _row(names["counts"], count - wanted.counts_tolerance, count + wanted.counts_tolerance, places)
    if wanted.mean is not None:
        # Means are hundredths, sums are whole: the bounds are tightened to the whole numbers inside them.
        lower = -(-blueprint.items * (wanted.mean - wanted.mean_tolerance) // 100)
        upper = blueprint.items * (wanted.mean + wanted.mean_tolerance) // 100
        yield Row(names["mean"], lower, upper, range(len(columns)), grades)


def _caps(blueprint: Blueprint, columns: Sequence[Candidate]) -> Iterator[Row]:
    names = group_names(blueprint)
    for attribute, most in (("point", blueprint.per_point), ("author", blueprint.per_author)):
        if most is None:
            continue
        for owner, places in _places([getattr(one, attribute) for one in columns]).items():
            # A column that stands for items still to be written may be taken more than once.
            binding = len(places) > most or any(columns[place].item < 0 for place in places)
            if owner is not None and binding:
                yield _row(names[attribute], None, most, places)


def _past(request: Request, columns: Sequence[Candidate]) -> Iterator[Row]:
    """One hard row per past paper, in marks, by cluster; a paper that cannot reach the limit needs none."""
    marks = marks_by_type(request.blueprint)
    limit = allowed_marks(request.blueprint.marks, request.overlap_limit)
    places = _places([one.cluster for one in columns])
    for paper in request.past:
        shared = sorted(place for cluster in places.keys() & paper.clusters for place in places[cluster])
        values = [marks[columns[place].type] for place in shared]
        if sum(values) > limit:
            yield Row(past_name(request), None, limit, shared, values)


def _places(owners: Sequence[Hashable]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for place, owner in enumerate(owners):
        found[owner].append(place)
    return found


def _row(group: str, lower: int | None, upper: int | None, places: Sequence[int]) -> Row:
    return Row(group, lower, upper, places, [1] * len(places))
