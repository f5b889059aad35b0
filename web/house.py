"""Opening a home: settings, keys, database, vault, and the watchers that must listen before anything is written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from bank.ground.actors import OPERATOR
from bank.ground.clock import today
from bank.ground.db import Database
from bank.ground.errors import BadInput
from bank.ground.policy import Policy, policy_on
from bank.ground.settings import SETTINGS_FILE, Settings, load_settings
from bank.institutions import found_territory
from bank.ledger.heads import signed_head
from bank.ledger.log import append
from bank.vault.envelope import Suite
from bank.vault.providers import FileKeyProvider
from bank.vault.vault import Vault, vault_of
from web.migrations.head import newest, standing


@dataclass(frozen=True)
class House:
    """One opened home: what every edge (request, command, job) works with."""

    settings: Settings
    database: Database

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A writing session that commits as a whole; the watch over saved versions begins with the first one."""
        from integrity.similarity.watch import watch  # noqa: PLC0415 - numpy and the model wait for something to write

        watch()
        with self.database.unit_of_work() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for rows without plaintext."""
        with self.database.reading() as session:
            yield session

    def policy(self, day: date | None = None) -> Policy:
        """The rules in force on a day, today unless given."""
        return policy_on(day or today(), self.settings.policy)


def create_home(home: Path) -> House:
    """Make the home: folder, settings file, key file, database; whole or not at all. Raises BadInput for one in use."""
    settings = load_settings(home)
    if settings.key_file.exists():
        raise BadInput(f"{home} 里已经有题盾的数据，不会覆盖；请换一个 --home，或直接使用它")
    if home.exists() and not home.is_dir():
        raise BadInput(f"{home} 是文件，不是文件夹；请换一个 --home")
    policy_on(today(), settings.policy)
    if standing(settings.database_url).founded:
        raise BadInput(f"{_shown(settings)} 里已有题盾的数据，要用建它时的数据文件夹和密钥打开；请换一个空的数据库")
    with _taken_back_on_failure(home, settings.key_file):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        FileKeyProvider.create(settings.key_file)
        settings_file = home / SETTINGS_FILE
        if not settings_file.exists():
            settings_file.write_text("# 题盾设置，各项均可用环境变量 TIDUN_<名称> 覆盖\n", encoding="utf-8")
        _upgrade(settings)
        house = _open(settings)
        try:
            _found(house)
        except BaseException:
            house.database.close()
            raise
    return house


def _found(house: House) -> None:
    settings = house.settings
    with house.unit_of_work() as session:
        vault_of(session).establish(session)
        found_territory(session)
        append(session, OPERATOR, "home.init", {"policy": settings.policy, "suite": settings.suite})
    with house.unit_of_work() as session:
        signed_head(session)


@contextmanager
def _taken_back_on_failure(home: Path, key_file: Path) -> Iterator[None]:
    """Files are made for the owner alone, and those made here go again when anything fails."""
    own = [key_file, *(home / name for name in (SETTINGS_FILE, "tidun.db", "tidun.db-wal", "tidun.db-shm"))]
    kept = [path for path in (home, *own) if path.exists()]
    previous = os.umask(0o077)
    try:
        yield
    except BaseException:
        for path in own:
            if path not in kept:
                path.unlink(missing_ok=True)
        if home not in kept and home.exists():
            home.rmdir()
        raise
    finally:
        os.umask(previous)


def open_home(home: Path) -> House:
    """Open an existing home; raises BadInput when key or database is missing or they do not belong together."""
    settings = load_settings(home)
    if not settings.key_file.exists():
        raise BadInput(f"{home} 里没有题盾的数据；请先运行 tidun init，或用 --home 指明已有的文件夹")
    found = standing(settings.database_url)
    if not found.founded:
        raise BadInput(f"{_shown(settings)} 里没有题盾的数据；请检查设置 database_url，或从备份恢复数据库")
    if found.version != newest():
        _upgrade(settings)
    return _open(settings)


def _shown(settings: Settings) -> str:
    return f"数据库 {make_url(settings.database_url).render_as_string(hide_password=True)}"


def _upgrade(settings: Settings) -> None:
    from web.migrations.run import upgrade  # noqa: PLC0415 - Alembic is loaded for a home that is new or old

    upgrade(settings.database_url)


def _open(settings: Settings) -> House:
    vault = Vault(FileKeyProvider(settings.key_file, Suite(settings.suite)), settings.suite)
    database = Database(settings.database_url, {"vault": vault})
    with database.reading() as session:
        vault.check(session)
    return House(settings, database)
