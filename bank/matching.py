"""Which point of an outline is meant, by code, by name or by near name: for files and for revised outlines. Pure.

A code alone is weak evidence: one new point in the middle of a list shifts the codes of all that follow. So a code
counts at once only where the name agrees; the same name under another code goes before another name under the code.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz

from bank.exchange.glyphs import half
from bank.exchange.outline.cells import code_of, unglue

NEAR = 0.75
# Below this two names under one code have little in common: a person should look.
KINDRED = 0.5
_FIGURES = re.compile(r"\d+(?:\.\d+)?")


class Ground(StrEnum):
    """Why two points are taken for the same."""

    CODE = "code"
    NAME = "name"
    NEAR = "near"


GROUND_NAMES = {Ground.CODE: "代码相同", Ground.NAME: "名称相同", Ground.NEAR: "名称相近"}


@dataclass(frozen=True, slots=True)
class Named:
    """A point as far as matching goes: its name and the name of its innermost scope."""

    name: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The point that is meant, why, and whether a person should look because the names differ."""

    code: str
    ground: Ground
    doubtful: bool = False


@lru_cache(maxsize=8192)
def bare(name: str) -> str:
    """A name without what does not count: width, case, blanks, punctuation."""
    return re.sub(r"\W+", "", half(name)).casefold()


def likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1; names with different figures (36V, 24V) are different points."""
    if _FIGURES.findall(half(one)) != _FIGURES.findall(half(other)):
        return 0.0
    return fuzz.ratio(bare(one), bare(other)) / 100


def find_point(text: str, points: Mapping[str, Named], *, near: bool = False) -> Match | None:
    """The point that a row of a file names: a code, a name, or both in one text; None when none or several fit."""
    if code_of(text) in points:
        return Match(code_of(text), Ground.CODE)
    code, name = unglue(text)
    by_name = [one for one, point in points.items() if bare(point.name) in {bare(text), bare(name)}]
    if len(by_name) == 1:
        return Match(by_name[0], Ground.NAME)
    if code in points:
        return Match(code, Ground.CODE, likeness(points[code].name, name) < KINDRED)
    if by_name or not near:
        return None
    ranked = sorted(((likeness(point.name, name), one) for one, point in points.items()), reverse=True)
    clear = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][0] > ranked[1][0])
    return Match(ranked[0][1], Ground.NEAR, doubtful=True) if clear and ranked[0][0] >= NEAR else None


def match_points(old: Mapping[str, Named], new: Mapping[str, Named]) -> dict[str, Match]:
    """For each old point the new one that goes on with it; no new point goes on with two old ones."""
    found: dict[str, Match] = {}
    taken: set[str] = set()

    def pair(one: str, other: str, ground: Ground, *, doubtful: bool = False) -> None:
        if one not in found and other not in taken:
            found[one] = Match(other, ground, doubtful)
            taken.add(other)

    for code in old:
        if code in new and bare(old[code].name) == bare(new[code].name):
            pair(code, code, Ground.CODE)
    for key in (_by_scope, _by_name):
        for one, other in _only_pairs(old.keys() - found.keys(), new.keys() - taken, old, new, key):
            pair(one, other, Ground.NAME)
    for code in sorted(old.keys() - found.keys()):
        if code in new and likeness(old[code].name, new[code].name) >= KINDRED:
            pair(code, code, Ground.CODE)
    for _, one, other in _near_pairs(old.keys() - found.keys(), new.keys() - taken, old, new):
        pair(one, other, Ground.NEAR, doubtful=True)
    for code in sorted(old.keys() - found.keys()):
        if code in new:
            pair(code, code, Ground.CODE, doubtful=True)
    return found


def _by_scope(point: Named) -> Hashable:
    return bare(point.name), bare(point.scope)


def _by_name(point: Named) -> Hashable:
    return bare(point.name)


def _only_pairs(
    olds: set[str],
    news: set[str],
    old: Mapping[str, Named],
    new: Mapping[str, Named],
    key: Callable[[Named], Hashable],
) -> list[tuple[str, str]]:
    """Pairs of points that alone bear the same key on their side."""
    sides: dict[Hashable, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for code in olds:
        sides[key(old[code])][0].append(code)
    for code in news:
        sides[key(new[code])][1].append(code)
    return [(ones[0], others[0]) for ones, others in sides.values() if len(ones) == len(others) == 1]


def _near_pairs(
    olds: set[str], news: set[str], old: Mapping[str, Named], new: Mapping[str, Named]
) -> list[tuple[float, str, str]]:
    """Pairs with near names, the nearest first."""
    pairs = [
        (-score, one, other)
        for one in olds
        for other in news
        if (score := likeness(old[one].name, new[other].name)) >= NEAR
    ]
    return sorted(pairs)
