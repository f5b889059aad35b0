"""Commands that open the web pages: serve, and the demo that ends with them."""

from pathlib import Path

import click

from bank.ground.settings import find_home
from web.cli.chinese import Group
from web.cli.frame import Answer, command
from web.demo.story import tell
from web.house import House
from web.server import serve


def join(cli: Group) -> None:
    """Hang this subject's commands under `tidun`."""
    command(cli, "demo", home="folder")(demo)
    command(cli, "serve")(serve_pages)


@click.option("--no-serve", is_flag=True, help="只演示，不打开网页服务 (do not serve)")
@click.option("--port", type=click.IntRange(1, 65535), help="网页端口 (port)")
def demo(folder: str | None, no_serve: bool, port: int | None) -> Answer:
    """用演示数据走完主流程，再打开网页 (demo)"""
    home = find_home(folder) if folder else Path("tidun-demo").absolute()
    house, told = tell(home, lambda line: click.echo(line, err=True))
    try:
        if no_serve:
            return Answer({**told.data, "url": None}, told.lines)
        for line in told.lines:
            click.echo(line, err=True)
        url = serve(house, house.settings.host, port or house.settings.port, 4, _say_opened)
        return Answer({**told.data, "url": url})
    finally:
        house.database.close()


@click.option("--host", help="监听地址，默认见设置 (host)")
@click.option("--port", type=click.IntRange(1, 65535), help="端口，默认见设置 (port)")
@click.option("--workers", type=click.IntRange(1, 64), default=4, help="线程数 (workers)")
def serve_pages(house: House, host: str | None, port: int | None, workers: int) -> Answer:
    """打开网页服务 (serve)"""
    url = serve(house, host or house.settings.host, port or house.settings.port, workers, _say_opened)
    return Answer({"url": url})


def _say_opened(url: str) -> None:
    click.echo(f"网页已打开：{url}　按 Ctrl+C 结束", err=True)
