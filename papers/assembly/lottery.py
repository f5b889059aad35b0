"""The lottery behind a paper: every number of chance follows from the committed seed, none from the machine.

Keys are independent and exponential: the cheapest admissible form is then a fair draw, which anybody who holds the
seed can repeat. A question is never preferred for having been asked less: whoever knows the past papers could guess
the next one.
"""

import hmac
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from papers.assembly.candidates import Candidate

RESTRICT_ABOVE = 5_000
KEEP_ABOUT = 4_000
PER_CELL = 2
UNIT = 1_000_000
"""Keys are whole millionths of their mean, so that two forms hardly ever cost the same."""


class Draw:
    """Random numbers that follow from the seed and a purpose alone."""

    def __init__(self, seed: bytes, purpose: str) -> None:
        self._seed, self._purpose = seed, f"{purpose}|".encode()

    def of(self, one: Candidate) -> int:
        """A 64-bit number for an item."""
        return int.from_bytes(hmac.digest(self._seed, self._purpose + str(one.item).encode(), "sha256")[:8], "big")

    def key(self, one: Candidate) -> int:
        """An exponential key with mean `UNIT`: small ones are taken first."""
        return round(-math.log((self.of(one) + 1) / 2**64) * UNIT)

    def shuffled(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """The candidates in an order by lot."""
        return sorted(candidates, key=lambda one: (self.of(one), one.item))


def representatives(candidates: Iterable[Candidate], draw: Draw) -> list[Candidate]:
    """One wording per cluster, by lot: a question with many copies is not likelier than one without."""
    by_cluster = {one.cluster: one for one in reversed(draw.shuffled(candidates))}
    return sorted(by_cluster.values(), key=lambda one: one.item)


def restricted(candidates: Sequence[Candidate], draw: Draw) -> list[Candidate]:
    """Of a big bank a part by lot: the same share of every type, point and difficulty, at least two of each."""
    if len(candidates) <= RESTRICT_ABOVE:
        return list(candidates)
    cells: dict[object, list[Candidate]] = defaultdict(list)
    for one in draw.shuffled(candidates):
        cells[one.type, one.point, one.difficulty].append(one)
    most = {cell: max(PER_CELL, math.ceil(len(of) * KEEP_ABOUT / len(candidates))) for cell, of in cells.items()}
    kept = [one for cell, of in cells.items() for one in of[: most[cell]]]
    return sorted(kept, key=lambda one: one.item)
