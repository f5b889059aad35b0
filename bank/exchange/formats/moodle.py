"""Moodle XML, the question bank's own export (Moodle 2 to 5): what Tidun has a type for is read, the rest is told.

Categories become hints at points, `idnumber` the external id, general feedback the rationale, embedded files the
pictures; tags of the form `point:…` carry what Moodle has no field for.
"""

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote

from lxml import etree

from bank.answers import half_marks
from bank.content import RIGHT, WRONG, ItemContent, ItemType
from bank.exchange.documents import Found
from bank.exchange.formats import cloze, stated
from bank.exchange.formats.marking import read_marking
from bank.exchange.formats.markup import read_source
from bank.exchange.formats.pageline import GAP, Findings
from bank.exchange.formats.stated import Album, Answer
from bank.exchange.formats.tags import read_gaps, read_tags
from bank.exchange.formats.xmltree import characters
from bank.exchange.glyphs import trim
from bank.exchange.questions.draft import Draft
from bank.exchange.reading import Rejection
from bank.exchange.xmlguard import parse_xml
from bank.ground.errors import BadInput

_FOREIGN = {
    "matching": "匹配题",
    "randomsamatch": "随机匹配题",
    "ddwtos": "拖放填词题",
    "ddimageortext": "图片拖放题",
    "ddmarker": "标记拖放题",
    "gapselect": "选词填空题",
    "ordering": "排序题",
    "calculated": "带变量的计算题",
    "calculatedmulti": "带变量的选择题",
    "calculatedsimple": "带变量的计算题",
    "coderunner": "编程题",
    "stack": "STACK 数学题",
    "random": "随机抽题",
}
_PLUGIN_FILE = "@@PLUGINFILE@@"


@dataclass(slots=True)
class _Asked:
    """One question element with what was read of it so far."""

    node: etree._Element
    row: int
    album: Album
    files: dict[str, bytes] = field(default_factory=dict)
    findings: Findings = field(default_factory=lambda: Findings(str))
    hints: dict[str, str] = field(default_factory=dict)
    stem: str = ""
    general: str = ""

    def text(self, node: etree._Element | None) -> str:
        """The notation of an element that holds `<text>` in its own format."""
        if node is None:
            return ""
        form = str(node.get("format") or self.node_format())
        return trim(read_source(_text(node), form, self.findings))

    def node_format(self) -> str:
        """The format of the stem, which the rest follows where it names none."""
        stem = self.node.find("questiontext")
        return str(stem.get("format") or "html") if stem is not None else "html"

    def said(self, name: str) -> str:
        """The bare value of a child element."""
        return trim(self.node.findtext(name) or "")


def read_moodle(name: str, data: bytes) -> Found:
    """The questions of a Moodle XML file, in order."""
    root = parse_xml(name, data)
    found, album = Found(), Album()
    category = ""
    row = 0
    for node in root.iter("question"):
        kind = str(node.get("type", ""))
        if kind == "category":
            category = _text(node.find("category"))
            continue
        row += 1
        one = _question(node, kind, row, album)
        if isinstance(one, Draft):
            one.point = one.point or stated.group_of(category)
            found.drafts.append(one)
        elif isinstance(one, Rejection):
            found.rejected.append(one)
        else:
            found.notes.append(one)
    found.inlays.pictures.update(album.files)
    return found


def _question(node: etree._Element, kind: str, row: int, album: Album) -> Draft | Rejection | str:
    place = f"第 {row} 题"
    if kind == "description":
        return f"{place}是说明文字（description），没有作为试题读取"
    asked = _Asked(node, row, album)
    asked.files = dict(_files(node))
    asked.findings = Findings(lambda source: _picture(asked, source))
    asked.hints = read_tags(_text(tag) for tag in node.iterfind("tags/tag"))
    read = _READERS.get(kind)
    if kind not in {"cloze", "multianswer"}:
        asked.stem = asked.text(node.find("questiontext"))
    asked.general = asked.text(node.find("generalfeedback"))
    if read is None:
        named = f"{_FOREIGN[kind]}（{kind}）" if kind in _FOREIGN else f"{kind or '未写明'} 类型的题"
        return Rejection(row, place, f"是{named}，题盾没有这种题型，请改成选择题、填空题或简答题", _seen(asked))
    content = read(asked)
    if isinstance(content, str):
        return Rejection(row, place, content, _seen(asked))
    return _drafted(asked, content, place)


