"""What the counts of a question mean for whoever keeps the bank: flags, and a difficulty from 1 to 5.

Nothing is said of a question that fewer than thirty candidates answered: the interval alone is shown.
"""

import math
from enum import StrEnum

from papers.statistics.drift import FEWEST, Drift
from papers.statistics.items import ItemCount, OptionCount

RARE = 0.05
"""A distractor chosen by fewer than this share does no work."""
WEAK = 0.20
EASIEST, HARDEST = 0.95, 0.20
GRADES_APART = 2
_BEATEN_BY = 10
_SURELY = 1.645


class Flag(StrEnum):
    """What deserves a look, the most urgent first."""

    LEAK_LEAD = "leak_lead"
    KEY_SUSPECT = "key_suspect"
    NEGATIVE = "negative"
    HARDER = "harder"
    WEAK = "weak"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    GRADE = "grade"
    IDLE_OPTION = "idle_option"
    FEW = "few"


FLAG_NAMES = {
    Flag.LEAK_LEAD: "突然变易",
    Flag.KEY_SUSPECT: "答案存疑",
    Flag.NEGATIVE: "区分度为负",
    Flag.HARDER: "突然变难",
    Flag.WEAK: "区分度低",
    Flag.TOO_EASY: "过易",
    Flag.TOO_HARD: "过难",
    Flag.GRADE: "难度设定不符",
    Flag.IDLE_OPTION: "有空设选项",
    Flag.FEW: "人数不足",
}
FLAG_TONES = {Flag.LEAK_LEAD: "bad", Flag.KEY_SUSPECT: "bad", Flag.NEGATIVE: "bad", Flag.FEW: ""}


def flags(count: ItemCount, key: str, difficulty: int | None, drift: Drift | None) -> tuple[Flag, ...]:
    """Every flag that holds; `key` in the item's own letters."""
    if count.n < FEWEST:
        return (Flag.FEW,)
    low, high = count.interval
    r = count.discrimination
    suggested = suggested_difficulty(count)
    holds = {
        Flag.LEAK_LEAD: drift is not None and drift.lead,
        Flag.KEY_SUSPECT: bool(beating(count, key)),
        Flag.NEGATIVE: r is not None and r < 0,
        Flag.HARDER: drift is not None and drift.harder,
        Flag.WEAK: r is not None and 0 <= r < WEAK,
        Flag.TOO_EASY: low > EASIEST,
        Flag.TOO_HARD: high < HARDEST,
        Flag.GRADE: bool(difficulty and suggested and abs(difficulty - suggested) >= GRADES_APART),
        Flag.IDLE_OPTION: bool(idle(count, key)),
    }
    return tuple(flag for flag, held in holds.items() if held)


def suggested_difficulty(count: ItemCount) -> int | None:
    """The grade 1 (easy) to 5 (hard) that the share of marks speaks for; None where too few answered."""
    return 5 - min(4, int(count.p * 5)) if count.n >= FEWEST else None


def idle(count: ItemCount, key: str) -> tuple[str, ...]:
    """Distractors that fewer than one in twenty chose; a question of right or wrong has none that could be better."""
    wrong = {letter: one for letter, one in count.options.items() if len(letter) == 1 and letter not in key}
    return tuple(letter for letter, one in wrong.items() if one.count < RARE * count.told)


def beating(count: ItemCount, key: str) -> tuple[str, ...]:
    """What surely better candidates chose than those who chose the key: the key itself may be wrong."""
    if len(key) != 1 and key not in count.options:
        return ()
    right = count.options.get(key, OptionCount())
    wrong = {letter: one for letter, one in count.options.items() if letter != key}
    return tuple(letter for letter, one in wrong.items() if _better(one, right, count.told))


def _better(one: OptionCount, right: OptionCount, told: int) -> bool:
    """Whether those who chose `one` did better elsewhere, more than chance explains at one in twenty."""
    if one.count < max(_BEATEN_BY, RARE * told) or one.mean is None:
        return False
    if right.mean is None:
        return True
    error = math.sqrt(_variance(one) / one.count + _variance(right) / max(right.count, 1))
    return one.mean - right.mean > _SURELY * error


def _variance(one: OptionCount) -> float:
    if one.count < 2:
        return 1.0
    mean = one.rest / one.count
    return max(one.squares - one.count * mean * mean, 0) / (one.count - 1)
