"""Results on the sitting's page, statistics for reviewers, leads for supervisors: numbers, and no text unasked."""

import io
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import sqlalchemy as sa

from bank.content import LETTERS, RIGHT, WRONG
from bank.ground.actors import OPERATOR
from bank.ground.clock import now, today
from bank.items import Item, ItemVersion
from bank.ledger.log import entries
from papers.papers import Form, FormItem, Paper, PaperOrigin, next_number, seal_form_body, seal_paper_body
from papers.results import ItemResult, SittingResult, questions_of
from papers.sittings import Sitting, record_sitting
from papers.statistics.scoring import Question
from tests.web.cast import Browser, Stock, make_question, quotes_a_question
from web.house import House, open_home
from web.result_drafts import ResultDraft

ITEMS, CANDIDATES = 12, 60
LEAKED = 11
WHO = "42028119990"


def make_sittings(house: House, ids: list[int]) -> list[int]:
    """Three sittings of one form, a month apart."""
    made = []
    with house.unit_of_work() as session:
        bank = session.get_one(Item, ids[0]).bank
        versions = dict(session.execute(sa.select(ItemVersion.item_id, ItemVersion.id)).all())
        for days in (90, 60, 30):
            day = today() - timedelta(days=days)
            paper = Paper(
                number=next_number(session, bank, day),
                bank_id=bank.id,
                bank=bank,
                origin=PaperOrigin.ASSEMBLED,
                blueprint="小测",
                minutes=60,
                held_on=day,
                made_by="li",
                made_at=now() - timedelta(days=days),
            )
            paper.body = seal_paper_body(session, paper, {"seconds": 1.0, "past": [], "labels": ["A"]})
            items = [FormItem(one, versions[one], 4) for one in ids]
            form = Form(paper=paper, label="A", body=seal_form_body(session, paper, "A", items))
            session.add_all([paper, form])
            session.flush()
            made.append(record_sitting(session, OPERATOR, form, held_on=day, place="一号考场", candidates=60).id)
    return made


def answer_file(questions: list[Question], seed: int, leaked: int | None = None, size: int = CANDIDATES) -> bytes:
    """Answers of a class: questions get harder, one may be known to nearly all."""
    lot = np.random.default_rng(seed)
    able = lot.normal(0, 1, size)
    lines = ["准考证号," + ",".join(str(one.position) for one in questions)]
    for at in range(size):
        row = []
        for one in questions:
            hard = (one.position - 6) / 3 if one.position - 1 != leaked else -4
            right = lot.random() < 1 / (1 + np.exp(hard - able[at]))
            row.append(_said(one, lot, right=bool(right)))
        lines.append(f"{WHO}{at:03}," + ",".join(row))
    return "\n".join(lines).encode("gbk")


def _said(question: Question, lot: np.random.Generator, *, right: bool) -> str:
    if question.key in {RIGHT, WRONG}:
        return question.key if right else ({RIGHT, WRONG} - {question.key}).pop()
    if right:
        return question.printed_letters(question.key)
    others = [letter for letter in LETTERS[: question.options] if letter not in question.key]
    return str(lot.choice(others))


