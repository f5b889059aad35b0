"""Results of sittings: what the answers of one administration say, kept as counts of items, never of candidates.

Neither answers nor candidates' numbers are stored, under no key whatever: everything shown later follows from the
counts of each item version, and a file taken in again replaces what it gave. Who chose which option is sealed,
because the choices of the many tell the key.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import NotFound
from bank.items import Item, ItemVersion, open_versions
from bank.ledger.log import append
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of
from papers.papers import Form, Paper, form_items
from papers.responses import Rejected, Responses, read_responses
from papers.sittings import AskedItem, Sitting
from papers.statistics.items import ItemCount, OptionCount, count_items, earned_matrix
from papers.statistics.reliability import Reliability, reliability
from papers.statistics.scoring import Question


class SittingResult(Base):
    """One sitting as a whole; marks in half-mark units."""

    __tablename__ = "sitting_result"

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True)
    n: Mapped[int]
    rejected: Mapped[int]
    full: Mapped[int]
    mean: Mapped[float]
    sd: Mapped[float]
    alpha: Mapped[float | None]
    passed: Mapped[int]
    recorded_by: Mapped[str] = mapped_column(sa.String(64))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    sitting: Mapped[Sitting] = relationship(lazy="joined")

    @property
    def whole(self) -> Reliability:
        """Mean, spread and reliability as a value."""
        return Reliability(self.n, self.full, self.mean, self.sd, self.alpha, self.passed)


class ItemResult(Base):
    """One item version in one sitting; shares of its marks summed over candidates, choices sealed."""

    __tablename__ = "item_result"

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("item.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("item_version.id"))
    n: Mapped[int]
    told: Mapped[int]
    omitted: Mapped[int]
    earned: Mapped[float]
    squares: Mapped[float]
    discrimination: Mapped[float | None]
    in_group: Mapped[int]
    upper: Mapped[float]
    lower: Mapped[float]
    choices: Mapped[bytes]
    sitting: Mapped[Sitting] = relationship()


@dataclass(frozen=True, slots=True)
class Results:
    """What a file of answers yields for one sitting, before anything is stored."""

    sitting_id: int
    layout: str
    whole: Reliability
    counts: tuple[ItemCount, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]

    @property
    def read(self) -> int:
        """Candidates seen, counted or not."""
        return self.whole.n + len(self.rejected)


def find_sitting(session: Session, sitting_id: int) -> Sitting:
    """The sitting with this id; raises NotFound."""
    sitting = session.get(Sitting, sitting_id)
    if sitting is None:
        raise NotFound(f"没有编号为 {sitting_id} 的考试批次；登记批次时会给出编号，试卷页面上也有")
    return sitting


def questions_of(session: Session, sitting: Sitting) -> list[Question]:
    """The sitting's questions as scoring needs them: the machine's own work, no text leaves."""
    orders = {one.version: one.order for one in form_items(session, sitting.form)}
    rows = session.scalars(
        sa.select(AskedItem).where(AskedItem.sitting_id == sitting.id).order_by(AskedItem.position)
    ).all()
    versions = session.scalars(
        sa.select(ItemVersion)
        .where(ItemVersion.id.in_([row.version_id for row in rows]))
        .options(joinedload(ItemVersion.item).joinedload(Item.bank))
    )
    contents = open_versions(session, versions)
    found = []
    for row in rows:
        content = contents[row.version_id]
        order = orders.get(row.version_id, ())
        found.append(
            Question(row.position, content.type, row.marks, content.key, len(content.options), order, content.credit)
        )
    return found


def read_results(session: Session, sitting: Sitting, name: str, data: bytes) -> Results:
    """Score a file for this sitting; stores nothing. Raises BadInput when the file is not of the sitting's form."""
    return weigh(sitting, read_responses(name, data, questions_of(session, sitting)))


def weigh(sitting: Sitting, responses: Responses) -> Results:
    """The counts of all questions, and how far the whole can be trusted."""
    earned = earned_matrix(responses.answers, len(responses.questions))
    whole = reliability(earned, sum(one.marks for one in responses.questions))
    notes = list(responses.notes)
    if sitting.candidates and responses.answers and len(responses.answers) > sitting.candidates:
        notes.append(f"计入 {len(responses.answers)} 人，多于登记的考生 {sitting.candidates} 人，请核对")
    counts = tuple(count_items(responses.questions, responses.answers))
    return Results(sitting.id, responses.layout, whole, counts, responses.rejected, tuple(notes))


