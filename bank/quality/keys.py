"""Checks that know the key: does the wording give it away, does the rationale contradict it. Pure.

Whoever sees that an item fails one of these learns something about its key, so they are all `keyed`.
"""

import re

from bank.content import CHOICE_TYPES, LETTERS, RIGHT, WRONG, ItemType
from bank.quality.checks import JUDGE, MULTIPLE, OBJECTIVE, SINGLE, Check, Entry, Severity
from bank.quality.wording import ABSOLUTE, GAP, bare, spoken

LONGER, LETTERS_MORE = 1.5, 6
"""Measured on real items: 2.3 % of right options stand out so, 0.9 % of the distractors."""
HINT = 4
"""Letters that stem and right option share and no distractor has: at four 1.3 % of real items."""
FILLED = re.compile(r"[（(【\[]\s*([A-F]{1,6}|√|×|✓|✗|对|错|正确|错误)\s*[)）】\]]")
STATED = re.compile(
    r"(?:故选|应选|故本题选|答案(?:为|是|选|[:：])|正确选项(?:为|是|[:：])|本题选)\s*[（(]?([A-H](?:[、,，]?[A-H])*)(?![A-Za-z0-9])"
)
_TRUE, _FALSE = {"√", "✓", "对", "正确"}, {"×", "✗", "错", "错误"}


def _longest(entry: Entry) -> str:
    content = entry.content
    place = LETTERS.index(content.key)
    lengths = [spoken(option) for option in content.options]
    own, others = lengths[place], max(lengths[:place] + lengths[place + 1 :])
    if own >= LONGER * others and own - others >= LETTERS_MORE:
        return f"正确选项 {own} 个字，其余最长 {others} 个字"
    return ""


def _hinted(entry: Entry) -> str:
    content = entry.content
    stem = _pieces(bare(GAP.sub("\n", content.stem)))
    place = LETTERS.index(content.key)
    shared = [bool(_pieces(bare(option)) & stem) for option in content.options]
    return "只有正确选项重复了题干里的词" if shared[place] and sum(shared) == 1 else ""


def _pieces(text: str) -> set[str]:
    return {text[start : start + HINT] for start in range(len(text) - HINT + 1)}


def _absolute(entry: Entry) -> str:
    """An absolute word only in distractors: a practised guesser strikes them out without knowing the matter."""
    content = entry.content
    strong = [bool(ABSOLUTE.search(option)) for option in content.options]
    right = [letter in content.key for letter in LETTERS[: len(strong)]]
    found = sum(strong)
    if not found or any(a and b for a, b in zip(strong, right, strict=True)):
        return ""
    return f"{found} 个干扰项用了“绝对、任何、永远”一类的词"


def _absolute_statement(entry: Entry) -> str:
    word = ABSOLUTE.search(entry.content.stem)
    return "错误的说法用了“绝对、任何、永远”一类的词" if word and entry.content.key == WRONG else ""


def _written_in(entry: Entry) -> str:
    """The key still stands in the brackets of the stem, as in a printed answer copy."""
    content = entry.content
    for found in FILLED.findall(content.stem):
        if content.type in CHOICE_TYPES and found == content.key and not GAP.search(content.stem):
            return "题干括号里写着答案"
        if content.type is ItemType.JUDGE and found in (_TRUE if content.key == RIGHT else _FALSE):
            return "题干括号里写着答案"
    return ""


def _rationale_differs(entry: Entry) -> str:
    stated = {"".join(sorted(set(found) & set(LETTERS))) for found in STATED.findall(entry.content.rationale)}
    return "解析写的答案与标准答案不同" if stated and entry.content.key not in stated else ""


def _one_of_many(entry: Entry) -> str:
    return "多选题只有一个答案" if len(entry.content.key) == 1 else ""


KEY_CHECKS = (
    Check(
        "key_in_stem",
        "题干写着答案",
        Severity.BAD,
        "题干括号里留着答案，印到卷上就等于送分。",
        "把括号里的答案删去，只留空括号。",
        _written_in,
        OBJECTIVE,
        keyed=True,
    ),
    Check(
        "rationale_differs",
        "解析与答案矛盾",
        Severity.BAD,
        "解析里写的选项与标准答案不同，二者必有一错。",
        "核对依据后改正答案或解析。",
        _rationale_differs,
        CHOICE_TYPES,
        keyed=True,
    ),
    Check(
        "key_longest",
        "正确选项明显最长",
        Severity.WARN,
        "不会的人也会选最长的一项。",
        "压缩正确选项，或把干扰项写得同样具体。",
        _longest,
        SINGLE,
        keyed=True,
    ),
    Check(
        "key_hinted",
        "题干提示了答案",
        Severity.WARN,
        "只有正确选项重复题干里的词，凭字面就能选中。",
        "换掉重复的词，或让干扰项也用到它。",
        _hinted,
        SINGLE,
        keyed=True,
    ),
    Check(
        "multiple_single_key",
        "多选题只有一个答案",
        Severity.WARN,
        "多选题应有两个以上答案。",
        "补上漏写的答案，或改成单项选择题。",
        _one_of_many,
        MULTIPLE,
        keyed=True,
    ),
    Check(
        "distractor_absolute",
        "干扰项用词绝对",
        Severity.INFO,
        "说得绝对的选项多半是错的，有经验的考生会先排除。",
        "换成有条件的说法，或让正确选项也同样肯定。",
        _absolute,
        CHOICE_TYPES,
        keyed=True,
    ),
    Check(
        "judge_absolute",
        "错误说法用词绝对",
        Severity.INFO,
        "判断题里说得绝对的多半是错的，凭语气就能判断。",
        "改成具体而错误的说法。",
        _absolute_statement,
        JUDGE,
        keyed=True,
    ),
)
