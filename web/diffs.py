"""Two wordings side by side with what differs marked: figures in one colour, words gone and come in two others.

What differs in the stems is said by the judgement (`integrity.similarity.explaining`); here it becomes runs to show.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bank.content import LETTERS, ItemContent
from integrity.similarity.explaining import Span

_SPACE = re.compile(r"\s+")
SHORT = 12


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


def compare(left: ItemContent, right: ItemContent, diff: Sequence[Span]) -> tuple[Marked, Marked]:
    """Both questions, each with what the other does not have marked; options are matched by text, not by letter."""
    left, right = left.compared(), right.compared()
    stem_left, stem_right = runs(diff) if diff else ((Run(left.stem),), (Run(right.stem),))
    differs = _answers(left) != _answers(right)
    return (
        Marked(stem_left, _options(left, right, "gone"), left.key, differs),
        Marked(stem_right, _options(right, left, "come"), right.key, differs),
    )


def runs(diff: Sequence[Span]) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both texts as runs; a single equal character between two changes is swallowed, it only confuses the eye."""
    out: tuple[list[Run], list[Run]] = ([], [])
    for at, (kind, before, after) in enumerate(diff):
        between = 0 < at < len(diff) - 1
        equal = kind == "equal" and not (between and len(before.strip()) == 1)
        figures = kind == "replace" and before[:1].isdigit() and after[:1].isdigit()
        _add(out[0], before, "" if equal else "number" if figures else "gone")
        _add(out[1], after, "" if equal else "number" if figures else "come")
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
