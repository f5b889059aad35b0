"""Writing a .docx file of items that people edit in Word and our reader takes back: real formulas, pictures, tables.

Each paragraph's style says what it is, so a stem may hold anything; labels such as A． and 【答案】 are there for
people, and for readers that know no styles.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import docx
import PIL.Image
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.parts.image import ImagePart
from docx.shared import Emu, Pt, RGBColor
from lxml import etree

from bank import notation
from bank.content import CHOICE_TYPES, LETTERS, TYPE_NAMES, ItemType
from bank.exchange.glyphs import clean
from bank.exchange.office.wordruns import FIELD, HEADING, LABEL, LITERAL, MATERIAL, OPTION, PICTURE_TITLE, STEM, W
from bank.exchange.ownword import LABELS, material_label
from bank.exchange.standard import written
from bank.exchange.writing.items import LeftOut, Written, WrittenItem, told
from bank.exchange.writing.xlsx import set_numbers
from bank.formulas import latex, omml
from bank.notation import Blank, Block, Formula, Image, Mark, Paragraph, Run, Table, Text
from bank.pictures import PictureFile

_IDS = {name: f"Tidun{number}" for number, name in enumerate((HEADING, STEM, OPTION, FIELD, MATERIAL, LABEL, LITERAL))}
_LOOKS = {Mark.SUB: "subscript", Mark.SUP: "superscript"}
# Signs that would be read as typed formulas and marks if they stood in plain type.
_LITERAL = re.compile(r"(\$|\\(?=[(\[])|<(?=/?su[bp]>))", re.IGNORECASE)
_ATTRIBUTES = (
    "id",
    "set",
    "point_code",
    "difficulty",
    "consistency",
    "cognition",
    "importance",
    "marks",
    "credit",
    "secrecy",
)
_FIELDS = ("answer", "rationale", "rubric", "task", "parameters", "source")
_NUMERALS = "一二三四五六七八"
_WIDEST = 5_400_000
_PIXEL = 9525


def write(items: Sequence[WrittenItem], pictures: Mapping[str, PictureFile], title: str) -> Written:
    """The items as an editable Word file; what Word cannot hold is told."""
    page = _Page(pictures)
    page.document.core_properties.title = title
    sets, kinds = set_numbers(items), dict.fromkeys(item.content.type for item in items)
    given: set[str] = set()
    kind: ItemType | None = None
    for number, item in enumerate(items, start=1):
        page.item = (number, item)
        if item.content.type is not kind:
            kind = item.content.type
            place = _NUMERALS[list(kinds).index(kind) % len(_NUMERALS)]
            page.put(HEADING, f"{place}、", TYPE_NAMES[kind])
        material = item.content.material
        if material and material not in given:
            given.add(material)
            page.put(MATERIAL, material_label(sets[material]), material)
        _put_item(page, number, item, written(item, sets.get(material, "")))
    return Written(page.saved(), told(page.left_out))


def _put_item(page: "_Page", number: int, item: WrittenItem, cells: Mapping[str, str]) -> None:
    page.put(STEM, f"{number}．", cells["stem"])
    if item.content.type in CHOICE_TYPES:
        for letter, option in zip(LETTERS, item.content.options, strict=False):
            page.put(OPTION, f"{letter}．", option)
    for role in _FIELDS:
        if cells[role]:
            page.put(FIELD, LABELS[role], cells[role])
    page.put_attributes([(LABELS[role], cells[role]) for role in _ATTRIBUTES if cells[role]])


class _Page:
    """The document while it is written, and the item that is being put down."""

    def __init__(self, pictures: Mapping[str, PictureFile]) -> None:
        self.document = docx.Document()
        self.end: Any = self.document.element.body.sectPr
        self.pictures = pictures
        self.left_out: list[LeftOut] = []
        self.item: tuple[int, WrittenItem] | None = None
        self._shown = 0
        self._relations: dict[str, str] = {}
        _add_styles(self.document)

    def put(self, style: str, label: str, text: str) -> None:
        """A labelled text: its first line behind the label, further lines and tables below."""
        blocks = list(notation.parse(clean(text)))
        first = blocks[0] if blocks else None
        runs = first.runs if isinstance(first, Paragraph) else ()
        self._add(_paragraph(style, [_label(label), *self._runs(runs)]))
        for block in blocks[1:] if isinstance(first, Paragraph) else blocks:
            self._add(self._block(style, block))

    def put_attributes(self, fields: Iterable[tuple[str, str]]) -> None:
        """Short fields side by side in one paragraph."""
        runs = [run for label, text in fields for run in (_label(label), *_plain_runs(text, Mark.PLAIN))]
        if runs:
            self._add(_paragraph(FIELD, runs))

    def _add(self, element: Any) -> None:
        self.end.addprevious(element)

    def _block(self, style: str, block: Block) -> Any:
        if isinstance(block, Table):
            return self._table(block)
        runs = block.runs if isinstance(block, Paragraph) else (Image(block.token, block.caption),)
        return _paragraph(style, self._runs(runs))

    def _runs(self, runs: Iterable[Run]) -> Iterator[Any]:
        for run in runs:
            if isinstance(run, Text):
                yield from _plain_runs(run.text, run.mark)
            elif isinstance(run, Blank):
                yield from _plain_runs("_" * run.width, Mark.PLAIN)
            elif isinstance(run, Formula):
                yield omml.write(latex.parse(run.latex))
            else:
                yield self._picture(run)

    def _picture(self, image: Image) -> Any:
        file = self.pictures.get(image.token)
        if file is None:
            if self.item is not None:
                self.left_out.append(LeftOut(self.item[0], self.item[1].name, "有图片已失效，写成“〔图〕”"))
            return next(_plain_runs(notation.PICTURE, Mark.PLAIN))
        self._shown += 1
        with PIL.Image.open(io.BytesIO(file.data)) as opened:
            width, height = opened.width * _PIXEL, opened.height * _PIXEL
        scale = min(1.0, _WIDEST / max(1, width))
        size = Emu(max(1, int(width * scale))), Emu(max(1, int(height * scale)))
        inline = CT_Inline.new_pic_inline(self._shown, self._relation(image.token, file), image.token, *size)
        inline.docPr.set("title", PICTURE_TITLE)
        inline.docPr.set("descr", image.caption)
        run = etree.Element(f"{W}r")
        etree.SubElement(run, f"{W}drawing").append(inline)
        return run

    def _relation(self, token: str, file: PictureFile) -> str:
        """The relation to a picture's part, made once; the library's own way looks through all parts for each."""
        if token not in self._relations:
            ending = "jpeg" if file.media_type == "image/jpeg" else "png"
            name = PackURI(f"/word/media/picture{len(self._relations) + 1}.{ending}")
            part = ImagePart(name, file.media_type, file.data)
            relation = f"rIdPicture{len(self._relations) + 1}"
            self.document.part.rels.add_relationship(RELATIONSHIP_TYPE.IMAGE, part, relation)
            self._relations[token] = relation
        return self._relations[token]

    def _table(self, table: Table) -> Any:
        made = etree.Element(f"{W}tbl")
        properties = etree.SubElement(made, f"{W}tblPr")
        borders = etree.SubElement(properties, f"{W}tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            etree.SubElement(borders, f"{W}{side}", {f"{W}val": "single", f"{W}sz": "4"})
        for row in table.rows:
            line = etree.SubElement(made, f"{W}tr")
            for cell in row:
                held = etree.SubElement(line, f"{W}tc")
                held.append(_paragraph(FIELD, self._runs(cell)))
        return made

    def saved(self) -> bytes:
        """The bytes of the finished file."""
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()


def _paragraph(style: str, runs: Iterable[Any]) -> Any:
    made = etree.Element(f"{W}p")
    properties = etree.SubElement(made, f"{W}pPr")
    etree.SubElement(properties, f"{W}pStyle", {f"{W}val": _IDS[style]})
    made.extend(runs)
    return made


def _label(text: str) -> Any:
    return _run(text, [("rStyle", _IDS[LABEL])])


def _plain_runs(text: str, mark: Mark) -> Iterator[Any]:
    """A text as runs, with the signs that are nothing but characters in a style of their own."""
    looks: list[tuple[str, str]] = []
    if mark in _LOOKS:
        looks = [("vertAlign", _LOOKS[mark])]
    elif mark:
        looks = [("u", "single")] if mark is Mark.UNDERLINE else [("em", "dot")]
    for at, piece in enumerate(_LITERAL.split(text) if not mark else [text]):
        if piece:
            yield _run(piece, [("rStyle", _IDS[LITERAL])] if at % 2 else looks)


def _run(text: str, looks: Iterable[tuple[str, str]]) -> Any:
    made = etree.Element(f"{W}r")
    properties = etree.SubElement(made, f"{W}rPr")
    for name, value in looks:
        etree.SubElement(properties, f"{W}{name}", {f"{W}val": value})
    for at, piece in enumerate(text.split("\t")):
        if at:
            etree.SubElement(made, f"{W}tab")
        if piece:
            held = etree.SubElement(made, f"{W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
            held.text = piece
    return made


def _add_styles(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "宋体", Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    for name, style_id in _IDS.items():
        inline = name in {LABEL, LITERAL}
        style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER if inline else WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), style_id)
        if not inline:
            style.base_style, style.paragraph_format.space_after = normal, Pt(0)
            style.paragraph_format.left_indent = Pt(21) if name in {OPTION, FIELD} else Pt(0)
            style.paragraph_format.space_before = Pt(8) if name in {HEADING, STEM, MATERIAL} else Pt(0)
        if name == HEADING:
            style.font.bold, style.font.size = True, Pt(12)
        elif name == FIELD:
            style.font.size, style.font.color.rgb = Pt(9), RGBColor(0x44, 0x44, 0x44)
