import random
import sys
from dataclasses import replace
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank.content import ItemType
from papers.assembly import solver
from papers.assembly.blueprints import Blueprint, Difficulty, ScopeWeight, Section
from papers.assembly.candidates import Candidate, PastPaper
from papers.assembly.certificate import certify, holds
from papers.assembly.conflicts import conflict_set, writing_order
from papers.assembly.model import BETWEEN_FORMS, past_name
from papers.assembly.outcome import Found, Infeasible, Request, Undecided, Why
from papers.assembly.search import hunt
from papers.assembly.solver import assemble

SEED = b"a seed of the test, 32 bytes long"


def bank(count: int, seed: int = 1, copies: float = 0.15) -> tuple[Candidate, ...]:
    draw = random.Random(seed)
    found: list[Candidate] = []
    for number in range(count):
        scope = draw.choice("AB")
        kind = draw.choices([ItemType.SINGLE, ItemType.JUDGE], [7, 3])[0]
        cluster = draw.choice(found).cluster if found and draw.random() < copies else number
        point, grade = f"{scope}-{draw.randrange(40)}", draw.randrange(1, 6)
        found.append(Candidate(number, number, kind, cluster, point, (scope,), grade, draw.randrange(5)))
    return tuple(found)


def past(candidates: tuple[Candidate, ...], papers: int, size: int) -> tuple[PastPaper, ...]:
    draw = random.Random(papers)
    return tuple(
        PastPaper(f"往卷{n}", date(2026, 1 + n % 12, 1), frozenset(c.cluster for c in draw.sample(candidates, size)))
        for n in range(papers)
    )


BLUEPRINT = Blueprint(
    "测试",
    (Section(ItemType.SINGLE, 20, 4), Section(ItemType.JUDGE, 10, 2)),
    scopes=(ScopeWeight("A", 50, 10), ScopeWeight("B", 50, 10)),
    difficulty=Difficulty(300, 30),
)


def request(count: int = 400, papers: int = 8, **changes: object) -> Request:
    candidates = bank(count)
    base = Request(BLUEPRINT, candidates, past(candidates, papers, 30), 15.0, 3, SEED)
    return replace(base, **changes)  # type: ignore[arg-type]


def test_three_forms_pass_the_independent_certificate() -> None:
    wanted = request()
    outcome = assemble(wanted)
    assert isinstance(outcome, Found)
    assert [len(form) for form in outcome.forms] == [30, 30, 30]
    assert holds(certify(wanted, outcome.forms))
    clusters = [one.cluster for form in outcome.forms for one in form]
    assert len(clusters) == len(set(clusters))
    assert sum(line.constraint.startswith("与往卷") for line in outcome.certificate) == 8


def test_the_same_seed_draws_the_same_paper_and_another_seed_another() -> None:
    wanted = request(forms=1)
    first, again = assemble(wanted), assemble(wanted)
    other = assemble(replace(wanted, seed=b"another seed of the test, 32 byte"))
    assert isinstance(first, Found)
    assert isinstance(again, Found)
    assert isinstance(other, Found)
    assert first.forms == again.forms
    assert first.forms != other.forms


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(30, 120), st.integers(0, 6), st.sampled_from([0.0, 10.0, 20.0, 40.0]))
def test_whatever_the_search_finds_the_verifier_accepts(seed: int, count: int, papers: int, limit: float) -> None:
    blueprint = Blueprint("小", (Section(ItemType.SINGLE, 6, 2), Section(ItemType.JUDGE, 3, 1)), per_point=2)
    candidates = bank(count, seed)
    wanted = Request(blueprint, candidates, past(candidates, papers, 9), limit, 2, SEED, 5.0)
    found = hunt(wanted, lambda _: None)
    if found.forms is not None:
        forms = [[candidates[place] for place in form] for form in found.forms]
        assert holds(certify(wanted, forms))


def possible(wanted: Request) -> bool:
    """Brute force over all forms: the reference for tiny banks."""
    sections = wanted.blueprint.sections
    pools = [[c for c in wanted.candidates if c.type is s.type] for s in sections]
    choices = [list(combinations(pool, s.count)) for pool, s in zip(pools, sections, strict=True)]
    forms = [sum(parts, ()) for parts in product(*choices)]
    alone = [form for form in forms if holds(certify(replace(wanted, forms=1), [form]))]
    return any(holds(certify(wanted, pair)) for pair in combinations(alone, wanted.forms))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(6, 9), st.integers(0, 3), st.sampled_from([0.0, 34.0, 50.0]))
