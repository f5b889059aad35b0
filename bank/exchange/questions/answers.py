"""Answer keys that stand apart from the questions: `1-5 ABCDA`, `1.A 2.B`, with or without headings of sections."""

import re
from dataclasses import dataclass, field

from bank.content import LETTERS
from bank.exchange.glyphs import half, trim
from bank.exchange.questions.draft import Draft
from bank.exchange.questions.kinds import heading_kind
from bank.exchange.questions.lines import Line, Span, cut_fields
from bank.exchange.questions.options import leading_label

_TITLE = re.compile(
    r"(?:[(\[<]?[一二三四五六七八九十]{1,2}[)\]、.]\s*|附[件录:]*\s*)?[^。?;,，、\s]{0,30}?\s?"
    r"(?:参考|标准|正确|试题|试卷|习题|练习题?|题库)?答案(?:部分|页|汇总|表|卷|(?:及|与|和)(?:解析|评分标准|评分参考|详解))?\s*[>\])]*[:。]?"
)
_MARK = r"[√✓✔×✕✖✗✘╳]|正确|错误|[对错]"
_ANSWER = rf"(?:[{LETTERS}]{{1,10}}|{_MARK}|[TFtf](?![a-z]))"
_RANGE = re.compile(rf"(\d{{1,4}})\s*题?\s*(?:-|~|至|到)+\s*(\d{{1,4}})\s*题?\s*[:.、)]?\s*((?:{_ANSWER}[\s,;、./]*)+)")
_PAIR = re.compile(rf"(?:第\s*)?(\d{{1,4}})\s*题?\s*[.、:,)\-\s]?\s*({_ANSWER})(?![A-Za-z\u4e00-\u9fff])[\s,;。、./]*")
_NUMBERED = re.compile(r"(?:第\s*)?(\d{1,4})\s*题?\s*[.、:,)]\s*")
_RUN = re.compile(rf"(?:{_ANSWER}[\s,;、./]*){{2,}}")
_ORDINAL = re.compile(r"[(\[]?[一二三四五六七八九十]{1,2}[)\]、.:\s]")


@dataclass(slots=True)
class Group:
    """The answers and rationales of one section by number, and the type its heading names."""

    kind: str = ""
    answers: dict[int, str] = field(default_factory=dict)
    rationales: dict[int, str] = field(default_factory=dict)
    last: int = 0


@dataclass(slots=True)
class KeySheet:
    """The key part of a document while it is being read."""

    groups: list[Group] = field(default_factory=lambda: [Group()])
    notes: list[str] = field(default_factory=list)
    open: bool = False
    heading: str | None = None
    # What a line without number goes on with: an answer in words, a rationale, or nothing.
    going_on: str = ""

    def take(self, line: Line) -> bool:
        """Read one line of the key part; False when the line is no key, so questions have begun again."""
        text = trim(line.text)
        kind = heading_kind(text)
        entries = pairs(text)
        if not entries and (kind or (_ORDINAL.match(half(text)) and len(text) < 40)):
            self.heading = kind
            self.groups.append(Group(kind))
            return True
        inline = _ORDINAL.match(half(text)) and re.search(r"\d", text)
        if inline and entries and (found := re.match(r"[^\d]*", text)):
            self.groups.append(Group(heading_kind(found[0].rstrip("：: "))))
        taken = self._add(entries, line.place) or self._take_words(line)
        self.heading = None if taken else self.heading
        return taken

    def _add(self, entries: "list[tuple[int, str]] | None", place: str) -> bool:
        if entries is None:
            return False
        for given, answer in entries:
            number = given or self.groups[-1].last + 1
            if number in self.groups[-1].answers:
                self.groups.append(Group())
            self.groups[-1].answers[number] = answer
            self.groups[-1].last = number
            if not answer:
                self.notes.append(f"{place}的答案个数与题号对不上，第 {number} 题起没有取到答案，请检查")
        self.going_on = "answer" if len(entries) == 1 else ""
        return bool(entries)

    def _take_words(self, line: Line) -> bool:
        """`21. 答：…` and the lines that go on; `3. 解析：…` is passed over."""
        text = line.text
        group = self.groups[-1]
        found = _NUMBERED.match(half(text))
        if found and found.end() < len(text):
            head, fields = cut_fields(Span(line, found.end(), len(text)))
            values = {name: trim(span.text) for name, span in fields}
            words = values.get("answer") or values.get("reply") or trim(head.text)
            number = int(found[1])
            if words and (number == group.last + 1 or number not in group.answers) and number <= group.last + 30:
                group.answers[number] = words
                group.rationales[number] = values.get("rationale", "")
                group.last = number
                self.going_on = "rationale" if values.get("rationale") else "answer"
                return True
        return bool(self.going_on and group.last) and self._go_on(line, group)

    def _go_on(self, line: Line, group: Group) -> bool:
        """A line that goes on with the answer above it, or gives its rationale."""
        head, fields = cut_fields(Span(line, 0, len(line.text)))
        parts = [(self.going_on, head), *((("rationale" if n == "rationale" else "answer"), v) for n, v in fields)]
        for name, span in parts:
            if text := trim(span.text):
                held = group.rationales if name == "rationale" else group.answers
                held[group.last] = "\n".join(filter(None, (held.get(group.last, ""), text)))
                self.going_on = name
        return True


