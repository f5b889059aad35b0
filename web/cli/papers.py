"""Commands for blueprints, papers and sittings: assemble, print, take in, record."""

from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from bank.content import TYPE_NAMES
from bank.exchange.intake import MAX_UPLOAD_BYTES, read_items
from bank.ground.actors import OPERATOR
from bank.ground.clock import parse_day, today
from bank.ground.errors import BadInput
from bank.institutions import Bank, bank_of, find_institution
from papers.assembly.blueprints import Blueprint, read_blueprint
from papers.assembly.outcome import CertificateLine, Found, Infeasible, Order, Outcome
from papers.blueprints import list_blueprints, save_blueprint
from papers.intake import take_in
from papers.papers import Paper, find_form, find_paper
from papers.printing import SHEET_NAMES, Sheet, print_sheet
from papers.sittings import record_sitting
from web.assembling import assemble
from web.cli.chinese import Group
from web.cli.frame import Answer, command, read_file, write_file
from web.house import House

paper = Group("paper")
sitting = Group("sitting")
blueprint = Group("blueprint")
MOST_TOML_BYTES = 200_000


def join(cli: Group) -> None:
    """Hang this subject's groups under `tidun`."""
    for group in (blueprint, paper, sitting):
        cli.add_command(group)


def of_bank(function: Any) -> Any:
    """The three options that name a bank."""
    for option in (
        click.option("--level", required=True, type=int, help="等级 (level)"),
        click.option("--occupation", required=True, metavar="CODE", help="职业编码 (occupation)"),
        click.option("--institution", "owner", required=True, metavar="ID", help="机构编号或名称 (institution)"),
    ):
        function = option(function)
    return function


@command(blueprint, "save")
@click.argument("file", metavar="FILE.toml")
@of_bank
def save_one_blueprint(house: House, file: str, owner: str, occupation: str, level: int) -> Answer:
    """保存组卷方案 (save a blueprint)"""
    wanted = _blueprint_in(file)
    with house.unit_of_work() as session:
        stored = save_blueprint(session, OPERATOR, bank_of(session, owner, occupation, level), wanted)
    data = {"id": stored.id, "name": wanted.name, "items": wanted.items, "marks": wanted.marks / 2}
    return Answer(data, [f"已保存组卷方案“{wanted.name}”：{wanted.items} 题，满分 {wanted.marks / 2:g} 分"])


@command(blueprint, "list")
@of_bank
def list_all_blueprints(house: House, owner: str, occupation: str, level: int) -> Answer:
    """列出组卷方案 (blueprints)"""
    with house.reading() as session:
        found = list_blueprints(session, bank_of(session, owner, occupation, level))
    rows = [{"id": one.id, "name": one.name, "saved_at": one.saved_at.isoformat()} for one in found]
    return Answer({"rows": rows}, [one.name for one in found] or ["还没有保存组卷方案"])


def _blueprint_in(file: str) -> Blueprint:
    data = read_file(file, MOST_TOML_BYTES)
    try:
        return read_blueprint(data.decode("utf-8-sig"), Path(file).name)
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}：不是 UTF-8 文字，请另存为 UTF-8 编码") from error


@command(paper, "assemble")
@of_bank
@click.option(
    "--blueprint", "plan", metavar="NAME|FILE", help="已保存的方案名，或 TOML 文件；不写用默认方案 (blueprint)"
)
@click.option("--forms", type=int, default=3, help="平行卷份数，默认 3：A、B、备用 (forms)")
@click.option("--date", "day", metavar="D", help="考试日期，默认今天 (date)")
@click.option("--instead-of", metavar="ID", help="作废这份没用过的试卷，由新卷代替 (instead of)")
def assemble_paper(
    house: House,
    owner: str,
    occupation: str,
    level: int,
    plan: str | None,
    forms: int,
    day: str | None,
    instead_of: str | None,
) -> Answer:
    """组成平行卷并出具证书；与近 12 个月的往卷不雷同 (assemble)"""
    held_on = parse_day(day, "考试日期") if day else today()
    wanted = _blueprint_in(plan) if plan and Path(plan).is_file() else plan
    with house.reading() as session:
        replaced = find_paper(session, instead_of).id if instead_of else None
    done = assemble(
        house,
        OPERATOR,
        institution=owner,
        occupation=occupation,
        level=level,
        held_on=held_on,
        blueprint=wanted,
        forms=forms,
        instead_of=replaced,
        progress=lambda line: click.echo(line, err=True),
    )
    if done.paper is not None and isinstance(done.outcome, Found):
        return _found(done.paper, done.outcome)
    return not_found(done.outcome)


