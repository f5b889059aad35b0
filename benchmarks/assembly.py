"""Three certified parallel forms on made banks, beside random drawing with retries as many systems do it today.

    python benchmarks/assembly.py [--seeds N] [--data DIR]

Whole requests are timed: child process, model, solving, certificate. The peer draws at random by type and retries for
as long as our slowest request of the row took. `--data` is accepted for symmetry and not needed: banks are made here.
"""

import argparse
import random
import resource
import statistics
import time
from datetime import date

from bank.content import ItemType
from papers.assembly.blueprints import Blueprint, Difficulty, ScopeWeight, Section
from papers.assembly.candidates import Candidate, PastPaper
from papers.assembly.certificate import certify, holds
from papers.assembly.outcome import Found, Request
from papers.assembly.solver import assemble

POINTS = 240
BLUEPRINT = Blueprint(
    "80 单选 20 判断",
    (Section(ItemType.SINGLE, 80, 2), Section(ItemType.JUDGE, 20, 2)),
    scopes=tuple(ScopeWeight(code, marks, 8) for code, marks in (("A", 66), ("B", 66), ("C", 68))),
    difficulty=Difficulty(282, 10),
)


def bank(count: int, seed: int) -> tuple[Candidate, ...]:
    """240 points in three scopes, 18 % of items near-duplicates, difficulty and types as real banks have them."""
    draw = random.Random(seed)
    found: list[Candidate] = []
    for number in range(count):
        point = draw.randrange(POINTS)
        kind = draw.choices([ItemType.SINGLE, ItemType.JUDGE, ItemType.MULTIPLE], [68, 22, 10])[0]
        copied = found and draw.random() < 0.18
        cluster = draw.choice(found).cluster if copied else number
        grade = draw.choices([1, 2, 3, 4, 5], [15, 30, 33, 16, 6])[0]
        scope = "ABC"[point % 3]
        found.append(Candidate(number, number, kind, cluster, f"{scope}-{point}", (scope,), grade, number % 12))
    return tuple(found)


def past_papers(candidates: tuple[Candidate, ...], count: int, seed: int) -> tuple[PastPaper, ...]:
    draw = random.Random(seed)
    return tuple(
        PastPaper(f"往卷 {n}", date(2026, 1 + n % 12, 1), frozenset(c.cluster for c in draw.sample(candidates, 100)))
        for n in range(count)
    )


def random_with_retry(wanted: Request, seconds: float, seed: int) -> tuple[bool, int]:
    """Draw by type until a form passes: what most systems do. Success and tries."""
    draw, tries, until = random.Random(seed), 0, time.perf_counter() + seconds
    pools = [[c for c in wanted.candidates if c.type is s.type] for s in wanted.blueprint.sections]
    while time.perf_counter() < until:
        tries += 1
        form = [c for p, s in zip(pools, wanted.blueprint.sections, strict=True) for c in draw.sample(p, s.count)]
        if holds(certify(wanted, [form])):
            return True, tries
    return False, tries


def row(count: int, papers: int, seeds: int) -> None:
    spent, found, lucky, tried = [], 0, 0, 0
    for seed in range(seeds):
        candidates = bank(count, seed)
        wanted = Request(BLUEPRINT, candidates, past_papers(candidates, papers, seed), 10.0, 3, bytes([seed]) * 32)
        started = time.perf_counter()
        outcome = assemble(wanted)
        spent.append(time.perf_counter() - started)
        found += isinstance(outcome, Found)
        passed, tries = random_with_retry(wanted, max(spent), seed)
        lucky, tried = lucky + passed, tried + tries
    spent.sort()
    worst = spent[min(len(spent) - 1, round(0.95 * len(spent)))]
    print(
        f"{count:>7} {papers:>5} {found:>6}/{seeds:<3} {statistics.median(spent):>8.2f} {worst:>8.2f} "
        f"{lucky:>8}/{seeds:<3} {tried:>9}"
    )


def infeasible(seeds: int) -> None:
    spent = []
    for seed in range(seeds):
        candidates = bank(260, seed)
        started = time.perf_counter()
        outcome = assemble(Request(BLUEPRINT, candidates, (), 10.0, 3, bytes([seed]) * 32))
        spent.append(time.perf_counter() - started)
        print(
            f"  260 items, three forms: {type(outcome).__name__}, {spent[-1]:.2f} s with conflict set and writing order"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--data", help="not needed: banks are made here")
    seeds = parser.parse_args().seeds
    print("three forms, 100 items each, at most 10 % of the marks from any past paper")
    print("  items  past   found   median s    p95 s   random finds     tries")
    for count, papers in ((1_000, 20), (1_000, 40), (10_000, 20), (10_000, 60), (50_000, 60)):
        row(count, papers, seeds)
    print("proof that there is no paper")
    infeasible(min(3, seeds))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of a solver process: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
