import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrity.audits.raregrams import HOT, PAIR, RAREST, Grammed, RareGrams
from integrity.similarity.folding import codes_of

KEY = b"k" * 32
TEXTS = [
    Grammed(0, "揉面机的搅拌桨叶与桶壁之间应保持均匀间隙", 0, is_option=False),
    Grammed(0, "六毫米左右", 20, is_option=True),
    Grammed(1, "揉面机的搅拌桨叶每班清洗", 0, is_option=False),
]


def starts(grams: RareGrams, text: str) -> set[tuple[int, int]]:
    items, places, _ = grams.places(codes_of(text))
    return set(zip(items.tolist(), places.tolist(), strict=True))


def test_grams_say_where_an_item_would_start() -> None:
    grams = RareGrams(TEXTS, KEY)
    assert starts(grams, "前言若干" + TEXTS[0].text) == {(0, 4), (1, 4)}
    assert starts(grams, "前言" + TEXTS[1].text) == {(0, -18)}
    assert starts(grams, "与此全然无关的一句话") == set()


def test_few_rare_grams_are_kept_of_stem_and_options() -> None:
    grams = RareGrams([*TEXTS, *(Grammed(n, TEXTS[0].text[:14], 0, is_option=False) for n in range(2, 9))], KEY)
    items, places, _ = grams.places(codes_of(TEXTS[0].text))
    assert np.count_nonzero((items == 0) & (places == 0)) == RAREST[0]
    rarest = TEXTS[0].text[11:]
    assert (0, -11) in starts(grams, rarest)


def test_counts_are_of_items_not_of_occurrences() -> None:
    grams = RareGrams([*TEXTS, Grammed(2, "揉面揉面揉面", 0, is_option=False)], KEY)
    assert grams.counts(codes_of("揉面"), PAIR).tolist() == [3]
    assert grams.counts(codes_of("桶壁隙未"), PAIR).tolist() == [1, 0, 0]
    assert grams.counts(codes_of("面未"), 1).tolist() == [3, 0]


def test_worth_tells_common_phrases_from_rare_ones() -> None:
    many = [Grammed(n, f"下列说法错误的是{chr(0x4E00 + n)}", 0, is_option=False) for n in range(50)]
    common, rare = RareGrams([*many, Grammed(50, "窑炉坯体", 0, is_option=False)], KEY).worth(
        ["下列说法错误的是", "窑炉坯体"]
    )
    assert common.mean() < 0.1
    assert rare.tolist() == [1.0] * 4


@given(st.lists(st.text("砂轮机窑炉坯体，0a", max_size=9), max_size=6))
def test_worth_of_many_texts_is_that_of_each(texts: list[str]) -> None:
    grams = RareGrams(TEXTS, KEY)
    together = grams.worth(texts)
    assert [len(worth) for worth in together] == [len(text) for text in texts]
    for text, worth in zip(texts, together, strict=True):
        assert worth.tolist() == grams.worth([text])[0].tolist()


def test_hot_grams_give_way_to_longer_ones() -> None:
    texts = [Grammed(n, f"灌装线封口温度{chr(0x5000 + n)}瓶盖扭矩变化", 0, is_option=False) for n in range(HOT + 50)]
    grams = RareGrams(texts, KEY)
    assert len(starts(grams, "灌装线封口温度")) == 0
    assert starts(grams, texts[7].text) == {(7, 0)}


def test_other_key_finds_nothing_in_these_postings() -> None:
    mine, other = RareGrams(TEXTS, KEY), RareGrams(TEXTS, b"o" * 32)
    mine._cipher = other._cipher
    assert starts(mine, TEXTS[0].text) == set()
    with pytest.raises(ValueError, match="16 bytes"):
        RareGrams(TEXTS, b"k" * 15)


def test_no_text_stands_in_the_postings() -> None:
    grams = RareGrams(TEXTS, KEY)
    held = b"".join(kept.tokens.tobytes() for kept in grams._postings)
    held += b"".join(known.tobytes() for known, _ in grams._spread.values())
    for char in TEXTS[0].text:
        assert char.encode("utf-32-le") not in held
