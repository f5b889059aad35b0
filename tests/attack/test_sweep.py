"""Every page that can be looked at, with every number there is, by everybody who must not see what stands in a bank."""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from werkzeug.routing import BuildError, Rule

from bank.content import ItemContent, ItemType
from bank.ground.actors import OPERATOR
from bank.ground.clock import today
from bank.institutions import Bank
from bank.items import Item, NewItem
from bank.pictures import Picture
from bank.process import WritersSee, change_process
from bank.sets import EnemyReason, add_set, mark_enemies
from papers.papers import find_form, find_paper
from papers.sittings import record_sitting
from tests.web.cast import CAST, Browser, Stock
from web.house import House
from web.import_drafts import ImportDraft
from web.permissions import STATIC

WORD = "Kanarienvogel"
LOGOUT = {"entrance.logout"}
TAIL = {"/banks/<int:bank_id>/quality/items": "?check={}", "/review/<int:item_id>": "?against=1"}
CHECKS = ("key_conflict", "copy")


def _content(number: int) -> ItemContent:
    options = tuple(f"{WORD}项{number}{letter}" for letter in "甲乙丙丁")
    return ItemContent(ItemType.SINGLE, f"{WORD}第{number}问应选（    ）。", options, "B", f"{WORD}解析")


def _picture(browser: Browser, bank: int) -> str:
    stream = BytesIO()
    Image.effect_noise((40, 30), 80).save(stream, "PNG")
    sent = {"bank": bank, "picture": (BytesIO(stream.getvalue()), "a.png")}
    text: str = browser.post("/items/pictures", sent, content_type="multipart/form-data").json["text"]
    return text


@pytest.fixture
def worked(stock: Stock, house: House, wang: Browser, shen: Browser, li: Browser) -> House:
    """A home where 老王 wrote, 审题专家 judged and 李姐 examined; writers see their own part."""
    bank = stock.bank_id()
    picture = _picture(wang, bank)
    form = {"bank": bank, "type": "judge", "stem": f"{WORD}如图所示。{picture}", "judge": "正确", "then": "submit"}
    assert wang.post("/items/new", form).status_code == 302
    numbers = stock.items("wang", *(_content(number) for number in range(5)))
    actor = stock.actor("wang")
    with house.unit_of_work() as session:
        kept = session.get_one(Bank, bank)
        mark_enemies(session, actor, [session.get_one(Item, one) for one in numbers[:2]], EnemyReason.SAME_THING)
        news = [NewItem(_content(number)) for number in (8, 9)]
        add_set(session, actor, kept, f"{WORD}材料", news)
        change_process(session, OPERATOR, kept, writers_see=WritersSee.OWN)
    wang.post("/items/submit", {"bank": bank, "item": [str(one) for one in numbers[:4]]})
    first, second, third, _ = numbers[:4]
    shen.post(f"/review/{first}/comments", {"part": "stem", "remark": f"{WORD}意见"})
    shen.post(f"/review/{second}/return", {"part": "stem", "remark": f"{WORD}退回"})
    assert shen.post("/review/approve", {"item": [f"{third}.1"]}).status_code == 302
    rows = json.dumps(_content(3).as_row() | {"stem": f"{WORD}导入题"}, ensure_ascii=False).encode()
    assert wang.upload("/imports", f"{WORD}.jsonl", rows, bank=str(bank)).status_code == 302
    wang.post("/items/draft", {"bank": bank, "slot": "new", "type": "short", "stem": f"{WORD}半题"})
    shen.post("/exports", {"bank": bank, "format": "xlsx", "reason": f"{WORD}用途"})
    stock.questions("wang", 24)
    paper, organizer = stock.paper(), stock.actor("li")
    with house.unit_of_work() as session:
        form_a = find_form(find_paper(session, paper), "A")
        record_sitting(session, organizer, form_a, held_on=today(), place="三中")
    return house


def _paths(app: Flask, house: House) -> Iterator[str]:
    """Each page that answers to GET, under each number and token that somebody might guess."""
    with house.reading() as session:
        tokens = list(session.scalars(sa.select(ImportDraft.token))) + list(session.scalars(sa.select(Picture.token)))
    values = {
        "token": tokens,
        "label": ["A"],
        "file": ["paper.docx"],
        "at": [0],
        "bank_id": [1],
        "paper_id": [1],
        "sitting_id": [1],
    }
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint in STATIC | LOGOUT:
            continue
        names = sorted(rule.arguments)
        choices = [values.get(name, list(range(1, 9))) for name in names]
        for chosen in itertools.product(*choices):
            yield from _spelled(app, rule, dict(zip(names, chosen, strict=True)))


def _spelled(app: Flask, rule: Rule, arguments: dict[str, object]) -> Iterator[str]:
    try:
        path = app.url_map.bind("localhost").build(rule.endpoint, arguments)
    except BuildError:
        return
    yield path
    yield from (path + TAIL[rule.rule].format(check) for check in CHECKS if rule.rule in TAIL)
    if not arguments:
        yield f"{path}?bank=1"


def _seen(browser: Browser, app: Flask, house: House) -> dict[str, bytes]:
    """Everything that this browser is shown."""
    told = {}
    for path in _paths(app, house):
        answer = browser.get(path)
        assert answer.status_code < 500, path
        told[path] = answer.data + repr(answer.headers.to_wsgi_list()).encode()
    return told


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize("login", ["zhao", "wai", "wai_shen", "wai_li", "du"])
def test_who_may_not_read_an_item_meets_none_of_its_words(
    login: str, worked: House, app: Flask, as_user: Callable[[str], Browser]
) -> None:
    with worked.reading() as session:
        token = session.scalar(sa.select(Picture.token))
    seen = _seen(as_user(login), app, worked)
    told = {path for path, page in seen.items() if WORD.encode() in page}
    assert told == set()
    assert token is not None
    assert not any(page.startswith(b"\x89PNG") for page in seen.values())


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize(("login", "other"), [("wang", "shen"), ("zhao", "shen"), ("shen", "wang")])
def test_neither_side_of_the_review_learns_who_the_other_is(
    login: str, other: str, worked: House, app: Flask, as_user: Callable[[str], Browser]
) -> None:
    seen = _seen(as_user(login), app, worked)
    name = CAST[other][0]
    number = Stock(worked).actor(other).user_id
    named = re.compile(rf"{name}|\b{other}\b|(?:user|author|writer|approver)[^<>]{{0,12}}\b{number}\b")
    told = {path for path, page in seen.items() if named.search(page.decode(errors="replace"))}
    assert told == set()
    assert any(WORD.encode() in page for page in seen.values()) or login == "zhao"
