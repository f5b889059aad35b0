"""One question while its lines come in, and the draft it becomes when the next one begins."""

import re
from dataclasses import dataclass, field

from bank.content import LETTERS, ItemType
from bank.exchange.glyphs import half, trim
from bank.exchange.inlays import Inlays
from bank.exchange.questions import keys
from bank.exchange.questions.codes import Code, code_of
from bank.exchange.questions.draft import Draft
from bank.exchange.questions.inline import choice_key_in, is_asked, judge_key_in
from bank.exchange.questions.kinds import CHOICE, kind_of, take_tag
from bank.exchange.questions.lines import Line, Span, cut_fields, emphasised, join, underlined_blanks, with_underlines
from bank.exchange.questions.materials import Material
from bank.exchange.questions.options import drop_common_tail

WORDED = frozenset({ItemType.BLANK, ItemType.SHORT, ItemType.ESSAY, ItemType.CALCULATION, ItemType.PRACTICAL})
CHOSEN = frozenset({ItemType.SINGLE, ItemType.MULTIPLE, CHOICE})
_ATTRIBUTES = ("consistency", "cognition", "importance", "marks", "credit", "rubric", "source", "set")
_TICKED = re.compile(r"\s*(?:[√✓✔★☆]|[(（\[【]\s*(?:[√✓✔]|正确答案|正确|对)\s*[)）\]】])\s*$")


@dataclass(slots=True)
class Option:
    """An option as it stands in the lines: with its label, and the stretches of its text."""

    whole: Span
    parts: list[Span]

    def looks(self) -> tuple[Span, ...]:
        """What may be set off by its type: the text, or the letter alone."""
        text = self.parts[0]
        label = half(text.line.text[self.whole.start : text.start])
        letter = re.search(r"[A-Za-z]", label)
        at = self.whole.start + (letter.start() if letter else 0)
        return (self.whole, text, Span(text.line, at, at + 1 if letter else at))


