import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrity.audits.optionsseen import options_seen
from integrity.audits.scanned import ScannedText, scanned_text

STEM = "养蚕室四龄期的适宜相对湿度为"


def scanned(raw: str) -> ScannedText:
    return scanned_text(raw)


def seen(options: tuple[str, ...], raw: str) -> tuple[str, ...]:
    page = scanned(raw)
    return options_seen(options, page, page.text.index(STEM) + len(STEM)).found


def test_breaks_stand_where_a_sentence_ends() -> None:
    page = scanned("坯体阴干（ ）避风，升温。\n答案：B 窑炉")
    assert page.text == "坯体阴干避风升温答案b窑炉"
    assert [place for place in range(len(page.text) + 1) if page.breaks[place]] == [0, 4, 8, 11, 13]
    assert (page.next_break(5), page.last_break(5)) == (8, 4)


def test_excerpt_is_the_document_in_one_line() -> None:
    page = scanned("1、坯體(pī)\n 陰干（ ）時。")
    start = page.text.index("坯")
    assert page.excerpt(start, start + 4) == "坯體(pī) 陰干"
    assert page.excerpt(3, 3) == ""
    assert len(scanned("窑" * 900).excerpt(0, 900)) == 240


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("窑炉( )。A、坯 B、釉", True),
        ("窑炉( )。\n（A）坯\n（B）釉", True),
        ("窑炉( )。\n2、釉料( )。A、坯 B、釉", False),
        ("窑炉( )。√", False),
        ("窑炉( )。B、釉 C、坯", False),
    ],
)
def test_whether_options_follow(raw: str, shown: bool) -> None:
    assert scanned(raw).shows_options(2, 40) is shown


@pytest.mark.parametrize(
    "raw",
    [
        "A、70% B、85% C、95%",
        "A.95%B.85%C.70%",
        "（A）8 5%\n（B）9 5%\n（C）7 0%",
        "A、7\n0%  B、95% C、85% 答案 A",
    ],
)
def test_options_in_any_order_and_spacing(raw: str) -> None:
    assert set(seen(("70%", "85%", "95%"), f"{STEM}（ ）。{raw}")) == {"70%", "85%", "95%"}


def test_short_options_count_only_where_they_stand_alone() -> None:
    assert seen(("大", "小"), f"{STEM}大棚里的小蚕") == ()
    assert seen(("7", "70"), f"{STEM}：A、70 B、95") == ("70",)
    assert seen(("500-1000",), f"{STEM}：A、500至1000 B、95") == ("500-1000",)


def test_long_options_may_be_misread_but_not_denied() -> None:
    option = "确认分拣线上无人并复位急停按钮"
    assert seen((option,), f"{STEM}A、确认分拣线上无人井复位急停按扭") == (option,)
    assert seen((option,), f"{STEM}A、不确认分拣线上无人并复位急停按钮"[:-4]) == ()


@given(st.text("A1、.（）\n 窑炉坯体()答案：", max_size=60))
def test_places_lead_back_into_the_document(raw: str) -> None:
    page = scanned(raw)
    assert len(page.text) == len(page.origins) == len(page.codes)
    for place, char in enumerate(page.text):
        assert unicodedata.normalize("NFKC", raw[page.span(place, place + 1)[0]]).casefold() == char
    assert all(0 <= place <= len(page.text) for place in [*page.labels, *page.behind, *page.questions])
