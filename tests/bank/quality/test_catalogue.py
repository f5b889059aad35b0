"""Every check finds its fault, and leaves a sound item alone."""

from collections import Counter
from dataclasses import replace

import pytest

from bank.answers import RubricPoint
from bank.content import TYPE_NAMES, ItemContent, ItemType
from bank.quality.assessing import entry_of
from bank.quality.catalogue import CHECKS
from bank.quality.checks import Check, Entry
from tests.factories import make_items

BY_CODE = {check.code: check for check in CHECKS}

SINGLE = ItemContent(
    ItemType.SINGLE,
    "面团发酵时，醒发箱的相对湿度宜控制在（　）。",
    ("20%", "45%", "75%", "100%"),
    "C",
    "见《面点师》教材：湿度过低会结皮，过高会塌陷。",
)
MULTIPLE = ItemContent(
    ItemType.MULTIPLE, "下列属于酥皮点心的有（　）。", ("蛋黄酥", "老婆饼", "馒头", "鲜花饼"), "ABD", "馒头是发面。"
)
JUDGE = ItemContent(ItemType.JUDGE, "和面用水的温度对面筋的形成有影响。", (), "正确", "水温高则蛋白质变性。")
BLANK = ItemContent(ItemType.BLANK, "蒸制馒头应先用____火，再改____火。", (), "旺|大；中")
SHORT = ItemContent(ItemType.SHORT, "简述水油面的调制步骤。", (), "略", rubric=(RubricPoint("称量", 4),))


def _entry(content: ItemContent, **beside: bool | int | None) -> Entry:
    return entry_of(1, content, **{"placed": True, "difficulty": 3, **beside})  # type: ignore[arg-type]


def _single(stem: str = SINGLE.stem, options: tuple[str, ...] = SINGLE.options, key: str = "C") -> ItemContent:
    return replace(SINGLE, stem=stem, options=options, key=key)


FAULTY = {
    "damaged_text": _single("面团\ufffd酵时，湿度宜为（　）。"),
    "blank_without_gap": replace(BLANK, stem="蒸制馒头先旺火后中火。"),
    "blank_count": replace(BLANK, key="旺"),
    "stem_asks_nothing": _single("醒发箱的湿度。"),
    "stem_short": _single("酵母（　）"),
    "stem_long": _single("面" * 151 + "（　）"),
    "negative_unstressed": _single("下列做法不正确的是（　）。"),
    "stem_names_letters": _single("选项A与下列哪一项作用相同？"),
    "stem_numbered": _single("12、醒发箱的湿度宜为（　）。"),
    "brackets_unpaired": _single("按《面点师国家职业标准规定，湿度宜为（　）。"),
    "option_repeated": _single(options=("２０％", "20 %", "75%", "100%")),
    "option_labelled": _single(options=("A. 20%", "45%", "75%", "100%")),
    "option_all_of_them": _single(options=("起酥", "上色", "增香", "以上都对")),
    "option_units": _single(options=("20mm", "30mm", "75mm", "90")),
    "option_long": _single(options=("面" * 61, "水", "油", "糖" * 50)),
    "option_count": _single(options=("20%", "45%", "75%")),
    "key_in_stem": _single("醒发箱的湿度宜为（ C ）。"),
    "rationale_differs": replace(SINGLE, rationale="湿度过低会结皮，故选B。"),
    "key_longest": _single(options=("偏低", "偏高", "先低后高，并随季节和面团硬度调整", "不变")),
    "key_hinted": _single("水油面坯的主要原料是（　）。", ("糖浆", "蛋清", "水油面坯粉", "米粉")),
    "multiple_single_key": replace(MULTIPLE, key="A"),
    "distractor_absolute": _single(options=("任何时候都加碱", "不加碱", "视酸度加碱", "少加碱")),
    "judge_absolute": replace(JUDGE, stem="任何情况下和面都用沸水。", key="错误"),
    "judge_asks": replace(JUDGE, stem="和面水温影响面筋吗？"),
    "judge_unfinished": replace(JUDGE, stem="和面用水的温度对面筋"),
    "no_rubric": replace(SHORT, rubric=()),
    "no_rationale": replace(SINGLE, rationale=""),
}
BESIDE = {"orphan": _entry(SINGLE, placed=False), "no_difficulty": _entry(SINGLE, difficulty=None)}


