"""`tidun outline …`: a plan before a revision, what moved, the tree, the form."""

from pathlib import Path

import openpyxl
import pytest

from tests.web.cli.conftest import BANK
from tests.web.cli.terminal import Terminal

ABOUT = BANK[2:]


def revised(source: Path, target: Path) -> Path:
    """The outline with its second point struck out, so that the codes of its scope go with their names."""
    book = openpyxl.load_workbook(source)
    sheet = book.active
    sheet["K6"].value, sheet["K7"].value = sheet["K7"].value, sheet["K6"].value
    book.save(target)
    return target


@pytest.fixture
def newer(office_files: Path, desk: Path) -> Path:
    return revised(office_files / "细目表.xlsx", desk / "新细目表.xlsx")


def test_a_plan_writes_nothing_and_says_what_would_move(tidun: Terminal, newer: Path) -> None:
    before = tidun.rows()
    plan = tidun.ok("outline", "import", newer, *ABOUT, "--plan")
    assert tidun.rows() == before
    assert (plan["outline"], plan["version"]) == (None, None)
    done = tidun.ok("outline", "import", newer, *ABOUT)
    assert (done["version"], done["changes"]) == (2, plan["changes"])
    moved = done["changes"]["moved"]
    assert len(moved) == 2
    assert {row["ground"] for row in moved} == {"name"}
    shown = tidun.ok("outline", "show", *ABOUT, "--institution", "1")
    assert [row["version"] for row in shown["versions"]] == [2, 1]
    counts = {row["code"]: row["items"] for row in shown["points"]}
    assert all(counts[row["new_code"]] == row["items"] for row in moved)
    assert shown["orphans"] == []


def test_a_person_reads_the_tree_and_the_changes(tidun: Terminal, newer: Path) -> None:
    told = tidun("outline", "import", newer, *ABOUT).out.splitlines()
    assert "为第 2 版" in told[0]
    assert any("换了代码 2 个" in line for line in told)
    assert sum("→" in line for line in told) == 2
    tree = tidun("outline", "show", *ABOUT, "--institution", "1").out
    assert "  A 基本要求  " in tree
    assert "X 核心" in tree


def test_the_form_reads_back_and_is_never_written_over(tidun: Terminal) -> None:
    assert tidun.ok("outline", "template", "表.xlsx") == {"file": "表.xlsx"}
    assert tidun.ok("outline", "import", "表.xlsx", *ABOUT, "--plan")["points"] == 3
    assert "不会覆盖" in tidun("outline", "template", "表.xlsx").sentence


def test_every_sentence_says_the_word_of_the_settings(tidun: Terminal, newer: Path) -> None:
    settings = tidun.home / "tidun.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + 'point_label = "考评点"\n', encoding="utf-8")
    told = tidun("outline", "import", newer, *ABOUT).out
    assert "考评点" in told
    assert "鉴定点" not in told
    Path("空.csv").write_text("姓名,单位\n老王,茶厂\n", encoding="utf-8")
    assert "没有找到考评点" in tidun("outline", "import", "空.csv", *ABOUT).sentence
    tidun("outline", "template", "表.xlsx")
    assert openpyxl.load_workbook("表.xlsx").active["J3"].value == "考评点"
