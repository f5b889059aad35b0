"""Results of a sitting: counted, kept in one transaction, replaced by a second file, and nobody's number anywhere."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import LETTERS, RIGHT, WRONG, ItemType
from bank.ground.actors import OPERATOR
from bank.ground.errors import BadInput, NotFound
from bank.items import SavedVersion
from bank.ledger.log import entries
from bank.vault.envelope import VaultError
from papers.histories import item_histories
from papers.papers import Form, FormItem, seal_form_body
from papers.results import (
    ItemResult,
    SittingResult,
    find_sitting,
    open_counts,
    questions_of,
    read_results,
    record_results,
    results_of,
)
from papers.sittings import Sitting, record_sitting
from tests.factories import add, make_bank, make_items, make_paper, use
from web.house import House

DAY = date(2026, 3, 1)
WHO = "42028119900307"


def _sitting(session: Session, count: int = 6) -> Sitting:
    bank = make_bank(session)
    return use(session, bank, DAY, add(session, bank, make_items(count)))


def _right(session: Session, sitting: Sitting) -> list[str]:
    return [one.printed_letters(one.key) if one.options else one.key for one in questions_of(session, sitting)]


def _wrong(key: str) -> str:
    if key in {RIGHT, WRONG}:
        return WRONG if key == RIGHT else RIGHT
    return next(letter for letter in LETTERS if letter not in key)


def _file(rows: list[list[str]]) -> bytes:
    head = ",".join(["准考证号", *(str(at + 1) for at in range(len(rows[0])))])
    lines = [",".join([f"{WHO}{at:04}", *row]) for at, row in enumerate(rows)]
    return "\n".join([head, *lines]).encode("gbk")


def _class(session: Session, sitting: Sitting, size: int = 12) -> bytes:
    """The n-th candidate answers the first n questions right."""
    right = _right(session, sitting)
    return _file(
        [[key if at <= n else "" if at == n + 1 else _wrong(key) for at, key in enumerate(right)] for n in range(size)]
    )


def test_results_are_counted_and_kept(house: House) -> None:
    with house.unit_of_work() as session:
        sitting = _sitting(session)
        results = read_results(session, sitting, "成绩.csv", _class(session, sitting))
        assert session.scalar(sa.select(sa.func.count()).select_from(ItemResult)) == 0
        record_results(session, OPERATOR, sitting, results)
        number = sitting.id
    with house.reading() as session:
        kept = session.get_one(SittingResult, number)
        assert (kept.n, kept.rejected, kept.full) == (12, 0, 24)
        assert kept.whole == results.whole
        rows = session.scalars(sa.select(ItemResult).order_by(ItemResult.position)).all()
        assert open_counts(session, rows) == list(results.counts)
        assert [round(row.earned) for row in rows] == [12, 11, 10, 9, 8, 7]
        [entry] = entries(session, kinds=["sitting.results"])
        assert entry.body == {"sitting": number, "count": 12, "rejected": 0, "replaced": 0}
        assert set(results_of(session, kept.sitting.form.paper)) == {number}


def test_a_second_file_replaces_the_first(house: House) -> None:
    with house.unit_of_work() as session:
        sitting = _sitting(session)
        for size in (12, 5):
            record_results(
                session, OPERATOR, sitting, read_results(session, sitting, "a.csv", _class(session, sitting, size))
            )
    with house.reading() as session:
        assert [row.n for row in session.scalars(sa.select(SittingResult))] == [5]
        assert {row.n for row in session.scalars(sa.select(ItemResult))} == {5}
        assert [entry.body["replaced"] for entry in entries(session, kinds=["sitting.results"])] == [0, 12]


def test_what_fails_leaves_everything_as_it_was(house: House) -> None:
    with house.unit_of_work() as session:
        sitting = _sitting(session)
        record_results(session, OPERATOR, sitting, read_results(session, sitting, "a.csv", _class(session, sitting)))
        number = sitting.id
    with pytest.raises(RuntimeError, match="lost"), house.unit_of_work() as session:  # noqa: PT012 - the unit must end
        sitting = find_sitting(session, number)
        record_results(session, OPERATOR, sitting, read_results(session, sitting, "a.csv", _class(session, sitting, 3)))
        raise RuntimeError("lost")
    with house.reading() as session:
        assert session.get_one(SittingResult, number).n == 12
        assert len(list(entries(session, kinds=["sitting.results"]))) == 1


def test_nobody_s_number_is_anywhere(house: House, tmp_path: Path) -> None:
    with house.unit_of_work() as session:
        sitting = _sitting(session)
        data = _class(session, sitting) + f"\n{WHO}0003".encode() + b",B" * 6 + f"\n{WHO}0099".encode() + b",Z" * 6
        results = read_results(session, sitting, f"{WHO}.csv", data)
        record_results(session, OPERATOR, sitting, results)
    assert len(results.rejected) == 2
    assert WHO not in repr(results)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or WHO.encode() not in path.read_bytes(), path


def test_who_chose_what_does_not_tell_the_key_to_a_thief(house: House) -> None:
    with house.unit_of_work() as session:
        sitting = _sitting(session)
        record_results(session, OPERATOR, sitting, read_results(session, sitting, "a.csv", _class(session, sitting)))
        rows = session.scalars(sa.select(ItemResult)).all()
        assert not any(b'"count"' in row.choices for row in rows)
        rows[0].choices, rows[1].choices = rows[1].choices, rows[0].choices
        with session.no_autoflush, pytest.raises(VaultError):
            open_counts(session, rows[:1])


def test_a_turned_form_is_scored_by_its_own_letters(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        saved: list[SavedVersion] = add(session, bank, make_items(6))
        form = make_paper(session, bank, DAY, saved).forms[0]
        chosen = next(at for at, one in enumerate(saved) if one.content.type is ItemType.SINGLE)
        order = tuple(reversed(range(len(saved[chosen].content.options))))
        items = [
            FormItem(one.item.id, one.version.id, 4, order if at == chosen else ()) for at, one in enumerate(saved)
        ]
        form.body = seal_form_body(session, form.paper, form.label, items)
        sitting = record_sitting(session, OPERATOR, form, held_on=DAY, place="一号考场")
        question = questions_of(session, sitting)[chosen]
        assert question.key == saved[chosen].content.key
        assert question.printed_letters(question.key) != question.key
        results = read_results(session, sitting, "a.csv", _file([_right(session, sitting)] * 3))
        assert results.counts[chosen].options[question.key].count == 3
        assert results.whole.mean == 24


def test_more_candidates_than_came_are_told(house: House) -> None:
    with house.unit_of_work() as session:
        sitting = _sitting(session)
        sitting.candidates = 3
        notes = read_results(session, sitting, "a.csv", _class(session, sitting)).notes
    assert notes == ("计入 12 人，多于登记的考生 3 人，请核对",)


def test_another_sitting_s_file_is_refused(house: House) -> None:
    with house.unit_of_work() as session:
        sitting = _sitting(session)
        with pytest.raises(BadInput, match="缺第 6 题"):
            read_results(session, sitting, "a.csv", _file([["A"] * 5] * 3))
        with pytest.raises(NotFound, match="没有编号为 99 的考试批次"):
            find_sitting(session, 99)
        assert session.scalar(sa.select(sa.func.count()).select_from(Form)) == 1


def test_the_same_on_postgresql(postgres_house: House) -> None:
    with postgres_house.unit_of_work() as session:
        sitting = _sitting(session)
        for size in (12, 5):
            data = _class(session, sitting, size)
            record_results(session, OPERATOR, sitting, read_results(session, sitting, "a.csv", data))
        number = sitting.id
    with postgres_house.reading() as session:
        assert session.get_one(SittingResult, number).n == 5
        rows = session.scalars(sa.select(ItemResult).order_by(ItemResult.position)).all()
        assert [count.n for count in open_counts(session, rows)] == [5] * 6
        assert [one.count.n for one in item_histories(session, rows[0].sitting.form.paper.bank) if one.count] == [5] * 6
