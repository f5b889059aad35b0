"""The canonical form of a question, and of any text that may hold one. Pure: no session, no key, no model.

Sketches, verdicts and leak scans all read questions through this form, so a question that was printed, scanned,
set in traditional script, shuffled or renumbered still meets itself. NORMALISER is kept with every stored sketch:
whoever changes a rule here or in `folding.py` raises it, and old sketches are refused until they are made anew.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bank.content import CHOICE_TYPES, LETTERS, RIGHT, WRONG, ItemContent, ItemType
from integrity.similarity import folding, wording
from integrity.similarity.folding import BLANK, SEPARATOR

NORMALISER = 1

_NUMBERING = re.compile(
    r"\s*(?:[【\[(（](?:单选|多选|判断|填空|简答|单项选择|多项选择|选择|是非)题?[】\])）]\s*)?"
    r"(?:第\s*\d{1,4}\s*题\s*[.．、:：]?|[(（]\d{1,4}[)）]\s*[.．、]?|\d{1,4}\s*(?:、|[.．)）](?!\d)))?\s*"
    r"(?:[【\[(（](?:单选|多选|判断|填空|简答|单项选择|多项选择|选择|是非)题?[】\])）]\s*)?"
)
_MARKS = re.compile(r"[(（\[【]\s*+(?:本题\s*+)?\d++(?:\.\d)?\s*+分\s*+[)）\]】]")
_OPTION_LABEL = re.compile(r"\s*+(?:[(（]\s*+([A-Ja-j])\s*+[)）]\s*+[.．、:：]?|([A-Ja-j])\s*+[.．、:：)）])\s*+")
_INLINE_LABEL = re.compile(
    r"(?<![A-Za-z0-9])(?:[(（]([A-J])[)）]|([A-J])\s*+[.．、:：)）]|(?<=\s)([A-J])(?=[^A-Za-z0-9\s]))\s*+"
)
_JUDGED = {
    **dict.fromkeys(["正确", "对", "√", "✓", "t", "true", "是", "y"], RIGHT),
    **dict.fromkeys(["错误", "错", "×", "x", "f", "false", "否", "n"], WRONG),
}
_FILLED = {*CHOICE_TYPES, ItemType.BLANK}
_BETWEEN_ANSWERS = re.compile(r"[;；|\n]+")


@dataclass(frozen=True, slots=True)
class Canonical:
    """One question in canonical form; every text in it is folded, blanks are taken out."""

    type: ItemType
    stem: str
    options: tuple[str, ...]
    answer: tuple[str, ...]
    """Texts of the right options in sorted order, 正确 or 错误, or the key of other types; empty without a key."""
    filled: str
    """The stem with the answer written into its blank: what the item states when it is answered rightly."""

    @property
    def text(self) -> str:
        """Stem and options in one line, for whole-item comparison."""
        return self.stem + "".join(self.options)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The figures of the stem by value."""
        return wording.numbers(self.stem)

    @property
    def polarity(self) -> tuple[str, ...]:
        """The polarity words of the stem by kind."""
        return wording.polarity(self.stem)


def canonical_with_offsets(text: str) -> tuple[str, list[int]]:
    """A page or a whole document in canonical form, and for each of its characters the place that it came from."""
    return folding.fold_document(text)


def split_options(stem: str) -> tuple[str, tuple[str, ...]]:
    """A stem with its options written into it, taken apart; the options are empty when there are none.

    The labels must run A, B, C … without a gap to the end, and at least three of them, or two that carry a mark.
    """
    run: list[re.Match[str]] = []
    for label in _INLINE_LABEL.finditer(stem):
        letter = LETTERS.index(label.group(1) or label.group(2) or label.group(3))
        if letter == len(run):
            run.append(label)
        elif letter == 0:
            run = [label]
    marked = all(label.group(3) is None for label in run)
    ends = [label.start() for label in run[1:]] + [len(stem)]
    options = tuple(stem[m.end() : end].strip() for m, end in zip(run, ends, strict=False))
    if len(run) < (2 if marked else 3) or not all(options):
        return stem, ()
    return stem[: run[0].start()], options


def _unlabelled(option: str, letter: str) -> str:
    """An option without its letter. Before a figure (C.5) only the letter of its own place is a label."""
    label = _OPTION_LABEL.match(option)
    if not label:
        return option
    rest = option[label.end() :]
    own = (label.group(1) or label.group(2)).upper() == letter
    return rest if own or not rest[:1].isdigit() else option


def _parts(content: ItemContent) -> tuple[str, ...]:
    """Stem, answer key as written, and options, without numbers, marks and letters; still unfolded."""
    stem, options = content.stem, content.options
    if not options and content.type in CHOICE_TYPES:
        stem, options = split_options(stem)
    stem = _MARKS.sub("", stem[numbering.end() :] if (numbering := _NUMBERING.match(stem)) else stem)
    bare = (_unlabelled(option, LETTERS[place % len(LETTERS)]) for place, option in enumerate(options))
    key = content.key
    if content.type is ItemType.JUDGE:
        key = _JUDGED.get(key.strip().lower(), key)
    return (stem, key, *bare)


def _answer(content: ItemContent, key: str, options: Sequence[str]) -> tuple[str, ...]:
    if content.type in CHOICE_TYPES:
        if len(content.key) == 1:
            place = LETTERS.find(content.key)
            return (options[place],) if 0 <= place < len(options) else ()
        chosen = {LETTERS.index(letter) for letter in content.key if letter in LETTERS}
        return tuple(sorted([options[place] for place in chosen if place < len(options)]))
    if content.type is ItemType.BLANK:
        return tuple(folding.fold(part).replace(BLANK, "") for part in _BETWEEN_ANSWERS.split(content.key) if part)
    return (key,) if key else ()


def _fill(kind: ItemType, stem: str, answer: Sequence[str]) -> str:
    """The stem as a statement. Several blanks take the answers in turn, one blank takes them all."""
    if not answer or kind not in _FILLED:
        return stem.replace(BLANK, "")
    blanks = stem.count(BLANK)
    each = kind is ItemType.BLANK and blanks == len(answer)
    texts = list(answer) if each else ["".join(answer)]
    head, *rest = stem.split(BLANK)
    if not rest:
        return head + texts[0]
    return head + "".join(filled + part for filled, part in zip(texts + [""] * len(rest), rest, strict=False))


def _assemble(content: ItemContent, parts: Sequence[str]) -> Canonical:
    stem, key = parts[0], parts[1].replace(BLANK, "")
    options = tuple([part.replace(BLANK, "") for part in parts[2:]])
    answer = _answer(content, key, options)
    return Canonical(content.type, stem.replace(BLANK, ""), options, answer, _fill(content.type, stem, answer))


def canonical_many(contents: Sequence[ItemContent]) -> list[Canonical]:
    """Canonical forms of many items; one pass over their joined text is far cheaper than one pass each."""
    contents = [content.compared() for content in contents]
    rows = [_parts(content) for content in contents]
    text = SEPARATOR.join([part for row in rows for part in row])
    if text.count(SEPARATOR) + 1 != sum(map(len, rows)) or BLANK in text:
        text = SEPARATOR.join([part.replace(SEPARATOR, "").replace(BLANK, "") for row in rows for part in row])
    folded = iter(folding.fold(text).split(SEPARATOR))
    return [_assemble(content, [next(folded) for _ in row]) for content, row in zip(contents, rows, strict=True)]


def canonical(content: ItemContent) -> Canonical:
    """The canonical form of one item."""
    return canonical_many([content])[0]
