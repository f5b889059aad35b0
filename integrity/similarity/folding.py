"""Folding text code point by code point: width, case, traditional characters, invisible marks, punctuation. Pure.

Two texts that a reader would call the same fold to the same string. One table answers for every single code point;
the few rules that need a neighbour (pinyin glosses, blanks, Taiwan words, the point of 0.5) stand beside it. Whole
blocks of items are folded at once, their parts held apart by SEPARATOR, and no rule looks across that mark.
"""

import re
import unicodedata
from functools import cache

import numpy as np
import opencc
from numpy.typing import NDArray

SEPARATOR, BLANK = "\ufdd0", "\ufdd1"

# Unicode gives these radicals, which PDF files are full of, no compatibility form of their own.
_RADICALS = (
    "⺠民 ⻁虎 ⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻓长 ⻔门 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻡首 ⻢马 ⻣骨 "
    "⻤鬼 ⻥鱼 ⻦鸟 ⻨麦 ⻩黄 ⻬齐 ⻮齿 ⻰龙 ⻳龟"
)
# Characters that OpenCC leaves to the phrase, and signs that one trade writes in several ways.
_SAME = "著着 妳你 銲焊 釬钎 祇只 佈布 矽硅 氬氩 △δ ▲δ ∆δ ⊿δ ⌀φ ∅φ ×x ✕x ∶: ≧≥ ≦≤ ⩾≥ ⩽≤ ~～ —～ –～ ―～ −- ‐- ‑- ○〇 ⁄/"
_TAIWAN = {
    "資訊": "信息", "網際網路": "互联网", "網路": "网络", "軟體": "软件", "硬體": "硬件", "韌體": "固件",
    "記憶體": "存储器", "螢幕": "屏幕", "滑鼠": "鼠标", "列印": "打印", "雷射": "激光", "鐳射": "激光",
    "電晶體": "晶体管", "二極體": "二极管", "積體電路": "集成电路", "半導體": "半导体", "數位": "数字",
    "類比訊號": "模拟信号", "訊號": "信号", "感測器": "传感器", "伺服器": "服务器", "堆高機": "叉车",
    "煞車": "刹车", "品質": "质量", "檔案": "文件", "硬碟": "硬盘", "頻寬": "带宽", "程式": "程序",
    "介面": "接口", "變數": "变量", "迴圈": "循环", "電漿": "等离子", "機車": "摩托车", "計程車": "出租车",
    "瞭解": "了解", "甚麼": "什么", "什麽": "什么", "乙太網": "以太网", "光碟": "光盘", "離線": "脱机",
}  # fmt: skip

# Possessive, as every run of blanks below: a page that opens a bracket before a million spaces must not stop the scan.
_FILLER = r"(?:[\s_＿?？…]|\\q?quad)*+"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300-\u030c"
_WIDE = "\u2150-\u217f\u2460-\u24ff\u3200-\u33ff\ufb00-\ufb06¼½¾"
# One leading class of characters lets the search run over plain text at full speed; what follows looks back at it.
_EDITS = re.compile(
    rf"[(（【\[〔_＿,°º˚\\\-{_WIDE}{''.join({word[0] for word in _TAIWAN})}](?:"
    rf"(?P<gloss>(?<=[\u3400-\u9fff][(（])(?=[^)）]{{0,8}}[{_TONED}])[a-zü{_TONED}]{{1,9}}[)）])"
    rf"|(?P<blank>(?<=[(（【\[〔]){_FILLER}(?:(?:[A-J](?:[\s,，、]*+[A-J]){{0,7}}|[√×✓✗✔✘]|对|错){_FILLER})?[)）】\]〕]"
    r"|(?<=[_＿])[_＿]+|(?<=-)-{3,})"
    r"|(?P<thousands>(?<=\d,)(?=\d{3}(?!\d)))"
    r"|(?P<degree>(?<=[°º˚])\s*+[CＣc])"
    r"|(?P<latex>(?<=\\)(?:left|right|mathrm|mathbf|text|rm|q?quad|displaystyle)(?![a-z]))"
    rf"|(?P<wide>(?<=[{_WIDE}]))"
    rf"|(?P<taiwan>{'|'.join(f'(?<={w[0]}){w[1:]}' for w in sorted(_TAIWAN, key=len, reverse=True))}))"
)
# In a running document the labels of questions and options stand between the sentences.
_LABELS = re.compile(
    r"(?m)^[ \t\u3000]*+(?:第\s*+\d{1,4}\s*+题|[(（]?\d{1,4}\s*+(?:[.．、)）:：](?!\d)|(?<=[ \t])(?=[\u4e00-\u9fff])))"
    r"|(?<![A-Za-z0-9.])[A-J]\s*+[.．]"
    r"|(?<![A-Za-z0-9\u4e00-\u9fff])[(（]?[A-J]\s*+[、:：)）](?![)）])"
)


