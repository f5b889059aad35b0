"""The dossier of an item: comments, every judgement on every version, the wording before this one beside it.

Writers and reviewers see the same dossier, without a name in it. Opening an older wording is a reading in the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import Session, joinedload

from bank.approvals import Judged, Verdict, history
from bank.comments import Thread, threads_of, voices
from bank.content import LETTERS, ItemContent
from bank.ground.actors import Actor
from bank.items import Item, ItemVersion, read_versions
from bank.process import ProcessSettings, settings_of
from integrity.similarity.verdict import Judgement, judge_pairs


@dataclass(frozen=True, slots=True)
class Change:
    """An older wording and how the present one differs from it."""

    number: int
    before: ItemContent
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that was said and decided about an item."""

    item: Item
    threads: list[Thread]
    history: list[Judged]
    settings: ProcessSettings
    numbers: Sequence[int]
    change: Change | None
    parts: list[str]

    @property
    def open_threads(self) -> list[Thread]:
        """Threads that nobody has settled."""
        return [thread for thread in self.threads if thread.settled_at is None]

    @property
    def approvals(self) -> list[Judged]:
        """Approvals of the present version in its present round."""
        last = max((one.round for one in self.history), default=0)
        return [
            one
            for one in self.history
            if one.verdict is Verdict.APPROVED and one.version == self.item.version and one.round == last
        ]


def dossier_of(session: Session, actor: Actor, item: Item, content: ItemContent) -> Dossier:
    """The dossier; `?against=` names the older version to lay beside the present one, else it is the one before."""
    earlier = session.scalars(
        sa.select(ItemVersion)
        .where(ItemVersion.item_id == item.id, ItemVersion.number < item.version)
        .order_by(ItemVersion.number)
        .options(joinedload(ItemVersion.item).joinedload(Item.bank))
    ).all()
    wanted = request.args.get("against", 0, type=int)
    chosen = next((one for one in earlier if one.number == wanted), earlier[-1] if earlier else None)
    return Dossier(
        item=item,
        threads=threads_of(session, actor, item),
        history=history(session, item, voices(session, item)),
        settings=settings_of(session, item.bank),
        numbers=[one.number for one in earlier],
        change=_change(session, actor, chosen, content) if chosen else None,
        parts=["whole", "stem", *LETTERS[: len(content.options)], "key", "rationale"],
    )


def _change(session: Session, actor: Actor, version: ItemVersion, content: ItemContent) -> Change:
    before = read_versions(session, actor, [version], "对照旧稿")[version.id]
    return Change(version.number, before, judge_pairs([(before, content)])[0])
