"""Two wordings side by side with what differs marked: numbers in one colour, words gone and come in two others."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from bank.content import LETTERS, ItemContent

_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[A-Za-z]+|\s+|.", re.DOTALL)
_SPACE = re.compile(r"\s+")
_GAP, SHORT = 1, 12


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `mark` is empty, `number`, `gone` or `come`."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class MarkedOption:
    """One option with its letter; `right` where the key names it."""

    letter: str
    runs: tuple[Run, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """A question whose differences from another are marked."""

    stem: tuple[Run, ...]
    options: tuple[MarkedOption, ...]
    key: str
    key_differs: bool

    @property
    def short(self) -> bool:
        """Whether two options fit on one line."""
        return all(sum(len(run.text) for run in option.runs) < SHORT for option in self.options)


def compare(left: ItemContent, right: ItemContent) -> tuple[Marked, Marked]:
    """Both questions, each with what the other does not have marked; options are matched by text, not by letter."""
    stem_left, stem_right = runs(left.stem, right.stem)
    differs = _answers(left) != _answers(right)
    return (
        Marked(stem_left, _options(left, right, "gone"), left.key, differs),
        Marked(stem_right, _options(right, left, "come"), right.key, differs),
    )


def runs(left: str, right: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both texts as runs; single equal characters between two changes are swallowed, they only confuse the eye."""
    a, b = _TOKEN.findall(left), _TOKEN.findall(right)
    out: tuple[list[Run], list[Run]] = ([], [])
    steps = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    for at, (kind, i1, i2, j1, j2) in enumerate(steps):
        between = 0 < at < len(steps) - 1
        equal = kind == "equal" and not (between and i2 - i1 <= _GAP and not a[i1].isspace())
        before, after = "".join(a[i1:i2]), "".join(b[j1:j2])
        numbers = before[:1].isdigit() and after[:1].isdigit() and not equal
        _add(out[0], before, "" if equal else "number" if numbers else "gone")
        _add(out[1], after, "" if equal else "number" if numbers else "come")
    return tuple(out[0]), tuple(out[1])


def _add(found: list[Run], text: str, mark: str) -> None:
    if not text:
        return
    if found and found[-1].mark == mark:
        found[-1] = Run(found[-1].text + text, mark)
    else:
        found.append(Run(text, mark))


def _options(mine: ItemContent, other: ItemContent, mark: str) -> tuple[MarkedOption, ...]:
    there = {_plain(option) for option in other.options}
    return tuple(
        MarkedOption(letter, (Run(option, "" if not there or _plain(option) in there else mark),), letter in mine.key)
        for letter, option in zip(LETTERS, mine.options, strict=False)
    )


def _answers(content: ItemContent) -> set[str]:
    right = content.right_options()
    return {_plain(option) for option in right} if right else {_plain(content.key)}


def _plain(text: str) -> str:
    return _SPACE.sub("", text).rstrip("。.；;，,")
