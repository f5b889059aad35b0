"""The grammar of questions written as running text, in Word or in a text file (Article 6(5)).

Lines come in one after another. A number, a new set of options or a mark of right and wrong opens a question; what
stands between belongs to the question before it. Nothing is thrown away unsaid: what is no question is listed.
"""

import re

from bank.content import ItemType
from bank.exchange.glyphs import half, trim
from bank.exchange.inlays import Inlays
from bank.exchange.questions import keys
from bank.exchange.questions.answers import KeySheet, assign, is_title, pairs
from bank.exchange.questions.asked import CHOSEN, WORDED, Asked, Option
from bank.exchange.questions.codes import Code, lone_code
from bank.exchange.questions.counting import Counter, lead_in
from bank.exchange.questions.draft import Draft
from bank.exchange.questions.inline import choice_key_in, is_asked, judge_key_in
from bank.exchange.questions.kinds import heading_kind, tag_end, take_tag
from bank.exchange.questions.lines import LONGEST_LINE, QUESTION, Line, Span, cut_fields
from bank.exchange.questions.materials import Materials
from bank.exchange.questions.offered import Offer, offer_in
from bank.exchange.questions.options import cut_run

MOST_PLACES = 12
MOST_LINES = 300
_INSTRUCTION = re.compile(r"[(\[]?.{0,30}(?:每小?题|本大?题|选出|填入|请将|请在|下列各题|注意事项|答题卡|得分|满分)")
_KEY_BEFORE = re.compile(r"\s*[(\[]\s*(?:[√✓✔×✕✖✗✘对错TF]|正确|错误|[A-H]{1,8})?\s*[)\]]\s*(?=\d)")
_FORM = re.compile(r".{0,12}(?:姓名|准考证|考号|身份证|学号|班级|单位|监考)[^。?]{0,8}[:_]")
_WAITS = re.compile(r"(?:是|有|为|包括|属于|[:：])\s*$")
_FIELD_OPENS = frozenset({"stem", "type", "id"})


