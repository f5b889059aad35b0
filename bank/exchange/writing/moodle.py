"""Writing Moodle XML: native question types, pictures inside the file, attributes as tags."""

import base64
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from bank.answers import Credit
from bank.content import LETTERS, RIGHT, ItemContent, ItemType
from bank.exchange.formats import cloze
from bank.exchange.formats.marking import marking_blocks
from bank.exchange.formats.material import with_material
from bank.exchange.formats.tags import write_tags
from bank.exchange.glyphs import clean
from bank.exchange.writing.gaps import plain_keys, with_gaps
from bank.exchange.writing.html import Dress, Gap, page, tex, text_line, text_page
from bank.exchange.writing.items import ENDINGS, Sheet, Written, WrittenItem, sheets, told
from bank.pictures import PictureFile


def write(items: Sequence[WrittenItem], pictures: Mapping[str, PictureFile], title: str) -> Written:
    """The items as one Moodle XML file."""
    quiz = etree.Element("quiz")
    quiz.append(etree.Comment(clean(title).replace("-", "－")))
    left_out = []
    for sheet in sheets(items, pictures):
        quiz.append(_question(sheet))
        left_out += sheet.left_out
    return Written(etree.tostring(quiz, encoding="UTF-8", xml_declaration=True, pretty_print=True), told(left_out))


@dataclass(slots=True)
class _Draw:
    """The element of one question and the dress that its texts wear; pictures are kept beside their text."""

    sheet: Sheet
    node: etree._Element = field(default_factory=lambda: etree.Element("question"))
    files: dict[str, PictureFile] = field(default_factory=dict)

    def dress(self, gap: Callable[[Gap], str] | None = None) -> Dress:
        """How texts are written; with a way to ask in gaps, braces mean something."""
        plain = Dress(formula=tex, picture=self.address)
        return plain if gap is None else Dress(tex, self.address, gap, braces=True)

    def address(self, token: str) -> str:
        """The address of a picture within this file, or nothing."""
        file = self.sheet.picture(token)
        if file is None:
            return ""
        name = f"{token}{ENDINGS[file.media_type]}"
        self.files[name] = file
        return f"@@PLUGINFILE@@/{name}"

    def marked_up(self, parent: etree._Element, name: str, shown: str, **attributes: str) -> etree._Element:
        """A child that holds HTML and the pictures it shows."""
        node = etree.SubElement(parent, name, {**attributes, "format": "html"})
        etree.SubElement(node, "text").text = shown
        for file_name, file in self.files.items():
            held = etree.SubElement(node, "file", {"name": file_name, "path": "/", "encoding": "base64"})
            held.text = base64.b64encode(file.data).decode()
        self.files = {}
        return node

    def value(self, name: str, text: str) -> None:
        """A child that holds bare characters."""
        etree.SubElement(self.node, name).text = text


def _question(sheet: Sheet) -> etree._Element:
    content, draw = sheet.item.content, _Draw(sheet)
    kind, shown, gaps = _asked(draw)
    draw.node.set("type", kind)
    etree.SubElement(etree.SubElement(draw.node, "name"), "text").text = clean(sheet.item.name)
    draw.marked_up(draw.node, "questiontext", shown)
    draw.marked_up(draw.node, "generalfeedback", text_page(content.rationale, draw.dress()))
    draw.value("defaultgrade", f"{content.marks / 2 if content.marks else 1:.7f}")
    draw.value("penalty", "0.3333333")
    draw.value("hidden", "0")
    draw.value("idnumber", clean(sheet.item.name))
    _ANSWERS[kind](draw)
    tags = etree.Element("tags")
    for tag in write_tags(sheet.tags(implied=_implied(kind, content), gaps=gaps)):
        etree.SubElement(etree.SubElement(tags, "tag"), "text").text = clean(tag)
    if len(tags):
        draw.node.append(tags)
    return draw.node


def _asked(draw: _Draw) -> tuple[str, str, list[str]]:
    """Moodle's type for an item, its question text, and what its gaps show."""
    content = draw.sheet.item.content
    stem = with_material(content.material, content.stem)
    accepted = plain_keys(content.key) if content.type is ItemType.BLANK else ()
    if len(accepted) > 1:
        lines, shown = with_gaps(stem, len(accepted))
        return "cloze", page(lines, draw.dress(lambda gap: _field(accepted[gap.number]))), shown
    kind = "shortanswer" if accepted else _KINDS.get(content.type, "essay")
    return kind, text_page(stem, draw.dress()), []


_KINDS = {ItemType.SINGLE: "multichoice", ItemType.MULTIPLE: "multichoice", ItemType.JUDGE: "truefalse"}


def _implied(kind: str, content: ItemContent) -> ItemType:
    """The type that a reader sees in Moodle's type."""
    if kind == "essay":
        return ItemType.PRACTICAL if content.task else ItemType.SHORT
    return content.type


def _field(answers: Sequence[str]) -> str:
    """An embedded short answer."""
    written = (cloze.escaped(html.escape(clean(one), quote=False)) for one in answers)
    return "{1:SHORTANSWER:" + "~".join(f"={one}" for one in written) + "}"


def _choice(draw: _Draw) -> None:
    content = draw.sheet.item.content
    several = content.type is ItemType.MULTIPLE
    if several and content.credit is not Credit.SHARE and len(content.key) > 1:
        draw.sheet.leave_out("Moodle 没有这种少选给分办法，在那里会按选对的比例给分")
    draw.value("single", "false" if several else "true")
    draw.value("shuffleanswers", "false")
    draw.value("answernumbering", "ABCD")
    right = f"{100 / max(1, len(content.key)):.5f}".rstrip("0").rstrip(".") if several else "100"
    for letter, option in zip(LETTERS, content.options, strict=False):
        fraction = right if letter in content.key else "-100" if several else "0"
        _answer(draw, text_line(option, draw.dress()), fraction)


def _answer(draw: _Draw, shown: str, fraction: str) -> None:
    node = draw.marked_up(draw.node, "answer", shown, fraction=fraction)
    etree.SubElement(etree.SubElement(node, "feedback", format="html"), "text")


def _verdict(draw: _Draw) -> None:
    right = draw.sheet.item.content.key == RIGHT
    for word, fraction in (("true", "100" if right else "0"), ("false", "0" if right else "100")):
        _bare_answer(draw, word, fraction)


def _accepted(draw: _Draw) -> None:
    draw.value("usecase", "0")
    for answer in plain_keys(draw.sheet.item.content.key)[0]:
        _bare_answer(draw, clean(answer), "100")


def _bare_answer(draw: _Draw, text: str, fraction: str) -> None:
    node = etree.SubElement(draw.node, "answer", fraction=fraction, format="moodle_auto_format")
    etree.SubElement(node, "text").text = text
    etree.SubElement(etree.SubElement(node, "feedback", format="html"), "text")


def _marking(draw: _Draw) -> None:
    for name, value in (("responseformat", "editor"), ("responserequired", "1"), ("responsefieldlines", "10")):
        draw.value(name, value)
    blocks = marking_blocks(draw.sheet.item.content)
    draw.marked_up(draw.node, "graderinfo", page(blocks, draw.dress()) if blocks else "")


def _nothing(_: _Draw) -> None:
    """Embedded answers stand in the question text."""


_ANSWERS: dict[str, Callable[[_Draw], None]] = {
    "multichoice": _choice,
    "truefalse": _verdict,
    "shortanswer": _accepted,
    "cloze": _nothing,
    "essay": _marking,
}
