"""The solver's door: assembly in a child process that can be killed, with limits on time and memory.

HiGHS may overrun its own time limit in presolve, and must not share a process with another copy of itself; so the
parent holds the watch. What comes back is checked by the certificate before anybody sees it.
"""

import contextlib
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from papers.assembly.candidates import Candidate
from papers.assembly.certificate import certify, holds
from papers.assembly.child import EXPLAIN_SECONDS
from papers.assembly.outcome import Found, Infeasible, Outcome, Request, Undecided, Why
from papers.assembly.search import Hunt

GRACE_SECONDS = 10.0
COMMAND = (sys.executable, "-m", "papers.assembly.child")


@dataclass(slots=True)
class Report:
    """What the child has said so far, and when it said that there is no paper."""

    answers: dict[str, Any] = field(default_factory=dict)
    proved_after: float = 0.0


def assemble(
    request: Request,
    progress: Callable[[str], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Certified forms, a proof that there are none, or undecided. `stopped` is asked ten times a second."""
    started = time.monotonic()
    report = _run(request, started, progress or (lambda _line: None), stopped)
    answers, spent = report.answers, time.monotonic() - started
    if "forms" in answers:
        return _certified(request, answers["forms"], spent)
    if "impossible" in answers:
        conflict, minimal = answers.get("conflict") or ((), False)
        order, lowest = answers.get("order"), answers.get("lowest")
        return Infeasible(conflict, order, spent, minimal, lowest, report.proved_after)
    return Undecided(answers.get("undecided", Why.MEMORY), spent)


def _run(request: Request, started: float, progress: Callable[[str], None], stopped: Callable[[], bool]) -> Report:
    child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - our own module
    messages: queue.Queue[tuple[str, Any]] = queue.Queue()
    listener = threading.Thread(target=_listen, args=(child, request, messages), daemon=True)
    listener.start()
    try:
        return _await(messages, request, started, progress, stopped)
    finally:
        child.kill()
        child.wait()
        listener.join()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _listen(child: "subprocess.Popen[bytes]", request: Request, messages: "queue.Queue[tuple[str, Any]]") -> None:
    """Hand the request over, then pass on whatever the child says; a child that falls silent has ended."""
    if child.stdin is None or child.stdout is None:
        return
    with contextlib.suppress(OSError):
        pickle.dump(request, child.stdin)
        child.stdin.flush()
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError, ValueError):
        while True:
            messages.put(pickle.load(child.stdout))  # noqa: S301 - from our own child
    messages.put(("end", None))


def _await(
    messages: "queue.Queue[tuple[str, Any]]",
    request: Request,
    started: float,
    progress: Callable[[str], None],
    stopped: Callable[[], bool],
) -> Report:
    """Everything the child says until its end, the deadline, or the caller's wish to stop."""
    report = Report()
    deadline = started + request.seconds + GRACE_SECONDS
    while time.monotonic() < deadline:
        if stopped():
            report.answers["undecided"] = Why.STOPPED
            return report
        with contextlib.suppress(queue.Empty):
            kind, answer = messages.get(timeout=0.1)
            if kind == "end":
                return report
            if kind == "progress":
                progress(answer)
                continue
            report.answers[kind] = answer
            if kind == "impossible":
                report.proved_after = time.monotonic() - started
                deadline = time.monotonic() + EXPLAIN_SECONDS + GRACE_SECONDS
    report.answers.setdefault("undecided", Why.TIME)
    return report


def _certified(request: Request, hunt: Hunt, spent: float) -> Found:
    """The forms with their certificate; forms with a line that does not hold never leave this room."""
    known = {one.item: one for one in request.candidates}
    forms = tuple(_in_order(request, [known[item] for item in form]) for form in hunt.forms or ())
    certificate = certify(request, forms)
    if len(forms) != request.forms or not holds(certificate):
        raise RuntimeError("the solver's forms do not pass the certificate")
    return Found(forms, certificate, spent, hunt.proven, hunt.repeatable)


def _in_order(request: Request, form: list[Candidate]) -> tuple[Candidate, ...]:
    """Sections in the blueprint's order, each in the order of the outline, as national papers have it."""
    order = {section.type: n for n, section in enumerate(request.blueprint.sections)}
    return tuple(sorted(form, key=lambda one: (order[one.type], one.scopes, one.point or "", one.item)))
