"""The outline's room: a tree with counts, a revision that is looked at before it is done, and whom it is shut to."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

import web
from bank.exchange.outline.files import read_outline
from bank.ground.actors import OPERATOR
from bank.ground.clock import now
from bank.items import Item, ItemStatus
from bank.ledger.log import entries
from bank.outlines import Outline
from bank.revisions import import_outline
from tests.bank.exchange.outline.outline_files import document, workbook
from tests.web.cast import ELECTRICIAN, Browser, Stock, make_question
from web.drafts import KEPT_FOR
from web.house import House
from web.outline_drafts import OutlineDraft

HEADER = ["一级代码", "一级鉴定范围", "鉴定比重（%）", "鉴定点代码", "鉴定点", "重要程度"]
OLD = [
    HEADER,
    ["A", "安全", 30, "001", "绝缘手套的检查", "X"],
    ["", "", "", "002", "验电的次序", "Y"],
    ["B", "安装", 70, "001", "接线端子的紧固", "X"],
]
NEW = [
    HEADER,
    ["A", "安全", 40, "001", "挂接地线的次序", "X"],
    ["", "", "", "002", "绝缘手套的检查", "X"],
    ["B", "安装", 60, "001", "电缆头的制作", "X"],
]
FILE = "新细目表.xlsx"


@pytest.fixture
def bank(house: House, stock: Stock) -> int:
    """The school's bank over a shared outline: two approved items on the first point, one draft on the third."""
    with house.unit_of_work() as session:
        reading = read_outline("旧.xlsx", workbook(OLD))
        import_outline(session, OPERATOR, reading, occupation=ELECTRICIAN, level=4, source="旧细目表.xlsx")
    stock.items("wang", make_question(0), make_question(1), status=ItemStatus.APPROVED, point="A-001")
    stock.items("wang", make_question(2), point="B-001")
    return stock.bank_id()


def points(house: House) -> dict[int, str | None]:
    with house.reading() as session:
        return {item.id: item.point for item in session.scalars(sa.select(Item).order_by(Item.id))}


def upload(browser: Browser, bank: int, data: bytes, name: str = FILE) -> str:
    answer = browser.upload(f"/outlines/{bank}/revise", name, data)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_the_tree_shows_weights_counts_and_shares(wang: Browser, shen: Browser, bank: int) -> None:
    for browser in (wang, shen):
        page = browser.get("/outlines").text
        assert "3 个鉴定点，2 个还没有题" in page
        assert "比重 30%" in page
        assert "A-001 绝缘手套的检查" in page
        assert re.search(r"2 / \d", page)
        assert "33.3%" in page
        assert "一般不低于 80%" in page
        assert "旧细目表.xlsx" in page
        assert not re.search(make_question(0).stem[:8], page)
    assert "修订细目表" in shen.get("/outlines").text
    assert "修订细目表" not in wang.get("/outlines").text


def test_a_revision_is_shown_before_it_is_done(shen: Browser, bank: int, house: House) -> None:
    held = points(house)
    preview = upload(shen, bank, workbook(NEW))
    page = shen.get(preview).text
    assert points(house) == held
    assert "换代码 1 个，改名称 1 个，去掉 1 个，新增 1 个" in page
    assert "A-002 绝缘手套的检查" in page
    assert "名称不一样，请核对" in page
    assert "30%" in page
    assert "40%" in page
    done = shen.post(preview)
    assert done.status_code == 302
    assert list(points(house).values()) == ["A-002", "A-002", "B-001"]
    page = shen.get(done.headers["Location"]).text
    assert "第 1 版细目表已启用，3 道试题已随之归位" in page
    assert "电缆头的制作" in page
    assert shen.get(preview).status_code == 404
    with house.reading() as session:
        (moved,) = entries(session, kinds=["outline.move_items"])
        assert (moved.actor, moved.body["items"]) == ("shen", [1, 2])
        assert session.query(OutlineDraft).count() == 0
        assert [outline.institution_id is None for outline in session.query(Outline)] == [True, False]


def test_what_is_ticked_as_another_point_stays_behind_as_an_orphan(
    li: Browser, wang: Browser, bank: int, house: House
) -> None:
    preview = upload(li, bank, workbook(NEW))
    assert 'name="apart" value="B-001"' in li.get(preview).text
    page = li.get(li.post(preview, {"apart": ["B-001"]}).headers["Location"]).text
    assert "有 1 道试题没有去处" in page
    assert "不在细目表中的试题" in page
    assert "接线端子的紧固" in page
    assert points(house)[3] == "接线端子的紧固"
    assert "看这些题" not in page
    assert "看这些题" in wang.get("/outlines").text


