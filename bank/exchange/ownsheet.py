"""Sheets under our own header: rows as drafts, texts as they stand, pictures by the names that texts call them by."""

from collections.abc import Callable
from dataclasses import replace

from bank import notation
from bank.content import ItemContent
from bank.exchange.cells import Grid
from bank.exchange.glyphs import squeeze, trim
from bank.exchange.inlays import Inlays
from bank.exchange.questions.draft import Draft
from bank.exchange.standard import HEADERS, is_own, stated_draft
from bank.notation import Image

_ROLES = {squeeze(header): role for role, header in HEADERS.items()}
_HEADER_WITHIN = 10


def header_row(grid: Grid) -> int | None:
    """The index of our own header in a sheet, if it stands there."""
    return next((i for i, row in enumerate(grid.rows[:_HEADER_WITHIN]) if any(map(is_own, row))), None)


def own_drafts(grid: Grid, place: Callable[[int], str], inlays: Inlays) -> list[Draft] | None:
    """The items of a sheet; None when its header is not ours."""
    at = header_row(grid)
    if at is None:
        return None
    roles = [_ROLES.get(squeeze(cell), "") for cell in grid.rows[at]]
    kept = {name: _token(sign, inlays) for name, sign in grid.names.items()}
    drafts = []
    for number, row in zip(grid.numbers[at + 1 :], grid.rows[at + 1 :], strict=True):
        # A picture that WPS keeps in the cell is a sign there; every other cell is in the notation already.
        texts = ["".join(_spelled(sign, inlays) for sign in cell) for cell in row]
        cells = {role: text for role, text in zip(roles, texts, strict=False) if role and trim(text)}
        signs = [_token(sign, inlays) for _, sign in grid.figures.get(number, ())]
        if cells or signs:
            drafts.append(_draft(number, place(number), cells, kept, signs))
            drafts[-1].pictures = grid.pictures.get(number, 0)
            drafts[-1].faults += grid.faults.get(number, ())
            drafts[-1].notes += grid.remarks.get(number, ())
    return drafts


def _token(sign: str, inlays: Inlays) -> str:
    return next((run.token for run in inlays.runs(sign) if isinstance(run, Image)), "")


def _spelled(sign: str, inlays: Inlays) -> str:
    return inlays.notation(sign) if _token(sign, inlays) else sign


def _draft(number: int, place: str, cells: dict[str, str], kept: dict[str, str], tokens: list[str]) -> Draft:
    draft = stated_draft(number, place, cells)
    content = draft.content
    if content is None:
        return draft
    named = content.pictures()
    content = content.mapped(lambda text: notation.retokened(text, lambda token: kept.get(token, token)))
    missing = [token for token in named if token not in kept and token not in tokens]
    if missing:
        draft.faults.append(f"文字里提到的 {len(missing)} 张图片不在文件中，请把图片插入本行或删去图片记号")
    draft.content = _with_more(content, [token for token in tokens if token not in content.pictures()])
    return draft


def _with_more(content: ItemContent, tokens: list[str]) -> ItemContent:
    """Pictures that hang over the row and that no text names stand below the stem."""
    signs = [notation.write([notation.Figure(token)]) for token in dict.fromkeys(tokens)]
    return replace(content, stem="\n".join([content.stem, *signs]))
