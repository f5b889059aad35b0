"""Outlines come in from Excel and Word as bodies really write them, row faults named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.exchange.outline.files import OutlineReading, ScopeRow, read_outline
from bank.exchange.outline.form import outline_template, outline_workbook
from bank.ground.errors import BadInput
from bank.ground.terms import saying
from bank.outlines import Importance, Outline, OutlineView, Point, Scope
from tests.bank.exchange.outline.outline_files import Rows, document, workbook

HEADER = ["一级鉴定范围", "", "", "二级鉴定范围", "", "", "鉴定点", "", ""]
UNDER = ["代码", "名称", "鉴定比重（%）", "代码", "名称", "鉴定比重（%）", "代码", "名称", "重要程度"]
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
CODES = ["A-A-001", "A-A-002", "A-B-001", "B-A-001", "B-A-002"]


def changed(row: int, column: int, value: object) -> Rows:
    rows = [list(one) for one in ROWS]
    rows[row][column] = value
    return rows


def reason_rows(reading: OutlineReading) -> list[tuple[int, str]]:
    return [(one.row, one.reason) for one in reading.rejected]


def weights(reading: OutlineReading) -> dict[str, int | None]:
    return {scope.code: scope.weight for scope in reading.scopes}


def test_blank_down_cells_and_relative_codes_become_whole() -> None:
    reading = read_outline("细目表.xlsx", workbook(ROWS))
    assert weights(reading) == {"A": 2000, "A-A": 500, "A-B": 1500, "B": 8000, "B-A": 8000}
    assert [(p.code, p.scope, p.importance) for p in reading.points] == [
        ("A-A-001", "A-A", Importance.X),
        ("A-A-002", "A-A", Importance.X),
        ("A-B-001", "A-B", Importance.X),
        ("B-A-001", "B-A", Importance.X),
        ("B-A-002", "B-A", Importance.Z),
    ]
    assert (reading.rejected, reading.warnings) == ((), ())


def test_merged_scope_cells_read_the_same() -> None:
    merged = workbook(ROWS, ("A2:C2", "D2:F2", "G2:I2", "A4:A6", "B4:B6", "C4:C6", "D4:D5", "E4:E5", "F4:F5", "A7:A8"))
    assert read_outline("细目表.xlsx", merged) == read_outline("细目表.xlsx", workbook(ROWS))


def test_a_word_table_reads_the_same_merged_or_blank() -> None:
    plain = read_outline("细目表.xlsx", workbook(ROWS))
    for merges in ((), ((0, 2, 4), (1, 2, 4), (2, 2, 4), (3, 2, 3), (4, 2, 3), (5, 2, 3))):
        reading = read_outline("细目表.docx", document(ROWS[1:], merges=merges, heading="茶艺师鉴定要素细目表"))
        assert (reading.scopes, reading.points) == (plain.scopes, plain.points)


def test_a_word_table_goes_on_over_pages_with_and_without_its_header() -> None:
    for second in (ROWS[6:], [*ROWS[1:3], *ROWS[6:]]):
        reading = read_outline("细目表.docx", document(ROWS[1:6], second))
        assert [point.code for point in reading.points] == CODES


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["一级鉴定范围名称", "二级鉴定范围名称", "鉴定点名称", "重要程度"],
            ["A 基本要求", "A-A 职业道德", "001 守约待客", "X"],
        ],
        [
            ["鉴定范围", "", "考评点", ""],
            ["一级 名称·代码·重要程度比例", "二级 名称·代码·重要程度比例", "名称", "重要程度"],
            ["基本要求\nA\n（12:02:01）", "职业\n道德\nA\n（3:0:0）", "001守约待客", "X"],
        ],
        [
            ["行为领域", "鉴定范围", "认定点", "编号", "重要程度"],
            ["A.基本要求", "A．职业道德", "守约待客", "001", "Ｘ"],
        ],
    ],
)
def test_code_glued_to_name_is_taken_apart(rows: Rows) -> None:
    reading = read_outline("细目表.xlsx", workbook(rows))
    assert [(s.code, s.name) for s in reading.scopes] == [("A", "基本要求"), ("A-A", "职业道德")]
    assert [(p.code, p.name, p.importance) for p in reading.points] == [("A-A-001", "守约待客", Importance.X)]


def test_names_that_begin_with_letters_keep_them() -> None:
    rows = [
        ["一级鉴定范围", "鉴定点", "重要程度"],
        ["消防", "A类火灾的扑救", "X"],
        ["", "3D图纸的识读", "Y"],
        ["", "380V线路的绝缘", "X"],
    ]
    reading = read_outline("细目表.xlsx", workbook(rows))
    assert [(p.code, p.name) for p in reading.points] == [
        ("A-001", "A类火灾的扑救"),
        ("A-002", "3D图纸的识读"),
        ("A-003", "380V线路的绝缘"),
    ]


def test_six_knowledge_levels_end_in_the_point() -> None:
    header = [f"知识点{word}级" for word in "一二三四五六"]
    rows = [header, ["A 制茶", "A 采青", "A 时令", "A 春茶", "A 标准", "001 一芽二叶"], [*[""] * 5, "002 露水青"]]
    reading = read_outline("细目表.xlsx", workbook(rows))
    assert [scope.grade for scope in reading.scopes] == [1, 2, 3, 4, 5]
    assert [point.code for point in reading.points] == ["A-A-A-A-A-001", "A-A-A-A-A-002"]


def test_compact_and_whole_codes_are_one() -> None:
    rows = [
        ["一级代码", "一级鉴定范围", "二级代码", "二级鉴定范围", "鉴定点代码", "鉴定点", "重要程度"],
        ["A", "基本要求", "AB", "茶学常识", "AB001", "六大茶类", "X"],
        ["A", "基本要求", "A-B", "茶学常识", "A-B-002", "茶树品种", "X"],
    ]
    reading = read_outline("细目表.xlsx", workbook(rows))
    assert [point.code for point in reading.points] == ["A-B-001", "A-B-002"]
    assert [scope.code for scope in reading.scopes] == ["A", "A-B"]


def test_an_upright_list_is_told_apart_by_importance() -> None:
    rows = [
        ["代码", "名称", "鉴定比重", "重要程度", "鉴定点"],
        ["A", "基本要求", 100, ""],
        ["A-A", "职业道德", 100, ""],
        ["A-A-001", "守约待客", "", "X"],
        ["", "没有代码", "", "X"],
    ]
    rows[0] = ["代码", "鉴定范围（鉴定点）名称", "鉴定比重", "重要程度"]
    reading = read_outline("细目表.xlsx", workbook(rows))
    assert weights(reading) == {"A": 10000, "A-A": 10000}
    assert [(point.code, point.scope) for point in reading.points] == [("A-A-001", "A-A")]
    assert reason_rows(reading) == [(5, "“没有代码”没有代码，请补上")]


def test_a_sheet_of_weights_beside_the_points() -> None:
    """组题规则: the second sheet knows scopes by code alone."""
    bare = [["鉴定点代码", "鉴定点名称", "重要程度"], ["A-A-001", "守约待客", "X"], ["B-A-001", "投茶量", "X"]]
    rule = [
        ["题库名称", "1级代码", "1级比重%", "2级代码", "2级比重%", "知识点数量", "B", "C"],
        ["茶艺师", "A", 20, "A-A", 20, 1, 4, 2],
        ["", "B", 80, "B-A", 80, 1, 9, 3],
        ["合计", "", 100, "", 100, 2, 13, 5],
    ]
    kinds = [["题库名称", "题型", "题量", "每题分数"], ["茶艺师", "单选题", 80, 1]]
    reading = read_outline("规则.xlsx", workbook(kinds, 蓝图=rule, 细目表=bare))
    assert weights(reading) == {"A": 2000, "A-A": 2000, "B": 8000, "B-A": 8000}
    assert [(point.code, point.scope) for point in reading.points] == [("A-A-001", "A-A"), ("B-A-001", "B-A")]
    alone = read_outline("规则.xlsx", workbook(kinds, 蓝图=rule))
    assert (alone.points, weights(alone)) == ((), weights(reading))


def test_the_sheet_of_the_level_is_read() -> None:
    data = workbook([["说明"]], 五级=changed(4, 7, "五级的点"), 四级=changed(4, 7, "四级的点"))
    assert [read_outline("表.xlsx", data, level).points[1].name for level in (5, 4)] == ["五级的点", "四级的点"]
    with pytest.raises(BadInput, match="没有三级/高级工的"):
        read_outline("表.xlsx", data, 3)
    assert read_outline("细目表.xlsx", workbook(ROWS), 4).warnings == (
        "表里写的是五级/初级工，现在导入到四级/中级工，请核对",
    )


def test_rows_that_cannot_be_taken_are_named() -> None:
    more = [
        ["", "", "", "", "", "", "002", "又一个投茶量", "X"],
        ["", "", "", "", "", "", "003", "出汤", "甲"],
        ["", "", "", "", "", "", "004", "", "X"],
        ["C", "其他", "许多", "", "", "", "001", "收具", "X"],
    ]
    reading = read_outline("细目表.xlsx", workbook([*ROWS, *more]))
    assert reason_rows(reading) == [
        (9, "鉴定点代码 B-A-002 重复，请改成不同的代码"),
        (10, "鉴定点 B-A-003 的重要程度“甲”应为 X、Y 或 Z"),
        (11, "鉴定点 004 没有名称，请补上"),
        (12, "比重“许多”不是 0 到 100 之间的数字，请改正；范围 C 按没有比重处理"),
    ]
    assert reading.points[-1].code == "C-001"


def test_places_name_the_sheet_and_the_table() -> None:
    twice = workbook([["说明", "请先看"]], 点=changed(4, 8, "丁"))
    assert read_outline("表.xlsx", twice).rejected[0].place == "工作表“点”第 5 行"
    tables = document([["说明", "请先看"]], changed(4, 8, "丁")[1:])
    assert read_outline("表.docx", tables).rejected[0].place == "表 2 第 4 行"


@pytest.mark.parametrize(
    ("row", "column", "value", "sentence"),
    [
        (6, 2, 70, "一级鉴定范围比重合计为 90%，应为 100%（第 4 行、第 7 行）"),
        (5, 5, 12, "第 4 行：A 基本要求 下一级比重合计为 17%，应为 20%"),
        (5, 5, "", "第 6 行：A-B 茶学常识 没有比重"),
        (4, 0, "A", None),
        (4, 1, "别的名称", "第 5 行：范围代码 A 前面叫“基本要求”，这里写成“别的名称”，以前面的为准"),
    ],
)
def test_what_deserves_a_second_look(row: int, column: int, value: object, sentence: str | None) -> None:
    rows = [list(one) for one in changed(row, column, value)]
    if column == 1:
        rows[row][0] = "A"
    reading = read_outline("细目表.xlsx", workbook(rows))
    assert list(reading.warnings[:1]) == ([sentence] if sentence else [])
    assert len(reading.points) == 5


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (workbook([["题干", "答案"]]), "没有找到鉴定点"),
        (b"A,B", "没有找到鉴定点"),
        (document([["姓名", "单位"], ["老王", "茶厂"]]), "没有找到鉴定点"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_a_file_that_is_no_outline_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_outline("细目表.xlsx", data)


def test_the_template_reads_back_without_a_word() -> None:
    reading = read_outline("模板.xlsx", outline_template(), 4)
    assert (len(reading.points), reading.rejected, reading.warnings) == (3, (), ())
    assert sum(scope.weight or 0 for scope in reading.scopes if scope.grade == 1) == 10000


def test_the_template_speaks_of_points_as_the_home_does() -> None:
    with saying("考评点"):
        reading = read_outline("模板.xlsx", outline_template())
        with pytest.raises(BadInput, match="没有找到考评点"):
            read_outline("空.xlsx", workbook([["题干", "答案"]]))
    assert len(reading.points) == 3


def test_an_outline_written_to_excel_reads_back_the_same() -> None:
    scopes = [
        Scope(position=n, code=code, name=f"范围{n}", grade=code.count("-") + 1, weight=weight)
        for n, (code, weight) in enumerate([("A", 3350), ("A-A", 3350), ("B", 6650), ("B-A", None)])
    ]
    names = [("A-A-001", "=SUM(A1)"), ("A-A-002", "+24V 的接法"), ("B-A-001", "水温")]
    points = [
        Point(position=n, code=code, name=name, scope=code[:3], importance=Importance.Y)
        for n, (code, name) in enumerate(names)
    ]
    outline = Outline(version=3, occupation="4-03-02-03", level=4, source="x", scopes=scopes, points=points)
    view = OutlineView(outline, {s.code: s for s in scopes}, {p.code: p for p in points})
    reading = read_outline("现行.xlsx", outline_workbook("面点师（四级/中级工）", view), 4)
    assert list(reading.scopes) == [ScopeRow(s.code, s.name, s.grade, s.weight) for s in scopes]
    assert [(p.code, p.name, p.importance) for p in reading.points] == [(*one, Importance.Y) for one in names]
    assert (reading.rejected, reading.warnings) == ((), ())


WORDS = "鉴定范围 一级 代码 名称 鉴定比重(%) 鉴定点 重要程度 A B-A 001 基本要求 20 X 丁 1e999 ９９９ A-A-A-A-A-A-A-A (("
CELLS = st.sampled_from([*WORDS.split(), "", "", "A 基本", "=1+1", "合计"])
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=9)


@given(TABLES, st.booleans())
def test_any_table_is_an_outline_whole_in_itself_or_refused(rows: list[list[str]], headed: bool) -> None:
    header = [
        "一级代码",
        "一级名称",
        "鉴定比重",
        "二级代码",
        "二级名称",
        "鉴定比重",
        "鉴定点代码",
        "鉴定点名称",
        "重要程度",
    ]
    lines = [header, *rows] if headed else rows
    try:
        reading = read_outline("表.csv", "\n".join(map(",".join, lines)).encode() or b"-")
    except BadInput:
        return
    codes = [scope.code for scope in reading.scopes]
    assert len(set(codes)) == len(codes)
    assert {point.scope for point in reading.points} <= set(codes)
    assert len({point.code for point in reading.points}) == len(reading.points)
    assert all(0 < row.row <= len(lines) for row in reading.rejected)
