"""The look at near-duplicates while somebody writes: what it shows whom (Article 6(4)).

The search runs in a reading session and holds no writer up; what it found is revealed in a short unit of work. An
item's text goes only to whoever may read it, everybody else hears the verdict, a band and the point. So that nobody
gropes for a foreign wording or key, checks are counted (`web.alike_quota`), no exact score is told, keys are compared
with own items only, and equal questions get equal answers.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.content import ItemContent
from bank.ground.actors import Actor
from bank.ground.errors import BadInput
from bank.institutions import Bank
from bank.items import Item
from bank.ledger.log import append
from bank.reading_rights import readable
from bank.vault.keyring import Purpose
from bank.vault.vault import vault_of
from integrity.similarity.verdict import SAME_FROM, STRICT_FROM
from integrity.similarity.watch import Alike, look_alikes, note_reading
from web.alike_quota import checks_left, count_check, hinted_today, newly_shown
from web.house import House
from web.item_forms import ItemForm
from web.permissions import Permission, needs_units
from web.permissions import house as served
from web.reach import bank_in_reach, item_in_reach
from web.writers import is_own

routes = Blueprint("alike", __name__)
FEWEST_CHARACTERS = 8
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Near:
    """One look-alike as a person may see it; without `content` only that it is there."""

    item: Item
    verdict: str
    band: str
    same: bool
    alike: Alike | None

    def as_row(self) -> dict[str, object]:
        """What the page's own script reads."""
        number = self.item.id if self.alike else None
        return {"item": number, "verdict": self.verdict, "band": self.band, "point": self.item.point}


@dataclass(frozen=True, slots=True)
class Look:
    """What one check told; `spent` says that its person has asked too often, or met too many foreign items."""

    near: tuple[Near, ...] = ()
    spent: str = ""

    @property
    def same(self) -> int:
        """How many of them are the same question."""
        return sum(one.same for one in self.near)


SPENT = "本小时比对次数已达 {} 次，稍后自动恢复；保存时仍与您能看的题比对"
WITHHELD = "今天提示的他人试题已达 {} 道，其余不再提示；审题时仍会比对"


def band(score: float) -> str:
    """How alike in three steps: an exact figure would lead whoever gropes uphill."""
    return "高" if score >= STRICT_FROM else "中" if score >= SAME_FROM else "低"


@routes.post("/items/alike")
@needs_units(Permission.WRITE_ITEMS)
def check(house: House, actor: Actor) -> ResponseReturnValue:
    """What in the bank is like the question as typed so far; answers with JSON and a piece of page."""
    with house.reading() as session:
        bank = bank_in_reach(session, actor, request.form.get("bank", 0, type=int))
        besides = _besides(session, actor)
        form = ItemForm(request.form, prefix=request.form.get("prefix", ""))
        form.material = request.form.get("material", "").replace("\r\n", "\n")
        content = form.content()
        if not long_enough(content):
            return jsonify(made=False, same=0, near=[], html="")
        spent = checks_left(session, actor, house.policy()) <= 0
        found = [] if spent else search(session, actor, bank, content, besides)
    if spent:
        look = Look(spent=SPENT.format(house.policy().alike_checks_an_hour))
    else:
        with house.unit_of_work() as session:
            look = reveal(session, actor, session.get_one(Bank, bank.id), found)
    html = render_template("writers/alike.html", look=look, content=content)
    return jsonify(made=not spent, same=look.same, near=[one.as_row() for one in look.near], html=html)


def _besides(session: Session, actor: Actor) -> int | None:
    """The own item that is being changed; another's must not be left out on request."""
    number = request.form.get("item", type=int)
    if number is None:
        return None
    item = item_in_reach(session, actor, number)
    if not is_own(actor, item):
        raise BadInput("这道题不是您写的，不能修改；如有问题请告诉审题人")
    return number


def long_enough(content: ItemContent) -> bool:
    """Whether so much is typed that a look-alike means something."""
    return len("".join(content.plain().stem.split())) >= FEWEST_CHARACTERS


def search(session: Session, actor: Actor, bank: Bank, content: ItemContent, besides: int | None) -> list[Alike]:
    """The likest items of the bank; keys are compared with own items only."""
    return look_alikes(session, bank, content, knows_key=lambda item: is_own(actor, item), besides=besides)[:SHOWN]


def reveal(session: Session, actor: Actor, bank: Bank, found: Sequence[Alike]) -> Look:
    """Count the check, write down what it newly shows, and leave out what the person may not be shown.

    Whoever has asked too often hears nothing more of foreign items, also where saving asks.
    """
    policy = served().policy()
    often = checks_left(session, actor, policy) <= 0
    count_check(session, actor)
    open_to, hinted = _readable(session, actor, bank, found), hinted_today(session, actor)
    near, withheld = [], ""
    for one in found:
        if one.item.id in open_to:
            near.append(_near(one, with_text=True))
        elif often:
            withheld = SPENT.format(policy.alike_checks_an_hour)
        elif one.item.id in hinted or len(hinted) < policy.alike_hints_a_day:
            hinted.add(one.item.id)
            near.append(_near(one, with_text=False))
        else:
            withheld = WITHHELD.format(policy.alike_hints_a_day)
    _note(session, actor, bank, near)
    return Look(tuple(near), withheld)


def mark_of(session: Session, look: Look) -> str:
    """What a form carries to say that its writer has seen this: keyed, as bare numbers would name hidden items."""
    numbers = ",".join(str(near.item.id) for near in look.near)
    secret = vault_of(session).secret(session, Purpose.INDEX, "web/alike/v1")
    return hmac.digest(secret, numbers.encode(), sha256).hex()


def _near(one: Alike, *, with_text: bool) -> Near:
    how = one.judgement
    return Near(one.item, how.verdict.value, band(how.score), how.same, one if with_text else None)


def _readable(session: Session, actor: Actor, bank: Bank, found: Iterable[Alike]) -> set[int]:
    ids = [one.item.id for one in found]
    return set(session.scalars(sa.select(Item.id).where(Item.id.in_(ids), readable(session, actor, bank))))


def _note(session: Session, actor: Actor, bank: Bank, near: Sequence[Near]) -> None:
    """Into the ledger goes what this person has not met within the hour."""
    fresh = newly_shown(session, actor, {one.item.id: one.alike is None for one in near})
    hints = sorted(one.item.id for one in near if one.alike is None and one.item.id in fresh)
    if hints:
        append(session, actor, "item.hint", {"bank": bank.id, "items": hints})
    note_reading(session, actor, [one.item for one in near if one.alike is not None and one.item.id in fresh])
