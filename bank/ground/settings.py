"""Settings: read once, from `tidun.toml` in the home folder, each one overridden by `TIDUN_<NAME>`.

Nothing else in the house reads the environment.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from bank.ground.errors import BadInput
from bank.ground.terms import POINT_LABELS

SETTINGS_FILE = "tidun.toml"
SUITES = ("aes-256-gcm", "sm4-gcm", "aes-256-gcm-siv")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the home is and how this installation behaves."""

    home: Path
    database_url: str
    key_file: Path
    suite: str = SUITES[0]
    policy: str = "huangshi"
    host: str = "127.0.0.1"
    port: int = 8017
    cookie_secure: bool = False
    point_label: str = POINT_LABELS[0]


def find_home(given: str | None) -> Path:
    """`--home`, else `TIDUN_HOME`, else `./tidun-home`."""
    return Path(given or os.environ.get("TIDUN_HOME") or "tidun-home").expanduser().absolute()


def debugging() -> bool:
    """Whether whoever runs the command asked for the details of failures (`TIDUN_DEBUG=1`)."""
    return os.environ.get("TIDUN_DEBUG", "0") not in {"", "0"}


def load_settings(home: Path) -> Settings:
    """Settings of this home; raises BadInput naming the file and the setting that is wrong."""
    given = _from_file(home / SETTINGS_FILE) | _from_environment()
    url = str(given.pop("database_url", "") or f"sqlite:///{home / 'tidun.db'}")
    key_file = home / str(given.pop("key_file", "tidun.key"))
    suite = str(given.pop("suite", SUITES[0]))
    if suite not in SUITES:
        raise BadInput(f"设置 suite = {suite} 无法识别，请写成 {'、'.join(SUITES)} 之一")
    label = str(given.pop("point_label", POINT_LABELS[0]))
    if label not in POINT_LABELS:
        raise BadInput(f"设置 point_label = {label} 无法识别，请写成 {'、'.join(POINT_LABELS)} 之一")
    return Settings(
        home,
        url,
        key_file,
        suite,
        str(given.pop("policy", "huangshi")),
        str(given.pop("host", "127.0.0.1")),
        _port(given.pop("port", 8017)),
        str(given.pop("cookie_secure", "")).lower() in {"1", "true", "yes"},
        label,
    )


def _from_file(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"设置文件 {path} 不是 UTF-8 编码的 TOML 文件（{error}），请改正") from error
    unknown = sorted(set(found) - _names())
    if unknown:
        raise BadInput(f"设置文件 {path} 中的“{unknown[0]}”不是有效的设置，请删去或改正")
    return found


def _from_environment(environment: Mapping[str, str] = os.environ) -> dict[str, object]:
    return {name: environment[f"TIDUN_{name.upper()}"] for name in _names() if f"TIDUN_{name.upper()}" in environment}


def _names() -> set[str]:
    return {field.name for field in fields(Settings)} - {"home"}


def _port(value: object) -> int:
    if not str(value).isdigit() or not 0 < int(str(value)) < 65536:
        raise BadInput(f"设置 port = {value} 不是有效的端口号，请写 1 到 65535 之间的整数")
    return int(str(value))
