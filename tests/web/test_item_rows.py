"""Tables of the form: every type of item comes back from the form as it was shown, whatever it holds."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from bank.answers import Credit, Parameters, PracticalTask, Preparation, RubricPoint, ScoredStep
from bank.content import ItemContent, ItemType
from web.item_forms import ItemForm
from web.item_rows import RowsField, halves_of, parameters_of, parameters_text

WORDS = st.text("电压流阻线圈ABC 123|，。{}$_", min_size=1, max_size=12).map(str.strip).filter(bool)
LINES = st.text("电压流阻线圈ABC123，。", min_size=1, max_size=12)
HALVES = st.integers(1, 60)
PREPARED = st.lists(st.builds(Preparation, LINES, LINES, LINES, LINES), max_size=4).map(tuple)
TASKS = st.builds(
    PracticalTask,
    PREPARED,
    PREPARED,
    st.lists(st.builds(ScoredStep, LINES, LINES, HALVES, LINES, LINES), min_size=1, max_size=5).map(tuple),
    st.integers(0, 600),
    st.integers(0, 600),
)


def _sent_back(form: ItemForm) -> ItemForm:
    """What a browser sends for the form that was shown."""
    sent: MultiDict[str, Any] = MultiDict()
    for field in form:
        if isinstance(field, RowsField):
            for row in field.shown():
                for column, cell in zip(field.columns, row, strict=True):
                    sent.add(field.input_name(column), cell.replace("\n", "\r\n"))
        elif isinstance(field.data, list):
            sent.setlist(field.name, field.data)
        elif field.data is not None:
            sent.add(field.name, field.data.replace("\n", "\r\n"))
    again = ItemForm(sent, prefix=form.stem.name.removesuffix("stem"))
    again.offer_points(None)
    return again


def _round(content: ItemContent, prefix: str = "") -> ItemForm:
    first = ItemForm(prefix=prefix)
    first.offer_points(None)
    first.fill(content)
    return _sent_back(first)


@settings(max_examples=40)
@given(
    st.sampled_from([ItemType.SHORT, ItemType.ESSAY, ItemType.CALCULATION]),
    WORDS,
    st.lists(st.tuples(WORDS, HALVES), max_size=6),
)
def test_a_rubric_comes_back(kind: ItemType, stem: str, points: list[tuple[str, int]]) -> None:
    rubric = tuple(RubricPoint(*point) for point in points)
    total = sum(point.marks for point in rubric) or None
    content = ItemContent(kind, stem, key="见要点", rubric=rubric, marks=total)
    form = _round(content, prefix="q7-")
    assert form.check(), form.errors
    assert form.content() == content


@settings(max_examples=40)
@given(TASKS)
def test_a_practical_task_comes_back(task: PracticalTask) -> None:
    content = ItemContent(ItemType.PRACTICAL, "按图安装\n并调试", task=task)
    form = _round(content)
    assert form.check(), form.errors
    assert form.content() == content


@settings(max_examples=40)
@given(st.lists(st.lists(LINES, min_size=1, max_size=3), min_size=1, max_size=6))
def test_answers_of_blanks_come_back(blanks: list[list[str]]) -> None:
    content = ItemContent(ItemType.BLANK, "____，" * len(blanks), key="；".join("|".join(blank) for blank in blanks))
    form = _round(content)
    assert form.check(), form.errors
    assert form.content() == content


def test_credit_source_and_value_sets_come_back() -> None:
    sets = Parameters(("U", "R"), (("220", "44"), ("36", "12")))
    content = ItemContent(
        ItemType.MULTIPLE,
        "{U} V 与 {R} Ω",
        ("甲", "乙", "丙"),
        "AB",
        credit=Credit.HALF,
        source="教材",
        parameters=sets,
        marks=3,
    )
    form = _round(content)
    assert form.check(), form.errors
    assert form.content() == content


def test_what_the_type_does_not_use_is_left_out() -> None:
    typed = {"type": "judge", "stem": "题", "judge": "正确", "credit": "half", "rubric-text": "点", "rubric-marks": "2"}
    form = ItemForm(MultiDict({**typed, "steps-name": "步", "option_a": "甲", "minutes": "60"}))
    form.offer_points(None)
    assert form.check(), form.errors
    assert form.content() == ItemContent(ItemType.JUDGE, "题", key="正确")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"rubric-text": ["甲", "乙"], "rubric-marks": ["2", "x"]}, "第 2 行的分值“x”"),
        ({"rubric-text": ["甲", "乙"], "rubric-marks": ["2", ""]}, "第 2 行的分值“”"),
        ({"rubric-text": ["甲"], "rubric-marks": ["1.3"]}, "0.5 的倍数"),
        ({"rubric-text": ["甲"], "rubric-marks": ["nan"]}, "0.5 的倍数"),
        ({"rubric-text": ["甲"], "rubric-marks": ["1e400"]}, "0.5 的倍数"),
        ({"rubric-text": ["甲"], "rubric-marks": ["2"], "marks": "5"}, "合计 2 分，与本题 5 分不符"),
        ({"rubric-text": ["长" * 501], "rubric-marks": ["2"]}, "不超过 500 字"),
        ({"rubric-text": ["甲"] * 61, "rubric-marks": ["1"] * 61}, "最多 60 行"),
        ({"marks": "-1"}, "0.5 的倍数"),
    ],
)
def test_a_fault_in_the_table_names_its_row(typed: dict[str, Any], sentence: str) -> None:
    sent: MultiDict[str, Any] = MultiDict({"type": "short", "stem": "简述安全措施。", "answer": "见要点"})
    sent.update(typed)
    form = ItemForm(sent)
    form.offer_points(None)
    assert not form.check()
    assert sentence in "".join(str(errors) for errors in form.errors.values())


def test_half_marks_are_read_and_nothing_else() -> None:
    assert [halves_of(text) for text in ("2", "0.5", "", "inf", "二")] == [4, 1, None, None, None]


def test_value_sets_are_pasted_from_a_sheet() -> None:
    sets = parameters_of("U\tR\r\n220\t44\r\n\r\n| 36 | 12 |\r\n")
    assert sets == Parameters(("U", "R"), (("220", "44"), ("36", "12")))
    assert parameters_of(parameters_text(sets)) == sets
    assert parameters_of(" \n ") is None
