"""What banks write beside a question: grades, cognitive level, importance, marks, partial credit, rubric points. Pure.

Each reader takes the words of a dozen templates and gives None for what it does not know, so that the caller can say
what was not kept; `write_rubric` is the form that our own files use and that `read_rubric` reads back.
"""

import re
from collections.abc import Iterable

from bank.answers import Credit, RubricPoint, half_marks, shown_marks
from bank.exchange.glyphs import half, squeeze, trim
from bank.items import COGNITION_NAMES, Cognition
from bank.outlines import Importance

_GRADES = (
    (1, r"很低|极低|非常低"),
    (2, r"较低|低|偏低"),
    (3, r"中等?|一般|适中"),
    (4, r"较高|高|偏高"),
    (5, r"很高|极高|非常高"),
)
_COGNITION = (
    (Cognition.ANALYSE, r"分析|综合|评价|创造|创新|探究|ANALY[SZ]E"),
    (Cognition.APPLY, r"应用|运用|掌握|熟练|操作|APPLY"),
    (Cognition.UNDERSTAND, r"理解|领会|UNDERSTAND"),
    (Cognition.RECALL, r"识记|记忆|了解|知道|认识|RECALL"),
)
_IMPORTANCE = ((Importance.X, r"核心|重点|重要"), (Importance.Y, r"一般|普通"), (Importance.Z, r"辅助|次要|了解"))
_MARKS = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*分?")
_NUMBER = r"\d{1,3}(?:\.\d)?"
_POINT = re.compile(
    rf"(?P<text>.*?)\s*(?:[(\[]\s*(?P<boxed>{_NUMBER})\s*分\s*[)\]]|[\s,:;]*(?P<bare>{_NUMBER})\s*分)\s*[。;.,]?"
)
# Points side by side in one line, parted after their marks.
_PARTS = re.compile(r"(?<=分)\s*[;；。]\s*|(?<=分[)）\]】])\s*[;；。]?\s*(?=\S)")


def read_grade(text: str) -> int | None:
    """A grade from 1 to 5, by number (`3（中等）`) or word."""
    plain = squeeze(text)
    if found := re.match(r"([1-5])(?:\.0+)?(?!\d|\.)", plain):
        return int(found[1])
    return next((grade for grade, pattern in _GRADES if re.fullmatch(pattern, plain)), None)


def read_cognition(text: str) -> Cognition | None:
    """The cognitive level that a word names, deepest first where several are named."""
    plain = squeeze(text)
    return next((level for level, pattern in _COGNITION if re.search(pattern, plain)), None)


def read_importance(text: str) -> Importance | None:
    """X, Y or Z by letter or by word."""
    plain = squeeze(text)
    if re.match(r"[XYZ](?![A-Z0-9])", plain):
        return Importance(plain[0])
    return next((one for one, pattern in _IMPORTANCE if re.search(pattern, plain)), None)


def read_marks(text: str) -> int | None:
    """Half-marks of a cell such as 2, 0.5 or 1分."""
    found = _MARKS.fullmatch(half(trim(text)))
    try:
        return half_marks(found[1]) if found else None
    except ValueError:
        return None


def read_credit(text: str, marks: int | None = None) -> Credit | None:
    """What a multiple choice earns that lacks a right option, from a word or from the marks it then earns."""
    plain = squeeze(text)
    for credit, pattern in (
        (Credit.SHARE, "比例|SHARE|平均"),
        (Credit.HALF, "一半|半分|50%|HALF"),
        (Credit.NONE, "不得分|NONE"),
    ):
        if re.search(pattern, plain):
            return credit
    if plain in {"否", "无", "0", "不", "0分"}:
        return Credit.NONE
    if plain in {"是", "有", "得分"}:
        return Credit.SHARE
    given = read_marks(text)
    if given is None:
        return None
    return Credit.HALF if marks is not None and given * 2 == marks else Credit.SHARE


def read_rubric(text: str) -> tuple[RubricPoint, ...]:
    """The points of a rubric, `要点（2分）` by line or by semicolon; none where the last of them gives no marks."""
    found = []
    held: list[str] = []
    for part in (part for line in text.split("\n") for part in _PARTS.split(line)):
        one = _POINT.fullmatch(half(part.rstrip()))
        if one is None:
            held.append(part)
            continue
        words = trim("\n".join([*held, part[: one.end("text")]]))
        held = []
        marks = read_marks(one["boxed"] or one["bare"])
        if not words or not marks:
            return ()
        found.append(RubricPoint(words, marks))
    return () if any(map(trim, held)) else tuple(found)


def write_rubric(points: Iterable[RubricPoint]) -> str:
    """One point after the other, the marks behind each."""
    return "\n".join(f"{point.text}（{shown_marks(point.marks)}分）" for point in points)


def cognition_name(value: str | None) -> str:
    """The Chinese name of a cognitive level by its value; empty for none."""
    return COGNITION_NAMES[Cognition(value)] if value else ""
