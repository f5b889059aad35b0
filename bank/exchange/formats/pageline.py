"""The lines of a page while it is read: what a browser would show of blanks and breaks, and what has to be told."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bank.exchange.formats.mathtext import pieces
from bank.ground.errors import BadInput
from bank.notation import Block, Mark, Paragraph, Run, Table, Text

GAP = "tidun-gap"
NBSP = "\u00a0"
_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\u3000-\u303f"
# A line break in the source between two Chinese characters separates nothing.
_SOURCE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\r]*\n\s*(?=[{_WIDE}])")
_SPACES = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class Findings:
    """What a fragment needs from outside (the token of a picture's source), and what has to be said about it."""

    picture: Callable[[str], str]
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def token(self, source: str) -> str:
        """The token of a picture, or an empty text and a fault."""
        try:
            return self.picture(source)
        except BadInput as error:
            self.faults.append(error.message)
            return ""


@dataclass(slots=True)
class Page:
    """The blocks read so far and the line that is being filled."""

    findings: Findings
    formulas: list[str]
    blocks: list[Block] = field(default_factory=list)
    line: list[Run] = field(default_factory=list)
    # Whether a blank would follow a blank or begin a line, so that a browser would not show it.
    idle: bool = True

    def text(self, characters: str, mark: Mark) -> None:
        """Characters of the source, their blanks collapsed as a browser does."""
        shown = _SPACES.sub(" ", _SOURCE_BREAK.sub("", characters))
        if self.idle:
            shown = shown.removeprefix(" ")
        if shown:
            self.idle = shown.endswith(" ")
            self.line += pieces(shown, self.findings.notes, mark)

    def run(self, run: Run) -> None:
        """A picture, formula or blank on the line."""
        self.line.append(run)
        self.idle = False

    def end_line(self, *, forced: bool = False) -> None:
        """Close the line; an empty one counts only where it was forced."""
        if self.line or forced:
            self.blocks.append(Paragraph(tuple(_trimmed(self.line))))
        self.line, self.idle = [], True

    def block(self, block: Block) -> None:
        """A block of its own; an empty line keeps two tables apart."""
        self.end_line()
        if isinstance(block, Table) and self.blocks and isinstance(self.blocks[-1], Table):
            self.blocks.append(Paragraph(()))
        self.blocks.append(block)


def _trimmed(line: list[Run]) -> list[Run]:
    """The line without the collapsible blank at its end, no-break blanks as plain ones."""
    if line and isinstance(last := line[-1], Text):
        line = [*line[:-1], Text(last.text.removesuffix(" "), last.mark)]
    line = [Text(run.text.replace(NBSP, " "), run.mark) if isinstance(run, Text) else run for run in line]
    seen = "".join(run.text if isinstance(run, Text) else "*" for run in line)
    return line if seen.strip() else []
