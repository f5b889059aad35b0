"""Checks over a whole bank: where the right options stand, how right and wrong statements balance. Pure.

A test that has no preference answers with a probability: how often a bank without any leaning would lean as far. It is
told together with the size of the leaning, for in a large bank the slightest one is significant.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import comb, erfc, exp, factorial, gamma, sqrt

from bank.content import LETTERS, RIGHT, WRONG, ItemType
from bank.quality.checks import Entry, Severity

FEWEST = 20
"""Below so many items nothing is said of a leaning."""
UNLIKELY = 0.01
POSITION_LEAN = 0.07
"""Share above or below an even one from which a leaning of positions helps a guesser; measured on real banks."""
JUDGE_LEAN = 0.15
EXACT_UP_TO = 40
"""So many items are counted out exactly; above, the chi-square distribution is as good."""


@dataclass(frozen=True, slots=True)
class Balance:
    """One check over the whole bank: what was counted, the probability, and whether it is an alarm."""

    code: str
    name: str
    severity: Severity
    why: str
    mend: str
    count: int
    shares: Mapping[str, int]
    p_value: float
    alarm: bool
    reason: str


def key_positions(entries: Sequence[Entry]) -> list[Balance]:
    """Positions of the right option of single choice, for each number of options by itself."""
    groups: dict[int, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.content.type is ItemType.SINGLE:
            groups[len(entry.content.options)].append(entry.content.key)
    return [_positions(options, keys) for options, keys in sorted(groups.items()) if len(keys) >= FEWEST]


def _positions(options: int, keys: Sequence[str]) -> Balance:
    counts = Counter(keys)
    spread = {letter: counts[letter] for letter in LETTERS[:options]}
    probability = uniform_probability(list(spread.values()))
    letter, most = max(spread.items(), key=lambda one: one[1])
    lean = most / len(keys) - 1 / options
    alarm = probability < UNLIKELY and lean >= POSITION_LEAN
    told = "、".join(f"{name} {count / len(keys):.0%}" for name, count in spread.items())
    return Balance(
        f"key_positions_{options}",
        f"答案位置（{options} 个选项）",
        Severity.WARN,
        "正确选项集中在某个位置，不会的考生一律选它也能得分。组卷时题盾会调换选项次序，导出另用时仍受影响。",
        "调换部分试题的选项次序，使各位置大致相当。",
        len(keys),
        spread,
        probability,
        alarm,
        f"{told}；{letter} 最多，{_chance(probability)}",
    )


def key_runs(entries: Sequence[Entry]) -> Balance | None:
    """Whether the same position follows itself more or less often than by chance, in the order of writing."""
    keys = [entry.content.key for entry in entries if entry.content.type is ItemType.SINGLE]
    if len(keys) < FEWEST or len(set(keys)) < 2:
        return None
    runs = 1 + sum(a != b for a, b in pairwise(keys))
    probability, expected = runs_probability(keys, runs)
    longest = longest_run(keys)
    alarm = probability < UNLIKELY and abs(runs - expected) >= 0.1 * expected
    habit = "相邻题答案相同的过多" if runs < expected else "答案轮换得过于整齐"
    return Balance(
        "key_runs",
        "答案次序",
        Severity.INFO,
        "命题人按次序安排答案会形成规律，成组使用时可以猜到。",
        "写题时不必有意轮换答案；组卷前用题盾调换次序。",
        len(keys),
        {"runs": runs, "longest": longest},
        probability,
        alarm,
        f"{habit if alarm else '没有规律'}：连续 {longest} 题同一位置为最长，{_chance(probability)}",
    )


def judge_balance(entries: Sequence[Entry]) -> Balance | None:
    """Whether right and wrong statements balance."""
    keys = Counter(entry.content.key for entry in entries if entry.content.type is ItemType.JUDGE)
    count = keys[RIGHT] + keys[WRONG]
    if count < FEWEST:
        return None
    probability = uniform_probability([keys[RIGHT], keys[WRONG]])
    share = keys[RIGHT] / count
    return Balance(
        "judge_balance",
        "判断题正误",
        Severity.WARN,
        "正确与错误的说法相差悬殊，一律答“正确”（或“错误”）也能得高分。",
        "补写较少的一方，使正误大致各半。",
        count,
        {RIGHT: keys[RIGHT], WRONG: keys[WRONG]},
        probability,
        probability < UNLIKELY and abs(share - 0.5) >= JUDGE_LEAN,
        f"正确 {share:.0%}、错误 {1 - share:.0%}，{_chance(probability)}",
    )


def uniform_probability(counts: Sequence[int]) -> float:
    """Probability that items spread evenly at random lie at least as unevenly: exact for few, chi-square for many."""
    count, kinds = sum(counts), len(counts)
    squares = sum(one * one for one in counts)
    if count <= EXACT_UP_TO:
        return _counted_out(count, kinds, squares)
    return chi_square_tail(kinds * squares / count - count, kinds - 1)


def _counted_out(count: int, kinds: int, squares: int) -> float:
    """The share of all ways to spread `count` items over `kinds` places whose squares sum to at least `squares`."""
    ways = {(0, 0): 1}
    for _ in range(kinds):
        more: dict[tuple[int, int], int] = defaultdict(int)
        for (placed, sum_), number in ways.items():
            for here in range(count - placed + 1):
                more[placed + here, sum_ + here * here] += number * comb(placed + here, here)
        ways = more
    far = sum(number for (placed, sum_), number in ways.items() if placed == count and sum_ >= squares)
    return far / float(kinds) ** count


def chi_square_tail(value: float, freedom: int) -> float:
    """Upper tail of the chi-square distribution, by its closed form for whole degrees of freedom."""
    half = max(value, 0.0) / 2
    if freedom % 2 == 0:
        return exp(-half) * sum(half**k / factorial(k) for k in range(freedom // 2))
    steps = range(freedom // 2)
    return erfc(sqrt(half)) + exp(-half) * sqrt(half) * sum(half**k / gamma(k + 1.5) for k in steps)


def runs_probability(keys: Sequence[str], runs: int) -> tuple[float, float]:
    """Two-sided probability of so many runs when the same keys stand in random order, and the runs expected."""
    n, counts = len(keys), Counter(keys).values()
    two, three = sum(c**2 for c in counts), sum(c**3 for c in counts)
    expected = (n * (n + 1) - two) / n
    variance = (two * (two + n * (n + 1)) - 2 * n * three - n**3) / (n * n * (n - 1))
    return erfc(abs(runs - expected) / sqrt(2 * variance)) if variance > 0 else 1.0, expected


def longest_run(keys: Sequence[str]) -> int:
    """The greatest number of equal keys in a row."""
    longest = current = 0
    previous = ""
    for key in keys:
        current = current + 1 if key == previous else 1
        longest, previous = max(longest, current), key
    return longest


def _chance(probability: float) -> str:
    return "偶然出现的概率不到千分之一" if probability < 0.001 else f"偶然出现的概率 {probability:.1%}"
