"""A whole day of work with marked words in every field; afterwards no file of the home holds one of them readably."""

import gc
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from bank.ground.actors import find_user
from bank.ground.clock import today
from bank.items import Item, ItemStatus
from papers.papers import find_form, find_paper
from papers.results import questions_of
from papers.sittings import record_sitting
from tests.web.cast import PASSWORD, Browser, Stock
from web.house import House
from web.jobs import Jobs

WORD = "Kanarienvogel"
HAN = "金丝雀啼"
"""Every marked text holds the word, and beside it Chinese that the pages keep in another coding."""

made_aside: list[str] = []


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event == "tempfile.mkstemp":
        made_aside.append(str(args[0]))


sys.addaudithook(_watch)


def marked(field: str) -> str:
    """A text of this field that no innocent file holds."""
    return f"{HAN}{WORD}{field}"


@pytest.fixture
def served(app: Flask, house: House) -> Iterator[Flask]:
    """The application with its queue in a file and a worker at it, as in a served home."""
    queue = Jobs(house, worker=True)
    app.extensions["tidun_jobs"] = queue
    worker = queue.start_worker()
    yield app
    worker.stop(graceful=True)


@pytest.fixture
def sign_in(served: Flask) -> Callable[[str], Browser]:
    """Signs one of the cast in to the served application."""

    def signed(login: str) -> Browser:
        browser = Browser(served.test_client())
        assert browser.sign_in(login).status_code == 302
        return browser

    return signed


def done(browser: Browser, answer: Any) -> str:
    """Where a job led; waits for it."""
    assert answer.status_code == 302, answer.text
    place: str = answer.headers["Location"]
    for _ in range(600):
        if not place.startswith("/jobs/"):
            return place
        state = browser.get(f"{place}/state").json
        assert state["state"] != "failed", browser.get(place).text
        place = state["url"] or place
        time.sleep(0.02)
    raise AssertionError(place)


def _picture() -> bytes:
    stream = BytesIO()
    Image.effect_noise((90, 70), 80).save(stream, "PNG")
    return stream.getvalue()


def _question(number: int, **change: Any) -> dict[str, Any]:
    """A form of a single choice whose every text is marked; the numbers keep questions apart."""
    topics = ("接触器触头烧蚀", "兆欧表的读数", "接地体埋设深度", "变压器油的颜色", "电缆弯曲半径", "热继电器整定")
    options = {f"option_{letter}": f"{marked('option')}{number}{letter}" for letter in "abcd"}
    stem = f"{topics[number % 6]}{marked('stem')}{number}，{topics[::-1][number % 6]}应（    ）。"
    words = {"rationale": marked("rationale"), "source": marked("source"), "material": marked("material")}
    return {"type": "single", "stem": stem, "letters": "B", "then": "submit", **options, **words, **change}


def _write(wang: Browser, bank: int) -> bytes:
    """Questions of every kind; returns what the picture in one of them looks like inside."""
    sent = {"bank": bank, "picture": (BytesIO(_picture()), f"{marked('picture')}.png")}
    picture = wang.post("/items/pictures", sent, content_type="multipart/form-data").json["text"]
    assert wang.post("/items/preview", _question(0, bank=bank)).status_code == 200
    assert wang.post("/items/draft", _question(0, bank=bank, slot="new")).status_code == 200
    assert wang.post("/items/alike", _question(0, bank=bank)).json["made"]
    for number in range(6):
        form = _question(number, bank=bank)
        form["stem"] += picture.replace("![]", f"![{marked('caption')}]") if number == 0 else ""
        answer = wang.post("/items/new", form)
        accepted = re.search(r'name="accepted" value="([^"]+)"', answer.text)
        answer = wang.post("/items/new", {**form, "accepted": accepted[1]}) if accepted else answer
        assert answer.status_code == 302, answer.text
    short = {"type": "short", "stem": f"简述{marked('stem')}的步骤。", "answer": marked("key"), "then": "draft"}
    assert wang.post("/items/new", {**short, "bank": bank}).status_code == 302
    questions = {f"q1-{name}": value for name, value in _question(7).items()}
    questions |= {"q2-type": "judge", "q2-stem": f"断路器{marked('stem')}可以带载操作。", "q2-judge": "正确"}
    whole = {"bank": bank, "parts": "2", "material": marked("material"), "then": "draft", **questions}
    answer = wang.post("/sets/new", whole)
    accepted = dict(re.findall(r'name="(q[12]-accepted)" value="([^"]+)"', answer.text))
    assert (wang.post("/sets/new", {**whole, **accepted}) if accepted else answer).status_code == 302
    assert wang.post("/items/draft", _question(9, bank=bank, slot="new")).status_code == 200
    kept = wang.get(f"/pictures/{picture[8:-1]}")
    assert kept.mimetype == "image/png"
    return kept.data[200:260]


