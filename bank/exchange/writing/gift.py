"""Writing GIFT: items in words as they are, others as HTML in GIFT; what GIFT cannot hold is told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bank import notation
from bank.answers import Credit
from bank.content import LETTERS, RIGHT, ItemContent, ItemType
from bank.exchange.formats.gift import KEY_LEAD, RATIONALE_LEAD
from bank.exchange.formats.marking import marking_blocks
from bank.exchange.formats.material import with_material
from bank.exchange.formats.tags import write_tags
from bank.exchange.glyphs import clean
from bank.exchange.writing.gaps import plain_keys
from bank.exchange.writing.html import Dress, is_plain, tex, text_line
from bank.exchange.writing.items import Sheet, Written, WrittenItem, sheets, told
from bank.pictures import PictureFile

# Signs that would make a reader take plain words for HTML, formulas or a format.
_TELLING = re.compile(r"[<&$]|\\[(\[]")


def write(items: Sequence[WrittenItem], pictures: Mapping[str, PictureFile], title: str) -> Written:
    """The items as one GIFT file."""
    parts = [f"// {_comment(title)}\n\n"]
    left_out = []
    for sheet in sheets(items, pictures):
        if sheet.item.content.pictures():
            sheet.leave_out("GIFT 不能带图片，写成“〔图〕”")
        parts.append(_question(sheet))
        left_out += sheet.left_out
    return Written("".join(parts).encode(), told(left_out))


def _question(sheet: Sheet) -> str:
    content = sheet.item.content
    stem = with_material(content.material, content.stem)
    texts = (stem, *content.options, content.rationale)
    worded = "" if content.type in _SHORT_FORMS else _worded(content)
    marked_up = not all(is_plain(text) and not _TELLING.search(text) for text in (*texts, worded))
    pen = _Pen(_DRESS if marked_up else None)
    body, implied = _answers(sheet, pen, worded)
    tags = write_tags(sheet.tags(implied=implied))
    comment = "".join(f" [{_bracketed(tag, 'tag')}]" for tag in tags)
    head = f"// [{_bracketed(sheet.item.name, 'id')}]{comment}\n::{_escaped(clean(sheet.item.name))}::"
    return f"{head}{pen.question(stem)}{{{body}}}\n\n"


_DRESS = Dress(formula=tex, picture=lambda _: "")
_SHORT_FORMS = {ItemType.SINGLE, ItemType.MULTIPLE, ItemType.JUDGE}


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes texts in the one form that a question has: as HTML in a dress, or bare."""

    dress: Dress | None

    def question(self, text: str) -> str:
        """The text of a question behind the name of its form, which holds for its answers too."""
        return self._form() + self._written(text)

    def text(self, text: str) -> str:
        """Any other text; one that begins like the name of a form says its own form first."""
        written = self._written(text)
        return self._form() + written if re.match(r"\s*\[", written) else written

    def _form(self) -> str:
        return "[moodle]" if self.dress is None else "[html]"

    def _written(self, text: str) -> str:
        return _escaped(clean(notation.plain(text)) if self.dress is None else text_line(text, self.dress))

    def answer(self, sign: str, percent: str, text: str) -> str:
        """One answer, its share written out where it is not usual or where the text could be taken for one."""
        written = self.text(text)
        if not percent and re.match(r"\s*%", written):
            percent = "100" if sign == "=" else "0"
        return f"\n\t{sign}{f'%{percent}%' if percent else ''}{written}"


def _answers(sheet: Sheet, pen: _Pen, worded: str) -> tuple[str, ItemType]:
    """What stands in the braces, and the type that a reader will see in it."""
    content = sheet.item.content
    general = f"\n\t####{pen.text(content.rationale)}" if content.rationale else ""
    if content.type is ItemType.JUDGE:
        return f"{'TRUE' if content.key == RIGHT else 'FALSE'}{general}", ItemType.JUDGE
    if content.type is ItemType.SINGLE:
        signs = [("=", "") if LETTERS[n] in content.key else ("~", "") for n in range(len(content.options))]
        return _offered(content, pen, signs) + general + "\n", ItemType.SINGLE
    if content.type is ItemType.MULTIPLE:
        return _several(sheet, pen) + general + "\n", ItemType.MULTIPLE
    accepted = plain_keys(content.key) if content.type is ItemType.BLANK else ()
    if len(accepted) == 1 and not any("->" in one for one in accepted[0]):
        taken = "".join(f"\n\t={'%100%' if one.startswith('%') else ''}{_escaped(clean(one))}" for one in accepted[0])
        return taken + general + "\n", ItemType.BLANK
    if content.type is ItemType.BLANK:
        sheet.leave_out("GIFT 一题只能有一个空，写成问答题")
    return f"####{pen.text(worded)}", ItemType.SHORT


def _several(sheet: Sheet, pen: _Pen) -> str:
    content = sheet.item.content
    if content.credit is not Credit.SHARE and len(content.key) > 1:
        sheet.leave_out("GIFT 没有这种少选给分办法，在别的系统中会按选对的比例给分")
    share = f"{100 / max(1, len(content.key)):.5f}".rstrip("0").rstrip(".")
    signs = [("~", share) if LETTERS[n] in content.key else ("~", "-100") for n in range(len(content.options))]
    return _offered(content, pen, signs)


def _offered(content: ItemContent, pen: _Pen, signs: Sequence[tuple[str, str]]) -> str:
    pairs = zip(signs, content.options, strict=True)
    return "".join(pen.answer(sign, percent, option) for (sign, percent), option in pairs)


def _worded(content: ItemContent) -> str:
    """Key, rubric, task and rationale of an answer in words, as the one general feedback."""
    blocks = notation.write(marking_blocks(content))
    told_apart = content.rationale or f"\n{RATIONALE_LEAD}" in blocks
    return _led(KEY_LEAD, blocks) + (f"\n{_led(RATIONALE_LEAD, content.rationale)}" if told_apart else "")


def _led(lead: str, text: str) -> str:
    """A text behind its lead; a table or picture needs a line of its own."""
    return f"{lead}\n{text}" if text.startswith(("|", "![")) else f"{lead}{text}"


def _escaped(text: str) -> str:
    """Text with the signs of GIFT made plain."""
    return re.sub(r"[\\~=#{}:]", r"\\\g<0>", text).replace("\n", "\\n")


def _comment(text: str) -> str:
    return re.sub(r"\s+", " ", clean(text))


def _bracketed(text: str, name: str) -> str:
    return f"{name}:{_comment(text).replace(']', chr(92) + ']')}"
