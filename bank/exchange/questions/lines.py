"""Lines of a Word or text file, with the marks of their type, and the labelled fields that stand in them.

A span is a stretch of a line; it keeps its place, so that what is bold, red or underlined is still known after the
line has been taken apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from bank.content import LETTERS
from bank.exchange.glyphs import half, trim
from bank.exchange.inlays import Inlays
from bank.notation import Mark, Text

_FIELDS: tuple[tuple[str, str], ...] = (
    (r"(?:正确|标准|参考|试题|本题|题目)?答案(?:为|是)?|正确选项|ANSWER|KEY", "answer"),
    (r"(?:答案|试题|题目|参考)?解析|详解|解答说明|答案说明|答题要点|EXPLANATION", "rationale"),
    (r"评分(?:标准|要点|细则)", "rubric"),
    (r"难度(?:系数|等级|程度)?|难易(?:程度|度)", "difficulty"),
    (r"(?:鉴定|考评|认定|考核|知识)点(?:代码|编号|名称)?|考点", "point"),
    (r"原编号", "given"),
    (r"试题编号|题目编号|试题编码|试题ID|题目ID|ID|编号", "id"),
    (r"题型|试题类型|题目类型", "type"),
    (r"题干|题目内容|试题内容", "stem"),
    (r"选项|备选答案|备选项", "options"),
    (r"一致性(?:代码)?", "consistency"),
    (r"认知层次|认知目标|能力目标|能力层次", "cognition"),
    (r"重要程度", "importance"),
    (r"分值|分数|配分", "marks"),
    (r"(?:少选|漏选)得分", "credit"),
    (r"出处|来源", "source"),
    (r"题组号", "set"),
    (r"得分|出题人|命题人|审核人|鉴定范围|考评范围|保密级别|参数取值|操作评分表", "other"),
)
_WORDS = "|".join(pattern for pattern, _ in _FIELDS)
_FIELD = re.compile(rf"\[\s*(?P<boxed>{_WORDS})\s*\]\s*:?\s*|(?P<plain>{_WORDS})\s*:\s*", re.IGNORECASE)
_KEY_LINE = re.compile(r"\s*(?:正确|标准|参考)?答案\s+(?=(?:[A-J]{1,10}|[√×✓✗对错TF]|正确|错误)\s*[。.]?\s*$)")
_REPLY = re.compile(r"\s*(?P<reply>\(?答\)?|解)\s*[:;]\s*")
# Underlined words that are no answer: some Chinese in the midst of a sentence.
_STRESSED = re.compile(r"(?=.*[\u4e00-\u9fff])[^()（）\[\]_]{1,20}")
_MOST_FIELDS = 16
LONGEST_LINE = 20_000
QUESTION = re.compile(
    r"\?|简述|试述|论述|叙述|列举|写出|说明|解释|什么|哪些|哪几|如何|怎样|怎么|为何|多少|几个|计算|试求|[，,。;；]求|分析|作用|原因|注意事项"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `label` is the length of a list label that the program itself put before it, `role` its style's."""

    row: int
    place: str
    text: str
    label: int = 0
    marks: tuple[tuple[int, int, str], ...] = ()
    pictures: int = 0
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    role: str = ""

    def retold(self, text: str) -> "Line":
        """The same line with another text, which has no marks."""
        return replace(self, text=text, marks=())


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters of the stretch."""
        return self.line.text[self.start : self.end]

    def part(self, start: int, end: int | None = None) -> "Span":
        """A stretch of the stretch."""
        stop = self.end if end is None else self.start + end
        return Span(self.line, self.start + start, stop)

    def share(self, mark: str) -> float:
        """How much of the text bears a mark, 0 to 1."""
        letters = [i for i in range(self.start, self.end) if not self.line.text[i].isspace()]
        covered = [(start, end) for start, end, kind in self.line.marks if kind == mark]
        return sum(any(s <= i < e for s, e in covered) for i in letters) / len(letters) if letters else 0.0

    def without(self, mark: str) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it bears the mark."""
        bears = [False] * len(self.line.text)
        for start, end, kind in self.line.marks:
            if kind == mark:
                bears[start:end] = [True] * (min(end, len(bears)) - start)
        for bearing, places in groupby(range(self.start, self.end), key=bears.__getitem__):
            yield "".join(self.line.text[i] for i in places), bearing


