"""What a printed form must say and in which order, whoever writes it: the plain readings of its questions."""

import re
from collections.abc import Iterable

from bank.content import ItemContent
from papers.rendering import sheets, wording
from papers.rendering.sheets import PrintedForm, PrintedItem, PrintedSection


def squeezed(text: str) -> str:
    """The text without what a page may break or leave out."""
    return re.sub(r"[\s\u200b\x00-\x1f\ufffe\ufeff]", "", text)


def item_text(item: PrintedItem, section: PrintedSection) -> str:
    return wording.said(sheets.item_blocks(item, section))


def option_texts(content: ItemContent) -> list[str]:
    return [wording.said(option) for option in wording.options(content)]


def item_lines(item: PrintedItem, section: PrintedSection) -> list[str]:
    return [item_text(item, section), *option_texts(item.content)]


def printed_lines(form: PrintedForm) -> list[str]:
    found = []
    for index, section in enumerate(form.sections, 1):
        found.append(sheets.section_title(index, section))
        found += [line for item in section.items for line in item_lines(item, section)]
    return found


def assert_in_order(whole: str, parts: Iterable[str]) -> None:
    place = 0
    for part in map(squeezed, parts):
        found = whole.find(part, place)
        assert found >= 0, f"{part!r} is missing or out of order"
        place = found + len(part)
