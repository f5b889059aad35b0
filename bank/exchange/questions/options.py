"""Options of a choice question, taken out of one cell or one line: split at their labels or signs, labels removed.

Labels are `A.` `A、` `（A）` `A：` or a bare `A`; what only looks like one ("C语言", "A级", "B细胞") stays text.
"""

import json
import re
from dataclasses import dataclass
from itertools import islice, pairwise

from bank.content import LETTERS
from bank.exchange.glyphs import half, trim

_X = f"[{LETTERS}]"
_LABELS = re.compile(rf"[(\[]\s*(?P<boxed>{_X})\s*[)\]]\s*[.、:]?|(?P<plain>{_X})\s*[.、:,)。]")
_LABELS_AND_BARE = re.compile(rf"{_LABELS.pattern}|(?P<bare>{_X})(?=[\s\u4e00-\u9fff<>≤≥])")
_LEADING = re.compile(rf"\s*(?:{_LABELS.pattern}|(?P<bare>{_X})(?![A-Za-z]))\s*")
_SEPARATORS = (r"\*{2,}", r"#{2,}", r"\$;\s*(?:\$(?!;))?|\${2}", r"\|{2}", r"@{2,}|&{2,}", r"[|｜¦]", r"\n+")
_LOOSE_SEPARATORS = (r"\t+|[ \u3000]{2,}", "[;；]", "、", "[,，]")
# Beyond these a line is no list of options, and looking on would only take time.
_MOST_STARTS = 40
_MOST_LABELS = 400
_MOST_PARTS = 40


@dataclass(frozen=True, slots=True)
class Label:
    """Where an option label stands in a line: its letter, its first position, and the position after it."""

    letter: str
    start: int
    end: int


def _labels(plain: str, *, bare: bool) -> list[Label]:
    """Every place of the line that could be a label, in order; a bare one must be followed by blank or Chinese."""
    pattern = _LABELS_AND_BARE if bare else _LABELS
    found = islice(pattern.finditer(plain), _MOST_LABELS)
    return [Label(one[one.lastgroup or 0], one.start(), one.end()) for one in found]


def _style(plain: str, label: Label) -> str:
    sign = plain[label.start : label.end]
    return "boxed" if sign[0] in "([" else sign.strip()[-1]


def _spaced(plain: str, label: Label) -> bool:
    return label.start == 0 or not (plain[label.start - 1].isalnum() or plain[label.start - 1] in "_/-+")


def _run(labels: list[Label]) -> list[Label]:
    """The labels that follow the first one in the order of the alphabet, each at its first place."""
    run = labels[:1]
    for label in labels[1:]:
        if LETTERS.index(label.letter) == LETTERS.index(run[-1].letter) + 1:
            run.append(label)
    return run


def find_run(text: str, first: str = "A", *, anchored: bool = False, bare: bool = False) -> list[Label]:
    """The best run of labels from `first` on: longest, then of one style, then set off by blanks, then latest."""
    plain = half(text)
    if first.islower():
        plain, first = plain.upper(), first.upper()
    every = _labels(plain, bare=bare)
    best: list[Label] = []
    rank: tuple[int, ...] = ()
    starts = [i for i, label in enumerate(every) if label.letter == first][:_MOST_STARTS]
    for i in starts:
        if anchored and plain[: every[i].start].strip():
            break
        alike = [label for label in every if _style(plain, label) == _style(plain, every[i])]
        for pool in (alike, every):
            for labels in ([x for x in pool if _spaced(plain, x)], pool):
                following = [x for x in labels if x.start >= every[i].start]
                if not following or following[0] is not every[i]:
                    continue
                run = _run(following)
                order = (len(run), pool is alike, all(_spaced(plain, x) for x in run), i)
                if order > rank:
                    best, rank = run, order
    return best


def cut_run(text: str, run: list[Label]) -> list[tuple[int, int]]:
    """The span of each option's text behind its label."""
    ends = [label.start for label in run[1:]] + [len(text)]
    return [(label.end, end) for label, end in zip(run, ends, strict=True)]


def drop_common_tail(parts: list[str]) -> list[str]:
    """Options trimmed, without the sign that alone parts each from the next one and so belongs to none.

    Where blanks part them as well, the sign is text: `A.甲；  B.乙；` keeps what was written.
    """
    if len(parts) > 2:
        for sign in "；;，,":
            if all(part.endswith(sign) for part in parts[:-1]):
                return [trim(part.removesuffix(sign)) for part in parts]
    return [trim(part) for part in parts]


def leading_label(part: str, *, bare: bool = False) -> Label | None:
    """The label that a part begins with, if any."""
    found = _LEADING.match(half(part).upper())
    if not found or (found.lastgroup == "bare" and not bare):
        return None
    return Label(found[found.lastgroup or 0], 0, found.end())


def _labelled(part: str, at: int, *, bare: bool) -> bool:
    """Whether a part begins with the letter of place `at`."""
    label = leading_label(part, bare=bare)
    return label is not None and at < len(LETTERS) and label.letter == LETTERS[at]


