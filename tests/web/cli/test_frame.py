"""The frame: what every command shares, whatever goes wrong inside it."""

import errno
import io
import json
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import sqlalchemy as sa

from bank.ground.errors import BadInput, CheckFailed, Refused
from tests.web.cli.terminal import Ran, Terminal
from web.cli.chinese import Group
from web.cli.frame import Answer, command, progress, run

SECRET = "题干里的秘密"


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command of its own whose body is the function given."""

    def ask(body: Any, *words: str) -> Ran:
        group = Group("tidun")
        command(group, "try", home="none")(body)
        status = run(group, ["try", *words])
        return Ran(status, *capsys.readouterr())

    return ask


def raising(error: BaseException) -> Any:
    def body() -> Answer:
        raise error

    return body


@pytest.mark.parametrize(("kind", "status"), [(BadInput, 2), (Refused, 3), (CheckFailed, 1)])
def test_each_kind_of_failure_has_its_status(kind: type[BadInput], status: int, say: Any) -> None:
    ran = say(raising(kind("第三行的答案不对")), "--json")
    assert (ran.status, ran.sentence) == (status, "第三行的答案不对")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/data/tidun.db"), "/data/tidun.db：磁盘已满"),
        (OSError(errno.EXDEV, "Invalid cross-device link"), "Invalid cross-device link"),
        (sa.exc.OperationalError("SELECT", {"stem": SECRET}, Exception("database is locked")), "database is locked"),
        (ValueError(SECRET), "ValueError"),
        (sa.exc.IntegrityError("INSERT", {"stem": SECRET}, Exception(SECRET)), "IntegrityError"),
        (RecursionError(SECRET), "RecursionError"),
        (KeyboardInterrupt(), "已中断"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_nobody_foresaw_is_one_sentence_without_content(error: BaseException, told: str, say: Any) -> None:
    ran = say(raising(error), "--json")
    ran = Ran(ran.status, ran.out, ran.err.removeprefix("\n"))  # click ends the terminal's ^C line
    assert (ran.status, told in ran.sentence, SECRET in ran.sentence) == (2, True, False)


def test_details_are_for_those_who_ask(say: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDUN_DEBUG", "1")
    ran = say(raising(ValueError(SECRET)))
    assert ran.status == 2
    assert ran.out == ""
    assert "Traceback" in ran.err
    assert SECRET in ran.err
    assert "程序内部出错（ValueError）" in ran.err.splitlines()[-1]


def test_an_answer_is_lines_for_people_and_json_for_machines(say: Any) -> None:
    def body() -> Answer:
        return Answer({"题": "叉车", "n": 1}, ["第一行", "第二行"], 1)

    assert say(body) == Ran(1, "第一行\n第二行\n", "")
    assert say(body, "--json") == Ran(1, '{"题": "叉车", "n": 1}\n', "")


def test_json_is_utf8_and_text_never_fails_on_a_poorer_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    def body() -> Answer:
        return Answer({"符号": "㎡\udcff"}, ["面积 ㎡\U0001f600"])

    group = Group("tidun")
    command(group, "try", home="none")(body)
    for words, expected in ((["try"], "面积 ??\n".encode("gb2312")), (["try", "--json"], '{"符号": "㎡?"}\n'.encode())):
        stream = io.TextIOWrapper(io.BytesIO(), encoding="gb2312")
        monkeypatch.setattr(sys, "stdout", stream)
        assert run(group, words) == 0
        stream.flush()
        assert stream.buffer.getvalue() == expected


def test_options_in_declared_order_reach_the_function(say: Any) -> None:
    @click.option("--level", type=int, required=True, help="等级 (level)")
    def body(level: int) -> Answer:
        return Answer({"level": level})

    assert json.loads(say(body, "--level", "4", "--json").out) == {"level": 4}


def test_progress_shows_on_a_terminal_and_nowhere_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with progress(["甲", "乙"], "读取") as things:
        assert list(things) == ["甲", "乙"]
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress(iter(["甲", "乙"]), "读取") as things:
        assert list(things) == ["甲", "乙"]
    said = capsys.readouterr()
    assert said.out == ""
    assert "读取" in said.err


def test_home_is_the_option_then_the_environment_then_the_folder_at_hand(
    bare: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"{Path('tidun-home').absolute()} 里没有" in bare("doctor").sentence
    monkeypatch.setenv("TIDUN_HOME", "甲")
    assert f"{Path('甲').absolute()} 里没有" in bare("doctor").sentence
    assert f"{Path('乙').absolute()} 里没有" in bare("doctor", "--home", "乙").sentence