def record_results(session: Session, actor: Actor, sitting: Sitting, results: Results) -> SittingResult:
    """Keep the counts of a sitting in place of any earlier ones; the ledger has how many, never who."""
    replaced = session.scalar(sa.delete(SittingResult).where(_of(sitting)).returning(SittingResult.n))
    session.execute(sa.delete(ItemResult).where(ItemResult.sitting_id == sitting.id))
    rows = session.scalars(
        sa.select(AskedItem).where(AskedItem.sitting_id == sitting.id).order_by(AskedItem.position)
    ).all()
    session.add_all(_item_result(session, sitting, row, count) for row, count in zip(rows, results.counts, strict=True))
    whole = results.whole
    made = SittingResult(
        sitting_id=sitting.id,
        sitting=sitting,
        n=whole.n,
        rejected=len(results.rejected),
        full=whole.full,
        mean=whole.mean,
        sd=whole.sd,
        alpha=whole.alpha,
        passed=whole.passed,
        recorded_by=actor.name,
    )
    session.add(made)
    session.flush()
    facts = {"sitting": sitting.id, "count": whole.n, "rejected": len(results.rejected), "replaced": replaced or 0}
    append(session, actor, "sitting.results", facts)
    return made


def _of(sitting: Sitting) -> sa.ColumnElement[bool]:
    return SittingResult.sitting_id == sitting.id


def _item_result(session: Session, sitting: Sitting, row: AskedItem, count: ItemCount) -> ItemResult:
    return ItemResult(
        sitting_id=sitting.id,
        position=row.position,
        item_id=row.item_id,
        version_id=row.version_id,
        n=count.n,
        told=count.told,
        omitted=count.omitted,
        earned=count.earned,
        squares=count.squares,
        discrimination=count.discrimination,
        in_group=count.group,
        upper=count.upper,
        lower=count.lower,
        choices=_seal_choices(session, sitting, row.position, count.options),
    )


def _seal_choices(session: Session, sitting: Sitting, position: int, options: dict[str, OptionCount]) -> bytes:
    data = json.dumps({choice: asdict(one) for choice, one in options.items()}, ensure_ascii=False).encode()
    return vault_of(session).seal(session, Purpose.KEY, _context(sitting, position), data)


def _context(sitting: Sitting, position: int) -> Context:
    owner = sitting.form.paper.bank.institution_id
    return Context(owner, "sitting", f"{sitting.id}/{position}", 1, "choices")


def open_counts(session: Session, rows: Sequence[ItemResult]) -> list[ItemCount]:
    """The counts behind stored rows, with their choices, in the order given: the machine's own work."""
    vault = vault_of(session)
    found = []
    for row in rows:
        data = vault.open(session, Purpose.KEY, _context(row.sitting, row.position), row.choices)
        choices: dict[str, dict[str, Any]] = json.loads(data)
        options = {choice: OptionCount(**one) for choice, one in choices.items()}
        found.append(
            ItemCount(
                n=row.n,
                told=row.told,
                omitted=row.omitted,
                earned=row.earned,
                squares=row.squares,
                discrimination=row.discrimination,
                group=row.in_group,
                upper=row.upper,
                lower=row.lower,
                options=options,
            )
        )
    return found


def open_results(session: Session, sitting: Sitting) -> list[ItemCount]:
    """The counts of a sitting's questions in their order; empty where its results are not known."""
    rows = sa.select(ItemResult).where(ItemResult.sitting_id == sitting.id).order_by(ItemResult.position)
    return open_counts(session, session.scalars(rows).all())


def results_of(session: Session, paper: Paper) -> dict[int, SittingResult]:
    """What is known of a paper's sittings, by sitting."""
    forms = sa.select(Form.id).where(Form.paper_id == paper.id)
    rows = session.scalars(sa.select(SittingResult).join(SittingResult.sitting).where(Sitting.form_id.in_(forms)))
    return {row.sitting_id: row for row in rows}
