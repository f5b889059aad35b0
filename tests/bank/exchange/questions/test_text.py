"""Running text in the ways schools write it: numbers, options, keys, sections, and what is no question."""

import pytest

from bank.content import ItemContent, ItemType
from tests.bank.exchange.question_files import contents, judge, read_text, single

DRILL = single("钻孔时的进给量应（）。", ["均匀", "越大越好", "忽大忽小", "随意"], "A")
TAP = single("丝锥的材料有（）。", ["高速钢", "工具钢", "铸铁", "木材"], "AB")
GLOVES = judge("钻床操作可以戴手套。", "错误")


def bare(content: ItemContent) -> ItemContent:
    """The content with its blank closed up, since dialects differ in what they leave between the brackets."""
    stem = content.stem.replace("（ ）", "（）").replace("（  ）", "（）").replace("( )", "（）")
    return ItemContent(content.type, stem, content.options, content.key, content.rationale)


@pytest.mark.parametrize(
    "lines",
    [
        ["1. 钻孔时的进给量应（ ）。", "A. 均匀", "B. 越大越好", "C. 忽大忽小", "D. 随意", "答案：A"],
        ["1、钻孔时的进给量应（ A ）。", "A、均匀  B、越大越好  C、忽大忽小  D、随意"],
        ["1．钻孔时的进给量应（ ）。", "A．均匀\tB．越大越好", "C．忽大忽小\tD．随意", "【答案】A"],
        ["（1）钻孔时的进给量应（ ）。", "（A）均匀 （B）越大越好 （C）忽大忽小 （D）随意", "正确答案：A"],
        ["1)钻孔时的进给量应（A）。A.均匀B.越大越好C.忽大忽小D.随意"],
        ["1.[单选]钻孔时的进给量应（ ）。", "A.均匀 B.越大越好", "C.忽大忽小 D.随意", "标准答案: a"],
        ["【单选题】1、钻孔时的进给量应（ ）。", "A.均匀 B.越大越好", "C.忽大忽小 D.随意", "答案: A"],
        ["第1题 钻孔时的进给量应（ ）。", "A 均匀", "B 越大越好", "C 忽大忽小", "D 随意", "答案 A"],
        ["（ A ）1．钻孔时的进给量应（ ）。", "A．均匀 B．越大越好 C．忽大忽小 D．随意"],
        [
            "【题型】单选题",
            "【题干】钻孔时的进给量应（ ）。",
            "【选项】A.均匀 B.越大越好 C.忽大忽小 D.随意",
            "【答案】A",
        ],
        ["钻孔时的进给量应（A）。", "A.均匀", "B.越大越好", "C.忽大忽小", "D.随意"],
        ["1.钻孔时的进给量应（A）。", "均匀   B、越大越好  C、忽大忽小  D、随意"],
        ["1.钻孔时的进给量应（A）。", "A均匀B越大越好C忽大忽小D随意"],
        ["1.钻孔时的进给量应（ ）。", "a.均匀 b.越大越好 c.忽大忽小 d.随意", "答:A"],
        ["1.钻孔时的进给量应（ ）。", "A.均匀 √", "B.越大越好", "C.忽大忽小", "D.随意"],
    ],
)
def test_one_question_in_many_dresses(lines: list[str]) -> None:
    reading = read_text(*lines)
    assert [bare(content) for content in contents(reading)] == [DRILL]
    assert reading.rejected == ()


@pytest.mark.parametrize(
    "line",
    [
        "1.钻床操作可以戴手套。（×）",
        "1、钻床操作可以戴手套（ 错 ）。",
        "（×）1、钻床操作可以戴手套。",
        "1.（ × ）钻床操作可以戴手套。",
        "1.[判断]钻床操作可以戴手套。(F)",
        "1.钻床操作可以戴手套。 ×",
        "（判断题）钻床操作可以戴手套。（错误）",
    ],
)
def test_one_judge_item_in_many_dresses(line: str) -> None:
    assert contents(read_text("一、判断题", line)) == [GLOVES]
    assert contents(read_text(line)) == [GLOVES]


def test_sections_give_types_and_numbers_begin_anew() -> None:
    reading = read_text(
        *[
            "钳工题库",
            "",
            "一、单项选择题（每题1分，共1分）",
            "1. 钻孔时的进给量应（ A ）。",
            "A.均匀 B.越大越好 C.忽大忽小 D.随意",
        ],
        *["二、多项选择题（多选、少选均不得分）", "1. 丝锥的材料有（ A、B ）。", "A.高速钢 B.工具钢 C.铸铁 D.木材"],
        *["三、判断题", "1. 钻床操作可以戴手套。（ × ）"],
    )
    assert [bare(content) for content in contents(reading)] == [DRILL, TAP, GLOVES]
    assert [item.row for item in reading.items] == [4, 7, 10]
    assert any("第 1 行" in note for note in reading.notes)


