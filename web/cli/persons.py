"""Who acts at the command line where the operator of the machine is not enough: a person who knows a password."""

import sys

import click

from bank.ground.actors import ROLE_NAMES, Actor, Role, actor_of
from bank.ground.errors import Refused
from web.auth import password_matches
from web.house import House
from web.lockout import count_attempt, note_failure, note_success

AT_THE_SERVER = "command line"


def proven(house: House, login: str, *roles: Role, from_stdin: bool) -> Actor:
    """The person with this login, who has typed the password and holds one of the roles.

    Failures count as in the browser. Raises Refused.
    """
    asked = f"{login} 的口令"
    password = sys.stdin.readline().rstrip("\n") if from_stdin else click.prompt(asked, hide_input=True, err=True)
    with house.unit_of_work() as session:
        attempt = count_attempt(session, login, AT_THE_SERVER)
    stored = attempt.password_hash
    admitted = attempt.admitted and stored is not None and password_matches(password, stored)
    with house.unit_of_work() as session:
        if admitted:
            actor = actor_of(note_success(session, attempt))
        else:
            note_failure(session, attempt, AT_THE_SERVER)
    if not admitted:
        raise Refused("登录名或口令不对，或账号已锁定；请核对后再试")
    if actor.roles.isdisjoint(roles):
        raise Refused(f"账号 {login} 不是{'或'.join(ROLE_NAMES[role] for role in roles)}，不能办理")
    return actor
