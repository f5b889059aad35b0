"""Audits: the headline is the finding, wordings only where the finding calls for them, the own territory only."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from bank.content import ItemContent, ItemType
from bank.ground.clock import today
from bank.ledger.log import entries
from papers.papers import find_form, find_paper
from papers.sittings import record_sitting
from tests.web.cast import Browser, Stock, make_question, quotes_a_question
from web.house import House, open_home


@pytest.fixture(scope="module")
def home_with_reuse(peopled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A paper whose form A was used twice, 30 days apart, and form B once between."""
    home = tmp_path_factory.mktemp("reuse") / "home"
    shutil.copytree(peopled_home, home)
    house = open_home(home)
    stock = Stock(house)
    stock.questions("wang", 30)
    number = stock.paper(days=40)
    with house.unit_of_work() as session:
        paper = find_paper(session, number)
        for label, days in (("A", 40), ("B", 20), ("A", 10)):
            day = today() - timedelta(days=days)
            record_sitting(session, stock.actor("li"), find_form(paper, label), held_on=day, place="三中")
    house.database.close()
    return home


@pytest.fixture
def starting_home(home_with_reuse: Path) -> Path:
    return home_with_reuse


def _pair_link(page: str) -> str:
    return page.split('href="/audit/papers/pair')[1].split('"', maxsplit=1)[0].replace("&amp;", "&")


def test_a_reused_paper_is_found_and_shown(du: Browser, house: House) -> None:
    page = du.get("/audit/papers")
    assert "发现 1 对雷同试卷" in page.text
    assert "第十四条第四项" in page.text
    assert "由本局设定" in page.text
    assert "<svg" in page.text
    pair = du.get("/audit/papers/pair" + _pair_link(page.text))
    assert "雷同：重复分值 100" in pair.text
    assert "相隔 30 天" in pair.text
    assert quotes_a_question(pair.text)
    with house.reading() as session:
        kinds = [entry.kind for entry in entries(session, actor="du")]
    assert kinds == ["login.success", "audit.papers", "item.read"]


def test_the_desk_counts_the_same(du: Browser) -> None:
    assert "1 对试卷雷同" in du.get("/supervision").text


def test_nothing_used_says_so(du: Browser) -> None:
    assert "不足 2 份" in du.get("/audit/papers?since=2020-01-01&until=2020-12-31").text


def test_a_narrower_window_finds_less(du: Browser) -> None:
    since = (today() - timedelta(days=25)).isoformat()
    assert "没有发现雷同试卷" in du.get(f"/audit/papers?since={since}").text


@pytest.mark.parametrize("query", ["since=x", "since=2026-02-30", "since=2026-05-01&until=2026-04-01"])
def test_impossible_days_are_told(du: Browser, query: str) -> None:
    assert du.get(f"/audit/papers?{query}").status_code == 400


def test_wordings_stay_closed_below_the_review_share(
    du: Browser, monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    from integrity.audits.reuse import PaperVerdict

    link = _pair_link(du.get("/audit/papers").text)
    monkeypatch.setattr("integrity.audits.reuse.share_verdict", lambda _share, _policy: PaperVerdict.UNLIKE)
    page = du.get("/audit/papers/pair" + link).text
    assert "不显示题目内容" in page
    assert not quotes_a_question(page)
    with house.reading() as session:
        assert not list(entries(session, kinds=["item.read"], actor="du"))


def test_another_territory_sees_nothing(du: Browser, as_user: Callable[[str], Browser]) -> None:
    link = _pair_link(du.get("/audit/papers").text)
    other = as_user("yangxin")
    assert "不足 2 份" in other.get("/audit/papers").text
    answer = other.get("/audit/papers/pair" + link)
    assert answer.status_code == 404
    assert "表" not in answer.text.split("<main")[1]


@pytest.mark.parametrize("query", ["", "earlier=1&later=2", "earlier_day=2026-01-01&later_day=x", "earlier=x"])
def test_a_pair_that_is_none_is_not_there(du: Browser, query: str) -> None:
    assert du.get(f"/audit/papers/pair?{query}").status_code in {400, 404}


LEAKED = ItemContent(
    ItemType.SINGLE,
    "在潮湿的电缆沟内检修照明回路时，手提行灯应当选用的安全电压等级是（    ）。",
    ("12 V", "24 V", "36 V", "42 V"),
    "A",
)


def test_a_pasted_leak_is_found(du: Browser, stock: Stock, house: House) -> None:
    number = stock.items("wang", LEAKED)[0]
    stock.items("wai", make_question(1))
    assert du.get("/audit/leaks").status_code == 200
    text = "群里说明天考：在潮湿的电缆沟内检修照明回路时，手提行灯应当选用的安全电压等级是 12 V 24 V 36 V 42 V"
    page = du.post("/audit/leaks", {"text": text})
    assert page.status_code == 200
    assert "1 份含有保密试题，共 1 道" in page.text
    assert f"第 {number} 号" in page.text
    assert "黄石市机电技工学校" in page.text
    assert "外机构" not in page.text
    with house.reading() as session:
        assert [entry.kind for entry in entries(session, actor="du")][-1] == "leak.scan"


def test_an_uploaded_document_is_scanned_and_a_bad_one_named(du: Browser, stock: Stock) -> None:
    stock.items("wang", LEAKED)
    files = [(BytesIO(LEAKED.stem.encode()), "群聊.txt"), (BytesIO(b"%PDF-1.7 ..."), "群文件.pdf")]
    page = du.post("/audit/leaks", {"file": files}, content_type="multipart/form-data")
    assert "群聊.txt" in page.text
    assert "群文件.pdf 已损坏" in page.text


def test_clean_text_is_clean(du: Browser, stock: Stock) -> None:
    stock.items("wang", LEAKED)
    page = du.post("/audit/leaks", {"text": "今天下午三点在会议室开会，讨论下半年的培训安排，请各科室负责人准时参加。"})
    assert "没有发现库内试题" in page.text


def test_nothing_given_says_what_to_give(du: Browser) -> None:
    page = du.post("/audit/leaks", {"text": "  "})
    assert page.status_code == 422
    assert "请粘贴文字" in page.text


def test_another_territory_finds_nothing_of_ours(as_user: Callable[[str], Browser], stock: Stock) -> None:
    stock.items("wang", LEAKED)
    page = as_user("yangxin").post("/audit/leaks", {"text": LEAKED.stem})
    assert "没有发现库内试题" in page.text


def test_hostile_text_stays_text(du: Browser, stock: Stock) -> None:
    stock.items("wang", LEAKED)
    hostile = f"<script>alert(1)</script>{LEAKED.stem}<script>alert(2)</script>{{{{7*7}}}}"
    name = "<img src=x onerror=alert(1)>.txt"
    data = {"text": hostile, "file": (BytesIO(hostile.encode()), name)}
    page = du.post("/audit/leaks", data, content_type="multipart/form-data").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_no_token_scans_nothing(du: Browser) -> None:
    assert du.client.post("/audit/leaks", data={"text": "x"}).status_code == 400
