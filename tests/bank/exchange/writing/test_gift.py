"""GIFT as Tidun writes it, and the same items when it is read again; what it cannot hold is told."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank.answers import Credit
from bank.content import ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.exchange.writing.gift import write
from bank.exchange.writing.items import WrittenItem
from tests.bank.exchange.writing.made_items import CONTENTS, PICTURES, TOKEN, check_round_trip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CONTENTS, min_size=1, max_size=3))
def test_round_trip(contents: list[ItemContent]) -> None:
    check_round_trip("gift", write, contents, keep_pictures=False)


def written(*contents: ItemContent) -> str:
    return write([WrittenItem("D-1", one, "A-B-001", 2) for one in contents], PICTURES, "电工题库").data.decode()


def test_plain_words_stay_plain() -> None:
    single = ItemContent(ItemType.SINGLE, "安全电压是{ }以下？", ("36V", "50%", "%5"), "A", "见规程。")
    assert written(single) == (
        "// 电工题库\n\n// [id:D-1] [tag:point:A-B-001] [tag:difficulty:2]\n"
        "::D-1::[moodle]安全电压是\\{ \\}以下？{\n\t=36V\n\t~50%\n\t~%0%%5\n\t####见规程。\n}\n\n"
    )


def test_formulas_and_marks_are_html() -> None:
    text = written(ItemContent(ItemType.JUDGE, "水是 H<sub>2</sub>O，$U=IR$。", (), "错误"))
    assert "[html]水是 H<sub>2</sub>O，\\\\(U\\=IR\\\\)。{FALSE}" in text


def test_shares_of_a_multiple_choice() -> None:
    text = written(ItemContent(ItemType.MULTIPLE, "选", ("甲", "乙", "丙", "丁"), "ABC", credit=Credit.SHARE))
    assert "~%33.33333%甲" in text
    assert "~%-100%丁" in text


def test_pictures_and_second_blanks_are_told() -> None:
    contents = [
        ItemContent(ItemType.JUDGE, f"见![](pic:{TOKEN})。", (), "正确"),
        ItemContent(ItemType.BLANK, "____和____", (), "甲；乙"),
    ]
    out = write([WrittenItem(str(n), one) for n, one in enumerate(contents)], PICTURES, "题库")
    assert [(one.number, one.reason) for one in out.left_out] == [
        (1, "GIFT 不能带图片，写成“〔图〕”"),
        (2, "GIFT 一题只能有一个空，写成问答题"),
    ]
    assert read_items("题库.gift", out.data).items[1].content == contents[1]
