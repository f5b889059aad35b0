"""The writer's desk and the list of items: the five questions, and what a writer may not see."""

from collections.abc import Callable

import pytest

from bank.content import ItemContent, ItemType
from bank.exchange.outline.files import read_outline
from bank.ground.actors import OPERATOR
from bank.items import Item, ItemStatus
from bank.ledger.log import entries
from bank.review import send_back, submit
from bank.revisions import import_outline
from tests.web.cast import ELECTRICIAN, Browser, Stock, make_question
from web.demo.files import demo_outline, outline_xlsx
from web.house import House

SECRET = ItemContent(
    ItemType.SINGLE, "别人写的题干（    ）。", ("机密选项甲", "机密选项乙", "机密选项丙", "机密选项丁"), "B", "机密解析"
)
HOSTILE = "<script>alert(1)</script>{{7*7}}${7*7}'\"><img src=x onerror=alert(2)>"


def test_desk_works_on_an_empty_bank(wang: Browser) -> None:
    page = wang.get("/writing")
    assert page.status_code == 200
    assert "有效试题 0 / " in page.text
    assert "细目表" in page.text


def test_desk_names_what_came_back_and_why(wang: Browser, stock: Stock, house: House) -> None:
    number = stock.items("wang", make_question(0))[0]
    with house.unit_of_work() as session:
        item = session.get_one(Item, number)
        submit(session, stock.actor("wang"), [item])
        send_back(session, stock.actor("shen"), item, "选项 B、D 意思相同")
    page = wang.get("/writing").text
    assert "1 道题被退回" in page
    assert "选项 B、D 意思相同" in page
    assert f"/items/{number}/edit" in page


def test_items_lists_stems_page_by_page_and_logs_the_reading(wang: Browser, stock: Stock, house: House) -> None:
    numbers = stock.questions("wang", 25)
    first, second = wang.get("/items"), wang.get("/items?page=2")
    assert "共 25 条" in first.text
    assert f'href="/items/{numbers[-1]}"' in first.text
    assert f'href="/items/{numbers[0]}"' in second.text
    assert f'href="/items/{numbers[0]}"' not in first.text
    with house.reading() as session:
        read = [entry.body["items"] for entry in entries(session, kinds=["item.read"], actor="wang")]
    assert sorted(read[0] + read[1]) == numbers


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=judge", {1}),
        ("status=draft", {2}),
        ("status=approved&type=single", {0}),
        ("own=1", {2}),
        ("page=99", {0, 1, 2}),
        ("type=x' OR 1=1", {0, 1, 2}),
        ("point=%25_%27--", set()),
    ],
)
def test_filters(wang: Browser, stock: Stock, query: str, expected: set[int]) -> None:
    numbers = [
        *stock.items("zhao", make_question(0), status=ItemStatus.APPROVED),
        *stock.items("zhao", make_question(2), status=ItemStatus.APPROVED),
        *stock.items("wang", make_question(3)),
    ]
    page = wang.get(f"/items?{query}").text
    assert {at for at, number in enumerate(numbers) if f'href="/items/{number}"' in page} == expected


def test_key_and_rationale_of_others_items_are_absent(
    wang: Browser, stock: Stock, as_user: Callable[[str], Browser]
) -> None:
    number = stock.items("zhao", SECRET)[0]
    listed, shown = wang.get("/items").text, wang.get(f"/items/{number}").text
    assert "别人写的题干" in shown
    for page in (listed, shown):
        assert "机密解析" not in page
        assert 'class="right"' not in page
        assert "答案：" not in page
    own = as_user("zhao").get(f"/items/{number}").text
    assert "机密解析" in own
    assert "答案：B" in own


def test_other_institutions_see_nothing(stock: Stock, as_user: Callable[[str], Browser]) -> None:
    number, bank = stock.items("wang", SECRET)[0], stock.bank_id("wang")
    foreign = as_user("wai")
    for path in (f"/items/{number}", f"/items?bank={bank}", f"/items/{number}/edit", f"/items/new?bank={bank}"):
        page = foreign.get(path)
        assert page.status_code == 404, path
        assert "机密" not in page.text
    assert "机密" not in foreign.get("/items").text


