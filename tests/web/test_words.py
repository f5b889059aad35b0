"""How values read on a page."""

from datetime import UTC, date, datetime

import pytest

from web.words import day, facts, form_name, marks, moment, share, shorten


def test_days_and_moments_read_as_the_office_does() -> None:
    assert day(date(2026, 3, 14)) == "2026-03-14"
    assert moment(datetime(2026, 3, 13, 17, 5, tzinfo=UTC)) == "2026-03-14 01:05"
    assert day(None) == moment(None) == "—"


@pytest.mark.parametrize(("value", "text"), [(0, "0%"), (0.001, "<1%"), (0.1, "10%"), (0.864, "86%"), (1, "100%")])
def test_shares(value: float, text: str) -> None:
    assert share(value) == text


def test_half_marks() -> None:
    assert [marks(value) for value in (1, 2, 3, 200)] == ["0.5", "1", "1.5", "100"]


def test_long_text_is_cut_to_its_length() -> None:
    assert shorten("短  文\n字") == "短 文 字"
    assert len(shorten("长" * 100, 20)) == 20


@pytest.mark.parametrize(("label", "name"), [("A", "A 卷"), ("B", "B 卷"), ("备用", "备用卷"), ("备用2", "备用卷 2")])
def test_forms_are_named_as_people_say(label: str, name: str) -> None:
    assert form_name(label) == name


def test_facts_are_short_and_chinese() -> None:
    told = facts({"items": list(range(9)), "purpose": "审题"})
    assert told == "试题 0、1、2、3、4、5 等 9 个，用途 审题"
