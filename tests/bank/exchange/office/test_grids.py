"""Plain tables of any file, for outlines and the like."""

import pytest

from bank.exchange.office.grids import read_grids
from bank.ground.errors import BadInput
from tests.bank.exchange.question_files import biff, compound, document, workbook

ROWS = [["代码", "名称"], ["A-001", "安全"], ["A-002", "环保"]]


def _word() -> bytes:
    def shape(made: object) -> None:
        table = made.add_table(3, 2)  # type: ignore[attr-defined]
        for r, row in enumerate(ROWS):
            for c, text in enumerate(row):
                table.cell(r, c).text = text

    return document("细目表", shape=shape)


@pytest.mark.parametrize(
    "data",
    [
        workbook(("S", ROWS)),
        compound(biff(ROWS)),
        _word(),
        "\n".join(",".join(row) for row in ROWS).encode("gbk"),
        "\n".join("\t".join(row) for row in ROWS).encode(),
    ],
)
def test_every_kind_of_table(data: bytes) -> None:
    (grid,) = read_grids("细目表", data)
    assert grid.rows == ROWS
    assert grid.numbers == [1, 2, 3]


def test_what_is_no_table_file_is_refused() -> None:
    with pytest.raises(BadInput, match="PDF"):
        read_grids("细目表.pdf", b"%PDF-1.4")
