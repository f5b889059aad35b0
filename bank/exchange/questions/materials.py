"""Materials in running text that several questions stand under: 根据下列材料回答第 11～13 题, or 【案例一】.

A range of numbers ends with its last question; a labelled material holds until the next one or the next heading.
"""

import re
from dataclasses import dataclass, field

from bank.exchange.glyphs import half, trim
from bank.exchange.questions.lines import Line
from bank.exchange.questions.numbering import lead_of

MOST_LINES = 200
_WORD = r"(?:材料|案例|资料|背景(?:材料|资料)?|共用题干)"
_RANGE = re.compile(
    rf".{{0,8}}(?:根据|阅读|依据|结合|按照|参照|利用).{{0,16}}(?:{_WORD}|图|表|信息|条件).{{0,24}}?"
    r"(\d{1,4})\s*题?\s*(?:-|~|至|到|、|和)+\s*第?\s*(\d{1,4})\s*题.{0,12}"
)
_LABEL = re.compile(
    rf"(?:\[\s*{_WORD}[一二三四五六七八九十\d]{{0,3}}\s*\]|{_WORD}[一二三四五六七八九十\d]{{1,3}}\s*:)\s*"
)


@dataclass(slots=True)
class Material:
    """One material while its lines come in, and the questions it is for; `last` is None where no range was given."""

    mark: str
    first: int | None = None
    last: int | None = None
    lines: list[str] = field(default_factory=list)
    closed: bool = False

    @property
    def text(self) -> str:
        """The material as it stands."""
        return "\n".join(self.lines)


class Materials:
    """The material that holds at this place of a document, if any."""

    def __init__(self) -> None:
        self.held: Material | None = None
        self._count = 0

    def opens(self, text: str) -> bool:
        """Begin a material where a line announces one."""
        plain = half(text)
        found, label = _RANGE.fullmatch(plain), _LABEL.match(plain)
        if not found and not label:
            return False
        self._count += 1
        self.held = Material(f"#{self._count}")
        if found:
            self.held.first, self.held.last = int(found[1]), int(found[2])
        elif label and trim(text[label.end() :]):
            self.held.lines.append(trim(text[label.end() :]))
        return True

    def takes(self, line: Line) -> bool:
        """Whether a line belongs to the material that is open; the first numbered line ends it."""
        held = self.held
        if held is None or held.closed or len(held.lines) >= MOST_LINES:
            return False
        lead = lead_of(line.text)
        if lead is not None and lead.sure and held.first in {None, lead.number}:
            held.closed = True
            return False
        held.lines.append(trim(line.text))
        return True

    def of(self, number: int | None) -> Material | None:
        """The material that the question of this number stands under."""
        held = self.held
        if held is None or not held.lines:
            return None
        if held.first is None or held.last is None:
            return held
        return held if number is not None and held.first <= number <= held.last else None

    def end(self) -> None:
        """A heading ends what held before it."""
        self.held = None
