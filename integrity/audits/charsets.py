"""Bytes to text in whatever encoding a Chinese document has; serves the leak scan (Article 16(2)).

A wrong encoding turns a leaked page into rare characters that match nothing, so the choice is by evidence: the
candidate under which most characters are ordinary ones wins, and a text that stays odd under all is refused.
"""

import codecs

from bank.ground.errors import BadInput

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
SAMPLE = 1 << 16
# Chinese text in its right encoding has some 95 % ordinary characters, in a wrong one at most about 60 %.
ORDINARY_SHARE = 0.7
BROKEN = "\ufffd"


def _ordinary_characters() -> frozenset[str]:
    """Printable ASCII, Chinese punctuation, and the everyday tables of GB2312 (rows 16-55) and Big5."""
    everyday_gb = (bytes((a, b)) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF))
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    everyday_big5 = (bytes((a, b)) for a in range(0xA4, 0xC7) for b in trails)
    hanzi = {pair.decode("gb2312", "ignore") for pair in everyday_gb}
    hanzi |= {pair.decode("big5", "ignore") for pair in everyday_big5}
    ascii_text = {chr(code) for code in (9, 10, 13, *range(32, 127))}
    punctuation = {chr(code) for block in ((0x3000, 0x3020), (0xFF01, 0xFF5F)) for code in range(*block)}
    return frozenset((hanzi - {""}) | ascii_text | punctuation | set("“”‘’…—·×÷±°℃ΩμΦ√≤≥\u200b\u00a0"))


ORDINARY = _ordinary_characters()


def decode(data: bytes, name: str) -> tuple[str, list[str]]:
    """The text of `data` and what the reader should be told about it; raises BadInput for what is no text."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding, name)
    if b"\0" not in data:
        try:
            return _decode_as(data, "utf-8", name, errors="strict")
        except UnicodeDecodeError:
            pass
    sample = data[: SAMPLE & ~1]
    share, encoding = max((_ordinary_share(sample, candidate), candidate) for candidate in CANDIDATES)
    if share < ORDINARY_SHARE:
        raise BadInput(f"文件 {name} 认不出文字编码，可能不是文字文件；请另存为 UTF-8 编码的文本或 .docx 后再试")
    return _decode_as(data, encoding, name)


def _ordinary_share(sample: bytes, encoding: str) -> float:
    """How much of the sample reads as ordinary characters; the last two are left out, a cut may have hurt them."""
    text = sample.decode(encoding, "replace")[:-2] or sample.decode(encoding, "replace")
    return sum(character in ORDINARY for character in text) / max(len(text), 1)


def _decode_as(data: bytes, encoding: str, name: str, errors: str = "replace") -> tuple[str, list[str]]:
    text = data.decode(encoding, errors)
    controls = sum(character < " " and character not in "\t\n\r\f\v" for character in text[:SAMPLE])
    if controls > len(text[:SAMPLE]) / 20:
        raise BadInput(f"文件 {name} 不是文字文件；请上传 docx、pdf、html、txt、xlsx、xls 或 csv 文件")
    broken = text.count(BROKEN)
    return text, [f"有 {broken} 处字节无法识别，已跳过"] if broken else []
