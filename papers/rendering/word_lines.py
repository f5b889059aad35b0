"""The blocks of an item in a Word file: runs with their marks, real Word formulas, pictures, tables."""

from collections.abc import Iterable, Mapping
from io import BytesIO

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree

from bank.formulas import latex, omml
from bank.notation import PICTURE, Blank, Figure, Formula, Image, Mark, Paragraph, Run, Table, Text
from papers.rendering import sheets, wording
from papers.rendering.word_page import LINE_HEIGHT, write
from papers.rendering.wording import Blocks

Pictures = Mapping[str, bytes]
WIDEST_EMS = 17.0
WIDEST_MM = 158.0


def flow(document: Document, read: Blocks, pictures: Pictures, left: Length, hang: Length) -> list[WordParagraph]:
    """The blocks one under another; gives the paragraphs among them, of which there is at least one."""
    made: list[WordParagraph] = []
    for block in read:
        if isinstance(block, Table):
            _table(document, block, pictures)
            continue
        paragraph = document.add_paragraph()
        if isinstance(block, Figure):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _picture(paragraph, block.token, block.caption, pictures, wording.FIGURE_MM)
        else:
            paragraph.paragraph_format.left_indent = left
            paragraph.paragraph_format.first_line_indent = Length(0 if made else -hang)
            _runs(paragraph, block.runs, pictures)
        made.append(paragraph)
    return made or [document.add_paragraph()]


def write_blocks(paragraph: WordParagraph, read: Blocks, pictures: Pictures) -> None:
    """Blocks of one line into a paragraph that is there already."""
    for block in read:
        if isinstance(block, Paragraph):
            _runs(paragraph, block.runs, pictures)


def _runs(paragraph: WordParagraph, runs: Iterable[Run], pictures: Pictures) -> None:
    for run in runs:
        match run:
            case Text(text, mark):
                _text(paragraph, text, mark)
            case Blank(width):
                write(paragraph, "_" * width)
            case Formula(body):
                _formula(paragraph, body)
            case Image(token, caption):
                _picture(paragraph, token, caption, pictures, wording.IMAGE_MM)


def _text(paragraph: WordParagraph, text: str, mark: Mark) -> None:
    font = write(paragraph, text).font
    match mark:
        case Mark.SUB:
            font.subscript = True
        case Mark.SUP:
            font.superscript = True
        case Mark.UNDERLINE:
            font.underline = True
        case Mark.STRONG:
            font.bold = True
        case Mark.PLAIN:
            pass


def _formula(paragraph: WordParagraph, body: str) -> None:
    # Built by another lxml parser, the element must be read again to become one of python-docx's own.
    element = parse_xml(etree.tostring(omml.write(latex.parse(body))))
    paragraph._p.append(element)  # noqa: SLF001 - formulas exist only as XML
    _unfix(paragraph)


def _picture(paragraph: WordParagraph, token: str, caption: str, pictures: Pictures, most: tuple[float, float]) -> None:
    data = pictures.get(token)
    if not data:
        write(paragraph, f"{PICTURE}{caption}")
        return
    width, height = wording.size(data, most)
    shape = paragraph.add_run().add_picture(BytesIO(data), width=Mm(width), height=Mm(height))
    shape._inline.docPr.set("descr", caption)  # noqa: SLF001 - the alternative text exists only as XML
    _unfix(paragraph)


def _unfix(paragraph: WordParagraph) -> None:
    """An exact line height would cut off what is taller than a line."""
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    paragraph.paragraph_format.line_spacing = Pt(LINE_HEIGHT)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST


def _table(document: Document, block: Table, pictures: Pictures) -> None:
    table = document.add_table(len(block.rows), max(len(cells) for cells in block.rows), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = _widths(block, pictures)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row, cells in zip(table.rows, block.rows, strict=True):
        for cell, runs, width in zip(row.cells, cells, widths, strict=False):
            cell.width, cell.vertical_alignment = width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            _runs(cell.paragraphs[0], runs, pictures)


def _widths(block: Table, pictures: Pictures) -> list[Mm]:
    """As wide as the words of each column, within limits, and together no wider than the page."""
    ems = [0.0] * max(len(cells) for cells in block.rows)
    for cells in block.rows:
        for place, runs in enumerate(cells):
            ems[place] = max(ems[place], sheets.width(wording.measured((Paragraph(runs),), pictures)))
    millimetres = [min(max(each + 2, 4), WIDEST_EMS) * wording.EM_MM for each in ems]
    scale = min(1.0, WIDEST_MM / sum(millimetres))
    return [Mm(each * scale) for each in millimetres]
