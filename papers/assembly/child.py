"""The child process of the solver: search, then explain where there is no paper. Pickles go to its parent only.

Every part of the explanation is sent as soon as it is known, so that a parent whose patience ends keeps what there was.
"""

import pickle
import resource
import sys
from typing import IO

from papers.assembly.conflicts import conflict_set, lowest_overlap
from papers.assembly.model import past_name
from papers.assembly.orders import writing_order
from papers.assembly.outcome import Request, Why
from papers.assembly.search import Watch, hunt

MEMORY = 4 * 2**30
CONFLICT_SECONDS = 15.0
ORDER_SECONDS = 15.0
LOWEST_SECONDS = 8.0
EXPLAIN_SECONDS = CONFLICT_SECONDS + ORDER_SECONDS + LOWEST_SECONDS


def work(request: Request, out: IO[bytes]) -> None:
    """Write messages `(kind, answer)`: progress lines, then forms, or the proof and its explanation, or why neither."""

    def say(kind: str, answer: object) -> None:
        pickle.dump((kind, answer), out)
        out.flush()

    found = hunt(request, lambda line: say("progress", line))
    if found.forms is not None:
        say("forms", found)
    elif not found.infeasible:
        say("undecided", Why.TIME)
    else:
        say("impossible", None)
        say("progress", "没有满足全部要求的试卷，正在找出相互冲突的要求")
        conflict = conflict_set(request, Watch(CONFLICT_SECONDS))
        say("conflict", conflict)
        say("progress", "正在计算补写哪些题就能组卷")
        say("order", writing_order(request, Watch(ORDER_SECONDS)))
        if conflict is not None and past_name(request) in conflict[0]:
            say("lowest", lowest_overlap(request, Watch(LOWEST_SECONDS)))
    say("end", None)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    work(pickle.load(sys.stdin.buffer), sys.stdout.buffer)  # noqa: S301 - from our own parent
