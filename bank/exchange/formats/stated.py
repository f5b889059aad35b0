"""Questions of formats that state type and key outright, brought to the words of Tidun (Article 6(5)).

GIFT, Moodle and QTI leave nothing to guess from the page, so their drafts carry the finished content; what those
systems say in fractions of marks becomes keys, accepted answers and partial credit here, in one place.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bank import notation
from bank.answers import ALTERNATIVES, BLANKS, Credit, blank_keys, half_marks
from bank.content import LETTERS, ItemContent, ItemType
from bank.exchange.formats.material import take_material
from bank.exchange.formats.pageline import Findings
from bank.exchange.glyphs import half, trim
from bank.exchange.questions import keys
from bank.exchange.questions.draft import JUDGE_WORDS, Draft
from bank.pictures import PictureFile, cleaned

_DEFAULT_GROUP = re.compile(
    r"\$\w+\$|top|system|default(?: for .*)?|.*(?:的)?默认(?:分类)?|(?:默认|缺省).*", re.IGNORECASE
)
_SEPARATOR = re.compile(r"[；;\n]")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that a question offers or accepts, and the share of its marks that it earns, in percent."""

    text: str
    percent: float
    feedback: str = ""


@dataclass(slots=True)
class Album:
    """The pictures of one file, cleaned, each once; a damaged one is found damaged once."""

    files: dict[str, PictureFile] = field(default_factory=dict)
    _tokens: dict[int, str] = field(default_factory=dict)

    def token(self, name: str, data: bytes) -> str:
        """The local token of a picture; raises BadInput where it cannot be shown."""
        seen = hash(data)
        if seen not in self._tokens:
            file = cleaned(name, data)
            self._tokens[seen] = file.local_token
            self.files.setdefault(file.local_token, file)
        return self._tokens[seen]


def chosen(
    stem: str, answers: Sequence[Answer], hints: Mapping[str, str], *, several: bool, notes: list[str]
) -> ItemContent:
    """A choice from its options and what each earns; 正确 and 错误 as its only options make a judge item."""
    best = max((answer.percent for answer in answers), default=0.0)
    right = [n for n, answer in enumerate(answers) if answer.percent > 0 and (several or answer.percent == best)]
    options = tuple(trim(answer.text) for answer in answers)
    partly = [LETTERS[n] for n, a in enumerate(answers[: len(LETTERS)]) if 0 < a.percent < best and n not in right]
    if partly:
        notes.append(f"选项 {'、'.join(partly)} 原可得部分分，按错误选项读取")
    key = "".join(LETTERS[n] for n in right if n < len(LETTERS))
    if several:
        return ItemContent(ItemType.MULTIPLE, stem, options, key, credit=_credit(answers, right, notes))
    words = {half(notation.plain(option)).upper() for option in options}
    verdicts = [keys.judgement(word) for word in map(notation.plain, options)]
    judged = len(options) == 2 and words <= JUDGE_WORDS and verdicts[0] != verdicts[1]
    if judged and len(key) == 1 and hints.get("type") != "single":
        return ItemContent(ItemType.JUDGE, stem, (), verdicts[LETTERS.index(key)])
    return ItemContent(ItemType.SINGLE, stem, options, key)


def _credit(answers: Sequence[Answer], right: Sequence[int], notes: list[str]) -> Credit:
    """Share of the right ones; a wrong option earns nothing at Tidun, whatever it cost there."""
    if len(right) < 2:
        return Credit.NONE
    shares = {round(answers[n].percent) for n in right}
    wrong = [answer.percent for n, answer in enumerate(answers) if n not in right]
    if len(shares) > 1 or any(percent > -99 for percent in wrong):
        notes.append("原评分按选项分别加减分，按“少选按选对的比例得分，错选不得分”读取")
    return Credit.SHARE


def accepted(answers: Sequence[Answer], notes: list[str]) -> str:
    """The accepted answers of one blank, parted by |; what earns only a part is told and left out."""
    best = max((answer.percent for answer in answers), default=0.0)
    taken = [answer.text for answer in answers if answer.percent == best > 0 and trim(answer.text) != "*"]
    partly = [trim(answer.text) for answer in answers if 0 < answer.percent < best]
    if partly:
        notes.append(f"答案“{'、'.join(partly)[:60]}”原只得部分分，没有作为正确答案")
    return ALTERNATIVES.join(dict.fromkeys(_one_answer(text, notes) for text in taken))


