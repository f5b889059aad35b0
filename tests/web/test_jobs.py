"""Long work: queued, done by the worker, shown to whoever asked, its problem sealed."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bank.ground.errors import BadInput, NotFound
from web import jobs
from web.house import House
from web.jobs import Jobs, JobState, Standing, Tell, Worker

SENTENCE = "第 3 行的题干写着保密内容，请改正"


@pytest.fixture(autouse=True)
def works(monkeypatch: pytest.MonkeyPatch) -> None:
    def count(_house: House, tell: Tell, number: int) -> str:
        for done in range(number):
            tell("计数", done + 1, number)
        return f"/counted/{number}"

    def refuse(_house: House, _tell: Tell) -> str:
        raise BadInput(SENTENCE)

    def break_down(_house: House, _tell: Tell) -> str:
        raise ZeroDivisionError(SENTENCE)

    for name, function in (("count", count), ("refuse", refuse), ("break", break_down)):
        monkeypatch.setitem(jobs._WORKS, name, function)


@pytest.fixture
def queue(house: House) -> Jobs:
    return Jobs(house, worker=True)


@pytest.fixture
def worker(queue: Jobs) -> Iterator[Worker]:
    started = queue.start_worker()
    yield started
    started.stop(graceful=True)


def ended(queue: Jobs, token: str, user: int = 7) -> Standing:
    for _ in range(400):
        standing = queue.standing(token, user)
        if standing.state in {JobState.DONE, JobState.FAILED}:
            return standing
        time.sleep(0.05)
    raise AssertionError(standing)


def begin(queue: Jobs, name: str, **ids: int) -> str:
    return queue.begin(name, user=7, title="试算", back="/", **ids)


def test_a_job_waits_until_the_worker_does_it(queue: Jobs) -> None:
    token = begin(queue, "count", number=3)
    assert queue.standing(token, 7).state is JobState.WAITING
    started = queue.start_worker()
    with pytest.raises(NotFound):
        queue.standing(token, 7)
    started.stop(graceful=True)


@pytest.mark.usefixtures("worker")
def test_the_worker_does_what_is_queued(queue: Jobs) -> None:
    standing = ended(queue, begin(queue, "count", number=3))
    assert (standing.state, standing.url, standing.title) == (JobState.DONE, "/counted/3", "试算")


@pytest.mark.usefixtures("worker")
def test_a_problem_is_told_and_lies_sealed(queue: Jobs, house: House) -> None:
    token = begin(queue, "refuse")
    assert ended(queue, token).problem == SENTENCE
    for file in Path(house.settings.home).glob(f"{jobs.QUEUE_FILE}*"):
        assert "保密内容".encode() not in file.read_bytes()
        assert b"\\u4fdd" not in file.read_bytes()


@pytest.mark.usefixtures("worker")
def test_a_breakdown_is_told_without_its_inside(queue: Jobs, house: House, caplog: pytest.LogCaptureFixture) -> None:
    """An unforeseen error's message may quote an item: neither the queue's file nor the log holds it."""
    standing = ended(queue, begin(queue, "break"))
    assert "内部错误" in standing.problem
    assert "ZeroDivision" not in standing.problem
    assert "ZeroDivisionError at" in caplog.text
    assert "保密内容" not in caplog.text
    for file in Path(house.settings.home).glob(f"{jobs.QUEUE_FILE}*"):
        assert "保密内容".encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0


def test_without_a_worker_it_is_done_at_once(house: House) -> None:
    queue = Jobs(house, worker=False)
    assert queue.standing(begin(queue, "count", number=2), 7).url == "/counted/2"
    assert queue.standing(begin(queue, "refuse"), 7).problem == SENTENCE


def test_it_is_its_users_alone(house: House) -> None:
    queue = Jobs(house, worker=False)
    token = begin(queue, "count", number=1)
    for user, asked in ((8, token), (7, "unknown")):
        with pytest.raises(NotFound):
            queue.standing(asked, user)
