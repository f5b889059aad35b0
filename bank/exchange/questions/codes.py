"""Codes of the national bank before a question: of its point, A-B-C-001, or of the item itself, B-A-B-C-001-002.

An item's code is type, three scopes, point and a running number, so it names the point and the type as well.
"""

import re
from dataclasses import dataclass

from bank.exchange.glyphs import half, trim
from bank.exchange.questions.kinds import kind_of

_CODE = r"[A-Z](?:\s*-\s*(?:[A-Z]{1,2}|\d{1,4})){1,5}\s*-\s*\d{1,4}(?![A-Za-z0-9])"
_WORDS = r"(?:鉴定点|考评点|认定点|考核点|知识点)(?:代码|编号)?"
_LEADING = re.compile(rf"\s*(?:[(\[<]\s*)?(?:{_WORDS}\s*[:.]?\s*)?(?P<code>{_CODE})\s*[)\]>]?[\s.、:,]*")
_ITEM = re.compile(r"(?P<kind>[A-Z])-(?P<point>(?:[A-Z]{1,2}-){3}\d{1,4})-\d{1,4}")


@dataclass(frozen=True, slots=True)
class Code:
    """A code found at the start of a text, which ends at `end`."""

    point: str
    item: str
    kind: str
    end: int


def code_of(text: str) -> Code | None:
    """The code that a text begins with."""
    found = _LEADING.match(half(text))
    if found is None:
        return None
    code = re.sub(r"\s", "", found["code"])
    if item := _ITEM.fullmatch(code):
        return Code(item["point"], code, kind_of(item["kind"]), found.end())
    return Code(code, "", "", found.end())


def lone_code(text: str) -> Code | None:
    """The code that a line holds and nothing else."""
    found = code_of(text)
    return found if found is not None and found.end >= len(trim(text)) else None