def test_submit_sends_own_drafts(wang: Browser, stock: Stock, house: House) -> None:
    numbers = stock.questions("wang", 3, ItemStatus.DRAFT)
    answer = wang.post("/items/submit", {"bank": stock.bank_id(), "item": numbers[:2]})
    assert answer.status_code == 302
    assert "其中 2 道没有定鉴定点" in wang.get(answer.headers["Location"]).text
    assert _statuses(house, numbers) == ["submitted", "submitted", "draft"]
    wang.post("/items/submit", {"bank": stock.bank_id(), "all": "1"})
    assert _statuses(house, numbers) == ["submitted"] * 3


def _statuses(house: House, numbers: list[int]) -> list[str]:
    with house.reading() as session:
        return [session.get_one(Item, number).status.value for number in numbers]


def test_one_foreign_item_refuses_the_whole(wang: Browser, stock: Stock, house: House) -> None:
    own, others = stock.items("wang", make_question(0))[0], stock.items("zhao", make_question(3))[0]
    foreign = stock.items("wai", make_question(6))[0]
    for bad in (others, foreign, 9999):
        assert wang.post("/items/submit", {"bank": stock.bank_id(), "item": [own, bad]}).status_code == 404
    assert wang.post("/items/submit", {"bank": stock.bank_id("wai"), "item": [own]}).status_code == 404
    assert wang.post("/items/submit", {"bank": stock.bank_id()}).status_code == 400
    assert _statuses(house, [own, others, foreign]) == ["draft"] * 3


def test_get_does_not_submit(wang: Browser, stock: Stock, house: House) -> None:
    number = stock.items("wang", make_question(0))[0]
    assert wang.get(f"/items/submit?bank={stock.bank_id()}&all=1").status_code in {404, 405}
    assert _statuses(house, [number]) == ["draft"]


def test_hostile_text_stays_text(wang: Browser, stock: Stock, house: House) -> None:
    hostile = ItemContent(ItemType.JUDGE, HOSTILE, (), "正确", HOSTILE)
    number = stock.items("wang", hostile)[0]
    with house.unit_of_work() as session:
        item = session.get_one(Item, number)
        submit(session, stock.actor("wang"), [item])
        send_back(session, stock.actor("shen"), item, HOSTILE)
    for path in ("/writing", "/items", f"/items/{number}", f"/items/{number}/edit"):
        page = wang.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert "{{7*7}}" in page, path
        assert "49" not in page.replace(f"{number}", ""), path


def test_drafts_are_placed_in_heaps(wang: Browser, stock: Stock, house: House) -> None:
    with house.unit_of_work() as session:
        reading = read_outline("电工.xlsx", outline_xlsx(demo_outline("electrician_4")))
        import_outline(session, OPERATOR, reading, occupation=ELECTRICIAN, level=4, source="电工.xlsx")
    numbers = stock.questions("wang", 3, ItemStatus.DRAFT)
    point = reading.points[4].code
    page = wang.get("/items").text
    assert 'formaction="/items/point"' in page
    form = {"bank": stock.bank_id(), "point": point}
    answer = wang.post("/items/point", {**form, "item": numbers[:2]})
    assert "已把 2 道题定到" in wang.get(answer.headers["Location"]).text
    assert _points(house, numbers) == [point, point, None]
    others = stock.items("zhao", make_question(6))[0]
    assert wang.post("/items/point", {**form, "item": [numbers[2], others]}).status_code == 404
    assert wang.post("/items/point", {**form, "point": "Z-9", "item": numbers[2:]}).status_code == 400
    assert wang.post("/items/point", form).status_code == 400
    assert _points(house, [numbers[2], others]) == [None, None]
    with house.reading() as session:
        (entry,) = entries(session, kinds=["item.place"])
        assert entry.body == {"point": point, "items": numbers[:2]}


def _points(house: House, numbers: list[int]) -> list[str | None]:
    with house.reading() as session:
        return [session.get_one(Item, number).point for number in numbers]
