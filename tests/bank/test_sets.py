"""Stimulus sets and enemies."""

import pytest

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR, Role
from bank.ground.errors import BadInput
from bank.items import ItemStatus, NewItem, Origin, current_versions, open_versions
from bank.sets import (
    EnemyReason,
    add_set,
    enemies_of,
    items_of_set,
    mark_enemies,
    part_enemies,
    revise_material,
)
from tests.factories import add, make_bank, make_items, make_person
from web.house import House

MATERIAL = "某仓库用一台额定起重量 2 吨的叉车搬运 1.5 吨货物，货物高出驾驶员视线。"
PARTS = [
    NewItem(ItemContent(ItemType.SINGLE, "应当怎样行驶？", ("倒车慢行", "加速前进", "抬高货叉", "急转弯"), "A")),
    NewItem(ItemContent(ItemType.JUDGE, "此时需要专人指挥。", key="正确")),
]


def test_the_items_of_a_set_carry_its_material_in_order(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        wang = make_person(session, bank, "wang", Role.WRITER)
        saved = add_set(session, wang, bank, MATERIAL, PARTS)
        number = saved[0].item.stimulus_id
        assert number is not None
        assert [item.id for item in items_of_set(session, number)] == [one.item.id for one in saved]
        contents = open_versions(session, session.scalars(current_versions()).all())
        assert {content.material for content in contents.values()} == {MATERIAL}


@pytest.mark.parametrize(("material", "parts", "told"), [(" ", 2, "材料为空"), (MATERIAL, 1, "至少要有 2 道")])
def test_what_is_no_set_is_refused(house: House, material: str, parts: int, told: str) -> None:
    with house.unit_of_work() as session, pytest.raises(BadInput, match=told):
        add_set(session, OPERATOR, make_bank(session), material, PARTS[:parts])


def test_another_material_is_a_new_version_of_every_item(house: House) -> None:
    with house.unit_of_work() as session:
        saved = add_set(session, OPERATOR, make_bank(session), MATERIAL, PARTS)
        for one in saved:
            one.item.status = ItemStatus.APPROVED
        number = saved[0].item.stimulus_id
        assert number is not None
        anew = revise_material(session, OPERATOR, number, "另一段材料。")
        assert [one.version.number for one in anew] == [2, 2]
        assert {one.item.status for one in anew} == {ItemStatus.DRAFT}
        with pytest.raises(BadInput, match="材料为空"):
            revise_material(session, OPERATOR, number, "  ")


def test_enemies_are_marked_once_and_parted(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        first, second, third = (one.item for one in add(session, bank, make_items(3)))
        assert mark_enemies(session, OPERATOR, [first, second, third], EnemyReason.SAME_THING) == 3
        assert mark_enemies(session, OPERATOR, [second, first], EnemyReason.GIVES_AWAY) == 0
        assert enemies_of(session, second) == [first, third]
        assert part_enemies(session, OPERATOR, [third, second]) == 1
        assert enemies_of(session, first) == [second, third]
        assert enemies_of(session, third) == [first]


def test_enemies_live_in_one_bank(house: House) -> None:
    with house.unit_of_work() as session:
        here, there = make_bank(session), make_bank(session, "大冶市技工学校")
        mine = add(session, here, make_items(2))
        other = add(session, there, make_items(1, 5))
        with pytest.raises(BadInput, match="同一个题库"):
            mark_enemies(session, OPERATOR, [mine[0].item, other[0].item], EnemyReason.SAME_THING)
        with pytest.raises(BadInput, match="至少选择 2 道"):
            mark_enemies(session, OPERATOR, [mine[0].item, mine[0].item], EnemyReason.SAME_THING)
        mine[1].item.origin = Origin.PAPER
        with pytest.raises(BadInput, match="同一个题库"):
            mark_enemies(session, OPERATOR, [one.item for one in mine], EnemyReason.SAME_THING)
