"""Is one character in the place of another a slip of hand, ear or scanner, or is it another word? Pure.

电流 written as 电硫 is a slip, 电流 against 电压 is another question. A slip sounds or looks like what it stands for,
is rare where that is common, or makes no word with its neighbours where the other does; 氮气 and 氨气 look alike and
are both words. The table (`characters.json`) names its origin.
"""

import json
from functools import cache
from pathlib import Path

DATA_PATH = Path(__file__).with_name("characters.json")


@cache
def _table() -> tuple[dict[str, set[str]], dict[str, str], dict[str, frozenset[str]]]:
    """The sounds and the four corners of each character, and what may follow it within a word."""
    data = json.loads(DATA_PATH.read_text(encoding="utf-8"))
    sounds: dict[str, set[str]] = {}
    for sound, chars in data["sounds"].items():
        for char in chars:
            sounds.setdefault(char, set()).add(sound)
    corners = {char: code for code, chars in data["corners"].items() for char in chars}
    return sounds, corners, {char: frozenset(after) for char, after in data["neighbours"].items()}


def sounds_alike(a: str, b: str) -> bool:
    """The two are typed with the same letters, tones and near sounds aside."""
    sounds = _table()[0]
    return not sounds.get(a, set()).isdisjoint(sounds.get(b, ()))


def looks_alike(a: str, b: str) -> bool:
    """Three of their four corners are the same."""
    corners = _table()[1]
    return a in corners and b in corners and sum(x == y for x, y in zip(corners[a], corners[b], strict=True)) >= 3


def makes_word(before: str, char: str, after: str) -> bool:
    """The character stands in some word beside one of its neighbours."""
    follow = _table()[2]
    return char in follow.get(before, ()) or after in follow.get(char, ())


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char >= "\U00020000"


def is_slip(a: str, b: str, before: str, after: str) -> bool:
    """One of two characters between the same neighbours sounds or looks like the other, or is a rare one."""
    if not (_is_han(a) and _is_han(b)):
        return False
    sounds = _table()[0]
    if sounds_alike(a, b) or (a in sounds) != (b in sounds):
        return True
    return looks_alike(a, b) and not (makes_word(before, a, after) and makes_word(before, b, after))


def words_made(a: str, b: str, before: str, after: str) -> int:
    """How many of two characters make a word with the same neighbours; 0 too where one is no Chinese character."""
    if not (_is_han(a) and _is_han(b)):
        return 0
    return makes_word(before, a, after) + makes_word(before, b, after)
