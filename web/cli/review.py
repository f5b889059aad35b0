"""Commands for reviewing: submit, approve and return by script.

Whoever submits or judges proves who they are by their password: the person at the server alone is not two people.
"""

from typing import Any

import click

from bank.comments import PARTS
from bank.ground.actors import Role
from bank.ground.errors import BadInput, NotFound
from bank.items import STATUS_NAMES, Item
from bank.review import approve, send_back, submit
from web.cli.chinese import Group
from web.cli.frame import Answer, command
from web.cli.items import item
from web.cli.persons import proven
from web.house import House
from web.reach import item_in_reach


def join(cli: Group) -> None:
    """Hang this subject's commands, with all others for items, under `tidun`."""
    cli.add_command(item)


def _by(function: Any) -> Any:
    """Options that name the person who acts."""
    function = click.option("--password-stdin", is_flag=True, help="从标准输入读口令；不给则提示输入 (password)")(
        function
    )
    return click.option("--by", "login", required=True, metavar="LOGIN", help="谁在办理，须输本人口令 (login)")(
        function
    )


def _item_row(one: Item) -> dict[str, Any]:
    return {"item": one.id, "version": one.version, "status": one.status.value}


def _answer(items: list[Item], act: str) -> Answer:
    lines = [f"试题 {one.id}（第 {one.version} 稿）{act}：{STATUS_NAMES[one.status]}" for one in items]
    return Answer({"items": [_item_row(one) for one in items]}, lines)


@command(item, "submit")
@click.argument("numbers", nargs=-1, required=True, type=int, metavar="ITEM…")
@_by
def submit_items(house: House, numbers: tuple[int, ...], login: str, password_stdin: bool) -> Answer:
    """命题人把自己的草稿送审 (submit)"""
    actor = proven(house, login, Role.WRITER, from_stdin=password_stdin)
    with house.unit_of_work() as session:
        items = [item_in_reach(session, actor, number) for number in dict.fromkeys(numbers)]
        if any(one.author_id not in {None, actor.user_id} for one in items):
            raise NotFound("所给试题中有不是您写的，本次没有送审任何一道")
        for bank in {one.bank for one in items}:
            submit(session, actor, [one for one in items if one.bank is bank])
        return _answer(items, "已送审")


@command(item, "approve")
@click.argument("seen", nargs=-1, required=True, metavar="ITEM.VERSION…")
@_by
def approve_items(house: House, seen: tuple[str, ...], login: str, password_stdin: bool) -> Answer:
    """审题人通过看过的那一稿，例如 12.3 指第 12 号题第 3 稿 (approve)"""
    versions = dict(_seen(one) for one in seen)
    actor = proven(house, login, Role.REVIEWER, from_stdin=password_stdin)
    with house.unit_of_work() as session:
        items = [item_in_reach(session, actor, number) for number in versions]
        for bank in {one.bank for one in items}:
            approve(session, actor, [one for one in items if one.bank is bank], versions)
        return _answer(items, "已通过")


def _seen(given: str) -> tuple[int, int]:
    number, _, version = given.partition(".")
    if not number.isdecimal() or not version.isdecimal():
        raise BadInput(f"“{given}”要写成 题号.稿次，例如 12.3：通过的只是看过的那一稿")
    return int(number), int(version)


@command(item, "return")
@click.argument("number", type=int, metavar="ITEM")
@click.option("--remark", required=True, help="修改意见 (remark)")
@click.option("--part", type=click.Choice(list(PARTS)), default="whole", help="意见针对哪一部分 (part)")
@_by
def return_item(house: House, number: int, remark: str, part: str, login: str, password_stdin: bool) -> Answer:
    """审题人把试题退回修改 (return)"""
    actor = proven(house, login, Role.REVIEWER, from_stdin=password_stdin)
    with house.unit_of_work() as session:
        found = item_in_reach(session, actor, number)
        send_back(session, actor, found, remark, part)
        return _answer([found], "已退回")
