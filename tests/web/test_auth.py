"""Passwords and the table of login sessions."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.ground.actors import Role, User, UserRole, find_user
from bank.ground.clock import now
from bank.ground.errors import BadInput
from tests.web.cast import CHEAP, PASSWORD
from web.auth import (
    ABSOLUTE,
    COST,
    IDLE,
    SESSIONS_PER_USER,
    LoginSession,
    check_password_rules,
    hash_password,
    password_matches,
    resume_session,
    start_session,
)
from web.house import House


def test_a_password_matches_its_hash_and_no_other() -> None:
    stored = hash_password(PASSWORD, CHEAP)
    assert stored.startswith("$argon2id$")
    assert password_matches(PASSWORD, stored)
    assert not password_matches(PASSWORD + "x", stored)
    assert hash_password(PASSWORD, CHEAP) != stored


def test_the_cost_is_the_strong_one_unless_a_test_says_otherwise() -> None:
    assert (COST.passes, COST.memory) == (3, 64 * 1024)
    assert f"m={COST.memory},t={COST.passes}" in hash_password(PASSWORD)


@pytest.mark.parametrize("weak", ["", "a1", "abcdefgh", "12345678", "中文口令没有字母和数字", "a1" * 65])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(BadInput, match="口令须为"):
        check_password_rules(weak)


@settings(max_examples=40)
@given(st.text(min_size=6, max_size=100))
def test_any_text_with_a_letter_and_a_digit_is_a_password(text: str) -> None:
    password = f"a{text}1"
    assert password_matches(password, hash_password(password, CHEAP))
    assert not password_matches(password + "0", hash_password(password, CHEAP))


def _start(house: House, login: str = "wang") -> str:
    with house.unit_of_work() as session:
        return start_session(session, find_user(session, login))


def _alive(house: House, token: str) -> bool:
    with house.unit_of_work() as session:
        return resume_session(session, token) is not None


def test_a_session_lives_while_it_is_used_and_dies_idle(house: House) -> None:
    begin = now()
    with time_machine.travel(begin, tick=False):
        token = _start(house)
    with time_machine.travel(begin + IDLE - timedelta(seconds=1), tick=False):
        assert _alive(house, token)
    with time_machine.travel(begin + 2 * IDLE - timedelta(seconds=2), tick=False):
        assert _alive(house, token)
    with time_machine.travel(begin + 3 * IDLE, tick=False):
        assert not _alive(house, token)
    with time_machine.travel(begin + 2 * IDLE, tick=False):
        assert not _alive(house, token), "a dead session stays dead"


def test_no_session_outlives_the_working_day(house: House) -> None:
    begin = now()
    with time_machine.travel(begin, tick=False):
        token = _start(house)
    step = timedelta(minutes=10)
    for number in range(1, ABSOLUTE // step + 1):
        with time_machine.travel(begin + number * step, tick=False):
            assert _alive(house, token), number
    with time_machine.travel(begin + ABSOLUTE + timedelta(seconds=1), tick=False):
        assert not _alive(house, token)


def _disable(user: User) -> None:
    user.active = False


def _change_role(user: User) -> None:
    user.roles = [UserRole(role=Role.REVIEWER)]


def _change_password(user: User) -> None:
    user.password_hash = hash_password("another2026", CHEAP)


def _move(user: User) -> None:
    user.institution_id = 2


@pytest.mark.parametrize("change", [_disable, _change_role, _change_password, _move])
def test_a_change_of_standing_ends_the_session_for_good(house: House, change: object) -> None:
    token = _start(house)
    with house.unit_of_work() as session:
        user = find_user(session, "wang")
        before = (user.active, [row.role for row in user.roles], user.password_hash, user.institution_id)
        change(user)
    assert not _alive(house, token)
    with house.unit_of_work() as session:
        user = find_user(session, "wang")
        user.active, roles, user.password_hash, user.institution_id = before
        user.roles = [UserRole(role=role) for role in roles]
    assert not _alive(house, token), "undoing the change must not bring the session back"


def test_the_oldest_session_ends_when_there_are_too_many(house: House) -> None:
    tokens = [_start(house) for _ in range(SESSIONS_PER_USER + 1)]
    assert [_alive(house, token) for token in tokens] == [False, *[True] * SESSIONS_PER_USER]


def test_the_table_holds_no_token(house: House) -> None:
    token = _start(house)
    with house.reading() as session:
        rows = session.execute(sa.select(LoginSession.token_hash, LoginSession.standing)).all()
    assert rows
    assert all(token not in value for row in rows for value in row)


def test_sessions_of_past_days_are_swept(house: House) -> None:
    with time_machine.travel(now() - timedelta(days=3), tick=False):
        _start(house)
    _start(house)
    with house.reading() as session:
        assert session.scalar(sa.select(sa.func.count(LoginSession.id))) == 1
