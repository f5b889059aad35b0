"""The tables that other systems of the field export and offer as templates, each in its own columns."""

import pytest

from bank.answers import Credit, RubricPoint
from bank.exchange.intake import read_items
from bank.exchange.reading import Reading
from bank.items import Cognition
from bank.outlines import Importance
from tests.bank.exchange.question_files import Row, contents, judge, single, workbook

SAW = single("圆锯片装夹后应先（ ）。", ("试转", "进料"), "A")
MASK = judge("打磨时可不戴口罩。", "错误")


def read(*rows: Row, sheet: str = "Sheet1") -> Reading:
    return read_items("题库.xlsx", workbook((sheet, rows)))


def test_the_table_with_asides_in_its_header() -> None:
    header = [
        "题干（必填）",
        "题型 （必填）",
        "选项 A",
        "选项 B",
        "选项 C",
        "选项 D",
        "选项E\n(勿删)",
        "正确答案\n（必填）",
    ]
    more = ["解析\n（勿删）", "章节\n（勿删）", "难度"]
    rows = [
        [SAW.stem, "单选题", *SAW.options, "", "", "", "A", "防止飞出", "第一章", "易"],
        [MASK.stem, "判断题", "正确", "错误", "", "", "", "B", "", "", "中"],
    ]
    reading = read([*header, *more], *rows)
    assert [content.key for content in contents(reading)] == ["A", "错误"]
    assert contents(reading)[0].rationale == "防止飞出"
    assert [item.difficulty for item in reading.items] == [1, 3]


def test_title_rows_above_the_header() -> None:
    rows = [
        ["木工题库"],
        ["说明：第 4 行为表头，请勿修改"],
        [""],
        ["题干", "题型", "选择项1", "选择项2", "解析", "答案1", "答案2"],
        [SAW.stem, "单选题", *SAW.options, "", "A", ""],
        ["锯机停机后才可（ ）。", "多选题", "清屑", "换锯片", "", "A", "B"],
    ]
    reading = read(*rows)
    assert [content.key for content in contents(reading)] == ["A", "AB"]


def test_the_national_template() -> None:
    header = [
        "题库名称",
        "ID",
        "序号",
        "认定点代码",
        "题型代码",
        "题号",
        "试题（题干）",
        "试题（选项A）",
        "试题（选项B）",
    ]
    more = ["【图】及位置", "正确答案", "难度代码", "一致性代码", "解析"]
    rows = [
        [
            "木工",
            "B-A-B-C-001-001",
            1,
            "A-B-C-001",
            "B（单选题）",
            1,
            SAW.stem,
            *SAW.options,
            "",
            "A",
            "2（较易）",
            "4（高）",
            "",
        ],
        [
            "木工",
            "C-A-B-C-001-002",
            2,
            "A-B-C-001",
            "C（判断题）",
            2,
            MASK.stem,
            "",
            "",
            "",
            "错误",
            "3（中等）",
            "5（很高）",
            "",
        ],
    ]
    reading = read([*header, *more], *rows)
    assert contents(reading) == [SAW, MASK]
    assert [(item.point, item.difficulty, item.consistency) for item in reading.items] == [
        ("A-B-C-001", 2, 4),
        ("A-B-C-001", 3, 5),
    ]
    assert reading.items[0].external_id == "B-A-B-C-001-001"


def test_six_levels_of_points_with_code_and_name_glued() -> None:
    header = ["试题GUID", "题型(必填）", "题干（必填）", "答案", "选项A", "选项B"]
    levels = [f"知识点{n}级" for n in "一二三四五六"]
    tail = ["难度", "一致性", "分数", "解析", "出处"]
    point = ["A基本要求", "A-A职业道德", "A-A-001职业守则", "", "", ""]
    reading = read(
        [*header, *levels, *tail],
        ["7f-01", "单选", SAW.stem, "A", *SAW.options, *point, 3, 4, 0.5, "", "《木工》第 12 页"],
    )
    (item,) = reading.items
    assert (item.point, item.external_id, item.consistency) == ("A-A-001", "7f-01", 4)
    assert (item.content.marks, item.content.source) == (1, "《木工》第 12 页")


