"""Blueprints: what a paper must satisfy (组卷方案), as a value, as TOML, checked in words before anything is solved.

All marks inside are integers in half-mark units; shares are percent. What a file does not say, policy or habit fills.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bank.content import TYPE_NAMES, ItemType
from bank.ground.errors import BadInput

MOST = 100_000
GRADES = range(1, 6)


@dataclass(frozen=True, slots=True)
class Section:
    """So many items of one type, each with the same marks (half-mark units)."""

    type: ItemType
    count: int
    marks: int


@dataclass(frozen=True, slots=True)
class ScopeWeight:
    """Marks that a scope of any grade must carry, and the tolerance, both in half-mark units."""

    code: str
    marks: int
    tolerance: int


@dataclass(frozen=True, slots=True)
class Difficulty:
    """Mean grade and its tolerance in hundredths; counts per grade with one tolerance in items."""

    mean: int | None = None
    mean_tolerance: int = 0
    counts: tuple[tuple[int, int], ...] = ()
    counts_tolerance: int = 0


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What every form of a paper must satisfy. `overlap_limit` None means the policy's own limit (percent)."""

    name: str
    sections: tuple[Section, ...]
    minutes: int = 90
    scopes: tuple[ScopeWeight, ...] = ()
    per_point: int | None = 1
    difficulty: Difficulty = field(default_factory=Difficulty)
    overlap_limit: float | None = None
    between_forms: float = 0.0
    per_author: int | None = None

    @property
    def marks(self) -> int:
        """Full marks in half-mark units."""
        return sum(section.count * section.marks for section in self.sections)

    @property
    def items(self) -> int:
        """Number of questions of one form."""
        return sum(section.count for section in self.sections)


KEYS = {
    "": {
        "name",
        "minutes",
        "per_point",
        "overlap_limit",
        "between_forms",
        "per_author",
        "section",
        "scope",
        "difficulty",
    },
    "section": {"type", "count", "marks"},
    "scope": {"code", "weight", "tolerance"},
    "difficulty": {"mean", "tolerance", "counts", "counts_tolerance"},
}


def read_blueprint(text: str, name: str) -> Blueprint:
    """The blueprint in a TOML text; raises BadInput naming the file and the key that is wrong."""
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{name}：不是有效的 TOML（{error}），请对照组卷方案样例改正") from error
    _refuse_unknown(found, "", name)
    sections = tuple(_section(row, n, name) for n, row in enumerate(_tables(found, "section", name), start=1))
    if not sections:
        raise BadInput(f"{name}：没有 [[section]]，请至少写一个题型的题量和分值")
    if len({section.type for section in sections}) < len(sections):
        raise BadInput(f"{name}：同一题型写了两次 [[section]]，请合并")
    total = sum(section.count * section.marks for section in sections)
    blueprint = Blueprint(
        name=_name(found, name),
        sections=sections,
        minutes=_whole(found, "minutes", 90, name, 1),
        scopes=tuple(_scope(row, n, total, name) for n, row in enumerate(_tables(found, "scope", name), start=1)),
        per_point=_whole(found, "per_point", 1, name, 0) or None,
        difficulty=_difficulty(found.get("difficulty", {}), sum(section.count for section in sections), name),
        overlap_limit=_percent(found, "overlap_limit", name),
        between_forms=_percent(found, "between_forms", name) or 0.0,
        per_author=_whole(found, "per_author", 0, name, 0) or None,
    )
    check(blueprint)
    return blueprint


def check(blueprint: Blueprint) -> None:
    """Raise BadInput for sums that no choice of items can meet."""
    by_grade: dict[int, list[ScopeWeight]] = {}
    for scope in blueprint.scopes:
        by_grade.setdefault(scope.code.count("-"), []).append(scope)
    for scopes in by_grade.values():
        least = sum(scope.marks - scope.tolerance for scope in scopes)
        if least > blueprint.marks:
            codes = "、".join(scope.code for scope in scopes)
            raise BadInput(f"{blueprint.name}：范围 {codes} 的比重合计超过满分 {blueprint.marks / 2:g} 分，请调低")
    counts = blueprint.difficulty.counts
    slack = blueprint.difficulty.counts_tolerance * len(counts)
    if counts and abs(sum(count for _, count in counts) - blueprint.items) > slack:
        raise BadInput(f"{blueprint.name}：各难度题量合计应为 {blueprint.items} 题，请核对 difficulty.counts")


