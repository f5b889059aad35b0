"""Commands for results: the answers of a sitting taken in, what they say of items, tables in and out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import TYPE_NAMES
from bank.ground.actors import OPERATOR
from bank.ground.errors import BadInput
from bank.institutions import Bank, bank_of, find_institution
from bank.ledger.log import append
from papers.histories import ItemHistory, item_histories
from papers.papers import Form, Paper
from papers.responses import MAX_BYTES
from papers.results import Results, SittingResult, find_sitting, questions_of, read_results, record_results
from papers.sittings import Sitting
from papers.statistics.drift import FEWEST
from papers.statistics.judging import FLAG_NAMES, Flag
from papers.statistics.reliability import PASS_SHARE, Reliability
from web.cli.chinese import Group
from web.cli.frame import Answer, command, read_file, write_file
from web.cli.items import item
from web.cli.papers import sitting
from web.house import House
from web.statistics_sheets import statistics_row, statistics_xlsx, template_xlsx

MOST_LINES = 20


def join(cli: Group) -> None:
    """Hang the groups that this subject adds to under `tidun`."""
    cli.add_command(item)
    cli.add_command(sitting)


@command(sitting, "list")
@click.option("--institution", "owner", metavar="ID", help="只看这家机构 (institution)")
def list_sittings(house: House, owner: str | None) -> Answer:
    """列出考试批次和有没有成绩 (sittings)"""
    with house.reading() as session:
        wanted = sa.select(Sitting).order_by(Sitting.held_on, Sitting.id)
        if owner is not None:
            banks = sa.select(Bank.id).where(Bank.institution_id == find_institution(session, owner).id)
            wanted = wanted.join(Sitting.form).join(Form.paper).where(Paper.bank_id.in_(banks))
        results = {one.sitting_id: one.n for one in session.scalars(sa.select(SittingResult))}
        rows: list[dict[str, Any]] = [
            {
                "id": one.id,
                "paper": one.form.paper.number,
                "form": one.form.label,
                "date": one.held_on.isoformat(),
                "place": one.place,
                "candidates": one.candidates,
                "results": results.get(one.id, 0),
            }
            for one in session.scalars(wanted)
        ]
    lines = [
        f"{row['id']:>4}  {row['date']}  {row['paper']}-{row['form']}  {row['place']}  "
        + (f"成绩 {row['results']} 人" if row["results"] else "没有成绩")
        for row in rows
    ]
    return Answer({"rows": rows}, lines or ["还没有登记考试批次"])


@command(sitting, "results")
@click.argument("file", metavar="FILE")
@click.option("--sitting", "number", required=True, type=int, metavar="ID", help="批次编号，见 sitting list (sitting)")
def take_results(house: House, file: str, number: int) -> Answer:
    """存入一个批次的作答或得分；再存一次即替换，不存考生编号 (results)"""
    data = read_file(file, MAX_BYTES)
    with house.unit_of_work() as session:
        found = find_sitting(session, number)
        results = read_results(session, found, Path(file).name, data)
        record_results(session, OPERATOR, found, results)
    return Answer(results_row(results), _results_lines(results))


def results_row(results: Results) -> dict[str, Any]:
    """The JSON of one sitting's results."""
    return {
        "sitting": results.sitting_id,
        "layout": results.layout,
        "read": results.read,
        "counted": results.whole.n,
        "rejected": [{"row": one.row, "reason": one.reason} for one in results.rejected],
        "notes": list(results.notes),
        "items": [
            {
                "position": at,
                "n": one.n,
                "p": round(one.p, 4),
                "interval": [round(end, 4) for end in one.interval],
                "discrimination": None if one.discrimination is None else round(one.discrimination, 4),
                "upper_lower": None if one.upper_lower is None else round(one.upper_lower, 4),
                "omitted": one.omitted,
            }
            for at, one in enumerate(results.counts, start=1)
        ],
        "reliability": _reliability_row(results.whole),
    }


def _reliability_row(whole: Reliability) -> dict[str, Any]:
    return {
        "n": whole.n,
        "full": whole.full / 2,
        "mean": round(whole.mean / 2, 2),
        "sd": round(whole.sd / 2, 2),
        "alpha": None if whole.alpha is None else round(whole.alpha, 4),
        "sem": None if whole.sem is None else round(whole.sem / 2, 2),
        "pass_share": round(whole.pass_share, 4),
        "pass_line": PASS_SHARE,
    }


