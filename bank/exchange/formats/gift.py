"""GIFT, the plain-text question format that Moodle and many quiz tools write and read.

`::name::[format]stem{=right ~wrong ~%50%half #feedback ####general}`, blank lines between questions, `//` comments
that carry id and tags, `$CATEGORY:` lines, and a backslash before `~ = # { } :` as a plain character.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bank.content import RIGHT, WRONG, ItemContent, ItemType
from bank.exchange.documents import Found
from bank.exchange.formats import stated
from bank.exchange.formats.marking import read_marking
from bank.exchange.formats.markup import read_source
from bank.exchange.formats.pageline import Findings
from bank.exchange.formats.stated import Answer
from bank.exchange.formats.tags import read_tags
from bank.exchange.glyphs import shown_name, trim
from bank.exchange.questions.draft import Draft
from bank.exchange.reading import Rejection
from bank.ground.errors import BadInput

KEY_LEAD, RATIONALE_LEAD = "参考答案：", "解析："
_ESCAPES = {"\\\\": "\x01", "\\~": "\x02", "\\=": "\x03", "\\#": "\x04", "\\{": "\x05", "\\}": "\x06",
            "\\:": "\x07", "\\n": "\x08"}  # fmt: skip
_MEANT = {"\x01": "\\", "\x02": "~", "\x03": "=", "\x04": "#", "\x05": "{", "\x06": "}", "\x07": ":",
          "\x08": "\n"}  # fmt: skip
_ESCAPE = re.compile(r"\\[\\~=#{}:n]")
# Control characters never reach this room, so they can stand for escapes.
_PRIVATE = re.compile("[\x01-\x08]")
_NAME = re.compile(r"\s*::(.*?)::\s*", re.DOTALL)
_FORM = re.compile(r"\s*\[(html|moodle|plain|markdown)\]\s*")
_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(.*)")
_ANSWER = re.compile(r"\s*([=~])\s*(?:%(-?\d+(?:\.\d+)?)%)?([^=~]*)")
_JUDGED = re.compile(r"\s*(TRUE|FALSE|T|F)\s*(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"\{[^{}]*\}", re.DOTALL)
_SIGNS = re.compile(r"\s*(?:\}|[=~#]|(?:TRUE|FALSE|T|F)\s*[#}])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The lines of one question, the category it stands in and the comments before it."""

    line: int
    text: str
    category: str
    comments: str


def looks_like_gift(characters: str) -> bool:
    """Whether blocks of answers in braces make up a text, as they do in no other."""
    if re.search(r"(?m)^\s*\$CATEGORY:", characters):
        return True
    text = _ESCAPE.sub("", characters)
    blocks = [block[0] for block in _BLOCK.finditer(text) if _SIGNS.match(block[0][1:])]
    named = len(re.findall(r"(?m)^\s*::.*?::", text))
    told = [block for block in blocks if len(block) > 2]
    if not blocks or not (told or named):
        return False
    parts = [part for part in re.split(r"\n\s*\n", text) if re.sub(r"(?m)^\s*//.*$", "", part).strip()]
    return len(blocks) * 2 >= len(parts)


def read_gift(characters: str) -> Found:
    """The questions of a GIFT text, in order."""
    found = Found()
    for chunk in _chunks(characters):
        one = _question(chunk)
        if isinstance(one, Draft):
            found.drafts.append(one)
        elif isinstance(one, Rejection):
            found.rejected.append(one)
        else:
            found.notes.append(one)
    return found


def _chunks(characters: str) -> Iterator[_Chunk]:
    """Questions parted by blank lines; a blank line inside the braces parts nothing."""
    category, comments, held, start = "", "", "", 0
    for number, line in enumerate([*_PRIVATE.sub("", characters).split("\n"), ""], start=1):
        meant = _ESCAPE.sub(lambda found: _ESCAPES[found[0]], line)
        if not held and (named := _CATEGORY.match(line)):
            category = named[1]
        elif line.lstrip().startswith("//"):
            comments += line + "\n"
        elif line.strip():
            start = start if held else number
            held += meant + "\n"
        elif held.count("{") > held.count("}") and number - start < 200 and held.count("{") == 1:
            held += "\n"
        elif held:
            yield _Chunk(start, held, category, comments)
            held, comments = "", ""
    if held:
        yield _Chunk(start, held, category, comments)


