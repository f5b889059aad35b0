"""List labels that Word counts by itself (1． （A） 一、), for text copied out of a document has lost them.

Teachers number questions and options with Word's lists, so without these labels a question has no number and an
option no letter.
"""

from dataclasses import dataclass, field

from lxml import etree

from bank.content import LETTERS

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_STEMS = "甲乙丙丁戊己庚辛壬癸"
MOST_LEVELS = 9


@dataclass(slots=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Lists:
    """The list definitions of a document and how far each has counted."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    # None where a level has not counted yet since its parent did.
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def label(self, paragraph: "etree._Element") -> str:
        """The label of a paragraph, counting it; empty when it is in no list."""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return ""
        style = properties.find(f"{_W}pStyle")
        number, level = self.styles.get(_value(style), ("", 0))
        own = properties.find(f"{_W}numPr")
        if own is not None:
            named = own.find(f"{_W}numId")
            number = _value(named) if named is not None else number
            level = _number(own.find(f"{_W}ilvl"), level)
        return self._count(number, min(max(level, 0), MOST_LEVELS - 1)) if number and number != "0" else ""

    def _count(self, number: str, level: int) -> str:
        abstract = self.abstract.get(number, "")
        levels = self.levels.get(abstract, {})
        if level not in levels:
            return ""
        counts = self.counts.setdefault(abstract, [None] * MOST_LEVELS)
        if number not in self.begun:
            self.begun.add(number)
            for at in range(MOST_LEVELS):
                if (number, at) in self.starts:
                    counts[at] = self.starts[number, at] - 1
        before = counts[level]
        counts[level] = (levels[level].start - 1 if before is None else before) + 1
        counts[level + 1 :] = [None] * (MOST_LEVELS - level - 1)
        text = levels[level].text
        for at in range(level + 1):
            form = levels[at].form if at in levels else "decimal"
            text = text.replace(f"%{at + 1}", _written(counts[at] or 1, form))
        return text


def _value(element: "etree._Element | None") -> str:
    return "" if element is None else element.get(f"{_W}val") or ""


def _number(element: "etree._Element | None", default: int) -> int:
    text = _value(element)
    return int(text) if text.isdigit() and len(text) < 7 else default


def _written(number: int, form: str) -> str:
    """A count in the form of its level; bullets count nothing."""
    text = str(number)
    if form in {"bullet", "none"}:
        text = ""
    elif form in {"upperLetter", "lowerLetter"} and number <= len(LETTERS):
        text = LETTERS[number - 1]
    elif form.startswith(("chinese", "japanese", "taiwanese", "ideographDigital")) and number < 100:
        text = _chinese(number)
    elif form == "ideographTraditional" and number <= len(_STEMS):
        text = _STEMS[number - 1]
    elif form == "decimalEnclosedCircle" and number <= 20:
        text = chr(0x245F + number)
    elif form in {"upperRoman", "lowerRoman"} and number < 40:
        text = _roman(number)
    return text.lower() if form.startswith("lower") else text


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def read_lists(numbering: bytes | None, styles: bytes | None) -> Lists:
    """The lists that a document defines; without definitions no paragraph has a label."""
    lists = Lists()
    root = _root(numbering)
    if root is None:
        return lists
    for abstract in root.iter(f"{_W}abstractNum"):
        levels = {_level_at(level): _level(level) for level in abstract.findall(f"{_W}lvl")}
        lists.levels[abstract.get(f"{_W}abstractNumId") or ""] = levels
    for number in root.iter(f"{_W}num"):
        name = number.get(f"{_W}numId") or ""
        lists.abstract[name] = _value(number.find(f"{_W}abstractNumId"))
        for override in number.findall(f"{_W}lvlOverride"):
            start = override.find(f"{_W}startOverride")
            if start is not None:
                lists.starts[name, _level_at(override)] = _number(start, 1)
    lists.styles = _list_styles(styles)
    return lists


def _level_at(element: "etree._Element") -> int:
    text = element.get(f"{_W}ilvl") or "0"
    return int(text) if text.isdigit() and len(text) < 3 else 0


def _level(element: "etree._Element") -> _Level:
    text = _value(element.find(f"{_W}lvlText"))[:20]
    form = _value(element.find(f"{_W}numFmt")) or "decimal"
    return _Level(form, "" if form in {"bullet", "none"} else text, _number(element.find(f"{_W}start"), 1))


def _list_styles(styles: bytes | None) -> dict[str, tuple[str, int]]:
    """Paragraph styles that put their paragraphs into a list, such as List Number, with the styles built on them."""
    root = _root(styles)
    own: dict[str, tuple[str, int]] = {}
    based: dict[str, str] = {}
    for style in () if root is None else root.iter(f"{_W}style"):
        name = style.get(f"{_W}styleId") or ""
        based[name] = _value(style.find(f"{_W}basedOn"))
        found = style.find(f"{_W}pPr/{_W}numPr")
        if found is not None:
            own[name] = (_value(found.find(f"{_W}numId")), _number(found.find(f"{_W}ilvl"), 0))
    result = {}
    for style_name in based:
        name, steps = style_name, 0
        while name and name not in own and steps < 20:
            name, steps = based.get(name, ""), steps + 1
        if name in own:
            result[style_name] = own[name]
    return result


def _root(data: bytes | None) -> "etree._Element | None":
    if data is None:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
