"""The bank audit: contradictory keys are found among differently answered copies, padding costs no time."""

from dataclasses import replace

import pytest

from bank.content import ItemContent, ItemType
from integrity.audits import banks
from integrity.audits.banks import audit_banks
from tests.factories import add, make_bank, make_items
from web.house import House

QUESTION = ItemContent(
    ItemType.SINGLE, "面团醒发时，温度过高会使成品（　）。", ("发酸塌陷", "更加松软", "颜色变浅", "体积变大"), "A"
)
TURNED = replace(QUESTION, options=QUESTION.options[::-1], key="D")
WRONG = replace(QUESTION, options=QUESTION.options[::-1], key="A")


def test_only_another_answer_is_a_conflict(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        right, turned, wrong = (one.item.id for one in add(session, bank, [QUESTION, TURNED, WRONG]))
        found = audit_banks(session, [bank.institution_id], house.policy())
        assert {frozenset((a.id, b.id)) for a, b in found.conflicts} == {
            frozenset((right, wrong)),
            frozenset((turned, wrong)),
        }


def test_signs_in_an_answer_keep_answers_apart(house: House) -> None:
    bound = ItemContent(ItemType.SINGLE, "醒发箱温度（　）时应报警。", ("＞40℃", "＜40℃", "=40℃", "≠40℃"), "A")
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, [bound, replace(bound, key="B")])
        assert len(audit_banks(session, [bank.institution_id], house.policy()).conflicts) == 1


def test_equally_answered_copies_are_not_compared(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr(banks, "judge_pairs", lambda pairs: compared.extend(pairs) or [])
    with house.unit_of_work() as session:
        bank = make_bank(session)
        add(session, bank, make_items(2) * 20)
        found = audit_banks(session, [bank.institution_id], house.policy())
    assert compared == []
    assert [one.padded for one in found.banks] == [True]
