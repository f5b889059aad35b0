"""Practical items on paper: what to prepare, and the table the assessor fills in."""

import io
import re

import docx as python_docx
import pypdfium2
import pytest

from bank.answers import PracticalTask, Preparation, ScoredStep
from bank.content import ItemContent, ItemType
from bank.ground.errors import BadInput
from papers.rendering import docx, pdf, sheets, tasks, wording
from papers.rendering.sheets import PrintedForm

TASK = PracticalTask(
    site=(Preparation("三相异步电动机", "Y112M-4", "1 台"),),
    candidate=(Preparation("万用表", "数字式", "1 块", "自检合格"),),
    steps=(
        ScoredStep("安装接线", "布线横平竖直", 25, "接错一处扣 2 分"),
        ScoredStep("试车", "一次成功", 15, "不成功不得分"),
    ),
    preparation_minutes=10,
    minutes=120,
)
ASKED = ItemContent(ItemType.PRACTICAL, "安装正反转控制电路。", task=TASK)


@pytest.fixture
def form(make_form, make_section) -> PrintedForm:
    return make_form(make_section([ASKED, ItemContent(ItemType.PRACTICAL, "讲解原理。")], 40))


def words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()


def test_the_scoring_table_sums_its_marks() -> None:
    said = wording.said(tasks.scoring(ASKED))
    assert "12.5" in said
    assert said.splitlines()[-2].split("　")[3] == "20"
    assert said.startswith("评分记录表（考核时间 120 分钟）")


def test_an_item_without_a_task_brings_nothing() -> None:
    bare = ItemContent(ItemType.PRACTICAL, "讲解原理。")
    assert tasks.scoring(bare) == tasks.preparations(bare) == ()
    assert sheets.key_text(bare) == "（另见评分记录表）"


def test_the_key_holds_the_table_and_the_notice_does_not_hold_the_question(form: PrintedForm) -> None:
    key, notice = words(pdf.key_pdf(form)), words(pdf.preparation_pdf(form))
    assert "接错一处扣2分" in key
    assert "考评员签名" in key
    assert "Y112M-4" in notice
    assert "自检合格" in notice
    assert "控制电路" not in notice
    assert "接错" not in notice


def test_word_says_the_same(form: PrintedForm) -> None:
    notice = python_docx.Document(io.BytesIO(docx.preparation_docx(form)))
    rows = [[cell.text for cell in row.cells] for table in notice.tables for row in table.rows]
    assert ["1", "三相异步电动机", "Y112M-4", "1 台", ""] in rows
    key = python_docx.Document(io.BytesIO(docx.key_docx(form)))
    assert ["合计", "", "", "20", "", "", ""] in [[cell.text for cell in row.cells] for row in key.tables[0].rows]


def test_a_form_with_nothing_to_prepare_has_no_notice(make_form, make_section) -> None:
    theory = make_form(make_section([ItemContent(ItemType.JUDGE, "对。", key="正确")]))
    for write in (pdf.preparation_pdf, docx.preparation_docx):
        with pytest.raises(BadInput, match="不用印制准备通知单"):
            write(theory)
