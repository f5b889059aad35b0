"""The process by which a bank is written: which of the seven steps, who opened and closed each, and the settings.

A bank without a process of its own follows the rules in force (`bank.writing_rules`). A step may be opened again;
each time is a line of the log, and its note lies sealed because it may quote items.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.actors import OPERATOR, ROLE_NAMES, Actor, Role
from bank.ground.clock import now, today
from bank.ground.db import Base
from bank.ground.errors import BadInput, Refused
from bank.institutions import Bank
from bank.ledger.log import append
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of
from bank.writing_rules import GradeRule, Step, StepRule, WritingRules, writing_rules_on

MOST_APPROVALS = 5


class WritersSee(StrEnum):
    """What a writer may read of the bank: the own items, or all of them."""

    OWN = "own"
    BANK = "bank"


class Process(Base):
    """A bank's own settings; None where the rules in force hold."""

    __tablename__ = "writing_process"

    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), primary_key=True)
    steps: Mapped[str | None] = mapped_column(sa.String(100))
    approvals: Mapped[int | None]
    trial_first: Mapped[bool | None]
    settle_first: Mapped[bool | None]
    grade_rule: Mapped[GradeRule | None]
    writers_see: Mapped[WritersSee | None]


class StepLog(Base):
    """One time that a step was open."""

    __tablename__ = "process_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id"), index=True)
    step: Mapped[Step]
    opened_by: Mapped[str] = mapped_column(sa.String(64))
    opened_at: Mapped[datetime] = mapped_column(default=now)
    closed_by: Mapped[str | None] = mapped_column(sa.String(64))
    closed_at: Mapped[datetime | None]
    note: Mapped[bytes | None]


@dataclass(frozen=True, slots=True)
class ProcessSettings:
    """What holds for a bank today: its own process over the rules in force."""

    rules: WritingRules
    steps: tuple[StepRule, ...]
    approvals: int
    trial_first: bool
    settle_first: bool
    grade_rule: GradeRule
    writers_see: WritersSee | None


@dataclass(frozen=True, slots=True)
class Times:
    """One time that a step was open, for people to read."""

    opened_by: str
    opened_at: datetime
    closed_by: str | None
    closed_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class StepState:
    """A step of a bank: `open`, `closed` or `waiting`, and every time it was open, oldest first."""

    rule: StepRule
    state: str
    times: tuple[Times, ...]


def settings_of(session: Session, bank: Bank) -> ProcessSettings:
    """The settings that hold for this bank."""
    rules = writing_rules_on(today())
    own = session.get(Process, bank.id) or Process()
    chosen = set(own.steps.split(",")) if own.steps else {rule.step.value for rule in rules.steps}
    trial_first = rules.trial_first if own.trial_first is None else own.trial_first
    return ProcessSettings(
        rules=rules,
        steps=_ordered([rule for rule in rules.steps if rule.step.value in chosen], trial_first=trial_first),
        approvals=own.approvals or rules.approvals,
        trial_first=trial_first,
        settle_first=rules.settle_first if own.settle_first is None else own.settle_first,
        grade_rule=own.grade_rule or rules.grade_rule,
        writers_see=own.writers_see,
    )


def _ordered(steps: list[StepRule], *, trial_first: bool) -> tuple[StepRule, ...]:
    """The procedure tries out papers that are made; a bank may ask for the trial before anything is released."""
    if trial_first:
        steps.sort(key=lambda rule: rule.step is Step.RELEASE)
    return tuple(steps)


