"""Checks over the options of choice items, by what every reader of the item can see. Pure."""

import re
import unicodedata
from collections import Counter

from bank.content import CHOICE_TYPES, LETTERS
from bank.notation import PICTURE
from bank.quality.checks import SINGLE, Check, Entry, Severity
from bank.quality.wording import ALL_OF_THEM, bare, spoken

USUAL_OPTIONS = 4
LONGEST = 60
LABELLED = re.compile(r"^\s*[（(]?[A-HＡ-Ｈ](?:[)）]|\s*[、．]|\.(?![A-Za-z0-9]))\s*(?=[^\s。.])")
NAMES_OTHERS = re.compile(r"^\s*[A-F](?:\s*[、,，和及与]\s*[A-F])+|^选项\s*[A-F]|^[A-F]{2,4}[都均全]")
QUANTITY = re.compile(
    r"[≤≥<>±~约]*\s*\d+(?:\.\d+)?(?:\s*[/~\-—]\s*\d+(?:\.\d+)?)?\s*"
    r"([^\W\d_][^\d\s（()+\-]{0,5}?|[°%‰][A-Za-z]?)?(?:以?[上下内]|左右)?"
)
_SAME_UNIT = str.maketrans({"º": "°", "˚": "°", "μ": "µ", "Ω": "Ω"})


def _repeated(entry: Entry) -> str:
    if any(PICTURE in option for option in entry.content.options):
        return ""  # Pictures all read alike; whether two are the same only an eye can tell.
    said = [bare(option) or option.strip() for option in entry.content.options]
    twice = [LETTERS[place] for place, one in enumerate(said) if said.count(one) > 1]
    return f"选项 {'、'.join(twice)} 实为同一内容" if twice else ""


def _all_of_them(entry: Entry) -> str:
    found = [
        LETTERS[place]
        for place, option in enumerate(entry.content.options)
        if ALL_OF_THEM.fullmatch(option.strip()) or NAMES_OTHERS.match(option)
    ]
    return f"选项 {'、'.join(found)} 指代其他选项" if found else ""


def _count(entry: Entry) -> str:
    count = len(entry.content.options)
    return f"有 {count} 个选项" if count != USUAL_OPTIONS else ""


def _labelled(entry: Entry) -> str:
    found = [LETTERS[place] for place, option in enumerate(entry.content.options) if LABELLED.match(option)]
    return f"选项 {'、'.join(found)} 内容前又写了字母" if found else ""


def _units(entry: Entry) -> str:
    """Quantities of which one lacks the unit of the others, or names it in another scale."""
    found = []
    for option in entry.content.options:
        given = QUANTITY.fullmatch(unicodedata.normalize("NFKC", option).strip(" 。.").translate(_SAME_UNIT))
        if given is None:
            return ""
        found.append(given[1] or "")
    units = Counter(found)
    if len(units) == 1 or len(found) < 3:
        return ""
    bare_ones = units[""]
    if bare_ones:
        return f"{bare_ones} 个选项没有写单位，其余写了"
    return f"各选项单位不一：{'、'.join(sorted(units))}"


def _long(entry: Entry) -> str:
    longest = max(map(spoken, entry.content.options), default=0)
    return f"最长的选项有 {longest} 个字" if longest > LONGEST else ""


OPTION_CHECKS = (
    Check(
        "option_repeated",
        "选项重复",
        Severity.BAD,
        "去掉标点、全半角和大小写后有两个选项相同，至少一个是录错的。",
        "改写或删去重复的选项。",
        _repeated,
        CHOICE_TYPES,
    ),
    Check(
        "option_labelled",
        "选项内容带字母",
        Severity.WARN,
        "试卷自己编选项字母；平行卷调换次序后两个字母会对不上。",
        "删去选项内容前的字母。",
        _labelled,
        CHOICE_TYPES,
    ),
    Check(
        "option_all_of_them",
        "以上都对（不对）",
        Severity.WARN,
        "“以上都对”一类选项使平行卷不能调换次序，且只要识别两个选项就能猜中。",
        "换成一个具体的干扰项，或改成多项选择题。",
        _all_of_them,
        CHOICE_TYPES,
    ),
    Check(
        "option_units",
        "单位不一致",
        Severity.INFO,
        "数量选项的单位应一致，否则考的是单位换算，漏写单位还会成为线索。",
        "统一单位；有意考单位的，请在题干说明。",
        _units,
        CHOICE_TYPES,
    ),
    Check(
        "option_long",
        "选项过长",
        Severity.INFO,
        f"选项超过 {LONGEST} 字，读题时间会盖过作答。",
        "把共同的话移到题干。",
        _long,
        CHOICE_TYPES,
    ),
    Check(
        "option_count",
        "选项不是四个",
        Severity.INFO,
        "单选题以四个选项为宜；三个选项时猜中的机会是三分之一。",
        "补一个像真的干扰项；确实只有三种可能的可以保留。",
        _count,
        SINGLE,
    ),
)
