"""Checks over the stem: can it be read, does it ask, does it stress what turns its sense. Pure."""

import re

from bank.answers import blank_keys
from bank.content import CHOICE_TYPES
from bank.notation import PICTURE
from bank.quality.checks import BLANK, OBJECTIVE, Check, Entry, Severity
from bank.quality.wording import GAP, spoken

SHORTEST, LONGEST = 4, 150
ASKING = re.compile(
    r"[?？:：]|什么|哪[些个种项一]|多少|(?:是|为|有|做|以下|如下|下列|什么|哪[些个种项一]?|多少|几|谁|包括|属于|分为|组成|称为|叫|应|要|到|于|在|用|采用|将|会|能|可|进行|使)"
    r"[。.，,、；;…\s]*$"
)
_TURNS = "不正确|错误|不属于|不包括|不包含|不含|不恰当|不合适|不合理|不适合|不适用|不妥|不对|除外|有误|不符合|不是"
NEGATIVE = re.compile(rf"({_TURNS})[^，,。；;]{{0,12}}$")
FORBIDS = re.compile(
    r"(不能|不得|不可|不应|不宜|禁止|严禁)(?!该?当?(?:小于|大于|少于|多于|超过|低于|高于|超出|短于|长于))[^，,。；;]{0,3}$"
)
LETTERS_NAMED = re.compile(r"选项\s*[A-HＡ-Ｈ](?![A-Za-z0-9])|[A-H]\s*(?:选项|项)(?=[^A-Za-z目])")
NUMBERED = re.compile(
    r"^\s*(?:\d{1,4}\s*[、．]|\d{1,4}\.(?!\d)|[（(]\s*\d{1,4}\s*[)）]\s*(?=[\u4e00-\u9fff]{3})|第\s*\d+\s*题)"
)
PAIRS = ("（）", "《》", "“”", "【】")
_DAMAGED = re.compile(
    "[\ufffd\ue000-\uf8ff]|锟斤拷|烫烫|屯屯|&(?:nbsp|lt|gt|amp|quot);|</?(?:p|br|span|div|img)(?:\\s[^<>]*)?/?>"
)


def _short(entry: Entry) -> str:
    letters = spoken(entry.content.stem)
    return f"题干只有 {letters} 个字" if letters < SHORTEST and PICTURE not in entry.content.stem else ""


def _long(entry: Entry) -> str:
    letters = spoken(entry.content.stem)
    return f"题干有 {letters} 个字" if letters > LONGEST else ""


def _asks_nothing(entry: Entry) -> str:
    stem = entry.content.stem.strip()
    return "" if GAP.search(stem) or ASKING.search(stem) else "没有空括号或横线，也没有问号"


def _negative(entry: Entry) -> str:
    """A word that turns the question round, shortly before the gap or the end, and not set off in any way."""
    if entry.stressed:
        return ""
    stem = entry.content.stem
    gap = GAP.search(stem)
    asked = (stem[: gap.start()] if gap else stem).rstrip(" \u3000。.?？:：，,")
    found = NEGATIVE.search(asked) or FORBIDS.search(asked)
    return f"问法为否定（{found[1]}），没有加粗或加下划线" if found else ""


def _names_letters(entry: Entry) -> str:
    return "题干提到选项字母" if LETTERS_NAMED.search(entry.content.stem) else ""


def _numbered(entry: Entry) -> str:
    return "题干开头带有题号" if NUMBERED.match(entry.content.stem) else ""


def _unpaired(entry: Entry) -> str:
    text = entry.content.stem.translate(str.maketrans("()", "（）"))
    odd = [pair for pair in PAIRS if text.count(pair[0]) != text.count(pair[1])]
    return f"{'、'.join(odd)} 不成对" if odd else ""


def _damaged(entry: Entry) -> str:
    text = "\n".join(entry.content.texts())
    return "有乱码或网页标记" if _DAMAGED.search(text) else ""


def _no_gap(entry: Entry) -> str:
    stem = entry.content.stem.strip()
    return "" if GAP.search(stem) or ASKING.search(stem) else "填空题没有空，也没有设问"


def _gap_count(entry: Entry) -> str:
    gaps, keys = len(GAP.findall(entry.content.stem)), len(blank_keys(entry.content.key))
    return f"题干有 {gaps} 个空，答案有 {keys} 个" if gaps and keys and gaps != keys else ""


STEM_CHECKS = (
    Check(
        "damaged_text",
        "乱码或残留标记",
        Severity.BAD,
        "文件转换留下的坏字会原样印到试卷上。",
        "对照原件改正坏字，删去网页标记。",
        _damaged,
    ),
    Check(
        "blank_without_gap",
        "填空题没有空",
        Severity.WARN,
        "考生不知道在哪里作答。",
        "在要填的地方写两个以上下划线。",
        _no_gap,
        BLANK,
    ),
    Check(
        "blank_count",
        "空数与答案数不符",
        Severity.WARN,
        "空与答案应一一对应，否则无法评分。",
        "各空答案用“；”隔开，同一空的几种答法用“|”隔开。",
        _gap_count,
        BLANK,
    ),
    Check(
        "stem_asks_nothing",
        "没有设问",
        Severity.WARN,
        "选择题题干应有空括号或明确的问句，考生才知道要答什么。",
        "在要填的位置加“（　）”，或改成问句。",
        _asks_nothing,
        CHOICE_TYPES,
    ),
    Check(
        "stem_short",
        "题干过短",
        Severity.WARN,
        f"不足 {SHORTEST} 个字的题干多半不完整，离开原卷就看不懂。",
        "补上条件，使题干单独成题。",
        _short,
        OBJECTIVE,
    ),
    Check(
        "stem_long",
        "题干过长",
        Severity.INFO,
        f"客观题题干超过 {LONGEST} 字，考的多半是阅读而不是技能。",
        "删去与作答无关的话，或改成题组材料。",
        _long,
        OBJECTIVE,
    ),
    Check(
        "negative_unstressed",
        "否定问法没有突出",
        Severity.INFO,
        "考生看漏“不”字就会答反，这样的失分不反映水平。",
        "把否定词加粗或加下划线；能改成肯定问法更好。",
        _negative,
        CHOICE_TYPES,
    ),
    Check(
        "stem_names_letters",
        "题干提到选项字母",
        Severity.WARN,
        "平行卷会调换选项次序，字母随之改变。",
        "写出选项的内容，不写字母。",
        _names_letters,
        CHOICE_TYPES,
    ),
    Check(
        "stem_numbered",
        "题干带题号",
        Severity.WARN,
        "试卷自己编号，题干里的旧题号会印成两个。",
        "删去题干开头的题号。",
        _numbered,
    ),
    Check(
        "brackets_unpaired",
        "括号引号不成对",
        Severity.INFO,
        "多半是录入时漏了半边。",
        "补上或删去不成对的一半。",
        _unpaired,
    ),
)
