"""Workbooks are made without a temporary file."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet import _writer

from bank.content import ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.exchange.writing import xlsx
from bank.exchange.writing.items import WrittenItem
from bank.exchange.writing.workbooks import workbook_bytes


def test_it_is_the_same_book() -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["题干", "答案"])
    second = book.create_sheet("说明")
    second["B2"] = "=1+1"
    second.merge_cells("C1:D2")
    read = openpyxl.load_workbook(workbook_bytes(book))
    assert read.sheetnames == [sheet.title, "说明"]
    assert list(read.worksheets[0].values) == [("题干", "答案")]
    assert read["说明"]["B2"].data_type == "f"
    assert [str(one) for one in read["说明"].merged_cells.ranges] == ["C1:D2"]


def test_no_sheet_of_items_touches_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise AssertionError(tmp_path)

    monkeypatch.setattr(_writer, "NamedTemporaryFile", refuse)
    content = ItemContent(ItemType.JUDGE, "接地线应采用多股软铜线。", key="正确")
    made = xlsx.write([WrittenItem("1", content)], {}, "电工")
    assert [one.content.stem for one in read_items("a.xlsx", made.data).items] == [content.stem]
