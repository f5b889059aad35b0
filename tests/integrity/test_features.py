import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.content import RIGHT, WRONG, ItemContent, ItemType
from integrity.similarity.canonical import canonical, canonical_many
from integrity.similarity.features import FEATURES, features, reading

BOILER = ItemContent(ItemType.SINGLE, "锅炉压力表的表盘直径不应小于（ ）毫米。", ("60", "80", "100"), "C")


def _row(a: ItemContent, b: ItemContent) -> dict[str, float]:
    first, second = map(reading, canonical_many([a, b]))
    return dict(zip(FEATURES, features(first, second).tolist(), strict=True))


def _judge(stem: str, key: str = RIGHT) -> ItemContent:
    return ItemContent(ItemType.JUDGE, stem, (), key)


def test_a_judge_item_tells_the_right_option_or_a_wrong_one() -> None:
    told = _row(BOILER, _judge("锅炉压力表的表盘直径不应小于100毫米。"))
    assert (told["told"], told["mistold"], told["judged_same"]) == (1, 0, 1)
    assert told["said_only_filler"] == 1
    mistold = _row(BOILER, _judge("锅炉压力表的表盘直径不应小于60毫米。", WRONG))
    assert (mistold["told"], mistold["mistold"], mistold["judged_same"]) == (0, 1, 0)


def test_a_denied_statement_judged_wrong_says_the_same() -> None:
    cause = ItemContent(ItemType.SINGLE, "（ ）不会使面团发酸。", ("低温发酵", "久置", "碱量不足"), "A")
    row = _row(cause, _judge("低温发酵会使面团发酸。", WRONG))
    assert row["told"] == 1
    assert row["judged_same"] == 1


def test_options_are_matched_in_any_order() -> None:
    shuffled = ItemContent(BOILER.type, BOILER.stem, ("100", "60", "80"), "A")
    row = _row(BOILER, shuffled)
    assert (row["options_same"], row["answer_same"], row["answer_absent"]) == (1, 1, 0)


def test_a_unit_in_the_option_is_no_difference() -> None:
    units = ItemContent(BOILER.type, BOILER.stem, ("60毫米", "80毫米", "100毫米"), "C")
    assert _row(BOILER, units)["options_alike"] == 1


def test_an_answer_that_the_other_does_not_offer() -> None:
    other = ItemContent(BOILER.type, BOILER.stem, ("25", "40", "50"), "A")
    assert _row(BOILER, other)["answer_absent"] == 1


def test_a_source_before_the_statement_is_left_out() -> None:
    plain = _judge("作业人员必须经专门培训并取得资格后方可上岗。")
    sourced = _judge("根据《安全生产法》第三十条的规定，" + plain.stem)
    assert _row(plain, sourced)["said_only_filler"] == 1
    unsourced = _judge("护具应当符合国家标准规定的要求，作业人员必须经专门培训并取得资格后方可上岗。")
    assert _row(plain, unsourced)["said_only_filler"] == 0


def test_without_keys_no_feature_speaks_of_answers() -> None:
    row = _row(BOILER, ItemContent(BOILER.type, BOILER.stem, BOILER.options))
    assert row["key_missing"] == 1
    assert not any(row[name] for name in ("answer_same", "answer_alike", "told", "judged_same"))
    assert row["said_ratio"] == 1


_texts = st.text(st.sampled_from("安全电压为36v的应不，大小ab"), max_size=10)
_items = st.builds(
    ItemContent,
    st.sampled_from(ItemType),
    _texts,
    st.lists(_texts, max_size=3).map(tuple),
    st.sampled_from(["", "A", "B"]),
)


@settings(max_examples=100, deadline=None)
@given(_items, _items)
def test_rows_are_finite_symmetric_and_complete(a: ItemContent, b: ItemContent) -> None:
    first, second = reading(canonical(a)), reading(canonical(b))
    there, back = features(first, second), features(second, first)
    assert there.shape == (len(FEATURES),)
    assert np.isfinite(there).all()
    assert (there == back).all()
    for side in ("stem", "said"):
        only = [there[place] for place, name in enumerate(FEATURES) if name.startswith(f"{side}_only_")]
        assert sum(only) <= 1
