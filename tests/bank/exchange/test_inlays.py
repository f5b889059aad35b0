"""What texts hold beside characters goes through the grammar as single signs and comes out in the notation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank import notation
from bank.exchange.glyphs import DAMAGED
from bank.exchange.inlays import Inlays, holds_inlay, own
from bank.notation import Formula, Image, Mark, Table, Text


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("电流 $I=U/R$ 恒定", "电流 $I=U/R$ 恒定"),
        ("体积 m<sup>3</sup>", "体积 m<sup>3</sup>"),
        (r"电压 \(\frac{U}{2}\) 与 $$x^2$$", r"电压 $\frac{U}{2}$ 与 $x^2$"),
    ],
)
def test_typed_formulas_and_marks(typed: str, written: str) -> None:
    inlays = Inlays()
    assert inlays.notation(inlays.typed(typed)) == written


@pytest.mark.parametrize(
    "text", ["价格 $5 和 $6", "a<b>c", "A. 甲$;$B. 乙=3$;$C. 丙", r"路径 \server\share", "|x|>1", "100$"]
)
def test_what_only_looks_like_a_sign_is_text(text: str) -> None:
    inlays = Inlays()
    typed = inlays.typed(text)
    assert typed == text
    assert notation.plain(inlays.notation(typed)) == text


@given(st.text(alphabet="甲乙$<>|\\_![]()subp/2 \n", max_size=30))
def test_any_text_without_inlays_reads_as_it_stands(text: str) -> None:
    assert notation.plain(Inlays().notation(text)) == text


def test_equal_inlays_share_a_sign_and_signs_of_the_file_are_damage() -> None:
    inlays = Inlays()
    sign = inlays.hide(Text("2", Mark.SUB))
    assert sign == inlays.hide(Text("2", Mark.SUB)) != inlays.hide(Text("3", Mark.SUB))
    assert len(sign) == 1
    assert holds_inlay(f"H{sign}O")
    assert inlays.plain(f"H{sign}O") == "H2O"
    assert own(sign) == DAMAGED


def test_tables_stand_on_lines_of_their_own() -> None:
    inlays = Inlays()
    table = inlays.hide(Table((((Text("甲"),), (Formula("x"),)),)))
    assert inlays.notation(f"见下表{table}求和") == "见下表\n| 甲 | $x$ |\n求和"
    assert inlays.stands_alone(f" {table} ")
    assert not inlays.stands_alone(f"见{table}")
    assert not inlays.stands_alone("")


def test_pictures_stand_in_their_line() -> None:
    inlays = Inlays()
    sign = inlays.hide(Image("0123456789abcdef", "图"))
    assert inlays.notation(f"如{sign}所示\n{sign}") == "如![图](pic:0123456789abcdef)所示\n![图](pic:0123456789abcdef)"
