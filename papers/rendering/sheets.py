"""What stands on a printed paper, before it becomes PDF or Word: one form as it is to be printed. Pure.

Both writers take their words and their measures from here (titles, notes, answer places, option columns), so the
PDF and the editable Word file of one form say the same. Marks are integers in half-mark units.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from bank.answers import BLANKS, blank_keys
from bank.content import CHOICE_TYPES, LETTERS, RIGHT, TYPE_NAMES, WRONG, ItemContent, ItemType
from bank.ground.errors import BadInput
from bank.occupations import LEVEL_NAMES
from papers.rendering import tasks, wording
from papers.rendering.wording import ANSWER_BRACKET, LEADING_BRACKET, Blocks, printable

PAPER = "理论知识试卷"
ANSWER_SHEET = "理论知识考试答题卡"
KEY = "理论知识试卷标准答案"
PREPARATION = "操作技能考核准备通知单"
SECRECY = {
    PAPER: "内部资料　启用前保密",
    ANSWER_SHEET: "内部资料　启用前保密",
    KEY: "内部资料　仅供评卷使用",
    PREPARATION: "内部资料　仅供考前准备",
}
SEAL_WARNING = "考生答题不准超过此线"
# The fields of the sealed strip with the millimetres of their lines, in the order in which the turned strip is read.
SEAL_FIELDS = (("姓名", 36), ("准考证号", 62), ("单位", 74))

TASKS = {
    ItemType.SINGLE: "选择一个正确的答案，将相应的字母填入题内的括号中。",
    ItemType.MULTIPLE: "选择两个或两个以上正确的答案，将相应的字母填入题内的括号中；错选、多选、漏选均不得分。",
    ItemType.JUDGE: "将判断结果填入括号中，正确的填“√”，错误的填“×”。",
    ItemType.BLANK: "将正确的答案填在横线上。",
    ItemType.SHORT: "",
    ItemType.ESSAY: "",
    ItemType.CALCULATION: "要求写出计算公式和主要步骤，结果注明单位。",
    ItemType.PRACTICAL: "",
}
# Lines left free under an item that is answered in words; the answer sheet rules the same number.
ANSWER_LINES = {ItemType.SHORT: 8, ItemType.CALCULATION: 11, ItemType.PRACTICAL: 11, ItemType.ESSAY: 18}

LINE_EMS = 43.0
INDENT_EMS = 2.0
# An item of up to this many lines is never split between two pages; a page holds about 45.
UNSPLIT_LINES = 24
# Between Chinese and Latin text both writers leave a quarter of an em.
SCRIPT_GAP = 0.25
SCRIPT_CHANGE = re.compile(r"(?<=[^\x00-\x7f])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[^\x00-\x7f])")
WIDE_LATIN = frozenset("mwMW@%&")
NO_PICTURES: Mapping[str, bytes] = {}


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """One numbered question; its options stand in the order in which they are printed, and its key follows them."""

    number: int
    content: ItemContent
    marks: int


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """The items of one type, under one heading."""

    type: ItemType
    items: tuple[PrintedItem, ...]

    @property
    def marks(self) -> int:
        """Full marks of the section, in half-mark units."""
        return sum(item.marks for item in self.items)

    @property
    def marks_each(self) -> int | None:
        """The marks that every item carries, or None when they differ."""
        each = {item.marks for item in self.items}
        return each.pop() if len(each) == 1 else None


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """One form of a paper, or one individual copy of it, ready for the printer."""

    title: str
    institution: str
    occupation: str
    level: int
    form: str
    paper_number: str
    minutes: int
    standard_note: str
    sections: tuple[PrintedSection, ...]
    used_on: date | None = None
    copy: str | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def marks(self) -> int:
        """Full marks of the paper, in half-mark units."""
        return sum(section.marks for section in self.sections)


@dataclass(frozen=True, slots=True)
class Head:
    """The words above the first item of a sheet, and in its running lines."""

    name: str
    secrecy: str
    number: str
    copy: str
    institution: str
    title: str
    subject: str
    form: str
    facts: tuple[str, ...]


def half(marks: int) -> str:
    """Half-mark units as they are printed: 1 becomes 0.5, 2 becomes 1."""
    return f"{marks // 2}.5" if marks % 2 else str(marks // 2)


def numeral(number: int) -> str:
    """一 to 九十九, for headings."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else "一二三四五六七八九"[tens - 1] + "十"
    return head + ("" if ones == 0 else "一二三四五六七八九"[ones - 1])


def subject(form: PrintedForm) -> str:
    """Occupation and level as the head of the paper names them: 电工（四级/中级工）."""
    if form.level not in LEVEL_NAMES:
        raise BadInput(f"等级 {form.level} 无法印在试卷上，请改为 5（初级工）至 1（高级技师）")
    return f"{form.occupation}（{LEVEL_NAMES[form.level]}）"


