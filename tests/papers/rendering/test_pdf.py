import hashlib
import os
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank import notation
from bank.content import ItemContent, ItemType
from papers.rendering import pdf, sheets
from papers.rendering.sheets import PrintedForm, PrintedItem, PrintedSection
from tests.papers.rendering import rich
from tests.papers.rendering.printed import assert_in_order, item_lines, printed_lines, squeezed

INJECTIONS = [
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    '#eval("1+1")',
    "$x^2$",
    "*粗* _斜_ `码`",
    "{{7*7}} {% raw %} ${7*7}",
    "<b>&amp;</b> & < >",
    "C:\\new\\table \\u{41} \\n",
    "= 标题 // 注释 /* 注 */",
    "- 甲 + 乙 / 丙: 丁 @引 <标签>",
    "a--b --- ... \"引\" 'x' ~",
    ']#panic() [ ( { "',
]


def page_texts(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [squeezed(page.get_textpage().get_text_range()) for page in document]
    finally:
        document.close()


def body(data: bytes, form: PrintedForm) -> str:
    """The text of all pages without running lines and strip, which stand between the items of two pages."""
    running = {squeezed(sheets.SEAL_WARNING), "密封线"}
    texts = page_texts(data)
    head = sheets.head(form, sheets.PAPER)
    running |= {squeezed(head.secrecy + head.number), squeezed(head.name)}
    for index, text in enumerate(texts):
        for line in running | {f"第{index + 1}页共{len(texts)}页"}:
            text = text.replace(line, "")  # noqa: PLW2901 - taken away line by line
        texts[index] = text
    return "".join(texts)


def test_every_stem_and_option_is_there_in_order(common_form: PrintedForm) -> None:
    assert_in_order(body(pdf.paper_pdf(common_form), common_form), printed_lines(common_form))


def test_every_item_type_is_printed(full_form: PrintedForm) -> None:
    assert {section.type for section in full_form.sections} == set(ItemType)
    assert_in_order(body(pdf.paper_pdf(full_form), full_form), printed_lines(full_form))


def test_the_head_names_paper_and_candidate_fields(common_form: PrintedForm) -> None:
    first, *others = page_texts(pdf.paper_pdf(common_form))
    head = sheets.head(common_form, sheets.PAPER)
    for words in (head.institution, head.title, head.subject, head.form, *head.facts, *sheets.notes(common_form)):
        assert squeezed(words) in first
    for name in ("姓名：", "准考证号：", "单位："):
        assert name in first
        assert not any(name in text for text in others)


def test_each_page_counts_warns_and_names_the_copy(common_form: PrintedForm) -> None:
    texts = page_texts(pdf.paper_pdf(common_form))
    assert len(texts) > 3
    for number, text in enumerate(texts, 1):
        assert f"第{number}页共{len(texts)}页" in text
        assert sheets.SEAL_WARNING in text
        assert "内部资料启用前保密" in text
        assert "试卷编号：DG4-2025-0601副本：017" in text


def test_no_short_item_is_split_between_pages(common_form: PrintedForm) -> None:
    texts = page_texts(pdf.paper_pdf(common_form))
    for section in common_form.sections:
        for item in section.items:
            whole = "".join(item_lines(item, section))
            assert sum(squeezed(whole) in text for text in texts) == 1


@pytest.mark.parametrize("text", INJECTIONS)
def test_typst_markup_is_printed_and_never_run(make_form, make_section, text: str) -> None:
    typed = notation.literal(text)
    content = ItemContent(ItemType.SINGLE, f"{typed}（　）", (typed, f"乙{typed}"), "A", typed)
    short = ItemContent(ItemType.SHORT, typed, (), typed, typed)
    form = make_form(
        make_section([content]),
        make_section([short], first=2),
        title=text,
        institution=text,
        occupation=text,
        copy=text,
    )
    assert_in_order(body(pdf.paper_pdf(form), form), printed_lines(form))
    key = "".join(page_texts(pdf.key_pdf(form)))
    assert_in_order(key, [text, f"2．（1分）{text}", f"评分参考：{text}"])


def test_templates_never_evaluate() -> None:
    templates = list(pdf.TEMPLATES.glob("*.typ"))
    assert len(templates) == 6
    for template in templates:
        code = re.sub(r"//.*", "", template.read_text(encoding="utf-8"))
        assert not re.search(r"\beval\b|\bread\(|@preview|\bplugin\(", code), template.name


def test_the_same_form_gives_the_same_bytes_elsewhere_and_leaves_no_file(
    full_form: PrintedForm, tmp_path: Path
) -> None:
    makers = ("paper_pdf", "answer_sheet_pdf", "key_pdf")
    here = [hashlib.sha256(getattr(pdf, name)(full_form)).hexdigest() for name in makers]
    assert here == [hashlib.sha256(getattr(pdf, name)(full_form)).hexdigest() for name in makers]
    code = (
        "import hashlib, pickle, sys; from papers.rendering import pdf; form = pickle.load(sys.stdin.buffer)\n"
        f"for name in {makers}: print(hashlib.sha256(getattr(pdf, name)(form)).hexdigest())"
    )
    places = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(tmp_path))
    env = os.environ | places | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(pdf.__file__).parents[2])}
    child = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps(full_form),
        capture_output=True,
        cwd=tmp_path,
        env=env,
        check=True,
    )
    assert child.stdout.decode().split() == here
    assert list(tmp_path.iterdir()) == []