def strip_labels(parts: list[str], *, bare: bool = False) -> list[str]:
    """Options without labels, if every one carries its own and none becomes the twin of another by losing it."""
    parts = [trim(part) for part in parts]
    stripped, signs = _stripped(parts, bare=bare)
    if stripped == parts or (not any(map(leading_label, parts)) and len(set(stripped)) < len(set(parts))):
        return parts
    again, signs_again = _stripped(stripped, bare=False)
    # `A.A.甲` bears its label twice; in `A.A、B相` the second one is another sign, so it is text.
    return again if signs_again == signs else stripped


def _stripped(parts: list[str], *, bare: bool) -> tuple[list[str], list[str]]:
    """Parts without their own letters, and those labels; the parts as they were if any has none."""
    if not any(parts) or not all(_labelled(part, i, bare=bare) for i, part in enumerate(parts) if part):
        return parts, []
    labels = [leading_label(part, bare=bare) if part else None for part in parts]
    ends = [label.end if label else 0 for label in labels]
    rest = [trim(part[end:]) for part, end in zip(parts, ends, strict=True)]
    return rest, [half(part[:end]).strip() for part, end in zip(parts, ends, strict=True)]


def _glue(parts: list[str], sign: str) -> list[str]:
    """Parts put together again where the sign stood inside an option: the labels go on as if it were not there."""
    glued: list[str] = []
    for i, part in enumerate(parts):
        at = len(glued)
        goes_on = any(_labelled(later, at, bare=True) for later in parts[i + 1 :])
        if glued and goes_on and not _labelled(part, at, bare=True) and _labelled(glued[0], 0, bare=True):
            glued[-1] += sign + part
        else:
            glued.append(part)
    return glued


def _part_again(parts: list[str]) -> list[str]:
    """Parts split once more where a sign is missing: labels jump from A to C and B stands inside the part of A."""
    result: list[str] = []
    for part, following in pairwise([*parts, None]):
        pieces = [part or ""]
        later = leading_label(following, bare=True) if following is not None else None
        end = LETTERS.index(later.letter) if later else len(LETTERS)
        # Behind the last part nothing proves a jump, so there a label needs its sign, or be the only way to part.
        lone = later is None and len(parts) == 1
        jumps = later is not None or (following is None and len(parts) < 3)
        while jumps and _labelled(pieces[-1], len(result) + len(pieces) - 1, bare=True):
            wanted = len(result) + len(pieces)
            bare = later is not None or lone
            run = find_run(pieces[-1], LETTERS[wanted], bare=bare) if wanted < end else []
            if not run or not run[0].start:
                break
            pieces[-1:] = [pieces[-1][: run[0].start], pieces[-1][run[0].start :]]
        result += pieces
    return result


def _split_at_signs(text: str) -> list[str]:
    for pattern in _SEPARATORS:
        sign = re.search(pattern, text)
        if not sign:
            continue
        parts = re.split(pattern, text)
        parts = parts[1:] if not trim(parts[0]) else parts
        parts = parts[:-1] if parts and not trim(parts[-1]) else parts
        if len(parts) <= _MOST_PARTS:
            parts = _part_again(_glue(parts, sign[0]))
        if len(parts) > 1:
            return strip_labels(parts, bare=True)
    return []


def _listed(text: str) -> list[str]:
    """Options that another program wrote as a JSON list or object."""
    if not re.match(r"\[\s*[\"{]|\{\s*\"", text):
        return []
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return []
    values = list(held.values()) if isinstance(held, dict) else held
    found = [_named(value) if isinstance(value, dict) else value for value in values]
    texts = [value for value in found if isinstance(value, str)]
    return strip_labels(texts) if len(texts) == len(found) > 1 else []


def _named(value: dict[str, object]) -> object:
    """The text of an option given with its letter, {"label": "A", "text": "甲"}."""
    return next((value[name] for name in ("text", "content", "value", "name", "option") if name in value), None)


def split_cell(text: str) -> list[str]:
    """The options that stand together in one cell; fewer than two when the cell cannot be told apart."""
    text = trim(text)
    if listed := _listed(text):
        return listed
    run = find_run(text, anchored=True) or (find_run(text, "a", anchored=True) if text[:1].islower() else [])
    by_sign = _split_at_signs(text)
    if len(by_sign) > 1 and (len(run) <= len(by_sign) or re.search(r"\*\*|##|\$;|[|｜]", text)):
        return by_sign
    if len(run) > 1:
        return drop_common_tail([text[start:end] for start, end in cut_run(text, run)])
    if len(bare := find_run(text, anchored=True, bare=True)) > 2:
        return [trim(text[start:end]) for start, end in cut_run(text, bare)]
    return by_sign


def split_loosely(text: str) -> list[str]:
    """Options parted by nothing but wide blanks, semicolons or commas: the last resort, and worth a note."""
    for pattern in _LOOSE_SEPARATORS:
        parts = [trim(part) for part in re.split(pattern, trim(text))]
        if 3 <= len(parts) <= 6 and all(parts):
            return strip_labels(parts, bare=True)
    return []
