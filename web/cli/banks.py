"""Commands for banks: readiness against the deadline."""

from typing import Any

import click
import sqlalchemy as sa

from bank.ground.clock import today
from bank.ground.terms import point_label
from bank.institutions import Bank, find_institution
from bank.readiness import STATE_NAMES, BankState, Readiness, readiness
from web.cli.chinese import Group
from web.cli.frame import Answer, command
from web.house import House

bank = Group("bank")


def join(cli: Group) -> None:
    """Hang this subject's group under `tidun`."""
    cli.add_command(bank)


@command(bank, "status")
@click.option("--institution", "owner", metavar="ID", help="只看这家机构 (institution)")
def bank_status(house: House, owner: str | None) -> Answer:
    """题库进度与期限，第六条第五项 (readiness)"""
    on = today()
    with house.reading() as session:
        wanted = sa.select(Bank).order_by(Bank.filed_on, Bank.id)
        if owner is not None:
            wanted = wanted.where(Bank.institution_id == find_institution(session, owner).id)
        found = [readiness(session, one, house.policy(on), on) for one in session.scalars(wanted)]
    lines = [line for one in found for line in readiness_lines(one)]
    return Answer(
        {"banks": [status_row(one) for one in found]}, lines or ["还没有题库；先登记备案 (tidun registration add)"]
    )


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
        "missing_points": [
            {
                "point": p.code,
                "name": p.name,
                "importance": p.importance.value,
                "present": p.present,
                "required": p.required,
            }
            for p in one.missing_points
        ],
        "forecast": one.forecast.isoformat() if one.forecast else None,
        "state": one.state.value,
        "types": {kind.value: n for kind, n in one.types.items()},
        "drafts": one.drafts,
    }


def readiness_lines(one: Readiness) -> list[str]:
    """What a person reads of one bank's readiness."""
    left = f"，剩余 {one.days_left} 天" if one.days_left >= 0 else f" {-one.days_left} 天"
    due = "" if one.state is BankState.READY else f"{left}（{one.deadline} 到期）"
    head = f"{one.bank.institution.name} · {one.bank.title}：{STATE_NAMES[one.state]}{due}"
    counts = f"  有效试题 {one.effective_items} / {one.required}，共 {one.rows} 行，去重后 {one.distinct_items} 道"
    missing = f"  还缺 {len(one.missing_points)} 个{point_label()}" if one.missing_points else ""
    return [line for line in (head, counts, missing) if line]
