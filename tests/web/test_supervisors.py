"""The supervisor's desk and deadlines: the own territory, counts without text."""

from collections.abc import Callable
from dataclasses import replace

from tests.web.cast import CENTRE, SCHOOL, Browser, Stock, make_question, quotes_a_question


def test_it_works(du: Browser, stock: Stock) -> None:
    stock.questions("wang", 6)
    for path in ("/supervision", "/supervision/banks", f"/supervision/banks/{stock.bank_id()}"):
        page = du.get(path)
        assert page.status_code == 200
        assert "第六条第五项" in page.text
        assert not quotes_a_question(page.text)
    page = du.get("/supervision/banks").text
    assert SCHOOL in page
    assert CENTRE in page
    assert "本局设定" in page


def test_banks_can_be_filtered_by_state(du: Browser) -> None:
    assert SCHOOL in du.get("/supervision/banks?state=building").text
    assert SCHOOL not in du.get("/supervision/banks?state=overdue").text
    assert SCHOOL in du.get("/supervision/banks?state=nonsense").text


def test_quality_is_told_in_counts(du: Browser, stock: Stock) -> None:
    broken = replace(make_question(0), stem="乱\ufffd码的题干写在这里（　）。")
    stock.items("wang", broken, make_question(1), make_question(1))
    page = du.get(f"/supervision/banks/{stock.bank_id()}/quality")
    assert page.status_code == 200
    assert "乱码或残留标记" in page.text
    assert "疑似凑数" in page.text
    assert "写在这里" not in page.text
    assert not quotes_a_question(page.text)
    assert "/banks/" not in page.text.replace("/supervision/banks/", ""), "there is no way to the items"


def test_chips_count_the_states(du: Browser) -> None:
    page = du.get("/supervision/banks").text
    assert "全部 2" in page
    assert "建设中 2" in page
    assert "待更新 0" in page


def test_another_territory_sees_nothing(as_user: Callable[[str], Browser], stock: Stock) -> None:
    other = as_user("yangxin")
    page = other.get("/supervision/banks").text
    assert SCHOOL not in page
    assert CENTRE not in page
    assert other.get(f"/supervision/banks/{stock.bank_id()}").status_code == 404
    assert other.get(f"/supervision/banks/{stock.bank_id()}/quality").status_code == 404
    assert other.get("/supervision").status_code == 200


def test_it_takes_no_posts(du: Browser, stock: Stock) -> None:
    for path in ("/supervision", "/supervision/banks", f"/supervision/banks/{stock.bank_id()}"):
        assert du.post(path).status_code == 405
