"""Our own workbook, and the same items when it is read again; nothing in it can be run by a spreadsheet."""

import io
import zipfile
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.answers import Credit, Parameters
from bank.content import ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.exchange.standard import HEADERS
from bank.exchange.writing.items import WrittenItem
from bank.exchange.writing.xlsx import write
from tests.bank.exchange.question_files import workbook
from tests.bank.exchange.writing.made_items import CONTENTS, PICTURES, TOKEN, check_round_trip

TITLE = "电工题库"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CONTENTS, min_size=1, max_size=3))
def test_round_trip(contents: list[ItemContent]) -> None:
    check_round_trip("xlsx", write, contents)


def sheet_of(*contents: ItemContent) -> Any:
    data = write([WrittenItem(str(n), one) for n, one in enumerate(contents, 1)], PICTURES, TITLE).data
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_what_looks_like_a_spreadsheet_formula_is_text() -> None:
    options = ("=1+1", "+24V", "-5℃", "@SUM(A1)")
    sheet = sheet_of(ItemContent(ItemType.SINGLE, "=HYPERLINK(1)的电源为（ ）。", options, "B"))
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value)[0] in "=+-@")
    assert set(options) <= {cell.value for cell in cells}


def test_items_of_one_material_come_back_as_a_set() -> None:
    material = "一台电动机铭牌如下：\n| 电压 | 380V |\n| 功率 | 4kW |"
    contents = [
        ItemContent(ItemType.JUDGE, stem, (), "正确", material=material) for stem in ("可接三角形。", "是三相的。")
    ]
    items = [
        WrittenItem(str(n), one) for n, one in enumerate([*contents, ItemContent(ItemType.JUDGE, "丙", (), "错误")])
    ]
    reading = read_items("题库.xlsx", write(items, {}, TITLE).data)
    assert [(one.set, one.content.material) for one in reading.items] == [("1", material), ("1", material), (None, "")]


def test_value_sets_credit_and_source_come_back() -> None:
    sets = Parameters(("U", "R"), (("220", "44"), ("110", "22")))
    asked = ItemContent(
        ItemType.CALCULATION, "电压 {U}V、电阻 {R}Ω，求电流。", key="5A", parameters=sets, source="教材"
    )
    chosen = ItemContent(ItemType.MULTIPLE, "选", ("甲", "乙", "丙"), "AB", credit=Credit.HALF, marks=3)
    reading = read_items("题库.xlsx", write([WrittenItem("1", asked), WrittenItem("2", chosen)], {}, TITLE).data)
    assert [one.content for one in reading.items] == [asked, chosen]


def test_pictures_are_in_the_file_and_a_missing_one_is_told() -> None:
    content = ItemContent(ItemType.JUDGE, f"如图 ![电路](pic:{TOKEN}) 所示。", (), "正确")
    gone = ItemContent(ItemType.JUDGE, "如图 ![](pic:0123456789abcdef) 所示。", (), "正确")
    out = write([WrittenItem("1", content), WrittenItem("2", gone)], PICTURES, TITLE)
    assert [(one.number, one.whole) for one in out.left_out] == [(2, False)]
    with zipfile.ZipFile(io.BytesIO(out.data)) as archive:
        assert sum(name.startswith("xl/media/") for name in archive.namelist()) == 1
    reading = read_items("题库.xlsx", out.data)
    assert [one.content for one in reading.items] == [content]
    assert "图片" in reading.rejected[0].reason


def test_an_item_too_long_for_a_cell_is_left_out_whole() -> None:
    out = write([WrittenItem("1", ItemContent(ItemType.SHORT, "问" * 33_000, key="答"))], {}, TITLE)
    assert [one.whole for one in out.left_out] == [True]


def test_a_writer_fills_the_table_by_hand() -> None:
    header = list(HEADERS.values())
    at = {role: header.index(name) for role, name in HEADERS.items()}

    def row(**cells: str) -> list[str]:
        filled = [""] * len(header)
        for role, text in cells.items():
            filled[at[role]] = text
        return filled

    rows = [
        row(
            type="单选",
            stem="$I=U/R$ 中 I 是（ ）。",
            A="A.电流",
            B="B.电压",
            answer="a",
            difficulty="中等",
            cognition="理解",
        ),
        row(type="判断题", stem="熔断器可用铜丝代替。", answer="×", importance="X"),
        row(type="简答题", stem="简述停电步骤。", answer="略", rubric="断开负荷（2分）\n验电（3分）", marks="5"),
        row(stem="没有题型的题。", answer="对"),
        row(type="计算题", stem="求电阻。", answer="4Ω", rubric="公式\n结果", marks="0.3"),
        row(type="单选题", stem="缺选项。", A="甲", answer="A"),
    ]
    reading = read_items("模板.xlsx", workbook(("试题", [header, *rows])))
    first, second, third, fourth, fifth = reading.items
    assert first.content == ItemContent(ItemType.SINGLE, "$I=U/R$ 中 I 是（ ）。", ("电流", "电压"), "A")
    assert (first.difficulty, first.cognition) == (3, "understand")
    assert (second.content.key, second.importance) == ("错误", "X")
    assert [point.marks for point in third.content.rubric] == [4, 6]
    assert fourth.content.type is ItemType.JUDGE
    assert [note[:4] for note in fifth.notes] == ["分值“0", "评分要点"]
    assert "至少要有 2 个选项" in reading.rejected[0].reason