@pytest.mark.parametrize(
    "sheet",
    [
        ["参考答案", "一、单选题", "1-2 AB", "二、判断题", "1-2 ×√"],
        ["答案：", "一、单选题：1.A 2.B", "二、判断题：1.× 2.√"],
        ["钳工试卷答案", "一、", "1～2：A B", "二、", "1～2：错 对"],
        ["标准答案", "1.A", "2.B", "1.×", "2.√"],
        ["参考答案及评分标准", "一、单选题", "AB", "二、判断题", "× √"],
        ["参考答案", "一、单选题", "1.【答案】A", "【解析】略。", "2.【答案】B", "二、判断题", "1. 错误 2. 正确"],
    ],
)
def test_keys_at_the_end(sheet: list[str]) -> None:
    reading = read_text(
        *["一、单选题", "1.甲类工具是（ ）。", "A.钳 B.锤", "2.乙类工具是（ ）。", "A.钳 B.锤"],
        *["二、判断题", "1.锤子可以没有柄。（ ）", "2.锤子要有楔子。（ ）", "", *sheet],
    )
    assert [content.key for content in contents(reading)] == ["A", "B", "错误", "正确"]
    assert contents(reading)[2].stem == "锤子可以没有柄。"


def test_keys_that_do_not_fit_are_told() -> None:
    reading = read_text("1.甲是（ ）。", "A.一 B.二", "2.乙是（ ）。", "A.一 B.二", "参考答案", "1-2 ABA", "7.B")
    assert [one.reason for one in reading.rejected] == ["缺少答案", "缺少答案"]
    assert any("对不上" in note for note in reading.notes)
    assert any("找不到" in note for note in reading.notes)


def test_fields_behind_the_answer() -> None:
    reading = read_text(
        *[
            "1．钻孔时的进给量应（ ）。",
            "A．均匀",
            "B．随意",
            "答案：A",
            "解析：进给不匀会折断钻头，",
            "还会伤人。",
            "难度：易  鉴定点：A-A-001",
        ],
        *["2．钻床操作可以戴手套。", "答案：×  解析：会被卷入。 分值：1"],
    )
    first, second = reading.items
    assert first.content.rationale == "进给不匀会折断钻头，\n还会伤人。"
    assert (first.difficulty, first.point) == (1, "A-A-001")
    assert second.content == ItemContent(ItemType.JUDGE, GLOVES.stem, (), "错误", "会被卷入。", marks=2)


def test_questions_in_words() -> None:
    reading = read_text(
        *["一、填空题", "1、台虎钳的规格用____表示。", "答案：钳口宽度", "2、锯条一般用（碳素工具钢）制成。"],
        *[
            "二、简答题",
            "1、简述锯割的要点。",
            "答：起锯角要小；",
            "1、压力适当；",
            "2、速度均匀。",
            "2、什么是划线？",
            "在工件上划出界线。",
        ],
        *["三、计算题", "1、求直径10mm圆的周长。", "解：C=πd", "=31.4mm", "答：周长31.4mm。"],
    )
    assert [(c.type.value, c.stem, c.key) for c in contents(reading)] == [
        ("blank", "台虎钳的规格用____表示。", "钳口宽度"),
        ("blank", "锯条一般用（）制成。", "碳素工具钢"),
        ("short", "简述锯割的要点。", "起锯角要小；\n1、压力适当；\n2、速度均匀。"),
        ("short", "什么是划线？", "在工件上划出界线。"),
        ("calculation", "求直径10mm圆的周长。", "C=πd\n=31.4mm\n答：周长31.4mm。"),
    ]


def test_statements_inside_a_stem() -> None:
    reading = read_text(
        "1.关于锯割正确的有（ ）。",
        "①起锯要慢",
        "②锯条要绷紧",
        "A.① B.② C.①②",
        "答案：C",
        "2.锯条安装齿尖应（ ）。",
        "(1)向前",
        "(2)向后",
        "A.(1) B.(2)",
        "答案：A",
    )
    assert [content.stem for content in contents(reading)] == [
        "关于锯割正确的有（ ）。\n①起锯要慢\n②锯条要绷紧",
        "锯条安装齿尖应（ ）。\n(1)向前\n(2)向后",
    ]
    assert [content.options for content in contents(reading)] == [("①", "②", "①②"), ("(1)", "(2)")]


def test_an_option_that_runs_over_two_lines() -> None:
    reading = read_text("1.錾削时应（ ）。", "A.戴防护眼镜", "B.对面不站人，", "并设防护网", "答案：B")
    assert contents(reading)[0].options == ("戴防护眼镜", "对面不站人，\n并设防护网")