def test_one_row_for_each_option() -> None:
    header = [
        "题目序号",
        "题目类型",
        "题目内容",
        "整体解析",
        "题目图片",
        "所属题库",
        "是否正确项",
        "选项内容",
        "选项解析",
        "选项图片",
    ]
    rows = [
        [1, 1, SAW.stem, "", "", "木工", "1", SAW.options[0], "", ""],
        [1, 1, SAW.stem, "", "", "木工", "0", SAW.options[1], "", ""],
    ]
    assert contents(read(header, *rows)) == [SAW]


@pytest.mark.parametrize("sign", ["$;$", "|", "\n"])
def test_options_in_one_cell(sign: str) -> None:
    options = sign.join(f"{letter}. {text}" for letter, text in zip("AB", SAW.options, strict=True))
    assert contents(read(["题型", "题干", "选项", "答案"], ["单选题", SAW.stem, options, "A"])) == [SAW]


def test_a_sheet_for_each_type() -> None:
    single_sheet = ("单选题", [["题干", "A", "B", "答案"], [SAW.stem, *SAW.options, "A"]])
    judge_sheet = ("判断题", [["题干", "答案"], [MASK.stem, "×"]])
    assert contents(read_items("题库.xlsx", workbook(single_sheet, judge_sheet))) == [SAW, MASK]


def test_types_by_number() -> None:
    header = ["题型", "题干", "选项A", "选项B", "答案"]
    rows = [[20, SAW.stem, *SAW.options, "A"], [10, MASK.stem, "", "", "×"], [70, "求齿数。", "", "", "40"]]
    assert [content.type for content in contents(read(header, *rows))] == ["single", "judge", "calculation"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [("T", "blank"), ("D", "short"), ("U", "calculation"), ("W", "essay"), ("E", "essay"), ("F", "essay")],
)
def test_types_by_letter(code: str, kind: str) -> None:
    (content,) = contents(read(["题型代码", "题干", "答案"], [code, "刨削的余量是____。", "2 mm"]))
    assert content.type == kind


def test_attributes_and_rubrics() -> None:
    header = [
        "题型",
        "题干",
        "选项A",
        "选项B",
        "选项C",
        "答案",
        "能力目标",
        "重要程度",
        "分值",
        "少选得分",
        "评分标准",
        "出处",
    ]
    rows = [
        ["多选题", "木材的缺陷有（ ）。", "节子", "腐朽", "年轮", "AB", "了解", "Y", 2, 1, "", ""],
        ["简答题", "简述换锯片的步骤。", "", "", "", "略", "掌握", "X", 5, "", "断电（2分）；换片（3分）", ""],
        ["简答题", "简述保养。", "", "", "", "略", "", "", 4, "", "清洁（2分）；上油（3分）", ""],
        ["简答题", "简述刃磨。", "", "", "", "略", "", "", "", "", "答对即可", "手册"],
    ]
    reading = read(header, *rows)
    many, swap, care, grind = contents(reading)
    assert (many.credit, many.marks) == (Credit.HALF, 4)
    assert swap.rubric == (RubricPoint("断电", 4), RubricPoint("换片", 6))
    assert (care.rubric, care.rationale) == ((), "清洁（2分）；上油（3分）")
    assert "与分值不符" in reading.items[2].notes[0]
    assert (grind.rationale, grind.source) == ("答对即可", "手册")
    assert [(item.cognition, item.importance) for item in reading.items[:2]] == [
        (Cognition.RECALL, Importance.Y),
        (Cognition.APPLY, Importance.X),
    ]


def test_a_material_shared_by_rows() -> None:
    header = ["题组号", "案例材料", "题型", "题干", "选项A", "选项B", "答案"]
    rows = [
        ["1", "甲厂使用带锯机加工板材。", "单选题", SAW.stem, *SAW.options, "A"],
        ["1", "", "判断题", MASK.stem, "", "", "错误"],
        ["", "", "判断题", "锯屑应每班清理。", "", "", "正确"],
    ]
    reading = read(header, *rows)
    material = "甲厂使用带锯机加工板材。"
    assert [(item.set, item.content.material) for item in reading.items] == [
        ("1", material),
        ("1", material),
        (None, ""),
    ]


def test_blanks_parted_by_bars() -> None:
    header = ["题型", "题干", "答案"]
    rows = [["填空题", "锯条由____和____组成。", "齿|背"], ["填空题", "锯条由____组成。", "锯齿|齿"]]
    assert [content.key for content in contents(read(header, *rows))] == ["齿；背", "锯齿|齿"]