def test_found_and_impossible_agree_with_brute_force_on_tiny_banks(
    seed: int, count: int, papers: int, limit: float
) -> None:
    blueprint = Blueprint("微", (Section(ItemType.SINGLE, 2, 2), Section(ItemType.JUDGE, 1, 2)), per_point=1)
    candidates = bank(count, seed, copies=0.3)
    wanted = Request(blueprint, candidates, past(candidates, papers, 2), limit, 2, SEED, 20.0)
    found = hunt(wanted, lambda _: None)
    assert (found.forms is not None) is possible(wanted)
    assert found.infeasible is not (found.forms is not None)


def test_an_impossible_paper_is_proven_and_explained() -> None:
    outcome = assemble(request(count=60, papers=0))
    assert isinstance(outcome, Infeasible)
    assert BETWEEN_FORMS in outcome.conflict
    assert outcome.order is not None
    assert 0 < outcome.order.least <= outcome.order.enough


def test_writing_what_was_ordered_makes_the_paper_possible() -> None:
    wanted = request(count=60, papers=0)
    order = writing_order(wanted, 10.0)
    assert order is not None
    written = [
        Candidate(1000 + n, 1000 + n, row.type, 1000 + n, None, (row.scope,) if row.scope else (), row.difficulty, 99)
        for n, row in enumerate(row for row in order.rows for _ in range(row.count))
    ]
    assert isinstance(assemble(replace(wanted, candidates=wanted.candidates + tuple(written))), Found)


def test_the_conflict_set_is_minimal() -> None:
    wanted = request(count=200, papers=30, forms=1, overlap_limit=0.0)
    names = conflict_set(wanted, 20.0)
    assert past_name_of(wanted) in names
    relaxed = replace(wanted, past=())
    assert hunt(relaxed, lambda _: None).forms is not None


def past_name_of(wanted: Request) -> str:
    from papers.assembly.model import Rules

    return past_name(Rules(wanted.blueprint, wanted.past, wanted.overlap_limit))


def test_a_bank_without_points_scopes_or_difficulty_still_gives_papers() -> None:
    plain = tuple(replace(one, point=None, scopes=(), difficulty=None) for one in bank(200))
    blueprint = replace(BLUEPRINT, scopes=())
    outcome = assemble(request(candidates=plain, past=(), blueprint=blueprint))
    assert isinstance(outcome, Found)
    assert any("未标难度的题按 3 计" in line.constraint for line in outcome.certificate)


def test_stopping_is_undecided_not_impossible() -> None:
    assert assemble(request(), stopped=lambda: True) == Undecided(Why.STOPPED, pytest.approx(0, abs=60))


def test_a_child_that_hangs_is_killed_and_called_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(solver, "EXPLAIN_SECONDS", 0.0)
    started: list[object] = []
    popen = solver.subprocess.Popen

    def hanging(_command: list[str], **options: object) -> object:
        started.append(popen([sys.executable, "-c", "import time; time.sleep(600)"], **options))  # type: ignore[call-overload]
        return started[0]

    monkeypatch.setattr(solver.subprocess, "Popen", hanging)
    outcome = assemble(request(seconds=0.1))
    assert isinstance(outcome, Undecided)
    assert outcome.why is Why.TIME
    assert started[0].poll() is not None  # type: ignore[attr-defined]


def test_a_child_that_dies_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    popen = solver.subprocess.Popen
    monkeypatch.setattr(
        solver.subprocess, "Popen", lambda _command, **options: popen([sys.executable, "-c", ""], **options)
    )
    outcome = assemble(request())
    assert isinstance(outcome, Undecided)
    assert outcome.why is Why.MEMORY


def test_progress_is_told_while_it_works() -> None:
    told: list[str] = []
    assemble(request(), told.append)
    assert told[:3] == ["正在组第 1 份卷", "正在组第 2 份卷", "正在组第 3 份卷"]


def test_between_forms_may_share_when_the_blueprint_says_so() -> None:
    wanted = request(
        count=75, papers=0, blueprint=replace(BLUEPRINT, between_forms=60.0, scopes=(), difficulty=Difficulty())
    )
    outcome = assemble(wanted)
    assert isinstance(outcome, Found)
    assert any(line.constraint == "平行卷之间重复分值" and line.ok for line in outcome.certificate)


def test_the_certificate_refuses_a_form_that_repeats_a_past_paper() -> None:
    wanted = request()
    outcome = assemble(wanted)
    assert isinstance(outcome, Found)
    repeated = PastPaper("抄来的", date(2026, 3, 1), frozenset(one.cluster for one in outcome.forms[0]))
    lines = certify(replace(wanted, past=(repeated,)), outcome.forms)
    assert [line.ok for line in lines if "抄来的" in line.constraint] == [False]
