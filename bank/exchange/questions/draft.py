"""A question between the page and the bank: what was seen of it, and the judgement whether it can be asked.

Every dialect fills a `Draft`; `settle` alone turns drafts into items or rejections, so one row of a workbook, one
paragraph of a Word file and one line of JSON are held to the same rules.
"""

import re
from dataclasses import dataclass, field, replace

from bank.answers import ALTERNATIVES, BLANKS, Credit, shown_marks
from bank.content import CHOICE_TYPES, LETTERS, RUBRIC_TYPES, TYPE_NAMES, ItemContent, ItemType
from bank.exchange.glyphs import DAMAGED, clean, half, trim
from bank.exchange.inlays import Inlays
from bank.exchange.questions import keys
from bank.exchange.questions.attributes import (
    read_cognition,
    read_credit,
    read_grade,
    read_importance,
    read_marks,
    read_rubric,
)
from bank.exchange.questions.inline import Found, blanks_in, choice_key_in, judge_key_in
from bank.exchange.questions.kinds import CHOICE, is_coefficient, read_difficulty, read_point, take_tag
from bank.exchange.questions.numbering import lead_of
from bank.exchange.questions.offered import options_behind
from bank.exchange.reading import ReadItem, Rejection
from bank.notation import plain

LONGEST = 20_000
MISSING_KEY = "缺少答案"
_KEY_IN_STEM = "题干里原来写着答案，已去掉"
_UNREADABLE = "读不出来（WMF、EMF 等矢量图、文本框和损坏的图），请另存为 PNG 或 JPG 后插入"
_BLANK = re.compile(r"_{2,}|[(（]\s*[)）]")
_SEE_PICTURE = re.compile(r"如下?图|下图|上图|左图|右图|该图|此图|图示|图中|图所示|见图|附图|示意图|看图|识图")
JUDGE_WORDS = {"正确", "错误", "对", "错", "√", "×", "是", "否", "不正确", "不对", "T", "F", "TRUE", "FALSE"}


@dataclass(slots=True)
class Draft:
    """What was seen of one question, in the words of the file."""

    row: int
    place: str
    stem: str = ""
    options: list[str] = field(default_factory=list)
    answer: str = ""
    kind: str = ""
    rationale: str = ""
    external_id: str = ""
    point: str = ""
    difficulty: str = ""
    number: int | None = None
    section: int = 0
    pictures: int = 0
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    # The letters of options set in red, bold or underlined, and the stem with its underlined answers taken out.
    marked: str = ""
    underlined: tuple[str, str] = ("", "")
    # The finished content where the format itself states type and key.
    content: ItemContent | None = None
    consistency: str = ""
    cognition: str = ""
    importance: str = ""
    # The number of the set that the question belongs to, and what is marked how, for formats that do not state it all.
    set: str = ""
    material: str = ""
    marks: str = ""
    credit: str = ""
    rubric: str = ""
    source: str = ""


def settle(draft: Draft, inlays: Inlays, *, need_key: bool = True) -> ReadItem | Rejection:
    """The item that a draft holds, its texts in the notation, or why it cannot be asked."""
    content = draft.content or _with_marking(_content(draft), draft).mapped(inlays.notation)
    draft.notes = [inlays.plain(note) for note in draft.notes]
    faults = [*draft.faults, *_damage(content, draft)]
    faults += [fault for fault in content.faults() if need_key or fault != MISSING_KEY]
    if draft.pictures:
        _weigh_pictures(draft, content, faults)
    if faults:
        return Rejection(draft.row, draft.place, inlays.plain(_sentence(faults, draft)), content)
    if draft.difficulty and read_difficulty(draft.difficulty) is None:
        draft.notes.append(f"难度“{draft.difficulty[:20]}”无法识别，请写 1～5 或易、中、难")
    return ReadItem(
        draft.row,
        draft.place,
        content,
        inlays.plain(trim(draft.external_id)) or None,
        read_point(inlays.plain(clean(draft.point))),
        read_difficulty(draft.difficulty),
        tuple(draft.notes),
        read_grade(draft.consistency),
        read_cognition(draft.cognition),
        read_importance(draft.importance),
        draft.set or None,
    )


