"""Bring a database to the newest schema, refuse one from a newer program."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from bank.ground.db import WRITING, make_engine
from bank.ground.errors import CheckFailed


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def upgrade(url: str) -> None:
    """Run the missing versions in one transaction; raises CheckFailed for a database of a newer program."""
    engine = make_engine(url).execution_options(**{WRITING: True})
    try:
        with engine.begin() as connection:
            command.upgrade(config(connection), "head")
    except CommandError as error:
        raise CheckFailed("数据库来自更新版本的题盾，本程序不认识；请先升级程序再打开") from error
    finally:
        engine.dispose()
