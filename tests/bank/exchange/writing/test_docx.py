"""Our own Word file, and the same items when it is read again, also after somebody has worked on it."""

import io
import zipfile

import docx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bank import notation
from bank.answers import Credit, Parameters
from bank.content import ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.exchange.writing.docx import write
from bank.exchange.writing.items import WrittenItem
from bank.formulas import latex
from tests.bank.exchange.writing.made_items import CONTENTS, PICTURES, TOKEN, check_round_trip

TITLE = "电工题库"


def by_word(text: str) -> str:
    """A text with its formulas in the spelling that Word's own formulas come back in."""
    return notation.write(map(_by_word, notation.parse(text)))


def _by_word(block: notation.Block) -> notation.Block:
    if isinstance(block, notation.Table):
        return notation.Table(tuple(tuple(_runs(cell) for cell in row) for row in block.rows))
    return notation.Paragraph(_runs(block.runs)) if isinstance(block, notation.Paragraph) else block


def _runs(runs: tuple[notation.Run, ...]) -> tuple[notation.Run, ...]:
    """Runs as Word tells them apart: neighbours in one type are one."""
    found: list[notation.Run] = []
    for run in runs:
        last = found[-1] if found else None
        if isinstance(run, notation.Formula):
            found.append(notation.Formula(latex.write(latex.parse(run.latex))))
        elif isinstance(run, notation.Text) and isinstance(last, notation.Text) and last.mark is run.mark:
            found[-1] = notation.Text(last.text + run.text, run.mark)
        else:
            found.append(run)
    return tuple(found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(st.lists(CONTENTS, min_size=1, max_size=3))
def test_round_trip(contents: list[ItemContent]) -> None:
    check_round_trip("docx", write, [content.mapped(by_word) for content in contents])


def written(*contents: ItemContent) -> bytes:
    return write([WrittenItem(str(n), one, "A-B-001", 3) for n, one in enumerate(contents, 1)], PICTURES, TITLE).data


def test_formulas_pictures_and_tables_are_words_own() -> None:
    stem = f"由 $\\frac{{U}}{{R}}$ 得电流，见 ![电路](pic:{TOKEN})。\n| 电压 | 36V |"
    with zipfile.ZipFile(io.BytesIO(written(ItemContent(ItemType.SHORT, stem, key="略")))) as archive:
        body = archive.read("word/document.xml").decode()
        assert sum(name.startswith("word/media/") for name in archive.namelist()) == 1
    assert "<m:oMath" in body
    assert "<w:tbl>" in body
    assert 'descr="电路"' in body


def test_sets_value_sets_credit_and_source_come_back() -> None:
    material = "电动机铭牌：\n| 电压 | 380V |"
    sets = Parameters(("U", "R"), (("220", "44"), ("110", "22")))
    contents = [
        ItemContent(ItemType.JUDGE, "可接三角形。", (), "正确", material=material),
        ItemContent(ItemType.JUDGE, "是三相的。", (), "正确", material=material),
        ItemContent(ItemType.CALCULATION, "电压 {U}V、电阻 {R}Ω，求电流。", key="5A", parameters=sets, source="教材"),
        ItemContent(ItemType.MULTIPLE, "选", ("甲", "乙", "丙"), "AB", credit=Credit.HALF, marks=3),
    ]
    reading = read_items("题库.docx", written(*contents))
    assert [one.content for one in reading.items] == contents
    assert [one.set for one in reading.items] == ["1", "1", None, None]


def test_typed_formulas_are_formulas_and_written_signs_stay_signs() -> None:
    content = ItemContent(ItemType.JUDGE, r"价格 \$a_1\$ 与 \<sub>2\</sub> 都是文字。", (), "错误")
    assert read_items("题库.docx", written(content)).items[0].content == content
    edited = docx.Document(io.BytesIO(written(content)))
    edited.paragraphs[1].add_run("公式 $a_1$ 是公式。")
    stream = io.BytesIO()
    edited.save(stream)
    assert read_items("题库.docx", stream.getvalue()).items[0].content.stem.endswith("公式 $a_1$ 是公式。")


def test_a_file_with_paragraphs_of_other_styles_is_read_as_running_text() -> None:
    content = ItemContent(ItemType.SINGLE, "安全电压不超过（ ）。", ("36V", "220V"), "A", "见规程。")
    edited = docx.Document(io.BytesIO(written(content)))
    for text in ("2．验电前应（ ）。", "A．停电  B．送电", "答案：A"):
        edited.add_paragraph(text)
    stream = io.BytesIO()
    edited.save(stream)
    first, second = read_items("题库.docx", stream.getvalue()).items
    assert (first.content.stem, first.content.options, first.content.key) == (content.stem, content.options, "A")
    assert (first.content.rationale, first.point, first.difficulty) == ("见规程。", "A-B-001", 3)
    assert second.content.options == ("停电", "送电")


def test_a_missing_picture_is_told() -> None:
    content = ItemContent(ItemType.JUDGE, "见 ![](pic:0123456789abcdef)。", (), "正确")
    out = write([WrittenItem("7", content)], PICTURES, TITLE)
    assert [(one.number, one.name) for one in out.left_out] == [(1, "7")]
    assert read_items("题库.docx", out.data).items[0].content.stem == "见 〔图〕。"
