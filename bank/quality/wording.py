"""Words and signs that several checks look for. Pure."""

import re

GAP = re.compile(r"[（(\[【〔［﹙]\s*[)）\]】〕］﹚]|_{2,}|…{2,}|﹍+")
"""A place to be filled: empty brackets or a line."""
ABSOLUTE = re.compile(
    r"绝对(?!值|压|湿|温|误|零|编|坐|高|真|位|实)|永远|从不|绝不|百分之百|毫无|任何(?:时候|情况|条件|场合|人都|一种)|完全(?:不|没|可以|相同|一致|无)"
)
ALL_OF_THEM = re.compile(
    r"(?:以上|上述|上面|前述|[A-F](?:[、和及与]?[A-F])+|其他选项|其余选项|[三四]者|前三[项者])?"
    r"(?:的|答案|选项|各项|几项|说法|方法|三项|三者|四项|所有|全部|两项)*(?:都|全部|全|均|皆|所有)+"
    r"(?:不|没|无)?(?:是|对|正确|可以|可|行|包括|包含|错|错误|有|需要|符合|选|应选)?(?:的)?[。.]?"
)
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DROPPED = re.compile(r"[\W_]")
_MEANINGFUL = frozenset("+-−×÷=<>≤≥±%°√^/*.:~&|!#'\"→←↑↓△∠⊥∥")


def bare(text: str) -> str:
    """What is said, without width, blanks and punctuation; case and signs with a meaning stay: MΩ is not mΩ."""
    return "".join(sign for sign in text.translate(_HALF) if sign in _MEANINGFUL or not _DROPPED.match(sign))


def spoken(text: str) -> int:
    """How many letters a reader reads: without gaps, blanks and punctuation."""
    return len(_DROPPED.sub("", GAP.sub("", text)))