class Questions:
    """Takes the lines of one document and gives back its questions as drafts."""

    def __init__(self, inlays: Inlays) -> None:
        self.inlays = inlays
        self.drafts: list[Draft] = []
        self.skipped: list[str] = []
        self.notes: list[str] = []
        self.kind = ""
        self.section = 0
        self.current: Asked | None = None
        self.sheet = KeySheet()
        self.counter = Counter()
        self.gap = False
        # The code of a point that stands on a line of its own before its questions.
        self.point: Code | None = None
        self.materials = Materials()

    def feed(self, line: Line) -> None:
        """Take the next line."""
        text = trim(line.text)
        if not text:
            self._attach(line)
            self.gap = True
            return
        if self.current is None and self.materials.takes(line):
            self._attach(line)
        elif self.current is not None and self.inlays.stands_alone(text):
            self.current.add_figure(Span(line, 0, len(line.text)), gap=self.gap)
            self._attach(line)
        elif not (self.sheet.open and self._feed_sheet(line)):
            self._feed_line(line, text)
        self.gap = False

    def _feed_line(self, line: Line, text: str) -> None:
        if len(text) > LONGEST_LINE:
            self.close()
            self.drafts.append(Draft(line.row, line.place, faults=[f"这一段超过 {LONGEST_LINE} 字，不像一道试题"]))
        elif kind := heading_kind(text):
            self.open_section(kind)
        elif (code := lone_code(text)) and (self.current is None or self.current.ends_before(line)):
            self.close()
            self.point = code
        elif self._may_open_material() and self.materials.opens(text):
            self.close()
        elif self._opens_sheet(text):
            self.close()
            self.sheet.open = True
            if pairs(text):
                self.sheet.take(line)
        else:
            self._feed_text(line)

    def _may_open_material(self) -> bool:
        current = self.current
        return self.kind != ItemType.PRACTICAL and (current is None or bool(current.options) or current.answered())

    def open_section(self, kind: str) -> None:
        """A heading names the type of what follows, and numbers may begin anew."""
        self.close()
        self.point = None
        self.materials.end()
        self.kind = kind
        self.section += 1
        self.counter.begin_section()

    def _feed_sheet(self, line: Line) -> bool:
        if self.sheet.take(line):
            return True
        self.sheet.open = False
        if self.sheet.heading is not None:
            self.open_section(self.sheet.heading)
        return False

    def _opens_sheet(self, text: str) -> bool:
        """Whether the key part begins: its title stands here, or a dense line of keys while questions lack theirs."""
        titled = is_title(text)
        entries = None if titled else pairs(text)
        dense = entries and entries[0][0] and (len(entries) > 1 or re.search(r"\d\s*[-~～—至]", text))
        if not titled and not dense:
            return False
        current = self.current
        waiting = sum(not draft.answer and not choice_key_in(draft.stem, 0).key for draft in self.drafts)
        waiting += current is not None and bool(current.options) and not current.answered()
        own = current is not None and current.worded() and not current.fields.get("answer")
        return waiting > 1 or not own if titled else waiting > 0

    # Numbers -----------------------------------------------------------------------------------------------------

    def _feed_text(self, line: Line) -> None:
        bracket = _KEY_BEFORE.match(half(line.text))
        begin = bracket.end() if bracket else tag_end(line.text)
        lead = lead_in(line, begin)
        whole = Span(line, 0, len(line.text))
        if lead and self.counter.opens(lead, line, begin, self.current):
            self._open(line, lead.number)
            if begin and self.current is not None:
                self.current.before = trim(line.text[:begin])
            self._take(whole.part(begin + lead.end), fresh=True)
        else:
            self._take(whole, fresh=False)

    def _open(self, line: Line, number: int | None = None) -> Asked:
        self.close()
        self.current = Asked(line, self.kind, self.section, number, code=self.point, material=self.materials.of(number))
        self.counter.opened(number)
        return self.current

    def _attach(self, line: Line) -> None:
        """Pictures, losses and remarks of a line belong to the question that is open."""
        if self.current is not None:
            self.current.add_line(line)
        elif line.pictures or line.faults:
            self.notes.append(f"{line.place}有图片或嵌入对象，不属于任何试题，没有导入")

    # Parts -------------------------------------------------------------------------------------------------------

    def _take(self, span: Span, *, fresh: bool) -> None:
        """Take a stretch of text: what it asks or offers, then the fields behind it."""
        head, fields = cut_fields(span)
        if trim(head.text):
            self._take_head(head, fresh=fresh)
        for name, value in fields:
            self._take_field(name, value)
        self._attach(span.line)

    def _take_head(self, span: Span, *, fresh: bool) -> None:
        offer = self._offer(span.text, fresh=fresh)
        if not offer.labels:
            self._take_prose(span, fresh=fresh)
            return
        before = span.part(0, offer.labels[0].start)
        if trim(before.text) and offer.lost and self.current is not None:
            self.current.options.append(Option(before, [before]))
        elif trim(before.text):
            self._take_prose(before, fresh=fresh)
        self._take_options(span, offer)

    def _offer(self, text: str, *, fresh: bool) -> Offer:
        """The options in a line, seen from the question that is open."""
        current = self.current
        if current is None:
            return offer_in(text, 0, asked=False, fresh=fresh, on_stem=False)
        if current.kind in WORDED:
            return Offer()
        asked = current.kind in CHOSEN or is_asked(current.said(), asks=False) or bool(_WAITS.search(current.said()))
        held = 0 if fresh else len(current.options)
        return offer_in(text, held, asked=asked, fresh=fresh, on_stem=current.open == "stem")

    def _take_options(self, span: Span, offer: Offer) -> None:
        current, run = self.current, offer.labels
        if run[0].letter == "A" and (current is None or current.options or (current.tail and current.number is None)):
            current = self._reopen(span.line)
        elif current is None:
            current = self._open(span.line)
        elif current.tail:
            current.settle_tail()
        for label, (start, end) in zip(run, cut_run(span.text, run), strict=True):
            current.options.append(Option(span.part(label.start, end), [span.part(start, end)]))
        current.remarks += [offer.remark] if offer.remark else []
        current.faults += [offer.fault] if offer.fault else []
        current.together = current.together or len(run) > 1
        current.open = "options"

    def _reopen(self, line: Line) -> Asked:
        """A second set of options: the lines waiting since the first one are the stem of a new question."""
        stem = self.current.split_tail() if self.current is not None and self.current.tail else []
        current = self._open(stem[0].line if stem else line)
        current.stem = stem
        for span in stem:
            current.add_line(span.line)
        return current

    def _take_field(self, name: str, value: Span) -> None:
        current = self.current
        if current is None or (name in _FIELD_OPENS and (name in current.fields or current.fields.get("answer"))):
            if name == "other":
                return
            current = self._open(value.line)
        if name == "stem":
            current.stem.append(value)
            current.fields["stem"] = []
            current.open = "stem"
        elif name == "options":
            current.fields["options"] = []
            if trim(value.text):
                self._take_head(value, fresh=False)
        elif name in {"answer", "reply"}:
            self._take_answer(current, name, value)
        elif name != "other":
            current.fields.setdefault(name, []).append(value)
            current.open = name if name in {"rationale", "rubric"} else "done"

    def _take_answer(self, current: Asked, name: str, value: Span) -> None:
        given = current.fields.setdefault("answer", [])
        if given and name == "reply":
            # 解：… 答：… : the second word stands inside the answer and stays in it.
            value = Span(value.line, 0, value.end)
        elif current.tail:
            current.settle_tail()
        given.append(value)
        current.open = "answer"

    def _take_prose(self, span: Span, *, fresh: bool) -> None:
        """A line without number, options or field: it goes on with something, or opens an unnumbered question."""
        current = self.current
        if fresh and current is not None:
            current.stem.append(span)
        elif (current is None or current.number is None or not self.section) and _FORM.match(half(span.text)):
            self.skipped.append(span.line.place)
        elif current is None or self._opens_unnumbered(current, span):
            if _is_notice(span.text) and current is None:
                self.skipped.append(span.line.place)
            else:
                self._open(span.line).stem.append(span)
        elif len(current.stem) + len(current.tail) >= MOST_LINES:
            current.faults.append(f"一道题占了 {MOST_LINES} 多行，请检查题号和换行")
            self.close()
        elif current.open == "stem" and not current.worded():
            current.stem.append(span)
        elif current.open in {"stem", "options"}:
            current.tail.append((span, self.gap))
        else:
            part = current.open if current.open in {"answer", "rubric"} else "rationale"
            current.fields.setdefault(part, []).append(span)

    def _opens_unnumbered(self, current: Asked, span: Span) -> bool:
        """Whether a plain line is a question of its own."""
        text, free = span.text, not self.counter.style
        whole = bool(choice_key_in(text, 0).key or judge_key_in(text, explicit=True).key)
        if current.open == "stem":
            return free and self._follows_statement(current, whole=whole)
        if current.open == "options":
            return whole and free
        if current.open == "answer":
            if current.worded() or not any(trim(one.text) for one in current.fields.get("answer", [])):
                return free and (self.gap or bool(re.search(r"[?？]\s*$", text))) and current.number is None
            return free or self.gap or is_asked(text)
        if current.open in {"rationale", "rubric"}:
            return free and (self.gap or is_asked(text))
        return True

    def _follows_statement(self, current: Asked, *, whole: bool) -> bool:
        if current.number is not None:
            return False
        if current.judged() or current.kind in {ItemType.JUDGE, ItemType.BLANK}:
            return True
        if whole and choice_key_in(current.said(), 0).key:
            return True
        return self.gap and not (current.kind and current.worded())

    def close(self) -> None:
        """The question that was open is complete."""
        current, self.current = self.current, None
        if current is None:
            return
        left = current.leave_tail()
        draft = current.draft(self.inlays)
        if self._is_question(current, draft):
            self.drafts.append(draft)
        else:
            self.skipped.append(current.line.place)
            if draft.pictures:
                self.notes.append(f"{current.line.place}有图片，不属于任何试题，没有导入")
        for span in left:
            self._leave(span)

    def _leave(self, span: Span) -> None:
        """A line that belongs to no question: a question of its own that lacks everything, or no question."""
        if is_asked(span.text):
            self.drafts.append(Draft(span.line.row, span.line.place, trim(span.text), section=self.section))
        else:
            self.skipped.append(span.line.place)

    def _is_question(self, current: Asked, draft: Draft) -> bool:
        if current.number is not None or draft.options or draft.answer or draft.faults or draft.underlined[1]:
            return True
        if take_tag(current.said())[0] or current.judged() or is_asked(draft.stem):
            return True
        return bool(self.kind) and not self.counter.style and not _INSTRUCTION.match(half(draft.stem))

    def finish(self) -> None:
        """All lines have come: give out the keys of the key part, and set aside the numbered notices of the front."""
        self.close()
        front = [draft for draft in self.drafts if not draft.section]
        if self.section and not any(map(_tells_something, front)):
            self.skipped = [draft.place for draft in front] + self.skipped
            self.drafts = [draft for draft in self.drafts if draft.section]
        if any(group.answers for group in self.sheet.groups):
            self.notes += assign(self.drafts, self.sheet)
        if self.skipped:
            shown = "、".join(self.skipped[:MOST_PLACES])
            more = f"等 {len(self.skipped)} 处" if len(self.skipped) > MOST_PLACES else ""
            self.notes.append(f"{shown}{more}不是试题（标题、说明等），没有导入")


def _is_notice(text: str) -> bool:
    """Whether a line speaks to the candidates, or leaves room for their names, and asks nothing."""
    plain = half(text)
    return bool(_FORM.match(plain) or (_INSTRUCTION.match(plain) and not is_asked(text)))


def _tells_something(draft: Draft) -> bool:
    """Whether a numbered paragraph before the first heading is a question and no notice to the candidates."""
    keyed = keys.letters(draft.answer) or keys.judgement(draft.answer)
    asks = is_asked(draft.stem) or QUESTION.search(half(draft.stem))
    return bool(draft.options or keyed or asks or draft.underlined[1] or draft.kind)


def read_lines(lines: list[Line], inlays: Inlays) -> Questions:
    """All questions of a text, read at once."""
    questions = Questions(inlays)
    for line in lines:
        questions.feed(line)
    questions.finish()
    return questions
