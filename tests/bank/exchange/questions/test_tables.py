"""Question tables of a dozen layouts: types that run down, options in cells, columns or rows, rows left out."""

import datetime
import io
import zipfile
from typing import Any

from bank.content import ItemContent, ItemType
from bank.exchange.intake import read_items
from tests.bank.exchange.question_files import contents, single, with_member, with_pictures, workbook
from tests.bank.exchange.questions.crane_table import CRANE, HEADER, HOOK, READ, ROPE, read


def test_a_plain_template() -> None:
    reading = read(HEADER, CRANE, ROPE, HOOK)
    assert contents(reading) == READ
    assert (reading.format, reading.encoding, reading.read, reading.rejected) == ("xlsx", None, 3, ())
    assert [(item.row, item.place) for item in reading.items] == [(2, "第 2 行"), (3, "第 3 行"), (4, "第 4 行")]


def test_types_run_down_and_yield_to_the_evidence() -> None:
    rows = [
        ["题型", "题干", "A", "B", "C", "答案"],
        ["单选题", *CRANE[2:]],
        ["", *CRANE[2:]],
        ["", *HOOK[2:]],
        ["多选题", *ROPE[2:]],
        ["", "检查（ ）。", "甲", "乙", "丙", "A"],
    ]
    reading = read(*rows)
    assert [content.type.value for content in contents(reading)] == [
        "single",
        "single",
        "judge",
        "multiple",
        "multiple",
    ]


def test_a_merged_type_column_and_a_hidden_row() -> None:
    def shape(book: Any) -> None:
        sheet = book.active
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("A5:G5")
        sheet.row_dimensions[3].hidden = True

    rows = [HEADER, CRANE, [2, None, *CRANE[2:]], HOOK, ["二、新增试题"], [4, "多选题", *ROPE[2:]]]
    reading = read(*rows, shape=shape)
    assert contents(reading) == [READ[0], READ[0], READ[2], READ[1]]
    assert any("隐藏" in note for note in reading.items[1].notes)
    assert any("第 5 行" in note for note in reading.notes)


def test_one_sheet_per_type_beside_instructions() -> None:
    data = workbook(
        ("单选题", [["题目", "A", "B", "C", "答案"], CRANE[2:]]),
        ("判断题", [["题目", "答案"], ["吊钩可以补焊。", "错"]]),
        ("填写说明", [["请按模板填写，答案用大写字母。"]]),
    )
    reading = read_items("题库.xlsx", data)
    assert contents(reading) == [READ[0], READ[2]]
    assert reading.items[1].place == "工作表“判断题”第 2 行"
    assert any("填写说明" in note for note in reading.notes)


def test_headings_inside_the_table_name_the_type() -> None:
    rows = [
        ["题目", "A", "B", "C", "答案"],
        ["一、单选题"],
        CRANE[2:],
        ["二、判断题"],
        ["吊钩可以补焊。", None, None, None, "B"],
    ]
    assert contents(read(*rows)) == [READ[0], READ[2]]


def test_every_row_that_is_left_out_is_reported() -> None:
    rows = [
        HEADER,
        CRANE,
        [],
        ["小计", None, None, None, None, None, None],
        [4, "单选题", "没有答案的题（ ）。", "甲", "乙", "丙", None],
        [5, "单选题", None, "甲", "乙", "丙", "A"],
        [6, "单选题", "答案超出的题（ ）。", "甲", "乙", "丙", "D"],
        [7, "单选题", "两个答案的题（ ）。", "甲", "乙", "丙", "AB"],
        [8, "判断题", "答案写错的题。", None, None, None, "也许"],
        [9, "单选题", "选项相同的题（ ）。", "甲", "甲", "丙", "A"],
        ["制表人：某某"],
    ]
    reading = read(*rows)
    reasons = {one.row: one.reason for one in reading.rejected}
    assert contents(reading) == READ[:1]
    assert sorted(reasons) == [4, 5, 6, 7, 8, 9, 10, 11]
    assert "小计" in reasons[4]
    assert reasons[5] == "缺少答案"
    assert "题干为空" in reasons[6]
    assert "超出选项范围" in reasons[7]
    assert "只能有一个答案" in reasons[8]
    assert "“也许”无法识别" in reasons[9]
    assert "相同" in reasons[10]
    assert reading.read == 9


