"""A home is made whole or not at all, and opens only with the key and the database that belong together."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

import web.house
from bank.ground.db import make_engine
from bank.ground.errors import BadInput, CheckFailed
from web.house import create_home, open_home
from web.migrations.head import newest


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "KEY_FILE", "SUITE", "POLICY", "PORT"):
        monkeypatch.delenv(f"TIDUN_{name}", raising=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("house") / "home"
    create_home(home).database.close()
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """A home of this test's own."""
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home"


def opens(home: Path) -> bool:
    open_home(home).database.close()
    return True


def test_a_home_belongs_to_its_owner_alone(made: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in [made, *made.iterdir()]}
    assert modes == {"home": 0o700, "tidun.toml": 0o600, "tidun.key": 0o600, "tidun.db": 0o600}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("POLICY", "wuhan", "wuhan"),
        ("SUITE", "rot13", "rot13"),
        ("PORT", "http", "port"),
        ("DATABASE_URL", "tidun.db", "TIDUN_DATABASE_URL"),
        ("DATABASE_URL", "mysql://host/tidun", "mysql"),
        ("KEY_FILE", "/proc/none/tidun.key", "/proc/none/tidun.key"),
    ],
)
def test_a_wrong_setting_leaves_no_half_home(
    name: str, value: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"TIDUN_{name}", value)
    with pytest.raises(BadInput, match=told):
        create_home(tmp_path / "home")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.delenv(f"TIDUN_{name}")
    create_home(tmp_path / "home").database.close()


@pytest.mark.parametrize("step", ["_upgrade", "found_territory", "signed_head"])
def test_a_failure_on_the_way_takes_everything_back(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    mine = tmp_path / "home" / "说明.txt"
    mine.parent.mkdir()
    mine.write_text("自己的文件", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(web.house, step, fail)
        with pytest.raises(OSError, match="No space"):
            create_home(mine.parent)
    assert list(mine.parent.iterdir()) == [mine]
    create_home(mine.parent).database.close()
    assert mine.exists()
    assert opens(mine.parent)


def test_a_home_in_use_is_not_made_again(home: Path) -> None:
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    with pytest.raises(BadInput, match="不会覆盖"):
        create_home(home)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before


def test_a_database_in_use_gets_no_second_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDUN_DATABASE_URL", f"sqlite:///{home / 'tidun.db'}")
    with pytest.raises(BadInput, match="已有题盾的数据"):
        create_home(tmp_path / "second")
    assert not (tmp_path / "second").exists()


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(BadInput, match="是文件，不是文件夹"):
        create_home(tmp_path / "home")
    with pytest.raises(BadInput, match="tidun init"):
        open_home(tmp_path / "home")


@pytest.mark.parametrize("content", [None, b""], ids=["missing", "empty"])
def test_a_lost_database_is_told_not_replaced(content: bytes | None, home: Path) -> None:
    (home / "tidun.db").unlink()
    if content is not None:
        (home / "tidun.db").write_bytes(content)
    with pytest.raises(BadInput, match="从备份恢复"):
        open_home(home)
    assert (home / "tidun.db").exists() == (content is not None)


def test_a_key_others_can_read_is_refused(home: Path) -> None:
    (home / "tidun.key").chmod(0o644)
    with pytest.raises(BadInput, match="chmod 600"):
        open_home(home)


def test_the_key_of_another_home_is_refused(home: Path, tmp_path: Path) -> None:
    create_home(tmp_path / "other").database.close()
    shutil.copy(tmp_path / "other" / "tidun.key", home / "tidun.key")
    with pytest.raises(BadInput, match="不是本数据库的根密钥"):
        open_home(home)


def test_no_key_at_all_means_no_home(home: Path) -> None:
    (home / "tidun.key").unlink()
    with pytest.raises(BadInput, match="没有题盾的数据"):
        open_home(home)


@pytest.mark.parametrize("text", ["port = ", "colour = 3", "\udcff"])
def test_a_wrong_settings_file_is_named(text: str, home: Path) -> None:
    (home / "tidun.toml").write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(BadInput, match=r"tidun\.toml"):
        open_home(home)


def test_a_database_of_a_newer_program_is_refused(home: Path) -> None:
    engine = make_engine(f"sqlite:///{home / 'tidun.db'}")
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == newest()
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(CheckFailed, match="更新版本"):
        open_home(home)
