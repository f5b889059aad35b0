"""Aiken, the barest question format: stem, options behind capital letters, and a line `ANSWER: B`."""

import re

from bank.content import LETTERS
from bank.exchange.documents import Found
from bank.exchange.formats import stated
from bank.exchange.formats.markup import read_source
from bank.exchange.formats.pageline import Findings
from bank.exchange.formats.stated import Answer
from bank.exchange.glyphs import trim
from bank.exchange.questions.draft import Draft
from bank.exchange.reading import Rejection
from bank.ground.errors import BadInput

_OPTION = re.compile(r"\s*([A-Z])[.)]\s+(.*)")
_ANSWER = re.compile(r"\s*ANSWER:\s*([A-Z])\s*", re.IGNORECASE)
_REMARK = re.compile(r"\s*[\[【(（]?(?:解析|答案|难度|分析)")
_FEEDBACK = re.compile(r"\s*FEEDBACK:\s*(.*)", re.IGNORECASE)


def looks_like_aiken(characters: str) -> bool:
    """Whether every question of a text ends with options and one ANSWER line, and nothing else stands there."""
    seen = options = stem = 0
    for line in characters.split("\n"):
        if _ANSWER.fullmatch(line):
            if options < 2:
                return False
            seen, options, stem = seen + 1, 0, 0
        elif _OPTION.fullmatch(line):
            options += 1
        elif line.strip() and not _FEEDBACK.fullmatch(line):
            if options or _REMARK.match(line):
                return False
            stem += 1
    return seen > 0 and not options and not stem


def read_aiken(characters: str) -> Found:
    """The questions of an Aiken text, in order."""
    found = Found()
    stem: list[str] = []
    options: list[tuple[str, str]] = []
    start, last = 0, None
    for number, line in enumerate(characters.split("\n"), start=1):
        start = start if stem else number
        if answer := _ANSWER.fullmatch(line):
            last = _question(start, "\n".join(stem), options, answer[1].upper())
            if isinstance(last, Draft):
                found.drafts.append(last)
            else:
                found.rejected.append(last)
            stem, options = [], []
        elif feedback := _FEEDBACK.fullmatch(line):
            _explain(last, feedback[1])
        elif option := _OPTION.fullmatch(line):
            options.append((option[1], option[2]))
        elif line.strip():
            stem.append(line.strip())
    return found


def _question(row: int, stem: str, options: list[tuple[str, str]], letter: str) -> Draft | Rejection:
    place = f"第 {row} 行"
    letters = [one for one, _ in options]
    if letters != list(LETTERS[: len(letters)]):
        return Rejection(row, place, "选项字母应从 A 起依次排列，请检查是否缺了选项")
    findings = Findings(_no_picture)
    offered = [
        Answer(read_source(trim(text), "moodle", findings), 100.0 if one == letter else 0.0) for one, text in options
    ]
    content = stated.chosen(read_source(stem, "moodle", findings), offered, {}, several=False, notes=findings.notes)
    if letter not in letters:
        reason = f"答案 {letter} 超出选项范围（只有 {len(letters)} 个选项）"
        return Rejection(row, place, reason, content)
    return stated.finished(Draft(row, place), content, {}, findings)


def _explain(last: Draft | Rejection | None, remark: str) -> None:
    """The remark behind an answer line belongs to the question just read."""
    if isinstance(last, Draft) and last.content:
        findings = Findings(_no_picture)
        last.content = stated.explained(last.content, read_source(remark, "moodle", findings))
        last.faults += findings.faults


def _no_picture(source: str) -> str:
    raise BadInput(f"图片 {source[:60]} 没有随 Aiken 文件带来，请改用 Word 或 Moodle XML 导入")
