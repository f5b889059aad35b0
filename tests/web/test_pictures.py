"""Pictures: for those of the institution who may read an item that shows it, for nobody else."""

from io import BytesIO

import pytest
from PIL import Image

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR
from bank.institutions import Bank
from bank.pictures import cleaned, keep_pictures
from bank.process import WritersSee, change_process


@pytest.fixture
def token(house, stock) -> str:
    """A picture kept for the school, shown by no item yet."""
    data = BytesIO()
    Image.new("RGB", (8, 6), "red").save(data, "PNG")
    file = cleaned("图.png", data.getvalue())
    with house.unit_of_work() as session:
        institution = session.get_one(Bank, stock.bank_id()).institution_id
        return keep_pictures(session, institution, [file])[file.local_token]


@pytest.fixture
def item(token, stock) -> int:
    """An item of 老王 that shows it."""
    return stock.items("wang", ItemContent(ItemType.SINGLE, f"如图![](pic:{token})（ ）", ("甲", "乙"), "A"))[0]


def test_the_writer_sees_it_with_its_type_and_no_copy_is_kept(wang, token, item) -> None:
    answer = wang.get(f"/pictures/{token}")
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(answer.data)).size == (8, 6)


def test_the_page_of_the_item_names_it(wang, token, item) -> None:
    assert f'src="/pictures/{token}"' in wang.get(f"/items/{item}").text


def test_a_reviewer_of_the_institution_sees_it(shen, token, item) -> None:
    assert shen.get(f"/pictures/{token}").status_code == 200


def test_a_writer_at_work_sees_it_before_any_item_does(wang, token) -> None:
    assert wang.get(f"/pictures/{token}").status_code == 200


@pytest.mark.parametrize("login", ["wai", "wai_shen", "li", "du", "sys", "sec", "aud"])
def test_for_all_others_it_is_not_there(as_user, login, token, item) -> None:
    assert as_user(login).get(f"/pictures/{token}").status_code == 404


def test_whoever_is_not_signed_in_is_turned_away(stranger, token, item) -> None:
    assert stranger.get(f"/pictures/{token}").status_code == 401


def test_an_unknown_name_is_not_there(wang) -> None:
    assert wang.get(f"/pictures/{'0' * 32}").status_code == 404
    assert wang.get("/pictures/..%2f..%2fetc").status_code == 404


def test_a_writer_who_sees_only_the_own_part_does_not_see_anothers_picture(as_user, house, stock, token, item) -> None:
    assert as_user("zhao").get(f"/pictures/{token}").status_code == 200
    with house.unit_of_work() as session:
        change_process(session, OPERATOR, session.get_one(Bank, stock.bank_id()), writers_see=WritersSee.OWN)
    assert as_user("zhao").get(f"/pictures/{token}").status_code == 404
    assert as_user("wang").get(f"/pictures/{token}").status_code == 200
