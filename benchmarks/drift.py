"""False alarms and power of the drift test, over simulated banks: how often a lead is chance, and which leaks it sees.

Two-parameter items in sittings of cohorts that differ; some of the last sitting's items are known beforehand to a share
of its candidates. Prints one row a setting. `python -m benchmarks.drift [--banks N]`
"""

import argparse
from dataclasses import dataclass

import numpy as np

from papers.statistics.drift import FALSE_ALARMS, Cell, drifts


@dataclass(frozen=True, slots=True)
class World:
    """One kind of bank: what is asked of whom, how sharp items and how different cohorts are, what leaked."""

    name: str
    items: int = 200
    sittings: int = 8
    asked: int = 60
    candidates: int = 80
    sharpness: float = 0.3
    cohorts: float = 0.5
    leaked: int = 0
    known_to: float = 0.0


WORLDS = (
    World("nothing leaked"),
    World("nothing leaked, equally sharp items", sharpness=0.0),
    World("nothing leaked, cohorts far apart", cohorts=1.0),
    World("nothing leaked, 200 candidates", candidates=200),
    World("nothing leaked, 3 sittings of 35", items=80, asked=40, sittings=3, candidates=35),
    World("5 known to half", leaked=5, known_to=0.5),
    World("5 known to nearly all", leaked=5, known_to=0.9),
    World("5 known to half, 200 candidates", candidates=200, leaked=5, known_to=0.5),
    World("5 known to all of 40", candidates=40, leaked=5, known_to=1.0),
    World("12 of 60 known to two thirds", leaked=12, known_to=0.67),
)


def simulate(world: World, seed: int) -> tuple[list[Cell], set[int]]:
    """Cells of one bank, and the items that leaked."""
    lot = np.random.default_rng(seed)
    hard = lot.normal(-0.5, 0.9, world.items)
    sharp = np.exp(lot.normal(0, world.sharpness, world.items))
    cells: list[Cell] = []
    out: set[int] = set()
    for sitting in range(world.sittings):
        asked = lot.choice(world.items, world.asked, replace=False)
        able = lot.normal(lot.normal(0, world.cohorts), 1, world.candidates)
        if sitting == world.sittings - 1:
            out = {int(one) for one in asked[: world.leaked]}
        for item in asked.tolist():
            right = lot.random(world.candidates) < 1 / (1 + np.exp(-sharp[item] * (able - hard[item])))
            if item in out:
                right |= lot.random(world.candidates) < world.known_to
            count = float(right.sum())
            cells.append(Cell(item, sitting, world.candidates, count, count))
    return cells, out


def measure(world: World, banks: int) -> str:
    """One row: share of false leads among leads, banks with a false lead, share of testable leaks that were seen."""
    false, alarmed, seen = [], 0, []
    for seed in range(banks):
        cells, out = simulate(world, seed)
        found = drifts(cells)
        leads = {one.item for one in found if one.lead}
        false.append(len(leads - out) / max(len(leads), 1))
        alarmed += bool(leads - out)
        testable = {one.item for one in found} & out
        if testable:
            seen.append(len(leads & testable) / len(testable))
    power = f"{np.mean(seen):6.1%}" if seen else "     -"
    return f"{world.name:38} {np.mean(false):6.1%} {alarmed / banks:6.1%} {power}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--banks", type=int, default=200)
    banks = parser.parse_args().banks
    print(f"{banks} simulated banks a row; stated share of false leads: at most {FALSE_ALARMS:.0%}")
    print(f"{'':38} {'false':>6} {'banks':>6} {'seen':>6}")
    for world in WORLDS:
        print(measure(world, banks))


if __name__ == "__main__":
    main()
