"""From what a candidate wrote to marks: letters, right and wrong, or points given by a marker (Article 6(4)).

Letters are those of the printed form; they are turned back to the item's own letters, so that forms with another
order of options count together.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bank.answers import Credit
from bank.content import CHOICE_TYPES, LETTERS, RIGHT, WRONG, ItemType
from bank.exchange.glyphs import half, squeeze
from bank.exchange.questions.keys import judgement, letters
from bank.ground.errors import BadInput

OMITTED = ("", "-", "—", "--", "/", "\\", "空", "未答", "未作答", "无", "NULL", "NAN", "N/A")
ABSENT = ("缺考", "缺席", "未到", "ABSENT")
SPOILED = ("*", "#", "?", "多选", "重涂", "无效")
MARKED_TYPES = frozenset({*CHOICE_TYPES, ItemType.JUDGE})
_POINTS = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)分?")


class Mode(StrEnum):
    """How a column of answers is written."""

    ANSWER = "answer"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Question:
    """What scoring must know of one question; the key stands in the item's own letters, marks in half marks."""

    position: int
    type: ItemType
    marks: int
    key: str = ""
    options: int = 0
    order: tuple[int, ...] = ()
    credit: Credit = Credit.NONE

    def own_letters(self, printed: str) -> str:
        """The item's letters behind printed ones."""
        if not self.order:
            return printed
        return "".join(sorted(LETTERS[self.order[LETTERS.index(letter)]] for letter in printed))

    def printed_letters(self, own: str) -> str:
        """The printed letters behind the item's own."""
        if not self.order:
            return own
        return "".join(sorted(LETTERS[self.order.index(LETTERS.index(letter))] for letter in own))


@dataclass(frozen=True, slots=True)
class Answer:
    """One candidate's answer to one question: what was chosen (own letters, 正确 or 错误), and half marks earned."""

    earned: float = 0.0
    chosen: str = ""
    omitted: bool = False


NOTHING = Answer(omitted=True)


def modes(questions: Sequence[Question], columns: Mapping[int, Sequence[str]]) -> dict[int, Mode]:
    """How each question's column is written; raises BadInput where 1 and 0 could mean either."""
    found = {one.position: _mode(one, columns.get(one.position, ())) for one in questions}
    judged = [one for one in questions if one.type is ItemType.JUDGE and found[one.position] is Mode.POINTS]
    chosen = {found[one.position] for one in questions if one.type in CHOICE_TYPES and any(columns[one.position])}
    plain = {text for one in judged for text in columns[one.position] if text} <= {"0", "1"}
    if judged and plain and Mode.POINTS not in chosen:
        if not chosen and any(one.marks == 2 for one in judged):
            raise BadInput("判断题的 1 和 0 看不出是得分还是对错，请写成“对”“错”或“√”“×”")
        found |= {one.position: Mode.ANSWER for one in judged}
    return found


def _mode(question: Question, column: Sequence[str]) -> Mode:
    if question.type not in MARKED_TYPES:
        return Mode.POINTS
    told = [text for text in set(column) if text and squeeze(text) not in OMITTED]
    return Mode.POINTS if told and all(_POINTS.fullmatch(half(text).strip()) for text in told) else Mode.ANSWER


def read_answer(question: Question, text: str, mode: Mode) -> Answer:
    """The answer in a cell; raises BadInput with a clause that says what cannot be."""
    plain = squeeze(text)
    if plain in OMITTED:
        return NOTHING
    if mode is Mode.POINTS:
        return Answer(read_points(question, text))
    if plain in SPOILED:
        return Answer()
    if question.type is ItemType.JUDGE:
        verdict = judgement(text, letters=True)
        if not verdict:
            raise BadInput(f"第 {question.position} 题的答案“{text[:6]}”不是对错，请写“对”“错”或“√”“×”")
        return Answer(_earned(question, verdict), verdict)
    printed = letters(text)
    if not printed:
        raise BadInput(f"第 {question.position} 题的答案“{text[:6]}”无法识别，请写选项字母或留空")
    if any(letter not in LETTERS[: question.options] for letter in printed):
        last = LETTERS[question.options - 1]
        raise BadInput(f"第 {question.position} 题的答案“{printed}”超出选项（只有 A～{last}）")
    if question.type is ItemType.SINGLE and len(printed) > 1:
        return Answer()
    own = question.own_letters(printed)
    return Answer(_earned(question, own), own)


def read_points(question: Question, text: str) -> float:
    """Half marks from a score in marks; raises BadInput for what is no score or over the question's marks."""
    found = _POINTS.fullmatch(half(text).strip())
    if found is None:
        raise BadInput(f"第 {question.position} 题应填得分，现为“{text[:6]}”")
    earned = 2 * float(found[1])
    if earned > question.marks:
        raise BadInput(f"第 {question.position} 题得分 {float(found[1]):g} 超过该题 {question.marks / 2:g} 分")
    return earned


def same_key(question: Question, text: str) -> bool | None:
    """Whether a key written in the file is the form's own; None where the file says nothing that can be compared."""
    if question.type is ItemType.JUDGE:
        verdict = judgement(text, letters=True)
        return verdict == question.key if verdict else None
    if question.type not in CHOICE_TYPES:
        return None
    printed = letters(text)
    return printed == question.printed_letters(question.key) if printed else None


def _earned(question: Question, chosen: str) -> float:
    """Half marks of a choice: all for the key, the item's own rule for a part of it, nothing for a wrong letter."""
    if chosen == question.key:
        return float(question.marks)
    if question.credit is Credit.NONE or not set(chosen) < set(question.key):
        return 0.0
    return question.marks * (0.5 if question.credit is Credit.HALF else len(chosen) / len(question.key))


def choices_of(question: Question) -> tuple[str, ...]:
    """What a candidate could choose, for the distractor table; empty where the answer is written out."""
    if question.type in CHOICE_TYPES:
        return tuple(LETTERS[: question.options])
    return (RIGHT, WRONG) if question.type is ItemType.JUDGE else ()