def _found(made: Paper, outcome: Found) -> Answer:
    forms = [{"form": form.label, "items": len(outcome.forms[n])} for n, form in enumerate(made.forms)]
    labels = [form.label for form in made.forms]
    data = {
        "paper": made.number,
        "id": made.id,
        "held_on": made.held_on.isoformat(),
        "blueprint": made.blueprint,
        "draws": made.draws,
        "forms": forms,
        "certificate": [certificate_row(line, labels) for line in outcome.certificate],
        "seconds": round(outcome.seconds, 2),
    }
    worst = [
        f"  {line.constraint}：要求 {line.required}，实际 {'、'.join(line.actual)}" for line in outcome.certificate
    ]
    head = f"已组成试卷 {made.number}（{'、'.join(labels)} 卷），用时 {outcome.seconds:.1f} 秒"
    return Answer(data, [head, f"  方案：{made.blueprint}；本次为第 {made.draws} 次抽题", *worst])


def certificate_row(line: CertificateLine, labels: list[str]) -> dict[str, Any]:
    """The JSON of one certificate line."""
    return {
        "constraint": line.constraint,
        "required": line.required,
        "actual": dict(zip(labels, line.actual, strict=True)),
        "slack": line.slack,
        "ok": line.ok,
    }


def not_found(outcome: Outcome) -> Answer:
    """What is said when there is no paper: a proof with what to write, or an honest 未决."""
    if isinstance(outcome, Infeasible):
        order = outcome.order
        data = {
            "paper": None,
            "state": "infeasible",
            "conflict": list(outcome.conflict),
            "writing_order": order_rows(order),
            "least": order.least if order else None,
            "enough": order.enough if order else None,
        }
        return Answer(data, ["已证明：现有题库组不出这样的试卷。相互冲突的要求：", *outcome_lines(outcome)], 1)
    data = {"paper": None, "state": "undecided", "conflict": [], "writing_order": []}
    return Answer(data, ["未决：在限定时间内既没有组成，也没有证明不可能；请稍后再试，或放宽方案"], 1)


def outcome_lines(outcome: Infeasible) -> list[str]:
    """Conflict and writing order in words."""
    lines = [f"  · {name}" for name in outcome.conflict]
    order = outcome.order
    if order is None:
        return [*lines, "要补写多少题未能在限定时间内算出"]
    lines.append(f"补写建议：至少 {order.least} 题，按下列 {order.enough} 题补写即可")
    return lines + [
        f"  · {TYPE_NAMES[row.type]} {row.count} 题"
        + (f"，范围 {row.scope}" if row.scope else "")
        + (f"，难度 {row.difficulty}" if row.difficulty else "")
        for row in order.rows
    ]


def order_rows(order: Order | None) -> list[dict[str, Any]]:
    """The JSON of a writing order."""
    if order is None:
        return []
    return [
        {"type": row.type.value, "scope": row.scope, "difficulty": row.difficulty, "count": row.count}
        for row in order.rows
    ]


@command(paper, "import")
@click.argument("file", metavar="FILE")
@of_bank
@click.option("--used-on", required=True, metavar="D", help="使用日期 (used on)")
@click.option("--place", default="外部试卷登记", help="考试地点 (place)")
def import_paper(house: House, file: str, owner: str, occupation: str, level: int, used_on: str, place: str) -> Answer:
    """登记一份在别处制作、已经用过的试卷 (paper made elsewhere)"""
    day = parse_day(used_on, "使用日期")
    reading = read_items(Path(file).name, read_file(file, MAX_UPLOAD_BYTES), need_key=False)
    with house.unit_of_work() as session:
        bank = bank_of(session, owner, occupation, level)
        made = take_in(session, OPERATOR, bank, reading, used_on=day, place=place)
    rejected = [{"row": one.row, "place": one.place, "reason": one.reason} for one in reading.rejected]
    data = {"paper": made.number, "id": made.id, "items": len(reading.items), "rejected": rejected}
    lines = [f"已登记试卷 {made.number}：{len(reading.items)} 题，使用日期 {day}"]
    return Answer(data, lines + [f"  {one.place}未读入：{one.reason}" for one in reading.rejected])


