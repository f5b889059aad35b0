"""Who may read which item of an own bank: a reviewer all of them, a writer the own part once work was shared out.

The process of a bank may say `own` or `bank`; where it says nothing, writers see the whole bank until the first
assignment is given, and from then on only what they wrote. Whoever may not read an item learns of it at most that it
is there. (The key is a right of its own: only whoever wrote the item reads that.)
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.approvals import wrote_it
from bank.assignments import has_assignments
from bank.ground.actors import OPERATOR, Actor, Role
from bank.institutions import Bank
from bank.items import Item
from bank.process import WritersSee, settings_of


def writers_see(session: Session, bank: Bank) -> WritersSee:
    """What writers of this bank may read of it."""
    chosen = settings_of(session, bank).writers_see
    if chosen is not None:
        return chosen
    return WritersSee.OWN if has_assignments(session, bank) else WritersSee.BANK


def readable(session: Session, actor: Actor, bank: Bank) -> sa.ColumnElement[bool]:
    """The criterion for lists: items of this bank that the actor may read."""
    here = Item.bank_id == bank.id
    if actor == OPERATOR:
        return here
    if bank.institution_id != actor.institution_id or not actor.roles & {Role.WRITER, Role.REVIEWER}:
        return sa.false()
    if Role.REVIEWER in actor.roles or writers_see(session, bank) is WritersSee.BANK:
        return here
    return sa.and_(here, wrote_it(actor))


def may_read(session: Session, actor: Actor, item: Item) -> bool:
    """Whether this person may read the stem and options of the item."""
    found = sa.select(Item.id).where(Item.id == item.id, readable(session, actor, item.bank))
    return session.scalar(found) is not None
