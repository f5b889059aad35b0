"""Commands for banks: readiness against the deadline, quality of the items."""

from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.coverage import PointCoverage, ScopeCoverage
from bank.ground.clock import today
from bank.ground.terms import point_label
from bank.institutions import Bank, find_institution
from bank.pace import Forecast
from bank.quality.checks import SEVERITY_NAMES, Severity
from bank.readiness import STATE_NAMES, BankState, Readiness, readiness
from bank.renewal import Renewal
from bank.workorders import WorkOrder
from web.cli.chinese import Group
from web.cli.frame import Answer, command, progress
from web.house import House

bank = Group("bank")
FAIL_ON = {"bad": ("bad",), "warn": ("bad", "warn")}


def join(cli: Group) -> None:
    """Hang this subject's group under `tidun`."""
    cli.add_command(bank)


@command(bank, "status")
@click.option("--institution", "owner", metavar="ID", help="只看这家机构 (institution)")
def bank_status(house: House, owner: str | None) -> Answer:
    """题库进度与期限，第六条第五项 (readiness)"""
    on = today()
    with house.reading() as session:
        found = [readiness(session, one, house.policy(on), on) for one in _banks(session, owner)]
    lines = [line for one in found for line in readiness_lines(one)]
    return Answer(
        {"banks": [status_row(one) for one in found]}, lines or ["还没有题库；先登记备案 (tidun registration add)"]
    )


@command(bank, "quality")
@click.option("--institution", "owner", metavar="ID", help="只看这家机构 (institution)")
@click.option("--bank", "only", type=int, metavar="ID", help="只看这个题库 (bank)")
@click.option("--fail-on", type=click.Choice(tuple(FAIL_ON)), help="有这一级以上的问题时以状态 1 结束 (severity)")
def bank_quality(house: House, owner: str | None, only: int | None, fail_on: str | None) -> Answer:
    """试题质量检查：只列编号和原因，不含试题内容 (quality checks)"""
    from web.quality import health_of, health_row  # noqa: PLC0415 - the verdict's model waits for something to judge

    with house.reading() as session:
        chosen = [one for one in _banks(session, owner) if only is None or one.id == only]
        with progress(chosen, "检查试题") as banks:
            found = [(one, health_of(session, one, house.policy())) for one in banks]
        rows = [health_row(one, health) for one, health in found]
    lines = []
    for row in rows:
        lines += quality_lines(row)
    failing = [
        c for row in rows for c in row["checks"] if c["count"] and c["severity"] in FAIL_ON.get(fail_on or "", ())
    ]
    return Answer({"banks": rows}, lines or ["没有符合条件的题库"], exit_status=1 if failing else 0)


def _banks(session: Session, owner: str | None) -> list[Bank]:
    wanted = sa.select(Bank).order_by(Bank.filed_on, Bank.id)
    if owner is not None:
        wanted = wanted.where(Bank.institution_id == find_institution(session, owner).id)
    return list(session.scalars(wanted))


def status_row(one: Readiness) -> dict[str, Any]:
    """The JSON of one bank's readiness."""
    return {
        "bank": one.bank.id,
        "institution": one.bank.institution_id,
        "institution_name": one.bank.institution.name,
        "occupation": one.bank.occupation,
        "level": one.bank.level,
        "deadline": one.deadline.isoformat(),
        "days_left": one.days_left,
        "rows": one.rows,
        "distinct_items": one.distinct_items,
        "effective_items": one.effective_items,
        "required": one.required,
        "coverage": None if one.coverage is None else round(one.coverage, 4),
        "scopes": [_scope_row(scope) for scope in one.scopes],
        "missing_points": [_point_row(point) for point in one.missing_points],
        "work_orders": [_order_row(order) for order in one.work_orders],
        "forecast": one.forecast.isoformat() if one.forecast else None,
        "pace": _pace_row(one.pace),
        "state": one.state.value,
        "types": {kind.value: n for kind, n in one.types.items()},
        "type_mix": [
            {
                "type": share.type.value,
                "present": share.present,
                "share": round(share.share, 4),
                "wanted": share.wanted,
                "fits": share.fits,
            }
            for share in one.mix
        ],
        "drafts": one.drafts,
        "renewal": _renewal_row(one.renewal),
        "quality": {
            "copies": one.copies,
            "padding": round(one.padding, 4),
            "orphans": one.placing.orphans,
            "without_difficulty": one.placing.without_difficulty,
        },
    }


