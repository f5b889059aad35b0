"""Pictures of Word and Excel files: in the part of the question where they stand, clean, each under its token."""

import io
from typing import Any

import openpyxl
from docx.document import Document
from docx.shared import Mm
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image

from bank.exchange.intake import read_items
from bank.exchange.reading import Reading
from bank.notation import tokens
from tests.bank.exchange.question_files import contents, document, with_member, workbook

HEADER = ["题型", "题干", "选项A", "选项B", "答案", "解析"]
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"


def png(shade: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (8, 6), shade).save(stream, "PNG")
    return stream.getvalue()


def sheet_with(*pictures: tuple[str, int], rows: list[list[str]]) -> Reading:
    """A workbook with pictures hung over cells."""

    def shape(book: Any) -> None:
        for cell, shade in pictures:
            image = SheetImage(io.BytesIO(png(shade)))
            image.anchor = cell
            book.active.add_image(image)

    return read_items("题库.xlsx", workbook(("试题", [HEADER, *rows]), shape=shape))


def test_pictures_of_a_sheet_belong_to_their_row_and_column() -> None:
    rows = [
        ["单选题", "下图所示的量具是（ ）。", "", "钢直尺", "A", ""],
        ["判断题", "游标卡尺可测深度。", "", "", "正确", "见图"],
    ]
    reading = sheet_with(("B2", 10), ("C2", 20), ("H3", 30), ("F3", 40), rows=rows)
    first, second = contents(reading)
    assert len(tokens(first.stem)) == 1
    assert first.stem.startswith("下图所示的量具是（ ）。\n![")
    assert len(tokens(first.options[0])) == 1
    assert first.options[1] == "钢直尺"
    assert len(tokens(second.stem)) == len(tokens(second.rationale)) == 1
    assert set(reading.pictures) == {*first.pictures(), *second.pictures()}
    assert {file.media_type for file in reading.pictures.values()} == {"image/png"}


def test_a_picture_beside_an_empty_row_belongs_to_the_question_above() -> None:
    reading = sheet_with(("B3", 10), rows=[["判断题", "图示为千分尺。", "", "", "正确", ""]])
    (content,) = contents(reading)
    assert len(tokens(content.stem)) == 1
    assert "第 3 行" in reading.items[0].notes[0]


def test_pictures_that_wps_keeps_in_cells() -> None:
    rows = [HEADER, ["单选题", "标志的含义是（ ）。", '=DISPIMG("ID_7",1)', "禁止", "B", ""]]

    def shape(book: Any) -> None:
        book.active["C2"].data_type = "s"

    data = workbook(("试题", rows), shape=shape)
    picture = (
        '<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="1" name="ID_7"/></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage>'
    )
    spaces = (
        'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" '
        'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{OFFICE}/relationships"'
    )
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/relationships/image" Target="media/image1.png"/></Relationships>'
    )
    data = with_member(data, "xl/cellimages.xml", f"<etc:cellImages {spaces}>{picture}</etc:cellImages>".encode())
    data = with_member(data, "xl/_rels/cellimages.xml.rels", relation.encode())
    data = with_member(data, "xl/media/image1.png", png(50))
    reading = read_items("题库.xlsx", data)
    assert tokens(contents(reading)[0].options[0]) == tuple(reading.pictures)


def drawn(made: Document, text: str, shade: int, after: str = "") -> None:
    paragraph = made.add_paragraph(text)
    paragraph.add_run().add_picture(io.BytesIO(png(shade)), width=Mm(10))
    paragraph.add_run(after)


def test_pictures_of_a_document_stand_where_they_stood() -> None:
    def shape(made: Document) -> None:
        made.add_paragraph("一、单项选择题")
        made.add_paragraph("1．如图所示的符号表示（ ）。")
        drawn(made, "", 10)
        made.add_paragraph("A．熔断器 B．电容")
        made.add_paragraph("答案：A")
        made.add_paragraph("2．表示接地的符号是（ ）。")
        drawn(made, "A．", 20)
        drawn(made, "B．", 30)
        made.add_paragraph("答案：B")
        drawn(made, "解析：接地符号为", 40, "。")

    reading = read_items("题库.docx", document(shape=shape))
    first, second = contents(reading)
    assert first.stem.partition("\n![")[0] == "如图所示的符号表示（ ）。"
    assert first.options == ("熔断器", "电容")
    assert [len(tokens(option)) for option in second.options] == [1, 1]
    assert second.rationale.startswith("接地符号为![](pic:")
    assert len(reading.pictures) == 4


def test_a_picture_below_the_options_is_part_of_the_stem() -> None:
    def shape(made: Document) -> None:
        made.add_paragraph("1．图中部件 1 是（ B ）。")
        made.add_paragraph("A．轴 B．键")
        drawn(made, "", 10)
        made.add_paragraph("2．图中部件 2 是（ A ）。")
        made.add_paragraph("A．轴 B．键")

    first, second = contents(read_items("题库.docx", document(shape=shape)))
    assert (len(tokens(first.stem)), first.options) == (1, ("轴", "键"))
    assert second.pictures() == ()


def test_a_table_inside_a_question_is_a_table_of_its_stem() -> None:
    def shape(made: Document) -> None:
        made.add_paragraph("一、简答题")
        made.add_paragraph("1．根据下表计算平均误差。")
        table = made.add_table(2, 3)
        for row, cells in zip(table.rows, (("测点", "甲", "乙"), ("误差", "0.1", "0.3")), strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        made.add_paragraph("答案：0.2")

    (content,) = contents(read_items("题库.docx", document(shape=shape)))
    assert content.stem == "根据下表计算平均误差。\n| 测点 | 甲 | 乙 |\n| 误差 | 0.1 | 0.3 |"
    assert content.key == "0.2"


def test_signs_of_ordinary_text_stay_characters() -> None:
    (content,) = contents(
        read_items("题库.docx", document("1．设 a<b 且 |x|>1，费用 $5 与 $6，则（ A ）。", "A．$x_1$ B．<sub>2</sub>"))
    )
    assert content.plain().stem == "设 a<b 且 |x|>1，费用 $5 与 $6，则（）。"
    assert content.options == ("$x_1$", "<sub>2</sub>")


def test_a_damaged_picture_is_lost_and_told() -> None:
    book = openpyxl.Workbook()
    image = SheetImage(io.BytesIO(png(10)))
    image.anchor = "B2"
    for row in (HEADER, ["判断题", "如图所示的阀门可以调节流量。", "", "", "正确", ""]):
        book.active.append(row)
    book.active.add_image(image)
    stream = io.BytesIO()
    book.save(stream)
    reading = read_items("题库.xlsx", with_member(stream.getvalue(), "xl/media/image1.png", b"\x89PNG nothing"))
    assert "1 张图片" in reading.rejected[0].reason
