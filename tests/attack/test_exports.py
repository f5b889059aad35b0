"""One grant, one file: also when it is taken from several processes in the same moment."""

import threading
from collections.abc import Sequence

import pytest

from bank.exports import ExportFormat, ask_export, decide_export, find_export, take_export
from bank.ground.errors import Refused
from bank.institutions import Bank
from bank.items import ItemStatus
from tests.web.cast import Stock, make_question, people_the_home
from web.house import House, open_home

AT_ONCE = 4


def _granted(house: House) -> int:
    stock = Stock(house)
    stock.items("wang", make_question(0), status=ItemStatus.APPROVED)
    asker, other, bank = stock.actor("shen"), stock.actor("li"), stock.bank_id()
    with house.unit_of_work() as session:
        export = ask_export(session, asker, session.get_one(Bank, bank), ExportFormat.GIFT, "送审定中心核验")
        decide_export(session, other, export, granted=True)
        return export.id


def _taken(houses: Sequence[House], export: int) -> list[str]:
    """What each of several houses over one home answers when all ask at once."""
    asker, told, start = Stock(houses[0]).actor("shen"), [], threading.Barrier(len(houses))

    def take(house: House) -> None:
        start.wait()
        try:
            with house.unit_of_work() as session:
                take_export(session, asker, find_export(session, asker, export))
            told.append("taken")
        except Refused:
            told.append("refused")

    threads = [threading.Thread(target=take, args=(house,)) for house in houses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def _race(house: House) -> list[str]:
    export = _granted(house)
    more = [open_home(house.settings.home) for _ in range(AT_ONCE - 1)]
    try:
        return _taken([house, *more], export)
    finally:
        for one in more:
            one.database.close()


def test_a_grant_is_used_once(house: House) -> None:
    assert _race(house) == ["refused"] * (AT_ONCE - 1) + ["taken"]


@pytest.mark.slow
def test_a_grant_is_used_once_on_postgres(postgres_house: House) -> None:
    people_the_home(postgres_house)
    assert _race(postgres_house) == ["refused"] * (AT_ONCE - 1) + ["taken"]
