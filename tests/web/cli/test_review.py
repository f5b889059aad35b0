"""Reviewing and sharing out work by script: whoever judges proves who they are, and never judges their own."""

import io

import pytest

from tests.web.cli.conftest import BANK
from tests.web.cli.terminal import Ran, Terminal
from web.demo.files import demo_rows

PASSWORD = "Tidun-2026"


@pytest.fixture
def staff(tidun: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """The furnished home with a writer and two reviewers, one of whom also writes; all share a password."""
    for login, roles in (("he", ["writer"]), ("shen", ["reviewer"]), ("both", ["writer", "reviewer"])):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        asked = [word for role in roles for word in ("--role", role)]
        tidun.ok("user", "add", "--login", login, "--name", login, *asked, "--institution", "1", "--password-stdin")
    return tidun


@pytest.fixture
def drafts(staff: Terminal, tmp_path: object) -> list[int]:
    """Two drafts that no account wrote."""
    rows = demo_rows("electrician_4")[:2]
    lines = [f"{row['stem']},{','.join(row['options'])},{row['answer']}" for row in rows if len(row["options"]) == 4]
    file = staff.home.parent / "草稿.csv"
    file.write_text("题干,选项A,选项B,选项C,选项D,答案\n" + "\n".join(lines) + "\n", encoding="utf-8")
    before = staff.rows()["item"]
    staff.ok("item", "import", file, *BANK, "--status", "draft")
    return list(range(before + 1, staff.rows()["item"] + 1))


def _as(staff: Terminal, patch: pytest.MonkeyPatch, login: str, *words: object, password: str = PASSWORD) -> Ran:
    patch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    return staff(*words, "--by", login, "--password-stdin", "--json")


def test_from_draft_to_bank_by_script(staff: Terminal, drafts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = drafts
    sent = _as(staff, monkeypatch, "he", "item", "submit", first, second)
    assert [row["status"] for row in sent.data["items"]] == ["submitted"] * 2
    back = _as(staff, monkeypatch, "shen", "item", "return", first, "--remark", "缺少条件", "--part", "stem")
    assert back.data["items"] == [{"item": first, "version": 1, "status": "draft"}]
    done = _as(staff, monkeypatch, "shen", "item", "approve", f"{second}.1")
    assert done.data["items"] == [{"item": second, "version": 1, "status": "approved"}]


def test_nobody_judges_without_the_password_the_role_or_another_wording(
    staff: Terminal, drafts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = drafts[0]
    _as(staff, monkeypatch, "he", "item", "submit", number)
    for login, words, password, status in (
        ("shen", f"{number}.1", "Wrong-2026", 3),
        ("nobody", f"{number}.1", PASSWORD, 3),
        ("he", f"{number}.1", PASSWORD, 3),
        ("shen", f"{number}.2", PASSWORD, 2),
        ("shen", str(number), PASSWORD, 2),
        ("shen", "99999.1", PASSWORD, 2),
    ):
        assert _as(staff, monkeypatch, login, "item", "approve", words, password=password).status == status, words
    assert _as(staff, monkeypatch, "shen", "item", "submit", drafts[1]).status == 3
    assert _as(staff, monkeypatch, "shen", "item", "approve", f"{number}.1").status == 0


def test_five_wrong_passwords_lock_the_account(
    staff: Terminal, drafts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _as(staff, monkeypatch, "he", "item", "submit", drafts[0])
    for _ in range(5):
        _as(staff, monkeypatch, "shen", "item", "approve", f"{drafts[0]}.1", password="Wrong-2026")
    assert _as(staff, monkeypatch, "shen", "item", "approve", f"{drafts[0]}.1").status == 3


def test_a_process_is_set_and_shown(tidun: Terminal) -> None:
    before = tidun.ok("process", "show", *BANK)
    assert (before["approvals"], before["grade_rule"], before["writers_see"]) == (1, "warn", "bank")
    assert [row["step"] for row in before["steps"]][:3] == ["plan", "blueprint", "writing"]
    after = tidun.ok(
        "process", "set", *BANK, "--approvals", 2, "--trial-first", "--grades", "refuse", "--writers-see", "own"
    )
    assert (after["approvals"], after["trial_first"], after["grade_rule"]) == (2, True, "refuse")
    assert [row["step"] for row in after["steps"]][-2:] == ["trial", "release"]
    tidun.ok("process", "open", "writing", *BANK)
    tidun.ok("process", "close", "writing", *BANK, "--note", "四百题")
    shown = tidun("process", "show", *BANK)
    assert "命制试题（writing，4.4 命制考评试题）：已完成" in shown.out
    assert tidun("process", "open", "release", *BANK).status == 3
    assert tidun("process", "set", *BANK).status == 2
    assert tidun("process", "set", *BANK, "--approvals", 9).status == 2


def test_work_is_shared_out_and_listed(staff: Terminal) -> None:
    given = staff.ok(
        "assignment", "add", *BANK, "--writer", "he", "--count", 3, "--type", "single", "--due", "2099-12-31"
    )
    assert [(row["writer"], row["asked"], row["overdue"]) for row in given["rows"]] == [("he", "3 道单项选择题", False)]
    missing = staff.ok(
        "assignment", "add", *BANK, "--writer", "he", "--writer", "both", "--missing", "--due", "2099-12-31"
    )
    assert {row["writer"] for row in missing["rows"]} == {"he", "both"}
    assert len(staff.ok("assignment", "list", "--institution", 1)["rows"]) == 1 + len(missing["rows"])
    assert staff.ok("assignment", "list", "--overdue")["rows"] == []
    assert "he" in staff("assignment", "list", "--writer", "he").out
    for words in (["--count", 1, "--missing"], [], ["--count", 1, "--due", "2001-01-01"]):
        assert staff("assignment", "add", *BANK, "--writer", "he", "--due", "2099-12-31", *words).status == 2
    assert staff("assignment", "add", *BANK, "--writer", "shen", "--count", 1, "--due", "2099-12-31").status == 2


def test_grades_are_entered_with_the_account_or_later(tidun: Terminal) -> None:
    made = tidun.ok(
        "user", "add", "--login", "g", "--name", "g", "--role", "writer", "--institution", "1", "--grade", "2"
    )
    assert made["grade"] == "2"
    assert tidun.ok("user", "grade", "wang", "senior_title")["grade"] == "senior_title"
    assert {row["login"]: row["grade"] for row in tidun.ok("user", "list")["rows"]} == {
        "wang": "senior_title",
        "g": "2",
    }
    assert tidun("user", "grade", "wang", "9").status == 2
    assert tidun("user", "grade", "nobody", "1").status == 2