def _import(wang: Browser, bank: int) -> None:
    rows = [
        {"type": "judge", "stem": f"第{number}次巡检{marked('row')}应记录。", "answer": "正确" if number else ""}
        for number in range(3)
    ]
    data = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    preview = done(wang, wang.upload("/imports", f"{marked('file')}.jsonl", data, bank=str(bank)))
    assert WORD in wang.get(preview).text
    mended = {"type": "judge", "stem": f"巡检{marked('mended')}应记录在案。", "answer": "错误"}
    assert wang.post(f"{preview}/rejected/0/quick", mended).status_code == 302
    batch = done(wang, wang.post(preview))
    assert WORD in wang.get(batch).text
    # One file more that waits for its yes, and one that cannot be read.
    done(wang, wang.upload("/imports", f"{marked('file')}.jsonl", data, bank=str(bank)))
    broken = wang.upload("/imports", f"{marked('file')}.xlsx", b"PK\x03\x04" + marked("file").encode(), bank=str(bank))
    page = broken.headers.get("Location", "")
    assert broken.status_code == 400 or page.startswith("/jobs/")


def _judge(shen: Browser, wang: Browser, house: House) -> None:
    with house.reading() as session:
        numbers = list(session.scalars(sa.select(Item.id).where(Item.status == ItemStatus.SUBMITTED)))
    first, second, *others = numbers
    assert shen.post(f"/review/{first}/comments", {"part": "stem", "remark": marked("comment")}).status_code == 302
    thread = re.search(r"/review/comments/(\d+)/", shen.get(f"/review/{first}").text)
    assert thread is not None
    assert wang.post(f"/items/comments/{thread[1]}/answer", {"text": marked("answer")}).status_code == 302
    assert shen.post(f"/review/comments/{thread[1]}/settle").status_code == 302
    returned = shen.post(f"/review/{second}/return", {"part": "whole", "remark": marked("remark")})
    assert returned.status_code == 302
    assert WORD in wang.get("/writing").text
    assert wang.post(f"/items/{second}/edit", _question(11, then="draft")).status_code in {302, 422}
    seen = [f"{number}.1" for number in (first, *others)]
    assert shen.post("/review/approve", {"item": seen}).status_code == 302


def _lead(li: Browser, bank: int, writer: int) -> None:
    assert li.post("/process", {"bank": bank, "step": "release", "act": "open"}).status_code == 302
    closing = {"bank": bank, "step": "release", "act": "close", "note": marked("note")}
    assert li.post("/process", closing).status_code == 302
    assert WORD in li.get(f"/process?bank={bank}").text
    task = {"bank": bank, "writer": writer, "count": 3, "due": today().isoformat(), "type": "single", "title": "一季度"}
    assert li.post("/assignments", task).status_code == 302


def _export(shen: Browser, li: Browser, bank: int) -> None:
    for number, form in enumerate(("xlsx", "docx", "qti", "moodle", "gift"), start=1):
        wish = {"bank": bank, "format": form, "reason": marked("reason")}
        assert shen.post("/exports", wish).status_code == 302
        assert li.post(f"/exports/{number}/decide", {"decision": "grant"}).status_code == 302
        if shen.get(f"/exports/{number}").status_code == 403:
            shen.post("/confirm", {"password": PASSWORD, "next": "/"})
        assert len(shen.post(f"/exports/{number}/take").data) > 500


