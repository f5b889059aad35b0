import io

import openpyxl
import pytest

from bank.exchange.outline import read_outline
from bank.ground.errors import BadInput
from bank.outlines import Importance

HEADER = ["一级鉴定范围", "", "", "二级鉴定范围", "", "", "鉴定点", "", ""]
UNDER = ["代码", "名称", "鉴定比重（%）", "代码", "名称", "鉴定比重（%）", "代码", "名称", "重要程度"]


def workbook(rows: list[list[object]], merges: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merges:
        book.active.merge_cells(area)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


ROWS: list[list[object]] = [
    ["茶艺师五级鉴定要素细目表"],
    HEADER,
    UNDER,
    ["A", "基本要求", 20, "A", "职业道德", 5, "001", "守约待客", "X"],
    ["", "", "", "", "", "", "002", "着装规范", "X"],
    ["", "", "", "B", "茶学常识", 15, "001", "六大茶类", "X"],
    ["B", "相关知识", 80, "A", "冲泡", 80, "001", "水温选择", "X"],
    ["", "", "", "", "", "", "002", "投茶量", "Z"],
]


def test_blank_down_cells_and_relative_codes_become_whole() -> None:
    reading = read_outline("细目表.xlsx", workbook(ROWS))
    assert [s.code for s in reading.scopes] == ["A", "A-A", "A-B", "B", "B-A"]
    assert {s.code: s.weight for s in reading.scopes}["B"] == 8000
    assert [(p.code, p.scope, p.importance) for p in reading.points] == [
        ("A-A-001", "A-A", Importance.X),
        ("A-A-002", "A-A", Importance.X),
        ("A-B-001", "A-B", Importance.X),
        ("B-A-001", "B-A", Importance.X),
        ("B-A-002", "B-A", Importance.Z),
    ]
    assert not reading.rejected


def test_merged_scope_cells_read_the_same() -> None:
    merged = workbook(ROWS, ("A2:C2", "D2:F2", "G2:I2", "A4:A6", "B4:B6", "C4:C6", "D4:D5", "E4:E5", "F4:F5", "A7:A8"))
    assert read_outline("细目表.xlsx", merged).points == read_outline("细目表.xlsx", workbook(ROWS)).points


def test_code_glued_to_name_is_taken_apart() -> None:
    rows = [
        ["一级鉴定范围名称", "二级鉴定范围名称", "鉴定点名称", "重要程度"],
        ["A 基本要求", "A-A 职业道德", "001 守约待客", "X"],
    ]
    point = read_outline("细目表.xlsx", workbook(rows)).points[0]
    assert (point.code, point.name) == ("A-A-001", "守约待客")


def test_rows_that_cannot_be_taken_are_named() -> None:
    bad = [*ROWS, ["", "", "", "", "", "", "002", "又一个投茶量", "X"], ["", "", "", "", "", "", "003", "出汤", "甲"]]
    reading = read_outline("细目表.xlsx", workbook(bad))
    assert [(one.row, one.reason) for one in reading.rejected] == [
        (9, "鉴定点代码 B-A-002 重复，请改成不同的代码"),
        (10, "鉴定点 B-A-003 的重要程度“甲”应为 X、Y 或 Z"),
    ]


def test_weights_that_do_not_sum_are_warned() -> None:
    rows = [list(row) for row in ROWS]
    rows[6][2] = 70
    assert "一级鉴定范围比重合计为 90%" in read_outline("细目表.xlsx", workbook(rows)).warnings[0]


@pytest.mark.parametrize(
    ("data", "sentence"), [(workbook([["题干", "答案"]]), "没有找到鉴定点"), (b"A,B", "没有找到鉴定点")]
)
def test_a_file_that_is_no_outline_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_outline("细目表.xlsx", data)
