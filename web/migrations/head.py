"""Which schema version is the newest and whether a database has it, without loading Alembic: every start asks."""

from pathlib import Path

import sqlalchemy as sa

from bank.ground.db import make_engine

VERSIONS = Path(__file__).with_name("versions")


def newest() -> str:
    """The newest version this program knows; each file of `versions/` begins with its number."""
    return max(file.name for file in VERSIONS.glob("[0-9]*.py")).partition("_")[0]


def at_head(url: str) -> bool:
    """Whether the database has the newest schema."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return False
            return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == newest()
    finally:
        engine.dispose()
