"""Writing one question: kept as typed when it cannot be saved, shown beside what the bank has, own items only."""

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from bank.content import ItemContent, ItemType
from bank.items import Item, ItemStatus, ItemVersion, current_versions, open_versions
from tests.web.cast import Browser, Stock
from web.house import House
from web.item_forms import ItemForm

SINGLE = {
    "type": "single",
    "stem": "热继电器的整定电流一般取电动机额定电流的（    ）倍。",
    "option_a": "0.5",
    "option_b": "0.95～1.05",
    "option_c": "2",
    "option_d": "5",
    "letters": "B",
    "rationale": "整定电流应与额定电流相近。",
    "difficulty": "2",
}


def _only_item(house: House) -> tuple[Item, ItemContent]:
    with house.reading() as session:
        version = session.scalars(current_versions()).one()
        return version.item, open_versions(session, [version])[version.id]


def test_it_works(wang: Browser, stock: Stock, house: House) -> None:
    assert wang.get(f"/items/new?bank={stock.bank_id()}").status_code == 200
    answer = wang.post("/items/new", {**SINGLE, "bank": stock.bank_id()})
    assert answer.status_code == 302
    item, content = _only_item(house)
    assert content == ItemContent(
        ItemType.SINGLE, SINGLE["stem"], ("0.5", "0.95～1.05", "2", "5"), "B", SINGLE["rationale"]
    )
    assert (item.status, item.difficulty, item.author_id) == (ItemStatus.DRAFT, 2, stock.actor("wang").user_id)


@pytest.mark.parametrize(
    ("then", "status", "place"),
    [("draft", "draft", "/items?"), ("submit", "submitted", "/items?"), ("next", "draft", "/items/new?")],
)
def test_what_comes_after_saving(wang: Browser, stock: Stock, house: House, then: str, status: str, place: str) -> None:
    answer = wang.post("/items/new", {**SINGLE, "bank": stock.bank_id(), "then": then})
    assert answer.headers["Location"].startswith(place)
    assert _only_item(house)[0].status.value == status


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"stem": "  "}, "题干为空"),
        ({"letters": []}, "缺少答案"),
        ({"letters": ["A", "B"]}, "单选题只能有一个答案"),
        ({"letters": "F"}, "超出选项范围"),
        ({"option_b": "", "option_c": "", "option_d": "", "letters": "A"}, "至少要有 2 个选项"),
        ({"option_c": "0.5"}, "有两个选项相同"),
        ({"option_b": ""}, "有空的选项"),
        ({"type": "judge"}, "缺少答案"),
        ({"type": "judge", "judge": "也许"}, "判断题答案应为"),
        ({"type": "short", "answer": ""}, "缺少答案"),
        ({"type": "riddle"}, "有效的选择"),
        ({"type": ""}, "有效的选择"),
        ({"difficulty": "9"}, "有效的选择"),
        ({"point": "Z-9"}, "有效的选择"),
        ({"stem": "长" * 4001}, "不超过 4000 字"),
        ({"secrecy": "released"}, "有效的选择"),
        ({"marks": "1.3"}, "0.5 的倍数"),
        ({"type": "blank", "blanks-accepted": ["", " "]}, "缺少答案"),
        (
            {"type": "blank", "stem": "整定电流应与额定电流相近。____和____", "blanks-accepted": ["甲", ""]},
            "答案写了 1 个，题中有 2 个空",
        ),
        ({"type": "practical", "minutes": "两小时"}, "整数分钟"),
        ({"parameters": "U | R\n220"}, "取值不全"),
        ({"stem": "图中仪表的读数是![](pic:0123456789abcdef)（ ）。"}, "不属于本机构"),
    ],
)
def test_what_cannot_be_saved_comes_back_as_typed(
    wang: Browser, stock: Stock, house: House, change: dict[str, object], sentence: str
) -> None:
    page = wang.post("/items/new", {**SINGLE, **change, "bank": stock.bank_id()})
    assert page.status_code == 422
    assert sentence in page.text
    assert "整定电流应与额定电流相近。" in page.text
    assert 'value="0.5"' in page.text
    with house.reading() as session:
        assert session.scalars(current_versions()).first() is None