def _alarms(entry: Entry) -> set[str]:
    return {check.code for check in CHECKS if entry.content.type in check.types and check.find(entry)}


@pytest.mark.parametrize("sound", [SINGLE, MULTIPLE, JUDGE, BLANK, SHORT], ids=lambda one: one.type.value)
def test_a_sound_item_passes_everything(sound: ItemContent) -> None:
    assert not sound.faults()
    assert _alarms(_entry(sound)) == set()


@pytest.mark.parametrize("code", BY_CODE)
def test_each_fault_is_found_with_a_reason(code: str) -> None:
    entry = BESIDE.get(code) or _entry(FAULTY[code])
    check = BY_CODE[code]
    assert entry.content.type in check.types
    assert check.find(entry), code


@pytest.mark.parametrize("check", CHECKS, ids=lambda one: one.code)
def test_reasons_quote_nothing_of_the_item(check: Check) -> None:
    """Lists without text carry the reasons: no four letters of stem or options may stand in one."""
    entry = BESIDE.get(check.code) or _entry(FAULTY[check.code])
    reason = check.find(entry)
    said = "".join((entry.content.stem, *entry.content.options)).replace("不正确的是", "").replace("绝对、任何", "")
    assert not [reason[n : n + 4] for n in range(len(reason) - 3) if reason[n : n + 4] in said]


def test_codes_are_unique_and_everything_is_explained() -> None:
    assert not [code for code, count in Counter(check.code for check in CHECKS).items() if count > 1]
    for check in CHECKS:
        assert check.name
        assert check.why.endswith("。")
        assert check.mend.endswith("。")
    assert set(TYPE_NAMES) >= {kind for check in CHECKS for kind in check.types}


def test_stressed_negation_passes() -> None:
    for mark in ("b", "u"):
        stem = f"下列做法<{mark}>不正确</{mark}>的是（　）。"
        assert "negative_unstressed" not in _alarms(_entry(_single(stem)))


@pytest.mark.parametrize(
    "stem", ["环境温度不得低于（　）度。", "遮栏距离不应小于（　）米。", "负载为（　），不能超过额定值。"]
)
def test_a_bound_is_no_negative_question(stem: str) -> None:
    assert "negative_unstressed" not in _alarms(_entry(_single(stem)))


@pytest.mark.parametrize(
    "options",
    [
        ("MΩ", "mΩ", "μΩ", "Ω"),
        ("I=U/R", "i=u/R", "I=R/U", "I=UR"),
        (">5", "<5", "=5", "5"),
    ],
)
def test_signs_that_differ_are_not_repeated(options: tuple[str, ...]) -> None:
    assert "option_repeated" not in _alarms(_entry(_single(options=options)))


def test_what_is_forbidden_is_a_negative_question_too() -> None:
    entry = _entry(_single("试电笔不可用来（　）。"))
    assert BY_CODE["negative_unstressed"].find(entry) == "问法为否定（不可），没有加粗或加下划线"


def test_an_inequality_is_no_markup() -> None:
    assert "damaged_text" not in _alarms(_entry(_single("当 0<p<1 时，醒发速度（　）。")))
    assert "damaged_text" in _alarms(_entry(_single("<div>醒发速度宜为（　）。</div>")))


def test_pictures_are_not_taken_for_one_another() -> None:
    options = tuple(f"![](pic:{token * 8})" for token in "abcd")
    assert _alarms(_entry(_single("下列图形中表示常开触头的是（　）。", options))) == set()


def test_units_that_agree_pass() -> None:
    for options in (("10V", "20 V", "30Ｖ", "40V"), ("1", "2", "3", "4"), ("5次以上", "6次", "7次", "8次")):
        assert "option_units" not in _alarms(_entry(_single(options=options)))


def test_the_demos_questions_are_nearly_all_sound() -> None:
    found = Counter(code for content in make_items(62) for code in _alarms(_entry(content)) if code != "no_rationale")
    assert sum(found.values()) <= 6, found
