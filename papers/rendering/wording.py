"""What stands in the lines of an item on paper: runs of text, answer places, formulas, pictures and tables. Pure.

Both writers print these blocks; the plain reading of them (`said`) measures lines and option columns.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from io import BytesIO
from math import ceil

from PIL import Image as Raster
from PIL import UnidentifiedImageError

from bank import notation
from bank.content import CHOICE_TYPES, LETTERS, ItemContent, ItemType
from bank.formulas import latex, reading
from bank.notation import Blank, Block, Figure, Formula, Image, Mark, Paragraph, Run, Table, Text

Blocks = tuple[Block, ...]

BUBBLED = CHOICE_TYPES | {ItemType.JUDGE}
# main() and a[] name code and are no place for an answer; （） , ( ) and a bracket behind Chinese text are one.
EMPTY_BRACKET = re.compile(r"[（［【][\s_＿]*[）］】]|[(\[][\s_＿]+[)\]]|(?<![A-Za-z0-9_])(?:\(\)|\[\])")
ANSWER_BRACKET = "（" + "\u00a0" * 8 + "）"
LEADING_BRACKET = "（" + "\u00a0" * 6 + "）"
UNDERLINE = re.compile(r"[_＿]{2,}")
ANSWER_UNDERLINE = "_" * 14
DOTS_PER_MM = 130 / 25.4
FIGURE_MM = (105.0, 80.0)
IMAGE_MM = (35.0, 28.0)
LINE_MM, EM_MM = 5.9, 3.7


def printable(text: str) -> str:
    """Text that can stand on paper: line ends kept, tabs as spaces, invisible characters out.

    Zero-width and direction marks would let the paper show something else than the bank holds, control characters
    are not allowed in a Word file, and characters of private use look different on every machine (they become 〓).
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return "".join(_printed(char) for char in plain).strip()


def _printed(char: str) -> str:
    category = unicodedata.category(char)
    if char == "\n" or category[0] != "C":
        return "\n" if category in {"Zl", "Zp"} else char
    return "〓" if category in {"Co", "Cn", "Cs"} else ""


def blocks(text: str) -> Blocks:
    """The blocks of a text as they can stand on paper."""
    return notation.parse(printable(text))


def stem(content: ItemContent) -> Blocks:
    """The stem with its answer place: empty brackets and blanks in one width, and one added where there is none."""
    read = blocks(content.stem)
    if content.type is not ItemType.BLANK and content.type not in BUBBLED:
        return read
    placed = tuple(_with_places(block, content.type is ItemType.BLANK) for block in read)
    if content.type is ItemType.JUDGE or asks(placed):
        return placed
    sign = ANSWER_UNDERLINE if content.type is ItemType.BLANK else ANSWER_BRACKET
    match placed:
        case (*before, Paragraph(runs)):
            return (*before, Paragraph(_joined((*runs, Text(sign)))))
        case _:
            return (*placed, Paragraph((Text(sign),)))


def asks(placed: Blocks) -> bool:
    """Whether there is a place for the answer already."""
    text = said(placed)
    return ANSWER_BRACKET in text or UNDERLINE.search(text) is not None or EMPTY_BRACKET.search(text) is not None


def _with_places(block: Block, blank: bool) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(_placed(block.runs, blank))
    if isinstance(block, Table):
        return Table(tuple(tuple(_placed(cell, blank) for cell in cells) for cells in block.rows))
    return block


def _placed(runs: tuple[Run, ...], blank: bool) -> tuple[Run, ...]:
    """The runs with blanks as underscores, so that a blank in brackets is one answer place."""
    joined = _joined(Text("_" * run.width) if isinstance(run, Blank) else run for run in runs)
    return tuple(replace(run, text=_sized(run.text, blank)) if isinstance(run, Text) else run for run in joined)


def _sized(text: str, blank: bool) -> str:
    return EMPTY_BRACKET.sub(ANSWER_BRACKET, UNDERLINE.sub(ANSWER_UNDERLINE, text) if blank else text)


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    made: list[Run] = []
    for run in runs:
        last = made[-1] if made else None
        if isinstance(run, Text) and isinstance(last, Text) and run.mark is last.mark is Mark.PLAIN:
            made[-1] = Text(last.text + run.text)
        else:
            made.append(run)
    return tuple(made)


def led(read: Blocks, head: str) -> Blocks:
    """The blocks with a number or letter before their first line; a picture goes beside it, a table below."""
    match read:
        case (Paragraph(runs), *rest):
            return (Paragraph(_joined((Text(head), *runs))), *rest)
        case (Figure(token, caption),):
            return (Paragraph((Text(head), Image(token, caption))),)
        case _:
            return (Paragraph((Text(head),)), *read)


def options(content: ItemContent) -> list[Blocks]:
    """The options as printed, each behind its letter."""
    return [led(blocks(text), f"{letter}．") for letter, text in zip(LETTERS, content.options, strict=False)]


def said(read: Blocks) -> str:
    """The plain reading of blocks, one line each."""
    return "\n".join(_line(block, lambda _token: notation.PICTURE) for block in read)


def measured(read: Blocks, pictures: Mapping[str, bytes]) -> str:
    """Characters that take about as much room as the blocks."""

    def room(token: str) -> str:
        return "　" * ceil(size(pictures.get(token, b""), IMAGE_MM)[0] / EM_MM)

    return "\n".join(_line(block, room) for block in read)


def _line(block: Block, picture: Callable[[str], str]) -> str:
    if isinstance(block, Table):
        return "\n".join("　".join(_runs(cell, picture) for cell in cells) for cells in block.rows)
    return picture(block.token) if isinstance(block, Figure) else _runs(block.runs, picture)


def _runs(runs: tuple[Run, ...], picture: Callable[[str], str]) -> str:
    return "".join(_run(run, picture) for run in runs)


def _run(run: Run, picture: Callable[[str], str]) -> str:
    match run:
        case Text(text):
            return text
        case Blank(width):
            return "_" * width
        case Formula(body):
            return reading.plain(latex.parse(body))
        case Image(token):
            return picture(token)


def size(data: bytes, most: tuple[float, float]) -> tuple[float, float]:
    """Width and height in millimetres in which a picture is printed, at most so large."""
    try:
        with Raster.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            across, down = (side / DOTS_PER_MM for side in picture.size)
    except (UnidentifiedImageError, OSError, Raster.DecompressionBombError):
        return most
    scale = min(1.0, most[0] / across, most[1] / down)
    return round(across * scale, 2), round(down * scale, 2)


def extra_lines(read: Blocks, pictures: Mapping[str, bytes]) -> int:
    """How many lines the pictures, tables and tall formulas of the blocks take beyond their plain reading."""
    total = 0.0
    for block in read:
        if isinstance(block, Figure):
            total += size(pictures.get(block.token, b""), FIGURE_MM)[1] / LINE_MM
        elif isinstance(block, Table):
            total += 0.5 * len(block.rows)
        else:
            total += max((_tall(run, pictures) for run in block.runs), default=0.0)
    return ceil(total)


def _tall(run: Run, pictures: Mapping[str, bytes]) -> float:
    if isinstance(run, Image):
        return size(pictures.get(run.token, b""), IMAGE_MM)[1] / LINE_MM
    if isinstance(run, Formula):
        return 1.0 + run.latex.count(r"\\") if re.search(r"frac|sum|int|begin|lim|prod", run.latex) else 0.0
    return 0.0
