import pytest

from bank.content import ItemContent, ItemType
from integrity.similarity.canonical import canonical_many
from integrity.similarity.explaining import explain
from integrity.similarity.features import reading

DYE = ItemContent(ItemType.SINGLE, "染发剂使用前（ ）小时应做皮肤过敏试验。", ("12", "24", "36", "48"), "D")


def _explained(a: ItemContent, b: ItemContent) -> tuple[tuple[str, ...], tuple[tuple[str, str, str], ...]]:
    first, second = map(reading, canonical_many([a, b]))
    return explain((a.stem, b.stem), first, second)


def _like(stem: str = DYE.stem, options: tuple[str, ...] = DYE.options, key: str = DYE.key) -> ItemContent:
    return ItemContent(DYE.type, stem, options, key)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (_like("3.染髮劑使用前____小時，應做皮膚過敏試驗"), ("仅标点、空格、编号或书写形式不同",)),
        (_like("染发剂采用前（ ）小时，应当做皮肤过敏试验。"), ("仅虚词或同义词不同",)),
        (_like(options=("48", "36", "24", "12"), key="A"), ("选项换序",)),
        (_like(options=("12", "24", "72", "48")), ("有 1 个选项不同",)),
        (_like(key="B"), ("答案不同",)),
        (_like(key=""), ("一方没有答案",)),
        (_like("染发剂使用后（ ）小时应做皮肤过敏试验。"), ("用词不同：前/后",)),
        (
            ItemContent(ItemType.JUDGE, "染发剂使用前不必做皮肤过敏试验。", (), "错误"),
            ("题型转换：单选→判断", "肯定与否定不同", "用词不同：小时应/不必"),
        ),
    ],
)
def test_what_differs_in_words(other: ItemContent, told: tuple[str, ...]) -> None:
    assert _explained(DYE, other)[0] == told


def test_values_with_their_units() -> None:
    a = ItemContent(ItemType.JUDGE, "烘箱温度升至180℃后恒温10min。", (), "正确")
    told, diff = _explained(a, ItemContent(a.type, "烘箱温度升至200℃后，恒温15min。", (), "正确"))
    assert told == ("仅数值不同：180℃/200℃，10min/15min",)
    assert [kind for kind, _, _ in diff] == ["equal", "replace", "equal", "replace"]


def test_a_numeral_in_another_script_is_no_value() -> None:
    a = ItemContent(ItemType.JUDGE, "毛巾应一客三换。", (), "正确")
    assert _explained(a, ItemContent(a.type, "毛巾应1客3换。", (), "正确"))[0] == ("仅虚词或同义词不同",)


def test_an_empty_stem_has_spans_too() -> None:
    assert _explained(_like("（ ）"), DYE)[1] == (("replace", "（ ）", DYE.stem),)
