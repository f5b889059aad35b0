"""Checks over judge items and over what stands beside an item: rationale, difficulty, point, rubric. Pure."""

import re

from bank.content import ItemType
from bank.quality.checks import JUDGE, OBJECTIVE, WRITTEN, Check, Entry, Severity
from bank.quality.wording import GAP

ENDS = re.compile(r"[。.．！!；;）)”\"]\s*$")


def _asks(entry: Entry) -> str:
    return "判断题写成了问句" if re.search(r"[?？]\s*(?:[（(]\s*[)）])?\s*$", entry.content.stem) else ""


def _unfinished(entry: Entry) -> str:
    stem = GAP.sub("", entry.content.stem).rstrip()
    return "" if ENDS.search(stem) or stem.endswith(("?", "？")) else "句末没有句号"


def _unplaced(entry: Entry) -> str:
    return "没有挂在细目表的任何一点上" if entry.placed is False else ""


def _no_rationale(entry: Entry) -> str:
    return "" if entry.content.rationale.strip() else "没有解析"


def _no_difficulty(entry: Entry) -> str:
    return "" if entry.difficulty else "没有难度"


def _no_rubric(entry: Entry) -> str:
    content = entry.content
    return "" if content.rubric or content.type is ItemType.PRACTICAL else "没有评分要点"


JUDGE_CHECKS = (
    Check(
        "judge_asks",
        "判断题写成问句",
        Severity.WARN,
        "判断题应是一个完整的陈述句，问句无从判断对错。",
        "改成陈述句。",
        _asks,
        JUDGE,
    ),
    Check(
        "judge_unfinished",
        "句末没有句号",
        Severity.INFO,
        "判断题应是完整的陈述句，以句号结尾；没有句号的可能漏了后半句。",
        "核对原件，补全句子和句号。",
        _unfinished,
        JUDGE,
    ),
)
BESIDE_CHECKS = (
    Check(
        "orphan",
        "没有挂到细目表",
        Severity.WARN,
        "不在细目表上的试题不计入建库进度，也组不进按细目表抽题的试卷。",
        "给试题选定细目表里的一点。",
        _unplaced,
    ),
    Check(
        "no_rubric",
        "没有评分要点",
        Severity.INFO,
        "主观题没有评分要点，不同考评员会给出不同的分。",
        "列出得分要点和分值，合计等于本题分值。",
        _no_rubric,
        WRITTEN,
    ),
    Check(
        "no_difficulty",
        "没有难度",
        Severity.INFO,
        "没有难度的试题无法按难度组卷，平行卷难易也无法比较。",
        "按 1（易）到 5（难）填写难度。",
        _no_difficulty,
    ),
    Check(
        "no_rationale",
        "没有解析",
        Severity.INFO,
        "解析写明依据，审题人才能核对答案，考后申诉也有据可查。",
        "写一句依据：标准条款、计算过程或操作规程。",
        _no_rationale,
        OBJECTIVE,
    ),
)