def form_name(form: PrintedForm) -> str:
    """A卷, B卷, 备用卷."""
    name = printable(form.form)
    return name if name.endswith("卷") else f"{name}卷"


def used_on_text(form: PrintedForm) -> str:
    """The day of the examination, or room to write it."""
    day = form.used_on
    return f"{day.year}年{day.month}月{day.day}日" if day else "＿＿＿＿年＿＿月＿＿日"


def head(form: PrintedForm, kind: str) -> Head:
    """The head of a sheet: paper, answer sheet or key."""
    copy = f"　副本：{form.copy}" if form.copy else ""
    return Head(
        name=printable(f"{subject(form)}{kind}（{form_name(form)}）"),
        secrecy=SECRECY[kind],
        number=printable(f"试卷编号：{form.paper_number}{copy}"),
        copy=printable(form.copy or ""),
        institution=printable(form.institution),
        title=printable(form.title),
        subject=printable(f"{subject(form)}{kind}"),
        form=f"（{form_name(form)}）",
        facts=(f"考试日期：{used_on_text(form)}", f"考试时间：{form.minutes}分钟", f"满分：{half(form.marks)}分"),
    )


def span(section: PrintedSection) -> str:
    """第1题～第80题, or 第81题 when there is only one."""
    first, last = section.items[0].number, section.items[-1].number
    return f"第{first}题" if first == last else f"第{first}题～第{last}题"


def section_title(index: int, section: PrintedSection) -> str:
    """The heading of the section that stands at this place, counted from 1."""
    each = section.marks_each
    worth = f"每题{half(each)}分，" if each is not None else "各题分值见题首，"
    note = f"{span(section)}。{TASKS[section.type]}{worth}满分{half(section.marks)}分。"
    return f"{numeral(index)}、{TYPE_NAMES[section.type]}（{note}）"


def section_head(index: int, section: PrintedSection) -> str:
    """The shorter heading of the answer sheet and the key."""
    each = section.marks_each
    worth = f"每题{half(each)}分，" if each is not None else ""
    return f"{numeral(index)}、{TYPE_NAMES[section.type]}（{span(section)}，{worth}满分{half(section.marks)}分）"


def notes(form: PrintedForm) -> list[str]:
    """注意事项: what the candidate must know before writing."""
    count = sum(len(section.items) for section in form.sections)
    extent = f"本试卷共{len(form.sections)}个大题、{count}道小题；"
    lines = [
        form.standard_note,
        f"{extent}开考后请先核对页码，如有缺页、错印，请立即举手报告。",
        "答题前，请在密封线内填写姓名、准考证号和单位全称，卷面其他地方不得留有任何记号。",
        "请先看清各大题的要求，再在规定的位置作答；发有答题卡的，答案以答题卡上的为准。",
        "请用蓝色或黑色字迹的笔书写；考试结束后，试卷、答题卡和草稿纸一律交回，不得带出考场。",
    ]
    return [printable(line) for line in lines if line.strip()]


def item_blocks(item: PrintedItem, section: PrintedSection) -> Blocks:
    """Number, marks where they differ within the section, and stem."""
    stem = wording.stem(item.content)
    ahead = LEADING_BRACKET if section.type is ItemType.JUDGE and ANSWER_BRACKET not in wording.said(stem) else ""
    worth = "" if section.marks_each is not None else f"（{half(item.marks)}分）"
    return wording.led(stem, f"{ahead}{item.number}．{worth}")


def option_columns(content: ItemContent, pictures: Mapping[str, bytes] = NO_PICTURES) -> int:
    """How many options of an item stand side by side."""
    return columns([wording.measured(option, pictures) for option in wording.options(content)])


def materials(section: PrintedSection) -> dict[int, tuple[str, Blocks]]:
    """The material of each set of items, with its heading, under the number of the item that it stands before."""
    found = {}
    for material, group in groupby(section.items, key=lambda item: item.content.material):
        items = list(group)
        if material.strip():
            found[items[0].number] = (
                f"根据下列材料，回答{span(replace(section, items=tuple(items)))}。",
                wording.blocks(material),
            )
    return found


def label(item: PrintedItem) -> str:
    """Number and marks, where the stem is not repeated."""
    return f"{item.number}．（{half(item.marks)}分）"


def width(text: str) -> float:
    """An upper estimate of the printed width in ems, good for the fonts of both writers."""
    return sum(_char_width(char) for char in text) + SCRIPT_GAP * len(SCRIPT_CHANGE.findall(text))


