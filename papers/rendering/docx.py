"""Printed sheets as editable Word files: the same words and measures as the PDF, in 宋体 and 黑体.

The heads of schools like to touch up a paper in Word; a touched-up paper is no longer the sealed one, so the PDF is
what goes to the candidates.
"""

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from bank.content import ItemContent
from papers.rendering import sheets, wording
from papers.rendering.sheets import PrintedForm, PrintedItem, PrintedSection
from papers.rendering.word_lines import Pictures, flow, write_blocks
from papers.rendering.word_page import (
    BODY_SIZE,
    add_upright_box,
    blank_page,
    centred,
    packed,
    running_lines,
    without_borders,
    write,
)
from papers.rendering.wording import Blocks

TEXT_WIDTH = 162
WIDE_TEXT_WIDTH = 170
INDENT = Pt(sheets.INDENT_EMS * BODY_SIZE)
NUMBER_BOXES = 18
DASHES = "－" * 17
STRIP_LINE = f"{DASHES}密{DASHES}封{DASHES}线{DASHES}"


def paper_docx(form: PrintedForm) -> bytes:
    """The question paper."""
    head = sheets.head(form, sheets.PAPER)
    document = _sheet(form, head, sealed=True)
    centred(document, "　　".join(head.facts), BODY_SIZE, 8)
    centred(document, "注　意　事　项", 11, hei=True)
    for number, note in enumerate(sheets.notes(form), 1):
        _hanging(document.add_paragraph(), f"{number}．{note}")
    _score_table(document, [sheets.numeral(index) for index, _ in enumerate(form.sections, 1)])
    for index, section in enumerate(form.sections, 1):
        _section_head(document, sheets.section_title(index, section))
        under = sheets.materials(section)
        for item in section.items:
            if item.number in under:
                _material(document, *under[item.number], form.pictures)
            _question(document, item, section, form.pictures)
    return packed(document)


def answer_sheet_docx(form: PrintedForm) -> bytes:
    """The answer sheet that belongs to the paper."""
    document = _sheet(form, sheets.head(form, sheets.ANSWER_SHEET), sealed=False)
    _name_and_number(document)
    _hanging(
        document.add_paragraph(),
        "填涂说明　请用2B铅笔将选中的字母涂满涂黑；修改时用橡皮擦净。不得折叠、弄破答题卡，方括号以外不要作任何标记。",
    )
    write(document.add_paragraph(), "缺考 [　]　　违纪 [　]　（由监考人员填涂）　　监考人员签名：" + "_" * 18)
    for index, section in enumerate(form.sections, 1):
        _heading(document, sheets.section_head(index, section))
        if signs := sheets.bubbles(section):
            _bubble_table(document, section, signs, sheets.groups_across(form))
        else:
            for item in section.items:
                _answer_room(document, item, section)
    return packed(document)


def key_docx(form: PrintedForm) -> bytes:
    """The key of this very form or copy, for the marker."""
    head = sheets.head(form, sheets.KEY)
    document = _sheet(form, head, sealed=False)
    centred(document, "　　".join(head.facts), BODY_SIZE, 4)
    for index, section in enumerate(form.sections, 1):
        _heading(document, sheets.section_head(index, section))
        if sheets.bubbles(section):
            _key_table(document, section)
        else:
            for item in section.items:
                _key_words(document, item, form.pictures)
    return packed(document)


def preparation_docx(form: PrintedForm) -> bytes:
    """What site and candidates prepare for the practical items; the questions themselves are not on it."""
    head = sheets.head(form, sheets.PREPARATION)
    document = _sheet(form, head, sealed=False)
    centred(document, "　　".join(head.facts), BODY_SIZE, 4)
    for item, blocks in sheets.prepared(form):
        _heading(document, f"第 {item.number} 题")
        flow(document, blocks, form.pictures, INDENT, Length(0))
    return packed(document)


def _sheet(form: PrintedForm, head: sheets.Head, *, sealed: bool) -> Document:
    document = blank_page(head.name, form.used_on, *((33, 15) if sealed else (20, 20)))
    top = running_lines(document.sections[0], head)
    institution = centred(document, head.institution, 12)
    if sealed:
        fields = "　".join(f"{name}：{'_' * round(length / 1.9)}" for name, length in sheets.SEAL_FIELDS)
        add_upright_box(institution, [fields], left=6, width=7, number=1)
        add_upright_box(top, ["　".join(sheets.SEAL_WARNING), STRIP_LINE], left=16, width=13, number=2)
    centred(document, head.title, 20, hei=True)
    centred(document, head.subject, 15, hei=True)
    centred(document, head.form, 12, 8)
    return document


def _hanging(paragraph: Paragraph, text: str, left: Length = INDENT) -> Paragraph:
    paragraph.paragraph_format.left_indent = left
    paragraph.paragraph_format.first_line_indent = -INDENT
    write(paragraph, text)
    return paragraph


