"""What the form asks while somebody types: the preview, pictures, and unfinished forms that are never lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from PIL import Image

from bank.content import ItemContent, ItemType
from bank.ground.clock import now
from bank.ledger.log import entries
from bank.pictures import Picture, sweep_pictures
from tests.web.cast import Browser, Stock
from web.house import House
from web.writing_drafts import WritingDraft

HALF = {"type": "single", "stem": "兆欧表测量前应先做开路和（    ）试验。", "option_a": "短路", "option_c": "满载"}


def _png(colour: str = "red") -> bytes:
    stream = BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "PNG")
    return stream.getvalue()


def _send_picture(browser: Browser, bank: int, data: bytes, name: str = "线路图.png") -> Any:
    sent = {"bank": bank, "picture": (BytesIO(data), name)}
    return browser.post("/items/pictures", sent, content_type="multipart/form-data")


def test_the_preview_shows_what_is_typed(wang: Browser, stock: Stock) -> None:
    page = wang.post("/items/preview", {**HALF, "bank": stock.bank_id()}).json["html"]
    assert "开路和" in page
    assert "满载" in page


@pytest.mark.parametrize(
    "stem",
    [
        "<script>alert(1)</script>电压",
        '<img src=x onerror="alert(1)">电压',
        "$\\frac{<script>alert(1)</script>}{2}$电压",
        '$\\text{"><svg onload=alert(1)>}$电压',
        "$\\href{javascript:alert(1)}{U}$电压",
        "<sub><script>alert(1)</script></sub>电压",
        '![" onerror="alert(1)](pic:0123456789abcdef)电压',
        "| <script>alert(1)</script> | <b onclick=alert(1)>电压</b> |",
        "$" + "{" * 400 + "U" + "}" * 400 + "$电压",
        "$" * 3999 + "电压",
    ],
)
def test_a_hostile_text_stays_text(wang: Browser, stock: Stock, stem: str) -> None:
    answer = wang.post("/items/preview", {"type": "short", "stem": stem, "bank": stock.bank_id()})
    assert answer.status_code == 200
    page = answer.json["html"].lower()
    assert "电压" in page
    for tag in ("<script", "<svg onload", "<b onclick", "<img src=x", "<a ", 'href="javascript'):
        assert tag not in page
    assert 'onerror="alert' not in page.replace("&#34;", "").replace("&quot;", "")


def test_each_value_set_is_shown(wang: Browser, stock: Stock) -> None:
    typed = {"type": "calculation", "stem": "电压 {U} V、电阻 {R} Ω，求电流。", "answer": "{I} A"}
    typed |= {"parameters": "U | R | I\n220 | 44 | 5\n36\t12\t3\n110 | 22", "bank": stock.bank_id()}
    page = wang.post("/items/preview", typed).json["html"]
    assert page.count("组取值") == 2
    assert "电压 36 V" in page
    assert "5 A" in page


def test_a_foreign_bank_shows_nothing(wang: Browser, stock: Stock) -> None:
    for path in ("/items/preview", "/items/draft", "/items/draft/drop"):
        answer = wang.post(path, {**HALF, "slot": "new", "bank": stock.bank_id("wai")})
        assert answer.status_code == 404
    assert _send_picture(wang, stock.bank_id("wai"), _png()).status_code == 404


def test_a_picture_is_kept_and_stands_in_the_item(wang: Browser, stock: Stock, house: House) -> None:
    text = _send_picture(wang, stock.bank_id(), _png()).json["text"]
    assert _send_picture(wang, stock.bank_id(), _png()).json["text"] == text
    typed = {"type": "judge", "stem": f"图中的接线是正确的。\n{text}", "judge": "正确", "bank": stock.bank_id()}
    assert wang.post("/items/new", typed).status_code == 302
    with house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 1
        assert len(list(entries(session, kinds=["picture.keep"], actor="wang"))) == 2


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "空.png"),
        (b"GIF89a but not", "坏.gif"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "图.svg"),
        (_png()[:60], "断.png"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(wang: Browser, stock: Stock, data: bytes, name: str) -> None:
    answer = _send_picture(wang, stock.bank_id(), data, name)
    assert answer.status_code == 422
    assert "图片" in answer.json["error"]


def test_a_picture_of_another_institution_cannot_be_named(
    wang: Browser, stock: Stock, as_user: Callable[[str], Browser], house: House
) -> None:
    text = _send_picture(wang, stock.bank_id(), _png("blue")).json["text"]
    typed = {"type": "judge", "stem": f"图中是角焊缝。\n{text}", "judge": "正确", "bank": stock.bank_id("wai")}
    stranger = as_user("wai")
    page = stranger.post("/items/preview", typed).json["html"]
    (address,) = re.findall(r'src="(/pictures/[0-9a-f]+)"', page)
    assert stranger.get(address).status_code == 404
    assert wang.get(address).mimetype == "image/png"
    answer = stranger.post("/items/new", typed)
    assert answer.status_code == 422
    assert "不属于本机构" in answer.text
    assert "图中是角焊缝" in answer.text


def test_without_a_script_a_picture_comes_with_the_form(wang: Browser, stock: Stock) -> None:
    sent = {**HALF, "bank": stock.bank_id(), "then": "look", "picture": (BytesIO(_png()), "图.png")}
    page = wang.post("/items/new", sent, content_type="multipart/form-data")
    assert page.status_code == 200
    assert "(pic:" in page.text
    broken = {**HALF, "bank": stock.bank_id(), "then": "look", "picture": (BytesIO(b"x"), "图.png")}
    page = wang.post("/items/new", broken, content_type="multipart/form-data")
    assert "打不开" in page.text
    assert "开路和" in page.text


def test_an_unfinished_form_is_there_again(wang: Browser, stock: Stock, house: House) -> None:
    bank = stock.bank_id()
    for _ in range(2):
        answer = wang.post("/items/draft", {**HALF, "bank": bank, "slot": "new", "letters": ["A"]})
        assert answer.json["saved"]
    page = wang.get(f"/items/new?bank={bank}").text
    assert "没写完的内容" in page
    assert "开路和" in page
    assert 'value="满载"' in page
    with house.reading() as session:
        (row,) = session.scalars(sa.select(WritingDraft))
        assert "兆欧表".encode() not in row.body
        assert len(list(entries(session, kinds=["writing.keep"], actor="wang"))) == 1
    assert wang.post("/items/draft/drop", {"bank": bank, "slot": "new"}).status_code == 302
    assert "开路和" not in wang.get(f"/items/new?bank={bank}").text


def test_an_unfinished_form_is_its_writers_alone(
    wang: Browser, stock: Stock, as_user: Callable[[str], Browser]
) -> None:
    wang.post("/items/draft", {**HALF, "bank": stock.bank_id(), "slot": "new"})
    assert "开路和" not in as_user("zhao").get(f"/items/new?bank={stock.bank_id()}").text


def test_saving_ends_the_unfinished_form(wang: Browser, stock: Stock, house: House) -> None:
    bank = stock.bank_id()
    wang.post("/items/draft", {**HALF, "bank": bank, "slot": "new"})
    assert wang.post("/items/new", {**HALF, "bank": bank, "option_b": "耐压", "letters": "A"}).status_code == 302
    with house.reading() as session:
        assert session.scalars(sa.select(WritingDraft)).first() is None


def test_a_change_that_was_left_unfinished_is_there_again(wang: Browser, stock: Stock) -> None:
    number = stock.items("wang", ItemContent(ItemType.JUDGE, "兆欧表使用前应做开路试验。", (), "正确"))[0]
    changed = {"type": "judge", "stem": "兆欧表使用前应做开路和短路试验。", "judge": "正确", "slot": f"item:{number}"}
    wang.post("/items/draft", {**changed, "bank": stock.bank_id()})
    page = wang.get(f"/items/{number}/edit").text
    assert "开路和短路试验" in page
    assert "回到已保存的一稿" in page
    assert "请核对" in page
    wang.post("/items/draft", {**changed, "bank": stock.bank_id(), "based_on": "1"})
    assert "请核对" not in wang.get(f"/items/{number}/edit").text


@pytest.mark.parametrize("slot", ["", "other", "item:", "item:x", "new;drop"])
def test_places_that_no_form_has_are_refused(wang: Browser, stock: Stock, slot: str) -> None:
    assert wang.post("/items/draft", {**HALF, "bank": stock.bank_id(), "slot": slot}).status_code == 404


def test_empty_and_oversized_forms_are_not_kept(wang: Browser, stock: Stock, house: House) -> None:
    empty = {"type": "judge", "judge": "正确", "point": "", "bank": stock.bank_id(), "slot": "new", "stem": "  "}
    assert wang.post("/items/draft", empty).json == {"saved": ""}
    big = wang.post("/items/draft", {**empty, "stem": "长" * 70_000})
    assert big.status_code == 422
    assert "太长" in big.json["error"]
    with house.reading() as session:
        assert session.scalars(sa.select(WritingDraft)).first() is None


def test_a_picture_of_an_unfinished_form_is_not_swept(wang: Browser, stock: Stock, house: House) -> None:
    text = _send_picture(wang, stock.bank_id(), _png()).json["text"]
    with time_machine.travel(now() + timedelta(hours=40)):
        wang.sign_in("wang")
        wang.post("/items/draft", {**HALF, "option_b": text, "bank": stock.bank_id(), "slot": "new"})
    with time_machine.travel(now() + timedelta(hours=60)), house.unit_of_work() as session:
        assert sweep_pictures(session) == 0
    with time_machine.travel(now() + timedelta(hours=90)), house.unit_of_work() as session:
        assert sweep_pictures(session) == 1


def test_old_unfinished_forms_are_deleted(wang: Browser, stock: Stock, house: House, as_user: Any) -> None:
    wang.post("/items/draft", {**HALF, "bank": stock.bank_id(), "slot": "new"})
    with time_machine.travel(now() + timedelta(days=31)):
        as_user("zhao").post("/items/draft", {**HALF, "bank": stock.bank_id(), "slot": "new"})
    with house.reading() as session:
        assert len(session.scalars(sa.select(WritingDraft)).all()) == 1
