import hashlib
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from datasketch import MinHash
from datasketch.hashfunc import sha1_hash32
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.content import ItemContent, ItemType
from integrity.similarity import sketches
from integrity.similarity.canonical import Canonical, canonical, canonical_many
from integrity.similarity.sketches import BUCKETS, FULL, NO_BUCKET, SHINGLE, STATEMENT, Sketcher

KEY = bytes(range(32))
ITEMS = [
    ItemContent(
        ItemType.SINGLE,
        "钳工划线时，毛坯上不加工的面与加工面之间的尺寸以（ ）为准。",
        ("划线基准", "设计基准", "装配基准", "测量基准"),
        "A",
    ),
    ItemContent(ItemType.JUDGE, "锯条装反以后，锯齿的前角变为负值，因此锯削费力。", (), "正确"),
    ItemContent(
        ItemType.MULTIPLE, "茶艺师备器时，应检查（ ）。", ("茶壶是否洁净", "杯口有无缺损", "水温是否合适"), "ABC"
    ),
    ItemContent(ItemType.SHORT, "简述美发师为顾客烫发前应询问的事项。", (), "过敏史、近期染烫次数和头皮状况"),
]


def _shingle_set(item: Canonical, sketch: int) -> set[str]:
    size = SHINGLE[sketch]
    parts = [item.filled] if sketch == STATEMENT else [item.stem, *item.options]
    found = {part[at : at + size] for part in parts for at in range(len(part) - size + 1)}
    return found | ({part for part in item.options if len(part) == 1} if sketch == FULL else set())


def _reference(sketcher: Sketcher, item: Canonical, sketch: int) -> MinHash:
    """The sketch as datasketch computes it, one shingle after the other, with our keyed hash and permutations."""

    def keyed(shingle: str) -> int:
        packed = sum(ord(char) << (21 * at) for at, char in enumerate(shingle))
        return int(sketcher.hashes(np.array([packed], np.uint64), SHINGLE[sketch])[0])

    minhash = MinHash(num_perm=128, hashfunc=keyed, permutations=sketcher.permutations[sketch], scheme="affine32")
    minhash.update_batch(sorted(_shingle_set(item, sketch)))
    return minhash


_texts = st.text(st.sampled_from("茶艺师划线基准AB12.。（）𠮷"), max_size=12)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(_texts, st.lists(_texts, max_size=3)), min_size=1, max_size=5),
    st.binary(min_size=16, max_size=32),
)
def test_signatures_equal_those_of_datasketch(rows: list[tuple[str, list[str]]], key: bytes) -> None:
    items = canonical_many([ItemContent(ItemType.SINGLE, stem, tuple(options)) for stem, options in rows])
    sketcher = Sketcher(key)
    for item, row in zip(items, sketcher.signatures(items), strict=True):
        for sketch in (STATEMENT, FULL):
            enough = len(_shingle_set(item, sketch)) > 1
            if enough:
                assert (row[sketch] == _reference(sketcher, item, sketch).hashvalues).all()


def test_batch_order_and_size_change_nothing() -> None:
    long = [replace(ITEMS[1], stem=ITEMS[1].stem * times) for times in range(1, 30)]
    items = canonical_many([*ITEMS, *long])
    sketcher = Sketcher(KEY)
    alone = np.concatenate([sketcher.buckets([item]) for item in items])
    assert (sketcher.buckets(items) == alone).all()
    assert (sketcher.buckets(items[::-1]) == alone[::-1]).all()


def test_an_empty_batch_has_no_rows() -> None:
    assert Sketcher(KEY).buckets([]).shape == (0, BUCKETS)


def test_option_order_and_printing_leave_the_buckets_alone() -> None:
    item = ITEMS[0]
    printed = replace(item, stem="３．" + item.stem.replace("，", ", "), options=item.options[::-1], key="D")
    first, second = Sketcher(KEY).buckets(canonical_many([item, printed]))
    assert (first == second).all()


