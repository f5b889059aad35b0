"""Moodle XML as Tidun writes it: native types, files inside, and the same items when it is read again."""

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from bank.answers import Credit, Parameters
from bank.content import ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.exchange.writing.items import WrittenItem
from bank.exchange.writing.moodle import write
from tests.bank.exchange.writing.made_items import CONTENTS, PICTURES, TOKEN, check_round_trip

SHARE = ItemContent(ItemType.MULTIPLE, "属于安全电压的是（ ）。", ("36V", "24V", "220V"), "AB", credit=Credit.SHARE)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CONTENTS, min_size=1, max_size=3))
def test_round_trip(contents: list[ItemContent]) -> None:
    check_round_trip("moodle", write, contents)


def written(*contents: ItemContent) -> etree._Element:
    return etree.fromstring(write([WrittenItem("7", one) for one in contents], PICTURES, "题库").data)


def test_partial_credit_is_in_fractions() -> None:
    question = written(SHARE).find("question")
    assert question is not None
    assert (question.get("type"), question.findtext("single")) == ("multichoice", "false")
    assert [answer.get("fraction") for answer in question.iterfind("answer")] == ["50", "50", "-100"]


def test_pictures_lie_in_the_file() -> None:
    question = written(ItemContent(ItemType.JUDGE, f"![铭牌](pic:{TOKEN})中的电压正确。", (), "正确"))
    file = question.find("question/questiontext/file")
    assert file is not None
    assert base64.b64decode(file.text or "") == PICTURES[TOKEN].data
    assert f"@@PLUGINFILE@@/{file.get('name')}" in (question.findtext("question/questiontext/text") or "")


def test_blanks_are_embedded_where_there_are_several() -> None:
    text = written(ItemContent(ItemType.BLANK, "____和____相等。", (), "甲|乙；{丙}")).findtext(
        "question/questiontext/text"
    )
    assert text == r"<p>{1:SHORTANSWER:=甲~=乙}和{1:SHORTANSWER:={丙\}}相等。</p>"


@pytest.mark.parametrize("credit", [Credit.NONE, Credit.HALF])
def test_what_moodle_cannot_score_is_told(credit: Credit) -> None:
    content = ItemContent(ItemType.MULTIPLE, SHARE.stem, SHARE.options, SHARE.key, credit=credit)
    out = write([WrittenItem("7", content)], {}, "题库")
    assert [(one.number, one.name, one.whole) for one in out.left_out] == [(1, "7", False)]
    assert read_items("题库.xml", out.data).items[0].content == content


def test_a_parameterised_item_is_written_with_its_first_values() -> None:
    sets = Parameters(("U",), (("12",), ("24",)))
    out = write(
        [WrittenItem("7", ItemContent(ItemType.SHORT, "{U}V 是多少？", (), "{U}", parameters=sets))], {}, "题库"
    )
    assert [one.reason for one in out.left_out] == ["参数题只写出第 1 组取值"]
    assert read_items("题库.xml", out.data).items[0].content == ItemContent(ItemType.SHORT, "12V 是多少？", (), "12")


def test_a_lost_picture_is_told() -> None:
    out = write([WrittenItem("7", ItemContent(ItemType.JUDGE, f"见![](pic:{TOKEN})。", (), "正确"))], {}, "题库")
    assert [one.reason for one in out.left_out] == ["有图片已失效，写成“〔图〕”"]
