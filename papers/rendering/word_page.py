"""The page of the Word files: A4, fonts, running head and foot, sealed strip, and bytes that do not change.

Word keeps the fonts of Chinese and of Latin text apart, so each style and run names both. The file carries no
name of a person and no time of day: its properties and its zip entries have fixed dates.
"""

import io
import zipfile
from datetime import UTC, date, datetime, time

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from papers.rendering.sheets import Head

SONG = "宋体"
HEI = "黑体"
LATIN = "Times New Roman"
BODY_SIZE = 10.5
# Exact, because the natural height of 宋体 differs from font to font, and with it the page breaks.
LINE_HEIGHT = 16
UNDATED = date(2000, 1, 1)
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
EMU_PER_MM = 36000
SPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    }.items()
)


def blank_page(name: str, day: date | None, left: float, right: float) -> Document:
    """An empty A4 document with the styles of a printed paper; margins in millimetres."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.top_margin, section.bottom_margin = Mm(21), Mm(18)
    section.header_distance, section.footer_distance = Mm(12), Mm(9)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(BODY_SIZE)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = Pt(LINE_HEIGHT)
    _anonymous(document, name, datetime.combine(day or UNDATED, time(), UTC))
    return document


def _anonymous(document: Document, name: str, day: datetime) -> None:
    properties = document.core_properties
    properties.title, properties.language = name[:255], "zh-CN"
    for field in ("author", "last_modified_by", "comments", "keywords", "subject", "category"):
        setattr(properties, field, "")
    properties.created = properties.modified = day
    properties.last_printed = day
    properties.revision = 1


def write(paragraph: Paragraph, text: str, size: float = BODY_SIZE, *, hei: bool = False) -> Run:
    """Adds text in 宋体, or in 黑体 for headings."""
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), hei or None
    if hei:
        run.font.name = HEI
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEI)  # noqa: SLF001 - python-docx offers no other way to name the Chinese font
    return run


def centred(document: Document, text: str, size: float, after: float = 4, *, hei: bool = False) -> Paragraph:
    """A centred line of its own."""
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.line_spacing = Pt(max(LINE_HEIGHT, size * 1.5))
    write(paragraph, text, size, hei=hei)
    return paragraph


def add_field(paragraph: Paragraph, code: str, size: float) -> None:
    """A field that Word counts itself: PAGE or NUMPAGES."""
    for kind in ("begin", "instruction", "separate", "shown", "end"):
        run = write(paragraph, "1" if kind == "shown" else "", size)
        if kind == "instruction":
            instruction = OxmlElement("w:instrText")
            instruction.text = code
            run._element.append(instruction)  # noqa: SLF001 - fields exist only as XML
        elif kind != "shown":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)  # noqa: SLF001 - fields exist only as XML


def running_lines(section: Section, head: Head) -> Paragraph:
    """Head and foot of every page; gives the head's paragraph, to which a sealed strip can be anchored."""
    text_width = 210 - section.left_margin.mm - section.right_margin.mm  # type: ignore[union-attr]
    top: Paragraph = section.header.paragraphs[0]
    bottom: Paragraph = section.footer.paragraphs[0]
    for paragraph in (top, bottom):
        # The template's own style brings tab stops that Letter paper needs.
        paragraph.style = "Normal"
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(text_width), WD_TAB_ALIGNMENT.RIGHT)
    write(top, head.secrecy, 9, hei=True)
    write(top, f"\t{head.number}", 9)
    write(bottom, f"{head.name}\t第 ", 9)
    add_field(bottom, "PAGE", 9)
    write(bottom, " 页　共 ", 9)
    add_field(bottom, "NUMPAGES", 9)
    write(bottom, " 页", 9)
    return top


def add_upright_box(paragraph: Paragraph, lines: list[str], left: int, width: int, number: int) -> None:
    """Anchors a text box as high as the page, whose lines read upwards, at so many millimetres from the left edge."""
    across, height = width * EMU_PER_MM, 261 * EMU_PER_MM
    content = "".join(_upright_line(line, last=line is lines[-1]) for line in lines)
    paragraph.add_run()._element.append(  # noqa: SLF001 - text boxes exist only as XML
        parse_xml(f"""<mc:AlternateContent {SPACES}><mc:Choice Requires="wps"><w:drawing>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{number}" behindDoc="0" locked="0"
 layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="page"><wp:posOffset>{left * EMU_PER_MM}</wp:posOffset></wp:positionH>
<wp:positionV relativeFrom="page"><wp:posOffset>{18 * EMU_PER_MM}</wp:posOffset></wp:positionV>
<wp:extent cx="{across}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>
<wp:docPr id="{number}" name="密封线 {number}"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{across}" cy="{height}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>
<wps:bodyPr vert="vert270" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"/></wps:wsp>
</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>""")
    )


def _upright_line(text: str, *, last: bool) -> str:
    after = 0 if last else 180
    return (
        f'<w:p><w:pPr><w:spacing w:before="0" w:after="{after}" w:line="280" w:lineRule="exact"/><w:jc w:val="center"/>'
        f'</w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{HEI}"/>'
        f'<w:sz w:val="20"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def without_borders(cell: _Cell, keep: str = "") -> None:
    """Takes the lines from around a cell, except on the side that is kept."""
    borders = OxmlElement("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        if side != keep:
            line = OxmlElement(f"w:{side}")
            line.set(qn("w:val"), "nil")
            borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001 - borders exist only as XML


def packed(document: Document) -> bytes:
    """The file's bytes, with the same date on every zip entry so that one form always gives one file."""
    raw, packed_again = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with (
        zipfile.ZipFile(raw) as source,
        zipfile.ZipFile(packed_again, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed_again.getvalue()
