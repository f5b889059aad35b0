"""Help in Chinese with the English term, for every group and command; nothing heavy is loaded to show it."""

import re

import click
import pytest

from tests.web.cli.terminal import Terminal
from tests.web.cli.test_answers import leaves
from web.cli import TABLE, cli

LEAVES = dict(leaves())


@pytest.mark.parametrize("name", ["", *sorted({name.split()[0] for name in LEAVES}), *LEAVES])
def test_help_is_chinese_with_the_english_term(name: str, bare: Terminal) -> None:
    ran = bare(*name.split(), "--help")
    assert (ran.status, ran.err) == (0, "")
    text = ran.out
    assert text.startswith(f"用法 (usage): tidun {name}".rstrip())
    assert "选项 (options):" in text
    assert not re.search(r"Usage|Options:|Commands:|Show this|required|default:", text)
    told = text.splitlines()[2]
    assert re.search("[一-鿿]", told)
    assert re.search(r"\([A-Za-z][A-Za-z ]+\)", told)


@pytest.mark.parametrize("name", LEAVES)
def test_every_option_is_explained_in_chinese(name: str) -> None:
    options = [one for one in LEAVES[name].params if isinstance(one, click.Option)]
    assert {"--json", "--home"} <= {one.opts[0] for one in options}
    assert [one.opts[0] for one in options if not re.search("[一-鿿]", one.help or "")] == []


def test_the_table_lists_each_name_once_with_one_line(bare: Terminal) -> None:
    listed = bare("--help").out.partition("命令 (commands):\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == list(TABLE)
    assert all(cli.get_command(click.Context(cli), name) for name in TABLE)
    assert cli.get_command(click.Context(cli), "import") is None


def test_a_bare_group_shows_its_help(bare: Terminal) -> None:
    for words in ((), ("paper",)):
        ran = bare(*words)
        assert ran.status == 2
        assert ran.out.startswith("用法 (usage): tidun")
        assert ran.err == ""
