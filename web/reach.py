"""Whose it is: banks, items and papers that an actor may touch; what is not theirs does not exist for them.

A foreign object answers like a missing one (404), so that nobody learns which numbers are in use.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.ground.actors import Actor, Role
from bank.ground.errors import NotFound
from bank.institutions import Bank, visible_institutions
from bank.items import Item, Origin, find_item
from bank.reading_rights import may_read
from papers.papers import Form, Paper, find_form, find_paper


def banks_in_reach(session: Session, actor: Actor) -> list[Bank]:
    """The banks of the actor's institution or territory, by occupation and level."""
    reach = visible_institutions(session, actor)
    statement = sa.select(Bank).where(Bank.institution_id.in_(reach))
    return list(session.scalars(statement.order_by(Bank.institution_id, Bank.occupation, Bank.level.desc())))


def bank_in_reach(session: Session, actor: Actor, bank_id: int) -> Bank:
    """The bank, if it lies in reach; raises NotFound."""
    bank = session.get(Bank, bank_id)
    if bank is None or not _reaches(session, actor, bank.institution_id):
        raise NotFound("没有这个题库，或者它不属于您的机构")
    return bank


def item_in_reach(session: Session, actor: Actor, item_id: int) -> Item:
    """The item of an own bank; raises NotFound, for writers also outside their own part of it.

    Items kept from papers made elsewhere are for comparison only.
    """
    missing = NotFound("没有这道试题，或者它不属于您的机构")
    try:
        item = find_item(session, item_id)
    except NotFound:
        raise missing from None
    if item.origin is not Origin.BANK or not _reaches(session, actor, item.bank.institution_id):
        raise missing
    if Role.WRITER in actor.roles and not may_read(session, actor, item):
        raise missing
    return item


def paper_in_reach(session: Session, actor: Actor, paper_id: int) -> Paper:
    """The paper, if it lies in reach; raises NotFound."""
    missing = NotFound("没有这份试卷，或者它不属于您的机构")
    try:
        paper = find_paper(session, paper_id)
    except NotFound:
        raise missing from None
    if not _reaches(session, actor, paper.bank.institution_id):
        raise missing
    return paper


def form_in_reach(session: Session, actor: Actor, paper_id: int, label: str) -> Form:
    """The form of a paper in reach; raises NotFound."""
    return find_form(paper_in_reach(session, actor, paper_id), label)


def _reaches(session: Session, actor: Actor, institution_id: int) -> bool:
    inside = visible_institutions(session, actor).where(sa.column("id") == institution_id)
    return session.scalar(inside) is not None
