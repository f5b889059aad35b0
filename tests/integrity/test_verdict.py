import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.content import LETTERS, RIGHT, WRONG, ItemContent, ItemType
from integrity.similarity import verdict
from integrity.similarity.features import FEATURES
from integrity.similarity.verdict import SAME_QUESTION, Verdict, judge, judge_pairs

LAMP = ItemContent(ItemType.SINGLE, "手持照明灯的安全电压为（ ）V。", ("12", "24", "36", "48"), "C")
TEA = ItemContent(
    ItemType.SINGLE, "冲泡高档绿茶时，水温一般以（ ）为宜。", ("80℃左右", "95℃以上", "60℃以下", "100℃"), "A"
)
HAIR = ItemContent(
    ItemType.MULTIPLE,
    "烫发前，美发师应向顾客询问（ ）。",
    ("过敏史", "近期染烫次数", "头皮有无破损", "家庭住址"),
    "ABC",
)
WHEEL = ItemContent(ItemType.JUDGE, "砂轮机更换砂轮后，应空转3分钟以上方可使用。", (), RIGHT)
CARE = ItemContent(ItemType.JUDGE, "为卧床老人翻身时，不得拖、拉、拽老人的肢体。", (), RIGHT)
GAUGE = ItemContent(ItemType.BLANK, "游标卡尺的主尺刻度每格为（ ）毫米。", (), "1")
WASH = ItemContent(ItemType.SHORT, "简述餐具清洗消毒的步骤。", (), "一刮、二洗、三冲、四消毒、五保洁")
ALL = [LAMP, TEA, HAIR, WHEEL, CARE, GAUGE, WASH]


def _shuffled(item: ItemContent, order: list[int]) -> ItemContent:
    key = "".join(sorted(LETTERS[order.index(LETTERS.index(letter))] for letter in item.key))
    return replace(item, options=tuple(item.options[place] for place in order), key=key)


@pytest.mark.parametrize(
    ("item", "other"),
    [
        (LAMP, replace(LAMP, stem="12．手持照明燈的安全電壓為____Ｖ", options=("A、12", "B、24", "C、36", "D、48"))),
        (LAMP, _shuffled(LAMP, [2, 0, 3, 1])),
        (HAIR, _shuffled(HAIR, [3, 2, 1, 0])),
        (LAMP, replace(LAMP, stem=LAMP.stem + "\nA.12 B.24 C.36 D.48", options=())),
        (LAMP, replace(LAMP, key="")),
        (WASH, replace(WASH, key="先刮去残渣，再洗净冲净，最后消毒并保洁")),
    ],
)
def test_the_same_in_another_dress_is_identical(item: ItemContent, other: ItemContent) -> None:
    found = judge(item, other)
    assert (found.verdict, found.score) == (Verdict.IDENTICAL, 1.0)


@pytest.mark.parametrize(
    ("item", "other", "change"),
    [
        (LAMP, replace(LAMP, options=("12", "36", "42", "24"), key="B"), "有 1 个选项不同"),
        (LAMP, ItemContent(ItemType.JUDGE, "手持照明灯的安全电压为36V。", (), RIGHT), "题型转换：单选→判断"),
        (WHEEL, replace(WHEEL, stem="砂轮机更换沙轮后，应空转3分钟以上方可使用。"), "用词不同：砂/沙"),
        (WHEEL, replace(WHEEL, stem="砂轮机更换砂轮后，必须空转三分钟以上才可使用。"), "仅虚词或同义词不同"),
        (WHEEL, replace(WHEEL, stem="根据《砂轮机安全规程》第五条规定，" + WHEEL.stem), "用词不同"),
        (TEA, replace(TEA, stem="冲泡高档绿茶，水温通常以（ ）为宜"), "仅虚词或同义词不同"),
    ],
)
def test_the_same_question_reworded_is_near(item: ItemContent, other: ItemContent, change: str) -> None:
    found = judge(item, other)
    assert found.verdict is Verdict.NEAR
    assert any(told.startswith(change) for told in found.changes), found.changes


@pytest.mark.parametrize(
    ("item", "other"),
    [
        (LAMP, replace(LAMP, key="B")),
        (LAMP, replace(_shuffled(LAMP, [3, 2, 1, 0]), key="A")),
        (HAIR, replace(HAIR, stem="烫发前，美发师应当向顾客询问：", key="ABCD")),
        (WHEEL, replace(WHEEL, key=WRONG)),
        (GAUGE, replace(GAUGE, key="0.5")),
    ],
)
def test_the_same_text_under_another_key_is_a_conflict(item: ItemContent, other: ItemContent) -> None:
    found = judge(item, other)
    assert found.verdict is Verdict.CONFLICT
    assert found.changes[0] == "答案不同"
    assert found.score >= verdict.SAME_FROM


