import re
from dataclasses import replace

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.content import ItemContent, ItemType
from integrity.audits.leaks import LeakHit, LeakIndex
from integrity.similarity.verdict import Verdict
from tests.integrity.audits.leak_items import (
    BANK,
    ENTRIES,
    KEY,
    STRANGERS,
    J,
    as_statement,
    filled,
    page,
    printed,
    shuffled,
)

INDEX = LeakIndex(ENTRIES, KEY)
NUMBER = {item: number for number, item in ENTRIES}
EVERYTHING = {number for number, _ in ENTRIES}
CHOICES = [item for item in BANK if item.options]
STATED = [item for item in CHOICES if "下列" not in item.stem and item.type is not ItemType.MULTIPLE]
# What a scanner makes of characters; none of the bank's contrasts (大小, 高低 …) is among them.
MISREAD = str.maketrans(
    {"绣": "锈", "篾": "蔑", "茶": "荼", "捞": "涝", "缝": "逢", "蔬": "疏", "揉": "糅", "坯": "坏", "冷": "冶"}
)


def leaked(text: str, index: LeakIndex = INDEX) -> set[int]:
    return {hit.item for hit in index.scan(text) if hit.is_leak}


def hit_of(item: ItemContent, text: str) -> LeakHit:
    return next(hit for hit in INDEX.scan(text) if hit.item == NUMBER[item])


def test_every_item_is_found_and_no_stranger_named() -> None:
    hits = INDEX.scan(page(BANK))
    assert {hit.item for hit in hits if hit.is_leak} == EVERYTHING
    assert {hit.verdict for hit in hits if hit.is_leak} == {Verdict.IDENTICAL}
    assert leaked(page([])) == set()


def test_hit_quotes_the_document_and_says_where() -> None:
    text = page(BANK[:4])
    hit = hit_of(BANK[2], text)
    assert hit.excerpt.startswith("揉面机的搅拌桨叶与桶壁之间")
    assert "6毫米" in hit.excerpt
    assert text[hit.start : hit.end].split() == hit.excerpt.split()
    assert hit.score == 1.0


def test_hits_come_in_the_order_of_the_text() -> None:
    starts = [hit.start for hit in INDEX.scan(page(BANK))]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("label", "between"), [("{}、", "\n"), ("{}.", "  "), ("（{}）", " "), ("{}．", ""), ("{}:", "\n\n")]
)
def test_shuffled_options_in_every_lettering(label: str, between: str) -> None:
    items = [shuffled(item, 5) for item in BANK]
    text = page(items, lambda n, item: printed(n, item, label=label, between=between, answer=False))
    assert leaked(text) == EVERYTHING


def test_traditional_characters() -> None:
    assert leaked(opencc.OpenCC("s2t").convert(page(BANK))) == EVERYTHING


def test_pinyin_beside_characters() -> None:
    glossed = (
        page(BANK).replace("机", "机(jī)").replace("线", "線(xiàn)").replace("时", "时(shí)").replace("度", "度（dù）")
    )
    assert leaked(glossed) == EVERYTHING


def test_zero_width_marks_and_forum_noise() -> None:
    spoiled = re.sub(r"(\w\w\w)", "\\1\u200b", page(BANK)).replace("\n", "  kQ7#x9&Lw0;%\n")
    assert leaked(spoiled) == EVERYTHING


def test_wrapped_and_spaced_text() -> None:
    assert leaked(re.sub(r"(.{11})", r"\1\n", page(BANK))) == EVERYTHING
    assert leaked(" ".join(page(BANK))) == EVERYTHING


def test_questions_jammed_into_one_line() -> None:
    assert (
        leaked(page(BANK, lambda n, i: printed(n, i, label="{}.", between=""), between="").replace("\n", ""))
        == EVERYTHING
    )


def test_misread_characters() -> None:
    assert leaked(page(BANK).translate(MISREAD)) == EVERYTHING


def test_other_character_is_a_slip_only_where_the_page_is_misread() -> None:
    wine, others = BANK[10], [item for item in BANK if item.stem.translate(MISREAD) != item.stem]
    changed = replace(wine, stem=wine.stem.replace("米曲霉", "米面霉"))
    assert hit_of(wine, page([changed])).verdict is Verdict.TEMPLATE
    assert hit_of(wine, page([changed, *others]).translate(MISREAD)).verdict is Verdict.NEAR


def test_filled_in_answers() -> None:
    items = [item for item in BANK if item.type is not ItemType.MULTIPLE]
    assert leaked(page(items, filled)) == {NUMBER[item] for item in items}


def test_choice_turned_into_judgement() -> None:
    assert leaked(page(STATED, as_statement)) == {NUMBER[item] for item in STATED}
    assert hit_of(STATED[0], page(STATED, as_statement)).verdict is Verdict.NEAR


def test_stems_without_options() -> None:
    text = page(STATED, lambda n, item: f"{n}、{item.stem}")
    assert leaked(text) == {NUMBER[item] for item in STATED}


def test_generic_stem_without_its_options_names_nobody() -> None:
    generic = {NUMBER[item] for item in BANK if item.stem.startswith("下列")}
    assert generic.isdisjoint(leaked("1、下列说法错误的是（ ）。\n2、下列说法错误的是（ ）。"))
    assert generic.isdisjoint(leaked(page([])))


