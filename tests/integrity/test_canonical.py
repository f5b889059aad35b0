from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.content import ItemContent, ItemType
from integrity.similarity.canonical import (
    canonical,
    canonical_many,
    canonical_with_offsets,
    split_options,
)

CRANE = ItemContent(ItemType.SINGLE, "起重机吊钩的开口度超过原尺寸的（ ）时应报废。", ("5%", "10%", "15%", "20%"), "C")


def test_parts_of_a_choice_item() -> None:
    form = canonical(CRANE)
    assert form.stem == "起重机吊钩的开口度超过原尺寸的时应报废"
    assert form.options == ("5%", "10%", "15%", "20%")
    assert form.answer == ("15%",)
    assert form.filled == "起重机吊钩的开口度超过原尺寸的15%时应报废"


@pytest.mark.parametrize(
    "stem",
    [
        "12. 起重机吊钩的开口度超过原尺寸的（ ）时应报废。",
        "(3)起重機吊鉤的開口度超過原尺寸的____時應報廢",
        "【单选】第8题、起重机 吊钩的\n开口度超过原尺寸的( C )时，应报废（2分）",
        "１、起重机吊\u200b钩(gōu)的开口度超过原尺寸的（　　）时应报废.",
    ],
)
def test_printing_and_scanning_leave_the_form_alone(stem: str) -> None:
    labelled = tuple(f"{letter}．{text}" for letter, text in zip("ABCD", CRANE.options, strict=True))
    assert canonical(replace(CRANE, stem=stem, options=labelled)) == canonical(CRANE)


@pytest.mark.parametrize(
    "inline",
    [" A.5% B.10% C.15% D.20%", "A、5%B、10%C、15%D、20%", "\n(A)5%\n(B)10%\n(C)15%\n(D)20%"],
)
def test_options_written_into_the_stem_come_out(inline: str) -> None:
    assert canonical(replace(CRANE, stem=CRANE.stem + inline, options=())) == canonical(CRANE)


@pytest.mark.parametrize("stem", ["甲去过 A、B、C 三个车间", "B级、C级设备由谁检验", "维生素A、维生素B 缺乏症"])
def test_letters_that_label_nothing_stay(stem: str) -> None:
    assert split_options(stem) == (stem, ())


def test_a_value_is_no_question_number() -> None:
    assert canonical(replace(CRANE, stem="3.5kV 线路的（ ）")).stem == "3.5kv线路的"


def test_missing_key_fills_nothing() -> None:
    form = canonical(replace(CRANE, key=""))
    assert form.answer == ()
    assert form.filled == form.stem


def test_key_beyond_the_options_is_no_error() -> None:
    assert canonical(replace(CRANE, key="F")).answer == ()


def test_several_blanks_take_their_answers_in_turn() -> None:
    item = ItemContent(ItemType.BLANK, "触电急救的步骤是先（ ），再____。", (), "断电；施救")
    assert canonical(item).filled == "触电急救的步骤是先断电再施救"


@pytest.mark.parametrize(("key", "answer"), [("√", ("正确",)), ("F", ("错误",)), ("正确", ("正确",)), ("", ())])
def test_judge_keys_have_one_spelling(key: str, answer: tuple[str, ...]) -> None:
    assert canonical(ItemContent(ItemType.JUDGE, "吊索可以打结使用。", (), key)).answer == answer


def test_a_document_holds_the_form_of_its_items() -> None:
    page = f"模拟题\n 7. {CRANE.stem}\n A. 5%  B. 10%  C. 15%  D. 20%\n"
    text, places = canonical_with_offsets(page)
    start = text.index(canonical(CRANE).stem)
    assert page[places[start] :].startswith("起重机吊钩")


_texts = st.text(st.sampled_from("电流電壓 .3（）()A、B°C\n機jī½-不①"), max_size=20)
_items = st.builds(
    ItemContent,
    st.sampled_from(ItemType),
    _texts,
    st.lists(_texts, max_size=4).map(tuple),
    st.sampled_from(["", "A", "BC", "正确", "先断电；再施救"]),
)


@given(st.lists(_items, max_size=6))
def test_many_at_once_equal_one_at_a_time(items: list[ItemContent]) -> None:
    assert canonical_many(items) == [canonical(item) for item in items]


@pytest.mark.parametrize(
    "piece", ["(", "（ ", "A ", "1 ", " ", "第", "(A", "机(j", "亿", "一点", "9", "1.", "法", "____(", "\\quad", "°"]
)
def test_hostile_text_takes_no_longer_than_any_other(piece: str) -> None:
    """Each of these repeated is the worst case of one pattern; a pattern that backtracks would never come back."""
    for text in (piece * 50_000, "（" + piece * 50_000, piece + " " * 50_000, "1、(" + "\n" * 50_000 + piece):
        item = ItemContent(ItemType.SINGLE, text, (text, "B" + text), "A")
        form = canonical(item)
        assert len(form.numbers) + len(form.polarity) <= len(form.stem)
        canonical_with_offsets(text)
