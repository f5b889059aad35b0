"""Figures and polarity words in folded text: what turns one question into another although the frame stays. Pure.

Figures are compared by value: 2万元 and 二万元 and 20000元 are one figure, 第二 and 第2 as well. A single Chinese
numeral counts only where it numbers something (第三, 两台, 三相), because 一般 and 十分 number nothing.
"""

import re
from decimal import Decimal

_NUMERALS = ["零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"]
_DIGITS = {char: value for value, chars in enumerate(_NUMERALS) for char in chars}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_CHINESE = "".join(_DIGITS) + "".join(_TENS) + "万亿"
_COUNTED = (
    "个台种次年月日天人级类相倍米项条层节章分秒时度元名位只件套组台辆根支块片道处点步段批座间栋户档挡极线芯股孔轴轮缸"
    "冲程班岁周季路端角边面瓦伏安欧吨克升斤公厘毫微小大"
)
_LONGEST = 24
"""Characters of a Chinese numeral; what is longer is no figure that anybody wrote."""
_NUMBER = re.compile(
    r"(?P<arabic>-?\d+(?:\.\d+)?)(?P<myriad>[万亿千百](?![瓦伏安米克帕赫欧]))?(?P<percent>[%‰])?"
    rf"|百分之(?P<cent>[{_CHINESE}]{{1,{_LONGEST}}}|\d+(?:\.\d+)?)"
    rf"|(?<=第)(?P<ordinal>[{_CHINESE}]{{1,{_LONGEST}}})"
    rf"|(?P<compound>[{_CHINESE}]{{1,{_LONGEST}}}点[{_CHINESE}]{{1,{_LONGEST}}}|[{_CHINESE}]{{2,{_LONGEST}}})"
    rf"|(?P<counting>[{_CHINESE[2:-2]}](?=[{_COUNTED}]))"
)
_IDIOMS = re.compile(
    r"一[般些定样旦切致律直体起并种同]|统一|唯一|之一|万一|单一|十分|百叶|千斤|千万(?!元)|一点|一方面|一分为二|四周|三番"
)
_IDIOM_PARTS = re.compile(f"({_IDIOMS.pattern})")


def value_of(numeral: str) -> Decimal:
    """The value of a Chinese or Arabic numeral; digit strings such as 二〇二四 are read digit by digit."""
    if numeral[-1:].isascii():
        return Decimal(numeral)
    whole, _, fraction = numeral.partition("点")
    if len(whole) > 1 and all(char in _DIGITS for char in whole):
        total = int("".join(str(_DIGITS[char]) for char in whole))
    else:
        total = _sum_of(whole)
    return Decimal(f"{total}.{''.join(str(_DIGITS.get(char, 0)) for char in fraction) or 0}")


def _sum_of(numeral: str) -> int:
    total = section = digit = 0
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section += (digit or 1) * _TENS[char]
            digit = 0
        else:
            total = (total + section + digit or 1) * _MYRIADS[char]
            section = digit = 0
    return total + section + digit


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _figure(match: re.Match[str]) -> str:
    """One figure by value; percentages keep their sign."""
    if match["arabic"] is not None:
        scale = {**_TENS, **_MYRIADS}.get(match["myriad"] or "", 1)
        return _plain(Decimal(match["arabic"]) * scale) + (match["percent"] or "")
    percent = "%" if match.lastgroup == "cent" else ""
    return _plain(value_of(match[str(match.lastgroup)])) + percent


def numbers(text: str) -> tuple[str, ...]:
    """Every figure of a folded text, by value, in the order written."""
    return tuple(_figure(match) for match in _NUMBER.finditer(_IDIOMS.sub("、", text)))


def arabic(text: str) -> str:
    """A folded text with every figure written in Arabic numerals."""
    return "".join(
        part if place % 2 else _NUMBER.sub(_figure, part) for place, part in enumerate(_IDIOM_PARTS.split(text))
    )


def as_figure(text: str) -> str:
    """A text that is a Chinese numeral and nothing else in Arabic numerals; any other text as it is."""
    return _plain(value_of(text)) if 0 < len(text) <= _LONGEST and all(char in _CHINESE for char in text) else text


_POLARITY = {
    "误": "不正确 错误 不对 有误 不恰当 不妥 不妥当 不符合 不合理 不准确 不规范 不科学 不当 不合格",
    "正": "正确 恰当 妥当 合理",
    "否": (
        "不属于 不是 不包括 不包含 不含 不在 除外 不会 不能 不可以 不需要 不必 无需 无须 不具有 不具备 没有 并非 不存在"
        " 不宜 不用 不 非 无 未 没 否"
    ),
    "禁": "禁止 严禁 不得 不准 不许 不允许 不应 不应该 不应当 不可 切忌 切勿 勿 杜绝",
}
_POLARITY_OF = {word: kind for kind, words in _POLARITY.items() for word in words.split()}
# Terms in which the character of negation negates nothing that is asked.
_TERMS = (
    "不锈钢 非金属 无线 无功 非线性 不平衡 无人机 无机 无缝 非晶 未来 是否 无论 不仅 不断 不同 不论 不管 不良 不等式 "
    "不饱和 非标 无刷 无触点 无损 无菌 无氧 无压 不稳定 不对称 不但 不久 非常 除非 非机动 无级 无害 无毒 无色 无味"
    " 不止 不足 不明 不慎 不可燃 不可抗力"
)
_POLAR = re.compile("|".join(sorted([*_POLARITY_OF, *_TERMS.split()], key=len, reverse=True)))


def polarity(text: str) -> tuple[str, ...]:
    """The polarity words of a folded text by kind, as written: 误 (wrong), 正 (right), 否 (not), 禁 (never)."""
    return tuple(_POLARITY_OF[word] for word in _POLAR.findall(text) if word in _POLARITY_OF)