def default_blueprint(supply: Mapping[ItemType, int]) -> Blueprint:
    """The national habit scaled to the bank: single 80 and judge 20 (60/20/20 with multiples), 100 marks in all.

    A bank too small for three disjoint forms gets fewer questions of more marks each.
    """
    wanted = [kind for kind in (ItemType.SINGLE, ItemType.MULTIPLE, ItemType.JUDGE) if supply.get(kind, 0) >= 3]
    kinds = wanted or [kind for kind in ItemType if supply.get(kind, 0) > 0]
    if not kinds:
        raise BadInput("题库里还没有已入库的试题，无法组卷；请先导入并审定试题")
    habit = {1: (100,), 2: (80, 20), 3: (60, 20, 20)}.get(len(kinds), tuple([100 // len(kinds)] * len(kinds)))
    total = sum(habit)
    habit = (habit[0] + 100 - total, *habit[1:])
    for each in (2, 4, 5, 8, 10, 20, 40):
        counts = [share * 2 // each for share in habit]
        whole = all(share * 2 % each == 0 for share in habit)
        if whole and all(count * 4 <= supply[kind] for kind, count in zip(kinds, counts, strict=True)):
            return _named(kinds, counts, each)
    counts = [max(1, share * 2 // 40) for share in habit]
    return _named(kinds, counts, 40)


def _named(kinds: list[ItemType], counts: list[int], each: int) -> Blueprint:
    sections = tuple(Section(kind, count, each) for kind, count in zip(kinds, counts, strict=True))
    words = "、".join(f"{TYPE_NAMES[s.type]} {s.count} 题×{s.marks / 2:g} 分" for s in sections)
    return Blueprint(name=f"默认方案：{words}", sections=sections)


def to_toml(blueprint: Blueprint) -> str:
    """The blueprint as TOML, readable back by `read_blueprint`."""
    lines = [f"name = {_quoted(blueprint.name)}", f"minutes = {blueprint.minutes}"]
    lines.append(f"per_point = {blueprint.per_point or 0}")
    if blueprint.overlap_limit is not None:
        lines.append(f"overlap_limit = {blueprint.overlap_limit!r}")
    lines.append(f"between_forms = {blueprint.between_forms!r}")
    lines.append(f"per_author = {blueprint.per_author or 0}")
    for section in blueprint.sections:
        lines += [
            "",
            "[[section]]",
            f'type = "{section.type}"',
            f"count = {section.count}",
            f"marks = {section.marks / 2:.10g}",
        ]
    for scope in blueprint.scopes:
        weight = scope.marks * 100 / blueprint.marks
        lines += [
            "",
            "[[scope]]",
            f"code = {_quoted(scope.code)}",
            f"weight = {weight:.10g}",
            f"tolerance = {scope.tolerance / 2:.10g}",
        ]
    difficulty = blueprint.difficulty
    if difficulty != Difficulty():
        lines += ["", "[difficulty]"]
        if difficulty.mean is not None:
            lines += [f"mean = {difficulty.mean / 100:g}", f"tolerance = {difficulty.mean_tolerance / 100:.10g}"]
        if difficulty.counts:
            counts = ", ".join(f"{grade} = {count}" for grade, count in difficulty.counts)
            lines += [f"counts = {{ {counts} }}", f"counts_tolerance = {difficulty.counts_tolerance}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string: what JSON escapes TOML escapes alike, but for DEL, which TOML wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _name(found: Mapping[str, Any], file: str) -> str:
    given = found.get("name", "")
    if not isinstance(given, str):
        raise BadInput(f"{file}：name 应为文字，现为 {given!r}")
    return given or file


def _refuse_unknown(table: Mapping[str, Any], place: str, name: str) -> None:
    unknown = sorted(set(table) - KEYS[place])
    if unknown:
        raise BadInput(
            f"{name}：不认识“{f'{place}.' if place else ''}{unknown[0]}”，可用的有 {'、'.join(sorted(KEYS[place]))}"
        )


def _tables(found: Mapping[str, Any], key: str, name: str) -> list[Mapping[str, Any]]:
    rows = found.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput(f"{name}：“{key}”应写成 [[{key}]] 的表")
    for row in rows:
        _refuse_unknown(row, key, name)
    return rows


def _section(row: Mapping[str, Any], number: int, name: str) -> Section:
    where = f"{name} 第 {number} 个 [[section]]"
    try:
        kind = ItemType(row.get("type", ""))
    except ValueError as error:
        raise BadInput(f"{where}：题型 {row.get('type')!r} 无法识别，请写成 {'、'.join(ItemType)} 之一") from error
    return Section(kind, _whole(row, "count", 0, where, 1), _half(row, "marks", where))


def _scope(row: Mapping[str, Any], number: int, total: int, name: str) -> ScopeWeight:
    where = f"{name} 第 {number} 个 [[scope]]"
    if not isinstance(row.get("code"), str) or not row["code"]:
        raise BadInput(f"{where}：缺少范围代码 code")
    weight = _number(row, "weight", where)
    if not 0 <= weight <= 100:
        raise BadInput(f"{where}：比重 weight 应在 0 到 100 之间")
    tolerance = round(_number(row, "tolerance", where) * 2) if "tolerance" in row else 2
    return ScopeWeight(row["code"], round(weight * total / 100), tolerance)


def _difficulty(row: Any, items: int, name: str) -> Difficulty:
    if not isinstance(row, dict):
        raise BadInput(f"{name}：difficulty 应写成 [difficulty] 的表")
    _refuse_unknown(row, "difficulty", name)
    counts = row.get("counts", {})
    known = {str(grade) for grade in GRADES}
    if not isinstance(counts, dict) or not all(
        grade in known and type(count) is int and 0 <= count <= items for grade, count in counts.items()
    ):
        raise BadInput(
            f"{name}：difficulty.counts 应为各难度（1 到 5）的题量，不超过总题量，例如 {{ 2 = 20, 3 = 60, 4 = 20 }}"
        )
    mean = round(_number(row, "mean", name) * 100) if "mean" in row else None
    if mean is not None and not GRADES[0] * 100 <= mean <= GRADES[-1] * 100:
        raise BadInput(f"{name}：difficulty.mean 应在 1 到 5 之间，现为 {mean / 100:g}")
    if mean is None and "tolerance" in row:
        raise BadInput(f"{name}：difficulty.tolerance 要与 mean 一起写")
    return Difficulty(
        mean,
        round(_number(row, "tolerance", name) * 100) if "tolerance" in row else 10 if mean is not None else 0,
        tuple((int(grade), count) for grade, count in counts.items()),
        _whole(row, "counts_tolerance", 2 if counts else 0, name, 0),
    )


def _number(row: Mapping[str, Any], key: str, where: str) -> float:
    value = row.get(key)
    # A comparison with NaN is never true.
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= MOST:
        raise BadInput(f"{where}：{key} 应为不小于 0 的数（最大 {MOST}），现为 {value!r}")
    return float(value)


def _whole(row: Mapping[str, Any], key: str, default: int, where: str, least: int) -> int:
    value = row.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST:
        raise BadInput(f"{where}：{key} 应为不小于 {least} 的整数（最大 {MOST}），现为 {value!r}")
    return value


def _half(row: Mapping[str, Any], key: str, where: str) -> int:
    value = _number(row, key, where) * 2
    if value < 1 or value != int(value):
        raise BadInput(f"{where}：{key} 应为 0.5 的倍数且大于 0，现为 {row.get(key)!r}")
    return int(value)


def _percent(row: Mapping[str, Any], key: str, where: str) -> float | None:
    if key not in row:
        return None
    value = _number(row, key, where)
    if value > 100:
        raise BadInput(f"{where}：{key} 是百分数，应在 0 到 100 之间，现为 {value:g}")
    return value
