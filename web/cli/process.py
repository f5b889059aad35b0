"""Commands for the process by which a bank is written: its settings, its steps."""

from collections.abc import Callable
from typing import Any

import click
from sqlalchemy.orm import Session

from bank import reading_rights
from bank.ground.actors import OPERATOR
from bank.institutions import Bank, bank_of
from bank.process import WritersSee, change_process, close_step, open_step, settings_of, step_states
from bank.writing_rules import GradeRule, Step
from web.cli.chinese import Group
from web.cli.frame import Answer, command
from web.house import House

process = Group("process")
STATE_WORDS = {"waiting": "未开始", "open": "进行中", "closed": "已完成"}
Function = Callable[..., Any]


def join(cli: Group) -> None:
    """Hang this subject's group under `tidun`."""
    cli.add_command(process)


def bank_options(function: Function) -> Function:
    """Options that name a bank."""
    function = click.option("--level", required=True, type=int, help="等级 (level)")(function)
    function = click.option("--occupation", required=True, metavar="CODE", help="职业编码 (occupation)")(function)
    named = click.option("--institution", "owner", required=True, metavar="ID", help="机构编号或名称 (institution)")
    return named(function)


@command(process, "show")
@bank_options
def show_process(house: House, owner: str, occupation: str, level: int) -> Answer:
    """命题环节、设定和经过 (process)"""
    with house.reading() as session:
        return _process_answer(session, bank_of(session, owner, occupation, level))


def _process_answer(session: Session, bank: Bank) -> Answer:
    settings, steps = settings_of(session, bank), step_states(session, bank)
    see = reading_rights.writers_see(session, bank)
    data = {
        "bank": bank.id,
        "document": settings.rules.document,
        "approvals": settings.approvals,
        "trial_first": settings.trial_first,
        "settle_first": settings.settle_first,
        "grade_rule": settings.grade_rule.value,
        "writers_see": see.value,
        "steps": [{"step": one.rule.step.value, "state": one.state, "times": len(one.times)} for one in steps],
    }
    lines = [
        f"{bank.title}：依据{settings.rules.document}",
        (
            f"  须 {settings.approvals} 位审题人通过；{'先试测后编卷' if settings.trial_first else '编卷后试测'}；"
            f"{'意见了结后才能通过' if settings.settle_first else '意见可不了结'}；"
            f"等级不符时{'拒绝' if settings.grade_rule is GradeRule.REFUSE else '提醒'}；"
            f"命题人{'只看自己写的题' if see is WritersSee.OWN else '可看全库题干'}"
        ),
        *(f"  {one.rule.name}（{one.rule.step.value}，{one.rule.clause}）：{STATE_WORDS[one.state]}" for one in steps),
    ]
    return Answer(data, lines)


@command(process, "set")
@bank_options
@click.option("--approvals", type=int, help="一道题须几位审题人通过 (approvals)")
@click.option(
    "--step", "steps", multiple=True, type=click.Choice([one.value for one in Step]), help="采用的环节，可重复 (step)"
)
@click.option("--trial-first/--no-trial-first", default=None, help="先试测、后编卷 (trial first)")
@click.option("--settle-first/--no-settle-first", default=None, help="意见了结后才能通过 (settle first)")
@click.option("--grades", type=click.Choice([one.value for one in GradeRule]), help="等级不符时提醒或拒绝 (grades)")
@click.option(
    "--writers-see", type=click.Choice([one.value for one in WritersSee]), help="命题人看自己的题或全库 (writers see)"
)
def set_process(
    house: House,
    owner: str,
    occupation: str,
    level: int,
    approvals: int | None,
    steps: tuple[str, ...],
    trial_first: bool | None,
    settle_first: bool | None,
    grades: str | None,
    writers_see: str | None,
) -> Answer:
    """设定一个题库的命题环节，只改所写各项 (process)"""
    with house.unit_of_work() as session:
        bank = bank_of(session, owner, occupation, level)
        change_process(
            session,
            OPERATOR,
            bank,
            steps=tuple(map(Step, steps)) or None,
            approvals=approvals,
            trial_first=trial_first,
            settle_first=settle_first,
            grade_rule=GradeRule(grades) if grades else None,
            writers_see=WritersSee(writers_see) if writers_see else None,
        )
        return _process_answer(session, bank)


@command(process, "open")
@click.argument("step", type=click.Choice([one.value for one in Step]), metavar="STEP")
@bank_options
def open_one_step(house: House, step: str, owner: str, occupation: str, level: int) -> Answer:
    """记下一个环节开始 (open a step)"""
    with house.unit_of_work() as session:
        bank = bank_of(session, owner, occupation, level)
        open_step(session, OPERATOR, bank, Step(step))
        return _process_answer(session, bank)


@command(process, "close")
@click.argument("step", type=click.Choice([one.value for one in Step]), metavar="STEP")
@click.option("--note", default="", help="结果说明，加密保存 (note)")
@bank_options
def close_one_step(house: House, step: str, note: str, owner: str, occupation: str, level: int) -> Answer:
    """记下一个环节结束 (close a step)"""
    with house.unit_of_work() as session:
        bank = bank_of(session, owner, occupation, level)
        close_step(session, OPERATOR, bank, Step(step), note)
        return _process_answer(session, bank)
