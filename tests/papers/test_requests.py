"""From register to solver and back: what is gathered, what the seed commits to, what makes a draw void."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import ItemType
from bank.ground.actors import OPERATOR
from bank.ground.clock import today
from bank.ground.errors import BadInput, NotFound, Refused
from bank.institutions import Bank
from bank.items import ItemStatus, SavedVersion, Secrecy, revise_item
from bank.ledger.log import entries
from papers.assembly.blueprints import Blueprint, Section
from papers.assembly.outcome import CertificateLine, Found
from papers.blueprints import save_blueprint
from papers.papers import Paper, form_items, paper_facts
from papers.requests import LABELS, Gathered, _snapshot, gather, keep
from papers.sittings import record_sitting
from tests.factories import add, make_bank, make_items, make_paper, use
from web.house import House

DAY = date(2026, 3, 1)
PLAN = Blueprint("小测", (Section(ItemType.SINGLE, 2, 4), Section(ItemType.JUDGE, 1, 2)), per_point=None)


def _stocked(session: Session, count: int = 12) -> tuple[Bank, list[SavedVersion]]:
    bank = make_bank(session)
    return bank, add(session, bank, make_items(62)[-count:])


def _gather(session: Session, house: House, bank: Bank, **more: object) -> Gathered:
    wanted = {"held_on": DAY, "blueprint": PLAN, "forms": 1, **more}
    return gather(session, OPERATOR, bank, house.policy(DAY), **wanted)  # type: ignore[arg-type]


def _chosen(gathered: Gathered, forms: int = 1) -> Found:
    """Forms as the solver could have found them: the first candidates of each type."""
    of_type = {
        kind: [one for one in gathered.request.candidates if one.type is kind]
        for kind in (ItemType.SINGLE, ItemType.JUDGE)
    }
    picked = tuple((*of_type[ItemType.SINGLE][2 * at : 2 * at + 2], of_type[ItemType.JUDGE][at]) for at in range(forms))
    return Found(picked, (CertificateLine("满分", "10", ("10",) * forms, 0.0, ok=True),), 0.1)


def test_only_approved_secret_items_of_the_bank_are_candidates(house: House) -> None:
    with house.unit_of_work() as session:
        bank, saved = _stocked(session)
        add(session, bank, make_items(2), status=ItemStatus.DRAFT)
        saved[0].item.secrecy = Secrecy.PRACTICE
        saved[1].item.status = ItemStatus.RETIRED
        other = make_bank(session, name="大冶市面点学校")
        add(session, other, make_items(3, start=3))
        found = _gather(session, house, bank).request.candidates
        assert [one.item for one in found] == [one.item.id for one in saved[2:]]
        assert all(one.cluster and one.version for one in found)


def test_the_commitment_stands_in_the_ledger_before_anything_is_solved(house: House) -> None:
    with house.unit_of_work() as session:
        bank, saved = _stocked(session)
        use(session, bank, date(2025, 12, 1), saved[:3])
        gathered = _gather(session, house, bank, forms=2)
        digest = hashlib.sha256(gathered.request.seed + _snapshot(gathered.request)).hexdigest()
        assert gathered.commitment == digest
        [entry] = entries(session, kinds=["paper.draw"])
        assert entry.body == {
            "bank": bank.id,
            "held_on": "2026-03-01",
            "draw": 1,
            "commitment": digest,
            "forms": 2,
            "past": 1,
        }


def test_every_draw_is_counted_and_has_a_seed_of_its_own(house: House) -> None:
    with house.unit_of_work() as session:
        bank, _ = _stocked(session)
        draws = [_gather(session, house, bank) for _ in range(3)]
        assert [one.draws for one in draws] == [1, 2, 3]
        assert len({one.request.seed for one in draws}) == 3
        assert _gather(session, house, bank, held_on=date(2026, 4, 1)).draws == 1


def test_the_limit_is_the_policy_s_unless_the_blueprint_has_its_own(house: House) -> None:
    with house.unit_of_work() as session:
        bank, _ = _stocked(session)
        assert _gather(session, house, bank).request.overlap_limit == 100 * house.policy(DAY).overlap_limit
        assert _gather(session, house, bank, blueprint=replace(PLAN, overlap_limit=0.0)).request.overlap_limit == 0.0


def test_a_blueprint_by_name_or_none_at_all(house: House) -> None:
    with house.unit_of_work() as session:
        bank, _ = _stocked(session)
        save_blueprint(session, OPERATOR, bank, PLAN)
        assert _gather(session, house, bank, blueprint="小测").request.blueprint == PLAN
        assert _gather(session, house, bank, blueprint=None).request.blueprint.items > 0
        with pytest.raises(NotFound):
            _gather(session, house, bank, blueprint="没有这个方案")


@pytest.mark.parametrize("forms", [0, -1, len(LABELS) + 1])
def test_so_many_forms_there_cannot_be(house: House, forms: int) -> None:
    with house.unit_of_work() as session:
        bank, _ = _stocked(session)
        with pytest.raises(BadInput, match="平行卷份数应为 1 到 6"):
            _gather(session, house, bank, forms=forms)
        assert list(entries(session, kinds=["paper.draw"])) == []


def test_a_paper_of_another_bank_cannot_be_replaced(house: House) -> None:
    with house.unit_of_work() as session:
        bank, _ = _stocked(session)
        other = make_bank(session, name="大冶市面点学校")
        foreign = make_paper(session, other, DAY, add(session, other, make_items(2)))
        for number in (foreign.id, 999):
            with pytest.raises(BadInput, match="不属于这个题库"):
                _gather(session, house, bank, instead_of=number)


def test_what_was_found_is_kept_sealed_and_in_order(house: House) -> None:
    with house.unit_of_work() as session:
        bank, _ = _stocked(session)
        gathered = _gather(session, house, bank, forms=2)
        found = _chosen(gathered, 2)
        paper = keep(session, OPERATOR, gathered, found)
        session.refresh(paper, ["forms"])
        assert [form.label for form in paper.forms] == ["A", "B"]
        for form, chosen in zip(paper.forms, found.forms, strict=True):
            items = form_items(session, form)
            assert [(one.item, one.version, one.marks) for one in items] == [
                (one.item, one.version, 2 if one.type is ItemType.JUDGE else 4) for one in chosen
            ]
        facts = paper_facts(session, paper)
        assert bytes.fromhex(facts["seed"]) == gathered.request.seed
        assert (facts["commitment"], facts["labels"]) == (gathered.commitment, ["A", "B"])
        assert facts["certificate"][0]["constraint"] == "满分"
        assert gathered.request.seed not in paper.body
        [entry] = entries(session, kinds=["paper.assemble"])
        assert entry.body["commitment"] == gathered.commitment


def test_a_paper_used_meanwhile_makes_the_draw_void(house: House) -> None:
    with house.unit_of_work() as session:
        bank, saved = _stocked(session)
        gathered = _gather(session, house, bank)
        make_paper(session, bank, DAY, saved[:3])
        with pytest.raises(Refused, match="组卷期间有新的试卷入库或使用"):
            keep(session, OPERATOR, gathered, _chosen(gathered))


@pytest.mark.parametrize("change", ["revise", "retire", "publish"])
def test_a_chosen_item_changed_meanwhile_makes_the_draw_void(house: House, change: str) -> None:
    with house.unit_of_work() as session:
        bank, saved = _stocked(session)
        gathered = _gather(session, house, bank)
        found = _chosen(gathered)
        item = next(one.item for one in saved if one.item.id == found.forms[0][0].item)
        if change == "revise":
            revise_item(session, OPERATOR, item, make_items(1)[0])
        elif change == "retire":
            item.status = ItemStatus.RETIRED
        else:
            item.secrecy = Secrecy.RELEASED
        with pytest.raises(Refused, match="所选试题有改动或停用"):
            keep(session, OPERATOR, gathered, found)


def test_a_change_to_an_item_not_chosen_does_no_harm(house: House) -> None:
    with house.unit_of_work() as session:
        bank, saved = _stocked(session)
        gathered = _gather(session, house, bank)
        found = _chosen(gathered)
        chosen = {one.item for one in found.forms[0]}
        next(one.item for one in saved if one.item.id not in chosen).status = ItemStatus.RETIRED
        assert keep(session, OPERATOR, gathered, found).number


def test_the_paper_that_is_replaced_is_void_and_no_longer_in_the_way(house: House) -> None:
    with house.unit_of_work() as session:
        bank, saved = _stocked(session)
        old = make_paper(session, bank, DAY, saved[:3])
        gathered = _gather(session, house, bank, instead_of=old.id)
        assert gathered.request.past == ()
        made = keep(session, OPERATOR, gathered, _chosen(gathered))
        assert old.voided_at is not None
        assert made.number != old.number
        numbers = session.scalars(sa.select(Paper.number).where(Paper.voided_at.is_(None))).all()
        assert numbers == [made.number]


def test_a_paper_used_meanwhile_is_not_replaced(house: House) -> None:
    with house.unit_of_work() as session:
        bank, saved = _stocked(session)
        old = make_paper(session, bank, DAY, saved[:3])
        gathered = _gather(session, house, bank, instead_of=old.id)
        record_sitting(session, OPERATOR, old.forms[0], held_on=today(), place="一号考场")
        with pytest.raises(Refused, match="组卷期间有新的试卷入库或使用"):
            keep(session, OPERATOR, gathered, _chosen(gathered))
