"""Answers that stand inside the question: `（ B ）`, `…（√）`, `(×) …`, `___36V___`; read, and taken out of the stem.

The brackets stay as they were written, so the stem still shows where the blank is.
"""

import re
from dataclasses import dataclass

from bank.content import LETTERS
from bank.exchange.glyphs import half, trim
from bank.exchange.questions.keys import LOOSE_MARK, MARK, judgement

_X = f"[{LETTERS}{LETTERS.lower()}]"
_SEP = r"[\s,，、;.]*"
_BRACKET = re.compile(r"[(\[{]([^()\[\]{}]{0,60})[)\]}]|(?<!_)_++([^_\n]{1,60})_+")
_KEY = re.compile(rf"\s*{_X}(?:{_SEP}{_X})*\s*")
_BLANK = re.compile(r"[(\[]\s*[)\]]|_{2,}")
_END = re.compile(rf"\s*[(\[]\s*(?P<mark>{LOOSE_MARK})?\s*[)\]]\s*(?P<stop>[。.．]?)\s*$")
_START = re.compile(rf"^\s*[(\[]\s*(?P<mark>{LOOSE_MARK}|[AB])?\s*[)\]]\s*")
_NAKED_END = re.compile(r"(?<=[。.!?;,\s])\s*(?P<mark>[√✓✔☑×✕✖✗✘╳])\s*$")
_ANYWHERE = re.compile(rf"[(\[]\s*(?P<mark>{MARK})\s*[)\]]")
_FILLED = re.compile(r"[(\[{]\s*([^()\[\]{}\n]{1,60}?)\s*[)\]}]|(?<!_)_++\s*([^_\n]{1,60}?)\s*_+")


@dataclass(frozen=True, slots=True)
class Found:
    """A stem and the key read out of it; `others` tells that more brackets hold letters."""

    stem: str
    key: str
    others: bool = False


def is_asked(text: str, *, asks: bool = True) -> bool:
    """Whether a text shows a blank to fill, an answer in brackets, or (with `asks`) a question mark."""
    plain = half(text)
    return bool(_BLANK.search(plain) or (asks and "?" in plain) or choice_key_in(text, len(LETTERS)).key)


def choice_key_in(stem: str, n_options: int) -> Found:
    """The letters in the brackets of a choice stem; of several brackets, the one that is set off like an answer."""
    plain = half(stem)
    known = LETTERS[:n_options] if n_options else LETTERS
    hits = []
    for one in _BRACKET.finditer(plain):
        inside = one[1] if one[1] is not None else one[2]
        found = "".join(re.findall(_X, inside)).upper() if _KEY.fullmatch(inside) else ""
        if found and set(found) <= set(known):
            hits.append((one, inside, "".join(sorted(set(found)))))
    if not hits:
        return Found(stem, "")
    several = len(hits) > 1
    hits = [hit for hit in hits if hit[1] == hit[1].upper()] or hits
    spaced = [hit for hit in hits if hit[1] != hit[1].strip()]
    # A letter touched by a word before the bracket is often a unit or a symbol: 电流（A）为（ B ）.
    one, _, key = (spaced or hits)[-1]
    start, end = one.span(1) if one[1] is not None else one.span(2)
    return Found(stem[:start] + stem[end:], key, several)


def judge_key_in(stem: str, *, explicit: bool = False) -> Found:
    """The verdict at the end or the start of a statement; an empty bracket there is dropped too.

    With `explicit` a letter such as T or V does not count, for it may be a symbol of the sentence.
    """
    plain = half(stem)
    for pattern in (_END, _START, _NAKED_END):
        one = pattern.search(plain)
        if not one:
            continue
        mark = one["mark"] or ""
        if mark and explicit and not re.fullmatch(MARK, mark):
            continue
        rest = stem[: one.start()] + stem[one.end() :]
        if pattern is _END:
            rest = stem[: one.start()] + stem[one.start("stop") : one.end("stop")]
            rest = rest[:-1] if one["stop"] and re.search(r"[。.!?]\s*$", plain[: one.start()]) else rest
        if trim(rest):
            return Found(trim(rest), judgement(mark, letters=True) if mark else "")
    marks = list(_ANYWHERE.finditer(plain))
    if len(marks) == 1 and not explicit:
        return Found(stem[: marks[0].start()] + stem[marks[0].end() :], judgement(marks[0]["mark"]))
    return Found(stem, "")


def blanks_in(stem: str) -> Found:
    """The words in brackets or on lines of a fill-in stem as its key, parted by ；, and the stem with empty blanks."""
    plain = half(stem)
    answers, bare, last = [], "", 0
    for one in _FILLED.finditer(plain):
        start, end = one.span(1) if one[1] is not None else one.span(2)
        if not plain[start:end].strip():
            continue
        answers.append(trim(stem[start:end]))
        bare += stem[last:start]
        last = end
    return Found(bare + stem[last:], "；".join(answers))
