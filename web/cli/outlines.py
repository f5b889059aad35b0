"""Commands for outlines (鉴定要素细目表): import and see what moves, show the one that holds, write the form."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from bank.exchange.intake import MAX_UPLOAD_BYTES
from bank.exchange.outline.files import OutlineReading, read_outline
from bank.exchange.outline.form import outline_template
from bank.ground.actors import OPERATOR
from bank.ground.errors import BadInput, NotFound
from bank.ground.settings import find_home, load_settings
from bank.ground.terms import point_label, saying
from bank.institutions import find_bank, find_institution
from bank.occupations import LEVEL_NAMES, check_occupation, occupation_name
from bank.outlines import IMPORTANCE_NAMES, OutlineView, outline_history, outline_view
from bank.revisions import (
    FATE_NAMES,
    Fate,
    PointFate,
    RevisionPlan,
    complete,
    import_outline,
    items_of_points,
    outline_warnings,
    plan_revision,
)
from web.cli.chinese import Group
from web.cli.frame import Answer, command, read_file, write_file
from web.house import House

outline = Group("outline")
MOST_LINES = 20
TEMPLATE = "细目表模板.xlsx"


def join(cli: Group) -> None:
    """Hang this subject's group under `tidun`."""
    cli.add_command(outline)


@command(outline, "import")
@click.argument("file", metavar="FILE")
@click.option("--occupation", required=True, metavar="CODE", help="职业编码 (occupation)")
@click.option("--level", required=True, type=int, help="等级 (level)")
@click.option("--institution", "owner", metavar="ID", help="只给这家机构用；不写则该职业等级共用 (institution)")
@click.option("--plan", "only_plan", is_flag=True, help="只看会有哪些变化，不写入 (plan)")
def import_one_outline(
    house: House, file: str, occupation: str, level: int, owner: str | None, only_plan: bool
) -> Answer:
    """从 Excel/Word 导入鉴定要素细目表，试题随之归位 (import)"""
    check_occupation(occupation, level)
    name = Path(file).name
    reading = read_outline(name, read_file(file, MAX_UPLOAD_BYTES), level)
    with house.unit_of_work() as session:
        institution_id = find_institution(session, owner).id if owner else None
        reading = complete(reading, outline_view(session, occupation, level, institution_id), name)
        about: dict[str, Any] = {"occupation": occupation, "level": level, "institution_id": institution_id}
        made: dict[str, Any] = {"outline": None, "version": None}
        if only_plan:
            plan = plan_revision(session, reading, **about)
        else:
            done = import_outline(session, OPERATOR, reading, source=name, **about)
            plan, made = done.plan, {"outline": done.outline.id, "version": done.outline.version}
    warnings = outline_warnings(reading, house.policy())
    data = made | {
        "scopes": len(reading.scopes),
        "points": len(reading.points),
        "rejected": [{"row": one.row, "place": one.place, "reason": one.reason} for one in reading.rejected],
        "warnings": warnings,
        "changes": changes_row(plan),
    }
    title = f"{occupation_name(occupation)} {LEVEL_NAMES[level]}"
    state = "细目表可以导入（还没有写入）" if only_plan else f"细目表已导入，为第 {data['version']} 版"
    lines = [f"{name}：{title}{state}，鉴定范围 {len(reading.scopes)} 个，{point_label()} {len(reading.points)} 个"]
    return Answer(data, [*lines, *_notes(reading, warnings), *changes_lines(plan)])


def _notes(reading: OutlineReading, warnings: Iterable[str]) -> list[str]:
    return [
        *(f"  注意：{warning}" for warning in warnings),
        *(f"  {one.place}未导入：{one.reason}" for one in reading.rejected),
    ]


def changes_row(plan: RevisionPlan) -> dict[str, Any]:
    """The JSON of a plan: what is kept is counted, what changes is listed."""
    kept = plan.of(Fate.KEPT)
    return {
        "before": plan.before.version if plan.before else None,
        "kept": {"points": len(kept), "items": plan.items(Fate.KEPT)},
        **{kind.value: [_fate_row(one) for one in plan.of(kind)] for kind in Fate if kind is not Fate.KEPT},
        "added": [point.code for point in plan.added],
        "weights": [{"scope": code, "before": _percent(a), "after": _percent(b)} for code, a, b in plan.weights],
    }


def _fate_row(one: PointFate) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "items": one.items,
        "new_code": one.new_code,
        "new_name": one.new_name or None,
        "ground": one.ground.value if one.ground else None,
        "doubtful": one.doubtful,
    }


def _percent(weight: int | None) -> float | None:
    return None if weight is None else weight / 100


