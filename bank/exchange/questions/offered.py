"""Options in a line of running text: at its start, behind the question, or going on from the line before.

The line alone does not tell; what the open question already holds decides which letter may come next.
"""

import re
from dataclasses import dataclass, field

from bank.content import LETTERS
from bank.exchange.glyphs import half, trim
from bank.exchange.questions.options import Label, cut_run, drop_common_tail, find_run, leading_label

_VERDICT = re.compile(r"\s*[AB]\s+(?:正确|错误|对|错|√|×)\s*$")


@dataclass(frozen=True, slots=True)
class Offer:
    """The labels found in a line; `lost` tells that the first option stands before them without its label."""

    labels: list[Label] = field(default_factory=list)
    lost: bool = False
    remark: str = ""
    fault: str = ""


def offer_in(text: str, held: int, *, asked: bool, fresh: bool, on_stem: bool) -> Offer:
    """Options in a line, when the question before it `held` so many, `asked` for a choice, and `on_stem` has none yet.

    A `fresh` line begins a question and so never begins with an option: （A）是… shows the key in the stem.
    """
    label = leading_label(text, bare=held > 0 or asked or bool(_VERDICT.match(text)))
    if label and not fresh:
        return _odd_later(text, _led(text, label, held))
    if held:
        later = find_run(text, _letter(held))
        apart = later and later[0].start and text[later[0].start - 1].isspace()
        return Offer(later) if apart else Offer()
    run = find_run(text)
    if len(run) > 1 and run[0].start and _stands_alone(text, run):
        return _odd_later(text, Offer(run))
    if asked and on_stem and not fresh:
        run = find_run(text, "B")
        if len(run) > 1 and trim(text[: run[0].start]):
            return Offer(run, lost=True, remark="第一个选项没有字母，按 A 读取，请核对")
    return Offer()


def options_behind(stem: str) -> tuple[str, list[str]]:
    """A stem and the options written behind it in the same cell; no options where there is no list of them."""
    run = find_run(stem)
    if len(run) < 2 or not run[0].start or not _stands_alone(stem, run):
        return stem, []
    return stem[: run[0].start], drop_common_tail([stem[start:end] for start, end in cut_run(stem, run)])


def _stands_alone(text: str, run: list[Label]) -> bool:
    """Whether labels behind a question are a list of options and no symbols in its sentence, （A、a）…（B）."""
    signs = {half(text[label.start : label.end]).strip()[1:] for label in run}
    opened = half(text[run[0].start - 1]) in "(["
    filled = all(trim(text[start:end]) for start, end in cut_run(text, run))
    return filled and not opened and (len(signs) == 1 or len(run) > 2)


def _letter(place: int) -> str:
    return LETTERS[min(place, len(LETTERS) - 1)]


def _led(text: str, label: Label, held: int) -> Offer:
    """The labels of a line that begins with one."""
    wanted, signed = _letter(held), leading_label(text) is not None
    if label.letter in {wanted, "A"}:
        first = label.letter.lower() if trim(text)[0].islower() else label.letter
        run = find_run(text, first, anchored=True, bare=not signed)
        if len(run) == 1 and len(mixed := find_run(text, first, anchored=True, bare=True)) > 2:
            run = mixed
        alone = signed or held or (run and text[run[0].end : run[0].end + 1].isspace())
        return Offer(run) if len(run) > 1 or (run and alone) else Offer()
    if not held or not signed:
        return Offer()
    if LETTERS.index(label.letter) + 1 == held:
        # Typed or counted twice, A B B D: the second stands for the next letter, and the one after it goes on.
        later = [one for one in find_run(text, _letter(held + 1)) if one.start >= label.end]
        return Offer([label, *later], remark=_repeated(label.letter, wanted))
    return Offer([label], fault=_skipped(label.letter, wanted))


def _odd_later(text: str, offer: Offer) -> Offer:
    """Labels out of turn further on in the line: `C、… C、…` means the next letter, `B、… D、…` has lost one."""
    if not offer.labels or offer.remark or offer.fault:
        return offer
    last = offer.labels[-1]
    style, wanted = text[last.start : last.end].strip()[1:], _letter(LETTERS.index(last.letter) + 1)
    for letter in LETTERS[LETTERS.index(last.letter) :]:
        for one in find_run(text[last.end :], letter)[:1]:
            at, end = last.end + one.start, last.end + one.end
            if one.start and text[at - 1].isspace() and text[at:end].strip()[1:] == style:
                labels = [*offer.labels, Label(letter, at, end)]
                if letter == last.letter:
                    return Offer(labels, offer.lost, remark=_repeated(letter, wanted))
                return Offer(labels, offer.lost, fault=_skipped(letter, wanted))
    return offer


def _skipped(letter: str, wanted: str) -> str:
    return f"选项 {letter} 前面缺少选项 {wanted}，请补全选项字母"


def _repeated(letter: str, wanted: str) -> str:
    return f"选项字母 {letter} 出现两次，后一个按 {wanted} 读取，请核对"
