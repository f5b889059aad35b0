"""The integer model of an assembly: columns (an item in a form, or a new item to be written) and named rows. Pure.

One builder serves the search, the proof, the conflict set and the writing order, so all four mean the same rules.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bank.content import TYPE_NAMES, ItemType
from bank.ground.terms import point_label
from papers.assembly.blueprints import Blueprint
from papers.assembly.candidates import Candidate, PastPaper
from papers.assembly.overlap import allowed_marks

MIDDLE_DIFFICULTY = 3
"""An item without a difficulty counts as middling; the certificate says so."""
CLUSTERS = "同一道题（含近似题）在一份卷中只出一次"
BETWEEN_FORMS = "平行卷之间不重复"


@dataclass(frozen=True, slots=True)
class Column:
    """An item that may be taken into one form; without `candidate` an item still to be written."""

    form: int
    type: ItemType
    scopes: tuple[str, ...]
    difficulty: int
    candidate: int | None = None
    point: str | None = None
    cluster: int | None = None
    author: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """`lower` ≤ Σ value·x ≤ `upper` over the columns; `group` is the requirement's name in words."""

    group: str
    lower: float
    upper: float
    columns: tuple[int, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What every form must satisfy. A form after the first follows the `profile` (items by difficulty, ±1) and stays
    unlike the clusters of the `earlier` forms.
    """

    blueprint: Blueprint
    past: tuple[PastPaper, ...]
    overlap_limit: float
    forms: int = 1
    profile: tuple[tuple[int, int], ...] = ()
    earlier: tuple[frozenset[int], ...] = ()


def columns_of(candidates: Sequence[Candidate], chosen: Sequence[int], form: int) -> list[Column]:
    """Columns of one form for the candidates at these places."""
    return [
        Column(
            form,
            (one := candidates[place]).type,
            one.scopes,
            one.difficulty or MIDDLE_DIFFICULTY,
            place,
            one.point,
            one.cluster,
            one.author,
        )
        for place in chosen
    ]


def rows_of(columns: Sequence[Column], rules: Rules) -> list[Row]:
    """Every rule as rows, form by form, and the rows that tie the forms together."""
    rows: list[Row] = []
    for form in range(rules.forms):
        mine = [index for index, column in enumerate(columns) if column.form == form]
        rows += _composition(columns, mine, rules)
        rows += _difficulty(columns, mine, rules)
        rows += _spread(columns, mine, rules)
        rows += _past(columns, mine, rules)
    if rules.forms > 1 and not rules.blueprint.between_forms:
        rows += _clusters(columns, range(len(columns)), BETWEEN_FORMS)
    return rows


def group_names(blueprint: Blueprint) -> dict[str, str]:
    """Names of the groups by what they bind: type, scope code, or a rule's own word."""
    names = {section.type.value: f"{TYPE_NAMES[section.type]} {section.count} 题" for section in blueprint.sections}
    names |= {
        scope.code: f"范围 {scope.code} 占 {scope.marks / 2:g} 分 ±{scope.tolerance / 2:g}"
        for scope in blueprint.scopes
    }
    return names | {
        "point": f"每个{point_label()}最多 {blueprint.per_point} 题",
        "author": f"每位命题人最多 {blueprint.per_author} 题",
        "counts": "各难度的题量",
        "mean": "平均难度",
        "profile": "平行卷难度一致",
    }


def past_name(rules: Rules) -> str:
    """The twelve-month rule in words."""
    return f"与近 12 个月任一往卷的重复分值不超过 {rules.overlap_limit:g}%"


def _composition(columns: Sequence[Column], mine: Sequence[int], rules: Rules) -> Iterator[Row]:
    blueprint, names = rules.blueprint, group_names(rules.blueprint)
    marks = {section.type: section.marks for section in blueprint.sections}
    for section in blueprint.sections:
        members = [index for index in mine if columns[index].type is section.type]
        yield _row(names[section.type.value], section.count, section.count, members)
    for scope in blueprint.scopes:
        members = [index for index in mine if scope.code in columns[index].scopes]
        values = [marks[columns[index].type] for index in members]
        yield _row(names[scope.code], scope.marks - scope.tolerance, scope.marks + scope.tolerance, members, values)


def _difficulty(columns: Sequence[Column], mine: Sequence[int], rules: Rules) -> Iterator[Row]:
    wanted, names, total = rules.blueprint.difficulty, group_names(rules.blueprint), rules.blueprint.items
    for group, counts, slack in (("counts", wanted.counts, wanted.counts_tolerance), ("profile", rules.profile, 1)):
        for grade, count in counts:
            members = [index for index in mine if columns[index].difficulty == grade]
            yield _row(names[group], count - slack, count + slack, members)
    if wanted.mean is not None:
        values = [100 * columns[index].difficulty for index in mine]
        lower, upper = wanted.mean - wanted.mean_tolerance, wanted.mean + wanted.mean_tolerance
        yield _row(names["mean"], total * lower, total * upper, mine, values)


def _spread(columns: Sequence[Column], mine: Sequence[int], rules: Rules) -> Iterator[Row]:
    names = group_names(rules.blueprint)
    limits = (("point", rules.blueprint.per_point), ("author", rules.blueprint.per_author))
    for attribute, limit in limits:
        groups: dict[object, list[int]] = defaultdict(list)
        for index in mine:
            value = getattr(columns[index], attribute)
            if value is not None:
                groups[value].append(index)
        for members in groups.values():
            if limit is not None and len(members) > limit:
                yield _row(names[attribute], 0, limit, members)
    yield from _clusters(columns, mine, CLUSTERS)


def _clusters(columns: Sequence[Column], mine: Sequence[int] | range, name: str) -> Iterator[Row]:
    groups: dict[int, list[int]] = defaultdict(list)
    for index in mine:
        cluster = columns[index].cluster
        if cluster is not None:
            groups[cluster].append(index)
    for members in groups.values():
        if len(members) > 1:
            yield _row(name, 0, 1, members)


def _past(columns: Sequence[Column], mine: Sequence[int], rules: Rules) -> Iterator[Row]:
    """One hard row per past paper and per earlier form, in marks, by cluster."""
    marks = {section.type: section.marks for section in rules.blueprint.sections}
    total = rules.blueprint.marks
    by_cluster: dict[int, list[int]] = defaultdict(list)
    for index in mine:
        cluster = columns[index].cluster
        if cluster is not None:
            by_cluster[cluster].append(index)
    limits = [(past_name(rules), allowed_marks(total, rules.overlap_limit), paper.clusters) for paper in rules.past]
    between = allowed_marks(total, rules.blueprint.between_forms)
    limits += [(BETWEEN_FORMS, between, clusters) for clusters in rules.earlier]
    for name, limit, clusters in limits:
        members = sorted(index for cluster in clusters & by_cluster.keys() for index in by_cluster[cluster])
        values = [marks[columns[index].type] for index in members]
        if sum(values) > limit:
            yield _row(name, 0, limit, members, values)


def _row(group: str, lower: float, upper: float, members: Sequence[int], values: Sequence[int] | None = None) -> Row:
    return Row(group, lower, upper, tuple(members), tuple(values if values is not None else [1] * len(members)))
