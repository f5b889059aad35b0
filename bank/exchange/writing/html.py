"""Texts in notation as HTML that every browser and every XML parser reads alike; the inverse of `exchange.markup`."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bank import notation
from bank.exchange.glyphs import clean
from bank.notation import PICTURE, Blank, Block, Figure, Formula, Image, Mark, Paragraph, Run, Table, Text

NBSP = "&#160;"
_OPENING = {Mark.UNDERLINE: '<span class="qti-underline">', Mark.STRONG: "<b>"}
_CLOSING = {Mark.UNDERLINE: "</span>", Mark.STRONG: "</b>"}
# What other systems would take for the beginning of a formula is kept apart by an empty hull.
_MATH_SIGN = re.compile(r"\$|(?<=\\)[(\[]")


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where an answer is asked, by its number from 0, and what the item shows there."""

    number: int
    shown: str


Piece = Run | Gap


@dataclass(frozen=True, slots=True)
class Dress:
    """How one format writes formulas, addresses pictures (an empty address: it has none) and asks in gaps."""

    formula: Callable[[str], str]
    picture: Callable[[str], str]
    gap: Callable[[Gap], str] = lambda gap: html.escape(gap.shown)
    # Whether braces mean something in this format.
    braces: bool = False


def page(blocks: Sequence[Block | Sequence[Piece]], dress: Dress) -> str:
    """Blocks below each other; a sequence of pieces is a paragraph with gaps in it."""
    return "".join(_block(block, dress) for block in blocks)


def text_page(text: str, dress: Dress) -> str:
    """A whole text, each line a paragraph of its own."""
    return page(notation.parse(clean(text)), dress) if text else ""


def text_line(text: str, dress: Dress) -> str:
    """A text of one line without a paragraph around it, a longer one as a page."""
    blocks = notation.parse(clean(text))
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _pieces(blocks[0].runs, dress)
    return page(blocks, dress)


def is_plain(text: str) -> bool:
    """Whether a text is nothing but characters and blanks."""
    return all(
        isinstance(block, Paragraph)
        and all(isinstance(run, Blank) or (isinstance(run, Text) and not run.mark) for run in block.runs)
        for block in notation.parse(text)
    )


def _block(block: Block | Sequence[Piece], dress: Dress) -> str:
    if isinstance(block, Table):
        rows = ("".join(f"<td>{_pieces(cell, dress)}</td>" for cell in row) for row in block.rows)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f'<table class="table table-bordered"><tbody>{body}</tbody></table>'
    if isinstance(block, Figure):
        return f"<p>{_picture(block.token, block.caption, dress)}</p>"
    runs = block.runs if isinstance(block, Paragraph) else block
    return f"<p>{_pieces(runs, dress) or NBSP}</p>"


def _pieces(pieces: Sequence[Piece], dress: Dress) -> str:
    """Pieces on one line; blanks that a browser would swallow become no-break ones."""
    written = []
    after_space = True
    for number, piece in enumerate(pieces):
        if not isinstance(piece, Text):
            written.append(_sign(piece, dress))
            after_space = False
            continue
        last = number == len(pieces) - 1
        written.append(_text(piece, dress, after_space=after_space, last=last))
        after_space = piece.text.endswith((" ", "\t"))
    return "".join(written)


def _text(run: Text, dress: Dress, *, after_space: bool, last: bool) -> str:
    shown = run.text.replace("\t", " ").replace("\n", " ")
    spaced = re.sub(r"(?<= ) ", "\u00a0", f" {shown}" if after_space else shown)
    spaced = spaced[1:] if after_space else spaced
    if last and spaced.endswith(" "):
        spaced = spaced[:-1] + "\u00a0"
    body = _MATH_SIGN.sub(r"<span>\g<0></span>", html.escape(spaced, quote=False)).replace("\u00a0", NBSP)
    if dress.braces:
        body = body.replace("{", "&#123;").replace("}", "&#125;")
    opening = _OPENING.get(run.mark, f"<{run.mark}>") if run.mark else ""
    return f"{opening}{body}{_CLOSING.get(run.mark, f'</{run.mark}>') if run.mark else ''}"


def _sign(piece: Blank | Formula | Image | Gap, dress: Dress) -> str:
    if isinstance(piece, Blank):
        return "_" * piece.width
    if isinstance(piece, Formula):
        return dress.formula(piece.latex)
    return dress.gap(piece) if isinstance(piece, Gap) else _picture(piece.token, piece.caption, dress)


def _picture(token: str, caption: str, dress: Dress) -> str:
    address = dress.picture(token)
    return f'<img src="{html.escape(address)}" alt="{html.escape(caption)}"/>' if address else PICTURE


def tex(latex: str) -> str:
    """A formula as MathJax finds it in a page."""
    return f"\\({re.sub('(?<= ) ', NBSP, html.escape(latex, quote=False))}\\)"