def _with_marking(content: ItemContent, draft: Draft) -> ItemContent:
    """The content with its material, source, marks, partial credit and rubric; what cannot be kept so is told."""
    marks = read_marks(draft.marks)
    if trim(draft.marks) and marks is None:
        draft.notes.append(f"分值“{trim(draft.marks)[:20]}”不是 0.5 的倍数，没有保留")
    content = replace(content, marks=marks, material=trim(clean(draft.material)), source=trim(clean(draft.source)))
    if content.type is ItemType.MULTIPLE and draft.credit:
        content = replace(content, credit=read_credit(draft.credit, marks) or Credit.NONE)
    return _with_rubric(content, trim(clean(draft.rubric)), draft.notes)


def _with_rubric(content: ItemContent, text: str, notes: list[str]) -> ItemContent:
    """Points of a rubric where each tells its marks and they sum up; any other text goes into the rationale."""
    points = read_rubric(text) if content.type in RUBRIC_TYPES else ()
    total = sum(point.marks for point in points)
    if points and content.marks in {None, total}:
        return replace(content, rubric=points, marks=total)
    if points:
        notes.append(f"评分要点合计 {shown_marks(total)} 分，与分值不符，已放入解析，请核对")
    return replace(content, rationale="\n".join(filter(None, (content.rationale, text))))


def coefficients(drafts: list[Draft]) -> bool:
    """Whether difficulties in this file are shares of right answers, which deserves a word to the teacher."""
    return any(is_coefficient(draft.difficulty) for draft in drafts)


def _sentence(faults: list[str], draft: Draft) -> str:
    reason = "；".join(dict.fromkeys(faults))
    if draft.answer and MISSING_KEY in faults:
        written = trim(clean(draft.answer))[:20]
        return reason.replace(
            MISSING_KEY, f"答案“{written}”无法识别，请写选项字母（如 B、ACD），判断题写“正确”或“错误”"
        )
    return reason


def _damage(content: ItemContent, draft: Draft) -> list[str]:
    whole = "".join((content.stem, *content.options, content.key, content.rationale, draft.external_id, draft.point))
    found = []
    if DAMAGED in whole:
        found.append("文字中有无法识别的字符（乱码），请在原文件中改正")
    if len(content.options) > len(LETTERS):
        found.append(f"选项有 {len(content.options)} 个，最多 {len(LETTERS)} 个，请检查分隔符")
    if len(whole) > LONGEST:
        found.append(f"文字超过 {LONGEST} 字，不像一道试题，请检查是否漏了题号或换行")
    return found


def _weigh_pictures(draft: Draft, content: ItemContent, faults: list[str]) -> None:
    """A lost picture is a note where the words suffice, and a reason to refuse where they do not."""
    whole = plain("".join((content.stem, *content.options)))
    if faults or _SEE_PICTURE.search(whole):
        faults.append(f"有 {draft.pictures} 张图片（或图形）{_UNREADABLE}")
    else:
        draft.notes.append(f"原文另有 {draft.pictures} 张图片（或图形）{_UNREADABLE}；请核对题意是否完整")


def _content(draft: Draft) -> ItemContent:
    stem = trim(clean(draft.stem))
    tagged, stem = take_tag(stem)
    draft.kind = tagged or draft.kind
    if tagged and (lead := lead_of(stem)) and lead.sure:
        stem = trim(stem[lead.end :])
    answer = trim(clean(draft.answer))
    if not draft.options and draft.kind in {"", CHOICE, *CHOICE_TYPES} and (keys.letters(answer) or not answer):
        stem, draft.options = options_behind(stem)
    options = tuple(trim(clean(option)) for option in draft.options)
    kind, found = _kind_and_key(draft, stem, options, answer)
    if kind in CHOICE_TYPES and not found.key:
        found = Found(found.stem, draft.marked)
        if draft.marked:
            draft.notes.append(f"答案 {draft.marked} 取自原文的颜色、加粗或下划线，请核对")
    kept = options if kind in CHOICE_TYPES else ()
    return ItemContent(kind, trim(found.stem), kept, found.key, trim(clean(draft.rationale)))


def _kind_and_key(draft: Draft, stem: str, options: tuple[str, ...], answer: str) -> tuple[ItemType, Found]:
    """The type, judged by what is said and what is there, with the stem and key read in its notation."""
    said = draft.kind
    if options and _is_judgement(options) and said in {ItemType.JUDGE, CHOICE, ""}:
        return ItemType.JUDGE, _judged_by_options(stem, options, answer, draft)
    if len(options) > 1 or (options and said in {ItemType.SINGLE, ItemType.MULTIPLE, CHOICE}):
        return _chosen(draft, stem, options, answer)
    if said == ItemType.JUDGE or _looks_judged(said, stem, answer):
        if said not in {ItemType.JUDGE, ""}:
            draft.notes.append("没有选项而答案是对错，按判断题读取，请核对题型")
        judged = _judged(stem, answer, letters=said == ItemType.JUDGE)
        if answer and trim(judged.stem) != stem and not re.search(r"[(（]\s*[)）]", stem):
            draft.notes.append(_KEY_IN_STEM)
        return ItemType.JUDGE, judged
    if said in {ItemType.SINGLE, ItemType.MULTIPLE, CHOICE}:
        return _chosen(draft, stem, options, answer)
    return _worded(draft, stem, answer)


