"""A hundred electrician items written for these tests, and forms made of them."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from bank.content import ItemContent, ItemType
from papers.rendering.sheets import PrintedForm, PrintedItem, PrintedSection

ITEMS = Path(__file__).with_name("electrician.jsonl")
MakeForm = Callable[..., PrintedForm]
MakeSection = Callable[..., PrintedSection]


@pytest.fixture(scope="session")
def electrician() -> list[ItemContent]:
    return [ItemContent.from_row(json.loads(line)) for line in ITEMS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def make_section() -> MakeSection:
    def make(contents: Sequence[ItemContent], marks: int | Sequence[int] = 2, first: int = 1) -> PrintedSection:
        each = [marks] * len(contents) if isinstance(marks, int) else marks
        items = [PrintedItem(first + place, content, each[place]) for place, content in enumerate(contents)]
        return PrintedSection(contents[0].type, tuple(items))

    return make


@pytest.fixture(scope="session")
def make_form() -> MakeForm:
    def make(*sections: PrintedSection, **changes: object) -> PrintedForm:
        fields: dict[str, object] = {
            "title": "职业技能等级认定",
            "institution": "示例：黄石市机电技工学校",
            "occupation": "电工",
            "level": 4,
            "form": "A",
            "paper_number": "DG4-2025-0601",
            "minutes": 90,
            "standard_note": "本试卷依据《电工国家职业技能标准（2018年版）》命制。",
            "used_on": date(2025, 6, 14),
        }
        return PrintedForm(sections=sections, **(fields | changes))  # type: ignore[arg-type]

    return make


def _of_type(items: list[ItemContent], kind: ItemType) -> list[ItemContent]:
    return [item for item in items if item.type is kind]


@pytest.fixture(scope="session")
def common_form(electrician: list[ItemContent], make_section: MakeSection, make_form: MakeForm) -> PrintedForm:
    """80 single choice and 20 judge items of one mark each."""
    singles, judges = _of_type(electrician, ItemType.SINGLE), _of_type(electrician, ItemType.JUDGE)
    return make_form(make_section(singles), make_section(judges, first=81), copy="017")


@pytest.fixture(scope="session")
def full_form(electrician: list[ItemContent], make_section: MakeSection, make_form: MakeForm) -> PrintedForm:
    """A section of every item type."""
    first, sections = 1, []
    for kind in ItemType:
        contents = _of_type(electrician, kind)[:6]
        sections.append(make_section(contents, 4, first))
        first += len(contents)
    return make_form(*sections)
