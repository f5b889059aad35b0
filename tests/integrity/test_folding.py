import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrity.similarity import folding
from integrity.similarity.folding import BLANK, SEPARATOR


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＰＬＣ　控制", "plc控制"),
        ("絕緣電阻應不小於", "绝缘电阻应不小于"),
        ("環(huán)氧", "环氧"),
        ("機(ji\u0304)器", "机器"),
        ("网\u200b络\u202e线\ufeff", "网络线"),
        ("軟體與網路", "软件与网络"),
        ("⾏⻋信号", "行车信号"),
        ("第一行\r\n第二行", "第一行第二行"),
        ("0．5 MPa，36V。", "0.5mpa36v"),
        ("温度为 -5 ℃", "温度为-5℃"),
        ("1,000V 与 5°C", "1000v与5℃"),
        ("0.4～0.6、1—2", "0.4-0.61-2"),
        ("300转／分", "300转/分"),
        ("Y—△ 起动", "yδ起动"),
        ("配比 1：2", "配比1:2"),
        ("Ⅱ类 ㎡ ≧3", "ii类m2≥3"),
        ("50％<x>20%", "50%<x>20%"),
    ],
)
def test_one_way_of_writing(written: str, folded: str) -> None:
    assert folding.fold(written) == folded


@pytest.mark.parametrize(
    "blank", ["（ ）", "( )", "____", "【　】", "（\n）", "(？)", "$(\\quad)$", "（ B ）", "(A、C)", "（√）"]
)
def test_every_blank_is_one_mark(blank: str) -> None:
    assert folding.fold(f"额定电压为{blank}伏") == f"额定电压为{BLANK}伏"


def test_no_rule_looks_across_the_separator() -> None:
    parts = ["5", ".3", "（", "）", "機", "(jī)", "软", "體", "°", "C"]
    together = folding.fold(SEPARATOR.join(parts))
    assert together.split(SEPARATOR) == [folding.fold(part) for part in parts]


@given(st.text())
def test_folding_twice_changes_nothing_more_than_once(text: str) -> None:
    once = folding.fold(text)
    assert not any(mark in once for mark in " \n，。（）\u200b")
    assert folding.fold(once.lower()) == folding.fold(once)


@given(st.text(st.sampled_from("電壓V3.5、 \nA（）()機jī為(°C½，级-/12")))
def test_offsets_lead_back_into_the_document(text: str) -> None:
    folded, places = folding.fold_document(text)
    assert len(folded) == len(places)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)


def test_labels_of_a_document_are_left_out() -> None:
    page = "12. 安全电压为（C）。\n A. 220V B.110V  C、36V\n（3）焊条应干燥B.不必"
    folded, places = folding.fold_document(page)
    assert folded == "安全电压为220v110v36v焊条应干燥不必"
    assert page[places[0] : places[4] + 1] == "安全电压为"


def test_letters_inside_words_are_no_labels() -> None:
    assert folding.fold_document("维生素C、D 与 B级 3.5kV")[0] == "维生素cd与b级3.5kv"