def _heading(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(12), Pt(6)
    paragraph.paragraph_format.keep_with_next = True
    write(paragraph, text, 11, hei=True)


def _table(document: Document, rows: int, widths: list[float]) -> Table:
    table: Table = document.add_table(rows, len(widths), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for place, cell in enumerate(table._cells):  # noqa: SLF001 - row.cells is quadratic
        cell.width = Mm(widths[place % len(widths)])
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return table


def _fill(cell: _Cell, text: str, *, hei: bool = False) -> None:
    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(cell.paragraphs[0], text, hei=hei)


def _score_table(document: Document, numerals: list[str]) -> None:
    _gap(document, 10)
    table = _table(document, 3, [16, *[16] * len(numerals), 18])
    for cell, text in zip(table.rows[0].cells, ["题号", *numerals, "总分"], strict=True):
        _fill(cell, text)
    for row, text in zip(table.rows[1:], ("得分", "评分人"), strict=True):
        row.height = Mm(8)
        _fill(row.cells[0], text)


def _section_head(document: Document, title: str) -> None:
    """The little table of 得分 and 评分人, with the heading beside it."""
    _gap(document, 12, keep=True)
    table = _table(document, 2, [15, 16, TEXT_WIDTH - 31])
    for cell, text in zip(table.rows[0].cells, ("得分", "评分人"), strict=False):
        _fill(cell, text)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    table.rows[1].height = Mm(7)
    for row in table.rows:
        without_borders(row.cells[2], keep="left")
    heading = table.cell(0, 2).merge(table.cell(1, 2))
    heading.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    write(heading.paragraphs[0], title, 11, hei=True)
    for cell in table.rows[1].cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    _gap(document, 4, keep=True)


def _gap(document: Document, points: float, *, keep: bool = False) -> None:
    gap = document.add_paragraph().paragraph_format
    gap.line_spacing, gap.keep_with_next = Pt(points), keep


def _material(document: Document, title: str, read: Blocks, pictures: Pictures) -> None:
    _heading(document, title)
    for row in flow(document, read, pictures, INDENT, Length(0)):
        row.paragraph_format.keep_with_next = True


def _question(document: Document, item: PrintedItem, section: PrintedSection, pictures: Pictures) -> None:
    rows = flow(document, sheets.item_blocks(item, section), pictures, INDENT, INDENT)
    rows[0].paragraph_format.space_before = Pt(3)
    rows += _option_rows(document, item.content, pictures)
    rows += [document.add_paragraph() for _ in range(sheets.ANSWER_LINES.get(section.type, 0))]
    if sheets.stays_whole(item, section, pictures):
        for row in rows:
            row.paragraph_format.keep_together = True
        for row in rows[:-1]:
            row.paragraph_format.keep_with_next = True


def _option_rows(document: Document, content: ItemContent, pictures: Pictures) -> list[Paragraph]:
    options = wording.options(content)
    count = sheets.option_columns(content, pictures)
    if count == 1:
        return [row for option in options for row in flow(document, option, pictures, Length(2 * INDENT), INDENT)]
    rows = []
    for start in range(0, len(options), count):
        row = document.add_paragraph()
        row.paragraph_format.left_indent = INDENT
        for place, option in enumerate(options[start : start + count]):
            if place:
                row.paragraph_format.tab_stops.add_tab_stop(Length(INDENT + (Mm(TEXT_WIDTH) - INDENT) * place // count))
                write(row, "\t")
            write_blocks(row, option, pictures)
        rows.append(row)
    return rows


def _name_and_number(document: Document) -> None:
    table = _table(document, 1, [46, 27, *[5.3] * NUMBER_BOXES])
    table.rows[0].height = Mm(7)
    for cell, text in zip(table.rows[0].cells, ("姓名：" + "_" * 16, "准考证号："), strict=False):
        without_borders(cell)
        write(cell.paragraphs[0], text, hei=text.startswith("准"))
    _gap(document, 8)


def _bubble_table(document: Document, section: PrintedSection, signs: str, across: int) -> None:
    """Groups of five, borderless, as many side by side as the widest section allows."""
    groups = [section.items[start : start + 5] for start in range(0, len(section.items), 5)]
    table = _table(document, -(-len(groups) // across), [WIDE_TEXT_WIDTH / across] * across)
    for place, group in enumerate(groups):
        cell = table.cell(*divmod(place, across))
        for row, item in enumerate(group):
            paragraph = cell.add_paragraph() if row else cell.paragraphs[0]
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(9))
            write(paragraph, f"{item.number}\t" + " ".join(f"[{sign}]" for sign in signs), 10)
        cell.paragraphs[-1].paragraph_format.space_after = Pt(6)
    for cell in table._cells:  # noqa: SLF001 - row.cells is quadratic
        without_borders(cell)


def _answer_room(document: Document, item: PrintedItem, section: PrintedSection) -> None:
    count = sheets.ANSWER_LINES.get(section.type, 1)
    table = _table(document, count, [WIDE_TEXT_WIDTH])
    for place, row in enumerate(table.rows, 1):
        row.height = Mm(8)
        row.cells[0].paragraphs[0].paragraph_format.keep_with_next = place < count
    write(table.cell(0, 0).paragraphs[0], sheets.label(item))
    _gap(document, 6)


def _key_table(document: Document, section: PrintedSection) -> None:
    rows = [section.items[start : start + 10] for start in range(0, len(section.items), 10)]
    table = _table(document, 2 * len(rows), [15, *[15.5] * 10])
    cells = table._cells  # noqa: SLF001 - row.cells is quadratic
    for index, row in enumerate(rows):
        numbers, keys = cells[22 * index : 22 * index + 11], cells[22 * index + 11 : 22 * index + 22]
        _fill(numbers[0], "题号")
        _fill(keys[0], "答案")
        for number, key, item in zip(numbers[1:], keys[1:], row, strict=False):
            _fill(number, str(item.number))
            _fill(key, sheets.key_text(item.content), hei=True)


def _key_words(document: Document, item: PrintedItem, pictures: Pictures) -> None:
    flow(document, wording.led(sheets.key_blocks(item.content), sheets.label(item)), pictures, INDENT, INDENT)
    for point in sheets.guidance(item):
        flow(document, point, pictures, Length(2 * INDENT), INDENT)
