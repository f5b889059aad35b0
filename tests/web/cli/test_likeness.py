"""Holding a file against a bank by command: numbers and verdicts, nothing imported, no wording told."""

from pathlib import Path

from tests.web.cli.conftest import BANK
from tests.web.cli.terminal import Terminal


def test_it_works(tidun: Terminal, office_files: Path) -> None:
    done = tidun.ok("item", "alike", office_files / "新题.csv", *BANK)
    first, second = done["rows"][:2]
    assert first["near"][0]["verdict"] == "identical"
    assert first["near"][0]["score"] == 1.0
    assert not any(near["same"] for near in second["near"])
    assert done["same"] == 1
    assert tidun.ok("item", "alike", office_files / "新题.csv", *BANK) == done


def test_no_wording_of_the_bank_is_told(tidun: Terminal, office_files: Path) -> None:
    told = tidun("item", "alike", office_files / "新题.csv", *BANK)
    assert told.status == 0
    assert "相同 1.00" in told.out
    assert "叉车" not in told.out


def test_a_foreign_bank_is_refused_in_one_sentence(tidun: Terminal, office_files: Path) -> None:
    told = tidun("item", "alike", office_files / "新题.csv", "--institution", "9", *BANK[2:])
    assert told.status == 2
    assert told.err.count("\n") == 1
