"""What every command shares: `--json`, `--home`, Chinese help, one sentence for bad input, the exit status.

A command returns an `Answer`; only after its unit of work has committed does the frame print it, so nothing leaves
before the ledger has it.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Literal

import click

from bank.ground.errors import BadInput, TidunError
from bank.ground.settings import find_home
from web.house import open_home

WORDS = {
    "Usage:": "用法 (usage):",
    "Options:": "选项 (options):",
    "Commands:": "命令 (commands):",
    "Show this message and exit.": "显示本帮助 (help)",
    "[required]": "[必填]",
    "[default:": "[默认:",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: `data` for machines, `lines` for people, and the exit status."""

    data: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    exit_status: int = 0


class ChineseHelp:
    """Help whose frame speaks Chinese beside the English term."""

    def get_help(self, ctx: click.Context) -> str:
        """Click's help with its own words replaced."""
        text: str = super().get_help(ctx)  # type: ignore[misc]
        for english, chinese in WORDS.items():
            text = text.replace(english, chinese)
        return text


class Command(ChineseHelp, click.Command):
    """A command with Chinese help."""


class Group(ChineseHelp, click.Group):
    """A group of commands with Chinese help."""

    command_class = Command
    group_class = type


def command(
    group: click.Group, name: str, *, home: Literal["open", "folder", "none"] = "open"
) -> Callable[[Callable[..., Answer]], click.Command]:
    """Register `f(house, **options) -> Answer` as a command; "folder" hands over `--home` unopened, "none" nothing."""

    def register(function: Callable[..., Answer]) -> click.Command:
        @wraps(function)
        def run(as_json: bool, home_folder: str | None, **options: Any) -> None:
            if home != "open":
                given = {"folder": home_folder} if home == "folder" else {}
                show(function(**given, **options), as_json=as_json)
                return
            house = open_home(find_home(home_folder))
            try:
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
        click.echo(json.dumps(answer.data, ensure_ascii=False, default=str))
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
        raise BadInput(f"{path}：文件无法读取（{error.strerror}），请检查权限") from error


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
    try:
        group.main(arguments, prog_name="tidun", standalone_mode=False)
    except TidunError as error:
        click.echo(error.message, err=True)
        return error.exit_status
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.UsageError as error:
        click.echo(_usage(error), err=True)
        return 2
    except click.Abort:
        click.echo("已中断，没有写入任何内容", err=True)
        return 2
    except SystemExit as error:
        return int(error.code or 0)
    return 0


def _usage(error: click.UsageError) -> str:
    hint = f"；可用 {error.ctx.command_path} --help 查看用法" if error.ctx else ""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"缺少参数 {_name(error.param)}{hint}"
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}{hint}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        choices = (
            f"，应为 {'、'.join(error.param.type.choices)} 之一" if isinstance(error.param.type, click.Choice) else ""
        )
        return f"参数 {_name(error.param)} 的值不对{choices}{hint}"
    return f"命令用法不对（{error.format_message()}）{hint}"


def _name(parameter: click.Parameter) -> str:
    return (
        parameter.opts[0]
        if isinstance(parameter, click.Option)
        else parameter.make_metavar(click.Context(click.Command("")))
    )
