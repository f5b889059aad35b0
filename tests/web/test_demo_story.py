"""The demo from its first row to its last line: what it planted is found, and nothing else is told as found."""

import pytest

from bank.answers import shown_marks
from bank.content import ItemType
from web.demo.desk import PICTURE, mended, written_items
from web.demo.files import demo_rows
from web.demo.people import PASSWORD, PEOPLE
from web.demo.story import tell

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    house, told = tell(tmp_path_factory.mktemp("demo") / "home", lambda _: None)
    house.database.close()
    return told


def test_one_paper_is_alike_and_one_page_leaks(told):
    assert [pair["verdict"] for pair in told.data["audit"]["pairs"]].count("alike") == 1
    assert len(told.data["leaks"]) == 1
    assert 9 <= len(told.data["leaks"][0]["items"]) <= 12
    assert len(told.data["papers"]) == 9


def test_banks_stand_where_the_story_puts_them(told):
    assert [bank["state"] for bank in told.data["banks"]] == ["ready", "at_risk", "overdue"]
    school = told.data["banks"][0]
    assert school["missing_points"] == []


def test_the_item_that_got_out_is_the_only_lead(told):
    found = told.data["statistics"]
    assert found["items"] > 300
    assert len(found["leads"]) == 1
    assert len(found["key_suspects"]) == 1
    assert found["key_suspects"][0] != found["leads"][0]["item"]


def test_new_items_stand_beside_the_old_bank(told):
    rows = demo_rows("electrician_4_written")
    assert told.data["written"] == {"items": len(rows), "entered": 4}
    assert told.data["quality"]["items"] == len(demo_rows("electrician_4")) + len(rows)
    assert told.data["quality"]["conflicts"] == 0


def test_the_lines_say_so_and_name_everybody(told):
    text = "\n".join(told.lines)
    for wanted in ("发现 1 对雷同试卷", "含保密试题", "泄题线索：试题", "答案存疑：试题", "六、题库质量", PASSWORD):
        assert wanted in text
    assert all(login in text for login, *_ in PEOPLE)


def test_the_mended_item_adds_up():
    item = next(one for one in written_items("wang") if one.name == "XT-08")
    content = mended(item.content)
    assert content.faults() == []
    assert content.key != item.content.key
    assert shown_marks(sum(point.marks for point in content.rubric)) == "10"


def test_the_new_items_show_every_type_and_a_drawing():
    items = [one for writer in ("wang", "liu") for one in written_items(writer)]
    assert {item.content.type for item in items} == set(ItemType)
    assert {token for item in items for token in item.content.pictures()} == {PICTURE}
