from hypothesis import given
from hypothesis import strategies as st

from integrity.audits.readingorder import Line, in_reading_order

TALL, STEP = 20, 34


def rows(left: float, width: float, texts: list[str], top: float = 0) -> list[Line]:
    return [
        Line(left, top + number * STEP, left + width, top + number * STEP + TALL, text)
        for number, text in enumerate(texts)
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    left, right = [f"{n}、左栏题" for n in range(1, 9)], [f"{n}、右栏题" for n in range(9, 17)]
    lines = [*rows(0, 400, left, top=60), *rows(460, 400, right, top=66)]
    heading, foot = Line(200, 0, 660, 30, "卷头"), Line(300, 500, 560, 520, "第 1 页")
    assert in_reading_order([foot, *lines, heading]).split("\n") == ["卷头", *left, *right, "第 1 页"]


def test_options_in_two_pairs_are_no_columns() -> None:
    lines, read = [], []
    for number in range(8):
        top = number * 3 * STEP
        stem, pairs = f"{number + 1}、题干从左到右写满一行", [("A、甲", "B、乙"), ("C、丙", "D、丁")]
        lines.append(Line(0, top, 860, top + TALL, stem))
        read.append(stem)
        for row, (first, second) in enumerate(pairs, 1):
            lines += [*rows(20, 120, [first], top + row * STEP), *rows(460, 120, [second], top + row * STEP + 4)]
            read.append(f"{first}  {second}")
    assert in_reading_order(lines).split("\n") == read


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(5, 500), st.integers(5, 40))))
def test_no_line_is_lost_or_doubled(boxes: list[tuple[int, int, int, int]]) -> None:
    lines = [Line(x, y, x + w, y + h, f"行{number}") for number, (x, y, w, h) in enumerate(boxes)]
    assert sorted(in_reading_order(lines).split()) == sorted(line.text for line in lines)
