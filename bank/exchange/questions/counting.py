"""Which numbers at the start of a line open a question, and which belong to a list inside one."""

import re
from dataclasses import dataclass

from bank.content import ItemType
from bank.exchange.glyphs import half
from bank.exchange.questions.asked import CHOSEN, Asked
from bank.exchange.questions.lines import QUESTION, Line
from bank.exchange.questions.numbering import Lead, lead_of


@dataclass(slots=True)
class Counter:
    """How numbers are written in this section, the last one, and the last one of a list inside a question."""

    style: str = ""
    last: int = 0
    inner: int = 0

    def begin_section(self) -> None:
        """Numbers may begin anew and be written in another way."""
        self.style, self.inner = "", 0

    def opened(self, number: int | None) -> None:
        """A question has been opened."""
        self.last = number or self.last
        self.inner = 0

    def opens(self, lead: Lead, line: Line, begin: int, current: Asked | None) -> bool:
        """Whether a number opens a question while `current` is open."""
        sign = half(line.text[begin : begin + lead.end]).strip()
        style = "box" if sign[0] in "([" else "half" if sign[-1] == ")" else "plain"
        following = lead.number == self.last + 1
        if not lead.sure and not (following or (not self.style and lead.number == 1)):
            return False
        if current is None or not self.style:
            self.style = style
            return True
        if style != self.style:
            return following and not current.worded() and bool(current.options or current.answered())
        if current.worded() and current.kind != ItemType.BLANK:
            return self._opens_after_words(lead, line.text[begin + lead.end :])
        listed = current.kind in CHOSEN and not current.options and not current.answered()
        if listed and not following and lead.number in {1, self.inner + 1}:
            self.inner = lead.number
            return False
        return True

    def _opens_after_words(self, lead: Lead, rest: str) -> bool:
        """Among questions answered in words, numbered answers run between numbered questions."""
        asks = bool(QUESTION.search(half(rest)))
        running = self.inner > 0 and lead.number == self.inner + 1
        near = lead.number == self.last + 1 or (asks and self.last < lead.number <= self.last + 5)
        # Word counts anew where a list was broken off, so a question with a small number is still a question.
        if (near and (asks or not running)) or re.search(r"[?？]\s*$", rest):
            return True
        self.inner = lead.number
        return False


def lead_in(line: Line, begin: int) -> Lead | None:
    """The number of a line: a list label that Word itself counts, which needs no sign, or one that was typed."""
    if not line.label:
        return lead_of(line.text[begin:])
    digits = re.search(r"\d+", half(line.text[: line.label]))
    if digits and len(digits[0]) < 6:
        return Lead(int(digits[0]), line.label, sure=True)
    return lead_of(line.text[begin:])