def test_numbers_that_touch_values() -> None:
    reading = read_text(
        "1.380V电机应（ A ）。",
        "A.接地 B.悬空",
        "2.1.5mm板可以（ B ）。",
        "A.锻 B.剪",
        "3.220V为（ A ）。",
        "A.相压 B.线压",
    )
    assert [content.stem for content in contents(reading)] == ["380V电机应（）。", "1.5mm板可以（）。", "220V为（）。"]


def test_a_corrected_statement_is_a_rationale() -> None:
    reading = read_text("判断题", "1.（×）锉刀可以沾水。", "正确答案：锉刀不可以沾水。", "2.（√）锉刀要单面使用。")
    assert contents(reading) == [
        ItemContent(ItemType.JUDGE, "锉刀可以沾水。", (), "错误", "锉刀不可以沾水。"),
        judge("锉刀要单面使用。", "正确"),
    ]


def test_letters_typed_twice_and_left_out() -> None:
    reading = read_text(
        "1.锤柄长约（ A ）。", "A、350mm  B、100mm", "C、1m  C、2m", "2.锤重（ A ）。", "A、1kg  B、2kg  D、3kg"
    )
    assert contents(reading)[0].options == ("350mm", "100mm", "1m", "2m")
    assert "两次" in reading.items[0].notes[0]
    assert "缺少选项 C" in reading.rejected[0].reason


def test_a_stem_that_begins_with_its_blank() -> None:
    reading = read_text("1.（A）是最小的单位。", "（A）毫米 （B）米", "2.（ B ）最大。", "（A）毫米 （B）米")
    assert [(c.stem, c.key) for c in contents(reading)] == [("（）是最小的单位。", "A"), ("（）最大。", "B")]


def test_the_front_page_of_a_national_paper_is_no_question() -> None:
    reading = read_text(
        *[
            "职业技能鉴定国家题库",
            "注 意 事 项",
            "1、考试时间：120分钟。",
            "2、请首先按要求填写您的姓名和单位。",
            "姓名：____ 准考证号：____",
            "得 分",
        ],
        *[
            "一、单项选择(第1题～第1题。选择一个正确的答案，将相应的字母填入题内的括号中。每题1分，满分1分。)",
            "1. 钻孔时的进给量应( )。",
            "A、均匀 B、越大越好",
            "C、忽大忽小 D、随意",
        ],
        *["答案", "1.A"],
    )
    assert [bare(content) for content in contents(reading)] == [DRILL]
    assert reading.rejected == ()
    assert any("不是试题" in note for note in reading.notes)


def test_what_lacks_a_part_is_rejected_with_its_place() -> None:
    reading = read_text("1.锯条应（ ）。", "A.装反 B.装正", "2.锯弓应（ E ）。", "A.固定 B.可调", "3.锯缝应（A）。")
    assert [(one.row, one.place) for one in reading.rejected] == [
        (1, "第 1 行（第 1 题）"),
        (3, "第 3 行（第 2 题）"),
        (5, "第 5 行（第 3 题）"),
    ]
    assert reading.items == ()


def test_options_in_answers_of_words_are_no_options() -> None:
    reading = read_text(
        "一、简答题", "1、锯条折断有哪些原因？", "A、压力过大；", "B、锯条太松。", "2、锯缝歪斜怎么办？", "重新起锯。"
    )
    assert [content.key for content in contents(reading)] == ["A、压力过大；\nB、锯条太松。", "重新起锯。"]


def test_judge_items_need_neither_heading_nor_running_numbers() -> None:
    assert contents(read_text(*["1.锯条可以沾油。（×）"] * 4)) == [judge("锯条可以沾油。", "错误")] * 4


def test_symbols_in_a_stem_are_neither_key_nor_options() -> None:
    lines = [
        "1.基因（A、a）与基因（B）、（b）都应（ ）。",
        "A.存在 B.消失",
        "答案：B",
        "2.图中A、B两点间（ ）。A、通路 B、断路 C、短路",
        "答案：A",
    ]
    reading = read_text(*lines)
    assert [content.stem for content in contents(reading)] == [
        "基因（A、a）与基因（B）、（b）都应（ ）。",
        "图中A、B两点间（ ）。",
    ]


def test_option_signs_that_part_and_signs_that_are_text() -> None:
    reading = read_text("1.应（A）。A.停机；B.断电；C.挂牌", "2.应（A）。", "A.停机；  B.断电；  C.挂牌。")
    assert [content.options for content in contents(reading)] == [
        ("停机", "断电", "挂牌"),
        ("停机；", "断电；", "挂牌。"),
    ]


def test_an_option_that_speaks_of_answers_is_no_title() -> None:
    reading = read_text("1.应（A）。", "A、停机  B、断电  C、无答案", "2.应（B）。", "A、停机", "B、都不是正确答案")
    assert [content.options[-1] for content in contents(reading)] == ["无答案", "都不是正确答案"]