def changes_lines(plan: RevisionPlan) -> list[str]:
    """What a person reads of a plan; without anything before it there is nothing to tell."""
    if plan.before is None and not plan.fates:
        return []
    counts = "，".join(
        f"{FATE_NAMES[kind]} {len(plan.of(kind))} 个（{plan.items(kind)} 题）" for kind in Fate if plan.of(kind)
    )
    lines = [f"  与现行相比：{counts}{'，' if counts else ''}新增 {len(plan.added)} 个"]
    moved = plan.of(Fate.ORPHANED, Fate.RENAMED, Fate.MOVED, Fate.PLACED)
    shown = sorted((one for one in moved if one.items or one.doubtful), key=lambda one: -one.items)
    lines += [f"    {_fate_line(one)}" for one in shown[:MOST_LINES]]
    more = len(shown) - MOST_LINES
    return lines + ([f"    另有 {more} 个，加 --json 可看全部"] if more > 0 else [])


def _fate_line(one: PointFate) -> str:
    was = f"{one.code} {one.name}" if one.code else one.name
    there = f" → {one.new_code} {one.new_name}" if one.new_code else ""
    doubt = "，名称差别大，请核对" if one.doubtful else ""
    return f"{FATE_NAMES[one.fate]}：{was}{there}（{one.items} 题{doubt}）"


@command(outline, "show")
@click.option("--occupation", required=True, metavar="CODE", help="职业编码 (occupation)")
@click.option("--level", required=True, type=int, help="等级 (level)")
@click.option("--institution", "owner", metavar="ID", help="这家机构所用的，并列出各点题数 (institution)")
def show_outline(house: House, occupation: str, level: int, owner: str | None) -> Answer:
    """现行细目表：范围、比重、各点题数和历次版本 (show)"""
    check_occupation(occupation, level)
    with house.reading() as session:
        institution_id = find_institution(session, owner).id if owner else None
        view = outline_view(session, occupation, level, institution_id)
        title = f"{occupation_name(occupation)} {LEVEL_NAMES[level]}"
        if view is None:
            raise NotFound(f"{title}还没有细目表，可用 tidun outline import 导入")
        bank = find_bank(session, institution_id, occupation, level) if institution_id else None
        items = items_of_points(session, bank) if bank else {}
        history = outline_history(session, occupation, level, institution_id)
    strange = {text: count for text, count in items.items() if text not in view.points}
    data = {
        "outline": view.outline.id,
        "version": view.outline.version,
        "shared": view.outline.institution_id is None,
        "source": view.outline.source,
        "scopes": [
            {"code": s.code, "name": s.name, "grade": s.grade, "weight": _percent(s.weight)}
            for s in view.scopes.values()
        ],
        "points": [
            {"code": p.code, "name": p.name, "scope": p.scope, "importance": p.importance.value}
            | ({"items": items.get(p.code, 0)} if bank else {})
            for p in view.points.values()
        ],
        "shares": {letter.value: round(share, 4) for letter, share in view.shares.items()},
        "orphans": [{"point": text, "items": count} for text, count in sorted(strange.items())],
        "versions": [
            {"outline": h.outline.id, "version": h.outline.version, "since": h.since, "until": h.until} for h in history
        ],
    }
    return Answer(
        data, [f"{title}细目表第 {view.outline.version} 版（{view.outline.source}）", *_tree(view, items, bank)]
    )


def _tree(view: OutlineView, items: dict[str, int], bank: object) -> list[str]:
    """Scopes with their weights, points under them, what hangs nowhere."""
    lines = []
    for scope in view.scopes.values():
        weight = f"  {scope.weight / 100:g}%" if scope.weight is not None else ""
        lines.append(f"{'  ' * scope.grade}{scope.code} {scope.name}{weight}")
        for point in view.points.values():
            if point.scope == scope.code:
                count = f"  {items.get(point.code, 0)} 题" if bank else ""
                lines.append(f"{'  ' * (scope.grade + 1)}{point.code} {point.name}  {point.importance.value}{count}")
    mix = "，".join(f"{IMPORTANCE_NAMES[letter]} {share:.1%}" for letter, share in view.shares.items())
    lines.append(f"  {point_label()} {len(view.points)} 个：{mix}")
    strange = [(text, count) for text, count in sorted(items.items()) if text not in view.points]
    return lines + [f"  不在细目表中：{text}（{count} 题）" for text, count in strange]


@command(outline, "template", home="folder")
@click.argument("file", metavar="[FILE]", required=False, default=TEMPLATE)
def write_template(folder: str | None, file: str) -> Answer:
    """写出 Excel 模板：表头和三行示例 (template)"""
    path = Path(file)
    if path.exists():
        raise BadInput(f"{file} 已经存在，不会覆盖；请换一个文件名")
    with saying(load_settings(find_home(folder)).point_label):
        write_file(file, outline_template())
    return Answer({"file": str(path)}, [f"已写出细目表模板：{path}"])
