"""`tidun sitting results` and `tidun item statistics`: taken in, replaced, refused; tables without content."""

import io
from pathlib import Path

import openpyxl
import pytest

from tests.web.cli.conftest import BANK
from tests.web.cli.terminal import Terminal
from web.demo.files import demo_rows


def _file(folder: Path, lines: list[str], name: str = "成绩.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([f"准考证号,{','.join(map(str, range(1, 16)))}", *lines]), encoding="utf-8")
    return path


def _line(who: int, single: str = "A", judged: str = "对") -> str:
    return f"4202{who:04},{','.join([single] * 10 + [judged] * 5)}"


def test_results_are_taken_in_and_replaced(tidun: Terminal, desk: Path) -> None:
    first = tidun.ok("sitting", "results", _file(desk, [_line(at) for at in range(40)]), "--sitting", "1")
    assert (first["read"], first["counted"], first["layout"]) == (40, 40, "wide")
    assert len(first["items"]) == 15
    second = tidun.ok("sitting", "results", _file(desk, [_line(1), _line(1), _line(2, "F")]), "--sitting", "1")
    assert (second["read"], second["counted"]) == (3, 1)
    assert [one["row"] for one in second["rejected"]] == [3, 4]
    assert tidun.rows()["sitting_result"] == 1
    assert tidun.rows()["item_result"] == 15
    told = tidun("sitting", "results", _file(desk, [_line(1), _line(2, "F")]), "--sitting", "1").out
    assert "计入 1 人（不足 30 人，数字只供参考），未计入 1 行" in told
    assert "第 3 行没有计入：第 1 题的答案“F”超出选项" in told
    assert [row["results"] for row in tidun.ok("sitting", "list", "--institution", "1")["rows"]] == [1, 0]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--sitting", "9"), "没有编号为 9 的考试批次"),
        (("--sitting", "x"), "参数 --sitting 的值不对"),
        ((), "缺少参数 --sitting"),
    ],
)
def test_a_sitting_that_is_not_there(tidun: Terminal, desk: Path, words: tuple[str, ...], sentence: str) -> None:
    ran = tidun("sitting", "results", _file(desk, [_line(1)]), *words)
    assert ran.status == 2
    assert sentence in ran.sentence


def test_a_file_of_another_paper_writes_nothing(tidun: Terminal, desk: Path) -> None:
    other = desk / "别卷.csv"
    other.write_text("准考证号,1,2,3\n1,A,A,A\n", encoding="utf-8")
    before = tidun.rows()
    ran = tidun("sitting", "results", other, "--sitting", "1")
    assert ran.status == 2
    assert "没有找到表头" in ran.sentence
    assert tidun.rows() == before


def test_statistics_by_bank_and_as_a_workbook_without_content(tidun: Terminal, desk: Path) -> None:
    tidun.ok("sitting", "results", _file(desk, [_line(at, "AB"[at % 2]) for at in range(40)]), "--sitting", "1")
    [bank] = tidun.ok("item", "statistics", *BANK, "--out", "统计.xlsx")["banks"]
    assert len(bank["items"]) == 15
    assert {one["uses"] for one in bank["items"]} == {2}
    assert {one["n"] for one in bank["items"]} == {40}
    data = (desk / "统计.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert [row[0] for row in rows] == [one["item"] for one in bank["items"]]
    assert [row[6] for row in rows] == [one["p"] for one in bank["items"]]
    shown = repr(list(sheet.iter_rows(values_only=True)))
    assert not any(one["stem"][:8] in shown for one in demo_rows("forklift_5"))
    assert "用过 15 道题，其中 15 道有成绩" in tidun("item", "statistics").out


def test_half_a_bank_is_no_bank(tidun: Terminal) -> None:
    ran = tidun("item", "statistics", "--occupation", "6-30-05-04")
    assert (ran.status, ran.sentence) == (2, "要看一个题库，请把 --institution、--occupation、--level 三项写全")
    assert "请用 .xlsx 作文件名" in tidun("item", "statistics", "--out", "统计.csv").sentence


def test_the_template_comes_back_filled(tidun: Terminal, desk: Path) -> None:
    made = tidun.ok("sitting", "template", "--sitting", "1", "--out", "空表.xlsx")
    book = openpyxl.load_workbook(made["file"])
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["准考证号", *range(1, 16)]
    sheet.append([42020001, *["B"] * 10, *["错"] * 5])
    book.save(desk / "填好.xlsx")
    assert tidun.ok("sitting", "results", desk / "填好.xlsx", "--sitting", "1")["counted"] == 1
    assert "写不进去" in tidun("sitting", "template", "--sitting", "1", "--out", "没有/这里.xlsx").sentence
