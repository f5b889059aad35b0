"""Make integrity/similarity/characters.json: how Chinese characters sound and look, and which stand side by side.

    pip install pypinyin four-corner-method jieba        # MIT each; needed here only
    python benchmarks/character_data.py

Only the 6,763 characters of GB 2312 are taken, and of neighbours those that the dictionary counts often.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import jieba
from four_corner_method import FourCornerMethod
from pypinyin import Style, pinyin

from integrity.similarity.characters import DATA_PATH

OFTEN = 20
ORIGIN = (
    "sounds: pypinyin (MIT, © mozillazg); corners: four-corner-method (MIT); "
    "neighbours: counted in the dictionary of jieba (MIT, © Sun Junyi)"
)
_TWO_READINGS = "长重行调传转率弹载降量数空间处度角切强冲创倒卷壳"
# Sounds that one input method or one ear takes for another.
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"))


def characters() -> list[str]:
    codes = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return [char for code in codes if (char := code.decode("gb2312", "ignore"))]


def _grouped(keys: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, char in keys:
        found[key].append(char)
    return {key: "".join(chars) for key, chars in sorted(found.items())}


def _sounds(char: str) -> set[str]:
    """The reading of a character, of a few both readings, without tones and with near sounds made one."""
    every = pinyin(char, style=Style.NORMAL, heteronym=char in _TWO_READINGS)[0]
    found = set(every)
    for full, loose in _FUZZY:
        found = {sound.replace(full, loose) for sound in found}
    return found


def neighbours(known: set[str]) -> dict[str, str]:
    """The characters that follow each character inside words; names of persons are left out."""
    counts: Counter[tuple[str, str]] = Counter()
    dictionary = Path(jieba.__file__).with_name("dict.txt")
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, count, kind = line.split()
        if not kind.startswith("nr"):
            for pair in pairwise(word):
                counts[pair] += int(count)
    return _grouped((a, b) for (a, b), count in sorted(counts.items()) if count >= OFTEN and {a, b} <= known)


def main() -> None:
    chars, corners = characters(), FourCornerMethod()
    data = {
        "origin": ORIGIN,
        "sounds": _grouped((sound, char) for char in chars for sound in sorted(_sounds(char))),
        "corners": _grouped((code[:4], char) for char in chars if (code := corners.query(char))),
        "neighbours": neighbours(set(chars)),
    }
    DATA_PATH.write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{DATA_PATH.stat().st_size / 1024:.0f} KiB written to {DATA_PATH}")


if __name__ == "__main__":
    main()
