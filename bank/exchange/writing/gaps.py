"""Where a fill-in item asks for its answers: its blanks, its empty brackets, or the end of its stem. Pure."""

import re
from collections.abc import Iterator, Sequence

from bank import notation
from bank.answers import blank_keys
from bank.exchange.writing.html import Gap, Piece
from bank.notation import Blank, Block, Paragraph, Run, Table, Text

_BRACKET = re.compile(r"(?<=[(（])[ \u3000]*(?=[)）])")
Line = Block | tuple[Piece, ...]


def plain_keys(key: str) -> tuple[tuple[str, ...], ...]:
    """The accepted answers of each blank in plain reading; empty where one of them has none."""
    found = tuple(tuple(dict.fromkeys(map(notation.plain, blank))) for blank in blank_keys(key))
    return found if all(found) else ()


def with_gaps(stem: str, count: int) -> tuple[list[Line], list[str]]:
    """The lines of a stem with `count` gaps in them, and what the stem shows at each.

    Where the stem shows more or fewer places than answers, it stays as it is and the gaps stand behind it.
    """
    blocks = notation.parse(stem)
    for finder in (_blanks, _brackets):
        lines: list[Line] = [tuple(finder(b.runs)) if isinstance(b, Paragraph) else b for b in blocks]
        if sum(isinstance(piece, Gap) for line in lines if isinstance(line, tuple) for piece in line) == count:
            return _numbered(lines)
    return _numbered([*blocks, tuple(Gap(0, "") for _ in range(count))])


def _blanks(runs: Sequence[Run]) -> Iterator[Piece]:
    for run in runs:
        yield Gap(0, "_" * run.width) if isinstance(run, Blank) else run


def _brackets(runs: Sequence[Run]) -> Iterator[Piece]:
    for run in runs:
        if not isinstance(run, Text) or run.mark:
            yield run
            continue
        at = 0
        for found in _BRACKET.finditer(run.text):
            yield Text(run.text[at : found.start()])
            yield Gap(0, found[0])
            at = found.end()
        yield Text(run.text[at:])


def _numbered(lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
    numbered: list[Line] = []
    shown: list[str] = []
    for line in lines:
        if isinstance(line, (Paragraph, Table)) or not isinstance(line, tuple):
            numbered.append(line)
            continue
        pieces: list[Piece] = []
        for piece in line:
            pieces.append(Gap(len(shown), piece.shown) if isinstance(piece, Gap) else piece)
            shown += [piece.shown] if isinstance(piece, Gap) else []
        numbered.append(tuple(pieces))
    return numbered, shown