def change_process(
    session: Session,
    actor: Actor,
    bank: Bank,
    *,
    steps: tuple[Step, ...] | None = None,
    approvals: int | None = None,
    trial_first: bool | None = None,
    settle_first: bool | None = None,
    grade_rule: GradeRule | None = None,
    writers_see: WritersSee | None = None,
) -> ProcessSettings:
    """Set what is given for this bank and leave the rest; raises BadInput for a process that cannot work."""
    if approvals is not None and not 1 <= approvals <= MOST_APPROVALS:
        raise BadInput(f"每题须通过的审题人数应在 1 到 {MOST_APPROVALS} 之间，现为 {approvals}")
    if steps is not None and not {Step.WRITING, Step.REVIEW} <= set(steps):
        raise BadInput("命题环节至少要有 writing（命制试题）和 review（审核试题）")
    own = session.get(Process, bank.id)
    if own is None:
        own = Process(bank_id=bank.id)
        session.add(own)
    given = {
        "steps": ",".join(step for step in Step if step in steps) if steps is not None else None,
        "approvals": approvals,
        "trial_first": trial_first,
        "settle_first": settle_first,
        "grade_rule": grade_rule,
        "writers_see": writers_see,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    if not changed:
        raise BadInput("没有写明要改哪一项，请用 tidun process set --help 查看选项")
    for name, value in changed.items():
        setattr(own, name, value)
    session.flush()
    append(session, actor, "process.set", {"bank": bank.id, **changed})
    return settings_of(session, bank)


def step_states(session: Session, bank: Bank, *, with_notes: bool = False) -> tuple[StepState, ...]:
    """Every step of the bank's process with its log; notes are opened only for a page that shows them."""
    logs: dict[Step, list[StepLog]] = {}
    for log in session.scalars(sa.select(StepLog).where(StepLog.bank_id == bank.id).order_by(StepLog.id)):
        logs.setdefault(log.step, []).append(log)
    notes = {log.id: _note_of(session, bank, log) for times in logs.values() for log in times} if with_notes else {}
    return tuple(_state(rule, logs.get(rule.step, []), notes) for rule in settings_of(session, bank).steps)


def _state(rule: StepRule, logs: list[StepLog], notes: dict[int, str]) -> StepState:
    state = "waiting" if not logs else "closed" if logs[-1].closed_at else "open"
    times = tuple(
        Times(log.opened_by, log.opened_at, log.closed_by, log.closed_at, notes.get(log.id, "")) for log in logs
    )
    return StepState(rule, state, times)


def open_step(session: Session, actor: Actor, bank: Bank, step: Step) -> None:
    """Begin a step, or begin it again; raises Refused for the wrong role and for a release without its trial."""
    settings = settings_of(session, bank)
    rule = _rule_for(settings, actor, step)
    states = {one.rule.step: one.state for one in step_states(session, bank)}
    if states[step] == "open":
        raise BadInput(f"“{rule.name}”正在进行，不必再开始")
    if step is Step.RELEASE and settings.trial_first and states.get(Step.TRIAL, "closed") != "closed":
        raise Refused("本题库设定先试测、后编卷：请先完成“试测完善”")
    session.add(StepLog(bank_id=bank.id, step=step, opened_by=actor.name))
    session.flush()
    append(session, actor, "process.open", {"bank": bank.id, "step": step.value})


def close_step(session: Session, actor: Actor, bank: Bank, step: Step, note: str = "") -> None:
    """End an open step, with a note of what came of it."""
    rule = _rule_for(settings_of(session, bank), actor, step)
    open_log = sa.select(StepLog).where(StepLog.bank_id == bank.id, StepLog.step == step, StepLog.closed_at.is_(None))
    log = session.scalar(open_log)
    if log is None:
        raise BadInput(f"“{rule.name}”没有在进行，请先开始")
    log.closed_by, log.closed_at = actor.name, now()
    if note.strip():
        log.note = vault_of(session).seal(session, Purpose.BANK, _context(bank, log), note.strip().encode())
    session.flush()
    append(session, actor, "process.close", {"bank": bank.id, "step": step.value})


def _rule_for(settings: ProcessSettings, actor: Actor, step: Step) -> StepRule:
    rule = next((rule for rule in settings.steps if rule.step is step), None)
    if rule is None:
        raise BadInput(f"本题库的命题环节里没有“{settings.rules.of_step(step).name}”")
    if actor != OPERATOR and not actor.roles & rule.roles:
        raise Refused(f"“{rule.name}”由{'、'.join(ROLE_NAMES[role] for role in Role if role in rule.roles)}开始和结束")
    return rule


def _context(bank: Bank, log: StepLog) -> Context:
    return Context(bank.institution_id, "process_step", str(log.id), 0, "note")


def _note_of(session: Session, bank: Bank, log: StepLog) -> str:
    if log.note is None:
        return ""
    return vault_of(session).open(session, Purpose.BANK, _context(bank, log), log.note).decode()
