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
from typing import Any

from papers.assembly.certificate import certify, holds
from papers.assembly.child import EXPLAIN_SECONDS
from papers.assembly.outcome import Found, Infeasible, Outcome, Request, Undecided, Why

GRACE_SECONDS = 10.0


def assemble(
    request: Request,
    progress: Callable[[str], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Certified forms, a proof that there are none, or undecided. `stopped` is asked ten times a second."""
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "papers.assembly.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    messages: queue.Queue[tuple[str, Any]] = queue.Queue()
    listener = threading.Thread(target=_listen, args=(child, request, messages), daemon=True)
    listener.start()
    try:
        kind, answer = _await(messages, request, progress, stopped)
    finally:
        child.kill()
        child.wait()
        listener.join()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
    spent = time.monotonic() - started
    if kind == "infeasible":
        conflict, order = answer
        return Infeasible(conflict, order, spent)
    if kind != "forms":
        return Undecided(Why(kind), spent)
    forms = tuple(tuple(_in_order(request, form)) for form in answer)
    certificate = certify(request, forms)
    if not holds(certificate):
        raise RuntimeError("the solver's forms do not pass the certificate")
    return Found(forms, certificate, spent)


def _in_order(request: Request, places: list[int]) -> list[Any]:
    """Sections in the blueprint's order, each in the order of the outline, as national papers have it."""
    order = {section.type: n for n, section in enumerate(request.blueprint.sections)}
    return sorted(
        (request.candidates[place] for place in places),
        key=lambda one: (order[one.type], one.scopes, one.point or "", one.item),
    )


def _listen(child: "subprocess.Popen[bytes]", request: Request, messages: "queue.Queue[tuple[str, Any]]") -> None:
    with contextlib.suppress(OSError):
        assert child.stdin is not None  # noqa: S101 - opened as a pipe
        pickle.dump(request, child.stdin)
        child.stdin.flush()
    try:
        while True:
            assert child.stdout is not None  # noqa: S101 - opened as a pipe
            messages.put(pickle.load(child.stdout))  # noqa: S301 - from our own child
    except (EOFError, OSError, pickle.UnpicklingError, ValueError):
        messages.put((Why.MEMORY.value, None))


def _await(
    messages: "queue.Queue[tuple[str, Any]]",
    request: Request,
    progress: Callable[[str], None] | None,
    stopped: Callable[[], bool],
) -> tuple[str, Any]:
    """The child's verdict, or why there is none."""
    deadline = time.monotonic() + request.seconds + 2 * EXPLAIN_SECONDS + GRACE_SECONDS
    while time.monotonic() < deadline:
        if stopped():
            return Why.STOPPED.value, None
        with contextlib.suppress(queue.Empty):
            kind, answer = messages.get(timeout=0.1)
            if kind != "progress":
                return kind, answer
            if progress is not None:
                progress(answer)
    return Why.TIME.value, None
