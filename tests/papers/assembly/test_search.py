"""The search against brute force on banks small enough to try every paper."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.content import ItemType
from papers.assembly import search
from papers.assembly.blueprints import Blueprint, Difficulty, ScopeWeight, Section
from papers.assembly.candidates import Candidate, PastPaper
from papers.assembly.certificate import certify, holds
from papers.assembly.conflicts import conflict_set, lowest_overlap
from papers.assembly.lottery import Draw, representatives, restricted
from papers.assembly.model import BETWEEN_FORMS, CLUSTERS, joint_rows, usable
from papers.assembly.orders import writing_order
from papers.assembly.outcome import Request
from papers.assembly.search import Watch, hunt

SEED = b"a seed of the test, 32 bytes long"
SINGLE, JUDGE = ItemType.SINGLE, ItemType.JUDGE
Form = tuple[Candidate, ...]


@st.composite
def candidates(draw: st.DrawFn, most: int = 9) -> tuple[Candidate, ...]:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from([SINGLE, SINGLE, JUDGE]),
                st.integers(0, 8),
                st.sampled_from(["p", "q", "r", "s", None]),
                st.sampled_from([("A",), ("B",), ()]),
                st.sampled_from([1, 3, 5, None]),
                st.sampled_from([1, 2, None]),
            ),
            max_size=most,
        )
    )
    return tuple(Candidate(10 * n, n, *row) for n, row in enumerate(rows, start=1))


@st.composite
def requests(draw: st.DrawFn, forms: int | None = None) -> Request:
    scopes = draw(st.sampled_from([(), (ScopeWeight("A", 3, 1),), (ScopeWeight("A", 2, 0), ScopeWeight("B", 2, 2))]))
    hard = draw(st.sampled_from([Difficulty(), Difficulty(300, 70), Difficulty(counts=((3, 1),), counts_tolerance=1)]))
    blueprint = Blueprint(
        "微",
        (Section(SINGLE, 2, 2), Section(JUDGE, 1, 1)),
        scopes=scopes,
        per_point=draw(st.sampled_from([None, 1])),
        difficulty=hard,
        between_forms=draw(st.sampled_from([0.0, 0.0, 40.0])),
        per_author=draw(st.sampled_from([None, 1, 2])),
    )
    clusters = st.frozensets(st.integers(0, 8), max_size=3)
    past = tuple(
        PastPaper(f"往卷{n}", date(2026, 1, 1), of) for n, of in enumerate(draw(st.lists(clusters, max_size=3)))
    )
    limit = draw(st.sampled_from([0.0, 20.0, 40.0]))
    return Request(blueprint, draw(candidates()), past, limit, forms or draw(st.integers(1, 3)), SEED, 30.0)


def single_forms(wanted: Request) -> Iterator[Form]:
    sections = wanted.blueprint.sections
    pools = [[one for one in wanted.candidates if one.type is section.type] for section in sections]
    choices = [combinations(pool, section.count) for pool, section in zip(pools, sections, strict=True)]
    for parts in product(*choices):
        form = sum(parts, ())
        if holds(certify(replace(wanted, forms=1), [form])):
            yield form


def papers(wanted: Request) -> Iterator[tuple[Form, ...]]:
    """Every admissible set of forms, by trying all."""
    for forms in combinations(single_forms(wanted), wanted.forms):
        if holds(certify(wanted, forms)):
            yield forms
    if wanted.blueprint.between_forms >= 100:
        raise AssertionError("equal forms would have to be tried as well")


def chosen(wanted: Request) -> list[Form]:
    found = hunt(wanted, lambda _: None)
    known = {one.item: one for one in wanted.candidates}
    assert found.forms is not None
    return [tuple(known[item] for item in form) for form in found.forms]


@settings(max_examples=120, deadline=None)
@given(requests())
def test_found_is_certified_and_infeasible_is_what_brute_force_finds(wanted: Request) -> None:
    found = hunt(wanted, lambda _: None)
    possible = next(papers(wanted), None) is not None
    if found.infeasible:
        assert not possible
    if found.forms is not None:
        assert holds(certify(wanted, chosen(wanted)))
    if wanted.forms == 1 or not wanted.blueprint.between_forms:
        assert (found.forms is not None) is possible
        assert found.infeasible is not possible


@settings(max_examples=60, deadline=None)
@given(requests(), st.randoms(use_true_random=False))
def test_neither_a_second_run_nor_the_order_of_the_rows_changes_the_paper(wanted: Request, dice: object) -> None:
    mixed = list(wanted.candidates)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    again = replace(wanted, candidates=tuple(mixed), past=wanted.past[::-1])
    first, second = hunt(wanted, lambda _: None), hunt(again, lambda _: None)
    assert first.forms == second.forms
    assert first.repeatable


@settings(max_examples=60, deadline=None)
@given(requests(forms=1))
def test_a_proven_form_is_the_cheapest_draw_of_its_keys(wanted: Request) -> None:
    found = hunt(wanted, lambda _: None)
    if not found.proven:
        return
    draw = Draw(SEED, "form 0/key")
    pool = representatives(usable(wanted), Draw(SEED, "wording"))
    cheapest = min(sum(draw.key(one) for one in form) for form in single_forms(replace(wanted, candidates=tuple(pool))))
    assert sum(draw.key(one) for one in chosen(wanted)[0]) == cheapest


@settings(max_examples=40, deadline=None)
@given(requests())
def test_the_net_alone_gives_certified_forms_too(wanted: Request) -> None:
    joint = search.together(wanted, usable(wanted), Watch(30.0))
    assert joint.forms is None or holds(certify(wanted, joint.forms))


def test_when_the_draws_run_into_a_corner_the_net_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = tuple(Candidate(n, n, SINGLE, n, f"p{n % 20}") for n in range(1, 61))
    wanted = Request(Blueprint("方", (Section(SINGLE, 10, 2),)), pool, (), 10.0, 3, SEED, 30.0)
    monkeypatch.setattr(search, "_one_after_another", lambda *_: (None, False))
    told: list[str] = []
    found = hunt(wanted, told.append)
    known = {one.item: one for one in pool}
    assert found.forms is not None
    assert holds(certify(wanted, [[known[item] for item in form] for form in found.forms]))
    assert told == [f"正在重抽第 {n} 份卷" for n in (1, 2, 3)]
    net = search.together(wanted, usable(wanted), Watch(30.0), jumps=1, last=False).forms
    assert net is not None
    assert {one.item for one in net[0]} != set(found.forms[0])


def test_no_time_is_neither_found_nor_impossible() -> None:
    pool = tuple(Candidate(n, n, SINGLE, n) for n in range(1, 30))
    wanted = Request(Blueprint("方", (Section(SINGLE, 10, 2),)), pool, (), 10.0, 3, SEED, 0.0)
    found = hunt(wanted, lambda _: None)
    assert (found.forms, found.infeasible, found.repeatable) == (None, False, False)


def relaxed_to(wanted: Request, names: tuple[str, ...]) -> bool:
    """Whether some forms meet these requirements: every choice of items, with the rows as the only judge."""
    bank = usable(wanted)
    rows = [row for row in joint_rows(wanted, bank) if row.group in {*names, CLUSTERS}]
    size = len(bank) * wanted.forms
    for taken in product((0, 1), repeat=size):
        sums = ((row, sum(v * taken[c] for c, v in zip(row.columns, row.values, strict=True))) for row in rows)
        if all((r.lower is None or s >= r.lower) and (r.upper is None or s <= r.upper) for r, s in sums):
            return True
    return False


@settings(max_examples=40, deadline=None)
@given(requests(forms=1), candidates(most=7))
def test_a_conflict_set_is_impossible_and_minimal(wanted: Request, bank: tuple[Candidate, ...]) -> None:
    wanted = replace(wanted, candidates=bank)
    if next(papers(wanted), None) is not None:
        assert conflict_set(wanted, Watch(20.0)) is None
        return
    found = conflict_set(wanted, Watch(20.0))
    assert found is not None
    names, minimal = found
    assert minimal
    assert not relaxed_to(wanted, names)
    assert all(relaxed_to(wanted, tuple(set(names) - {name})) for name in names)


def test_two_forms_of_a_bank_for_one_collide_over_what_they_may_not_share() -> None:
    pool = tuple(Candidate(n, n, SINGLE, n) for n in range(1, 4))
    wanted = Request(Blueprint("方", (Section(SINGLE, 2, 2),)), pool, (), 10.0, 2, SEED, 30.0)
    assert conflict_set(wanted, Watch(20.0)) == (("单项选择题 2 题", BETWEEN_FORMS), True)
    order = writing_order(wanted, Watch(20.0))
    assert order is not None
    assert (order.least, order.enough, order.rows[0].type) == (1, 1, SINGLE)


@settings(max_examples=40, deadline=None)
@given(requests())
def test_what_is_ordered_suffices_and_less_than_the_least_does_not(wanted: Request) -> None:
    order = writing_order(wanted, Watch(20.0))
    if order is None:
        return
    assert order.least <= order.enough
    assert (order.least == 0) is (next(papers(wanted), None) is not None) or wanted.blueprint.between_forms > 0
    written = [
        Candidate(1000 + n, 0, row.type, 1000 + n, point, (row.scope,) if row.scope else (), row.difficulty)
        for n, (row, point) in enumerate((row, None) for row in order.rows for _ in range(row.count))
    ]
    grown = replace(wanted, candidates=(*wanted.candidates, *written))
    assert hunt(grown, lambda _: None).forms is not None


@settings(max_examples=40, deadline=None)
@given(requests(forms=1))
def test_the_lowest_overlap_is_exact_where_one_form_is_asked(wanted: Request) -> None:
    wanted = replace(wanted, overlap_limit=0.0)
    total = wanted.blueprint.marks
    limits = [
        limit for limit in range(total + 1) if next(papers(replace(wanted, overlap_limit=limit * 100 / total)), None)
    ]
    lowest = lowest_overlap(wanted, Watch(20.0))
    if lowest is None:
        assert not limits
    else:
        assert lowest.reached == pytest.approx(limits[0] * 100 / total)
        assert lowest.least == pytest.approx(lowest.reached)


def test_an_empty_bank_is_impossible_not_a_crash() -> None:
    wanted = Request(Blueprint("方", (Section(SINGLE, 2, 2),)), (), (), 10.0, 3, SEED, 30.0)
    assert hunt(wanted, lambda _: None).infeasible
    assert conflict_set(wanted, Watch(20.0)) == (("单项选择题 2 题",), True)
    order = writing_order(wanted, Watch(20.0))
    assert order is not None
    assert (order.least, order.enough) == (6, 6)


def test_representatives_are_one_a_cluster_and_a_big_bank_is_cut_evenly() -> None:
    pool = tuple(Candidate(n, n, SINGLE, n // 2, f"p{n % 100}", (), 1 + n % 5) for n in range(12_000))
    lots = representatives(pool, Draw(SEED, "w"))
    assert sorted(one.cluster for one in lots) == list(range(6_000))
    assert 0.45 < sum(one.item % 2 for one in lots) / len(lots) < 0.55
    part = restricted(lots, Draw(SEED, "p"))
    cells = {(one.point, one.difficulty) for one in lots}
    assert 3_000 < len(part) < 5_500
    assert {(one.point, one.difficulty) for one in part} == cells