def cut_fields(span: Span) -> tuple[Span, list[tuple[str, Span]]]:
    """What stands before the first field (答案：B  难度：易) of a line, and the fields with their values."""
    plain = half(span.text)
    starts: list[tuple[int, int, str]] = []
    if reply := _REPLY.match(plain):
        starts.append((0, reply.end(), "reply"))
    elif bare := _KEY_LINE.match(plain):
        starts.append((0, bare.end(), "answer"))
    for one in _FIELD.finditer(plain):
        before = plain[: one.start()].rstrip()
        set_off = not before or before[-1] in "。;.])?!,、" or plain[one.start() - 1].isspace() or bool(one["boxed"])
        if set_off and len(starts) < _MOST_FIELDS and not (starts and one.start() < starts[-1][1]):
            starts.append((one.start(), one.end(), _name(one["boxed"] or one["plain"])))
    if not starts:
        return span, []
    ends = [start for start, _, _ in starts[1:]] + [len(plain)]
    fields = [(name, span.part(begin, end)) for (_, begin, name), end in zip(starts, ends, strict=True)]
    return span.part(0, starts[0][0]), fields


def _name(word: str) -> str:
    return next(name for pattern, name in _FIELDS if re.fullmatch(pattern, word, re.IGNORECASE))


def join(spans: list[Span]) -> str:
    """The text of several stretches, one line each."""
    return "\n".join(text for text in (trim(span.text) for span in spans) if text)


def emphasised(options: list[tuple[Span, ...]]) -> str:
    """The letters of the options that alone are red, shaded, underlined or bold; each is given as it may be marked."""
    for mark in ("colour", "shade", "underline", "bold"):
        shares = [max(span.share(mark) for span in spans) for spans in options[: len(LETTERS)]]
        hits = [LETTERS[i] for i, share in enumerate(shares) if share > 0.6]
        if 0 < len(hits) < len(options):
            return "".join(hits)
    return ""


def with_underlines(spans: list[Span], inlays: Inlays) -> str:
    """The text of several stretches with the words that are underlined for emphasis as inlays."""
    lines = []
    for span in spans:
        line = ""
        for text, underlined in span.without("underline"):
            stressed = underlined and _STRESSED.fullmatch(trim(text)) and not line.rstrip().endswith(("(", "（", "_"))
            line += inlays.hide(Text(text, Mark.UNDERLINE)) if stressed else text
        lines.append(Span(replace(span.line, text=line, marks=()), 0, len(line)))
    return join(lines)


def underlined_blanks(spans: list[Span]) -> tuple[str, str]:
    """A fill-in stem with its underlined answers taken out, and those answers parted by ；."""
    lines, answers = [], []
    for span in spans:
        bare = ""
        for text, underlined in span.without("underline"):
            if underlined and trim(text):
                answers.append(trim(text))
            bare += "____" if underlined and trim(text) else text
        lines.append(trim(re.sub(r"(?:____){2,}", "____", bare)))
    return "\n".join(lines), "；".join(answers)


def text_lines(characters: str) -> list[Line]:
    """The lines of a text file."""
    return [Line(number, f"第 {number} 行", text) for number, text in enumerate(characters.split("\n"), 1)]


def grid_lines(rows: list[list[str]], numbers: list[int], place: str) -> list[Line]:
    """The rows of a sheet into which running text was pasted, cell by cell."""
    found = []
    for number, row in zip(numbers, rows, strict=True):
        for cell in row:
            found += [Line(number, place.format(number), text) for text in cell.split("\n") if trim(text)]
    return found