def test_one_row_per_option() -> None:
    header = ["题目序号", "题目类型", "题目内容", "整体解析", "是否正确项", "选项内容"]
    rows = [
        ["1", "1", ROPE[2], "看规程", "1", "断丝"],
        ["1", None, None, None, "1", "磨损"],
        ["1", None, None, None, "0", "颜色"],
        ["2", "3", "吊钩可以补焊。", None, "0", "正确"],
        ["2", None, None, None, "1", "错误"],
    ]
    reading = read(header, *rows)
    assert contents(reading) == [ItemContent(ItemType.MULTIPLE, READ[1].stem, READ[1].options, "AB", "看规程"), READ[2]]


def test_options_below_their_question() -> None:
    rows = [
        ["序号", "题干", "选项", "答案"],
        [1, CRANE[2], "A.10%", "B"],
        [None, None, "B.15%", None],
        [None, None, "C.25%", None],
        [2, "重物下可否站人", "A.可", "B"],
        [None, None, "B.否", None],
    ]
    found = contents(read(*rows))
    assert found == [READ[0], single("重物下可否站人", ["可", "否"], "B")]


def test_an_option_too_many_stands_in_the_remarks() -> None:
    rows = [[*HEADER, "备注"], [*ROPE[:-1], "ABD", "D.锈蚀"]]
    reading = read(*rows)
    assert contents(reading)[0].options == ("断丝", "磨损", "颜色", "锈蚀")
    assert "备注" in reading.items[0].notes[0]


def test_points_ids_difficulty_and_rationale() -> None:
    header = [*HEADER, "认定点代码", "考评点", "难度", "解析", "试题编号"]
    reading = read(
        header,
        [*CRANE, "A-B-C-001", "吊钩", "3（中等）", "见规程", "B-A-B-C-001-002"],
        [*HOOK, "A-B-C-002 索具", None, 0.8, None, "C-A-B-C-002-001"],
    )
    first, second = reading.items
    assert (first.point, first.difficulty, first.external_id, first.content.rationale) == (
        "A-B-C-001",
        3,
        "B-A-B-C-001-002",
        "见规程",
    )
    assert (second.point, second.difficulty) == ("A-B-C-002", 1)
    assert any("系数" in note for note in reading.notes)


def test_the_deepest_of_six_levels_is_the_point() -> None:
    header = [*HEADER, "知识点一级", "知识点二级", "知识点三级"]
    reading = read(header, [*CRANE, "A起重", "A-A索具", "A-A-001吊钩"], [*HOOK, "A起重", None, None])
    assert [item.point for item in reading.items] == ["A-A-001", "A起重"]


def test_running_numbers_are_no_ids() -> None:
    reading = read(["编号", *HEADER[1:]], CRANE, ROPE, HOOK)
    assert [item.external_id for item in reading.items] == [None, None, None]


def test_an_unreadable_difficulty_and_type_are_noted() -> None:
    reading = read([*HEADER, "难度"], [1, "某种题", *CRANE[2:], "极其"])
    assert contents(reading) == READ[:1]
    assert [note[:2] for note in reading.items[0].notes] == ["题型", "难度"]


def test_numbers_percentages_and_dates_read_as_shown() -> None:
    def shape(book: Any) -> None:
        for cell in book.active[2][1:4]:
            cell.number_format = "0%"
        for cell in book.active[4][1:4]:
            cell.number_format = 'm"月"d"日"'

    days = [datetime.datetime(2024, month, 2, tzinfo=datetime.UTC).replace(tzinfo=None) for month in (1, 2, 3)]
    rows = [
        ["题目", "A", "B", "C", "答案"],
        ["增大量（ ）。", 0.05, 0.1, 0.15, "C"],
        ["长度（ ）。", 1.5, 2.0, 0.1 + 0.2, "A"],
        ["节距（ ）。", *days, "A"],
    ]
    reading = read(*rows, shape=shape)
    assert [content.options for content in contents(reading)] == [
        ("5%", "10%", "15%"),
        ("1.5", "2", "0.3"),
        ("1月2日", "2月2日", "3月2日"),
    ]
    assert "日期格式" in reading.items[2].notes[0]


def test_pictures_beside_a_row() -> None:
    drawn = [2, "单选题", "如图所示的吊具是（ ）。", "吊钩", "吊环", "吊索", "A"]
    reading = read_items("题库.xlsx", with_pictures(workbook(("S", [HEADER, CRANE, drawn])), 2, 3))
    assert contents(reading) == READ[:1]
    assert "图片" in reading.items[0].notes[0]
    assert "图片" in reading.rejected[0].reason


