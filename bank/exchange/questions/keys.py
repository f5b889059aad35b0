"""The notations of right answers: letters in every dress, √ and ×, 对 and 错, T and F, 1 and 0, the option's own text.

Each reader returns an empty text when the notation is none of its own, so the caller can say what it could not read.
"""

import re

from bank.content import LETTERS, RIGHT, WRONG
from bank.exchange.glyphs import half, squeeze, trim

_RIGHT_WORDS = ("正确", "对的", "对", "是", "√", "✓", "✔", "☑", "∨", "TRUE", "YES", "RIGHT", "T", "Y", "V", "R", "1")
_WRONG_WORDS = (
    *("不正确", "不对", "错误", "错的", "错", "否", "不是", "非", "误", "×", "✕", "✖", "✗", "✘", "╳", "☒"),
    *("FALSE", "NO", "WRONG", "F", "N", "X", "W", "0"),
)
_VERDICTS = dict.fromkeys(_RIGHT_WORDS, RIGHT) | dict.fromkeys(_WRONG_WORDS, WRONG)
_BY_LETTER = {"A": RIGHT, "B": WRONG}
_WORD = "|".join(sorted(map(re.escape, _VERDICTS), key=len, reverse=True))
_WRAPPING = re.compile(r"^(?:(?:正确|标准|参考)?答案(?:为|是)?|选|[:：])*|[。.,;、:!]+$")
_LETTERS_ONLY = re.compile(rf"[{LETTERS}](?:[\s,，、;；/|+&和及与.．。·]*[{LETTERS}])*")
_LABELLED = re.compile(rf"([{LETTERS}])\s*[.、:,)\s]\s*")

MARK = "[√✓✔☑∨×✕✖✗✘╳☒]|正确|错误|不对|对|错"
LOOSE_MARK = f"{MARK}|[TFYNVXtfynvx]"


def _bare(text: str) -> str:
    plain = squeeze(text)
    while len(plain) > 2 and plain[0] in "([{<“\"'‘" and plain[-1] in ")]}>”\"'’":
        plain = plain[1:-1]
    return _WRAPPING.sub("", plain)


def judgement(text: str, *, letters: bool = False) -> str:
    """正确 or 错误 from any mark or word for it; with `letters`, A and B too. Contradicting marks give nothing."""
    plain = _bare(text)
    if letters and plain in _BY_LETTER:
        return _BY_LETTER[plain]
    if plain in _VERDICTS:
        return _VERDICTS[plain]
    words = re.findall(_WORD, plain)
    if words and not re.sub(rf"{_WORD}|[()\[\].,、:;/]", "", plain):
        verdicts = {_VERDICTS[word] for word in words}
        return verdicts.pop() if len(verdicts) == 1 else ""
    return ""


def _in_order(letters: str) -> str:
    return "".join(sorted(set(letters)))


def _by_text(text: str, options: tuple[str, ...]) -> str:
    """The letter of the option that the answer quotes word for word."""
    hits = [i for i, option in enumerate(options) if squeeze(option) == squeeze(text)]
    return LETTERS[hits[0]] if len(hits) == 1 and hits[0] < len(LETTERS) else ""


def _by_labelled_text(text: str, options: tuple[str, ...]) -> str:
    """The letters of `B.…` or `A.… C.…`, if each is followed by that option's own text."""
    plain = half(trim(text)).upper()
    found = list(_LABELLED.finditer(plain))
    if not found or found[0].start():
        return ""
    letters = ""
    for one, following in zip(found, [*found[1:], None], strict=True):
        quoted = plain[one.end() : following.start() if following else len(plain)]
        at = LETTERS.index(one[1])
        if at >= len(options) or squeeze(quoted).strip(",;.。、") != squeeze(options[at]).strip(",;.。、"):
            return ""
        letters += one[1]
    return _in_order(letters)


def _by_number(text: str, options: tuple[str, ...]) -> str:
    digits = re.findall(r"\d+", text)
    if not digits or re.sub(r"[\d\s,，、;；.]", "", text):
        return ""
    places = [int(d) - 1 for d in digits]
    in_range = all(0 <= p < min(len(options), len(LETTERS)) for p in places)
    return _in_order("".join(LETTERS[p] for p in places)) if in_range else ""


def letters(text: str, options: tuple[str, ...] = ()) -> str:
    """Sorted capital letters from any notation of a choice key; with options also from their text or number."""
    plain = _bare(text)
    if _LETTERS_ONLY.fullmatch(plain):
        return _in_order(re.sub(rf"[^{LETTERS}]", "", plain))
    if not options or not plain:
        return ""
    return _by_text(text, options) or _by_labelled_text(text, options) or _by_number(half(text), options)
