"""A bank leaves the house by two people, once, within a day, and the ledger knows what left."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from bank.content import ItemType
from bank.exchange.intake import read_items
from bank.exports import FORMS, Export, ExportFormat, ask_export, decide_export, find_export, reason_of, take_export
from bank.ground.actors import Actor, Role, User, UserRole
from bank.ground.clock import now
from bank.ground.errors import BadInput, NotFound, Refused
from bank.institutions import Bank
from bank.items import ItemStatus
from bank.ledger.log import entries
from tests.factories import add, make_bank, make_items, make_person
from web.house import House

ITEMS = [*make_items(2), *make_items(2, 45), *make_items(1, 3)]


def asked(session: Session, form: ExportFormat = ExportFormat.XLSX) -> tuple[Bank, Actor, Actor, Export]:
    bank = make_bank(session)
    first = make_person(session, bank, "shen", Role.REVIEWER)
    second = make_person(session, bank, "kao", Role.ORGANIZER)
    add(session, bank, ITEMS)
    add(session, bank, make_items(1, 20), status=ItemStatus.DRAFT)
    return bank, first, second, ask_export(session, first, bank, form, "送省中心备案")


@pytest.mark.parametrize("form", list(ExportFormat))
def test_two_people_take_the_approved_items_out(house: House, form: ExportFormat) -> None:
    with house.unit_of_work() as session:
        _, first, second, export = asked(session, form)
        decide_export(session, second, export, granted=True)
        file = take_export(session, first, export)
        assert reason_of(session, export) == "送省中心备案"
        kinds = [entry.kind for entry in entries(session) if entry.kind.startswith(("export.", "item.read"))]
        assert kinds == ["export.ask", "export.grant", "item.read", "export.take"]
        (taken,) = entries(session, kinds=["export.take"])
        assert len(taken.body["items"]) == len(ITEMS)
    assert file.items == len(ITEMS)
    assert file.name.endswith(FORMS[form].suffix)
    read = read_items(file.name, file.data)
    in_order = sorted(ITEMS, key=lambda item: list(ItemType).index(item.type))
    assert [(row.content.stem, row.content.options, row.content.key) for row in read.items] == [
        (item.stem, item.options, item.key) for item in in_order
    ]


def test_nobody_takes_it_alone(house: House) -> None:
    with house.unit_of_work() as session:
        _, first, second, export = asked(session)
        with pytest.raises(Refused, match="还没有获批"):
            take_export(session, first, export)
        with pytest.raises(Refused, match="两人办理"):
            decide_export(session, first, export, granted=True)
        decide_export(session, second, export, granted=True)
        with pytest.raises(Refused, match="申请人本人"):
            take_export(session, second, export)
        with pytest.raises(Refused, match="已经处理过"):
            decide_export(session, second, export, granted=False)
        take_export(session, first, export)
        with pytest.raises(Refused, match="已经领取"):
            take_export(session, first, export)


def test_a_grant_holds_for_a_day(house: House) -> None:
    with house.unit_of_work() as session:
        _, first, second, export = asked(session)
        decide_export(session, second, export, granted=True)
        with time_machine.travel(now() + timedelta(hours=25), tick=False), pytest.raises(Refused, match="超过 24 小时"):
            take_export(session, first, export)


def test_a_refused_one_stays_refused(house: House) -> None:
    with house.unit_of_work() as session:
        _, first, second, export = asked(session)
        decide_export(session, second, export, granted=False)
        with pytest.raises(Refused):
            take_export(session, first, export)


def test_what_cannot_be_asked_for(house: House) -> None:
    with house.unit_of_work() as session:
        bank, first, _, export = asked(session)
        with pytest.raises(BadInput, match="用途"):
            ask_export(session, first, bank, ExportFormat.XLSX, " ")
        empty = make_bank(session, level=3)
        with pytest.raises(BadInput, match="没有已入库"):
            ask_export(session, first, empty, ExportFormat.XLSX, "备案审查")
        stranger = make_person(session, make_bank(session, "大冶市技工学校"), "wai", Role.REVIEWER)
        with pytest.raises(NotFound):
            find_export(session, stranger, export.id)


@pytest.mark.parametrize("change", ["disabled", "another role"])
def test_a_grant_ends_with_the_right_to_grant(house: House, change: str) -> None:
    with house.unit_of_work() as session:
        _, first, second, export = asked(session)
        decide_export(session, second, export, granted=True)
        user = session.get_one(User, second.user_id)
        if change == "disabled":
            user.active = False
        else:
            user.roles = [UserRole(role=Role.WRITER)]
        session.flush()
        with pytest.raises(Refused, match="随之失效"):
            take_export(session, first, export)