def _char_width(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if not char.isascii():
        return 1.0
    return 0.95 if char in WIDE_LATIN else 0.72 if char.isupper() else 0.57


def columns(options: list[str]) -> int:
    """How many options stand side by side: all of them, two, or one, as their width allows."""
    if any("\n" in option for option in options):
        return 1
    widest = max(map(width, options), default=0.0) + 1.0
    for count in (max(4, len(options)), 2):
        if widest <= (LINE_EMS - INDENT_EMS) / count and count <= 5:
            return count
    return 1


def lines(text: str, ems: float = LINE_EMS) -> int:
    """An upper estimate of the lines that a text takes."""
    return sum(1 + int(width(line) / (ems - 1)) for line in text.split("\n"))


def item_lines(item: PrintedItem, section: PrintedSection, pictures: Mapping[str, bytes] = NO_PICTURES) -> int:
    """An upper estimate of the lines that the whole item takes, its room for the answer included."""
    options = [wording.measured(option, pictures) for option in wording.options(item.content)]
    count = columns(options)
    per_option = max((lines(option, LINE_EMS / count - INDENT_EMS) for option in options), default=0)
    read = item_blocks(item, section)
    tallest = max((wording.extra_lines(option, pictures) for option in wording.options(item.content)), default=0)
    rows = -(-len(options) // count) * (per_option + tallest)
    return lines(wording.said(read)) + wording.extra_lines(read, pictures) + rows + ANSWER_LINES.get(section.type, 0)


def stays_whole(item: PrintedItem, section: PrintedSection, pictures: Mapping[str, bytes] = NO_PICTURES) -> bool:
    """Whether the item is short enough to be kept on one page."""
    return item_lines(item, section, pictures) <= UNSPLIT_LINES


def key_blocks(content: ItemContent) -> Blocks:
    """The key as the marker reads it: letters, √ or ×, or the words."""
    if content.type is ItemType.JUDGE:
        return wording.blocks({RIGHT: "√", WRONG: "×"}.get(content.key, ""))
    if content.type is ItemType.PRACTICAL and not content.key.strip():
        own = content.task is not None and content.task.steps
        return wording.blocks("（按评分记录表给分）" if own else "（另见评分记录表）")
    if not content.key.strip() and content.rubric:
        return wording.blocks("（按评分要点给分）")
    if content.type is ItemType.BLANK:
        return wording.blocks(BLANKS.join(map(_accepted, blank_keys(content.key))))
    return wording.blocks(content.key)


def _accepted(answers: tuple[str, ...]) -> str:
    return f"{answers[0]}（或 {'、'.join(answers[1:])}）" if answers[1:] else "".join(answers)


def key_text(content: ItemContent) -> str:
    """The plain reading of the key."""
    return wording.said(key_blocks(content))


def guidance(item: PrintedItem) -> list[Blocks]:
    """What the marker goes by: the points with their marks, how these become the marks of this paper, the rationale."""
    content = item.content
    points = [wording.led(wording.blocks(point.text), f"（{half(point.marks)}分）") for point in content.rubric]
    rationale = [wording.led(wording.blocks(content.rationale), "评分参考：")] if content.rationale.strip() else []
    scored = tasks.scoring(content)
    return points + _conversion(item) + rationale + ([scored] if scored else [])


def _conversion(item: PrintedItem) -> list[Blocks]:
    """How points that were written for other marks than the paper gives are counted; nothing where they agree."""
    task = item.content.task
    told = sum(point.marks for point in item.content.rubric) or sum(step.marks for step in (task.steps if task else ()))
    if told in (0, item.marks):
        return []
    return [wording.blocks(f"（各评分项合计 {half(told)} 分，按比例折算为本题 {half(item.marks)} 分）")]


def prepared(form: PrintedForm) -> list[tuple[PrintedItem, Blocks]]:
    """The practical items that need preparing, each with its 准备通知单; raises BadInput where none does."""
    found = [(item, tasks.preparations(item.content)) for section in form.sections for item in section.items]
    if not any(blocks for _, blocks in found):
        raise BadInput("这套试卷没有填写准备通知单的操作题，不用印制准备通知单")
    return [(item, blocks) for item, blocks in found if blocks]


def bubbles(section: PrintedSection) -> str:
    """The signs that the answer sheet offers for each item of a section; empty when it is answered in words."""
    if section.type is ItemType.JUDGE:
        return "√×"
    if section.type not in CHOICE_TYPES:
        return ""
    return LETTERS[: max([4, *(len(item.content.options) for item in section.items)])]


def groups_across(form: PrintedForm) -> int:
    """How many groups of five stand side by side on the answer sheet: the same for all sections."""
    most = max([2, *(len(bubbles(section)) for section in form.sections)])
    return min(5, max(1, int(170 / (9 + 6.5 * most))))
