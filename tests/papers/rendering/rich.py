"""An item of each kind of content, with its pictures, for both writers."""

from io import BytesIO

from PIL import Image

from bank.answers import RubricPoint
from bank.content import ItemContent, ItemType

FIGURE, OPTION = "0123456789abcdef", "fedcba9876543210"


def picture(across: int, down: int, form: str) -> bytes:
    data = BytesIO()
    Image.new("RGB", (across, down), "white").save(data, form)
    return data.getvalue()


PICTURES = {FIGURE: picture(420, 260, "PNG"), OPTION: picture(120, 60, "JPEG")}
SINGLES = [
    ItemContent(
        ItemType.SINGLE, r"电阻 $R=\frac{U}{I}$ 的单位是（ ）。", (r"$\frac{1}{2}$", "$10^{-3}$", "Ω", "V"), "A"
    ),
    ItemContent(
        ItemType.SINGLE,
        f"如图所示\n![电路图](pic:{FIGURE})\n读数是（ ）",
        (f"![甲](pic:{OPTION})", f"![乙](pic:{OPTION})"),
        "A",
    ),
    ItemContent(
        ItemType.SINGLE,
        "H<sub>2</sub>O 与 x<sup>2</sup>、<u>线</u>、<b>粗</b>见表（ ）\n| 名称 | 公式 |\n| 甲 | $x_1^2$ |",
        ("对", "错"),
        "A",
    ),
]
SET = [
    ItemContent(ItemType.SINGLE, f"第{name}问（ ）", ("对", "错"), "A", material="某厂 $P=5.5$ 千瓦电动机。")
    for name in "一二"
]
CALCULATION = ItemContent(
    ItemType.CALCULATION,
    r"求 $I=\frac{U}{R}$",
    (),
    r"$I=22\ \mathrm{A}$",
    "先写公式",
    rubric=(RubricPoint(r"写出 $\frac{U}{R}$", 4), RubricPoint("结果正确", 6)),
)
