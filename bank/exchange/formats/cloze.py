r"""Moodle's embedded answers: `{1:SHORTANSWER:=36V~%50%36 V#unit missing}` inside the text of a question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bank.exchange.formats import stated
from bank.exchange.formats.stated import Answer

_HEAD = re.compile(
    r"\{\s*(?:\d+\s*)?:\s*(?P<kind>SHORTANSWER(?:_C)?|SAC?|MWC?|NUMERICAL|NM"
    r"|MULTICHOICE(?:_[VH]S?|_S)?|MC[VHS]?S?|MULTIRESPONSE(?:_[HS]S?)?|MR[HS]?S?)\s*:",
    re.IGNORECASE,
)
_ANSWERS = re.compile(r"((?:\\.|[^\\}])*)\}", re.DOTALL)
_PART = re.compile(r"(?P<share>=|%(-?\d+(?:\.\d+)?)%)?(?P<text>(?:\\.|[^\\#])*)(?:#(?P<remark>.*))?", re.DOTALL)
_SPLIT = re.compile(r"((?:\\.|[^\\~])*)(?:~|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\([}#~/\"\\])")


class FieldKind(StrEnum):
    """What an embedded field asks for."""

    WORDS = "words"
    NUMBER = "number"
    ONE = "one"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Field:
    """One embedded field: where it stands in the text, its kind and its answers (in the text's own markup)."""

    start: int
    end: int
    kind: FieldKind
    answers: tuple[Answer, ...]


def fields(text: str) -> tuple[Field, ...]:
    """The embedded fields of a text, in order."""
    return tuple(_fields(text))


def _fields(text: str) -> Iterator[Field]:
    at = 0
    while head := _HEAD.search(text, at):
        answers = _ANSWERS.match(text, head.end())
        if answers is None:
            # What no brace closes closes nowhere later either; looking again from each head would take hours.
            return
        kind = _kind(head["kind"].upper())
        yield Field(head.start(), answers.end(), kind, tuple(_answers(kind, answers[1])))
        at = answers.end()


def _kind(name: str) -> FieldKind:
    if name in {"NUMERICAL", "NM"}:
        return FieldKind.NUMBER
    if name.startswith(("MULTIRESPONSE", "MR")):
        return FieldKind.SEVERAL
    return FieldKind.ONE if name.startswith(("MULTICHOICE", "MC")) else FieldKind.WORDS


def _answers(kind: FieldKind, answers: str) -> Iterator[Answer]:
    for part in _SPLIT.finditer(answers):
        one = _PART.fullmatch(part[1].strip())
        if one is None or not (one["text"] or one["share"]):
            continue
        percent = 100.0 if one["share"] == "=" else float(one[2]) if one["share"] else 0.0
        text = _meant(one["text"])
        if kind is FieldKind.NUMBER:
            value, _, near = text.partition(":")
            text = stated.numeric(value, near)
        yield Answer(text, percent, _meant(one["remark"] or ""))


def _meant(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).strip()


def escaped(text: str) -> str:
    """A text as an answer of a field holds it."""
    return re.sub(r"([\\}~#\"])", r"\\\1", text)
