"""What one sitting says about each question, as counts that can be added up over sittings.

Only these counts are kept, never who answered what: difficulty, discrimination, the distractor table and the drift
over sittings all follow from them. A corrected key needs the file once more, which then replaces what it gave.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from papers.statistics.intervals import trials, wilson
from papers.statistics.reliability import Matrix
from papers.statistics.scoring import Answer, Question, choices_of

GROUP = 0.27
"""Kelley's share: upper and lower group of this size differ most surely."""


@dataclass(frozen=True, slots=True)
class OptionCount:
    """Who chose an option: how many, and the sum and sum of squares of their share of all other marks."""

    count: int = 0
    rest: float = 0.0
    squares: float = 0.0

    @property
    def mean(self) -> float | None:
        """Mean share of the other marks among those who chose it."""
        return self.rest / self.count if self.count else None

    def __add__(self, other: "OptionCount") -> "OptionCount":
        return OptionCount(self.count + other.count, self.rest + other.rest, self.squares + other.squares)


@dataclass(frozen=True, slots=True)
class ItemCount:
    """One question in one sitting, or in several: shares of its marks, candidates, groups, options.

    `earned` and `squares` sum the share of marks and its square; `upper` and `lower` sum it over `group` candidates;
    `told` are the candidates whose choices are known, and not only their marks.
    """

    n: int
    told: int
    omitted: int
    earned: float
    squares: float
    discrimination: float | None
    group: int
    upper: float
    lower: float
    options: dict[str, OptionCount]

    @property
    def p(self) -> float:
        """Difficulty: the share of marks earned."""
        return self.earned / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of `p`."""
        return wilson(self.p, trials(self.n, self.earned, self.squares))

    @property
    def upper_lower(self) -> float | None:
        """Difference of the share between the upper and lower group."""
        return (self.upper - self.lower) / self.group if self.group else None


def count_items(questions: Sequence[Question], answers: Sequence[Sequence[Answer]]) -> list[ItemCount]:
    """The counts of each question from candidates' answers, in the order of the questions."""
    earned = earned_matrix(answers, len(questions))
    total = earned.sum(axis=1)
    full = sum(one.marks for one in questions)
    weights = _groups(total)
    found = []
    for at, question in enumerate(questions):
        share = earned[:, at] / question.marks if question.marks else earned[:, at]
        rest = total - earned[:, at]
        spread = max(full - question.marks, 1)
        column = [row[at] for row in answers]
        options = _options(question, column, rest / spread)
        found.append(
            ItemCount(
                n=len(answers),
                told=len(answers) if options else 0,
                omitted=sum(one.omitted for one in column),
                earned=float(share.sum()),
                squares=float((share * share).sum()),
                discrimination=correlation(share, rest),
                group=round(GROUP * len(answers)),
                upper=float(weights[0] @ share),
                lower=float(weights[1] @ share),
                options=options,
            )
        )
    return found


def earned_matrix(answers: Sequence[Sequence[Answer]], questions: int) -> Matrix:
    """Half marks, candidates by questions."""
    rows = [[one.earned for one in row] for row in answers]
    return np.array(rows, dtype=float).reshape(len(answers), questions)


def correlation(share: Matrix, rest: Matrix) -> float | None:
    """Pearson's r, which for right or wrong is the point-biserial; None where one side does not vary."""
    if len(share) < 2 or np.ptp(share) < 1e-12 or np.ptp(rest) < 1e-12:
        return None
    one, other = share - share.mean(), rest - rest.mean()
    return float((one @ other) / np.sqrt((one @ one) * (other @ other)))


def _groups(total: Matrix) -> tuple[Matrix, Matrix]:
    """Weights of the upper and lower group; candidates with equal totals share the last places, so order is nothing."""
    size = round(GROUP * len(total))
    return _best(total, size), _best(-total, size)


def _best(values: Matrix, size: int) -> Matrix:
    if not size:
        return np.zeros(len(values))
    limit = np.sort(values)[-size]
    above, level = values > limit, values == limit
    weights: npt.NDArray[np.float64] = above + level * ((size - above.sum()) / level.sum())
    return weights


def _options(question: Question, column: Sequence[Answer], rest: Matrix) -> dict[str, OptionCount]:
    """For each thing that could be chosen, who did; with several right letters each of them counts."""
    found = {}
    for choice in choices_of(question):
        chose = np.array(
            [one.chosen == choice if len(choice) > 1 else choice in one.chosen for one in column], dtype=bool
        )
        theirs = rest[chose]
        found[choice] = OptionCount(int(chose.sum()), float(theirs.sum()), float((theirs * theirs).sum()))
    return found if any(one.count for one in found.values()) else {}


def pooled(counts: Iterable[ItemCount]) -> ItemCount:
    """The counts of several sittings as one; discriminations are averaged by Fisher's z, weighted by candidates."""
    rows = list(counts)
    told = [(one.discrimination, max(one.n - 3, 1)) for one in rows if one.discrimination is not None]
    weight = sum(size for _, size in told)
    mean = sum(float(np.arctanh(np.clip(r, -0.999999, 0.999999))) * size for r, size in told) / weight if told else None
    options: dict[str, OptionCount] = {}
    for row in rows:
        for letter, count in row.options.items():
            options[letter] = options.get(letter, OptionCount()) + count
    return ItemCount(
        n=sum(one.n for one in rows),
        told=sum(one.told for one in rows),
        omitted=sum(one.omitted for one in rows),
        earned=sum(one.earned for one in rows),
        squares=sum(one.squares for one in rows),
        discrimination=None if mean is None else float(np.tanh(mean)),
        group=sum(one.group for one in rows),
        upper=sum(one.upper for one in rows),
        lower=sum(one.lower for one in rows),
        options=dict(sorted(options.items())),
    )
