"""The tables to be filled: untouched they hold nothing, filled they are read as they stand."""

import io

import docx
import openpyxl
import pytest

from bank.content import ItemType
from bank.exchange.intake import read_items
from bank.exchange.standard import HEADERS, NOTES_SHEET
from bank.exchange.writing.templates import EXPLANATIONS, template_docx, template_xlsx
from bank.ground.errors import BadInput


@pytest.mark.parametrize(("name", "data"), [("模板.xlsx", template_xlsx()), ("模板.docx", template_docx())])
def test_an_untouched_template_holds_no_items(name: str, data: bytes) -> None:
    with pytest.raises(BadInput, match="没有读到试题"):
        read_items(name, data)


def test_every_column_is_explained() -> None:
    assert {role for role in HEADERS if len(role) > 1 or role == "A"} == set(EXPLANATIONS)
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx()))
    assert book[NOTES_SHEET].max_row == len(EXPLANATIONS)


def test_a_row_filled_below_the_examples_is_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx()))
    roles = list(HEADERS)
    for role, text in {"type": "判断题", "stem": "保险丝可以用铜丝代替。", "answer": "错误", "difficulty": "2"}.items():
        book["试题"].cell(5, roles.index(role) + 1, text)
    stream = io.BytesIO()
    book.save(stream)
    reading = read_items("模板.xlsx", stream.getvalue())
    assert [(one.content.stem, one.content.key, one.difficulty) for one in reading.items] == [
        ("保险丝可以用铜丝代替。", "错误", 2)
    ]
    assert reading.rejected == ()


def test_an_example_rewritten_in_word_is_read() -> None:
    made = docx.Document(io.BytesIO(template_docx()))
    for paragraph in made.paragraphs:
        for run in paragraph.runs:
            if run.text.startswith("示例2"):
                run.text = "Y-17 "
            elif "扑救带电设备" in run.text:
                run.text = "O）能导电。"
    stream = io.BytesIO()
    made.save(stream)
    (item,) = read_items("模板.docx", stream.getvalue()).items
    assert (item.external_id, item.content.type) == ("Y-17", ItemType.JUDGE)
    assert item.content.stem == "水（H<sub>2</sub>O）能导电。"
