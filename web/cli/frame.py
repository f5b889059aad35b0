"""What every command shares: `--json`, `--home`, Chinese help, one sentence for bad input, the exit status.

A command returns an `Answer`; only after its unit of work has committed does the frame print it, so nothing leaves
before the ledger has it.
"""

import errno
import io
import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Literal

import click

from bank.ground.errors import BadInput, TidunError
from bank.ground.settings import debugging, find_home
from bank.ground.terms import saying
from web.cli.chinese import Group, usage_sentence

REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EEXIST: "已经存在",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EADDRINUSE: "端口已被占用",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: `data` for machines, `lines` for people, and the exit status."""

    data: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    exit_status: int = 0


def command(
    group: Group, name: str, *, home: Literal["open", "folder", "none"] = "open"
) -> Callable[[Callable[..., Answer]], click.Command]:
    """Register `f(house, **options) -> Answer` as a command; "folder" hands over `--home` unopened, "none" nothing."""

    def register(function: Callable[..., Answer]) -> click.Command:
        @wraps(function)
        def run(as_json: bool, home_folder: str | None, **options: Any) -> None:
            if home != "open":
                given = {"folder": home_folder} if home == "folder" else {}
                show(function(**given, **options), as_json=as_json)
                return
            from web.house import open_home  # noqa: PLC0415 - help pages and file reading need no database

            house = open_home(find_home(home_folder))
            try:
                with saying(house.settings.point_label):
                    show(function(house, **options), as_json=as_json)
            finally:
                house.database.close()

        wrapped = click.option("--json", "as_json", is_flag=True, help="标准输出只给一个 JSON 对象")(run)
        wrapped = click.option("--home", "home_folder", metavar="DIR", help="数据文件夹 (home)")(wrapped)
        return group.command(name)(wrapped)

    return register


def show(answer: Answer, *, as_json: bool) -> None:
    """Print the answer and end with its status."""
    if as_json:
        # Bytes, because other systems read this: UTF-8 whatever the terminal's encoding is.
        click.echo(json.dumps(answer.data, ensure_ascii=False, default=str).encode("utf-8", "replace"))
    else:
        for line in answer.lines:
            click.echo(line)
    if answer.exit_status:
        sys.exit(answer.exit_status)


def read_file(path: str, limit: int) -> bytes:
    """A file's bytes; raises BadInput when it is missing, a folder, or larger than `limit` bytes."""
    file = Path(path)
    if not file.is_file():
        raise BadInput(f"{path}：没有这个文件，请检查路径")
    if file.stat().st_size > limit:
        raise BadInput(f"{path}：文件超过 {limit // 2**20} MB，请拆成几个文件后再试")
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}：无法读取，{reason(error)}") from error


def write_file(target: str, data: bytes) -> Path:
    """Write a finished file, for its owner's eyes alone; raises BadInput with the reason when that cannot be."""
    path = Path(target)
    try:
        path.touch(mode=0o600)
        path.write_bytes(data)
    except OSError as error:
        raise BadInput(f"{path}：写不进去，{reason(error)}；请换一个位置") from error
    return path


@contextmanager
def progress(things: Iterable[Any], label: str) -> Iterator[Iterable[Any]]:
    """A progress bar on stderr for long work, only where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield things
        return
    with click.progressbar(list(things), label=label, file=sys.stderr) as bar:
        yield bar


def run(group: click.Group, arguments: list[str] | None = None) -> int:
    """Run the command line; every failure is one Chinese sentence on stderr and the status of the contract."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        group.main(arguments, prog_name="tidun", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except SystemExit as error:
        return int(error.code or 0)
    except Exception as error:  # noqa: BLE001 - the last door: a user sees one sentence, never a traceback
        sentence, status = _told(error)
        click.echo(sentence, err=True)
        return status
    return 0


def _told(error: Exception) -> tuple[str, int]:
    """The sentence of a failure and its exit status."""
    if isinstance(error, TidunError):
        return error.message, error.exit_status
    if isinstance(error, click.UsageError):
        return usage_sentence(error), 2
    if isinstance(error, click.Abort):
        return "已中断，没有做完的一步不会写入", 2
    if debugging():
        traceback.print_exception(error)
    return _surprise(error), 2


def _surprise(error: Exception) -> str:
    """What nobody foresaw, without its message: that may carry an item's text."""
    from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError  # noqa: PLC0415 - paid for here only

    if isinstance(error, OSError):
        place = f"{error.filename}：" if error.filename else ""
        return f"{place}{reason(error)}，没有做完的一步不会写入；请处理后再试"
    if type(error) in {DatabaseError, InterfaceError, OperationalError}:
        told = str(getattr(error, "orig", "")).strip().partition("\n")[0]
        return f"数据库用不了（{told}），没有做完的一步不会写入；请检查设置 database_url、权限和磁盘空间后再试"
    return (
        f"程序内部出错（{type(error).__name__}），没有做完的一步不会写入；"
        "设环境变量 TIDUN_DEBUG=1 再运行一次可见细节，其中可能含试题内容，只交给有权看题的维护人员"
    )


def reason(error: OSError) -> str:
    """Why the operating system refused, in Chinese where it is one of the common reasons."""
    return REASONS.get(error.errno or 0, error.strerror or "读写文件没有成功")