def test_running_text_pasted_into_a_sheet() -> None:
    rows = [
        ["一、单选题"],
        ["1.吊钩的开口度增大（B）应报废。"],
        ["A.10%  B.15%  C.25%"],
        ["二、判断题"],
        ["1.吊钩可以补焊。（×）"],
    ]
    found = contents(read(*rows))
    assert [content.key for content in found] == ["B", "错误"]
    assert found[0].options == READ[0].options


def test_a_key_left_in_the_stem_is_taken_out_and_noted() -> None:
    reading = read(
        HEADER,
        [1, "单选题", "吊钩的开口度增大（ B ）应报废。", "10%", "15%", "25%", "B"],
        [3, "判断题", "吊钩可以补焊。（×）", None, None, None, "错"],
    )
    assert [content.stem for content in contents(reading)] == ["吊钩的开口度增大（）应报废。", "吊钩可以补焊。"]
    assert all("已去掉" in item.notes[0] for item in reading.items)


def test_judge_items_written_as_choices() -> None:
    rows = [
        ["题型", "题干", "选项", "答案"],
        ["判断题", "吊钩可以补焊。", "A.正确**B.错误", "B"],
        ["是非题", "吊钩可以补焊。", "A.错误**B.正确", "A"],
        ["", "吊钩可以补焊。", "对|错", "错"],
    ]
    assert contents(read(*rows)) == [READ[2]] * 3


def test_a_repeated_header_is_skipped() -> None:
    assert contents(read(HEADER, CRANE, HEADER, HOOK)) == [READ[0], READ[2]]


def test_questions_in_words() -> None:
    rows = [
        ["题型", "题干", "答案"],
        ["填空题", "起重量的单位是____。", "吨"],
        ["简答题", "简述十不吊。", "超载不吊；\n指挥不明不吊。"],
        ["", "什么是额定起重量？", "允许吊起的最大质量"],
    ]
    found = contents(read(*rows))
    assert [(content.type.value, content.key) for content in found] == [
        ("blank", "吨"),
        ("short", "超载不吊；\n指挥不明不吊。"),
        ("short", "允许吊起的最大质量"),
    ]


def test_the_shape_of_a_question_without_key_for_papers() -> None:
    data = workbook(("S", [HEADER, [*CRANE[:-1], None], [*HOOK[:-1], None]]))
    assert not read_items("卷.xlsx", data).items
    assert [content.key for content in contents(read_items("卷.xlsx", data, need_key=False))] == ["", ""]


def test_tags_before_numbers_in_cells() -> None:
    rows = [["题干", "A", "B", "C", "答案"], ["【单选题】1、吊钩的开口度增大（ ）应报废。", *CRANE[3:]]]
    assert contents(read(*rows)) == READ[:1]


def test_objects_and_text_boxes_on_a_sheet_are_told() -> None:
    data = with_pictures(workbook(("S", [HEADER, CRANE, [*ROPE[:-1], "AB"], HOOK])))
    space = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    place = f'<xdr:from xmlns:xdr="{space}"><xdr:row>2</xdr:row></xdr:from>'
    inside = f"<oleObject><objectPr><anchor>{place}</anchor></objectPr></oleObject>"
    choice = f'<x:Choice xmlns:x="urn:x">{inside}</x:Choice>'
    objects = f'<oleObjects>{choice}<x:Fallback xmlns:x="urn:x"><oleObject/></x:Fallback></oleObjects>'
    box = f'<xdr:wsDr xmlns:xdr="{space}">{place}<xdr:sp><a:t xmlns:a="urn:a">请看图</a:t></xdr:sp></xdr:wsDr>'
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        sheet = source.read("xl/worksheets/sheet1.xml").decode().replace("<drawing", f"{objects}<drawing")
    data = with_member(
        with_member(data, "xl/worksheets/sheet1.xml", sheet.encode()), "xl/drawings/drawing1.xml", box.encode()
    )
    reading = read_items("题库.xlsx", data)
    assert contents(reading) == [READ[0], READ[2]]
    assert [(one.row, "嵌入对象" in one.reason) for one in reading.rejected] == [(3, True)]
    assert [note for note in reading.notes if "文本框" in note or "嵌入" in note] == [
        "第 3 行旁边有文本框，其中的文字没有读取"
    ]