def test_another_key_shares_no_bucket() -> None:
    items = canonical_many(ITEMS)
    ours, theirs = Sketcher(KEY).buckets(items), Sketcher(KEY[::-1]).buckets(items)
    assert not set(ours.ravel()) & set(theirs.ravel())


def test_too_short_parts_are_never_indexed() -> None:
    blank = canonical(ItemContent(ItemType.SINGLE, "（ ）", ("", "")))
    generic = canonical(ItemContent(ItemType.SINGLE, "下列", ("划线基准", "设计基准")))
    none, options_only = Sketcher(KEY).buckets([blank, generic])
    assert (none == NO_BUCKET).all()
    assert (options_only[:64] == NO_BUCKET).all()
    assert (options_only[64:] != NO_BUCKET).all()


def test_a_reworded_item_meets_itself() -> None:
    reworded = replace(ITEMS[0], stem="划线时，毛坯上不加工面和加工面之间的尺寸应以（ ）为准。")
    first, second, other = Sketcher(KEY).buckets(canonical_many([ITEMS[0], reworded, ITEMS[1]]))
    assert (first == second).any()
    assert not ((first == other) & (first != NO_BUCKET)).any()


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Sketcher(b"short")


def _unmix(value: int) -> int:
    """The inverse of the public finalizer."""
    mask = 0xFFFFFFFF
    value ^= value >> 16
    value = value * pow(0xC2B2AE35, -1, 1 << 32) & mask
    value ^= value >> 13 ^ value >> 26
    value = value * pow(0x85EBCA6B, -1, 1 << 32) & mask
    return value ^ value >> 16


def _invert(rows: np.ndarray, dictionary: dict[int, str]) -> set[str]:
    """The attack: undo the public permutations of datasketch, then look the shingle hashes up in a dictionary."""
    factors, summands = MinHash(num_perm=128).permutations
    inverses = [pow(int(a), -1, 1 << 32) for a in factors]
    hashes = (
        _unmix((int(value) - int(b)) * inverse & 0xFFFFFFFF)
        for row in rows
        for value, b, inverse in zip(row, summands, inverses, strict=False)
    )
    return {dictionary[found] for found in hashes if found in dictionary}


def _dictionary() -> dict[int, str]:
    """Bigrams that a thief takes from public texts of the trade; here they even contain the stolen items."""
    text = "".join(part for item in canonical_many(ITEMS) for part in (item.stem, *item.options))
    return {sha1_hash32(bigram.encode()): bigram for bigram in map("".join, pairwise(text))}


def test_the_attack_reads_an_unkeyed_index_and_not_ours() -> None:
    items, dictionary = canonical_many(ITEMS), _dictionary()
    truth = set().union(*(_shingle_set(item, FULL) for item in items))
    unkeyed = []
    for item in items:
        minhash = MinHash(num_perm=128, hashfunc=sha1_hash32)
        minhash.update_batch([shingle.encode() for shingle in _shingle_set(item, FULL)])
        unkeyed.append(minhash.hashvalues)
    assert len(_invert(np.array(unkeyed), dictionary) & truth) > len(truth) * 0.7

    sketcher = Sketcher(KEY)
    assert _invert(sketcher.signatures(items)[:, FULL], dictionary) == set()
    stored = sketcher.buckets(items)
    assert _invert(stored.view(np.uint32).reshape(len(items), -1), dictionary) == set()


def test_equal_shingles_of_two_items_do_not_show_in_single_rows() -> None:
    """Bands join at least two rows, so a stored bucket never tells that two items share one shingle."""
    assert all(height >= 2 for _, height in sketches.BANDS)


def test_known_answer() -> None:
    """The recipe is a promise to stored rows: a change of this value needs a new RECIPE or NORMALISER."""
    digest = hashlib.sha256(Sketcher(KEY).buckets(canonical_many(ITEMS)).tobytes()).hexdigest()
    assert digest[:16] == "fdd911ec54cfbf45"