@command(paper, "list")
@click.option("--institution", "owner", metavar="ID", help="只看这家机构 (institution)")
def list_papers(house: House, owner: str | None) -> Answer:
    """列出试卷，不显示内容 (papers)"""
    with house.reading() as session:
        wanted = sa.select(Paper).join(Paper.bank).order_by(Paper.id)
        if owner is not None:
            wanted = wanted.where(Bank.institution_id == find_institution(session, owner).id)
        rows: list[dict[str, Any]] = [
            {
                "id": one.id,
                "paper": one.number,
                "institution": one.bank.institution_id,
                "occupation": one.bank.occupation,
                "level": one.bank.level,
                "origin": one.origin.value,
                "blueprint": one.blueprint,
                "held_on": one.held_on.isoformat(),
                "forms": [form.label for form in one.forms],
                "draws": one.draws,
                "void": one.voided_at is not None,
            }
            for one in session.scalars(wanted)
        ]
    lines = [
        f"{row['id']:>4}  {row['paper']}  {row['held_on']}  {'、'.join(row['forms'])}  {row['blueprint']}"
        f"{'（已作废）' if row['void'] else ''}"
        for row in rows
    ]
    return Answer({"rows": rows}, lines or ["还没有试卷"])


@command(paper, "export")
@click.argument("given", metavar="ID")
@click.option("--form", "label", required=True, help="A、B 或 备用 (form)")
@click.option("--format", "kind", required=True, type=click.Choice(["docx", "pdf"]), help="文件格式 (format)")
@click.option(
    "--sheet",
    type=click.Choice([kind.value for kind in Sheet]),
    default=Sheet.PAPER.value,
    help="试卷、答题卡或标准答案 (sheet)",
)
@click.option("--out", "target", metavar="FILE", help="存为；默认用试卷编号命名 (output)")
def export_paper(house: House, given: str, label: str, kind: str, sheet: str, target: str | None) -> Answer:
    """把一份卷印成 Word 或 PDF，记入台账 (print)"""
    if target is not None and not Path(target).parent.is_dir():
        raise BadInput(f"{target}：没有 {Path(target).parent} 这个文件夹，请先建好或换一个位置")
    with house.unit_of_work() as session:
        form = find_form(find_paper(session, given), label)
        data = print_sheet(session, OPERATOR, form, Sheet(sheet), kind)
        title = form.title
    path = write_file(target or f"{title}-{SHEET_NAMES[Sheet(sheet)]}.{kind}", data)
    return Answer({"file": str(path), "bytes": len(data), "sheet": sheet}, [f"已存为 {path}"])


@command(sitting, "record")
@click.argument("given", metavar="PAPER")
@click.option("--form", "label", required=True, help="使用的卷：A、B 或 备用 (form)")
@click.option("--date", "day", required=True, metavar="D", help="考试日期 (date)")
@click.option("--place", required=True, help="考试地点 (place)")
@click.option("--candidates", type=int, default=0, help="考生人数 (candidates)")
@click.option("--ineligible", type=int, default=0, help="不符合申报条件的人数 (ineligible)")
def record_one_sitting(
    house: House, given: str, label: str, day: str, place: str, candidates: int, ineligible: int
) -> Answer:
    """登记一个考试批次 (sitting)"""
    held_on = parse_day(day, "考试日期")
    with house.unit_of_work() as session:
        form = find_form(find_paper(session, given), label)
        made = record_sitting(
            session, OPERATOR, form, held_on=held_on, place=place, candidates=candidates, ineligible=ineligible
        )
        data = {
            "id": made.id,
            "paper": form.paper.number,
            "form": label,
            "date": held_on.isoformat(),
            "place": made.place,
        }
    return Answer(
        {**data, "candidates": candidates, "ineligible": ineligible},
        [f"已登记批次 {data['id']}：{data['paper']} {label} 卷，{held_on}，{place}"],
    )