def _results_lines(results: Results) -> list[str]:
    whole = results.whole
    alpha = "无法计算" if whole.alpha is None else f"{whole.alpha:.2f}"
    few = "（不足 30 人，数字只供参考）" if whole.n < FEWEST else ""
    marks = f"平均 {whole.mean / 2:.1f} / {whole.full / 2:g} 分，标准差 {whole.sd / 2:.1f}"
    return [
        f"批次 {results.sitting_id}：计入 {whole.n} 人{few}，未计入 {len(results.rejected)} 行",
        f"  {marks}，信度 α {alpha}，及格率 {whole.pass_share:.0%}",
        *(f"  {note}" for note in results.notes),
        *(f"  第 {one.row} 行没有计入：{one.reason}" for one in results.rejected[:MOST_LINES]),
    ]


@command(sitting, "template")
@click.option("--sitting", "number", required=True, type=int, metavar="ID", help="批次编号，见 sitting list (sitting)")
@click.option("--out", "target", metavar="FILE", help="存为；默认用试卷编号命名 (output)")
def write_template(house: House, number: int, target: str | None) -> Answer:
    """写一张空的成绩表，填好后用 sitting results 存入 (template)"""
    with house.reading() as session:
        found = find_sitting(session, number)
        data = template_xlsx(f"{found.form.title} {found.held_on} {found.place}", questions_of(session, found))
        name = f"{found.form.title}-成绩表.xlsx"
    return _written(data, target or name)


@command(item, "statistics")
@click.option("--institution", "owner", metavar="ID", help="只看这家机构 (institution)")
@click.option("--occupation", metavar="CODE", help="职业编码，与机构、等级一起用 (occupation)")
@click.option("--level", type=int, help="等级 (level)")
@click.option("--out", "target", metavar="FILE.xlsx", help="同时存为 Excel，不含试题内容 (output)")
def item_statistics(
    house: House, owner: str | None, occupation: str | None, level: int | None, target: str | None
) -> Answer:
    """试题难度、区分度、使用次数和异常变易，不显示内容 (item statistics)"""
    if target is not None and not target.lower().endswith(".xlsx"):
        raise BadInput(f"{target}：请用 .xlsx 作文件名")
    with house.unit_of_work() as session:
        banks = _banks(session, owner, occupation, level)
        found = [(bank, item_histories(session, bank)) for bank in banks]
        if target is not None:
            append(session, OPERATOR, "item.statistics", {"items": sum(len(rows) for _, rows in found)})
    told = [
        {
            "bank": bank.id,
            "institution": bank.institution_id,
            "occupation": bank.occupation,
            "level": bank.level,
            "items": [statistics_row(one) for one in rows],
        }
        for bank, rows in found
    ]
    lines = [line for bank, rows in found for line in _bank_lines(bank, rows)] or ["还没有题库"]
    if target is not None:
        data = statistics_xlsx("试题统计（不含内容）", [one for _, rows in found for one in rows])
        lines += _written(data, target).lines
    return Answer({"banks": told}, lines)


def _banks(session: Session, owner: str | None, occupation: str | None, level: int | None) -> Sequence[Bank]:
    if occupation is None and level is None:
        wanted = sa.select(Bank).order_by(Bank.id)
        if owner is not None:
            wanted = wanted.where(Bank.institution_id == find_institution(session, owner).id)
        return session.scalars(wanted).all()
    if owner is None or occupation is None or level is None:
        raise BadInput("要看一个题库，请把 --institution、--occupation、--level 三项写全")
    return [bank_of(session, owner, occupation, level)]


def _bank_lines(bank: Bank, rows: list[ItemHistory]) -> list[str]:
    counted = sum(one.count is not None for one in rows)
    head = f"{bank.institution.name} · {bank.title}：用过 {len(rows)} 道题，其中 {counted} 道有成绩"
    urgent = sorted((one for one in rows if one.flags and one.flags[0] is not Flag.FEW), key=_urgency)
    return [head, *(_line(one) for one in urgent[:MOST_LINES])]


def _urgency(one: ItemHistory) -> tuple[int, int]:
    return list(Flag).index(one.flags[0]), one.item.id


def _line(one: ItemHistory) -> str:
    names = "、".join(FLAG_NAMES[flag] for flag in one.flags)
    share = f"{one.count.p:.2f}" if one.count else "—"
    return f"  试题 {one.item.id} {TYPE_NAMES[one.item.type]} 得分率 {share}：{names}"


def _written(data: bytes, target: str) -> Answer:
    path = write_file(target, data)
    return Answer({"file": str(path), "bytes": len(data)}, [f"已存为 {path}"])
