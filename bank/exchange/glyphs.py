"""The characters of question files: widths, blanks, line ends, damaged letters.

`half` keeps every position, so a pattern found in the folded text can be cut out of the text as it was written.
"""

import re

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
BLANKS = " \t\n\r\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
DAMAGED = "\ufffd"

_HALF = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_HALF |= {blank: " " for blank in BLANKS if blank not in "\n\t"}
_HALF |= {"〔": "[", "〕": "]", "【": "[", "】": "]", "–": "-", "—": "-", "―": "-", "﹒": "."}
_HALF_TABLE = str.maketrans(_HALF)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_EXCEL_RETURN = re.compile(r"_x000[dD]_\n?")


def half(text: str) -> str:
    """The same text, position by position, with full-width signs, odd blanks and square brackets made plain."""
    return text.translate(_HALF_TABLE)


def clean(text: str) -> str:
    """Text with plain line ends and without control characters; broken surrogates become the damage sign."""
    text = _EXCEL_RETURN.sub("\n", text).replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\v", "\n").replace("\f", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _SURROGATE.sub(DAMAGED, _CONTROL.sub("", text))


def trim(text: str) -> str:
    """Text without the blanks and zero-width signs around it; the inside stays as written."""
    return text.strip(BLANKS + ZERO_WIDTH)


def squeeze(text: str) -> str:
    """A label's text for comparison: plain widths, capital letters, no blanks at all."""
    return re.sub(r"\s+", "", half(clean(text))).strip(ZERO_WIDTH).upper()


def shown_name(name: str) -> str:
    """A file's name as it may be shown and logged: without folders, breaks and other unprintable signs."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(sign for sign in clean(last) if sign.isprintable())[:120] or "未命名"
