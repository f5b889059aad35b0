"""Options come out of one cell whole, without labels, and text that looks like a label stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.exchange.questions.options import find_run, leading_label, split_cell, split_loosely, strip_labels
from tests.bank.exchange.question_files import labelled

TOOLS = ["台虎钳", "划线盘", "游标卡尺", "丝锥"]


@pytest.mark.parametrize(
    "cell",
    [
        "**A.台虎钳**B.划线盘**C.游标卡尺**D.丝锥",
        "A.台虎钳**B.划线盘**C.游标卡尺**D.丝锥",
        "A、台虎钳##B、划线盘##C、游标卡尺##D、丝锥",
        "A. 台虎钳$;$B. 划线盘$;$C. 游标卡尺$;$D. 丝锥",
        "A. 台虎钳$;B. 划线盘$;C. 游标卡尺$;D. 丝锥",
        "台虎钳|划线盘|游标卡尺|丝锥",
        "台虎钳||划线盘||游标卡尺||丝锥",
        "A:台虎钳\nB:划线盘\nC：游标卡尺\nD:丝锥",
        "台虎钳\n划线盘\n游标卡尺\n丝锥",
        "A.台虎钳 B.划线盘\nC.游标卡尺 D.丝锥",
        "A.台虎钳B.划线盘C.游标卡尺D.丝锥",
        "（A）台虎钳（B）划线盘（C）游标卡尺（D）丝锥",
        "[A]台虎钳 [B]划线盘 [C]游标卡尺 [D]丝锥",
        "a.台虎钳  b.划线盘  c.游标卡尺  d.丝锥",
        "Ａ．台虎钳　Ｂ．划线盘　Ｃ．游标卡尺　Ｄ．丝锥",
        "A台虎钳**B划线盘**C游标卡尺**D丝锥",
        "A台虎钳B划线盘C游标卡尺D丝锥",
        "A.台虎钳；B.划线盘；C.游标卡尺；D.丝锥",
        "**A台虎钳**B.划线盘**C、游标卡尺***D:丝锥",
        "** A.台虎钳** B.划线盘**C. 游标卡尺**D.丝锥\n",
        "A.A.台虎钳**B.B.划线盘**C.C.游标卡尺**D.D.丝锥",
        "A.台虎钳B划线盘C游标卡尺D丝锥",
        '["台虎钳", "划线盘", "游标卡尺", "丝锥"]',
        '{"A": "台虎钳", "B": "划线盘", "C": "游标卡尺", "D": "丝锥"}',
        '[{"label": "A", "text": "台虎钳"}, {"text": "划线盘"}, {"text": "游标卡尺"}, {"text": "丝锥"}]',
    ],
)
def test_the_same_four_options_in_many_dresses(cell: str) -> None:
    assert split_cell(cell) == TOOLS


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        ("C语言**B细胞**A级", ["C语言", "B细胞", "A级"]),
        ("A级|B级|C级", ["A级", "B级", "C级"]),
        ("A类火灾\nB类火灾\nC类火灾", ["A类火灾", "B类火灾", "C类火灾"]),
        ("A.A级防火门**B.B级防火门**C.C级防火门", ["A级防火门", "B级防火门", "C级防火门"]),
        ("A.A、B相|B.B、C相|C.C、A相", ["A、B相", "B、C相", "C、A相"]),
        ("A.-5℃ B.+5℃ C.0℃", ["-5℃", "+5℃", "0℃"]),
        ("A.0.5mmB.1.0mmC.1.5mm", ["0.5mm", "1.0mm", "1.5mm"]),
        ("（A）毫安（mA）（B）安（A）（C）千安（kA）", ["毫安（mA）", "安（A）", "千安（kA）"]),
        ("A.记号“**A”表示正极**B.表示负极**C.表示接地", ["记号“**A”表示正极", "表示负极", "表示接地"]),
        ("**A.松B.紧**C.适中", ["松", "紧", "适中"]),
        ("甲||丙", ["甲", "丙"]),
        ("A.甲**B.**C.丙", ["甲", "", "丙"]),
    ],
)
def test_text_that_looks_like_a_label_or_a_sign_stays(cell: str, options: list[str]) -> None:
    assert split_cell(cell) == options


@pytest.mark.parametrize("cell", ['["台虎钳", 1]', '{"broken', "", "台虎钳", "A.台虎钳", "电流、电压"])
def test_what_cannot_be_told_apart_is_not_split(cell: str) -> None:
    assert len(split_cell(cell)) < 2


def test_the_last_resort_splits_at_wide_blanks_and_marks() -> None:
    assert split_loosely("台虎钳  划线盘  丝锥") == ["台虎钳", "划线盘", "丝锥"]
    assert split_loosely("台虎钳；划线盘；丝锥") == ["台虎钳", "划线盘", "丝锥"]
    assert split_loosely("开与关") == []


def test_columns_lose_labels_only_when_all_bear_their_own() -> None:
    assert strip_labels(["A.开", "B.关"]) == ["开", "关"]
    assert strip_labels(["开", "关", "C. 不变"]) == ["开", "关", "C. 不变"]
    assert strip_labels(["A3钢", "B3钢"]) == ["A3钢", "B3钢"]
    assert strip_labels(["A.开", ""]) == ["开", ""]


def test_a_run_prefers_one_style_and_the_last_start() -> None:
    text = "图中A、B两点间的电压为（ ）。A、10V B、20V C、30V"
    run = find_run(text)
    assert [label.letter for label in run] == ["A", "B", "C"]
    assert text[: run[0].start].endswith("。")


def test_leading_labels() -> None:
    found = leading_label("（C）甲")
    assert found is not None
    assert (found.letter, found.end) == ("C", 3)
    assert leading_label("C语言") is None
    assert leading_label("Ca的化合价") is None
    assert leading_label("C 语言", bare=True) is not None


TEXTS = st.text(alphabet="甲乙丙丁戊己庚辛钢铁锌12345.%℃-+（）", min_size=1, max_size=12).map(lambda t: f"项{t}目")


@given(st.lists(TEXTS, min_size=2, max_size=6, unique=True), st.sampled_from([".", "、", "．", "：", ")"]), st.data())
def test_labelled_options_come_back_from_any_cell(options: list[str], sign: str, data: st.DataObject) -> None:
    between = data.draw(st.sampled_from(["**", "##", "\n", "  ", "$;$", ""]))
    assert split_cell(between.join(labelled(options, sign))) == options


@given(st.lists(TEXTS, min_size=2, max_size=8, unique=True), st.sampled_from(["**", "|", "\n", "##", "||"]))
def test_bare_options_come_back_from_any_cell(options: list[str], sign: str) -> None:
    assert split_cell(sign.join(options)) == options


@given(st.text(max_size=60))
def test_no_cell_breaks_the_splitter(cell: str) -> None:
    assert all(option in cell for option in split_cell(cell))
