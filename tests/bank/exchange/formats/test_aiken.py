"""Aiken: stems, lettered options, one ANSWER line; texts for people that look alike stay with their own reader."""

import pytest

from bank.content import ItemContent, ItemType
from bank.exchange.formats.aiken import looks_like_aiken
from bank.exchange.intake import read_items

BANK = """安全电压不超过（ ）。
A. 36V
B. 220V
ANSWER: A

水泵可以空转。
A) 对
B) 错
ANSWER: b
FEEDBACK: 会烧坏密封

读图
接线
A. 甲
C. 丙
ANSWER: A

选哪个
A. 甲
B. 乙
ANSWER: D
"""


def test_bank() -> None:
    reading = read_items("aiken.txt", BANK.encode())
    assert reading.format == "aiken"
    assert [item.content for item in reading.items] == [
        ItemContent(ItemType.SINGLE, "安全电压不超过（ ）。", ("36V", "220V"), "A"),
        ItemContent(ItemType.JUDGE, "水泵可以空转。", (), "错误", "会烧坏密封"),
    ]
    assert [(one.row, one.reason) for one in reading.rejected] == [
        (12, "选项字母应从 A 起依次排列，请检查是否缺了选项"),
        (18, "答案 D 超出选项范围（只有 2 个选项）"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1. 题\nA. 甲\nB. 乙\n答案：A",
        "题\nA. 甲\nB. 乙\nANSWER: A\n解析：略",
        "题\nA. 甲\nB. 乙\n多出的一行\nANSWER: A",
        "题\nANSWER: A",
        "",
    ],
)
def test_other_texts_are_no_aiken(text: str) -> None:
    assert not looks_like_aiken(text)