def test_copies_and_days_change_the_bytes(common_form: PrintedForm, make_form) -> None:
    other = make_form(*common_form.sections, copy="018")
    assert pdf.paper_pdf(other) != pdf.paper_pdf(common_form)


def test_the_file_is_archival_and_names_no_person(common_form: PrintedForm) -> None:
    data = pdf.paper_pdf(common_form)
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>B<", data)
    document = pypdfium2.PdfDocument(data)
    metadata = document.get_metadata_dict()
    document.close()
    assert metadata["Title"] == "电工（四级/中级工）理论知识试卷（A卷）"
    assert metadata["Author"] == ""
    assert metadata["CreationDate"].startswith("D:20250614")


def test_a_form_without_a_day_can_be_printed(make_form, make_section, electrician) -> None:
    form = make_form(make_section(electrician[:1]), used_on=None)
    assert pdf.paper_pdf(form) == pdf.paper_pdf(form)


def test_what_no_font_can_draw_becomes_a_geta_mark_and_is_named(make_form, make_section) -> None:
    form = make_form(make_section([ItemContent(ItemType.SHORT, "看图😀写出H₂O与ก的关系", (), "ข")]))
    assert pdf.missing_glyphs(form) == sorted("ก😀ข")
    assert "看图〓写出H₂O与〓的关系" in page_texts(pdf.paper_pdf(form))[0]
    assert "〓" in page_texts(pdf.key_pdf(form))[0]


def test_ordinary_papers_miss_no_glyph(full_form: PrintedForm) -> None:
    assert pdf.missing_glyphs(full_form) == []


def test_nothing_runs_over_the_edge(make_form, make_section) -> None:
    word = "A" * 300
    contents = [
        ItemContent(ItemType.SINGLE, f"{word}（　）", (word, "乙" * 200, "_" * 200, "x"), "A"),
        ItemContent(ItemType.SINGLE, "很长的题干，" * 900, ("甲", "乙"), "A"),
    ]
    document = pypdfium2.PdfDocument(pdf.paper_pdf(make_form(make_section(contents))))
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_charbox(place) for place in range(text.count_chars())]
        assert max(box[2] for box in boxes) < page.get_width() - 30
        assert min(box[1] for box in boxes) > 15
    assert len(document) >= 3
    document.close()


def test_two_hundred_items_at_half_a_mark(make_form, make_section, electrician) -> None:
    singles = [item for item in electrician if item.type is ItemType.SINGLE]
    judges = [item for item in electrician if item.type is ItemType.JUDGE]
    form = make_form(make_section((singles * 2)[:140], 1), make_section(judges * 3, 1, first=141), minutes=120)
    whole = body(pdf.paper_pdf(form), form)
    assert_in_order(whole, printed_lines(form))
    assert "每题0.5分，满分70分" in whole
    assert "每题0.5分，满分30分" in whole
    assert "满分：100分" in whole