def _is_judgement(options: tuple[str, ...]) -> bool:
    words = [keys.judgement(option) for option in options]
    return len(options) == 2 and len(set(words)) == 2 and {half(o).upper() for o in options} <= JUDGE_WORDS


def _looks_judged(said: str, stem: str, answer: str) -> bool:
    """No options, and the answer (or a mark at the end of the statement) speaks of right and wrong."""
    if said and said not in {ItemType.SINGLE, ItemType.MULTIPLE, CHOICE}:
        return False
    if answer:
        return bool(keys.judgement(answer)) and not keys.letters(answer) and not answer.strip().isdigit()
    return bool(judge_key_in(stem, explicit=True).key)


def _judged_by_options(stem: str, options: tuple[str, ...], answer: str, draft: Draft) -> Found:
    """A judge item written as a choice between 正确 and 错误: the letter means what its option says."""
    found = Found(stem, answer) if answer else judge_key_in(stem)
    letter = keys.letters(answer, options) or draft.marked
    if not answer and not found.key and not letter:
        inline = choice_key_in(stem, len(options))
        found, letter = Found(inline.stem, ""), inline.key
    if len(letter) == 1 and letter in LETTERS[: len(options)]:
        return Found(found.stem, keys.judgement(options[LETTERS.index(letter)]))
    return Found(found.stem, keys.judgement(answer) if answer else found.key)


def _judged(stem: str, answer: str, *, letters: bool) -> Found:
    verdict = keys.judgement(answer, letters=letters)
    found = judge_key_in(stem, explicit=bool(answer))
    if answer and found.key and found.key != verdict:
        return Found(stem, verdict)
    return Found(found.stem, verdict if answer else found.key)


def _chosen(draft: Draft, stem: str, options: tuple[str, ...], answer: str) -> tuple[ItemType, Found]:
    key = keys.letters(answer, options)
    inline = choice_key_in(stem, len(options))
    if not answer:
        key, stem = inline.key, inline.stem
    elif key and inline.key == key and not inline.others:
        stem = inline.stem
        draft.notes.append(_KEY_IN_STEM)
    several = len(key) > 1 or (not key and len(draft.marked) > 1)
    kind = ItemType.MULTIPLE if several else ItemType.SINGLE
    if draft.kind in {ItemType.SINGLE, ItemType.MULTIPLE}:
        kind = ItemType(draft.kind)
    elif draft.kind and draft.kind != CHOICE:
        draft.notes.append(f"题型写的是{TYPE_NAMES[ItemType(draft.kind)]}，但有选项，按{TYPE_NAMES[kind]}读取")
    return kind, Found(stem, key)


def _worded(draft: Draft, stem: str, answer: str) -> tuple[ItemType, Found]:
    """A question answered in words; a blank's answer may stand underlined or bracketed in the sentence itself."""
    kind = draft.kind
    bare, underlined = draft.underlined
    if not kind and (keys.letters(answer) or (not answer and choice_key_in(stem, 0).key)):
        # A letter answers nothing without options: they were lost on the way.
        return ItemType.SINGLE, Found(stem, keys.letters(answer) or choice_key_in(stem, 0).key)
    if kind in {"", ItemType.BLANK} and not answer and underlined:
        return ItemType.BLANK, Found(trim(clean(bare)), trim(clean(underlined)))
    if kind == ItemType.BLANK and not answer:
        return ItemType.BLANK, blanks_in(stem)
    if not kind:
        kind = ItemType.BLANK if _BLANK.search(stem) else ItemType.SHORT
    return ItemType(kind), Found(stem, _parted(stem, answer) if kind == ItemType.BLANK else answer)


def _parted(stem: str, answer: str) -> str:
    """The answers of several blanks, which some systems part by | as ours parts the answers of one blank."""
    parts = answer.split(ALTERNATIVES)
    several = len(parts) > 1 and len(_BLANK.findall(stem)) == len(parts)
    return BLANKS.join(parts) if several and not re.search(r"[；;\n]", answer) else answer
