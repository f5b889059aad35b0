import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.answers import RubricPoint
from bank.content import ItemContent, ItemType
from bank.ground.errors import BadInput
from papers.rendering import sheets, wording
from papers.rendering.sheets import PrintedForm, PrintedItem, PrintedSection
from tests.papers.rendering.printed import item_text, option_texts

SINGLE = ItemContent(ItemType.SINGLE, "电流的单位是（　　）。", ("安培", "伏特", "欧姆", "瓦特"), "A")


def stem_text(content: ItemContent) -> str:
    return wording.said(wording.stem(content))


def single(stem: str) -> ItemContent:
    return ItemContent(ItemType.SINGLE, stem, ("甲", "乙"), "A")


@pytest.mark.parametrize(("marks", "shown"), [(0, "0"), (1, "0.5"), (2, "1"), (3, "1.5"), (160, "80"), (161, "80.5")])
def test_half_marks_are_printed_as_decimals(marks: int, shown: str) -> None:
    assert sheets.half(marks) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")]
)
def test_section_numerals(number: int, shown: str) -> None:
    assert sheets.numeral(number) == shown


def test_title_names_span_task_and_marks(make_section) -> None:
    title = sheets.section_title(1, make_section([SINGLE] * 80))
    assert title == (
        "一、单项选择题（第1题～第80题。选择一个正确的答案，将相应的字母填入题内的括号中。每题1分，满分80分。）"
    )


def test_title_with_half_marks(make_section) -> None:
    assert "每题0.5分，满分80分" in sheets.section_title(1, make_section([SINGLE] * 160, 1))
    assert sheets.section_head(2, make_section([SINGLE], 1, first=9)) == "二、单项选择题（第9题，每题0.5分，满分0.5分）"


def test_marks_that_differ_stand_at_each_item(make_section) -> None:
    section = make_section([SINGLE, SINGLE], [1, 3])
    assert "各题分值见题首，满分2分" in sheets.section_title(1, section)
    assert [item_text(item, section)[:8] for item in section.items] == ["1．（0.5分）", "2．（1.5分）"]


@pytest.mark.parametrize(("level", "name"), [(5, "初级工"), (4, "中级工"), (3, "高级工"), (2, "技师"), (1, "高级技师")])
def test_level_names(make_form, make_section, level: int, name: str) -> None:
    assert sheets.subject(make_form(make_section([SINGLE]), level=level)).endswith(f"级/{name}）")


def test_unknown_level_is_refused(make_form, make_section) -> None:
    with pytest.raises(BadInput, match="等级 9"):
        sheets.subject(make_form(make_section([SINGLE]), level=9))


@pytest.mark.parametrize(("form", "name"), [("A", "A卷"), ("备用", "备用卷"), ("B卷", "B卷")])
def test_form_names(make_form, make_section, form: str, name: str) -> None:
    assert sheets.form_name(make_form(make_section([SINGLE]), form=form)) == name


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["110V", "220V", "380V", "660V"], 4),
        (["是", "否"], 4),
        (["停电", "验电", "接地", "挂牌", "遮栏"], 5),
        (["接通被测电路的电源", "断开", "换挡", "对调"], 2),
        (["把导线在钳口中多绕几匝，再将读数除以匝数", "断开", "换挡", "对调"], 1),
        (["第一行\n第二行", "断开", "换挡", "对调"], 1),
        (["甲", "乙", "丙", "丁", "戊", "己"], 2),
    ],
)
def test_options_stand_in_columns_by_width(options: list[str], count: int) -> None:
    texts = option_texts(ItemContent(ItemType.MULTIPLE, "题", tuple(options)))
    assert sheets.columns(texts) == count


@given(st.lists(st.text(max_size=60), min_size=2, max_size=8))
def test_columns_never_promise_more_than_the_line_holds(options: list[str]) -> None:
    count = sheets.columns(options)
    assert count in {1, 2, 4, 5}
    assert count == 1 or max(map(sheets.width, options)) * count < sheets.LINE_EMS


@pytest.mark.parametrize("place", ["（）", "（　　）", "( )", "【 】", "[  ]", "（＿＿）", "（____）"])
def test_answer_brackets_get_one_width(place: str) -> None:
    assert stem_text(single(f"额定电压是{place}。")) == f"额定电压是{wording.ANSWER_BRACKET}。"


def test_a_choice_without_answer_place_gets_one() -> None:
    assert stem_text(single("下列说法正确的是")) == f"下列说法正确的是{wording.ANSWER_BRACKET}"
    assert stem_text(single("扬程将___。")) == "扬程将___。"


def test_code_is_no_answer_place() -> None:
    stem = stem_text(single("main()返回a[]的（ ）"))
    assert stem == f"main()返回a[]的{wording.ANSWER_BRACKET}"


