"""Printed sheets as PDF/A-2b: the form becomes JSON, and a Typst template of this folder lays it out.

No text of a user is ever Typst code: the compiler gets fixed templates and one JSON string. Nothing is written to
disk, no font of the machine is used and the clock is not read, so one form always gives the same bytes.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst

from bank.notation import Paragraph, Text
from papers.rendering import glyphs, sheets, wording
from papers.rendering.lines import Printed
from papers.rendering.sheets import PrintedForm, PrintedItem, PrintedSection
from papers.rendering.wording import Blocks

TEMPLATES = Path(__file__).parent
# A form without a day still needs a date in the file, and the clock would make every print differ.
UNDATED = date(2000, 1, 1)
NO_GLYPH = "〓"
LONG_WORD = re.compile(r"[!-~]{36}(?=[!-~])")
ZERO_WIDTH_SPACE = "\u200b"


def paper_pdf(form: PrintedForm) -> bytes:
    """The question paper."""
    return _compiled("paper.typ", _paper(form), form)


def answer_sheet_pdf(form: PrintedForm) -> bytes:
    """The answer sheet that belongs to the paper."""
    return _compiled("answers.typ", _answer_sheet(form), form)


def key_pdf(form: PrintedForm) -> bytes:
    """The key of this very form or copy, for the marker."""
    return _compiled("key.typ", _key(form), form)


def preparation_pdf(form: PrintedForm) -> bytes:
    """What site and candidates prepare for the practical items; the questions themselves are not on it."""
    printed = Printed(form.pictures)
    entries = [
        {"blocks": printed.blocks((Paragraph((Text(f"第 {item.number} 题"),)),)), "guidance": [printed.blocks(blocks)]}
        for item, blocks in sheets.prepared(form)
    ]
    section = {"title": "准备要求", "in_table": False, "keys": entries}
    return _compiled("key.typ", asdict(sheets.head(form, sheets.PREPARATION)) | {"sections": [section]}, form)


def missing_glyphs(form: PrintedForm) -> list[str]:
    """The characters of the form that no font can draw and that its PDF therefore shows as 〓."""
    return sorted(glyphs.undrawable(json.dumps([_paper(form), _key(form)], ensure_ascii=False)))


def _paper(form: PrintedForm) -> dict[str, Any]:
    return asdict(sheets.head(form, sheets.PAPER)) | {
        "seal": {"fields": sheets.SEAL_FIELDS, "warning": sheets.SEAL_WARNING},
        "notes": sheets.notes(form),
        "sections": [
            {
                "numeral": sheets.numeral(index),
                "title": sheets.section_title(index, section),
                "items": [_question(item, section, under.get(item.number), form.pictures) for item in section.items],
            }
            for index, section in enumerate(form.sections, 1)
            for under in [sheets.materials(section)]
        ],
    }


def _question(
    item: PrintedItem, section: PrintedSection, material: tuple[str, Blocks] | None, pictures: Mapping[str, bytes]
) -> dict[str, Any]:
    printed = Printed(pictures)
    return {
        "material": material and {"title": material[0], "blocks": printed.blocks(material[1])},
        "blocks": printed.blocks(sheets.item_blocks(item, section)),
        "options": [printed.blocks(option) for option in wording.options(item.content)],
        "columns": sheets.option_columns(item.content, pictures),
        "whole": sheets.stays_whole(item, section, pictures),
        "room": sheets.ANSWER_LINES.get(section.type, 0),
    }


def _answer_sheet(form: PrintedForm) -> dict[str, Any]:
    return asdict(sheets.head(form, sheets.ANSWER_SHEET)) | {
        "across": sheets.groups_across(form),
        "sections": [
            {
                "title": sheets.section_head(index, section),
                "signs": list(sheets.bubbles(section)),
                "numbers": [item.number for item in section.items],
                "rooms": [
                    {"label": sheets.label(item), "lines": sheets.ANSWER_LINES.get(section.type, 1)}
                    for item in section.items
                ],
            }
            for index, section in enumerate(form.sections, 1)
        ],
    }


def _key(form: PrintedForm) -> dict[str, Any]:
    printed = Printed(form.pictures)
    return asdict(sheets.head(form, sheets.KEY)) | {
        "sections": [
            {
                "title": sheets.section_head(index, section),
                "in_table": bool(sheets.bubbles(section)),
                "keys": [
                    {
                        "number": str(item.number),
                        "key": sheets.key_text(item.content),
                        "blocks": printed.blocks(wording.led(sheets.key_blocks(item.content), sheets.label(item))),
                        "guidance": [printed.blocks(point) for point in sheets.guidance(item)],
                    }
                    for item in section.items
                ],
            }
            for index, section in enumerate(form.sections, 1)
        ]
    }


def _compiled(template: str, sheet: dict[str, Any], form: PrintedForm) -> bytes:
    day = form.used_on or UNDATED
    dated = sheet | {"day": {"year": day.year, "month": day.month, "day": day.day}}
    text = json.dumps(_broken(dated), ensure_ascii=False)
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=glyphs.fonts(),
        sys_inputs={"sheet": text.translate({ord(char): NO_GLYPH for char in glyphs.undrawable(text)})},
        format="pdf",
        pdf_standards="a-2b",
        pdf_tags=False,
        timestamp=datetime.combine(day, time(), UTC),
    )


def _broken(value: Any) -> Any:
    """The same value with a place to break inside words that are longer than a line."""
    if isinstance(value, str):
        return LONG_WORD.sub(lambda word: word.group() + ZERO_WIDTH_SPACE, value)
    if isinstance(value, dict):
        return {name: part if name == "svg" else _broken(part) for name, part in value.items()}
    return [_broken(part) for part in value] if isinstance(value, list | tuple) else value