@pytest.fixture(scope="module")
def home_with_sittings(peopled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cast's home with twelve questions that three sittings asked; no results yet."""
    home = tmp_path_factory.mktemp("sittings") / "home"
    shutil.copytree(peopled_home, home)
    house = open_home(home)
    assert make_sittings(house, Stock(house).questions("wang", ITEMS)) == [1, 2, 3]
    house.database.close()
    return home


@pytest.fixture
def starting_home(home_with_sittings: Path) -> Path:
    return home_with_sittings


def questions_asked(house: House, sitting: int) -> list[Question]:
    with house.reading() as session:
        return questions_of(session, session.get_one(Sitting, sitting))


def _bring(house: House, li: Browser, sitting: int, leaked: int | None = None, size: int = CANDIDATES) -> str:
    """Upload, look at the preview, say yes; returns the preview."""
    data = answer_file(questions_asked(house, sitting), sitting, leaked, size)
    answer = li.upload(f"/sittings/{sitting}/results", "成绩.csv", data)
    assert answer.status_code == 302, answer.text
    preview = li.get(answer.headers["Location"])
    assert preview.status_code == 200
    assert li.post(answer.headers["Location"]).status_code == 302
    return preview.text


def _bring_all(house: House, li: Browser) -> None:
    for sitting in (1, 2, 3):
        _bring(house, li, sitting, LEAKED if sitting == 3 else None)


def test_results_are_previewed_and_stored_on_a_yes(li: Browser, house: House) -> None:
    assert "上传" in li.get("/papers/1").text
    assert "还没有" in li.get("/sittings/1/results").text
    data = answer_file(questions_asked(house, 1), 1) + f"\n{WHO}001,A\n{WHO}999,Z".encode()
    answer = li.upload("/sittings/1/results", f"{WHO}.csv", data)
    preview = li.get(answer.headers["Location"]).text
    assert "60 人可以计入，2 行不计" in preview
    assert "是同一考生" in preview
    with house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SittingResult)) == 0
    page = li.post(answer.headers["Location"], follow_redirects=True).text
    assert "已存入 60 人的成绩" in page
    assert "及格率" in page
    assert "60 人</a>" in li.get("/papers/1").text
    with house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ItemResult)) == ITEMS
        assert session.scalar(sa.select(sa.func.count()).select_from(ResultDraft)) == 0
        told = [(entry.kind, entry.actor) for entry in entries(session, kinds=["sitting.score", "sitting.results"])]
        assert told == [("sitting.score", "li"), ("sitting.results", "li")]
    assert li.post(answer.headers["Location"]).status_code == 404


def test_a_second_upload_says_what_it_replaces(li: Browser, house: House) -> None:
    _bring(house, li, 1)
    assert "60 人成绩将被替换" in _bring(house, li, 1, size=40)
    with house.reading() as session:
        assert [one.n for one in session.scalars(sa.select(SittingResult))] == [40]


def test_few_candidates_are_said_to_be_few(li: Browser, shen: Browser, house: House) -> None:
    assert "不足 30 人" in _bring(house, li, 1, size=12)
    assert "只有 12 人" in li.get("/sittings/1/results").text
    page = shen.get("/statistics").text
    assert page.count('<span class="tag ">人数不足</span>') == ITEMS


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("", b"", "没有选择文件"),
        ("x.csv", "准考证号,1,2\n7,A,A\n".encode(), "没有找到表头"),
        ("x.csv", ("准考证号," + ",".join(map(str, range(1, 12))) + "\n7" + ",A" * 11).encode(), "缺第 12 题"),
        ("x.xlsx", b"PK\x03\x04 broken", "x.xlsx"),
    ],
)
def test_a_file_that_does_not_fit_comes_back_in_words(
    li: Browser, house: House, name: str, data: bytes, sentence: str
) -> None:
    page = li.upload("/sittings/1/results", name, data)
    assert page.status_code == 422
    assert sentence in page.text
    with house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ResultDraft)) == 0


