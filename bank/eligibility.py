"""Whose own grade allows them to write or judge items of which level (the national procedure of 2024).

The rules may be relaxed: a bank's process says whether a grade too low is a warning or a refusal.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.ground.actors import Actor, User
from bank.ground.errors import Refused
from bank.institutions import Bank
from bank.items import Item, ItemVersion
from bank.process import settings_of
from bank.writing_rules import GradeRule


def grade_warning(session: Session, actor: Actor, bank: Bank) -> str:
    """Why this person's own grade is too low for the bank's level; empty when it is not, or when nobody acts."""
    if actor.user_id is None:
        return ""
    return settings_of(session, bank).rules.grade_fault(actor.grade, bank.level)


def author_grade_warning(session: Session, item: Item) -> str:
    """The same of whoever wrote the current version, without saying who or which grade it is."""
    wrote = sa.select(ItemVersion.author_id).where(ItemVersion.item_id == item.id, ItemVersion.number == item.version)
    author = session.scalar(sa.select(User).where(User.id == wrote.scalar_subquery()))
    rules = settings_of(session, item.bank).rules
    if author is None or not rules.grade_fault(author.grade, item.bank.level):
        return ""
    return f"命题人所登等级不符合本等级试题的要求（{rules.document}）"


def refuse_low_grade(session: Session, actor: Actor, bank: Bank) -> None:
    """Raise Refused where the bank's process does not let a lower grade pass with a warning."""
    fault = grade_warning(session, actor, bank)
    if fault and settings_of(session, bank).grade_rule is GradeRule.REFUSE:
        raise Refused(f"{fault}；请由系统管理员登记等级，或由符合要求的人员办理")
