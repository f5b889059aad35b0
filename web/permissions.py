"""Who may open which page: one table, default deny.

Every view declares its permission through `needs` or `needs_units`; an endpoint that declares none is refused before
it runs (`refuse_undeclared`). Whose bank, item or paper it is, is asked in `web.reach`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from bank.ground.actors import Actor, Role
from bank.ground.errors import Refused
from web.frame import frame_of
from web.house import House

P = ParamSpec("P")


class NotSignedIn(Exception):  # noqa: N818 - what the request is
    """Nobody is signed in, or the session has ended."""


class NotConfirmed(Exception):  # noqa: N818 - what the request is
    """The page asks for the password again."""


class Permission(StrEnum):
    """What a page lets a person do."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    WRITE_ITEMS = "write_items"
    REVIEW_ITEMS = "review_items"
    SEE_BANKS = "see_banks"
    LEAD_BANK = "lead_bank"
    ASSIGN_WRITING = "assign_writing"
    ASSEMBLE_PAPERS = "assemble_papers"
    PRINT_PAPERS = "print_papers"
    SEE_TERRITORY = "see_territory"
    AUDIT_PAPERS = "audit_papers"
    SCAN_LEAKS = "scan_leaks"
    SEE_OUTLINE = "see_outline"
    REVISE_OUTLINE = "revise_outline"
    ASK_EXPORT = "ask_export"
    TAKE_EXPORT = "take_export"
    LIST_USERS = "list_users"
    VERIFY_LEDGER = "verify_ledger"


Predicate = Callable[[Actor], bool]


def _holds(role: Role) -> Predicate:
    return lambda actor: role in actor.roles


def _holds_one_of(*roles: Role) -> Predicate:
    return lambda actor: not actor.roles.isdisjoint(roles)


def _of_institution(actor: Actor) -> bool:
    return actor.institution_id is not None


def _of_territory(actor: Actor) -> bool:
    return actor.jurisdiction_id is not None and actor.institution_id is None


def _signed_in(actor: Actor) -> bool:
    return actor.user_id is not None


RULES: dict[Permission, tuple[Predicate, ...]] = {
    Permission.ANYONE: (),
    Permission.SIGNED_IN: (_signed_in,),
    Permission.WRITE_ITEMS: (_signed_in, _holds(Role.WRITER), _of_institution),
    Permission.REVIEW_ITEMS: (_signed_in, _holds(Role.REVIEWER), _of_institution),
    Permission.SEE_BANKS: (_signed_in, _holds_one_of(Role.WRITER, Role.REVIEWER, Role.ORGANIZER), _of_institution),
    Permission.LEAD_BANK: (_signed_in, _holds_one_of(Role.REVIEWER, Role.ORGANIZER), _of_institution),
    Permission.ASSIGN_WRITING: (_signed_in, _holds(Role.ORGANIZER), _of_institution),
    Permission.ASSEMBLE_PAPERS: (_signed_in, _holds(Role.ORGANIZER), _of_institution),
    Permission.PRINT_PAPERS: (_signed_in, _holds(Role.ORGANIZER), _of_institution),
    Permission.SEE_TERRITORY: (_signed_in, _holds(Role.SUPERVISOR), _of_territory),
    Permission.AUDIT_PAPERS: (_signed_in, _holds(Role.SUPERVISOR), _of_territory),
    Permission.SCAN_LEAKS: (_signed_in, _holds(Role.SUPERVISOR), _of_territory),
    Permission.SEE_OUTLINE: (
        _signed_in,
        _holds_one_of(Role.WRITER, Role.REVIEWER, Role.ORGANIZER),
        _of_institution,
    ),
    # Not writers: the outline says how much of their work counts, and nobody sets their own yardstick.
    Permission.REVISE_OUTLINE: (_signed_in, _holds_one_of(Role.REVIEWER, Role.ORGANIZER), _of_institution),
    Permission.ASK_EXPORT: (_signed_in, _holds_one_of(Role.REVIEWER, Role.ORGANIZER), _of_institution),
    Permission.TAKE_EXPORT: (_signed_in, _holds_one_of(Role.REVIEWER, Role.ORGANIZER), _of_institution),
    Permission.LIST_USERS: (_signed_in, _holds(Role.SYSADMIN)),
    Permission.VERIFY_LEDGER: (_signed_in, _holds(Role.AUDITOR)),
}
CONFIRMED = frozenset({Permission.PRINT_PAPERS, Permission.TAKE_EXPORT})
"""What leaves the house on paper or as a file asks for the password again when it was typed too long ago."""
NOBODY = Actor("nobody")
STATIC = frozenset({"static", "bootstrap.static"})


def may(actor: Actor, permission: Permission) -> bool:
    """Whether every predicate of the permission holds for this actor."""
    return all(predicate(actor) for predicate in RULES[permission])


def house() -> House:
    """The house that this application serves."""
    found: House = current_app.extensions["tidun"]
    return found


def needs(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Session, Actor, P], ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """A view `f(session, actor, …)` for those who may; all it does is one unit of work, committed before it answers."""

    def declare(
        view: Callable[Concatenate[Session, Actor, P], ResponseReturnValue],
    ) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            with _unit() as (session, actor, allowed):
                if allowed(permission):
                    return make_response(view(session, actor, *args, **kwargs))
            raise _refusal(actor, permission)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return declare


def needs_units(
    permission: Permission,
) -> Callable[[Callable[Concatenate[House, Actor, P], ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """A view `f(house, actor, …)` for those who may, which opens its own units: long work must not hold the writer."""

    def declare(
        view: Callable[Concatenate[House, Actor, P], ResponseReturnValue],
    ) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            with _unit() as (_, actor, allowed):
                admitted = allowed(permission)
            if admitted:
                return view(house(), actor, *args, **kwargs)
            raise _refusal(actor, permission)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return declare


@contextmanager
def _unit() -> Iterator[tuple[Session, Actor, Callable[[Permission], bool]]]:
    """A unit of work in which the person behind the request is known to the frame and to Flask-Login."""
    with house().unit_of_work() as session:
        g.session = session
        try:
            actor = current_user.actor if current_user.is_authenticated else NOBODY
            g.actor = actor
            g.frame = frame_of(session, current_user) if actor is not NOBODY else None
            yield session, actor, lambda permission: may(actor, permission) and _fresh_enough(permission)
        finally:
            del g.session


def _fresh_enough(permission: Permission) -> bool:
    return permission not in CONFIRMED or bool(current_user.confirmed)


def _refusal(actor: Actor, permission: Permission) -> Exception:
    if actor is NOBODY:
        return NotSignedIn()
    if may(actor, permission):
        return NotConfirmed()
    return Refused("您的角色不能打开这个页面；如确有需要，请向系统管理员申请")


def refuse_undeclared() -> None:
    """Before each request: an endpoint that declares no permission is refused."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in STATIC:
        return
    if not isinstance(getattr(current_app.view_functions[endpoint], "permission", None), Permission):
        raise Refused("这个页面没有登记权限，不能打开；请联系系统管理员")
