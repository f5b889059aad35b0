"""A file becomes a preview, and only a yes makes items of it; the preview is its importer's alone and sealed."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from bank.content import ItemContent
from bank.exchange.intake import read_items
from bank.ground.clock import now
from bank.ground.errors import BadInput
from bank.items import Item, ItemStatus
from bank.ledger.log import entries
from tests.web.cast import Browser, Stock, make_question, quotes_a_question
from web.drafts import KEPT_FOR
from web.house import House
from web.import_drafts import ImportDraft


def _file(*contents: ItemContent, broken: int = 0) -> bytes:
    rows = [content.as_row() for content in contents]
    rows += [{**make_question(40 + number).as_row(), "answer": ""} for number in range(broken)]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def _upload(browser: Browser, stock: Stock, data: bytes, name: str = "bank.jsonl", owner: str = "wang") -> str:
    answer = browser.upload("/imports", name, data, bank=str(stock.bank_id(owner)))
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def _items(house: House) -> list[Item]:
    with house.reading() as session:
        return list(session.scalars(sa.select(Item).order_by(Item.id)))


def test_a_preview_writes_nothing_and_a_yes_writes_drafts(wang: Browser, stock: Stock, house: House) -> None:
    preview = _upload(wang, stock, _file(*(make_question(n) for n in range(4)), broken=2))
    page = wang.get(preview)
    assert "4 道题可以导入，2 处要改" in page.text
    assert "缺少答案" in page.text
    assert _items(house) == []
    done = wang.post(preview)
    assert done.status_code == 302
    assert [item.status for item in _items(house)] == [ItemStatus.DRAFT] * 4
    assert {item.author_id for item in _items(house)} == {stock.actor("wang").user_id}
    assert "已导入 4 道题" in wang.get(done.headers["Location"]).text


def test_a_bad_row_is_mended_on_the_preview(wang: Browser, stock: Stock, house: House) -> None:
    preview = _upload(wang, stock, _file(make_question(0), broken=2))
    page = wang.get(preview)
    assert f'href="{preview}/rejected/0"' in page.text
    shown = wang.get(f"{preview}/rejected/0")
    place = re.search(r'name="place" value="([^"]+)"', shown.text)[1]
    broken = make_question(40)
    assert f'value="{broken.options[0]}"' in shown.text
    form = {"place": place, "type": "single", "stem": broken.stem}
    form |= {f"option_{letter}": option for letter, option in zip("abcd", broken.options, strict=True)}
    still_wrong = wang.post(f"{preview}/rejected/0", form)
    assert still_wrong.status_code == 422
    assert "缺少答案" in still_wrong.text
    assert wang.post(f"{preview}/rejected/0", {**form, "letters": "C"}).status_code == 302
    assert "2 道题可以导入，1 处要改" in wang.get(preview).text
    assert wang.post(f"{preview}/rejected/0", {**form, "letters": "C"}).status_code == 404, "the list has changed"
    assert wang.get(f"{preview}/rejected/7").status_code == 404
    assert _items(house) == []
    wang.post(preview)
    assert len(_items(house)) == 2


def test_nobody_else_mends_it(wang: Browser, stock: Stock, as_user: Callable[[str], Browser]) -> None:
    preview = _upload(wang, stock, _file(make_question(0), broken=1))
    for login in ("zhao", "wai"):
        browser = as_user(login)
        for answer in (browser.get(f"{preview}/rejected/0"), browser.post(f"{preview}/rejected/0", {"stem": "x"})):
            assert answer.status_code == 404


def test_what_the_bank_or_the_file_has_already_is_left_out_unless_ticked(
    wang: Browser, stock: Stock, house: House
) -> None:
    known = stock.items("zhao", make_question(0), status=ItemStatus.APPROVED)[0]
    data = _file(make_question(0), make_question(1), make_question(1), make_question(3))
    preview = _upload(wang, stock, data)
    page = wang.get(preview).text
    assert "2 道题可以导入，2 道重复" in page
    assert f"题库第 {known} 号" in page
    assert "本文件第 2 行" in page
    with house.reading() as session:
        (hint,) = entries(session, kinds=["item.hint"])
        assert (hint.actor, hint.body["items"]) == ("wang", [known])
    wang.post(preview, {"row": "1"})
    assert len(_items(house)) == 1 + 3


def test_the_rehearsal_leaves_no_trace(wang: Browser, stock: Stock, house: House) -> None:
    stock.items("zhao", make_question(9))
    before = _tables(house)
    _upload(wang, stock, _file(*(make_question(n) for n in range(3))))
    after = _tables(house)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"import_draft"}
    with house.reading() as session:
        assert [entry.kind for entry in entries(session, actor="wang")] == ["login.success"]


def _tables(house: House) -> dict[str, list[object]]:
    with house.reading() as session:
        tables = sa.inspect(session.get_bind()).get_table_names()
        return {name: session.execute(sa.text(f"SELECT * FROM {name}")).all() for name in tables}


def test_the_second_yes_finds_nothing(wang: Browser, stock: Stock, house: House) -> None:
    preview = _upload(wang, stock, _file(make_question(0)))
    assert wang.post(preview).status_code == 302
    assert wang.post(preview).status_code == 404
    assert len(_items(house)) == 1


def test_a_preview_is_for_its_importer_alone(
    wang: Browser, stock: Stock, as_user: Callable[[str], Browser], house: House
) -> None:
    preview = _upload(wang, stock, _file(make_question(0)))
    for login, status in (("zhao", 404), ("wai", 404), ("shen", 403), ("sys", 403)):
        browser = as_user(login)
        for answer in (browser.get(preview), browser.post(preview)):
            assert answer.status_code == status
            assert not quotes_a_question(answer.text)
    assert _items(house) == []


def test_a_preview_is_gone_after_a_day_and_then_deleted(wang: Browser, stock: Stock, house: House) -> None:
    old = _upload(wang, stock, _file(make_question(0)))
    with time_machine.travel(now() + KEPT_FOR + timedelta(seconds=1), tick=False):
        wang.token = ""
        wang.sign_in("wang")
        assert wang.get(old).status_code == 404
        assert wang.post(old).status_code == 404
        _upload(wang, stock, _file(make_question(1)))
    with house.reading() as session:
        assert session.scalar(sa.select(sa.func.count(ImportDraft.id))) == 1


def test_nothing_of_the_file_lies_readable_on_the_disk(
    wang: Browser, stock: Stock, house: House, tmp_path: Path
) -> None:
    _upload(wang, stock, _file(make_question(0)), name="保密题库.jsonl")
    house.database.close()
    for file in (tmp_path / "home").iterdir():
        data = file.read_bytes()
        assert make_question(0).stem[:8].encode() not in data
        assert "保密题库".encode() not in data
        assert make_question(0).stem.encode("unicode_escape") not in data


def test_what_cannot_be_read_is_told_in_one_sentence(wang: Browser, stock: Stock) -> None:
    for name, data in (("x.docx", b"PK\x03\x04 not a zip"), ("x.pdf", b"%PDF-1.4"), ("x.txt", b"")):
        answer = wang.upload("/imports", name, data, bank=str(stock.bank_id()))
        assert answer.status_code == 400, name
        assert name in answer.text
    assert wang.post("/imports", {"bank": stock.bank_id()}).status_code == 400


def test_a_file_name_is_text(wang: Browser, stock: Stock) -> None:
    name = "'><script>alert(1)</script>.jsonl"
    page = wang.get(_upload(wang, stock, _file(make_question(0)), name=name)).text
    assert "<script>alert" not in page


def test_a_foreign_bank_is_not_there(wang: Browser, stock: Stock) -> None:
    answer = wang.upload("/imports", "a.jsonl", _file(make_question(0)), bank=str(stock.bank_id("wai")))
    assert answer.status_code == 404


def test_no_token_no_import(wang: Browser, stock: Stock, house: House) -> None:
    preview = _upload(wang, stock, _file(make_question(0)))
    assert wang.client.post(preview).status_code == 400
    assert _items(house) == []


def test_the_templates_are_read_back_as_empty_tables(wang: Browser) -> None:
    page = wang.get("/imports").text
    for kind in ("xlsx", "docx"):
        assert f"/imports/template.{kind}" in page
        answer = wang.get(f"/imports/template.{kind}")
        assert answer.status_code == 200
        with pytest.raises(BadInput, match="没有读到试题"):
            read_items(f"题库模板.{kind}", answer.data)
    assert wang.get("/imports/template.exe").status_code == 404


def test_a_row_is_mended_in_place_as_a_file_would_say_it(wang: Browser, stock: Stock) -> None:
    preview = _upload(wang, stock, _file(make_question(0), broken=2))
    broken = make_question(40)
    form = {"type": "single", "stem": broken.stem, "option": list(broken.options)}
    told = wang.post(f"{preview}/rejected/0/quick", {**form, "answer": "Z"})
    assert "还不能导入" in wang.get(told.headers["Location"]).text
    wang.post(f"{preview}/rejected/0/quick", {**form, "answer": "（b）"})
    assert "2 道题可以导入，1 处要改" in wang.get(preview).text
    judged = {"type": "judge", "stem": "雷雨天可以登杆作业。", "answer": "×"}
    wang.post(f"{preview}/rejected/0/quick", judged)
    assert "3 道题可以导入" in wang.get(preview).text


def test_an_import_is_taken_back_from_its_page(wang: Browser, stock: Stock, house: House) -> None:
    page = wang.post(_upload(wang, stock, _file(make_question(0), make_question(1)), name="期末.jsonl"))
    shown = wang.get(page.headers["Location"]).text
    assert "已导入 2 道题" in shown
    assert "期末.jsonl" in wang.get("/imports").text
    assert wang.post(f"{page.headers['Location']}/take-back").status_code == 302
    assert _items(house) == []


def test_a_preview_is_thrown_away(wang: Browser, stock: Stock) -> None:
    preview = _upload(wang, stock, _file(make_question(0)), name="旧卷.jsonl")
    assert "旧卷.jsonl" in wang.get("/imports").text
    wang.post(f"{preview}/drop")
    assert wang.get(preview).status_code == 404
    assert "旧卷.jsonl" not in wang.get("/imports").text