@pytest.mark.parametrize(
    ("item", "stem"),
    [
        (LAMP, "手持照明灯的安全电流为（ ）V。"),
        (LAMP, "固定照明灯的安全电压为（ ）V。"),
        (TEA, "冲泡高档红茶时，水温一般以（ ）为宜。"),
        (TEA, "冲泡高档绿茶时，水温一般不以（ ）为宜。"),
        (TEA, "冲泡高档绿茶时，水量一般以（ ）为宜。"),
        (HAIR, "烫发后，美发师应向顾客询问（ ）。"),
        (HAIR, "染发前，美发师应向顾客询问（ ）。"),
        (WHEEL, "砂轮机更换砂轮后，应空转5分钟以上方可使用。"),
        (WHEEL, "砂轮机更换砂轮后，不应空转3分钟以上方可使用。"),
        (WHEEL, "切割机更换砂轮后，应空转3分钟以上方可使用。"),
        (WHEEL, "砂轮机更换砂轮前，应空转3分钟以上方可使用。"),
        (CARE, "为卧床老人翻身时，可以拖、拉、拽老人的肢体。"),
        (CARE, "为卧床老人洗头时，不得拖、拉、拽老人的肢体。"),
        (GAUGE, "游标卡尺的副尺刻度每格为（ ）毫米。"),
        (GAUGE, "外径千分尺的主尺刻度每格为（ ）毫米。"),
    ],
)
def test_another_value_term_or_way_of_asking_is_a_template(item: ItemContent, stem: str) -> None:
    for other in (replace(item, stem=stem), replace(item, stem=stem, key="")):
        found = judge(item, other)
        assert found.verdict is Verdict.TEMPLATE, (stem, found)
        assert found.score < verdict.SAME_FROM


@pytest.mark.parametrize(("key", "other_key"), [("B", "A"), ("B", ""), ("", "")])
def test_the_same_stem_over_other_options_is_another_question(key: str, other_key: str) -> None:
    generic = ItemContent(
        ItemType.SINGLE, "下列说法错误的是（ ）。", ("刀具应分类存放", "生熟可共用砧板", "抹布须消毒"), key
    )
    other = replace(generic, options=("灭火器应悬挂", "电线可以裸露", "通道须畅通"), key=other_key)
    assert judge(generic, other).verdict is Verdict.UNRELATED
    telling = replace(other, stem=LAMP.stem)
    assert judge(LAMP, telling).verdict in {Verdict.TEMPLATE, Verdict.UNRELATED}


def test_where_a_content_word_was_exchanged_a_person_decides() -> None:
    rows = np.zeros((2, len(FEATURES)))
    rows[0, FEATURES.index("stem_words")] = 1
    judged, free = verdict.overruled(rows, np.array([0.99, 0.99])).tolist()
    assert verdict.SAME_FROM <= judged < verdict.STRICT_FROM
    assert free == 0.99


def test_questions_of_different_matter_are_unrelated() -> None:
    pairs = [(a, b) for place, a in enumerate(ALL) for b in ALL[place + 1 :]]
    assert {found.verdict for found in judge_pairs(pairs)} == {Verdict.UNRELATED}


def test_only_the_value_differs_is_said_so() -> None:
    other = replace(LAMP, stem="手持照明灯在36V电源下允许的功率为（ ）W。", options=("25", "40", "60"), key="C")
    found = judge(other, replace(other, stem=other.stem.replace("36V", "24V")))
    assert found.changes == ("仅数值不同：36V/24V",)
    assert ("replace", "36V", "24V") in found.diff


def test_without_explanations_the_verdict_is_the_same() -> None:
    pairs = [(LAMP, replace(LAMP, key="B")), (TEA, replace(TEA, stem="冲泡红茶时，水温以（ ）为宜。")), (LAMP, TEA)]
    told, bare = judge_pairs(pairs), judge_pairs(pairs, explained=False)
    assert [(one.verdict, one.score) for one in told] == [(one.verdict, one.score) for one in bare]
    assert all(one.changes == () and one.diff == () for one in bare)


def test_a_question_as_long_as_a_book_is_judged_too() -> None:
    long = replace(WASH, stem="餐具清洗消毒的步骤依次是什么，" * 5000)
    found = judge(long, replace(long, stem=long.stem + "请简述。"))
    assert found.verdict is Verdict.NEAR
    assert len(found.diff) == 1


def test_nothing_to_judge() -> None:
    assert judge_pairs([]) == []


_texts = st.text(st.sampled_from("安全电压为36V的（）不应，大小AB\n½銲"), max_size=14)
_items = st.builds(
    ItemContent,
    st.sampled_from(ItemType),
    _texts,
    st.lists(_texts, max_size=4).map(tuple),
    st.sampled_from(["", "A", "BC", "正确", "36"]),
)


@settings(max_examples=150, deadline=None)
@given(_items, _items)
def test_order_does_not_matter_and_scores_are_probabilities(a: ItemContent, b: ItemContent) -> None:
    there, back = judge_pairs([(a, b), (b, a)])
    assert there.verdict is back.verdict
    assert there.score == back.score
    assert 0 <= there.score <= 1
    assert there.same == (there.verdict in SAME_QUESTION)


@settings(max_examples=50, deadline=None)
@given(_items)
def test_every_item_is_identical_with_itself(item: ItemContent) -> None:
    assert judge(item, replace(item)).verdict is Verdict.IDENTICAL


@settings(max_examples=80, deadline=None)
@given(_items, _items)
def test_spans_give_both_stems_back(a: ItemContent, b: ItemContent) -> None:
    found = judge(a, b)
    if found.diff:
        assert "".join(left for _, left, _ in found.diff) == a.stem
        assert "".join(right for _, _, right in found.diff) == b.stem


def test_a_model_for_other_features_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = json.loads(verdict.MODEL_PATH.read_text(encoding="utf-8"))
    data["features"] = data["features"][1:]
    other = tmp_path / "model.json"
    other.write_text(json.dumps(data), encoding="utf-8")
    monkeypatch.setattr(verdict, "MODEL_PATH", other)
    verdict._models.cache_clear()
    with pytest.raises(RuntimeError, match="train_verdict"):
        judge(LAMP, replace(LAMP, stem="手持照明灯的电压为（ ）V。"))
    verdict._models.cache_clear()
