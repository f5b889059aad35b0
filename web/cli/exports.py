"""Taking a bank out by command: two people prove who they are, as in the browser (Article 6(4))."""

from pathlib import Path

import click

from bank.exports import FORMS, ExportFormat, ask_export, decide_export, take_export
from bank.ground.actors import Role
from bank.ground.errors import BadInput, Refused
from bank.institutions import bank_of
from web.cli.chinese import Group
from web.cli.frame import Answer, command, write_file
from web.cli.items import item
from web.cli.persons import proven
from web.house import House

MOST_LINES = 20


def join(cli: Group) -> None:
    """Hang this subject's command, with all others for items, under `tidun`."""
    cli.add_command(item)


@command(item, "export")
@click.option("--format", "form", required=True, type=click.Choice([f.value for f in FORMS]), help="格式 (format)")
@click.option("--institution", "owner", required=True, metavar="ID", help="机构编号或名称 (institution)")
@click.option("--occupation", required=True, metavar="CODE", help="职业编码 (occupation)")
@click.option("--level", required=True, type=int, help="等级 (level)")
@click.option("--out", required=True, metavar="FILE", help="写到哪个文件，已有的不覆盖 (output file)")
@click.option("--reason", required=True, help="用途 (reason)")
@click.option("--by", "first", required=True, metavar="LOGIN", help="申请人，审题人或考务员 (who asks)")
@click.option("--with", "second", required=True, metavar="LOGIN", help="审批的另一人 (who grants)")
@click.option("--password-stdin", is_flag=True, help="从标准输入读两人的口令，一行一个 (passwords)")
def export_bank(
    house: House,
    form: str,
    owner: str,
    occupation: str,
    level: int,
    out: str,
    reason: str,
    first: str,
    second: str,
    password_stdin: bool,
) -> Answer:
    """整库导出，要两人输入口令 (dual control export)"""
    if Path(out).exists():
        raise BadInput(f"{out} 已经存在，不会覆盖；请换一个文件名")
    people = [
        proven(house, login, Role.REVIEWER, Role.ORGANIZER, from_stdin=password_stdin) for login in (first, second)
    ]
    with house.unit_of_work() as session:
        bank = bank_of(session, owner, occupation, level)
        if any(person.institution_id != bank.institution_id for person in people):
            raise Refused("两人都应是这个题库所属机构的审题人或考务员（第六条第四项）")
        export = ask_export(session, people[0], bank, ExportFormat(form), reason)
        decide_export(session, people[1], export, granted=True)
        file = take_export(session, people[0], export)
    write_file(out, file.data)
    left = [{"item": one.name, "reason": one.reason, "whole": one.whole} for one in file.left_out]
    data = {"file": out, "format": form, "items": file.items, "left_out": left}
    lines = [f"已导出 {file.items} 题到 {out}；文件没有加密，请妥善保管"]
    lines += [f"  {one['item']}：{one['reason']}" for one in left[:MOST_LINES]]
    more = len(left) - MOST_LINES
    return Answer(data, lines + ([f"  另有 {more} 处，加 --json 可看全部"] if more > 0 else []))
