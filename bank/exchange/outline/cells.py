"""What stands in one cell of an outline: code and name glued together, ratios, weights, the letter of importance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bank.exchange.glyphs import half
from bank.outlines import Importance

MOSTLY = 0.8
_DASHES = re.compile(r"\s*[-—－–.．_]\s*")
# A letter, letters or numbers joined by dashes, or figures; PLC, 380V and 3D begin a name.
_CODE = r"(?:[A-Z]|\d{1,4}|[A-Z]{1,3}\d{2,4}|[A-Z0-9]{1,4}(?:[-.][A-Z0-9]{1,4})+)"
_HEAD = re.compile(rf"({_CODE})(?:[\s、.:)]\s*|(?=[^\x00-\x7f]))([^\s\d].*)", re.DOTALL)
_TAIL = re.compile(rf"(.*[^\x00-\x7f].*?)[\s(]\s*({_CODE})\s*\)?", re.DOTALL)
_RATIO = re.compile(r"[(\[]?\d+\s*:\s*\d+\s*:\s*\d+[)\]]?")
_GLUED_WEIGHT = re.compile(r"[(\[]?\s*(\d{1,3}(?:\.\d+)?)\s*%\s*[)\]]?")
_FIGURE = re.compile(r"(\d{1,3}(?:\.\d{1,15})?)\s*(%?)")
_WRAPPED = re.compile(r"(?<=[^\x00-\x7f])\s*\n\s*(?=[^\x00-\x7f])")
_LETTERS = {"核心": Importance.X, "一般": Importance.Y, "辅助": Importance.Z}


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight as written: its figure, and whether a percent sign stands behind it."""

    figure: Fraction
    percent: bool


def code_of(text: str) -> str:
    """A code in one writing: half width, capitals, parts joined by single dashes."""
    return _DASHES.sub("-", half(text).strip().strip("()")).upper().strip("-")


def name_of(text: str) -> str:
    """A name on one line; a line broken between Chinese characters leaves no gap."""
    return " ".join(_WRAPPED.sub("", text.strip()).split())


def is_glued(texts: Sequence[str]) -> bool:
    """Whether a column of names carries the codes too: one cell alone may only begin with a letter, as A类火灾."""
    filled = {text for text in texts if text.strip()}
    return bool(filled) and sum(bool(unglue(text)[0]) for text in filled) >= MOSTLY * len(filled)


def unglue(text: str) -> tuple[str, str]:
    """Code and name out of one cell; the code is empty where there is none."""
    plain = name_of(_RATIO.sub(" ", half(text)) if ":" in half(text) else text)
    narrow = half(plain)
    for pattern, code, name in ((_HEAD, 1, 2), (_TAIL, 2, 1)):
        found = pattern.fullmatch(narrow)
        if found:
            return code_of(found[code]), plain[found.start(name) : found.end(name)].strip()
    return "", plain


def take_weight(text: str) -> tuple[str, str]:
    """A name without the percentage that stands in its cell, and that percentage."""
    found = _GLUED_WEIGHT.search(half(text))
    return (f"{text[: found.start()]} {text[found.end() :]}".strip(), f"{found[1]}%") if found else (text, "")


def weight_of(text: str) -> Weight | None:
    """A weight as written; None for an empty cell; raises ValueError for what is no figure from 0 to 100."""
    plain = half(text).strip()
    if not plain or plain in {"-", "/"}:
        return None
    found = _FIGURE.fullmatch(plain)
    if not found or Fraction(found[1]) > 100:
        raise ValueError(text)
    return Weight(Fraction(found[1]), bool(found[2]))


def importance_of(text: str) -> Importance | None:
    """X, Y or Z, also in words; None for anything else."""
    plain = half(text).strip().upper()
    word = next((letter for name, letter in _LETTERS.items() if name in plain), None)
    return word or next((letter for letter in Importance if re.fullmatch(rf"{letter.value}\W*", plain)), None)
