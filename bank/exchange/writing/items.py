"""What every writer of question files takes and gives: items with their attributes in, bytes and what they lack out.

All writers share one signature, `write(items, pictures, title) -> Written`; `pictures` holds the files of all tokens
that the items name. Nothing here reads the database: whoever opens the items for a writer has recorded that reading.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bank import notation
from bank.answers import Credit, shown_marks
from bank.content import ItemContent, ItemType
from bank.exchange.formats.tags import LONGEST_TAG, write_gaps
from bank.exchange.questions import keys
from bank.pictures import PictureFile

ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg"}
"""The file name endings of the media types that pictures have."""


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """One item to be written: its name is the id that its bank was given by others, or else its own number."""

    name: str
    content: ItemContent
    point: str | None = None
    difficulty: int | None = None
    consistency: int | None = None
    cognition: str | None = None
    importance: str | None = None
    secrecy: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of one item the file does not hold, as a Chinese clause; `number` counts the items from 1.

    `whole` tells that the item itself is missing, and not only a part of it.
    """

    number: int
    name: str
    reason: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file, and what it could not take up."""

    data: bytes
    left_out: tuple[LeftOut, ...] = ()


@dataclass(slots=True)
class Sheet:
    """One item while it is written: its number, the pictures at hand, and what had to be left out."""

    number: int
    item: WrittenItem
    pictures: Mapping[str, PictureFile]
    left_out: list[LeftOut] = field(default_factory=list)
    used: dict[str, PictureFile] = field(default_factory=dict)

    def leave_out(self, reason: str, *, whole: bool = False) -> None:
        """Note once what the file does not hold."""
        one = LeftOut(self.number, self.item.name, reason, whole)
        if one not in self.left_out:
            self.left_out.append(one)

    def picture(self, token: str) -> PictureFile | None:
        """A picture that the item names, noted as used; a missing one is left out."""
        found = self.pictures.get(token)
        if found is None:
            self.leave_out("有图片已失效，写成“〔图〕”")
        else:
            self.used[token] = found
        return found

    def tags(self, *, implied: ItemType, gaps: Iterable[str] = ()) -> dict[str, str]:
        """Attributes and what of the content the format has no field for, as `exchange.tags` writes them."""
        content, shown = self.item.content, list(gaps)
        held = attributes(self.item)
        if content.type is not implied or is_verdict_choice(content):
            held["type"] = content.type.value
        if content.marks is not None:
            held["marks"] = shown_marks(content.marks)
        usual = Credit.SHARE if len(content.key) > 1 else Credit.NONE
        if content.type is ItemType.MULTIPLE and content.credit is not usual:
            held["credit"] = content.credit.value
        if any(gap != "____" for gap in shown):
            held["gaps"] = write_gaps(shown)
        if content.type is ItemType.BLANK and notation.plain(content.key) != content.key:
            held["key"] = content.key
        for name in [name for name, value in held.items() if len(f"{name}:{value}") > LONGEST_TAG]:
            self.leave_out(f"{_TAG_NAMES.get(name, name)}过长，没有写入")
            del held[name]
        return held


_TAG_NAMES = {"key": "带公式的答案", "gaps": "空位的样子", "source": "出处", "point": "鉴定点"}


def sheets(items: Iterable[WrittenItem], pictures: Mapping[str, PictureFile]) -> Iterator[Sheet]:
    """A sheet for each item; of a parameterised one its first value set is written."""
    for number, item in enumerate(items, start=1):
        sheet = Sheet(number, item, pictures)
        if item.content.parameters is not None:
            sheet.leave_out("参数题只写出第 1 组取值")
            sheet.item = replace(item, content=item.content.variant(0))
        yield sheet


def is_verdict_choice(content: ItemContent) -> bool:
    """Whether a single choice between two verdicts would be read as a judge item."""
    return content.type is ItemType.SINGLE and len(content.options) == 2 and all(map(keys.judgement, content.options))


def attributes(item: WrittenItem) -> dict[str, str]:
    """The attributes that are set, as texts by the names of the glossary, in one order everywhere."""
    held = {
        "point": item.point,
        "difficulty": item.difficulty,
        "consistency": item.consistency,
        "cognition": item.cognition,
        "importance": item.importance,
        "secrecy": item.secrecy,
        "source": item.content.source,
    }
    return {name: str(value) for name, value in held.items() if value not in {None, ""}}


def told(found: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Each thing left out once, in the order of the items."""
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.number))