def _one_answer(text: str, notes: list[str]) -> str:
    """An answer without the signs that part answers."""
    plain = trim(text)
    if _SEPARATOR.search(plain) or ALTERNATIVES in plain:
        notes.append(f"答案“{plain[:30]}”中的分号、竖线改为逗号、斜线，请核对")
        plain = _SEPARATOR.sub("，", plain).replace(ALTERNATIVES, "/")
    return notation.literal(plain)


def numeric(value: str, tolerance: str, unit: str = "") -> str:
    """A numerical answer as people write it: 5±0.1 V."""
    near = trim(tolerance)
    try:
        near = "" if float(near or 0) == 0 else near
    except ValueError:
        near = ""
    return f"{trim(value)}{'±' + near if near else ''}{' ' + trim(unit) if trim(unit) else ''}"


def is_gapped(stem: str) -> bool:
    """Whether a stem shows a place for the answer."""
    return bool(re.search(r"__|[(（][\s\u3000]*[)）]", notation.plain(stem)))


def in_blanks(blanks: Sequence[str]) -> str:
    """The key of several blanks."""
    return BLANKS.join(blanks)


def joined(*texts: str) -> str:
    """Texts below each other, empty and repeated ones left out."""
    return "\n".join(dict.fromkeys(text for text in map(trim, texts) if text))


def remarks(answers: Sequence[Answer], *, lettered: bool = True) -> str:
    """What a question says to each answer, for the rationale; one remark alone stands without its letter."""
    told = {
        LETTERS[n]: trim(answer.feedback) for n, answer in enumerate(answers[: len(LETTERS)]) if trim(answer.feedback)
    }
    if not lettered or len(set(told.values())) == 1:
        return joined(*told.values())
    return "\n".join(f"{letter}：{text}" for letter, text in told.items())


def explained(content: ItemContent, rationale: str) -> ItemContent:
    """The content with this text added to its rationale."""
    return replace(content, rationale=joined(content.rationale, rationale))


def group_of(path: str) -> str:
    """The last name of a category path that says something about its questions."""
    names = [trim(name) for name in re.split(r"(?<!/)/(?!/)", path)]
    leaf = names[-1].replace("//", "/") if names else ""
    return "" if _DEFAULT_GROUP.fullmatch(leaf) else leaf


def finished(draft: Draft, content: ItemContent, hints: Mapping[str, str], findings: Findings) -> Draft:
    """The draft with its content, the attributes that its tags name, and what was found wrong or worth a word."""
    content = _hinted(content, hints, findings.notes)
    inline, stem = take_material(content.stem)
    content = replace(content, material=joined(content.material, inline), stem=trim(stem))
    draft.content = replace(content, rationale=trim(content.rationale), key=trim(content.key))
    draft.point = hints.get("point", "") or draft.point
    draft.difficulty = hints.get("difficulty", "") or draft.difficulty
    draft.consistency = hints.get("consistency", "")
    draft.cognition = hints.get("cognition", "")
    draft.importance = hints.get("importance", "")
    draft.notes += findings.notes
    draft.faults += findings.faults
    return draft


def _hinted(content: ItemContent, hints: Mapping[str, str], notes: list[str]) -> ItemContent:
    """Type, marks, credit, source and a key with formulas, as the tags of our own writers give them."""
    kind = hints.get("type", "")
    if kind in set(ItemType) and kind != content.type:
        content = _retyped(content, ItemType(kind))
    if "marks" in hints:
        try:
            content = replace(content, marks=half_marks(hints["marks"]))
        except ValueError:
            notes.append(f"分值“{hints['marks'][:20]}”不是 0.5 的倍数，没有保留")
    if content.type is ItemType.MULTIPLE and hints.get("credit", "") in set(Credit):
        content = replace(content, credit=Credit(hints["credit"]))
    if "key" in hints and _said(hints["key"]) == _said(content.key):
        content = replace(content, key=hints["key"])
    return replace(content, source=hints.get("source", content.source))


def _said(key: str) -> tuple[tuple[str, ...], ...]:
    return blank_keys(notation.plain(key))


def _retyped(content: ItemContent, kind: ItemType) -> ItemContent:
    """The type that our own writer meant where the format has only a wider one for answers in words."""
    lettered = {ItemType.SINGLE, ItemType.MULTIPLE, ItemType.JUDGE}
    return content if kind in lettered or content.type in lettered else replace(content, type=kind)
