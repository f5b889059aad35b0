"""Simulated candidates: what each class of the demo answered, as the csv that a marking machine gives out.

Nobody real is in it. Of a class so many solve an item as its difficulty speaks for, mostly the able ones; who they
are is drawn from seeds. Two items go wrong on purpose: one that nearly all of the last class solve, and one where the
able choose an option that is not the key.
"""

import csv
import io
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import CHOICE_TYPES, LETTERS, RIGHT, WRONG, ItemType
from bank.ground.actors import OPERATOR
from bank.ground.errors import CheckFailed
from bank.items import Item
from papers.papers import Form, Paper
from papers.results import questions_of, read_results, record_results
from papers.sittings import AskedItem, Sitting
from papers.statistics.scoring import Question
from web.house import House

SHARES = {1: 0.88, 2: 0.78, 3: 0.66, 4: 0.52, 5: 0.40}
"""The share that solves an item, by its difficulty."""
JITTER = 0.08
BY_ABILITY = 0.55
LEAKED_SHARE, LEAKED_BEFORE = 0.98, 0.42
MISKEYED_SHARE, FAVOURITE_SHARE = 0.25, 0.50
_LURE = (4, 3, 3)
"""Distractors are not equally tempting."""


@dataclass(frozen=True, slots=True)
class Planted:
    """The items that go wrong: one got out before the sitting named, one has a wrong key."""

    leaked: int
    leaked_in: int
    miskeyed: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question of one sitting, with the item behind it."""

    question: Question
    item: int
    difficulty: int
    sitting: int


def answer_all(house: House, papers: Sequence[Paper]) -> Planted:
    """Take in the results of every sitting of these papers."""
    with house.unit_of_work() as session:
        forms = sa.select(Form.id).where(Form.paper_id.in_([paper.id for paper in papers]))
        sittings = session.scalars(
            sa.select(Sitting).where(Sitting.form_id.in_(forms)).order_by(Sitting.held_on, Sitting.id)
        ).all()
        planted = _plant(session, sittings)
        for sitting in sittings:
            data = answers_csv(session, sitting, planted)
            record_results(session, OPERATOR, sitting, read_results(session, sitting, "答题卡.csv", data))
    return planted


def _plant(session: Session, sittings: Sequence[Sitting]) -> Planted:
    """An item of the last sitting that was asked before, and another that was asked most often of all."""
    last = sittings[-1].id
    singles = [
        one
        for sitting in sittings
        for one in _asked(session, sitting)
        if one.question.type is ItemType.SINGLE and one.question.options == len(_LURE) + 1
    ]
    times = Counter(one.item for one in singles)
    late = {one.item for one in singles if one.sitting == last}
    again, early = [item for item in late if times[item] > 1], [item for item in times if item not in late]
    if not again or not early:
        raise CheckFailed("演示的试卷之间没有共用的单选题，程序有误")
    leaked, miskeyed = (max(items, key=lambda item: (times[item], -item)) for items in (again, early))
    return Planted(leaked, last, miskeyed)


def _asked(session: Session, sitting: Sitting) -> list[_Asked]:
    rows = session.execute(
        sa.select(AskedItem.item_id, Item.difficulty)
        .join(Item, Item.id == AskedItem.item_id)
        .where(AskedItem.sitting_id == sitting.id)
        .order_by(AskedItem.position)
    )
    questions = questions_of(session, sitting)
    return [_Asked(one, item, level or 3, sitting.id) for one, (item, level) in zip(questions, rows, strict=True)]


def answers_csv(session: Session, sitting: Sitting, planted: Planted) -> bytes:
    """The class's answers, one row a candidate; the last one did not come."""
    asked = _asked(session, sitting)
    dice = _dice("class", sitting.id)
    abilities = [dice.gauss(0, 1) for _ in range(sitting.candidates - 1)]
    columns = [_column(one, abilities, planted) for one in asked]
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["准考证号", *(one.question.position for one in asked)])
    for seat in range(sitting.candidates):
        cells = [column[seat] for column in columns] if seat < len(abilities) else ["缺考"]
        sheet.writerow([f"{sitting.held_on:%Y%m}{sitting.id:02}{seat + 1:03}", *cells])
    return out.getvalue().encode("utf-8-sig")


def _dice(*seed: object) -> random.Random:
    return random.Random("/".join(map(str, seed)))  # noqa: S311 - a play, not a secret


def _column(asked: _Asked, abilities: Sequence[float], planted: Planted) -> list[str]:
    """What each candidate marked for one question, in the letters of the printed form."""
    question, dice = asked.question, _dice("item", asked.item, asked.sitting)
    strength = [BY_ABILITY * one + (1 - BY_ABILITY) * dice.gauss(0, 1) for one in abilities]
    order = sorted(range(len(abilities)), key=lambda seat: strength[seat], reverse=True)
    wrong = _wrong(question, asked.item)
    plan = [question.key] * round(len(order) * _share(asked, planted))
    if asked.item == planted.miskeyed:
        # The able agree on one distractor: the key is what is wrong.
        plan = [wrong[0]] * round(len(order) * FAVOURITE_SHARE) + plan
    plan += dice.choices(wrong, _LURE[: len(wrong)], k=max(0, len(order) - len(plan)))
    marked = dict(zip(order, plan, strict=False))
    chosen = [marked[seat] for seat in range(len(order))]
    return [question.printed_letters(one) for one in chosen] if question.type in CHOICE_TYPES else chosen


def _share(asked: _Asked, planted: Planted) -> float:
    if asked.item == planted.leaked:
        return LEAKED_SHARE if asked.sitting == planted.leaked_in else LEAKED_BEFORE
    if asked.item == planted.miskeyed:
        return MISKEYED_SHARE
    harder = 0.08 if asked.question.type is ItemType.MULTIPLE else 0.0
    return SHARES[asked.difficulty] - harder + _dice("share", asked.item).uniform(-JITTER, JITTER)


def _wrong(question: Question, item: int) -> list[str]:
    """Wrong answers that somebody might give, the most tempting first."""
    letters = LETTERS[: question.options]
    if question.type is ItemType.JUDGE:
        return [WRONG if question.key == RIGHT else RIGHT]
    if question.type is ItemType.SINGLE:
        found = [letter for letter in letters if letter != question.key]
    else:
        found = [one for one in (letters, question.key[:-1], question.key[1:]) if one != question.key]
    _dice("lure", item).shuffle(found)
    return found
