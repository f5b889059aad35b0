"""GIFT as teachers and Moodle write it: escapes, shares, feedback, categories; what Tidun has no type for is named."""

import pytest

from bank.answers import Credit
from bank.content import ItemContent, ItemType
from bank.exchange.formats.gift import looks_like_gift
from bank.exchange.intake import read_items
from bank.exchange.reading import Reading
from bank.ground.errors import BadInput

EXPORTED = r"""// question: 0  name: Switch category to $course$/top/默认分类
$CATEGORY: $course$/top/电工/A-B-003 触电急救


// question: 31  name: 心肺复苏
// [id:JJ-7] [tag:急救] [tag:difficulty:4]
::心肺复苏::[html]<p>按压频率为每分钟<br>（ ）次。</p>{
	=<p>100～120</p>#<p>对</p>
	~<p>60～80</p>
	~%50%<p>140 以上</p>#<p>过快</p>
	####<p>见急救规范。</p>
}


// question: 32
::脱离电源::先切断电源{TRUE#错在先救人#没错}

::多选::触电方式有 {
~%33.33333%单相触电
~%33.33333%两相触电
~%33.33333%跨步电压
~%-100%静电
}

::首都::安全电压上限是____V。{=36 =%100%三十六 =%40%24#太低}

格兰特葬在{=格兰特墓
~巴黎
~伦敦}。

集合 \{1\:2\} 有几个元素？{#2:0.5}

频率是多少？{#=50:0 =%50%60:0 #近似}

范围？{#1..5}

简述步骤。{}
"""


def read(text: str) -> Reading:
    return read_items("题库.txt", text.encode())


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(EXPORTED)


def test_all_kinds(reading: Reading) -> None:
    assert reading.format == "gift"
    assert [item.content for item in reading.items] == [
        ItemContent(
            ItemType.SINGLE,
            "按压频率为每分钟\n（ ）次。",
            ("100～120", "60～80", "140 以上"),
            "A",
            "见急救规范。\nA：对\nC：过快",
        ),
        ItemContent(ItemType.JUDGE, "先切断电源", (), "正确", "错在先救人\n没错"),
        ItemContent(
            ItemType.MULTIPLE,
            "触电方式有",
            ("单相触电", "两相触电", "跨步电压", "静电"),
            "ABC",
            credit=Credit.SHARE,
        ),
        ItemContent(ItemType.BLANK, "安全电压上限是____V。", (), "36|三十六", "太低"),
        ItemContent(ItemType.SINGLE, "格兰特葬在_____。", ("格兰特墓", "巴黎", "伦敦"), "A"),
        ItemContent(ItemType.CALCULATION, "集合 {1:2} 有几个元素？", (), "2±0.5"),
        ItemContent(ItemType.CALCULATION, "频率是多少？", (), "50", "近似"),
        ItemContent(ItemType.CALCULATION, "范围？", (), "1～5"),
    ]


def test_attributes_and_rejections(reading: Reading) -> None:
    first = reading.items[0]
    assert (first.external_id, first.point, first.difficulty, first.row) == ("JJ-7", "A-B-003", 4, 7)
    assert "24" in reading.items[3].notes[0]
    assert [(one.reason, one.seen) for one in reading.rejected] == [
        ("缺少答案", ItemContent(ItemType.SHORT, "简述步骤。"))
    ]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("连线 {=甲 -> 1 =乙 -> 2}", "匹配题"),
        ("少了括号 {=甲 ~乙", "不成对"),
        ("[html]<p><img src='a.png'></p>{T}", "a.png"),
        ("多了 } 括号", "不成对"),
        ("两个答案 {=甲 =乙 ~丙}", "只能有一个答案"),
        ("不知道 {甲 乙}", "无法识别"),
    ],
)
def test_what_cannot_be_asked_is_named(question: str, reason: str) -> None:
    reading = read(f"好题{{T}}\n\n{question}\n")
    assert len(reading.items) == 1
    assert reason in reading.rejected[0].reason


def test_text_formats_of_answers() -> None:
    item = read("::1::[plain]a<b>c{=[html]x<sub>2</sub> ~[plain]<i>}").items[0].content
    assert (item.stem, item.options) == ("a<b>c", ("x<sub>2</sub>", "<i>"))


def test_a_blank_line_inside_the_braces_parts_nothing() -> None:
    assert read("甲{\n=一\n\n~二\n}\n\n乙{F}").items[0].content.options == ("一", "二")


@pytest.mark.parametrize(
    "text",
    [
        "1. 集合 {1,2,3} 的元素有几个？\nA. 1\nB. 3\n答案：B",
        "题干\nA. {a}\nB. {b}\n答案：A\n\n第二题 {=x}\nA. 1\nB. 2\n答案：B\n\n第三题\nA. 1\nB. 2\n答案：A",
        '{"stem": "水泵", "type": "judge", "answer": "T"}',
        "简述 {} 的含义。\n答案：空集",
    ],
)
def test_texts_for_people_are_no_gift(text: str) -> None:
    assert not looks_like_gift(text)


def test_nothing_but_descriptions_is_no_bank() -> None:
    with pytest.raises(BadInput, match="没有读到试题"):
        read("$CATEGORY: a/b\n\n只是说明")
