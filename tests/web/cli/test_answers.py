"""Every command answers `--json` with one object of the contract, and with nothing else on stdout."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from tests.web.cli.conftest import BANK
from tests.web.cli.terminal import Terminal
from web.cli import cli, serving

NUMBER = (int, float)
OPTIONAL = (str, type(None))
CHECKED = {"ok": bool}
INSTITUTION = {"id": int, "name": str, "kind": str, "jurisdiction": str}
REGISTRATION = {"id": int, "institution": int, "occupation": str, "level": int, "filed_on": str, "valid_until": str}
USER = {"id": int, "login": str, "name": str, "roles": [str]}
READ = {"file": str, "format": str, "read": int, "types": dict, "rejected": [{"row": int, "reason": str}]}
QUESTION = {"type": str, "stem": str, "options": list, "answer": str, "row": int}
DUPLICATE = {"row": int, "of": int, "verdict": str, "score": float}
POINT = {"point": str, "name": str, "importance": str, "present": int, "required": int}
READINESS = {
    "institution": int,
    "occupation": str,
    "level": int,
    "deadline": str,
    "days_left": int,
    "distinct_items": int,
    "required": int,
    "coverage": (float, type(None)),
    "missing_points": [POINT],
    "forecast": OPTIONAL,
    "state": str,
    "scopes": [{"scope": str, "grade": int, "present": int, "required": int, "points": int, "points_ready": int}],
    "work_orders": [{"point": OPTIONAL, "missing": int, "types": dict, "difficulty": dict, "gain": float}],
    "renewal": {"renewed": int, "total": int, "share": float, "wanted_share": float, "due": OPTIONAL},
    "quality": {"copies": int, "padding": float, "orphans": int, "without_difficulty": int},
    "pace": {"lacking": int, "added": int, "per_week": float, "earliest": OPTIONAL, "latest": OPTIONAL},
}
CHECK = {"check": str, "name": str, "severity": str, "looked_at": int, "count": int, "items": []}
QUALITY = {"bank": int, "items": int, "sound": int, "checks": [CHECK], "balance": [], "conflicts": int, "copies": int}
JUDGED = {"verdict": str, "score": float, "changes": [str]}
CERTIFICATE = {"constraint": str, "required": str, "actual": dict, "slack": NUMBER}
PAPER = {"id": int, "paper": str, "institution": int, "held_on": str, "forms": [str], "draws": int, "void": bool}
REUSE = {"a": str, "b": str, "days_apart": int, "alike_share": float, "verdict": str, "article": OPTIONAL, "items": []}
LEAKED = {
    "item": int,
    "external_id": OPTIONAL,
    "institution": int,
    "occupation": str,
    "level": int,
    "verdict": str,
    "score": float,
    "excerpt": str,
}
SCANNED = {"items": [LEAKED], "papers": [{"paper": str, "form": str, "share": float}], "verdict": str}
FLOAT = (float, type(None))
COUNTED = {"position": int, "n": int, "p": float, "interval": [float], "discrimination": FLOAT, "omitted": int}
RELIABILITY = {"n": int, "full": float, "mean": float, "sd": float, "alpha": FLOAT, "sem": FLOAT, "pass_share": float}
STATISTICS = {"item": int, "type": str, "uses": int, "last_used": str, "n": int, "p": FLOAT, "flags": []}
PROCESS = {"bank": int, "approvals": int, "steps": [{"step": str, "state": str, "times": int}]}
TASK = {"assignment": int, "writer": str, "count": int, "due": str}
FIGURES = ("--date", "2026-05-01", "--forms", "1")
POINT = {"code": str, "name": str, "scope": str, "importance": str, "items": int}
CHANGES = {"before": int, "kept": {"points": int, "items": int}, "orphaned": [], "added": [], "weights": []}

# Words after the command (@ before files of the shared disk), and the least that its JSON holds.
ANSWERS: dict[str, tuple[tuple[str, ...], Mapping[str, Any]]] = {
    "init": (("--home", "new"), {"home": str, "database": str, "policy": str}),
    "serve": ((), {"url": str}),
    "institution add": (
        ("--name", "大冶焊校", "--kind", "social_org", "--jurisdiction", "大冶市"),
        INSTITUTION,
    ),
    "institution list": ((), {"rows": [INSTITUTION]}),
    "registration add": (
        ("--institution", "1", "--occupation", "6-31-01-03", "--level", "4", "--filed-on", "2026-02-01"),
        {**REGISTRATION, "deadline": str},
    ),
    "registration list": ((), {"rows": [REGISTRATION]}),
    "user add": (
        ("--login", "li", "--name", "李红", "--role", "organizer", "--institution", "1"),
        {**USER, "initial_password": str},
    ),
    "user list": ((), {"rows": [USER]}),
    "user grade": (("wang", "2"), {**USER, "grade": str}),
    "outline import": (
        ("@细目表.xlsx", *BANK[2:]),
        {"outline": int, "version": int, "points": int, "rejected": [], "warnings": [], "changes": CHANGES},
    ),
    "outline show": (
        (*BANK[2:], "--institution", "1"),
        {"version": int, "points": [POINT], "scopes": [{"code": str}], "orphans": [], "versions": [{"since": str}]},
    ),
    "outline template": ((), {"file": str}),
    "item read": (("@新题.csv",), {"files": [{**READ, "items": [QUESTION]}]}),
    "item alike": (
        ("@新题.csv", *BANK),
        {"bank": int, "read": int, "same": int, "rows": [{"row": int, "place": str, "near": []}]},
    ),
    "item import": (("@新题.csv", *BANK), {"files": [{**READ, "imported": int, "duplicates": [DUPLICATE]}]}),
    "bank status": ((), {"banks": [READINESS]}),
    "bank quality": ((), {"banks": [QUALITY]}),
    "process show": (BANK, PROCESS),
    "process set": ((*BANK, "--approvals", "2"), PROCESS),
    "process open": (("writing", *BANK), PROCESS),
    "assignment add": (
        (*BANK, "--writer", "wang", "--due", "2027-01-31", "--count", "5"),
        {"plan": int, "rows": [TASK]},
    ),
    "assignment list": ((), {"rows": []}),
    "blueprint save": (("@方案.toml", *BANK), {"id": int, "name": str, "items": int, "marks": float}),
    "blueprint list": (BANK, {"rows": [{"id": int, "name": str, "saved_at": str}]}),
    "paper assemble": (
        (*BANK, "--blueprint", "@方案.toml", *FIGURES),
        {"paper": str, "forms": [{"form": str, "items": int}], "certificate": [CERTIFICATE]},
    ),
    "paper import": (
        ("@部分.docx", *BANK, "--used-on", "2026-06-01"),
        {"paper": str, "items": int, "rejected": []},
    ),
    "paper list": ((), {"rows": [PAPER]}),
    "paper export": (("1", "--form", "A", "--format", "docx"), {"file": str, "bytes": int, "sheet": str}),
    "sitting record": (
        ("1", "--form", "B", "--date", "2026-03-01", "--place", "二号考场"),
        {"id": int, "paper": str, "form": str, "date": str, "place": str, "candidates": int, "ineligible": int},
    ),
    "sitting list": ((), {"rows": [{"id": int, "paper": str, "form": str, "date": str, "results": int}]}),
    "sitting results": (
        ("@成绩.csv", "--sitting", "1"),
        {"read": int, "counted": int, "rejected": [], "items": [COUNTED], "reliability": RELIABILITY},
    ),
    "sitting template": (("--sitting", "1"), {"file": str, "bytes": int}),
    "item statistics": (BANK, {"banks": [{"bank": int, "items": [STATISTICS]}]}),
    "audit pairs": (("@对.jsonl",), {"pairs": [JUDGED]}),
    "audit compare": (
        ("@题库.xlsx", "@部分.docx"),
        {
            "a": {"items": int},
            "b": {"items": int},
            "alike_share_a": float,
            "alike_share_b": float,
            "verdict": str,
            "pairs": [{"a": int, "b": int, **JUDGED}],
        },
    ),
    "audit papers": ((), {"papers": int, "pairs": [REUSE]}),
    "audit bank": ((), {"clusters": [], "conflicts": [], "padding": []}),
    "leak scan": (("@部分.docx",), {"files": [SCANNED]}),
    "ledger head": ((), {**CHECKED, "size": int, "root": str, "signature": str}),
    "ledger verify": ((), {**CHECKED, "size": int, "root": str}),
    "ledger proof": (("1",), {**CHECKED, "entry": str, "path": [str]}),
    "key status": ((), {**CHECKED, "rows": [{"purpose": str, "version": int, "suite": str, "state": str}]}),
    "index verify": ((), {**CHECKED, "versions": int}),
    "index rebuild": ((), {**CHECKED, "versions": int}),
    "doctor": ((), {**CHECKED, "checks": [{"name": str, "ok": bool, "detail": str}]}),
}
# The demo takes a minute; the others need a person's password or a step before them
# (test_review.py, test_exports.py).
ELSEWHERE = {"demo", "item submit", "item approve", "item return", "item export", "process close"}


def leaves(group: click.Group = cli, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, `audit compare`."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from leaves(found, f"{above}{name} ")
        else:
            yield f"{above}{name}", found


def misfits(value: Any, shape: Any, place: str = "$") -> list[str]:
    """Where a JSON value lacks a key of the shape or has another type; a list that has a shape is not empty."""
    if isinstance(shape, Mapping):
        if not isinstance(value, dict):
            return [place]
        missing = [f"{place}.{key}" for key in shape.keys() - value.keys()]
        return missing + [
            bad for key in shape.keys() & value for bad in misfits(value[key], shape[key], f"{place}.{key}")
        ]
    if isinstance(shape, list):
        if not isinstance(value, list) or (shape and not value):
            return [place]
        return [bad for one in shape for n, row in enumerate(value) for bad in misfits(row, one, f"{place}[{n}]")]
    kinds = shape if isinstance(shape, tuple) else (shape,)
    return [] if type(value) in kinds else [place]


def test_the_table_names_every_command_there_is() -> None:
    assert {name for name, _ in leaves()} == ANSWERS.keys() | ELSEWHERE


@pytest.mark.parametrize("name", ANSWERS)
def test_json_is_one_object_of_the_contract(
    name: str, tidun: Terminal, office_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "serve", lambda _house, host, port, _threads, _opened: f"http://{host}:{port}/")
    words, shape = ANSWERS[name]
    ran = tidun(*name.split(), *(word.replace("@", f"{office_files}/") for word in words), "--json")
    assert ran.status == 0, ran.err
    assert misfits(ran.data, shape) == []
    assert ran.out.count("\n") == 1
