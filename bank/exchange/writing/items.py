"""What every writer of question files takes and gives: items with their attributes in, bytes and what they lack out.

All writers share one signature, `write(items, pictures, title) -> Written`; `pictures` holds the files of all tokens
that the items name. Nothing here reads the database: whoever opens the items for a writer has recorded that reading.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bank.content import ItemContent


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
