"""Numbers before questions: `1．` `2、` `（3）` `第4题` `5 `; taken off where they count, kept where they are a value.

"118．380V的…" loses 118 and keeps 380; "1.5mm的导线…" in a bank without numbers loses nothing. What decides is the
sequence: a number counts when its neighbours count on.
"""

import re
from dataclasses import dataclass

from bank.exchange.glyphs import half, trim

_STRONG = re.compile(
    r"\s*(?:第\s*(\d{1,5})\s*题\s*[、.:,]?|[(\[]\s*(\d{1,5})\s*[)\]]\s*[、.:]?|(\d{1,5})\s*[、.:,)])\s*"
)
_TASK = re.compile(r"\s*(?:试题|题目|考题|项目)\s*([一二三四五六七八九十]{1,3}|\d{1,3})\s*[、.:\s]\s*")
_WEAK = re.compile(r"\s*(\d{1,5})(?=[\s\u4e00-\u9fff《“\"(])\s*")


@dataclass(frozen=True, slots=True)
class Lead:
    """A number that a text begins with; `sure` when a sign and no digit follow it."""

    number: int
    end: int
    sure: bool


def lead_of(text: str) -> Lead | None:
    """The number before a text, if there could be one."""
    plain = half(text)
    if found := _STRONG.match(plain):
        touched = plain[found.end() : found.end() + 1].isdigit() and found[2] is None and found[1] is None
        spaced = plain[: found.end()] != plain[: found.end()].rstrip()
        digits = next(value for value in found.groups() if value)
        return Lead(int(digits), found.end(), not touched or spaced) if trim(text[found.end() :]) else None
    if (found := _TASK.match(plain)) and trim(text[found.end() :]):
        return Lead(int(found[1]) if found[1].isdigit() else chinese_number(found[1]), found.end(), sure=True)
    if found := _WEAK.match(plain):
        return Lead(int(found[1]), found.end(), False)
    return None


def chinese_number(text: str) -> int:
    """The value of 一 to 九十九."""
    tens, ten, ones = text.rpartition("十")
    value = "零一二三四五六七八九".find
    return (value(tens) if tens else 1) * 10 * bool(ten) + (value(ones) if ones else 0)


def strip_numbers(stems: list[str], ordinals: list[int | None]) -> list[str]:
    """Stems of one table without their running numbers; `ordinals` are the numbers of a column of its own."""
    leads = [lead_of(stem) for stem in stems]
    numbers = [lead.number if lead else None for lead in leads]
    bare = []
    for i, (stem, lead) in enumerate(zip(stems, leads, strict=True)):
        rest = trim(stem[lead.end :]) if lead else ""
        twice = lead_of(rest)
        again = twice is not None and twice.sure and lead is not None and twice.number == lead.number
        if lead and (again or lead.sure or ordinals[i] == lead.number or _counts_on(numbers, i)):
            bare.append(trim(rest[twice.end :]) if twice and again else rest)
        else:
            bare.append(trim(stem))
    return bare


def _counts_on(numbers: list[int | None], at: int) -> bool:
    """Whether at least two of the four rows around, or all there are, count in step with a row."""
    own = numbers[at] or 0
    around = [i for i in (at - 2, at - 1, at + 1, at + 2) if 0 <= i < len(numbers)]
    in_step = sum(numbers[i] == own + i - at for i in around)
    return in_step >= min(2, max(1, len(around)))
