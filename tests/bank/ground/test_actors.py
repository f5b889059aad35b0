"""三员分立 and the places that roles need: every combination of roles, tried out."""

from itertools import chain, combinations

import pytest

from bank.ground.actors import ADMINISTRATORS, OF_INSTITUTION, Role, User, UserRole, actor_of, check_roles, find_user
from bank.ground.errors import BadInput, NotFound, Refused
from tests.factories import make_bank
from web.house import House

SETS = [frozenset(some) for some in chain.from_iterable(combinations(Role, count) for count in range(1, len(Role) + 1))]


@pytest.mark.parametrize("one", sorted(ADMINISTRATORS))
def test_an_administrator_is_nothing_else(one: Role) -> None:
    check_roles(frozenset({one}), None, None)
    for roles in SETS:
        if one in roles and len(roles) > 1:
            with pytest.raises(Refused, match="三员分立"):
                check_roles(roles, 1, 1)


def test_a_supervisor_has_no_post_at_an_institution() -> None:
    check_roles(frozenset({Role.SUPERVISOR}), None, 1)
    for role in OF_INSTITUTION:
        with pytest.raises(Refused, match="第七条"):
            check_roles(frozenset({Role.SUPERVISOR, role}), 1, 1)
    with pytest.raises(Refused, match="第七条"):
        check_roles(frozenset({Role.SUPERVISOR}), 1, 1)
    with pytest.raises(BadInput, match="--jurisdiction"):
        check_roles(frozenset({Role.SUPERVISOR}), None, None)


@pytest.mark.parametrize("role", sorted(OF_INSTITUTION))
def test_staff_belong_to_an_institution(role: Role) -> None:
    check_roles(frozenset({role}), 1, None)
    with pytest.raises(BadInput, match="--institution"):
        check_roles(frozenset({role}), None, None)


def test_staff_may_hold_several_posts() -> None:
    for roles in SETS:
        if roles <= OF_INSTITUTION:
            check_roles(roles, 1, None)


def test_an_account_has_a_role() -> None:
    with pytest.raises(BadInput, match="至少要有一个角色"):
        check_roles(frozenset(), 1, None)


def test_the_actor_behind_an_account(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        roles = [UserRole(role=role) for role in (Role.WRITER, Role.ORGANIZER)]
        session.add(User(login="wang", name="王", password_hash="-", institution_id=bank.institution_id, roles=roles))
    with house.reading() as session:
        found = find_user(session, "wang")
        actor = actor_of(found)
        assert (actor.name, actor.user_id, actor.institution_id) == ("wang", found.id, bank.institution_id)
        assert actor.roles == {Role.WRITER, Role.ORGANIZER}
        with pytest.raises(NotFound, match="zhao"):
            find_user(session, "zhao")
