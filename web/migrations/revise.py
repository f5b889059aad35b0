"""`python -m web.migrations.revise "what changes"`: write a schema version from the difference to the mapped tables."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from bank.ground.db import make_engine
from web.migrations.head import VERSIONS
from web.migrations.run import config


def revise(message: str) -> None:
    """Compare a database at the newest version with the mapped tables and write the version between."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'schema.db'}")
        with engine.begin() as connection:
            command.upgrade(config(connection), "head")
        with engine.begin() as connection:
            number = f"{len(list(VERSIONS.glob('[0-9]*.py'))) + 1:04d}"
            command.revision(config(connection), message, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    revise(sys.argv[1])