def test_the_empty_table_has_the_questions_of_the_form(li: Browser) -> None:
    answer = li.get("/sittings/1/template.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["准考证号", *range(1, ITEMS + 1)]


def test_reviewers_see_numbers_and_no_text(li: Browser, shen: Browser, house: House) -> None:
    assert f"用过 {ITEMS} 道题，还没有成绩" in shen.get("/statistics").text
    _bring_all(house, li)
    page = shen.get("/statistics").text
    assert "1 道题突然变易，可能已经泄露" in page
    assert "不超过 5%" in page
    assert not quotes_a_question(page)
    one = shen.get(f"/statistics/items/{LEAKED + 1}").text
    assert "突然变易，可能已经泄露" in one
    assert one.count("<circle") == 3
    assert not quotes_a_question(one)
    with house.reading() as session:
        assert list(entries(session, kinds=["item.read"], actor="shen")) == []
    assert "各选项的人数会透露答案" in one
    assert "其余题得分率</th>" not in one
    shown = shen.get(f"/statistics/items/{LEAKED + 1}?text=1").text
    assert quotes_a_question(shown)
    assert "其余题得分率</th>" in shown
    with house.reading() as session:
        [entry] = entries(session, kinds=["item.read"], actor="shen")
        assert entry.body == {"purpose": "试题统计", "items": [LEAKED + 1]}


@pytest.mark.parametrize("order", ["flags", "item", "point", "type", "uses", "last", "n", "p", "r", "none"])
def test_the_table_is_sorted_and_filtered(li: Browser, shen: Browser, house: House, order: str) -> None:
    _bring(house, li, 1)
    for query in (f"sort={order}", f"sort={order}&down=1", f"sort={order}&flag=few", "page=99", "flag=nonsense"):
        assert shen.get(f"/statistics?{query}").status_code == 200
    cells = re.findall(r'<td class="number">(\d+)%</td>', shen.get("/statistics?sort=p").text)
    shares = [int(cell) for cell in cells]
    assert len(shares) == ITEMS
    assert shares == sorted(shares)


def test_the_export_has_no_content_and_is_on_the_ledger(li: Browser, shen: Browser, house: House) -> None:
    _bring(house, li, 1)
    answer = shen.get("/statistics/items.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert len(rows) == ITEMS + 2
    assert not quotes_a_question(repr(rows))
    with house.reading() as session:
        [entry] = entries(session, kinds=["item.statistics"])
        assert (entry.actor, entry.body["count"]) == ("shen", ITEMS)


def test_supervisors_see_the_leads_of_their_territory_without_text(
    li: Browser, du: Browser, as_user: Callable[[str], Browser], house: House
) -> None:
    assert "没有突然变易的题" in du.get("/supervision/leads").text
    _bring_all(house, li)
    page = du.get("/supervision/leads").text
    assert "1 道题突然变易" in page
    assert "黄石市机电技工学校" in page
    assert not quotes_a_question(page)
    assert "没有突然变易的题" in as_user("yangxin").get("/supervision/leads").text


def test_other_institutions_find_nothing(as_user: Callable[[str], Browser], li: Browser, house: House) -> None:
    _bring(house, li, 1)
    data = answer_file(questions_asked(house, 2), 2)
    token = li.upload("/sittings/2/results", "a.csv", data).headers["Location"]
    foreign, reviewer = as_user("wai_li"), as_user("wai_shen")
    for answer in (
        foreign.get("/sittings/1/results"),
        foreign.get("/sittings/1/template.xlsx"),
        foreign.upload("/sittings/1/results", "a.csv", data),
        foreign.get(token),
        foreign.post(token),
        reviewer.get("/statistics?bank=1"),
        reviewer.get("/statistics/items.xlsx?bank=1"),
        reviewer.get("/statistics/items/1"),
    ):
        assert answer.status_code == 404
    assert "还没有用过的题" in reviewer.get("/statistics").text
    with house.reading() as session:
        assert [one.sitting_id for one in session.scalars(sa.select(SittingResult))] == [1]


def test_a_preview_is_its_reader_s_own_and_gone_after_a_day(li: Browser, house: House) -> None:
    token = li.upload("/sittings/1/results", "a.csv", answer_file(questions_asked(house, 1), 1)).headers["Location"]
    with house.unit_of_work() as session:
        draft = session.scalars(sa.select(ResultDraft)).one()
        assert WHO.encode() not in draft.body
        draft.expires_at -= timedelta(hours=25)
    assert li.get(token).status_code == 404
    assert li.post(token).status_code == 404
    li.upload("/sittings/1/results", "a.csv", answer_file(questions_asked(house, 1), 1))
    with house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ResultDraft)) == 1


def test_an_item_never_asked_has_no_statistics(shen: Browser, stock: Stock) -> None:
    [fresh] = stock.items("wang", make_question(40))
    assert shen.get(f"/statistics/items/{fresh}").status_code == 404
