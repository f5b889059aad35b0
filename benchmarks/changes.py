"""Machine-made changes of one item: those that leave it the same question, and those that make another of it."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import opencc

from bank.content import CHOICE_TYPES, LETTERS, RIGHT, ItemContent, ItemType
from integrity.similarity.lexicon import SYNONYMS

Change = Callable[[ItemContent, random.Random, Sequence[ItemContent]], ItemContent | None]

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_EDITION = re.compile(r"[（(]\s*[A-Z]{2}[^（()）]*[)）]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_TERM = re.compile(r"[\u4e00-\u9fff]{2,5}")
_TO_TRADITIONAL = opencc.OpenCC("s2t")
_FLIPS = (
    "不正确/正确 正确/错误 错误/正确 不得/可以 严禁/允许 禁止/允许 不应/应 不能/能 不属于/属于 "
    "应当/不应当 必须/不必 可以/不可以 应/不应 能/不能 是/不是"
)
_OPPOSITES = (
    "增大/减小 串联/并联 正转/反转 直流/交流 左侧/右侧 高压/低压 内部/外部 最大/最小 大于/小于 高于/低于 "
    "前轮/后轮 升高/降低 输入/输出 常开/常闭 主动/从动 正极/负极 阳极/阴极 单相/三相 吸入/排出 加速/减速 "
    "左转/右转 上升/下降 增加/减少 提高/降低 不小于/不大于 不低于/不高于 空载/满载 上方/下方 顺时针/逆时针 "
    "之前/之后 先/后 一级/二级 初级/高级 轻微/严重 横向/纵向 水平/垂直 静态/动态 手动/自动 进口/出口 "
    "干式/湿式 长期/短期 同步/异步 冷却/加热 拉伸/压缩 开启/关闭 起动/停止 多/少 热/冷 粗/细 厚/薄 "
    "宽/窄 快/慢"
)


def wide(item: ItemContent, draw: random.Random, _: Sequence[ItemContent]) -> ItemContent:
    spaced = "".join(char + (" " if draw.random() < 0.1 else "") for char in item.stem)
    return replace(
        item, stem=spaced.translate(_WIDE), options=tuple(option.translate(_WIDE) + "；" for option in item.options)
    )


def numbered(item: ItemContent, draw: random.Random, _: Sequence[ItemContent]) -> ItemContent:
    labelled = tuple(f"{letter}、{option}" for letter, option in zip(LETTERS, item.options, strict=False))
    return replace(item, stem=f"{draw.randint(1, 300)}、{item.stem}", options=labelled)


def punctuated(item: ItemContent, draw: random.Random, _: Sequence[ItemContent]) -> ItemContent:
    return replace(
        item, stem="".join(draw.choice("、，。 ：") if c in "，、；" else c for c in item.stem).rstrip("。. ")
    )


def traditional(item: ItemContent, _draw: random.Random, _: Sequence[ItemContent]) -> ItemContent:
    return replace(
        item, stem=_TO_TRADITIONAL.convert(item.stem), options=tuple(map(_TO_TRADITIONAL.convert, item.options))
    )


def shuffled(item: ItemContent, draw: random.Random, _: Sequence[ItemContent]) -> ItemContent | None:
    if item.type not in CHOICE_TYPES or len(item.options) > len(LETTERS):
        return None
    order = draw.sample(range(len(item.options)), len(item.options))
    right = [LETTERS.index(letter) for letter in item.key if letter in LETTERS[: len(item.options)]]
    key = "".join(sorted(LETTERS[order.index(place)] for place in right))
    return replace(item, options=tuple(item.options[place] for place in order), key=key)


def mistyped(item: ItemContent, draw: random.Random, _: Sequence[ItemContent]) -> ItemContent | None:
    places = [
        m.start() for m in _HAN.finditer(item.stem) if m.group() not in "不无非未正错对大小高低上下一二三四五六七八九十"
    ]
    if len(places) < 14:
        return None
    stem = list(item.stem)
    for place in draw.sample(places, 1 + (len(places) > 40)):
        stem[place] = draw.choice(("", chr(draw.randint(0x4E00, 0x8FFF)), stem[place] * 2))
    return replace(item, stem="".join(stem))


def retyped(item: ItemContent, _draw: random.Random, _: Sequence[ItemContent]) -> ItemContent | None:
    """A single choice as a true statement."""
    right = item.right_options() if set(item.key) <= set(LETTERS[: len(item.options)]) else ()
    if item.type is not ItemType.SINGLE or len(right) != 1 or not re.search(r"[（(]\s*[)）]", item.stem):
        return None
    return ItemContent(ItemType.JUDGE, re.sub(r"[（(]\s*[)）]", lambda _: right[0], item.stem, count=1), (), RIGHT)


def reworded(item: ItemContent, draw: random.Random, _: Sequence[ItemContent]) -> ItemContent | None:
    groups: dict[str, list[str]] = {}
    for word, head in SYNONYMS.items():
        groups.setdefault(head, [head] if len(head) > 1 else []).append(word)
    stem = item.stem
    for word in sorted(SYNONYMS, key=len, reverse=True):
        if word in stem:
            stem = stem.replace(word, draw.choice(groups[SYNONYMS[word]]), 1)
    stem = draw.choice(["", "", "按规定，", "在实际工作中，", "通常情况下，"]) + stem
    return None if stem == item.stem else replace(item, stem=stem)


def other_distractor(item: ItemContent, draw: random.Random, bank: Sequence[ItemContent]) -> ItemContent | None:
    wrong = [place for place in range(len(item.options)) if place < len(LETTERS) and LETTERS[place] not in item.key]
    other = draw.choice(bank)
    if len(item.options) < 4 or not wrong or not other.options or not item.key or len(item.stem) < 14:
        return None
    options = list(item.options)
    options[draw.choice(wrong)] = draw.choice(other.options)
    return replace(item, options=tuple(options))


def unkeyed(item: ItemContent, _draw: random.Random, _: Sequence[ItemContent]) -> ItemContent:
    return replace(item, key="")


def other_number(item: ItemContent, draw: random.Random, _: Sequence[ItemContent]) -> ItemContent | None:
    # The edition of a regulation in brackets is no value of the question.
    editions = [place for found in _EDITION.finditer(item.stem) for place in range(*found.span())]
    found = [number for number in _NUMBER.finditer(item.stem) if number.start() not in editions]
    if not found:
        return None
    spot = draw.choice(found)
    value = float(spot.group())
    new = draw.choice([value * 2, value + 1, value * 10, value / 2])
    text = f"{new:g}"
    return (
        None if text == spot.group() else replace(item, stem=item.stem[: spot.start()] + text + item.stem[spot.end() :])
    )


def negated(item: ItemContent, _draw: random.Random, _: Sequence[ItemContent]) -> ItemContent | None:
    for old, new in (pair.split("/") for pair in _FLIPS.split()):
        if old in item.stem:
            return replace(item, stem=item.stem.replace(old, new, 1))
    return None


def opposite(item: ItemContent, draw: random.Random, _: Sequence[ItemContent]) -> ItemContent | None:
    opposites = [pair.split("/") for pair in _OPPOSITES.split()]
    for pair in draw.sample(opposites, len(opposites)):
        if (pair[0] in item.stem) != (pair[1] in item.stem):
            old, new = pair if pair[0] in item.stem else reversed(pair)
            return replace(item, stem=item.stem.replace(old, new))
    return None


def other_term(item: ItemContent, draw: random.Random, bank: Sequence[ItemContent]) -> ItemContent | None:
    """A term of the stem that some item of the bank has as an option, exchanged for its neighbour there."""
    for other in draw.sample(bank, min(len(bank), 400)):
        terms = [option for option in other.options if _TERM.fullmatch(option)]
        here = [term for term in terms if term in item.stem]
        away = [
            term for term in terms if term not in item.stem and here and here[0] not in term and term not in here[0]
        ]
        if here and away:
            return replace(item, stem=item.stem.replace(here[0], draw.choice(away)))
    return None


def other_options(item: ItemContent, draw: random.Random, bank: Sequence[ItemContent]) -> ItemContent | None:
    others = [
        other
        for other in draw.sample(bank, min(len(bank), 40))
        if other.type is item.type and other.options != item.options
    ]
    if item.type not in CHOICE_TYPES or not others:
        return None
    return replace(item, options=others[0].options, key=others[0].key)


SAME: dict[str, Change] = {
    "width and spaces": wide, "numbers and labels": numbered, "punctuation": punctuated, "traditional": traditional,
    "options shuffled": shuffled, "mistyped": mistyped, "judge form": retyped, "reworded": reworded,
    "one distractor": other_distractor, "key missing": unkeyed,
}  # fmt: skip
OTHER: dict[str, Change] = {
    "number": other_number, "negation": negated, "opposite": opposite, "term": other_term, "options": other_options,
}  # fmt: skip