def test_blanks_get_one_width() -> None:
    line = wording.ANSWER_UNDERLINE
    assert stem_text(ItemContent(ItemType.BLANK, "I=__，单位是＿＿＿。")) == f"I={line}，单位是{line}。"
    assert stem_text(ItemContent(ItemType.BLANK, "电流的单位是")) == f"电流的单位是{line}"


def test_judge_bracket_stands_in_front_unless_the_stem_has_one(make_section) -> None:
    section = make_section([ItemContent(ItemType.JUDGE, "铜能导电。"), ItemContent(ItemType.JUDGE, "铁能导电。（ ）")])
    first, second = (item_text(item, section) for item in section.items)
    assert first == f"{wording.LEADING_BRACKET}1．铜能导电。"
    assert second == f"2．铁能导电。{wording.ANSWER_BRACKET}"


@given(st.text())
def test_printable_text_has_no_invisible_characters(text: str) -> None:
    shown = wording.printable(text)
    assert all(char == "\n" or unicodedata.category(char)[0] != "C" for char in shown)
    assert wording.printable(shown) == shown


def test_printable_keeps_what_can_be_seen() -> None:
    assert wording.printable("零\u200b宽\ufeff，\u202e反\u202c向\x00") == "零宽，反向"
    assert wording.printable("私\ue001用\ud800") == "私〓用〓"
    assert wording.printable("a\tb\r\n  c\u2028d") == "a   b\n  c\nd"
    assert wording.printable("√3≤U₂·cosφ²Ω😀") == "√3≤U₂·cosφ²Ω😀"


def test_only_long_items_may_be_split(make_section) -> None:
    section = make_section([SINGLE, single("很长的题干。" * 300)])
    assert [sheets.stays_whole(item, section) for item in section.items] == [True, False]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (ItemContent(ItemType.MULTIPLE, "题", ("甲", "乙"), "AB"), "AB"),
        (ItemContent(ItemType.JUDGE, "题", (), "正确"), "√"),
        (ItemContent(ItemType.JUDGE, "题", (), "错误"), "×"),
        (ItemContent(ItemType.JUDGE, "题"), ""),
        (ItemContent(ItemType.SHORT, "题", (), "要点"), "要点"),
        (ItemContent(ItemType.PRACTICAL, "题"), "（另见评分记录表）"),
        (ItemContent(ItemType.BLANK, "____和____。", (), "电压|U；伏"), "电压（或 U）；伏"),
    ],
)
def test_keys_as_the_marker_reads_them(content: ItemContent, shown: str) -> None:
    assert sheets.key_text(content) == shown


def test_points_for_other_marks_say_how_they_are_counted() -> None:
    points = (RubricPoint("断电", 4), RubricPoint("验电", 6))
    content = ItemContent(ItemType.SHORT, "题", (), "要点", rubric=points)
    fair, halved = (sheets.guidance(sheets.PrintedItem(1, content, marks)) for marks in (10, 5))
    assert len(fair) == 2
    assert wording.said(halved[2]) == "（各评分项合计 5 分，按比例折算为本题 2.5 分）"


def test_bubbles_follow_the_widest_item(make_section, make_form) -> None:
    four = make_section([SINGLE])
    six = make_section([SINGLE, ItemContent(ItemType.SINGLE, "题", tuple("甲乙丙丁戊己"), "A")])
    judges = make_section([ItemContent(ItemType.JUDGE, "题", (), "正确")])
    words = make_section([ItemContent(ItemType.SHORT, "题", (), "答")])
    assert [sheets.bubbles(section) for section in (four, six, judges, words)] == ["ABCD", "ABCDEF", "√×", ""]
    across = [sheets.groups_across(make_form(*each)) for each in ([four, judges], [six, judges], [judges])]
    assert across == [4, 3, 5]


def test_notes_count_the_items_and_skip_an_empty_standard(make_form, make_section) -> None:
    form = make_form(make_section([SINGLE] * 3), make_section([SINGLE], first=4), standard_note=" ")
    notes = sheets.notes(form)
    assert notes[0].startswith("本试卷共2个大题、4道小题")
    assert len(notes) == 4


def test_a_day_not_yet_fixed_leaves_room(make_form, make_section) -> None:
    assert "＿＿" in sheets.used_on_text(make_form(make_section([SINGLE]), used_on=None))


def test_full_marks_add_up() -> None:
    section = PrintedSection(ItemType.SINGLE, (PrintedItem(1, SINGLE, 1), PrintedItem(2, SINGLE, 2)))
    form = PrintedForm("认定", "学校", "电工", 4, "A", "1", 90, "", (section, section))
    assert (section.marks, form.marks) == (3, 6)