def test_an_orphan_that_is_edited_keeps_what_stands_on_it(wang: Browser, stock: Stock, bank: int, house: House) -> None:
    number = stock.items("wang", make_question(3), point="母线的标色")[0]
    page = wang.get(f"/items/{number}/edit").text
    assert '<option selected value="母线的标色">母线的标色（不在细目表中）</option>' in page
    other = {"type": "judge", "stem": "接地线可以用缠绕的方法连接。", "judge": "错误", "then": "draft"}
    assert wang.post(f"/items/{number}/edit", {**other, "point": "母线的标色"}).status_code == 302
    assert points(house)[number] == "母线的标色"


def test_a_word_file_and_its_bad_rows_are_shown(shen: Browser, bank: int) -> None:
    rows = [*NEW, ["", "", "", "002", "母线的标色", "丁"], ["", "", "", "003", "母线的间距", "Y"]]
    page = shen.get(upload(shen, bank, document(rows), "新.docx")).text
    assert "第 5 行" in page
    assert "重要程度“丁”应为 X、Y 或 Z" in page
    assert "一般要素 Y 占 25.0%" in page


def test_another_version_in_between_stops_the_old_preview(shen: Browser, li: Browser, bank: int) -> None:
    first, second = upload(shen, bank, workbook(NEW)), upload(li, bank, workbook(OLD))
    assert li.post(second).status_code == 302
    page = shen.get(first).text
    assert "已不准确" in page
    assert "确认启用" not in page
    assert shen.post(first).status_code == 400


def test_the_preview_is_its_readers_alone_and_for_a_day(
    shen: Browser, li: Browser, as_user: Callable[[str], Browser], bank: int
) -> None:
    preview = upload(shen, bank, workbook(NEW))
    assert li.get(preview).status_code == 404
    assert as_user("wai_shen").get(preview).status_code == 404
    with time_machine.travel(now() + KEPT_FOR + timedelta(minutes=1), tick=False):
        assert as_user("shen").get(preview).status_code == 404


def test_anothers_bank_does_not_exist(as_user: Callable[[str], Browser], bank: int) -> None:
    stranger = as_user("wai_shen")
    for path in (f"/outlines?bank={bank}", f"/outlines/{bank}/outline.xlsx", f"/outlines/{bank}/revise"):
        assert stranger.get(path).status_code == 404
    assert stranger.upload(f"/outlines/{bank}/revise", FILE, workbook(NEW)).status_code == 404
    assert "还没有鉴定要素细目表" in stranger.get("/outlines").text
    assert stranger.get(f"/outlines/{bank + 1}/outline.xlsx").status_code == 404


def test_a_writer_cannot_set_the_own_yardstick(wang: Browser, bank: int, house: House) -> None:
    assert wang.upload(f"/outlines/{bank}/revise", FILE, workbook(NEW)).status_code == 403
    with house.reading() as session:
        assert session.query(Outline).count() == 1


def test_a_file_that_is_no_outline_is_told(shen: Browser, bank: int) -> None:
    answer = shen.upload(f"/outlines/{bank}/revise", "名单.csv", "姓名,单位\n老王,茶厂\n".encode())
    assert answer.status_code == 400
    assert "没有找到鉴定点" in answer.text
    assert "没有选择文件" in shen.post(f"/outlines/{bank}/revise").text


def test_template_and_current_outline_are_excel_files_that_read_back(wang: Browser, bank: int) -> None:
    template = wang.get("/outlines/template.xlsx").data
    assert len(read_outline("模板.xlsx", template).points) == 3
    current = wang.get(f"/outlines/{bank}/outline.xlsx")
    assert [point.name for point in read_outline("现行.xlsx", current.data, 4).points] == [row[4] for row in OLD[1:]]
    assert openpyxl.load_workbook(BytesIO(current.data)).active["A1"].value.startswith("电工（四级/中级工）")


def test_every_page_says_the_word_of_the_settings(
    app: Flask, house: House, wang: Browser, shen: Browser, bank: int
) -> None:
    app.extensions["tidun"] = replace(house, settings=replace(house.settings, point_label="认定点"))
    for browser, path in ((shen, "/outlines"), (shen, upload(shen, bank, workbook(NEW))), (wang, "/items")):
        page = browser.get(path).text
        assert "认定点" in page
        assert "鉴定点" not in page
    template = wang.get("/outlines/template.xlsx").data
    assert openpyxl.load_workbook(BytesIO(template)).active["J3"].value == "认定点"
    app.extensions["tidun"] = house
    assert "鉴定点" in shen.get("/outlines").text


def test_no_page_and_no_command_has_a_word_of_its_own() -> None:
    sources = [path for kind in ("*.html", "*.py") for path in Path(web.__file__).parent.rglob(kind)]
    strays = [path.name for path in sources if path.parent.name != "demo" and "鉴定点" in path.read_text("utf-8")]
    assert (strays, len(sources) > 100) == ([], True)
