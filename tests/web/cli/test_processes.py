"""Real processes: the console script, `python -m web`, what a start loads, the server and its end."""

import http.client
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.cli.terminal import Terminal

SCRIPT = Path(sys.executable).with_name("tidun")
HEAVY = {"numpy", "openpyxl", "docx", "typst", "datasketch", "flask", "alembic", "highspy", "rapidfuzz", "lxml"}


def start(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


def test_the_console_script_makes_a_home(bare: Terminal) -> None:
    ran = start(str(SCRIPT), "init", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["home"] == str(bare.home)
    assert (bare.home / "tidun.key").stat().st_mode & 0o777 == 0o600
    assert bare.home.stat().st_mode & 0o777 == 0o700
    again = start(sys.executable, "-m", "web", "init")
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.count("\n") == 1
    assert "不会覆盖" in again.stderr


@pytest.mark.parametrize(
    ("words", "light"),
    [
        (("--help",), HEAVY | {"sqlalchemy"}),
        (("institution", "list"), HEAVY),
        (("bank", "status"), HEAVY),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_start_loads_only_what_its_command_needs(words: tuple[str, ...], light: set[str], tidun: Terminal) -> None:
    program = (
        f"import sys\nfrom web.cli import cli\nfrom web.cli.frame import run\nassert run(cli, {list(words)}) == 0\n"
    )
    ran = start(sys.executable, "-c", f"{program}print(*sys.modules, file=sys.stderr)")
    assert ran.returncode == 0, ran.stderr
    loaded = {name.partition(".")[0] for name in ran.stderr.split()}
    assert loaded & light == set()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_server_answers_until_it_is_interrupted(tidun: Terminal) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    words = [str(SCRIPT), "serve", "--json", "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8") as server:
        try:
            assert server.stderr is not None
            assert url in server.stderr.readline()
            page = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            page.request("GET", "/login")
            assert page.getresponse().status == 200
            page.close()
            busy = start(str(SCRIPT), "serve", "--port", str(port))
            assert (busy.returncode, busy.stdout, busy.stderr.count("\n")) == (2, "", 1)
            assert "--port" in busy.stderr
        finally:
            server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=60)
    assert (server.returncode, err) == (0, "")
    assert json.loads(out) == {"url": url}
