"""What a database holds, asked at every start and so without loading Alembic: a schema version, a house or none."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bank.ground.db import make_engine

VERSIONS = Path(__file__).with_name("versions")


@dataclass(frozen=True, slots=True)
class Standing:
    """The schema version of a database, and whether a house was founded in it: then it holds keys."""

    version: str | None = None
    founded: bool = False


def newest() -> str:
    """The newest version this program knows; each file of `versions/` begins with its number."""
    return max(file.name for file in VERSIONS.glob("[0-9]*.py")).partition("_")[0]


def standing(url: str) -> Standing:
    """How a database stands; a SQLite file that is not there is not made by asking."""
    engine = make_engine(url)
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return Standing()
    try:
        with engine.connect() as connection:
            tables = sa.inspect(connection).get_table_names()
            if "alembic_version" not in tables:
                return Standing()
            version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
            key = connection.execute(sa.text("SELECT id FROM data_key LIMIT 1")).scalar()
            return Standing(version, key is not None)
    finally:
        engine.dispose()