def test_the_answer_sheet_has_a_row_of_bubbles_for_each_item(common_form: PrintedForm) -> None:
    whole = "".join(page_texts(pdf.answer_sheet_pdf(common_form)))
    assert "".join(f"{number}ABCD" for number in range(1, 81)) in whole
    assert "".join(f"{number}√×" for number in range(81, 101)) in whole
    assert "准考证号：" in whole


def test_the_answer_sheet_gives_room_for_words(full_form: PrintedForm) -> None:
    whole = "".join(page_texts(pdf.answer_sheet_pdf(full_form)))
    for section in full_form.sections:
        if not sheets.bubbles(section):
            assert_in_order(whole, [sheets.label(item) for item in section.items])


def test_the_key_stands_under_its_number(common_form: PrintedForm) -> None:
    whole = "".join(page_texts(pdf.key_pdf(common_form)))
    items = [item for section in common_form.sections for item in section.items]
    for start in range(0, len(items), 10):
        row = items[start : start + 10]
        numbers = "".join(str(item.number) for item in row)
        assert f"题号{numbers}答案{''.join(sheets.key_text(item.content) for item in row)}" in whole
    assert "仅供评卷使用" in whole


def test_the_paper_does_not_give_the_key_away(make_form, make_section) -> None:
    content = ItemContent(ItemType.SHORT, "问", (), "秘密要点", "秘密解析")
    form = make_form(make_section([content]))
    for data in (pdf.paper_pdf(form), pdf.answer_sheet_pdf(form)):
        assert "秘密" not in "".join(page_texts(data))
    assert "秘密要点评分参考：秘密解析" in page_texts(pdf.key_pdf(form))[0]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=40), min_size=2, max_size=10), st.sampled_from(list(ItemType)))
def test_any_text_can_be_printed(stem: str, options: list[str], kind: ItemType) -> None:
    content = ItemContent(kind, stem, tuple(options), "A", stem)
    section = PrintedSection(kind, (PrintedItem(1, content, 1),))
    form = PrintedForm(stem, stem, stem, 3, stem, stem, 60, stem, (section,), None, stem)
    for make in (pdf.paper_pdf, pdf.answer_sheet_pdf, pdf.key_pdf):
        assert make(form).startswith(b"%PDF")


@pytest.fixture
def rich_form(make_form, make_section) -> PrintedForm:
    form = make_form(make_section([*rich.SINGLES, *rich.SET]), make_section([rich.CALCULATION], first=6))
    return replace(form, pictures=rich.PICTURES)


def test_formulas_pictures_tables_and_marks_are_printed(rich_form: PrintedForm) -> None:
    data = pdf.paper_pdf(rich_form)
    text = "".join(page_texts(data))
    assert_in_order(
        text, ["1．电阻", "的单位是", "2．如图所示", "读数是", "3．H2O", "x2、线、粗", "名称", "公式", "甲"]
    )
    assert "〔图〕" not in text
    assert "frac" not in text
    document = pypdfium2.PdfDocument(data)
    kinds = [thing.type for page in document for thing in page.get_objects(max_depth=5)]
    document.close()
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE) == 3


def test_a_material_stands_once_before_its_set(rich_form: PrintedForm) -> None:
    text = "".join(page_texts(pdf.paper_pdf(rich_form)))
    assert text.count("电动机。") == 1
    assert_in_order(text, ["根据下列材料，回答第4题～第5题。", "某厂", "4．第一问", "5．第二问"])


def test_the_key_names_points_and_their_marks(rich_form: PrintedForm) -> None:
    text = "".join(page_texts(pdf.key_pdf(rich_form)))
    assert_in_order(text, ["22", "（2分）写出", "（3分）结果正确", "评分参考：先写公式"])


def test_a_picture_that_is_not_there_is_said_in_its_place(rich_form: PrintedForm) -> None:
    text = "".join(page_texts(pdf.paper_pdf(replace(rich_form, pictures={}))))
    assert "〔图〕电路图" in text


def test_one_form_with_pictures_gives_the_same_bytes(rich_form: PrintedForm) -> None:
    assert pdf.paper_pdf(rich_form) == pdf.paper_pdf(rich_form)