@dataclass(slots=True)
class Asked:
    """A question in the making; `open` names the part that the next plain line continues."""

    line: Line
    kind: str
    section: int
    number: int | None = None
    before: str = ""
    open: str = "stem"
    stem: list[Span] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    # Lines after the options or the stem whose place only later lines tell, each with whether a gap stood before it.
    tail: list[tuple[Span, bool]] = field(default_factory=list)
    fields: dict[str, list[Span]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    together: bool = False
    code: Code | None = None
    material: Material | None = None

    def said(self) -> str:
        """The stem so far."""
        return self.before + join(self.stem)

    def worded(self) -> bool:
        """Whether lines after the stem are its answer: the type says so, or nothing speaks of a choice."""
        if self.kind or self.options:
            return self.kind in WORDED
        return not is_asked(self.said(), asks=False) and not self.judged()

    def judged(self) -> bool:
        """Whether the stem bears a mark of right or wrong."""
        return bool(judge_key_in(self.said(), explicit=True).key)

    def answered(self) -> bool:
        """Whether a key was given on a line of its own or stands in the stem."""
        return bool(self.fields.get("answer") or self.judged() or choice_key_in(self.said(), 0).key)

    def ends_before(self, line: Line) -> bool:
        """Whether a line that holds a code alone tells the point of what follows; 鉴定点：… below may tell its own."""
        labelled = bool(cut_fields(Span(line, 0, len(line.text)))[1])
        own = labelled and self.code is None and "point" not in self.fields
        return self.answered() and not own

    def add_line(self, line: Line) -> None:
        """A line whose pictures, losses and remarks belong to this question."""
        if not self.lines or self.lines[-1] is not line:
            self.lines.append(line)

    def add_figure(self, span: Span, *, gap: bool) -> None:
        """A picture or table on a line of its own: part of the stem, wherever among the options it stands.

        It is an option where the letter before it stands alone, and goes with lines whose place is not yet known.
        """
        if self.open == "options" and not any(trim(part.text) for part in self.options[-1].parts):
            self.options[-1].parts.append(span)
        elif self.tail:
            self.tail.append((span, gap))
        elif self.open in {"answer", "rationale", "rubric"}:
            self.fields.setdefault(self.open, []).append(span)
        else:
            self.stem.append(span)

    def settle_tail(self) -> None:
        """Waiting lines turn out to go on with what stood before them: the last option, or the stem."""
        spans = [span for span, _ in self.tail]
        if self.options:
            self.options[-1].parts += spans
        else:
            self.stem += spans
        self.tail = []

    def split_tail(self) -> list[Span]:
        """The waiting lines that begin the next question, taken away: those after the last gap, or all of them."""
        gaps = [i for i, (_, gap) in enumerate(self.tail) if gap]
        whole = self.options and self.number is None
        first = gaps[-1] if gaps else 0 if whole else len(self.tail) - 1
        taken = [span for span, _ in self.tail[first:]]
        del self.tail[first:]
        return taken

    def leave_tail(self) -> list[Span]:
        """Settle lines that no later line claimed: an answer in words, or the end of an option; returns the others."""
        filled = self.kind in {"", ItemType.BLANK} and bool(underlined_blanks(self.stem)[1])
        unanswered = not self.options and not self.fields.get("answer") and (self.number is not None or self.kind)
        if self.tail and unanswered and not filled:
            self.fields["answer"] = [span for span, _ in self.tail]
            self.tail = []
        elif self.tail and self.number is not None and not self.tail[0][1]:
            self.settle_tail()
        left = [span for span, _ in self.tail]
        self.tail = []
        return left

    def draft(self, inlays: Inlays) -> Draft:
        """The question as a draft, once nothing more can belong to it."""
        keyed = self.options or self.fields.get("answer")
        tagged, stem = take_tag(self.before + with_underlines(self.stem, inlays) if keyed else self.said())
        simple = self.together and all(len(option.parts) == 1 for option in self.options)
        if simple:
            texts = drop_common_tail([option.parts[0].text for option in self.options])
        else:
            texts = [join(option.parts) for option in self.options]
        draft = Draft(
            row=self.line.row,
            place=self.line.place if self.number is None else f"{self.line.place}（第 {self.number} 题）",
            stem=stem,
            options=texts,
            answer=self._words("answer"),
            kind=kind_of(self._words("type")) or tagged or self.kind,
            rationale=self._words("rationale"),
            external_id=self._words("id") or self._words("given"),
            point=self._words("point"),
            difficulty=self._words("difficulty"),
            number=self.number,
            section=self.section,
            pictures=sum(line.pictures for line in self.lines),
            faults=[*self.faults, *(fault for line in self.lines for fault in line.faults)],
            notes=[*self.remarks, *dict.fromkeys(remark for line in self.lines for remark in line.remarks)],
        )
        for name in _ATTRIBUTES:
            setattr(draft, name, self._words(name))
        self._take_code(draft)
        if self.material is not None:
            draft.material, draft.set = self.material.text, draft.set or self.material.mark
        if self.options and keys.letters(self.before):
            # （ B ）1．… : the key stands before the number, and the bracket is no part of the stem.
            draft.stem = take_tag(join(self.stem))[1]
            draft.answer = draft.answer or self.before
        self._find_marks(draft)
        return draft

    def _take_code(self, draft: Draft) -> None:
        """The code before the stem, or the one that stood on a line before the question."""
        code = code_of(draft.stem)
        if code is not None and trim(draft.stem[code.end :]):
            draft.stem = draft.stem[code.end :]
        else:
            code = self.code
        if code is not None:
            draft.point = draft.point or code.point
            draft.external_id = draft.external_id or code.item
            draft.kind = draft.kind or code.kind

    def _words(self, name: str) -> str:
        return join(self.fields.get(name, []))

    def _find_marks(self, draft: Draft) -> None:
        """Keys that only the type shows: ticked, red or bold options, underlined words of a blank."""
        if draft.answer and not draft.options and not keys.judgement(draft.answer) and self.judged():
            # 正确答案：… after a statement marked wrong is the corrected statement, not the key.
            draft.rationale = "\n".join(filter(None, (draft.answer, draft.rationale)))
            draft.answer = ""
        if draft.answer:
            return
        if draft.options:
            draft.marked = self._ticked(draft) or emphasised([option.looks() for option in self.options])
        else:
            draft.underlined = underlined_blanks(self.stem)

    def _ticked(self, draft: Draft) -> str:
        ticked = [bool(_TICKED.search(text)) for text in draft.options]
        if not any(ticked) or all(ticked) or len(ticked) > len(LETTERS):
            return ""
        draft.options = [trim(_TICKED.sub("", text)) for text in draft.options]
        return "".join(LETTERS[i] for i, tick in enumerate(ticked) if tick)

    def add_answer(self, line: Line) -> None:
        """One more line of the answer."""
        self.fields.setdefault("answer", []).append(Span(line, 0, len(line.text)))
        self.open = "answer"
