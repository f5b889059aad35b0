"""The newest schema version is found without Alembic, and is the one Alembic finds."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from bank.ground.db import make_engine
from web.migrations.head import Standing, newest, standing
from web.migrations.run import config, upgrade


def test_the_newest_version_is_alembics_head() -> None:
    assert newest() == ScriptDirectory.from_config(config()).get_current_head()


def test_asking_makes_no_sqlite_file(tmp_path: Path) -> None:
    file = tmp_path / "tidun.db"
    assert standing(f"sqlite:///{file}") == Standing()
    assert not file.exists()


@pytest.mark.parametrize("place", ["sqlite_url", "postgres_url"])
def test_a_database_stands_empty_then_upgraded_then_founded(place: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(place)
    assert standing(url) == Standing()
    upgrade(url)
    assert standing(url) == Standing(newest(), founded=False)
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO data_key (purpose, version, suite, state, wrapped, created_at)"
                " VALUES ('index', 1, 'aes-256-gcm', 'primary', :wrapped, '2026-01-01 00:00:00')"
            ),
            {"wrapped": b"x"},
        )
    engine.dispose()
    assert standing(url) == Standing(newest(), founded=True)