def _question(chunk: _Chunk) -> Draft | Rejection | str:
    place = f"第 {chunk.line} 行"
    text = chunk.text
    name = ""
    if named := _NAME.match(text):
        name, text = _meant(named[1]), text[named.end() :]
    form, text = _form(text, "moodle")
    findings = Findings(_no_picture)
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 and end < 0:
        return f"{place}：没有答案的说明文字，没有作为试题读取"
    if begin < 0 or end < begin:
        return Rejection(chunk.line, place, "花括号不成对，请检查答案部分的 { 和 }；正文中的花括号前应加反斜杠")
    before, inside, after = text[:begin], text[begin + 1 : end], text[end + 1 :]
    stem = f"{before}_____{after}" if trim(after) else before
    general = ""
    if "####" in inside:
        inside, _, general = inside.partition("####")
    comments = [tag.replace("\\]", "]") for tag in _TAG.findall(chunk.comments)]
    hints = read_tags(comments)
    known = _ID.search(chunk.comments)
    draft = Draft(chunk.line, place, point=stated.group_of(chunk.category))
    draft.external_id = known[1].replace("\\]", "]") if known else shown_name(name) if _is_code(name) else ""
    asked = _Asked(_read(stem, form, findings), form, inside, "", hints, findings)
    asked = replace(asked, general=asked.text(general))
    content = _content(asked)
    if isinstance(content, str):
        seen = ItemContent(ItemType.SHORT, asked.stem, rationale=asked.general)
        return Rejection(chunk.line, place, content, seen)
    return stated.finished(draft, content, hints, findings)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question with its stem read, its answers as they were written, and what is known of it besides."""

    stem: str
    form: str
    inside: str
    general: str
    hints: dict[str, str]
    findings: Findings

    def text(self, source: str) -> str:
        """The notation of an answer or remark, which may name a form of its own."""
        form, source = _form(source, self.form)
        return _read(source, form, self.findings)


def _content(asked: _Asked) -> ItemContent | str:
    """The content by the shape of the answers, or why Tidun has no such question."""
    inside = trim(asked.inside)
    if judged := _JUDGED.fullmatch(inside):
        return _judge(asked, judged)
    if inside.startswith("#"):
        return _number(asked, inside[1:])
    if not inside:
        return _worded(asked)
    answers = [_answer(found) for found in _ANSWER.finditer(inside)]
    if not answers or trim(_ANSWER.sub("", inside)):
        return "答案部分无法识别，请检查 =、~ 和 # 的写法"
    if all(sign == "=" and re.search(r"\s->\s", text) for sign, _, text, _ in answers):
        return "是匹配题（matching），题盾没有这种题型，请改成几道选择题或填空题"
    return _blank(asked, answers) if all(sign == "=" for sign, *_ in answers) else _choice(asked, answers)


def _blank(asked: _Asked, answers: list[tuple[str, float, str, str]]) -> ItemContent:
    offered = [Answer(_meant(text), percent, asked.text(remark)) for _, percent, text, remark in answers]
    key = stated.accepted(offered, asked.findings.notes)
    told = stated.joined(asked.general, stated.remarks(offered, lettered=False))
    return ItemContent(ItemType.BLANK, asked.stem, (), key, told)


def _choice(asked: _Asked, answers: list[tuple[str, float, str, str]]) -> ItemContent:
    offered = [Answer(asked.text(text), percent, asked.text(remark)) for _, percent, text, remark in answers]
    several = not any(sign == "=" for sign, *_ in answers)
    content = stated.chosen(asked.stem, offered, asked.hints, several=several, notes=asked.findings.notes)
    return stated.explained(content, stated.joined(asked.general, stated.remarks(offered)))


def _answer(found: re.Match[str]) -> tuple[str, float, str, str]:
    """Sign, percent, text and remark of one answer."""
    text, _, remark = found[3].partition("#")
    percent = float(found[2]) if found[2] else 100.0 if found[1] == "=" else 0.0
    return found[1], percent, text.strip(), remark.strip()


def _worded(asked: _Asked) -> ItemContent:
    """An essay: GIFT has no place for what the marker needs but the general feedback."""
    text, own = asked.general, asked.general.startswith(KEY_LEAD)
    if text and not own:
        asked.findings.notes.append("参考答案取自总体反馈，请核对")
    told = ""
    if own and f"\n{RATIONALE_LEAD}" in text:
        # The last one parts: a model answer may hold the same words.
        text, _, told = text.rpartition(f"\n{RATIONALE_LEAD}")
    text = text.removeprefix(KEY_LEAD) if own else text
    content = ItemContent(ItemType.SHORT, asked.stem, rationale=told)
    return read_marking(content, trim(text))


def _judge(asked: _Asked, judged: re.Match[str]) -> ItemContent:
    key = RIGHT if judged[1].upper().startswith("T") else WRONG
    told = [asked.text(part) for part in (judged[2] or "").split("#") if part]
    return ItemContent(ItemType.JUDGE, asked.stem, (), key, stated.joined(asked.general, *told))


def _number(asked: _Asked, inside: str) -> ItemContent:
    """A numerical answer: 5:0.1, 4.9..5.1, or several with their shares."""
    answers, remarks = [], []
    parts = [(m[2], m[3]) for m in _ANSWER.finditer(inside)] if inside.lstrip().startswith(("=", "~")) else []
    for percent, text in parts or [("", inside)]:
        value, _, remark = text.partition("#")
        remarks.append(asked.text(remark) if trim(remark) else "")
        low, dots, high = trim(value).partition("..")
        number, _, near = trim(value).partition(":")
        shown = f"{trim(low)}～{trim(high)}" if dots else stated.numeric(number, near)
        answers.append(Answer(shown, float(percent or 100)))
    key = stated.accepted(answers, asked.findings.notes)
    kind = ItemType.BLANK if stated.is_gapped(asked.stem) else ItemType.CALCULATION
    return ItemContent(kind, asked.stem, (), key, stated.joined(asked.general, *remarks))


def _read(source: str, form: str, findings: Findings) -> str:
    return trim(read_source(_meant(source).strip("\n "), form, findings))


def _form(text: str, default: str) -> tuple[str, str]:
    found = _FORM.match(text)
    return (found[1], text[found.end() :]) if found else (default, text)


def _meant(text: str) -> str:
    """The characters that escapes stand for."""
    return _PRIVATE.sub(lambda found: _MEANT[found[0]], text)


def _is_code(name: str) -> bool:
    """Whether the name of a question is an id and not the beginning of its stem."""
    return bool(re.fullmatch(r"[A-Za-z0-9][\w.:/-]{0,63}", name.strip(), re.ASCII))


def _no_picture(source: str) -> str:
    shown = source.rpartition("/")[2][:60] or source[:60]
    raise BadInput(f"图片 {shown} 没有随 GIFT 文件带来，请改用 Moodle XML 或 Word 导出")
