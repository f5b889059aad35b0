"""Papers, their sheets and sittings: only the own institution's, only with a fresh password, only after the log."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document

from bank.ground.clock import today
from bank.items import Item, Origin
from bank.ledger.log import entries
from papers.papers import Form, Paper
from papers.sittings import AskedItem, Sitting
from tests.web.cast import Browser, Stock, make_question, quotes_a_question
from web.house import House, open_home

PAPER = 1


@pytest.fixture(scope="module")
def home_with_paper(peopled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cast's home with 30 questions and one paper, forms A and B, not yet used."""
    home = tmp_path_factory.mktemp("paper") / "home"
    shutil.copytree(peopled_home, home)
    house = open_home(home)
    stock = Stock(house)
    stock.questions("wang", 30)
    assert stock.paper() == PAPER
    house.database.close()
    return home


@pytest.fixture
def starting_home(home_with_paper: Path) -> Path:
    return home_with_paper


@pytest.fixture
def paper() -> int:
    """The paper in the home."""
    return PAPER


def _sitting(**change: object) -> dict[str, object]:
    plain = {
        "label": "A",
        "held_on": today().isoformat(),
        "place": "机电学校 3 号楼",
        "candidates": "30",
        "ineligible": "1",
    }
    return {**plain, **change}


def test_it_works(li: Browser, paper: int) -> None:
    for path, word in (("/papers", "未使用"), ("/papers/desk", "待登记批次"), (f"/papers/{paper}", "组卷证书")):
        page = li.get(path)
        assert page.status_code == 200
        assert word in page.text
    page = li.get(f"/papers/{paper}").text
    assert page.count("满足") >= 5
    assert "不满足" not in page
    assert "第 1 次抽题" in page


def test_the_page_of_a_paper_shows_no_question(li: Browser, paper: int) -> None:
    page = li.get(f"/papers/{paper}").text
    assert not quotes_a_question(page)


@pytest.mark.parametrize("sheet", ["paper", "answer-sheet", "key"])
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_sheets_are_downloaded(li: Browser, paper: int, sheet: str, kind: str, house: House) -> None:
    answer = li.get(f"/papers/{paper}/B/{sheet}.{kind}")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF" if kind == "pdf" else b"PK")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    with house.reading() as session:
        printed = [entry.body for entry in entries(session, kinds=["paper.print"], actor="li")]
    assert [(body["sheet"], body["format"]) for body in printed] == [(sheet, kind)]


def test_the_reading_is_in_the_ledger_before_the_sheet_is_drawn(
    li: Browser, paper: int, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def draw(_printed: object) -> bytes:
        with house.reading() as session:
            seen.append([entry.kind for entry in entries(session, actor="li")])
        return b"%PDF-"

    monkeypatch.setattr("web.organizers.WRITERS", dict.fromkeys(__import__("papers.printing").printing.WRITERS, draw))
    assert li.get(f"/papers/{paper}/A/paper.pdf").status_code == 200
    assert seen[0][-2:] == ["item.read", "paper.print"]


def test_nothing_leaves_when_the_ledger_cannot_be_written(
    li: Browser, paper: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("web.organizers.append", full)
    answer = li.get(f"/papers/{paper}/A/paper.docx")
    assert answer.status_code == 500
    assert not answer.data.startswith(b"PK")


@pytest.mark.parametrize("file", ["paper.exe", "secret.pdf", "paper", "paper.pdf.docx", "..%2Fx.pdf"])
def test_other_files_are_not_there(li: Browser, paper: int, file: str) -> None:
    assert li.get(f"/papers/{paper}/A/{file}").status_code == 404
    assert li.get(f"/papers/{paper}/C/paper.pdf").status_code == 404


def test_a_sitting_is_recorded(li: Browser, paper: int, house: House) -> None:
    answer = li.post(f"/papers/{paper}/sittings", _sitting())
    assert answer.status_code == 302
    assert "机电学校 3 号楼" in li.get(f"/papers/{paper}").text
    with house.reading() as session:
        made = session.scalars(sa.select(Sitting)).one()
        assert (made.candidates, made.ineligible, made.recorded_by, made.held_on) == (30, 1, "li", today())
        assert session.scalar(sa.select(sa.func.count()).select_from(AskedItem)) == 6


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"held_on": "昨天"}, "2026-03-14 这样的日期"),
        ({"held_on": (today() + timedelta(days=3)).isoformat()}, "在今天之后"),
        ({"place": " "}, "请写明考点名称"),
        ({"candidates": "-1"}, "人数应为"),
        ({"candidates": "三十"}, "有效的整数"),
        ({"ineligible": "31"}, "人数不对"),
        ({"label": "C"}, "有效的选择"),
    ],
)
def test_what_cannot_be_recorded_comes_back_as_typed(
    li: Browser, paper: int, house: House, change: dict[str, str], sentence: str
) -> None:
    page = li.post(f"/papers/{paper}/sittings", _sitting(**change))
    assert page.status_code == 422
    assert sentence in page.text
    assert ("机电学校 3 号楼" in page.text) is ("place" not in change)
    with house.reading() as session:
        assert session.scalars(sa.select(Sitting)).first() is None


