"""Click in Chinese: the frame of the help pages, and one sentence for every way to mistype a command."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

WORDS = {
    "Usage:": "用法 (usage):",
    "Options:": "选项 (options):",
    "Commands:": "命令 (commands):",
    "Show this message and exit.": "显示本帮助 (help)",
    "[required]": "[必填]",
    "; required]": "；必填]",
    "[default:": "[默认:",
}


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


class Contents(Group):
    """The table of contents: for every name its subjects, modules that are loaded when asked for, and a line of help.

    `tidun --help` reads the table alone; numpy, Word and Excel wait until a command needs them.
    """

    def __init__(self, name: str, package: str, table: Mapping[str, tuple[str, str]], **more: Any) -> None:
        super().__init__(name, **more)
        self.package = package
        self.table = table
        self.joined: set[str] = set()

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the order of the work, as the table has them."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, its subject loaded; None for a name that is not in the table."""
        if cmd_name not in self.table:
            return None
        subjects, line = self.table[cmd_name]
        for subject in subjects.split():
            if subject not in self.joined:
                self.joined.add(subject)
                import_module(f"{self.package}.{subject}").join(self)
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            found.help = found.help or line
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table itself, nothing loaded."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.table.items()])


def usage_sentence(error: click.UsageError) -> str:
    """What was mistyped and where its help is."""
    hint = f"；可用 {error.ctx.command_path} --help 查看用法" if error.ctx else ""
    return f"{_fault(error)}{hint}"


def _fault(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"缺少参数 {_name(error.param)}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"参数 {_name(error.param)} 的值不对{_expected(error.param.type)}"
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}{_near(error.possibilities)}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"没有命令 {error.command_name}{_near(_commands_like(error))}"
    if isinstance(error, click.BadOptionUsage):
        wants = error.message.endswith("argument.")
        return f"选项 {error.option_name} {'后面要写一个值' if wants else '是开关，后面不写值'}"
    # Click has no kind of its own for words too many, the only other thing it complains about here.
    return f"多写了参数 {error.message.partition('(')[2].removesuffix(')')}"


def _expected(kind: click.ParamType[Any]) -> str:
    if isinstance(kind, click.Choice):
        return f"，应为 {'、'.join(map(str, kind.choices))} 之一"
    if isinstance(kind, click.IntRange):
        return f"，应为 {kind.min} 到 {kind.max} 的整数" if kind.max is not None else f"，应为不小于 {kind.min} 的整数"
    return "，应为整数" if kind is click.INT else ""


def _commands_like(error: click.exceptions.NoSuchCommand) -> list[str]:
    """Names near the mistyped one; click itself looks only among commands already loaded."""
    group = error.ctx.command if error.ctx else None
    if error.ctx is None or not isinstance(group, click.Group):
        return []
    return get_close_matches(error.command_name, group.list_commands(error.ctx))


def _near(possibilities: list[str] | None) -> str:
    return f"，是不是 {'、'.join(possibilities)}" if possibilities else ""


def _name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.make_metavar(click.Context(click.Command("")))
