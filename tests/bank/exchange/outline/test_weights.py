"""However weights are written, they come out in one unit and sum; what does not sum is named."""

from collections import defaultdict
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from bank.exchange.outline.cells import Weight
from bank.exchange.outline.weights import Weighed, weigh

Tree = dict[str, int]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Scopes in up to four grades with weights in tenths of a percent, which sum at every step."""
    found: Tree = {}

    def split(parent: str, whole: int, depth: int) -> None:
        parts = draw(st.integers(2 if not parent else 1, 4))
        if depth == 0 or whole < 10 * parts:
            return
        cuts = sorted(draw(st.sets(st.integers(1, whole - 1), min_size=parts - 1, max_size=parts - 1)))
        for at, (low, high) in enumerate(zip([0, *cuts], [*cuts, whole], strict=True)):
            code = f"{parent}-{'ABCD'[at]}".lstrip("-")
            found[code] = high - low
            split(code, high - low, depth - 1)

    split("", 1000, draw(st.integers(1, 4)))
    return found


def _written(tree: Tree, *, relative: bool, unit: int, percent: bool = False) -> list[Weighed]:
    """The tree as a file writes it: in parts of `unit`, of the paper or of the scope above."""
    rows = []
    for at, (code, tenths) in enumerate(tree.items(), 4):
        above = tree.get(code.rpartition("-")[0], 1000) if relative else 1000
        rows.append(Weighed(code, code, f"第 {at} 行", Weight(Fraction(tenths * unit, above), percent)))
    return rows


def _families(weights: dict[str, int]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for code, weight in weights.items():
        sums[code.rpartition("-")[0]] += weight
    return sums


@given(trees(), st.sampled_from([(100, False), (100, True), (1, False)]))
def test_shares_of_the_paper_come_out_exact(tree: Tree, written: tuple[int, bool]) -> None:
    unit, percent = written
    weights, warnings = weigh(_written(tree, relative=False, unit=unit, percent=percent))
    assert weights == {code: tenths * 10 for code, tenths in tree.items()}
    assert warnings == []


@given(trees(), st.sampled_from([1, 100]))
def test_shares_of_the_scope_above_become_shares_of_the_paper(tree: Tree, unit: int) -> None:
    weights, warnings = weigh(_written(tree, relative=True, unit=unit))
    assert warnings == []
    for parent, total in _families(weights).items():
        assert total == (weights[parent] if parent else 10000)
    assert all(abs(weights[code] - tenths * 10) <= 4 for code, tenths in tree.items())


@given(trees(), st.data())
def test_one_wrong_weight_is_named_with_its_row(tree: Tree, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(sorted(tree)))
    off = data.draw(st.integers(2, 60))
    # A family that sums to 100 by mistake reads as shares of the scope above it.
    assume(tree[code] < 998 and abs(tree.get(code.rpartition("-")[0], 0) + off - 1000) > 1)
    rows = _written(tree | {code: tree[code] + off}, relative=False, unit=100)
    weights, warnings = weigh(rows)
    parent = code.rpartition("-")[0]
    place = {row.code: row.place for row in rows}
    if parent:
        assert any(warning.startswith(f"{place[parent]}：{parent}") for warning in warnings)
    else:
        assert any(f"合计为 {100 + off / 10:g}%" in warning and place[code] in warning for warning in warnings)
    assert weights[code] == (tree[code] + off) * 10


def test_thirds_sum_to_the_whole() -> None:
    thirds = [Weighed(code, code, "", Weight(Fraction("33.33"), percent=False)) for code in "ABC"]
    weights, warnings = weigh(thirds)
    assert (sum(weights.values()), warnings) == (10000, [])
    assert max(weights.values()) - min(weights.values()) == 1


def test_scopes_without_weights_are_nothing_to_complain_of() -> None:
    rows = [Weighed(code, code, "", None) for code in ("A", "A-A", "B")]
    assert weigh(rows) == ({}, [])
