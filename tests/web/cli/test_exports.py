"""A bank leaves by command only with the passwords of two people."""

import io
from pathlib import Path

import pytest

from tests.web.cli.conftest import BANK
from tests.web.cli.terminal import Ran, Terminal

PASSWORD = "Tidun-2026"


@pytest.fixture
def staff(tidun: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for login, role in (("shen", "reviewer"), ("kao", "organizer"), ("he", "writer")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        tidun.ok(
            "user", "add", "--login", login, "--name", login, "--role", role, "--institution", "1", "--password-stdin"
        )
    return tidun


def _export(
    staff: Terminal,
    patch: pytest.MonkeyPatch,
    out: Path,
    first: str = "shen",
    second: str = "kao",
    typed: str = f"{PASSWORD}\n{PASSWORD}\n",
) -> Ran:
    patch.setattr("sys.stdin", io.StringIO(typed))
    people = ("--by", first, "--with", second, "--password-stdin")
    reason = ("--reason", "送审定中心核验")
    return staff("item", "export", "--format", "moodle", *BANK, "--out", out, *reason, *people, "--json")


def test_two_people_export_a_bank_that_reads_back(
    staff: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "bank.xml"
    done = _export(staff, monkeypatch, out)
    assert done.data["items"] > 0
    read = staff.ok("item", "read", out)
    assert read["files"][0]["format"] == "moodle"
    assert len(read["files"][0]["items"]) == done.data["items"]
    again = _export(staff, monkeypatch, out)
    assert (again.status, "不会覆盖" in again.err) == (2, True)


@pytest.mark.parametrize(
    ("first", "second", "typed", "told"),
    [
        ("shen", "shen", f"{PASSWORD}\n{PASSWORD}\n", "两人办理"),
        ("shen", "he", f"{PASSWORD}\n{PASSWORD}\n", "不是审题人或考务员"),
        ("shen", "kao", f"{PASSWORD}\nWrong-2026\n", "口令不对"),
    ],
)
def test_one_person_is_not_two(
    staff: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, first: str, second: str, typed: str, told: str
) -> None:
    refused = _export(staff, monkeypatch, tmp_path / "bank.xml", first, second, typed)
    assert refused.status == 3
    assert told in refused.err
    assert not (tmp_path / "bank.xml").exists()