def _scope_row(one: ScopeCoverage) -> dict[str, Any]:
    return {
        "scope": one.code,
        "name": one.name,
        "grade": one.grade,
        "parent": one.parent,
        "weight": None if one.weight is None else one.weight / 100,
        "present": one.present,
        "required": one.required,
        "points": one.points,
        "points_ready": one.points_ready,
    }


def _point_row(one: PointCoverage) -> dict[str, Any]:
    return {
        "point": one.code,
        "name": one.name,
        "importance": one.importance.value,
        "present": one.present,
        "required": one.required,
    }


def _order_row(one: WorkOrder) -> dict[str, Any]:
    return {
        "point": one.point,
        "name": one.name,
        "importance": one.importance.value if one.importance else None,
        "scope": one.scope,
        "missing": one.missing,
        "types": {kind.value: count for kind, count in one.types.items()},
        "difficulty": {str(grade): count for grade, count in one.difficulties.items()},
        "gain": round(one.gain, 5),
    }


def _pace_row(one: Forecast) -> dict[str, Any]:
    return {
        "lacking": one.lacking,
        "added": one.added,
        "batches": one.batches,
        "days": one.span,
        "per_week": round(one.per_week, 2),
        "earliest": one.earliest.isoformat() if one.earliest else None,
        "latest": one.latest.isoformat() if one.latest else None,
    }


def _renewal_row(one: Renewal) -> dict[str, Any]:
    return {
        "since": one.since.isoformat(),
        "renewed": one.renewed,
        "total": one.total,
        "share": round(one.share, 4),
        "wanted_share": one.wanted_share,
        "lacking": one.lacking,
        "due": one.due.isoformat() if one.due else None,
    }


def readiness_lines(one: Readiness) -> list[str]:
    """What a person reads of one bank's readiness."""
    left = f"，剩余 {one.days_left} 天" if one.days_left >= 0 else f" {-one.days_left} 天"
    due = "" if one.complete else f"{left}（{one.deadline} 到期）"
    head = f"{one.bank.institution.name} · {one.bank.title}：{STATE_NAMES[one.state]}{due}"
    counts = f"  有效试题 {one.effective_items} / {one.required}，共 {one.rows} 行，去重后 {one.distinct_items} 道"
    missing = f"  还缺 {len(one.missing_points)} 个{point_label()}" if one.missing_points else ""
    pace = "" if one.complete else f"  {pace_sentence(one.pace)}"
    fresh = one.renewal
    renewed = (
        f"  近一个周期更新 {fresh.share:.0%}，应有 {fresh.wanted_share:.0%}（本局设定），还差 {fresh.lacking} 道"
        if one.state is BankState.RENEWAL_DUE
        else ""
    )
    return [line for line in (head, counts, missing, pace, renewed) if line]


def pace_sentence(pace: Forecast) -> str:
    """The forecast and its interval in words."""
    if pace.day is None:
        return "近期没有新题入库，无法预计完成日期"
    latest = f"最晚 {pace.latest}" if pace.latest else "最晚说不准"
    if pace.batches == 1:
        return (
            f"近期只入库过一次（{pace.added} 道），照此推算 {pace.day} 建成（最早 {pace.earliest}，{latest}），只供参考"
        )
    return f"近 {pace.span} 天每周 {pace.per_week:.1f} 道，预计 {pace.day} 建成（最早 {pace.earliest}，{latest}）"


def quality_lines(row: dict[str, Any]) -> list[str]:
    """What a person reads of one bank's quality."""
    head = f"{row['institution_name']} · 题库 {row['bank']}：{row['items']} 道题，{row['sound']} 道没有大问题"
    checks = [
        f"  {SEVERITY_NAMES[Severity(one['severity'])]}　{one['name']}：{one['count']} / {one['looked_at']} 道"
        for one in row["checks"]
        if one["count"]
    ]
    leaning = [f"  全库　{one['name']}：{one['reason']}" for one in row["balance"] if one["alarm"]]
    return [head, *checks, *leaning]