def _drafted(asked: _Asked, content: ItemContent, place: str) -> Draft:
    content = replace(content, rationale=stated.joined(asked.general, content.rationale), marks=_marks(asked))
    draft = Draft(asked.row, place, external_id=asked.said("idnumber"))
    if asked.said("hidden") == "1":
        draft.notes.append("在 Moodle 中是隐藏的题，请核对是否还要使用")
    return stated.finished(draft, content, asked.hints, asked.findings)


def _seen(asked: _Asked) -> ItemContent | None:
    return ItemContent(ItemType.SHORT, asked.stem, rationale=asked.general) if asked.stem else None


def _text(node: etree._Element | None) -> str:
    """The characters of an element's `<text>`, or of the element itself."""
    if node is None:
        return ""
    inner = node.find("text")
    return characters(node if inner is None else inner)


def _files(node: etree._Element) -> Iterator[tuple[str, bytes]]:
    """The embedded files of a question by the path that its texts use."""
    for one in node.iter("file"):
        if str(one.get("encoding", "base64")) == "base64":
            try:
                data = base64.b64decode("".join((one.text or "").split()), validate=True)
            except (binascii.Error, ValueError):
                data = b""
            yield str(one.get("path") or "/").strip("/") + "/" + str(one.get("name", "")), data


def _picture(asked: _Asked, source: str) -> str:
    """The token of a picture that lies in the file, under its path or in the address itself."""
    if found := re.match(r"data:image/[\w.+-]+;base64,", source):
        try:
            return asked.album.token("（嵌入网页的图片）", base64.b64decode(source[found.end() :]))
        except binascii.Error as error:
            raise BadInput("嵌入网页的图片已损坏，请重新插入") from error
    path = unquote(source.partition("?")[0])
    shown = path.rpartition("/")[2][:60]
    if not path.startswith(_PLUGIN_FILE):
        raise BadInput(f"图片 {shown} 在别的网站上，没有随文件带来，请在 Moodle 中重新上传后导出")
    data = asked.files.get(path.removeprefix(_PLUGIN_FILE).strip("/") if path.count("/") > 1 else f"/{shown}")
    if data is None:
        data = next((one for name, one in asked.files.items() if name.rpartition("/")[2] == shown), None)
    if not data:
        raise BadInput(f"图片 {shown} 没有随文件带来或已损坏，请在 Moodle 中重新导出")
    return asked.album.token(shown, data)


def _marks(asked: _Asked) -> int | None:
    """The marks of a question; Moodle's own default of 1 says nothing."""
    try:
        value = float(asked.said("defaultgrade") or 1)
        return half_marks(value) if value != 1 else None
    except (ValueError, OverflowError):
        asked.findings.notes.append(f"分值 {asked.said('defaultgrade')[:20]} 不是 0.5 的倍数，没有保留")
        return None


def _answers(asked: _Asked, *, marked_up: bool) -> list[Answer]:
    """The answers of a question; those of choices are marked up, those of short answers are bare characters."""
    found = []
    for node in asked.node.iterfind("answer"):
        text = asked.text(node) if marked_up else trim(_text(node))
        try:
            percent = float(node.get("fraction") or 0)
        except ValueError:
            percent = 0.0
        found.append(Answer(text, percent, asked.text(node.find("feedback"))))
    return found


def _choice(asked: _Asked) -> ItemContent:
    answers = _answers(asked, marked_up=True)
    several = asked.said("single").lower() in {"false", "0"}
    content = stated.chosen(asked.stem, answers, asked.hints, several=several, notes=asked.findings.notes)
    return stated.explained(content, stated.remarks(answers))


def _all_or_nothing(asked: _Asked) -> ItemContent:
    """The plugin whose multiple choice earns nothing unless all is right."""
    content = _choice(asked)
    return ItemContent(ItemType.MULTIPLE, content.stem, content.options, content.key, content.rationale)


def _judge(asked: _Asked) -> ItemContent:
    answers = _answers(asked, marked_up=False)
    right = next((answer for answer in answers if answer.percent > 0), None)
    key = {"true": RIGHT, "false": WRONG}.get(right.text.lower(), "") if right else ""
    return ItemContent(ItemType.JUDGE, asked.stem, (), key, stated.remarks(answers, lettered=False))


