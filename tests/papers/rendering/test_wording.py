"""Answer places, numbers and letters in texts that hold more than characters; what pictures and formulas measure."""

from io import BytesIO

import pytest
from PIL import Image as Raster

from bank.content import ItemContent, ItemType
from bank.notation import Figure, Formula, Image, Mark, Paragraph, Table, Text
from papers.rendering import wording
from papers.rendering.wording import ANSWER_BRACKET, ANSWER_UNDERLINE

TOKEN = "0123456789abcdef"


def single(stem: str) -> ItemContent:
    return ItemContent(ItemType.SINGLE, stem, ("甲", "乙"), "A")


def png(across: int, down: int) -> bytes:
    data = BytesIO()
    Raster.new("1", (across, down)).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("stem", "last"),
    [
        (r"电阻 $\frac{U}{I}$ 是（____）。", f"是{ANSWER_BRACKET}。"),
        (r"电阻是 $\frac{U}{I}$", f"{ANSWER_BRACKET}"),
        ("H<sub>2</sub>O 是（ ）", f"O 是{ANSWER_BRACKET}"),
    ],
)
def test_the_answer_place_stands_beside_formulas_and_marks(stem: str, last: str) -> None:
    assert wording.said(wording.stem(single(stem))).endswith(last)


@pytest.mark.parametrize("stem", [r"则 $q=____$", r"$\sin x=(\quad)$", "| 项 | 值 |\n| 甲 | （ ） |"])
def test_a_place_inside_a_formula_or_a_table_is_enough(stem: str) -> None:
    said = wording.said(wording.stem(single(stem)))
    assert said.count(ANSWER_BRACKET) == stem.count("（ ）")


def test_a_place_below_a_picture_has_a_line_of_its_own() -> None:
    *_, last = wording.stem(ItemContent(ItemType.BLANK, f"如图\n![](pic:{TOKEN})"))
    assert last == Paragraph((Text(ANSWER_UNDERLINE),))


def test_a_number_stands_before_words_beside_a_picture_and_above_a_table() -> None:
    assert wording.led(wording.blocks("甲"), "1．") == (Paragraph((Text("1．甲"),)),)
    assert wording.led(wording.blocks("<b>甲</b>"), "1．") == (Paragraph((Text("1．"), Text("甲", Mark.STRONG))),)
    assert wording.led((Figure(TOKEN),), "A．") == (Paragraph((Text("A．"), Image(TOKEN))),)
    table = Table((((Text("a"),),),))
    assert wording.led((table,), "1．") == (Paragraph((Text("1．"),)), table)


def test_invisible_characters_are_out_before_the_signs_are_read() -> None:
    assert wording.blocks("$x\u200b$") == (Paragraph((Formula("x"),)),)


def test_a_picture_keeps_its_shape_within_the_room() -> None:
    across, down = wording.size(png(2000, 500), wording.FIGURE_MM)
    assert (across, down) == (105.0, 26.25)
    assert wording.size(png(13, 13), wording.FIGURE_MM) == (2.54, 2.54)
    assert wording.size(b"no picture", wording.IMAGE_MM) == wording.IMAGE_MM


def test_tall_things_are_reckoned_as_lines() -> None:
    assert wording.extra_lines(wording.blocks("一行字"), {}) == 0
    assert wording.extra_lines(wording.blocks(r"$\frac{a}{b}$"), {}) == 1
    assert wording.extra_lines(wording.blocks(f"![](pic:{TOKEN})"), {TOKEN: png(400, 400)}) > 10