def _clean(char: str) -> str:
    """The folded form of one code point: one character, or nothing; longer forms are `wide` edits."""
    folded = unicodedata.normalize("NFKC", char).casefold()
    if len(folded) != 1:
        return ""
    category = unicodedata.category(folded)
    kept = category[0] in "LN" or (category == "Sm" and folded not in "|^") or folded in "%‰°℃./:,-～"
    return folded if kept else ""


def _simplified(chars: str) -> str:
    """Each character in simplified script, without regard to its neighbours (the line feeds keep them apart)."""
    return str(opencc.OpenCC("t2s").convert("\n".join(chars))).replace("\n", "")


@cache
def table() -> NDArray[np.uint32]:
    """The folded code point of every code point; 0 where nothing is left of it."""
    lut = np.zeros(0x110000, np.uint32)
    for code in [*range(0x3400), *range(0xA000, 0xD800), *range(0xE000, 0x10000), *range(0x1D400, 0x1D800)]:
        lut[code] = ord(_clean(chr(code)) or "\0")
    lut[0x3400:0xA000] = [ord(char) for char in _simplified("".join(map(chr, range(0x3400, 0xA000))))]
    lut[0x20000:0x33480] = np.arange(0x20000, 0x33480)
    # Compatibility forms (Kangxi radicals, 豈) name a character that may itself be a traditional one.
    lut = np.where((lut >= 0x3400) & (lut < 0xA000), lut[lut], lut)
    for pair in (_RADICALS + " " + _SAME).split():
        source, target = ord(pair[0]), ord(pair[1])
        lut[source] = target
        lut[lut == source] = target
    lut[[ord("℃"), ord("\0")]] = ord("℃"), 0
    lut[[ord(SEPARATOR), ord(BLANK)]] = ord(SEPARATOR), ord(BLANK)
    return lut


def _replacement(match: re.Match[str]) -> str:
    kind, found = match.lastgroup, match.group()
    if kind == "blank":
        return BLANK
    if kind == "taiwan":
        return _TAIWAN[found]
    if kind == "degree":
        return "℃"
    return unicodedata.normalize("NFKC", found) if kind == "wide" and found != "℃" else ""


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of a text; lone surrogates, which broken files hold, pass through."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(codes: NDArray[np.uint32]) -> str:
    """The inverse of `codes_of`."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _spoken(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which signs stay: a point, colon or comma between figures, a minus before one, a stroke between words."""
    digit = (codes >= 48) & (codes <= 57)
    edge = np.zeros(1, np.bool_)
    after, before = np.concatenate([edge, digit[:-1]]), np.concatenate([digit[1:], edge])
    between = after & before
    word = (codes >= 48) & (codes != 58) & (codes != ord(SEPARATOR)) & (codes != ord(BLANK)) & (codes != ord("～"))
    word_before = np.concatenate([edge, word[:-1]])
    latin_before = np.concatenate([edge, (word & (codes < 0x2E80))[:-1]])
    dash_before = np.concatenate([edge, ((codes == 45) | (codes == ord("～")))[:-1]])
    keep: NDArray[np.bool_] = ~np.isin(codes, [ord(sign) for sign in ".:,-/～"]) | between
    keep |= (codes == 45) & before & ~latin_before & ~dash_before
    keep |= (codes == 47) & word_before & np.concatenate([word[1:], edge])
    return keep


def fold_codes(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """Folded code points, and for each the place in `codes` that it came from."""
    folded = table()[codes]
    places = np.flatnonzero(folded)
    folded = folded[places]
    if folded.size:
        keep = _spoken(folded)
        folded, places = folded[keep], places[keep]
        folded[folded == ord("～")] = 45
    return folded, places


def fold(text: str) -> str:
    """One folded text; its blanks are BLANK marks, and SEPARATOR marks pass through."""
    return text_of(fold_codes(codes_of(_EDITS.sub(_replacement, text)))[0])


def fold_document(text: str) -> tuple[str, list[int]]:
    """A running document folded, labels of questions and options left out, with the place of each character in it."""
    spans = [(m.start(), m.end(), _replacement(m)) for m in _EDITS.finditer(text)]
    spans += [(m.start(), m.end(), "") for m in _LABELS.finditer(text)]
    pieces, origins, last = [], [], 0
    for start, end, new in sorted(spans):
        if start < last:
            continue
        pieces += [text[last:start], new]
        origins += [np.arange(last, start), np.full(len(new), start)]
        last = end
    pieces.append(text[last:])
    origins.append(np.arange(last, len(text)))
    folded, places = fold_codes(codes_of("".join(pieces)))
    places = np.concatenate(origins)[places]
    keep = (folded != ord(BLANK)) & (folded != ord(SEPARATOR))
    return text_of(folded[keep]), places[keep].tolist()
