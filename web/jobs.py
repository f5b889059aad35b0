"""Long work outside the request: queued, done by the server's own worker, its progress shown to whoever asked for it.

What lies in the queue are ids, signed with the house's key; a problem's sentence is sealed, as it may quote a file.
Without a worker (tests, a page served by other means) a job is done where it is asked for.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Protocol

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from huey import SqliteHuey
from huey.api import TaskWrapper
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from bank.ground.actors import Actor
from bank.ground.errors import BadInput, NotFound, TidunError
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of
from web.errors import place_of
from web.house import House
from web.permissions import Permission, needs_units

routes = Blueprint("jobs", __name__)
QUEUE_FILE = "jobs.db"
POLL_SECONDS = 0.3
_LOG = logging.getLogger("tidun.jobs")


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a job: for whom it is done, how far it is, where its result is or what went wrong."""

    user: int
    title: str
    back: str
    state: JobState = JobState.WAITING
    stage: str = "排队中"
    done: int = 0
    total: int = 0
    url: str = ""
    problem: str = ""


class Tell(Protocol):
    """Called with what is being done, how much of it is done and how much there is."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Show this on the page of the job."""


Work = Callable[..., str]
"""Does a job `f(house, tell, **ids)` and returns the address of its result; raises TidunError."""
_WORKS: dict[str, Work] = {}


def work(name: str) -> Callable[[Work], Work]:
    """Enter a function under the name by which jobs ask for it."""

    def enter(function: Work) -> Work:
        _WORKS[name] = function
        return function

    return enter


class Jobs:
    """The queue of one house."""

    def __init__(self, house: House, *, worker: bool) -> None:
        self._house = house
        with house.unit_of_work() as session:
            secret = vault_of(session).secret(session, Purpose.AUDIT, "web/jobs/v1").hex()
        queue = house.settings.home / QUEUE_FILE
        if worker:
            queue.touch(mode=0o600)
        self._huey = SqliteHuey(
            "tidun",
            filename=str(queue) if worker else ":memory:",
            serializer=SignedSerializer(secret=secret, salt="jobs"),
            immediate=not worker,
        )
        self._task: TaskWrapper = self._huey.task(name="job")(self._run)

    def begin(self, name: str, *, user: int, title: str, back: str, **ids: int | str) -> str:
        """Queue a job for a user and return its token; `back` is where its page leads when it fails."""
        token = secrets.token_urlsafe(18)
        self._put(token, Standing(user, title, back))
        self._task(name, token, ids)
        return token

    def standing(self, token: str, user: int) -> Standing:
        """How the user's own job stands; raises NotFound for others' and for those the server has forgotten."""
        kept = self._huey.get(token, peek=True)
        if kept is None or kept["user"] != user:
            raise NotFound("没有这项任务，或服务重启后它已中断；请回到原来的页面重新提交")
        standing = Standing(**{**kept, "state": JobState(kept["state"])})
        return replace(standing, problem=self._opened(token, standing.problem)) if standing.problem else standing

    def _put(self, token: str, standing: Standing) -> None:
        self._huey.put(token, asdict(standing))

    def _run(self, name: str, token: str, ids: dict[str, int | str]) -> None:
        standing = Standing(**self._huey.get(token, peek=True))

        def tell(stage: str, done: int = 0, total: int = 0) -> None:
            self._put(token, replace(standing, state=JobState.RUNNING, stage=stage, done=done, total=total))

        tell("开始处理")
        try:
            url = _WORKS[name](self._house, tell, **ids)
        except TidunError as error:
            self._put(token, replace(standing, state=JobState.FAILED, problem=self._sealed(token, str(error))))
        except Exception as error:  # noqa: BLE001 - what a queue does with an error is to keep and log its message
            # The message might quote an item, and the queue is no sealed place: only kind and place are logged.
            _LOG.error("%s at %s, job %s", type(error).__name__, place_of(error), name)
            told = self._sealed(token, "处理中出了内部错误，没有写入任何内容；请重试，仍不行请联系系统管理员")
            self._put(token, replace(standing, state=JobState.FAILED, problem=told))
        else:
            self._put(token, replace(standing, state=JobState.DONE, stage="完成", url=url))

    def _sealed(self, token: str, problem: str) -> str:
        with self._house.unit_of_work() as session:
            return vault_of(session).seal(session, Purpose.AUDIT, _context(token), problem.encode()).hex()

    def _opened(self, token: str, problem: str) -> str:
        with self._house.reading() as session:
            return vault_of(session).open(session, Purpose.AUDIT, _context(token), bytes.fromhex(problem)).decode()

    def start_worker(self) -> "Worker":
        """Begin to do what is queued; work that a former server left half done is forgotten."""
        self._huey.storage.flush_results()
        worker = Worker(self._huey, workers=1, periodic=False, max_delay=POLL_SECONDS, initial_delay=POLL_SECONDS / 3)
        worker.start()
        return worker


class Worker(Consumer):  # type: ignore[misc]
    """Huey's consumer as threads of the web server, whose signals stay its own."""

    def _set_signal_handlers(self) -> None:
        """The web server ends on its own signals and takes its threads along."""


def _context(token: str) -> Context:
    return Context(None, "job", token, 1, "problem")


def jobs() -> Jobs:
    """The queue of the application that answers this request."""
    found: Jobs = current_app.extensions["tidun_jobs"]
    return found


def answer_for(token: str, actor: Actor) -> ResponseReturnValue:
    """Where to send somebody who has just begun a job: to its result when it is done already, else to its page."""
    standing = jobs().standing(token, actor.user_id or 0)
    if standing.state is JobState.FAILED:
        raise BadInput(standing.problem)
    return redirect(standing.url or url_for("jobs.show", token=token))


@routes.get("/jobs/<token>")
@needs_units(Permission.SIGNED_IN)
def show(_house: House, actor: Actor, token: str) -> ResponseReturnValue:
    """How far a job is; leads on to its result by itself."""
    standing = jobs().standing(token, actor.user_id or 0)
    if standing.state is JobState.DONE:
        return redirect(standing.url)
    return render_template("job.html", job=standing, token=token)


@routes.get("/jobs/<token>/state")
@needs_units(Permission.SIGNED_IN)
def state(_house: House, actor: Actor, token: str) -> Response:
    """The same for the page's script."""
    standing = jobs().standing(token, actor.user_id or 0)
    told = ("state", "stage", "done", "total", "url")
    return jsonify({name: value for name, value in asdict(standing).items() if name in told})
