"""From a stored form to the printed one: options in the form's order, pictures opened, nothing printed that is lost."""

from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from bank.answers import Parameters
from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR
from bank.ground.clock import now
from bank.ground.errors import CheckFailed, Refused
from bank.ledger.log import entries
from bank.pictures import Picture, PictureUse, cleaned, keep_pictures
from papers.papers import Form, FormItem
from papers.printing import Sheet, as_printed, print_sheet, printed_form
from tests.factories import TWO_MARKS, add, make_bank, make_paper
from web.house import House


def _form_with_picture(session: Session) -> tuple[Form, str, bytes]:
    data = BytesIO()
    Image.new("RGB", (12, 8), "blue").save(data, "PNG")
    file = cleaned("图.png", data.getvalue())
    bank = make_bank(session)
    token = keep_pictures(session, bank.institution_id, [file])[file.local_token]
    asked = ItemContent(ItemType.SINGLE, f"图中货叉是（ ）\n![货叉](pic:{token})", ("高", "低"), "A")
    return make_paper(session, bank, date(2026, 3, 1), add(session, bank, [asked])).forms[0], token, file.data


def test_the_pictures_of_a_form_come_with_it(house: House) -> None:
    with house.unit_of_work() as session:
        form, token, data = _form_with_picture(session)
        assert printed_form(session, OPERATOR, form, "印制试卷").pictures == {token: data}


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_sheet_with_a_picture_is_printed_and_its_reading_stands_in_the_ledger(house: House, kind: str) -> None:
    with house.unit_of_work() as session:
        form, _, _ = _form_with_picture(session)
        before = len(list(entries(session)))
        assert len(print_sheet(session, OPERATOR, form, Sheet.PAPER, kind)) > 1000
        assert len(list(entries(session))) > before


def test_a_lost_picture_keeps_the_form_from_being_printed(house: House) -> None:
    with house.unit_of_work() as session:
        form, _, _ = _form_with_picture(session)
        session.execute(sa.delete(PictureUse))
        session.execute(sa.delete(Picture))
        with pytest.raises(CheckFailed, match="第 1 题的图片"):
            printed_form(session, OPERATOR, form, "印制试卷")


def test_a_void_paper_is_not_printed(house: House) -> None:
    with house.unit_of_work() as session:
        form, _, _ = _form_with_picture(session)
        form.paper.voided_at = now()
        with pytest.raises(Refused, match="已作废"):
            printed_form(session, OPERATOR, form, "印制试卷")


def test_the_key_follows_the_order_of_the_options() -> None:
    content = ItemContent(ItemType.MULTIPLE, "题", ("甲", "乙", "丙"), "AB")
    shown = as_printed(FormItem(1, 1, TWO_MARKS, order=(2, 0, 1)), content)
    assert (shown.options, shown.key) == (("丙", "甲", "乙"), "BC")


def test_each_form_has_a_value_set_of_its_own_and_keeps_it(house: House) -> None:
    sets = Parameters(("U", "I"), (("220", "22"), ("380", "38")))
    asked = ItemContent(ItemType.BLANK, "电压 {U} 伏，电阻 10 欧，电流是____安。", key="{I}", parameters=sets)
    with house.unit_of_work() as session:
        bank = make_bank(session)
        saved = add(session, bank, [asked])
        forms = make_paper(session, bank, date(2026, 3, 1), saved, saved).forms
        made = [printed_form(session, OPERATOR, form, "印制试卷").sections[0].items[0].content for form in forms]
        again = printed_form(session, OPERATOR, forms[0], "印制试卷").sections[0].items[0].content
    assert {(one.stem[3:6], one.key) for one in made} == {("220", "22"), ("380", "38")}
    assert again == made[0]
