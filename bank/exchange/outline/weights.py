"""Weights of scopes (鉴定比重) in one unit: hundredths of a percent of the whole paper.

Files write them as percent or as parts of one, and a deeper grade either as a share of the paper (its scopes sum to
the scope above) or as a share of the scope above (they sum to 100). A sum that fits neither is warned of, with its
row; it is not refused, because printed standards themselves round.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bank.exchange.outline.cells import Weight

WHOLE = Fraction(100)
# Sums may miss by what rounding to one decimal loses.
TOLERANCE = Fraction(1, 10)
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Weighed:
    """A scope with its weight as written, and where it stands in the file."""

    code: str
    name: str
    place: str
    weight: Weight | None

    @property
    def parent(self) -> str:
        """The code of the scope above, "" for the first grade."""
        return self.code.rpartition("-")[0]

    @property
    def grade(self) -> int:
        """1 for the outermost."""
        return self.code.count("-") + 1


def weigh(scopes: Sequence[Weighed]) -> tuple[dict[str, int], list[str]]:
    """The weight of each scope that has one, and a sentence for every sum that does not fit."""
    written = _percent(scopes)
    families: dict[str, list[Weighed]] = defaultdict(list)
    for scope in scopes:
        families[scope.parent].append(scope)
    relative = {grade for grade in range(2, 7) if _is_relative(grade, families, written)}
    known = {scope.code: scope for scope in scopes}
    warnings = [
        warning
        for parent, family in families.items()
        for warning in _faults(known.get(parent), family, written, family[0].grade in relative)
    ]
    return _absolute(scopes, families, written, relative), warnings


def _percent(scopes: Sequence[Weighed]) -> dict[str, Fraction]:
    """Weights in percent; where no figure without a sign is above one, those are parts of one."""
    plain = [scope.weight.figure for scope in scopes if scope.weight and not scope.weight.percent]
    unit = 100 if plain and max(plain) <= 1 else 1
    return {one.code: one.weight.figure * (1 if one.weight.percent else unit) for one in scopes if one.weight}


def _sum(family: Sequence[Weighed], written: Mapping[str, Fraction]) -> Fraction | None:
    """What a family of scopes sums to; None unless all of them have a weight."""
    if not all(scope.code in written for scope in family):
        return None
    return sum((written[scope.code] for scope in family), Fraction(0))


def _is_relative(grade: int, families: Mapping[str, Sequence[Weighed]], written: Mapping[str, Fraction]) -> bool:
    """Whether the scopes of this grade are written as shares of the one above: most families say so."""
    votes = 0
    for parent, family in families.items():
        total = _sum(family, written)
        if not parent or family[0].grade != grade or total is None or parent not in written:
            continue
        from_whole, from_parent = abs(total - WHOLE), abs(total - written[parent])
        if min(from_whole, from_parent) <= TOLERANCE:
            votes += (from_whole < from_parent) - (from_parent < from_whole)
    return votes > 0


def _faults(
    parent: Weighed | None, family: Sequence[Weighed], written: Mapping[str, Fraction], relative: bool
) -> list[str]:
    """What is wrong with the weights of one family of scopes."""
    lacking = [scope for scope in family if scope.code not in written]
    if lacking:
        return [] if len(lacking) == len(family) else [f"{one.place}：{_title(one)}没有比重" for one in lacking]
    total = _sum(family, written) or Fraction(0)
    if not family[0].parent:
        sums_up = abs(total - WHOLE) <= TOLERANCE
        places = "、".join(scope.place for scope in family)
        return [] if sums_up else [f"一级鉴定范围比重合计为 {_shown(total)}，应为 100%（{places}）"]
    if parent is None or (not relative and parent.code not in written):
        return []
    wanted = WHOLE if relative else written[parent.code]
    if abs(total - wanted) <= TOLERANCE:
        return []
    return [f"{parent.place}：{_title(parent)}下一级比重合计为 {_shown(total)}，应为 {_shown(wanted)}"]


def _absolute(
    scopes: Sequence[Weighed],
    families: Mapping[str, Sequence[Weighed]],
    written: Mapping[str, Fraction],
    relative: set[int],
) -> dict[str, int]:
    """Weights as shares of the paper, in whole hundredths that sum where the written ones do."""
    factor: dict[str, Fraction] = {"": Fraction(1)}
    share: dict[str, Fraction] = {"": WHOLE}
    found: dict[str, int] = {"": int(WHOLE) * HUNDREDTHS}
    for parent in sorted(families, key=lambda code: (code != "", code.count("-"))):
        family = families[parent]
        above = share.get(parent)
        for scope in family:
            own = (
                above / WHOLE if family[0].grade in relative and above is not None else factor.get(parent, Fraction(1))
            )
            factor[scope.code] = own
            if scope.code in written:
                share[scope.code] = written[scope.code] * own
        known = [scope.code for scope in family if scope.code in share]
        found |= _whole({code: share[code] for code in known}, found.get(parent) if len(known) == len(family) else None)
    return {scope.code: found[scope.code] for scope in scopes if scope.code in found}


def _whole(shares: Mapping[str, Fraction], wanted: int | None) -> dict[str, int]:
    """Shares in whole hundredths; where they sum to `wanted` but for rounding, they do so exactly."""
    exact = {code: share * HUNDREDTHS for code, share in shares.items()}
    if wanted is None or abs(sum(exact.values(), Fraction(0)) - wanted) > TOLERANCE * HUNDREDTHS:
        return {code: round(value) for code, value in exact.items()}
    found = {code: int(value) for code, value in exact.items()}
    spare = wanted - sum(found.values())
    by_rest = sorted(exact, key=lambda code: exact[code] - found[code], reverse=True)
    step = 1 if spare > 0 else -1
    for at in range(abs(spare)):
        found[by_rest[at % len(by_rest)]] += step
    return found


def _title(scope: Weighed) -> str:
    return scope.code if scope.name == scope.code else f"{scope.code} {scope.name} "


def _shown(share: Fraction) -> str:
    return f"{round(float(share), 2):g}%"
