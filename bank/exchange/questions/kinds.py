"""What teachers call types, difficulties and points, read into the words of the glossary (Article 6(1)).

A kind is an `ItemType`, `CHOICE` where only 选择题 is said and the key must tell single from multiple, or `""`.
"""

import re

from bank.content import ItemType
from bank.exchange.glyphs import half, squeeze, trim

CHOICE = "choice"

_NAMES: tuple[tuple[str, str], ...] = (
    (r"多项?选|多重选|多选|复选|不定项|MULTI", ItemType.MULTIPLE),
    (r"单项?选|单选|单一选|最佳选|SINGLE", ItemType.SINGLE),
    (r"判断|是非|正误|对错|辨析|JUDGE|TRUE", ItemType.JUDGE),
    (r"选择|CHOICE", CHOICE),
    (r"填空|FILL|BLANK", ItemType.BLANK),
    (r"简答|简述|问答|名词解释|SHORT", ItemType.SHORT),
    (r"论述|论文|案例|综合|分析|ESSAY", ItemType.ESSAY),
    (r"计算|CALCUL", ItemType.CALCULATION),
    (r"操作|实操|实训|技能|PRACTICAL", ItemType.PRACTICAL),
)
# The letters of the national bank's item numbers, B-A-B-C-001-002.
_CODES = {
    "B": ItemType.SINGLE,
    "G": ItemType.MULTIPLE,
    "C": ItemType.JUDGE,
    "T": ItemType.BLANK,
    "D": ItemType.SHORT,
    "U": ItemType.CALCULATION,
    "W": ItemType.ESSAY,
    "E": ItemType.ESSAY,
    "F": ItemType.ESSAY,
}
# The numbers that a bank system of the field exports for types.
NUMBERED = {
    "10": ItemType.JUDGE,
    "20": ItemType.SINGLE,
    "30": ItemType.MULTIPLE,
    "40": ItemType.BLANK,
    "50": ItemType.SHORT,
    "60": ItemType.ESSAY,
    "70": ItemType.CALCULATION,
    "80": ItemType.ESSAY,
    "90": ItemType.ESSAY,
}
_TYPE_WORDS = (
    r"(?:单项?选择?|多项?选择?|单选|多选|复选|不定项选择?|选择|判断(?:正误|对错|改错)?|是非(?:判断)?|正误判断|对错"
    r"|填空|简答|简述|问答|名词解释|论述|案例分析?|综合(?:分析)?|分析|计算|操作(?:技能)?|实操|技能操作|操作技能考核)"
)
_ORDINAL = (
    r"(?:第[一二三四五六七八九十\d]{1,3}(?:部分|大题|题|章|节|单元)|[(\[][一二三四五六七八九十]{1,3}[)\]]"
    r"|[一二三四五六七八九十]{1,3}(?=[、.:,\s])|[ⅠⅡⅢⅣⅤⅥⅦⅧ]|\d{1,2}(?=[、.:,])|#{1,6})[、.:,\s]*"
)
_LEVEL = r"(?:初级|中级|高级|技师|高级技师|[一二三四五]级)"
# What may follow the name of the type: nothing, or how the marks are given.
_INSTRUCTION = (
    r"(?:[:,。;.(\[\s]|共\s*\d|每小?题|本大?题)"
    r".*(?:每小?题|\d\s*分|共\s*\d|\d\s*题|\d\s*道|括号|正确的|错误的|打|涂|填|选|请|√)"
)
_HEADING = re.compile(
    rf"[\[<#\s]*(?:{_ORDINAL})?[\[<\s]*(?:理论(?:知识)?)?(?P<name>{_TYPE_WORDS})(?:试?题|题目|类|部分|训练)*\s*"
    rf"(?:[\]>]\s*)?(?:[:。.]|{_LEVEL}|\([^()]{{0,100}}\)\s*[:。.]?|{_INSTRUCTION}[^?]*)?\s*[\]>]?",
    re.DOTALL,
)
_TAG = re.compile(rf"\s*[\[(]\s*(?P<name>{_TYPE_WORDS})(?:试?题)?\s*[\])]\s*[:、.]?\s*")
_POINT_CODE = re.compile(r"[A-Za-z0-9]{1,3}(?:[-.][A-Za-z0-9]{1,4}){1,6}(?![A-Za-z0-9])")
_DIFFICULTIES = (
    (5, r"很难|极难|最难|特难|非常难|难"),
    (4, r"较难|困难|偏难|比较难|高"),
    (3, r"中等?|一般|适中|普通|中等难度"),
    (2, r"较易|容易|简单|比较容易|偏易|较简单|低"),
    (1, r"很易|很容易|很简单|极易|非常容易|易"),
)


def kind_of(text: str) -> str:
    """The kind that a type cell names (单选题, 是非题, B（单选题）, G, single …); empty when it names none."""
    plain = squeeze(text)
    for pattern, kind in _NAMES:
        if re.search(pattern, plain):
            return kind
    return _CODES.get(plain, "")


def heading_kind(text: str) -> str:
    """The kind that a section heading announces; empty when the line is no such heading."""
    plain = half(trim(text))
    if len(plain) > 160 or not (found := _HEADING.fullmatch(plain)):
        return ""
    return kind_of(found["name"])


def tag_end(text: str) -> int:
    """Where a tag ends that a text begins with, or 0."""
    found = _TAG.match(half(text))
    return found.end() if found else 0


def take_tag(text: str) -> tuple[str, str]:
    """A kind tagged onto the start or the end of a question, `[单选]…` or `…（多选题）`, and the text without it."""
    plain = half(text)
    if found := _TAG.match(plain):
        return kind_of(found["name"]), text[found.end() :]
    for found in _TAG.finditer(plain):
        if found.end() == len(plain.rstrip()):
            return kind_of(found["name"]), text[: found.start()]
    return "", text


def read_difficulty(text: str) -> int | None:
    """Difficulty 1 (easy) to 5 (hard) from a grade, a word, or a share of right answers between 0 and 1."""
    plain = squeeze(text)
    if found := re.match(r"(\d(?:\.\d+)?)(?:\D|$)", plain):
        value = float(found[1])
        if 0 < value < 1:
            return 5 - min(4, int(value * 5))
        return int(value) if value in {1, 2, 3, 4, 5} else None
    for grade, pattern in _DIFFICULTIES:
        if re.fullmatch(rf"(?:{pattern})(?:度|题)?", plain):
            return grade
    return None


def is_coefficient(text: str) -> bool:
    """Whether a difficulty is given as a share of right answers and not as a grade."""
    return bool(re.fullmatch(r"0?\.\d+", squeeze(text)))


def read_point(text: str) -> str | None:
    """The code of a point of the outline where the text begins with one, else the text itself."""
    text = trim(text)
    if found := _POINT_CODE.match(half(text)):
        return found[0].upper()
    return text or None
