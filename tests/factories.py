"""What tests of every package put into a home: banks, people, questions that are really different, papers."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from bank.content import ItemContent
from bank.exchange.reading import Reading, ReadItem
from bank.ground.actors import OPERATOR, Actor, Grade, Role, User, UserRole, actor_of
from bank.institutions import Bank, Institution, InstitutionKind, find_jurisdiction
from bank.items import ItemStatus, NewItem, SavedVersion, add_items
from papers.papers import Form, FormItem, Paper, PaperOrigin, next_number, seal_form_body, seal_paper_body
from papers.sittings import Sitting, record_sitting
from web.demo.files import demo_rows

BAKER, ELECTRICIAN, WELDER = "4-03-02-03", "6-31-01-03", "6-18-02-04"
TWO_MARKS = 4


def make_items(count: int, start: int = 0) -> list[ItemContent]:
    """So many of the demo's 62 forklift questions, of which no two are alike: 42 single, 3 multiple, 17 judge."""
    rows = demo_rows("forklift_5")[start : start + count]
    assert len(rows) == count, "there are only 62"
    return [ItemContent.from_row(row) for row in rows]


def make_bank(
    session: Session,
    name: str = "黄石市面点学校",
    occupation: str = BAKER,
    level: int = 4,
    filed_on: date = date(2026, 1, 15),
    kind: InstitutionKind = InstitutionKind.TECHNICAL_SCHOOL,
) -> Bank:
    """An empty bank of an institution of this name, which is made unless it is there."""
    body = session.query(Institution).filter_by(name=name).one_or_none()
    if body is None:
        body = Institution(name=name, kind=kind, jurisdiction_id=find_jurisdiction(session, "城区").id)
        session.add(body)
        session.flush()
    bank = Bank(institution_id=body.id, institution=body, occupation=occupation, level=level, filed_on=filed_on)
    session.add(bank)
    session.flush()
    return bank


def make_person(session: Session, bank: Bank, login: str, *roles: Role, grade: Grade | None = None) -> Actor:
    """A member of the bank's institution."""
    user = User(
        login=login,
        name=login,
        password_hash="-",
        institution_id=bank.institution_id,
        grade=grade,
        roles=[UserRole(role=role) for role in roles],
    )
    session.add(user)
    session.flush()
    return actor_of(user)


def add(
    session: Session,
    bank: Bank,
    contents: Iterable[ItemContent],
    *,
    actor: Actor = OPERATOR,
    point: str | None = None,
    status: ItemStatus = ItemStatus.APPROVED,
) -> list[SavedVersion]:
    """These questions as items of the bank."""
    return add_items(session, actor, bank, [NewItem(content, point) for content in contents], status=status)


def make_paper(
    session: Session, bank: Bank, held_on: date, *forms: Sequence[SavedVersion], marks: int = TWO_MARKS
) -> Paper:
    """A paper with forms A, B, … of these questions, as the assembly would have kept it."""
    paper = Paper(
        number=next_number(session, bank, held_on),
        bank_id=bank.id,
        bank=bank,
        origin=PaperOrigin.ASSEMBLED,
        blueprint="试验方案",
        minutes=60,
        held_on=held_on,
        made_by=OPERATOR.name,
    )
    paper.body = seal_paper_body(session, paper, {})
    session.add(paper)
    for label, chosen in zip("ABC", forms, strict=False):
        items = [FormItem(one.item.id, one.version.id, marks) for one in chosen]
        session.add(Form(paper=paper, label=label, body=seal_form_body(session, paper, label, items)))
    session.flush()
    return paper


def use(session: Session, bank: Bank, day: date, chosen: Sequence[SavedVersion], place: str = "一号考场") -> Sitting:
    """A paper of these questions, used on this day."""
    form = make_paper(session, bank, day, chosen).forms[0]
    return record_sitting(session, OPERATOR, form, held_on=day, place=place)


def make_reading(contents: Iterable[ItemContent], file: str = "外购试卷.docx", **row: str | int | None) -> Reading:
    """A file of these questions, as the readers hand it over."""
    given = {"external_id": None, "point": None, "difficulty": None} | row
    items = tuple(
        ReadItem(number, f"第 {number} 题", content, notes=(), **given)  # type: ignore[arg-type]
        for number, content in enumerate(contents, start=1)
    )
    return Reading(file, "docx", None, len(items), items, (), ())
