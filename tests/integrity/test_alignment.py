import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrity.similarity.alignment import Difference, difference, line
from integrity.similarity.lexicon import fold_synonyms
from integrity.similarity.wording import arabic


def _between(a: str, b: str) -> Difference:
    rows = [line(fold_synonyms(arabic(text)), text).tokens for text in (a, b)]
    return difference(*rows)


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("电压为36v的灯", "电压为24v的灯", "figures"),
        ("三相电动机", "单相电动机", "contrasts"),
        ("逆时针正转", "逆时针反转", "contrasts"),
        ("选用plc控制", "选用cnc控制", "codes"),
        ("测量电流的大小", "测量电压的大小", "terms"),
        ("清洗消毒柜后", "清洗发酵箱后", "terms"),
        ("更换砂轮后", "更换沙轮后", "slips"),
        ("应切断电源", "须切断电源", "modals"),
    ],
)
def test_each_difference_has_its_kind(a: str, b: str, kind: str) -> None:
    found = _between(a, b)
    assert getattr(found, kind) == 1
    others = {"figures", "contrasts", "codes", "slips", "modals"} - {kind}
    assert not any(getattr(found, other) for other in others)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("灯的电压是36伏", "灯电压为36伏"),
        ("必须使用夹具", "应当采用夹具"),
        ("间距三毫米", "间距3mm"),
        ("下料的顺序", "下料顺序"),
    ],
)
def test_particles_synonyms_and_spellings_are_no_difference(a: str, b: str) -> None:
    found = _between(a, b)
    assert (found.blocks, found.exchanged, found.added) == (0, 0, 0)


def test_moved_words_are_moved_and_not_exchanged() -> None:
    found = _between("停机后清扫机床再填写记录", "填写记录再停机后清扫机床")
    assert found.moved > 2
    assert found.exchanged == 0


def test_one_exchange_made_everywhere_counts_once() -> None:
    assert _between("茶壶洗净后茶壶擦干", "茶杯洗净后茶杯擦干").blocks == 1


@given(st.text("电压36v伏三单不的应", max_size=12), st.text("电流24v伏三单不的应", max_size=12))
def test_both_directions_agree(a: str, b: str) -> None:
    there, back = _between(a, b), _between(b, a)
    assert (there.exchanged, there.added) == (back.exchanged, back.added)
    assert _between(a, a) == Difference()
