"""The notation: every string is a text, runs survive writing, plain reading drops the signs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank import notation
from bank.notation import Blank, Figure, Formula, Image, Mark, Paragraph, Table, Text

TOKEN = "0123456789abcdef"
SIGNS = st.text(alphabet="ab中 \\$<>!|_[]()/supic:{}^2\n", max_size=60)
PLAIN = st.text(alphabet="ab 中\\$<>!|[]()/5,。", min_size=1, max_size=12).filter(lambda text: text == text.strip())


def texts() -> st.SearchStrategy[Text]:
    return st.builds(Text, PLAIN, st.sampled_from(Mark))


RUNS = st.one_of(
    texts(),
    st.builds(Blank, st.integers(2, 8)),
    st.sampled_from([Formula(r"\frac{U}{R}"), Formula("x^2"), Formula(r"\sqrt{2}")]),
    st.builds(Image, st.just(TOKEN), st.text(alphabet="图a]\\", max_size=5)),
)


def joined(runs: list[notation.Run]) -> tuple[notation.Run, ...]:
    """Runs as `parse` gives them: neighbours of one plain kind joined, no two blanks side by side."""
    found: list[notation.Run] = []
    for run in runs:
        last = found[-1] if found else None
        if isinstance(run, Text) and isinstance(last, Text) and run.mark is last.mark is Mark.PLAIN:
            found[-1] = Text(last.text + run.text)
        elif not (isinstance(run, Blank) and isinstance(last, Blank)):
            found.append(run)
    return tuple(found)


@given(st.lists(RUNS, min_size=1, max_size=8))
def test_runs_survive_writing(runs: list[notation.Run]) -> None:
    line = joined(runs)
    alone = line[0] if len(line) == 1 else None
    kept = Figure(alone.token, alone.caption) if isinstance(alone, Image) else Paragraph(line)
    assert notation.parse(notation.write([Paragraph(line)])) == (kept,)


@given(st.lists(st.lists(st.lists(texts(), min_size=1, max_size=2), min_size=1, max_size=3), min_size=1, max_size=3))
def test_tables_survive_writing(rows: list[list[list[Text]]]) -> None:
    table = Table(tuple(tuple(joined(list(cell)) for cell in row) for row in rows))
    assert notation.parse(notation.write([table])) == (table,)


@given(SIGNS)
def test_every_string_is_a_text_and_writing_settles(text: str) -> None:
    blocks = notation.parse(text)
    assert notation.parse(notation.write(blocks)) == blocks


@given(SIGNS)
def test_a_literal_reads_as_itself(text: str) -> None:
    assert notation.plain(notation.literal(text)) == text


@pytest.mark.parametrize("text", ["额定电压为____V。", "甲 < 乙", "价格由 $5 调到 $6", r"C:\work", "a|b", "1$；$2"])
def test_common_texts_are_themselves(text: str) -> None:
    assert notation.literal(text) == text
    assert notation.plain(text) == text


def test_the_plain_reading() -> None:
    text = f"H<sub>2</sub>O 的电阻 $\\frac{{U}}{{R}}$，见图\n![电路](pic:{TOKEN})\n| 甲 | 乙 |"
    assert notation.plain(text) == "H2O 的电阻 U/R，见图\n〔图〕\n甲 乙"


def test_blocks_are_told_apart() -> None:
    blocks = notation.parse(f"看图____\n![电路](pic:{TOKEN})\n|a|b|\n|c|d|")
    assert blocks == (
        Paragraph((Text("看图"), Blank(4))),
        Figure(TOKEN, "电路"),
        Table((((Text("a"),), (Text("b"),)), ((Text("c"),), (Text("d"),)))),
    )


def test_tokens_are_found_and_changed_only_in_pictures() -> None:
    text = f"![图](pic:{TOKEN}) \\![图](pic:{TOKEN})"
    assert notation.tokens(text) == (TOKEN,)
    assert notation.retokened(text, lambda _: "f" * 16) == f"![图](pic:{'f' * 16}) \\![图](pic:{TOKEN})"


@pytest.mark.parametrize("piece", ["<sub>", "$a", "![", "|a|", "\\", "$a$b", "<sub>x", "![a](pic:"])
def test_hostile_repetition_is_read_in_one_pass(piece: str) -> None:
    assert notation.parse(piece * 4000)