def _docx(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_paper_made_elsewhere_is_taken_in(li: Browser, stock: Stock, house: House) -> None:
    lines = ["一、判断题"]
    lines += [f"{number + 1}. {make_question(number * 3 + 2).stem}（√）" for number in range(4)]
    form = {"bank": str(stock.bank_id()), "used_on": today().isoformat(), "place": "二中考点"}
    answer = li.upload("/papers/elsewhere", "上半年试卷.docx", _docx(*lines), **form)
    assert answer.status_code == 302, answer.text
    page = li.get(answer.headers["Location"]).text
    assert "外来试卷" in page
    assert "二中考点" in page
    with house.reading() as session:
        taken = sa.select(sa.func.count(Item.id)).where(Item.origin == Origin.PAPER)
        assert session.scalar(taken) == 4
        number = session.scalars(sa.select(Paper).where(Paper.id != PAPER)).one().id
    assert li.get(f"/papers/{number}/A/paper.pdf").status_code == 400


def test_a_bad_file_comes_back_with_what_was_typed(li: Browser, stock: Stock, house: House) -> None:
    form = {"bank": str(stock.bank_id()), "used_on": today().isoformat(), "place": "二中考点"}
    for name, data in (("x.docx", b"PK\x03\x04 broken"), ("empty.docx", _docx("没有试题"))):
        page = li.upload("/papers/elsewhere", name, data, **form)
        assert page.status_code == 422, name
        assert "二中考点" in page.text
    assert li.post("/papers/elsewhere", form).status_code == 422
    foreign = {**form, "bank": str(stock.bank_id("wai"))}
    assert (
        li.upload("/papers/elsewhere", "x.jsonl", json.dumps(make_question(0).as_row()).encode(), **foreign).status_code
        == 422
    )
    with house.reading() as session:
        assert [one.id for one in session.scalars(sa.select(Paper))] == [PAPER]


def test_other_institutions_see_nothing(as_user: Callable[[str], Browser], paper: int, house: House) -> None:
    foreign = as_user("wai_li")
    assert "还没有试卷" in foreign.get("/papers").text
    for answer in (
        foreign.get(f"/papers/{paper}"),
        foreign.get(f"/papers/{paper}/A/paper.pdf"),
        foreign.get(f"/papers/{paper}/A/key.docx"),
        foreign.post(f"/papers/{paper}/sittings", _sitting()),
        foreign.post(f"/papers/{paper}/redraw"),
    ):
        assert answer.status_code == 404
        assert not answer.data.startswith((b"%PDF", b"PK"))
    with house.reading() as session:
        assert session.scalars(sa.select(Sitting)).first() is None
        assert len(session.scalars(sa.select(Form)).all()) == 2


def test_no_token_records_nothing(li: Browser, paper: int, house: House) -> None:
    assert li.client.post(f"/papers/{paper}/sittings", data=_sitting()).status_code == 400
    assert li.get(f"/papers/{paper}/sittings").status_code in {404, 405}
    with house.reading() as session:
        assert session.scalars(sa.select(Sitting)).first() is None


def test_hostile_text_in_a_sitting_stays_text(li: Browser, paper: int) -> None:
    li.post(f"/papers/{paper}/sittings", _sitting(place="<script>alert(1)</script>{{7*7}}"))
    page = li.get(f"/papers/{paper}").text
    assert "<script>alert" not in page
    assert "{{7*7}}" in page
