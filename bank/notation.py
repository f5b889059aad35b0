"""Tidun's notation: item text as one line of characters, and the runs it stands for. Pure.

A text of an item (stem, option, rationale) is stored, typed and exchanged as a plain string in which
`____` is a blank, `$U/R$` a formula in LaTeX, `<sub>2</sub>` a mark, `![说明](pic:TOKEN)` a picture and lines of
`| a | b |` a table; a backslash before one of these signs takes its meaning away. `parse` turns it into runs for
the browser, Word, PDF and QTI, `write` turns runs back, `plain` is the reading that similarity and search compare.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bank.formulas import latex, reading
from bank.formulas.tree import FormulaError

PICTURE = "〔图〕"


class Mark(StrEnum):
    """How a stretch of text is set; the value is its tag in the notation."""

    PLAIN = ""
    SUB = "sub"
    SUP = "sup"
    UNDERLINE = "u"
    STRONG = "b"


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, set in one way."""

    text: str
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap to be filled, as many underscores wide."""

    width: int


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in LaTeX that `bank.formulas` can read."""

    latex: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture within a line; its bytes lie under `token` in `bank.pictures`."""

    token: str
    caption: str = ""


Run = Text | Blank | Formula | Image


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of runs; empty for an empty line."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that stands alone."""

    token: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each a row of runs."""

    rows: tuple[tuple[tuple[Run, ...], ...], ...]


Block = Paragraph | Figure | Table

_PICTURE_SIGN = r"!\[(?P<caption>(?:\\.|[^\]\\\n]){0,200})\]\(pic:(?P<token>[0-9a-z]{8,64})\)"
_SIGN = re.compile(
    r"\\(?P<escaped>[\\$<!|\]])"
    r"|(?P<blank>_{2,})"
    r"|\$(?!\s)(?P<formula>(?:\\.|[^$\\\n]){1,4000})(?<!\s)\$"
    r"|<(?P<mark>sub|sup|u|b)>(?P<marked>(?:\\.|[^<\\\n]){1,500})</(?P=mark)>"
    rf"|{_PICTURE_SIGN}"
)
_FIGURE = re.compile(_PICTURE_SIGN)
_PICTURES = re.compile(rf"\\.|{_PICTURE_SIGN}")
_SPECIAL = re.compile(r"[\\$<|]|!\[")
_ESCAPED = re.compile(r"\\([\\$<!|\]])")
_CELL = re.compile(r"(?:\\.|[^|\\])*")
_HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def parse(text: str) -> tuple[Block, ...]:
    """The blocks that a text stands for; every string is a text, what is no sign is itself."""
    blocks: list[Block] = []
    rows: list[tuple[tuple[Run, ...], ...]] = []
    for line in text.split("\n"):
        cells = _cells(line)
        if cells is not None:
            rows.append(cells)
            continue
        if rows:
            blocks.append(Table(tuple(rows)))
            rows = []
        figure = _FIGURE.fullmatch(line)
        blocks.append(
            Figure(figure["token"], _bare(figure["caption"])) if figure else Paragraph(tuple(_merged(_inline(line))))
        )
    if rows:
        blocks.append(Table(tuple(rows)))
    return tuple(blocks)


def _cells(line: str) -> tuple[tuple[Run, ...], ...] | None:
    if len(line) < 3 or line[0] != "|" or line[-1] != "|" or line.endswith("\\|"):
        return None
    cells, at = [], 1
    while at < len(line):
        found = _CELL.match(line, at)
        if found is None or found.end() >= len(line):
            return None
        cells.append(tuple(_merged(_inline(found[0].strip(" ")))))
        at = found.end() + 1
    return tuple(cells)


def _inline(line: str) -> Iterator[Run]:
    at = 0
    while found := _SIGN.search(line, at):
        yield Text(line[at : found.start()])
        run = _run(found)
        if run is None:
            yield Text(line[found.start()])
            at = found.start() + 1
        else:
            yield run
            at = found.end()
    yield Text(line[at:])


def _run(found: re.Match[str]) -> Run | None:
    if found["escaped"]:
        return Text(found["escaped"])
    if found["blank"]:
        return Blank(len(found["blank"]))
    if found["mark"]:
        return Text(_bare(found["marked"]), Mark(found["mark"]))
    if found["token"]:
        return Image(found["token"], _bare(found["caption"]))
    return Formula(found["formula"]) if is_formula(found["formula"]) else None


def is_formula(body: str) -> bool:
    """Whether what stands between two dollar signs is a formula and not, say, two prices."""
    if _HAN.search(body) and "\\" not in body:
        return False
    try:
        latex.parse(body)
    except FormulaError:
        return False
    return True


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    """Runs with neighbouring plain texts joined and empty ones dropped."""
    held = ""
    for run in runs:
        if isinstance(run, Text) and run.mark is Mark.PLAIN:
            held += run.text
            continue
        if held:
            yield Text(held)
            held = ""
        yield run
    if held:
        yield Text(held)


def _bare(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def write(blocks: Iterable[Block]) -> str:
    """The notation of blocks; `parse` gives them back with neighbouring plain texts joined.

    A run of two and more underscores inside a text is a blank, as it is everywhere in this field.
    """
    return "\n".join(_written(block) for block in blocks)


def _written(block: Block) -> str:
    if isinstance(block, Figure):
        return f"![{_caption(block.caption)}](pic:{block.token})"
    if isinstance(block, Table):
        return "\n".join("|" + "|".join(f" {write_runs(cell)} " for cell in row) + "|" for row in block.rows)
    runs = tuple(_merged(block.runs))
    if len(runs) == 1 and isinstance(runs[0], Text) and runs[0].mark is Mark.PLAIN:
        return literal(runs[0].text)
    return write_runs(runs)


def write_runs(runs: Iterable[Run]) -> str:
    """The notation of runs within one line."""
    return "".join(_written_run(run) for run in _merged(runs))


def _written_run(run: Run) -> str:
    if isinstance(run, Text):
        text = _escaped(run.text.replace("\n", " "))
        return f"<{run.mark}>{text}</{run.mark}>" if run.mark and text else text
    if isinstance(run, Blank):
        return "_" * run.width
    if isinstance(run, Formula):
        return f"${run.latex}$"
    return f"![{_caption(run.caption)}](pic:{run.token})"


def literal(text: str) -> str:
    """A notation whose plain characters are this text; the text itself wherever nothing in it is a sign."""
    if not _SPECIAL.search(text):
        return text
    return "\n".join(line if _is_bare(line) else _escaped(line) for line in text.split("\n"))


def _is_bare(line: str) -> bool:
    if _cells(line) is not None or _FIGURE.fullmatch(line):
        return False
    read = "".join("_" * run.width if isinstance(run, Blank) else _bare_text(run) for run in _inline(line))
    return read == line


def _bare_text(run: Run) -> str:
    return run.text if isinstance(run, Text) and run.mark is Mark.PLAIN else "\0"


def _escaped(text: str) -> str:
    return re.sub(r"([\\$<!|])", r"\\\1", text)


def _caption(text: str) -> str:
    return re.sub(r"([\\\]])", r"\\\1", text.replace("\n", " ")[:90])


def plain(text: str) -> str:
    """The plain reading of a text: no signs, formulas in one line, 〔图〕 for a picture."""
    if not _SPECIAL.search(text):
        return text
    return "\n".join(_plain_block(block) for block in parse(text))


def _plain_block(block: Block) -> str:
    if isinstance(block, Figure):
        return PICTURE
    if isinstance(block, Table):
        return "\n".join(" ".join(_plain_runs(cell) for cell in row) for row in block.rows)
    return _plain_runs(block.runs)


def _plain_runs(runs: Iterable[Run]) -> str:
    return "".join(_plain_run(run) for run in runs)


def _plain_run(run: Run) -> str:
    if isinstance(run, Text):
        return run.text
    if isinstance(run, Blank):
        return "_" * run.width
    if isinstance(run, Formula):
        return reading.plain(latex.parse(run.latex))
    return PICTURE


def tokens(text: str) -> tuple[str, ...]:
    """The tokens of the pictures in a text, in order, each once."""
    if "![" not in text:
        return ()
    found: dict[str, None] = {}

    def noted(token: str) -> str:
        found[token] = None
        return token

    retokened(text, noted)
    return tuple(found)


def retokened(text: str, new: Callable[[str], str]) -> str:
    """The same text with each picture under the token that `new` gives for its old one."""
    if "![" not in text:
        return text

    def renamed(found: re.Match[str]) -> str:
        return found[0] if found["token"] is None else f"![{found['caption']}](pic:{new(found['token'])})"

    return _PICTURES.sub(renamed, text)