def _short_answer(asked: _Asked) -> ItemContent:
    answers = _answers(asked, marked_up=False)
    key = stated.accepted(answers, asked.findings.notes)
    return ItemContent(ItemType.BLANK, asked.stem, (), key, stated.remarks(answers, lettered=False))


def _numerical(asked: _Asked) -> ItemContent:
    units = [trim(unit.findtext("unit_name") or "") for unit in asked.node.iterfind("units/unit")]
    answers = [
        replace(answer, text=stated.numeric(answer.text, node.findtext("tolerance") or "", units[0] if units else ""))
        for answer, node in zip(_answers(asked, marked_up=False), asked.node.iterfind("answer"), strict=True)
    ]
    kind = ItemType.BLANK if stated.is_gapped(asked.stem) else ItemType.CALCULATION
    key = stated.accepted(answers, asked.findings.notes)
    return ItemContent(kind, asked.stem, (), key, stated.remarks(answers, lettered=False))


def _essay(asked: _Asked) -> ItemContent:
    """A question answered in words; the key is what the grader is told, else the feedback that all receive."""
    content = read_marking(ItemContent(ItemType.SHORT, asked.stem), asked.text(asked.node.find("graderinfo")))
    if not content.key and not content.rubric and not content.task and asked.general:
        asked.findings.notes.append("参考答案取自通用反馈，请核对")
        content, asked.general = replace(content, key=asked.general), ""
    return content


def _embedded(asked: _Asked) -> ItemContent | str:
    """A text with fields in it: blanks, or one choice."""
    node = asked.node.find("questiontext")
    source = _text(node)
    found = cloze.fields(source)
    form = str(node.get("format") or "html") if node is not None else "html"
    shown = read_gaps(asked.hints.get("gaps", ""))
    asked.stem = trim(read_source(_with_gaps(source, found, shown), form, asked.findings))
    kinds = {one.kind for one in found}
    if not found:
        return "没有读到嵌入的答案，请检查 {1:SHORTANSWER:=…} 的写法"
    if kinds <= {cloze.FieldKind.WORDS, cloze.FieldKind.NUMBER}:
        return _blanks(asked, found, form)
    if len(found) > 1:
        return f"一题里有 {len(found)} 处选项，题盾的选择题只有一处，请拆成几道选择题"
    offered = [replace(a, text=_marked_up(asked, a.text, form)) for a in found[0].answers]
    several = found[0].kind is cloze.FieldKind.SEVERAL
    return stated.chosen(asked.stem, offered, asked.hints, several=several, notes=asked.findings.notes)


def _blanks(asked: _Asked, found: tuple[cloze.Field, ...], form: str) -> ItemContent:
    plain = [[replace(a, text=_bare(a.text)) for a in one.answers] for one in found]
    key = stated.in_blanks([stated.accepted(answers, asked.findings.notes) for answers in plain])
    remarks = [_marked_up(asked, a.feedback, form) for one in found for a in one.answers if a.feedback]
    return ItemContent(ItemType.BLANK, asked.stem, (), key, stated.joined(*remarks))


def _bare(text: str) -> str:
    """What a candidate types for an answer: its characters, without tags."""
    return trim(html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", text)).replace("\u00a0", " "))


def _marked_up(asked: _Asked, text: str, form: str) -> str:
    return trim(read_source(text, form, asked.findings))


def _with_gaps(source: str, found: tuple[cloze.Field, ...], shown: list[str]) -> str:
    """The text with a mark of our own where each field stood."""
    parts, at = [], 0
    for number, one in enumerate(found):
        stood = shown[number] if len(shown) == len(found) else "____"
        parts.append(f'{source[at : one.start]}<{GAP} shown="{quote(stood)}"></{GAP}>')
        at = one.end
    return "".join((*parts, source[at:]))


_READERS: dict[str, Callable[[_Asked], ItemContent | str]] = {
    "multichoice": _choice,
    "multichoiceset": _all_or_nothing,
    "truefalse": _judge,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "essay": _essay,
    "cloze": _embedded,
    "multianswer": _embedded,
}
