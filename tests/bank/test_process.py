"""The process of a bank: the rules in force unless it has its own, steps that open and close and leave a trace."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bank.ground.actors import OPERATOR, Actor, Grade, Role
from bank.ground.errors import BadInput, Refused
from bank.institutions import Bank
from bank.ledger.log import entries
from bank.process import WritersSee, change_process, close_step, open_step, settings_of, step_states
from bank.writing_rules import GradeRule, Step, writing_rules_on
from tests.factories import make_bank, make_person
from web.house import House


def _cast(session: Session) -> tuple[Bank, Actor, Actor]:
    bank = make_bank(session)
    return bank, make_person(session, bank, "shen", Role.REVIEWER), make_person(session, bank, "li", Role.ORGANIZER)


def test_the_seven_steps_of_the_procedure_hold_by_default(house: House) -> None:
    with house.unit_of_work() as session:
        found = settings_of(session, make_bank(session))
        assert [rule.step for rule in found.steps] == list(Step)
        assert {rule.clause[:3] for rule in found.steps} == {"4.1", "4.3", "4.4", "4.5", "4.6", "4.7"}
        assert (found.approvals, found.trial_first, found.grade_rule) == (1, False, GradeRule.WARN)
        assert found.writers_see is None
        assert "命题技术规程" in found.rules.document


def test_a_bank_may_have_its_own_process(house: House) -> None:
    with house.unit_of_work() as session:
        bank, other = make_bank(session), make_bank(session, level=3)
        change_process(session, OPERATOR, bank, approvals=2, steps=(Step.REVIEW, Step.WRITING))
        change_process(session, OPERATOR, bank, writers_see=WritersSee.OWN)
        found = settings_of(session, bank)
        assert [rule.step for rule in found.steps] == [Step.WRITING, Step.REVIEW]
        assert (found.approvals, found.writers_see) == (2, WritersSee.OWN)
        assert settings_of(session, other).approvals == 1
        facts = [entry.body for entry in entries(session, kinds=["process.set"])]
        assert facts[0] == {"bank": bank.id, "steps": "writing,review", "approvals": 2}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"approvals": 0}, "1 到 5"),
        ({"approvals": 6}, "1 到 5"),
        ({"steps": (Step.WRITING,)}, "review"),
        ({"steps": ()}, "writing"),
        ({}, "没有写明"),
    ],
)
def test_a_process_that_cannot_work(house: House, change: dict[str, object], told: str) -> None:
    with house.unit_of_work() as session, pytest.raises(BadInput, match=told):
        change_process(session, OPERATOR, make_bank(session), **change)  # type: ignore[arg-type]


def test_a_step_is_opened_closed_and_opened_again(house: House) -> None:
    with house.unit_of_work() as session:
        bank, shen, _ = _cast(session)
        open_step(session, shen, bank, Step.REVIEW)
        with pytest.raises(BadInput, match="正在进行"):
            open_step(session, shen, bank, Step.REVIEW)
        close_step(session, shen, bank, Step.REVIEW, " 退回 3 题，均与触电急救有关 ")
        with pytest.raises(BadInput, match="没有在进行"):
            close_step(session, shen, bank, Step.REVIEW)
        open_step(session, shen, bank, Step.REVIEW)
        state = next(one for one in step_states(session, bank, with_notes=True) if one.rule.step is Step.REVIEW)
        assert state.state == "open"
        assert [(time.opened_by, time.closed_by, time.note) for time in state.times] == [
            ("shen", "shen", "退回 3 题，均与触电急救有关"),
            ("shen", None, ""),
        ]
        assert not any(time.note for one in step_states(session, bank) for time in one.times)
        assert {one.state for one in step_states(session, bank) if one.rule.step is not Step.REVIEW} == {"waiting"}
        kinds = [(entry.kind, entry.body) for entry in entries(session, kinds=["process.open", "process.close"])]
        assert kinds[1] == ("process.close", {"bank": bank.id, "step": "review"})


def test_each_step_belongs_to_its_roles(house: House) -> None:
    with house.unit_of_work() as session:
        bank, shen, li = _cast(session)
        wang = make_person(session, bank, "wang", Role.WRITER)
        for actor, step in ((li, Step.REVIEW), (shen, Step.RELEASE), (wang, Step.WRITING)):
            with pytest.raises(Refused):
                open_step(session, actor, bank, step)
        open_step(session, li, bank, Step.RELEASE)
        with pytest.raises(Refused):
            close_step(session, shen, bank, Step.RELEASE)
        open_step(session, OPERATOR, bank, Step.REVIEW)


def test_a_trial_before_the_release_where_the_bank_wants_it(house: House) -> None:
    with house.unit_of_work() as session:
        bank, _, li = _cast(session)
        change_process(session, OPERATOR, bank, trial_first=True)
        assert [rule.step for rule in settings_of(session, bank).steps][-2:] == [Step.TRIAL, Step.RELEASE]
        with pytest.raises(Refused, match="试测"):
            open_step(session, li, bank, Step.RELEASE)
        open_step(session, li, bank, Step.TRIAL)
        with pytest.raises(Refused, match="试测"):
            open_step(session, li, bank, Step.RELEASE)
        close_step(session, li, bank, Step.TRIAL)
        open_step(session, li, bank, Step.RELEASE)


def test_a_step_that_the_bank_left_out(house: House) -> None:
    with house.unit_of_work() as session:
        bank, _, li = _cast(session)
        change_process(session, OPERATOR, bank, steps=(Step.WRITING, Step.REVIEW))
        with pytest.raises(BadInput, match="没有“试测完善”"):
            open_step(session, li, bank, Step.TRIAL)


@pytest.mark.parametrize(
    ("level", "enough"),
    [
        (5, set(Grade) | {None}),
        (4, set(Grade) | {None}),
        (3, {Grade.LEVEL_2, Grade.LEVEL_1, Grade.MIDDLE_TITLE, Grade.SENIOR_TITLE}),
        (2, {Grade.LEVEL_1, Grade.SENIOR_TITLE}),
        (1, {Grade.LEVEL_1, Grade.SENIOR_TITLE}),
    ],
)
def test_whose_grade_is_enough_for_which_level(level: int, enough: set[Grade | None]) -> None:
    rules = writing_rules_on(date(2026, 1, 1))
    assert {grade for grade in [*Grade, None] if not rules.grade_fault(grade, level)} == enough