def _examine(li: Browser, du: Browser, stock: Stock, house: House) -> None:
    stock.questions("wang", 60)
    paper = stock.paper()
    for file in ("paper.docx", "paper.pdf", "answers.pdf"):
        assert li.get(f"/papers/{paper}/A/{file}").status_code in {200, 404}
    with house.unit_of_work() as session:
        form = find_form(find_paper(session, paper), "A")
        sitting = record_sitting(session, stock.actor("li"), form, held_on=today(), place="三中")
        questions = questions_of(session, sitting)
        number = sitting.id
    lines = ["准考证号," + ",".join(str(one.position) for one in questions)]
    lines += [f"{WORD}{at:03}," + ",".join("A" for _ in questions) for at in range(12)]
    lines += [f"{WORD}001," + ",".join("?" for _ in questions)]
    data = "\n".join(lines).encode()
    answer = li.upload(f"/sittings/{number}/results", f"{marked('results')}.csv", data)
    assert answer.status_code == 302, answer.text
    assert li.get(answer.headers["Location"]).status_code == 200
    # The preview waits while the same file is read again and kept; a third one is broken.
    again = li.upload(f"/sittings/{number}/results", f"{marked('results')}.csv", data).headers["Location"]
    assert li.post(again).status_code == 302
    assert (
        li.upload(f"/sittings/{number}/results", f"{marked('results')}.xlsx", b"PK\x03\x04" + data).status_code == 422
    )
    leak = {"text": f"考生群里流传：{marked('leak')}接触器触头烧蚀应（    ）。A 更换 B 打磨 C 涂油 D 停用"}
    assert du.post("/audit/leaks", leak).status_code == 200


def _break(wang: Browser, served: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure whose message quotes what was typed."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(marked("failure"))

    monkeypatch.setattr("web.writers.step_states", fail)
    monkeypatch.setitem(served.config, "PROPAGATE_EXCEPTIONS", False)
    assert wang.get("/items").status_code == 500


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_day_of_work_leaves_nothing_readable(
    served: Flask,
    house: House,
    stock: Stock,
    sign_in: Callable[[str], Browser],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level("DEBUG")
    made_aside.clear()
    wang, shen, li, du, bank = sign_in("wang"), sign_in("shen"), sign_in("li"), sign_in("du"), stock.bank_id()
    inside = _write(wang, bank)
    _import(wang, bank)
    _judge(shen, wang, house)
    with house.reading() as session:
        writer = find_user(session, "zhao").id
    _lead(li, bank, writer)
    _export(shen, li, bank)
    _examine(li, du, stock, house)
    _break(wang, served, monkeypatch)
    assert _readable_in(house.settings.home, inside) == []
    assert WORD not in caplog.text
    assert HAN not in caplog.text
    assert WORD not in "".join(capfd.readouterr())
    assert made_aside == []


def _readable_in(home: Path, *more: bytes) -> list[str]:
    """Files that hold the word in any coding or one of these, or that others than the owner may read."""
    gc.collect()
    files = [path for path in home.rglob("*") if path.is_file()]
    assert {"tidun.db", "jobs.db"} <= {path.name for path in files}
    assert any(path.name.endswith("-wal") for path in files)
    signs = [text.encode(coding) for text in (WORD, HAN) for coding in ("utf-8", "utf-16-le", "utf-16-be", "gbk")]
    signs += [*more, HAN.encode("unicode_escape"), json.dumps(HAN).strip('"').upper().encode()]
    found = [path.name for path in files if any(sign in path.read_bytes() for sign in signs)]
    return found + [path.name for path in files if path.stat().st_mode & 0o077]


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    """The test above must be able to fail."""
    for name in ("tidun.db", "jobs.db", "tidun.db-wal"):
        (tmp_path / name).touch(mode=0o600)
    assert _readable_in(tmp_path) == []
    (tmp_path / "jobs.db").write_bytes(b"\x00" + json.dumps(marked("x")).encode())
    (tmp_path / "tidun.db-wal").write_bytes(HAN.encode("gbk"))
    (tmp_path / "tidun.db").chmod(0o644)
    assert sorted(_readable_in(tmp_path)) == ["jobs.db", "tidun.db", "tidun.db-wal"]
