"""The standing cast, a browser of one person, and a hand that fills banks behind the pages' back."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR, Actor, Role, User, UserRole, actor_of, find_user
from bank.ground.clock import today
from bank.institutions import Bank, InstitutionKind, add_institution, add_registration, find_bank, find_jurisdiction
from bank.items import ItemStatus, NewItem, add_items
from papers.assembly.blueprints import Blueprint, Section
from web.assembling import assemble
from web.auth import PasswordCost, hash_password
from web.demo.files import demo_rows
from web.house import House

CHEAP = PasswordCost(1, 1, 8)
PASSWORD = "tidun2026"
SCHOOL, CENTRE = "黄石市机电技工学校", "大冶市新冶焊接培训中心"
ELECTRICIAN, WELDER = "6-31-01-03", "6-18-02-04"

CAST: dict[str, tuple[str, tuple[Role, ...], str | None, str | None]] = {
    "wang": ("老王", (Role.WRITER,), SCHOOL, None),
    "zhao": ("另一位命题员", (Role.WRITER,), SCHOOL, None),
    "shen": ("审题专家", (Role.REVIEWER,), SCHOOL, None),
    "li": ("李姐", (Role.ORGANIZER,), SCHOOL, None),
    "wai": ("外机构命题员", (Role.WRITER,), CENTRE, None),
    "wai_shen": ("外机构审题人", (Role.REVIEWER,), CENTRE, None),
    "wai_li": ("外机构考务员", (Role.ORGANIZER,), CENTRE, None),
    "du": ("市局督导员", (Role.SUPERVISOR,), None, "黄石市"),
    "yangxin": ("阳新督导员", (Role.SUPERVISOR,), None, "阳新县"),
    "sys": ("系统管理员", (Role.SYSADMIN,), None, None),
    "sec": ("安全管理员", (Role.SECADMIN,), None, None),
    "aud": ("审计管理员", (Role.AUDITOR,), None, None),
}

SMALL_PAPER = Blueprint("小测", (Section(ItemType.SINGLE, 4, 4), Section(ItemType.JUDGE, 2, 2)), per_point=None)


@cache
def _questions() -> tuple[list[ItemContent], list[ItemContent]]:
    contents = [ItemContent.from_row(row) for row in demo_rows("electrician_4")]
    return tuple([one for one in contents if one.type is kind] for kind in (ItemType.SINGLE, ItemType.JUDGE))


def make_question(number: int) -> ItemContent:
    """The n-th of the demo's electrician questions, no two alike: two single ones, then a judge item, and so on."""
    single, judge = _questions()
    return judge[number // 3] if number % 3 == 2 else single[number // 3 * 2 + number % 3]


def quotes_a_question(page: str, count: int = 30) -> bool:
    """Whether the page holds the beginning of one of the first questions."""
    return any(make_question(number).stem[:10] in page for number in range(count))


def people_the_home(house: House) -> None:
    with house.unit_of_work() as session:
        bodies = {
            SCHOOL: add_institution(
                session, OPERATOR, name=SCHOOL, kind=InstitutionKind.TECHNICAL_SCHOOL, jurisdiction="城区"
            ),
            CENTRE: add_institution(
                session, OPERATOR, name=CENTRE, kind=InstitutionKind.SOCIAL_ORG, jurisdiction="大冶市"
            ),
        }
        filed = today() - timedelta(days=100)
        for body, occupation in ((SCHOOL, ELECTRICIAN), (CENTRE, WELDER)):
            add_registration(
                session,
                OPERATOR,
                house.policy(),
                institution=bodies[body],
                occupation=occupation,
                level=4,
                filed_on=filed,
            )
        password = hash_password(PASSWORD, CHEAP)
        for login, (name, roles, body, place) in CAST.items():
            user = User(
                login=login,
                name=name,
                password_hash=password,
                institution_id=bodies[body].id if body else None,
                jurisdiction_id=find_jurisdiction(session, place).id if place else None,
                roles=[UserRole(role=role) for role in roles],
            )
            session.add(user)


@dataclass
class Browser:
    """A browser of one person: keeps cookies and the page token, like the real one."""

    client: FlaskClient
    token: str = ""
    asked: list[str] = field(default_factory=list)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Open a page."""
        return self._keep(self.client.get(path, **kwargs))

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Send a form with the token of the last page."""
        if not self.token:
            self.get("/login", follow_redirects=True)
        return self._keep(self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **kwargs))

    def upload(self, path: str, name: str, content: bytes, **data: Any) -> TestResponse:
        """Send a file."""
        return self.post(path, {**data, "file": (BytesIO(content), name)}, content_type="multipart/form-data")

    def sign_in(self, login: str, password: str = PASSWORD, **data: Any) -> TestResponse:
        """Sign in; the token changes with the session."""
        answer = self.post("/login", {"login": login, "password": password, **data})
        self.token = ""
        return answer

    def _keep(self, answer: TestResponse) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text) if answer.mimetype == "text/html" else None
        self.token = found[1] if found else self.token
        return answer


@dataclass
class Stock:
    """Puts things into the home behind the pages' back."""

    house: House

    def actor(self, login: str) -> Actor:
        """One of the cast as an actor."""
        with self.house.reading() as session:
            return actor_of(find_user(session, login))

    def bank_id(self, login: str = "wang") -> int:
        """The bank of this person's institution."""
        with self.house.reading() as session:
            return self._bank(session, login).id

    def _bank(self, session: Any, login: str) -> Bank:
        user = find_user(session, login)
        assert user.institution_id is not None
        for occupation in (ELECTRICIAN, WELDER):
            found = find_bank(session, user.institution_id, occupation, 4, missing_ok=True)
            if found:
                return found
        raise AssertionError(login)

    def items(
        self, login: str, *contents: ItemContent, status: ItemStatus = ItemStatus.DRAFT, point: str | None = None
    ) -> list[int]:
        """Items of this writer; returns their ids."""
        with self.house.unit_of_work() as session:
            news = [NewItem(content, point) for content in contents]
            actor = actor_of(find_user(session, login))
            return [one.item.id for one in add_items(session, actor, self._bank(session, login), news, status=status)]

    def questions(self, login: str, count: int, status: ItemStatus = ItemStatus.APPROVED) -> list[int]:
        """So many different items."""
        return self.items(login, *(make_question(number) for number in range(count)), status=status)

    def paper(self, login: str = "li", days: int = 0) -> int:
        """A paper with forms A and B of this organizer's institution for some days ago; returns its id."""
        place, occupation = (SCHOOL, ELECTRICIAN) if login == "li" else (CENTRE, WELDER)
        done = assemble(
            self.house,
            self.actor(login),
            institution=place,
            occupation=occupation,
            level=4,
            held_on=today() - timedelta(days=days),
            blueprint=SMALL_PAPER,
            forms=2,
        )
        assert done.paper is not None
        return done.paper.id