def is_title(text: str) -> bool:
    """Whether a line announces the key part: 参考答案, 《…》答案及评分标准."""
    plain = half(trim(text))
    return len(plain) < 48 and "答案" in plain and not leading_label(plain) and bool(_TITLE.fullmatch(plain))


def pairs(text: str) -> list[tuple[int, str]] | None:
    """Numbers with their answers, if the line holds nothing else; number 0 means the next one. None for other lines."""
    plain = half(trim(text))
    head = re.match(rf"(?:{_ORDINAL.pattern})?[^\d√×]{{0,24}}?(?=\d)", plain)
    rest = plain[head.end() :] if head and ("题" in head[0] or "答案" in head[0] or _ORDINAL.match(head[0])) else plain
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(rest):
        if one := _RANGE.match(rest, at):
            found += _spread(int(one[1]), int(one[2]), one[3])
        elif one := _PAIR.match(rest, at):
            found.append((int(one[1]), one[2]))
        else:
            break
        at = one.end()
    if found and not rest[at:].strip():
        return found
    if _RUN.fullmatch(rest) and not re.search(r"\d", rest):
        return [(0, answer) for answer in _tokens(rest, 0)]
    return None


def _spread(first: int, last: int, text: str) -> list[tuple[int, str]]:
    """One answer for each number of a range; an empty one where their count does not fit."""
    count = last - first + 1
    tokens = _tokens(text, count)
    if len(tokens) != count or count < 1:
        return [(first, "")]
    return list(zip(range(first, last + 1), tokens, strict=True))


def _tokens(text: str, count: int) -> list[str]:
    """The answers of a run, parted by blanks or, where those do not give the count, letter by letter."""
    apart = [token for token in re.split(r"[\s,;、./]+", text.strip()) if token]
    if count and len(apart) == count:
        return apart
    single = re.findall(rf"{_MARK}|[{LETTERS}TFtf]", text)
    return single if not count or len(single) == count else apart


def assign(drafts: list[Draft], sheet: KeySheet) -> list[str]:
    """Give the questions without answer theirs, section by section; returns what found no question."""
    groups = [group for group in sheet.groups if group.answers]
    open_drafts = [draft for draft in drafts if not draft.answer and draft.number is not None]
    sections = list(dict.fromkeys(draft.section for draft in open_drafts))
    left = 0
    for at, group in enumerate(groups):
        fitting = [s for s in sections if group.kind and _section_kind(open_drafts, s) == group.kind]
        section = fitting[0] if fitting else sections[0] if len(groups) - at <= len(sections) and sections else None
        if len(groups) == 1:
            section = section if len(sections) == 1 else None
        chosen = [d for d in open_drafts if not d.answer and (section is None or d.section == section)]
        by_number = {draft.number: draft for draft in reversed(chosen)}
        for number, answer in group.answers.items():
            draft = by_number.get(number)
            if draft is None:
                left += 1
            else:
                draft.answer = answer
                draft.rationale = draft.rationale or group.rationales.get(number, "")
        if section in sections:
            sections.remove(section)
    return [*sheet.notes, *([f"答案部分有 {left} 个答案找不到对应题号的试题，请检查题号"] if left else [])]


def _section_kind(drafts: list[Draft], section: int) -> str:
    return next((draft.kind for draft in drafts if draft.section == section and draft.kind), "")
