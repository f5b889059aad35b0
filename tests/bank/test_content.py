import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.answers import Credit, Parameters, PracticalTask, Preparation, RubricPoint, ScoredStep, blank_keys, half_marks
from bank.content import ItemContent, ItemType
from bank.ground.errors import BadInput

texts = st.text(min_size=1, max_size=40)
rubrics = st.lists(st.builds(RubricPoint, texts, st.integers(1, 20)), max_size=3).map(tuple)
tasks = st.builds(
    PracticalTask,
    st.lists(st.builds(Preparation, texts, texts, texts), max_size=2).map(tuple),
    st.lists(st.builds(Preparation, texts), max_size=2).map(tuple),
    st.lists(st.builds(ScoredStep, texts, texts, st.integers(1, 40), texts, texts), max_size=2).map(tuple),
    st.integers(0, 60),
    st.integers(0, 240),
)
parameters = st.builds(
    Parameters, st.just(("U", "I")), st.lists(st.tuples(texts, texts), min_size=1, max_size=3).map(tuple)
)
contents = st.builds(
    ItemContent,
    st.sampled_from(ItemType),
    texts,
    st.lists(texts, max_size=6).map(tuple),
    texts,
    st.text(max_size=20),
    st.sampled_from(Credit),
    st.none() | st.integers(1, 200),
    rubrics,
    st.none() | tasks,
    st.none() | parameters,
    st.text(max_size=20),
    st.text(max_size=20),
)


@given(contents)
def test_the_stored_form_comes_back_unchanged(content: ItemContent) -> None:
    assert ItemContent.from_parts(content.question_part(), content.answer_part()) == content


@given(contents)
def test_the_question_part_tells_nothing_of_the_answer(content: ItemContent) -> None:
    question = ItemContent.from_parts(content.question_part())
    bare = ItemContent(content.type, content.stem, content.options, marks=content.marks, material=content.material)
    assert question == bare


@given(contents)
def test_the_outer_row_comes_back_unchanged(content: ItemContent) -> None:
    assert ItemContent.from_row(content.as_row()) == content


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (ItemContent(ItemType.SINGLE, " ", ("甲", "乙"), "A"), "题干为空"),
        (ItemContent(ItemType.SINGLE, "问", ("甲", "乙"), "AB"), "单选题只能有一个答案"),
        (ItemContent(ItemType.SINGLE, "问", ("甲", "乙"), "C"), "超出选项范围"),
        (ItemContent(ItemType.MULTIPLE, "问", ("甲",), "A"), "至少要有 2 个选项"),
        (ItemContent(ItemType.MULTIPLE, "问", ("甲", "甲"), "A"), "有两个选项相同"),
        (ItemContent(ItemType.MULTIPLE, "问", ("甲", " "), "A"), "有空的选项"),
        (ItemContent(ItemType.JUDGE, "问", (), "A"), "判断题答案应为"),
        (ItemContent(ItemType.SHORT, "问", (), ""), "缺少答案"),
    ],
)
def test_each_fault_is_named(content: ItemContent, fault: str) -> None:
    assert any(fault in found for found in content.faults())


def test_right_options_are_those_the_key_names() -> None:
    assert ItemContent(ItemType.MULTIPLE, "问", ("甲", "乙", "丙"), "AC").right_options() == ("甲", "丙")


@pytest.mark.parametrize("row", [{"type": "riddle", "stem": "问"}, {"stem": "问"}, {"type": "single", "stem": 3}])
def test_a_row_of_another_shape_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        ItemContent.from_row(row)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (ItemContent(ItemType.SHORT, "问", key="答", rubric=(RubricPoint("要点", 3),), marks=4), "合计 1.5 分"),
        (ItemContent(ItemType.SHORT, "问", rubric=(RubricPoint("要点", 0),)), "应大于 0"),
        (ItemContent(ItemType.JUDGE, "问", key="正确", rubric=(RubricPoint("要点", 1),)), "不用评分要点"),
        (ItemContent(ItemType.SINGLE, "问", ("甲", "乙"), "A", credit=Credit.HALF), "少选得分"),
        (ItemContent(ItemType.SHORT, "问", key="答", task=PracticalTask()), "只有操作题"),
        (ItemContent(ItemType.SHORT, "问{U}", key="答", parameters=Parameters(("U",), ())), "至少要有一组"),
        (ItemContent(ItemType.SHORT, "问{U}", key="答", parameters=Parameters(("U",), (("",),))), "取值不全"),
        (ItemContent(ItemType.SHORT, "问", key="答", parameters=Parameters(("U",), (("36",),))), "没有在题中用到"),
    ],
)
def test_each_fault_of_marking_is_named(content: ItemContent, fault: str) -> None:
    assert any(fault in found for found in content.faults())


def test_a_rubric_that_sums_is_sound() -> None:
    rubric = (RubricPoint("先断电", 3), RubricPoint("再验电", 5))
    assert ItemContent(ItemType.SHORT, "怎样停电检修？", rubric=rubric, marks=8).faults() == []


def test_a_variant_has_its_values_filled_in() -> None:
    sets = Parameters(("U", "R", "I"), (("12", "6", "2"), ("36", "9", "4")))
    item = ItemContent(ItemType.BLANK, "{U} V 电压加在 {R} Ω 上，电流为____A", key="{I}", parameters=sets)
    assert item.faults() == []
    assert item.variant(1) == ItemContent(ItemType.BLANK, "36 V 电压加在 9 Ω 上，电流为____A", key="4")


def test_in_a_formula_a_name_stands_in_two_braces() -> None:
    sets = Parameters(("U", "R"), (("12", "6"),))
    item = ItemContent(
        ItemType.SHORT, r"$I=\frac{{{U}}}{{{R}}}$，而 $\frac{U}{R}$ 是式子", key="{U}/{R}", parameters=sets
    )
    assert item.variant(0).stem == r"$I=\frac{12}{6}$，而 $\frac{U}{R}$ 是式子"
    bare = ItemContent(ItemType.SHORT, r"$\frac{U}{R}$", key="答", parameters=sets)
    assert any("公式里写成 {{U}}" in fault for fault in bare.faults())


def test_what_is_compared_stands_under_its_material() -> None:
    item = ItemContent(ItemType.JUDGE, "电流为 H<sub>2</sub>", key="正确", material="某电路如下。")
    assert item.compared().stem == "某电路如下。\n电流为 H2"
    assert item.compared().compared() == item.compared()


def test_blank_keys_have_alternatives() -> None:
    assert blank_keys("电压|U；电流") == (("电压", "U"), ("电流",))


@pytest.mark.parametrize(("marks", "halves"), [("0.5", 1), (2, 4), ("12.5", 25)])
def test_marks_are_counted_in_halves(marks: str | float, halves: int) -> None:
    assert half_marks(marks) == halves
    with pytest.raises(ValueError, match="half a mark"):
        half_marks(0.3)


@pytest.mark.parametrize("power", ["10³", "10^3", "10<sup>3</sup>", "$10^3$", "$10^{3}$"])
def test_a_power_is_compared_in_words(power: str) -> None:
    item = ItemContent(ItemType.JUDGE, f"电阻为{power}欧，截面积为 4 mm²。", key="正确")
    assert item.compared().stem == "电阻为10的3次方欧，截面积为 4 mm²。"
    assert item.compared().compared() == item.compared()
