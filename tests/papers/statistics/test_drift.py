"""Drift: a leaked item is named, an able cohort is not, and false alarms keep to the rate that is stated."""

import numpy as np
import pytest

from papers.statistics.drift import FALSE_ALARMS, FEWEST, Cell, Drift, drifts

ITEMS, SITTINGS, ASKED = 120, 7, 45


def _world(seed: int, *, candidates: int = 80, leaked: int = 0, known_to: float = 0.0) -> tuple[list[Cell], set[int]]:
    """Sittings of cohorts that differ, items that differ in difficulty and sharpness; the last sitting leaks some."""
    lot = np.random.default_rng(seed)
    hard, sharp = lot.normal(0, 0.8, ITEMS), np.exp(lot.normal(0, 0.3, ITEMS))
    cells, out = [], set()
    for sitting in range(SITTINGS):
        asked = lot.choice(ITEMS, ASKED, replace=False)
        able = lot.normal(lot.normal(0, 0.5), 1, candidates)
        if sitting == SITTINGS - 1:
            out = {int(one) for one in asked[:leaked]}
        for item in asked.tolist():
            right = lot.random(candidates) < 1 / (1 + np.exp(-sharp[item] * (able - hard[item])))
            if item in out:
                right |= lot.random(candidates) < known_to
            cells.append(Cell(item, sitting, candidates, float(right.sum()), float(right.sum())))
    return cells, out


def _leads(found: list[Drift]) -> set[int]:
    return {one.item for one in found if one.lead}


def test_a_leaked_item_is_named_and_what_was_to_be_expected() -> None:
    cells, _ = _world(3, candidates=200)
    newest = max((one for one in cells if one.sitting == SITTINGS - 1), key=lambda one: abs(one.earned - 100) < 20)
    leaked = [Cell(one.item, one.sitting, one.n, 196.0, 196.0) if one is newest else one for one in cells]
    assert newest.item not in _leads(drifts(cells))
    found = {one.item: one for one in drifts(leaked)}
    assert _leads(list(found.values())) == {newest.item}
    assert found[newest.item].seen == pytest.approx(0.98)
    assert found[newest.item].expected == pytest.approx(newest.earned / newest.n, abs=0.15)


def _abler(seed: int) -> list[Cell]:
    lot = np.random.default_rng(seed)
    cells = []
    for item, hard in enumerate(lot.normal(0, 0.7, 40)):
        for sitting, able in enumerate((-0.6, -0.5, 1.4)):
            right = float((lot.random(300) < 1 / (1 + np.exp(hard - able))).sum())
            cells.append(Cell(item, sitting, 300, right, right))
    return cells


def test_an_abler_cohort_is_no_leak() -> None:
    alarms = 0
    for seed in range(40):
        cells = _abler(seed)
        found = drifts(cells)
        alarms += bool(_leads(found))
        assert sum(one.seen > cells[3 * one.item].earned / 300 + 0.1 for one in found) > 30
    assert alarms / 40 <= FALSE_ALARMS + 0.05


def test_the_other_way_round_it_is_harder_and_no_lead() -> None:
    cells, _ = _world(5, candidates=200)
    newest = next(one for one in cells if one.sitting == SITTINGS - 1 and one.earned > 120)
    turned = [Cell(one.item, one.sitting, one.n, 10.0, 10.0) if one is newest else one for one in cells]
    found = {one.item: one for one in drifts(turned)}[newest.item]
    assert (found.harder, found.lead) == (True, False)


def test_small_sittings_and_lone_sittings_say_nothing() -> None:
    few, _ = _world(1, candidates=FEWEST - 1)
    assert drifts(few) == []
    assert drifts([Cell(item, 0, 100, 50, 50) for item in range(40)]) == []
    # Five items in common are too thin a bridge between two sittings: each of them rests on four others.
    bridge = [Cell(item, sitting, 100, 50.0 + item, 50.0 + item) for item in range(5) for sitting in (0, 1)]
    alone = [Cell(10 + item, 1, 100, 40, 40) for item in range(30)]
    assert drifts(bridge + alone) == []
    assert drifts([]) == []


def test_marks_in_steps_are_surer_than_right_or_wrong() -> None:
    rows = [Cell(item, sitting, 60, 30.0 + item, 30.0 + item) for item in range(12) for sitting in (0, 1, 2)]
    stepped = [Cell(one.item, one.sitting, one.n, one.earned, one.earned * 0.55) for one in rows]
    jumped = {"item": 4, "sitting": 2, "n": 60, "earned": 49.0}
    plain = [Cell(**jumped, squares=49.0) if (one.item, one.sitting) == (4, 2) else one for one in rows]
    finer = [Cell(**jumped, squares=41.0) if (one.item, one.sitting) == (4, 2) else one for one in stepped]
    chances = [{one.item: one.easier for one in drifts(cells)}[4] for cells in (plain, finer)]
    assert chances[1] < chances[0] < 0.05


def test_everything_the_same_is_no_news() -> None:
    cells = [Cell(item, sitting, 50, 50.0, 50.0) for item in range(12) for sitting in (0, 1)]
    assert _leads(drifts(cells)) == set()


def test_false_alarms_keep_to_the_stated_rate() -> None:
    """Without any leak, a bank that names anything at all is a false alarm: no more often than stated, give or take."""
    alarms = sum(bool(_leads(drifts(_world(seed)[0]))) for seed in range(40))
    assert alarms / 40 <= FALSE_ALARMS + 0.05


def test_real_leaks_are_found_and_those_named_are_real() -> None:
    named = real = 0
    for seed in range(20):
        cells, leaked = _world(seed, candidates=150, leaked=5, known_to=0.7)
        found = _leads(drifts(cells))
        named, real = named + len(found), real + len(found & leaked)
    assert real >= 0.9 * named
    assert real >= 0.5 * 20 * 5