def test_generic_stem_is_found_by_its_own_options_only() -> None:
    tea, pottery = (item for item in BANK if item.stem.startswith("下列"))
    found = leaked(page([shuffled(tea, 3)]))
    assert NUMBER[tea] in found
    assert NUMBER[pottery] not in found


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("每上升九米", "每上升三米"),
        ("霜层厚度超过十二毫米", "霜层厚度超过二十毫米"),
        ("米曲霉的酶活就越强", "米曲霉的酶活就越弱"),
        ("不需要空转", "需要空转"),
        ("应倒回原药瓶保存", "不得倒回原药瓶保存"),
        ("底线张力过大时，缝料正面会露出底线", "面线张力过大时，缝料正面会露出底线"),
        ("被测面的哪一侧较高", "被测面的哪一侧较低"),
        ("气泡偏向", "指针偏向"),
    ],
)
def test_another_value_entity_or_polarity_is_template(said: str, instead: str) -> None:
    item = next(item for item in BANK if said in item.stem and item.type is J)
    other = replace(item, stem=item.stem.replace(said, instead))
    assert hit_of(item, page([other])).verdict is Verdict.TEMPLATE
    assert leaked(page([other])) == set()


def test_sibling_with_the_same_options_is_template_where_the_page_has_the_other() -> None:
    broken, skipped = BANK[3], BANK[4]
    hits = {hit.item: hit.verdict for hit in INDEX.scan(page([broken]))}
    assert hits[NUMBER[broken]] is Verdict.IDENTICAL
    assert hits[NUMBER[skipped]] is Verdict.TEMPLATE


def test_same_stem_over_other_options_is_template() -> None:
    other = replace(BANK[21], options=("浮起一层油", "颜色变绿", "无法凝固", "味道变酸"))
    assert hit_of(BANK[21], page([other])).verdict is Verdict.TEMPLATE


def test_reworded_item_is_near() -> None:
    other = replace(BANK[8], stem="用木工平刨加工长度短于三百毫米的木料，必须（ ）。")
    assert hit_of(BANK[8], page([other])).verdict is Verdict.NEAR


def test_item_cut_short_by_the_end_of_the_page() -> None:
    assert NUMBER[BANK[15]] in leaked("最后一题：茶园喷药作业结束后，喷杆内残留的药液应倒回")


def test_recalled_head_with_its_answer() -> None:
    assert NUMBER[BANK[20]] in leaked("还记得一题 快递分拣线急停按钮被按下后，…… 答案是 确认线上无人并复位")


def test_prose_with_the_words_of_an_item_is_no_leak() -> None:
    prose = "养蚕的人都知道，四龄期以后湿度要慢慢降下来。绣花机断线并不少见，换一根针就好。豆腐点浆要有耐心。"
    assert leaked(prose) == set()


def test_exact_copies_in_the_bank_are_all_named() -> None:
    index = LeakIndex([(1, BANK[0]), (2, shuffled(BANK[0], 2)), (3, BANK[0]), (4, BANK[7])], KEY)
    assert leaked(page([BANK[0]]), index) == {1, 2, 3}


def test_bank_of_hundreds_of_siblings_names_the_right_one() -> None:
    frame = "第{}号灌装线的封口温度设定在{}摄氏度时，瓶盖的扭矩会（ ）。"
    items = [
        ItemContent(ItemType.SINGLE, frame.format(line, 100 + 2 * line), ("变大", "变小", "不变"), "A")
        for line in range(1, 400)
    ]
    index = LeakIndex(list(enumerate(items)), KEY)
    found = [hit for hit in index.scan(printed(1, items[250])) if hit.is_leak]
    assert [hit.item for hit in found] == [250]


def test_empty_bank_and_empty_text() -> None:
    assert LeakIndex([], KEY).scan("随便什么文字都行，题库是空的。") == []
    assert INDEX.scan("") == []
    assert INDEX.scan("？！（）") == []
    assert LeakIndex([(1, ItemContent(ItemType.JUDGE, "。", (), ""))], KEY).scan(page(BANK)) == []


def test_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        LeakIndex(ENTRIES, b"short")


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([*BANK, *STRANGERS]), min_size=1, max_size=6, unique=True),
    st.integers(0, 9),
    st.booleans(),
)
def test_any_mixture_gives_exactly_its_bank_items(items: list[ItemContent], seed: int, answers: bool) -> None:
    text = "\n".join(printed(n, shuffled(item, seed), answer=answers) for n, item in enumerate(items, 1))
    assert leaked(text) == {NUMBER[item] for item in items if item in NUMBER}


PIECES = st.sampled_from(
    [
        "A、",
        "（ ）",
        "答案：B",
        "1、",
        "\n",
        "  ",
        "下列说法错误的是",
        "绣花机断线",
        "0.4",
        "mm",
        "三",
        "不",
        *(item.stem for item in BANK),
    ]
)


@settings(max_examples=80)
@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30))
def test_no_text_breaks_the_scan(pieces: list[str]) -> None:
    text = "".join(pieces)
    for hit in INDEX.scan(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert 0 < hit.score <= 1
