"""The child process of the solver: search, then explain where there is no paper. Pickles go to its parent only."""

import pickle
import resource
import sys
from typing import IO

from papers.assembly.conflicts import conflict_set, writing_order
from papers.assembly.outcome import Request, Why
from papers.assembly.search import hunt

MEMORY = 4 * 2**30
EXPLAIN_SECONDS = 15.0


def work(request: Request, out: IO[bytes]) -> None:
    """Write messages `(kind, answer)`: any number of progress lines, then forms, a proof, or why neither."""

    def say(kind: str, answer: object) -> None:
        pickle.dump((kind, answer), out)
        out.flush()

    found = hunt(request, lambda line: say("progress", line))
    if found.forms is not None:
        say("forms", found.forms)
    elif found.infeasible:
        say("progress", "没有满足全部要求的试卷，正在找出相互冲突的要求")
        conflict = conflict_set(request, EXPLAIN_SECONDS)
        say("infeasible", (conflict, writing_order(request, EXPLAIN_SECONDS)))
    else:
        say(Why.TIME.value, None)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    work(pickle.load(sys.stdin.buffer), sys.stdout.buffer)  # noqa: S301 - from our own parent