def test_a_look_alike_is_shown_before_it_is_saved(wang: Browser, stock: Stock, house: House) -> None:
    form = {**SINGLE, "bank": stock.bank_id()}
    wang.post("/items/new", form)
    page = wang.post("/items/new", {**form, "stem": SINGLE["stem"].replace("一般取", "一般应取")})
    assert page.status_code == 422
    assert "相同或近似" in page.text
    assert "仍要保存" in page.text
    assert '<mark class="gone">应</mark>' in page.text
    accepted = re.search(r'name="accepted" value="([^"]+)"', page.text)
    assert accepted is not None
    again = wang.post("/items/new", {**form, "accepted": accepted[1]})
    assert again.status_code == 302
    with house.reading() as session:
        assert len(session.scalars(current_versions()).all()) == 2


def test_accepting_another_pair_does_not_count(wang: Browser, stock: Stock) -> None:
    form = {**SINGLE, "bank": stock.bank_id()}
    wang.post("/items/new", form)
    assert wang.post("/items/new", {**form, "accepted": "999"}).status_code == 422


def test_a_revision_is_a_new_draft_and_is_not_held_against_itself(wang: Browser, stock: Stock, house: House) -> None:
    wang.post("/items/new", {**SINGLE, "bank": stock.bank_id(), "then": "submit"})
    number = _only_item(house)[0].id
    shown = wang.get(f"/items/{number}/edit")
    assert "0.95～1.05" in shown.text
    answer = wang.post(f"/items/{number}/edit", {**SINGLE, "difficulty": "4", "rationale": ""})
    assert answer.status_code == 302
    item, content = _only_item(house)
    assert (item.version, item.status, item.difficulty, content.rationale) == (2, ItemStatus.DRAFT, 4, "")


def test_nobody_else_revises_it(stock: Stock, as_user: Callable[[str], Browser], house: House) -> None:
    number = stock.items("wang", ItemContent(ItemType.JUDGE, "接地线可以用缠绕法连接。", (), "错误"))[0]
    for login, status in (("zhao", 403), ("wai", 404), ("shen", 403), ("li", 403), ("du", 403), ("sys", 403)):
        browser = as_user(login)
        for answer in (browser.get(f"/items/{number}/edit"), browser.post(f"/items/{number}/edit", SINGLE)):
            assert answer.status_code == status, login
            assert "缠绕" not in answer.text
    assert _only_item(house)[0].version == 1


def test_fields_that_are_not_in_the_form_are_ignored(wang: Browser, stock: Stock, house: House) -> None:
    forged = {
        "status": "approved",
        "institution_id": 2,
        "author_id": 1,
        "approved_by": "x",
        "id": 77,
    }
    wang.post("/items/new", {**SINGLE, **forged, "bank": stock.bank_id()})
    item, _ = _only_item(house)
    assert item.status is ItemStatus.DRAFT
    assert item.secrecy.value == "secret"
    assert item.author_id == stock.actor("wang").user_id
    assert item.id != 77
    assert item.bank_id == stock.bank_id("wang")


def test_a_foreign_bank_is_not_there(wang: Browser, stock: Stock, house: House) -> None:
    assert wang.post("/items/new", {**SINGLE, "bank": stock.bank_id("wai")}).status_code == 404
    assert wang.post("/items/new", {**SINGLE}).status_code == 404
    with house.reading() as session:
        assert session.query(ItemVersion).count() == 0


TEXT = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT, st.lists(TEXT, min_size=2, max_size=6, unique=True), st.data())
def test_what_is_shown_is_what_is_sent_back(stem: str, options: list[str], data: st.DataObject) -> None:
    letters = sorted(data.draw(st.sets(st.sampled_from("ABCDEF"[: len(options)]), min_size=1)))
    content = ItemContent(ItemType.MULTIPLE, stem, tuple(options), "".join(letters))
    first = ItemForm()
    first.offer_points(None)
    first.fill(content)
    sent = MultiDict({name: value for name, value in first.data.items() if isinstance(value, str)})
    sent.setlist("letters", first.letters.data)
    second = ItemForm(sent)
    second.offer_points(None)
    assert second.check(), second.errors
    assert second.content() == content
