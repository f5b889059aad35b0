from pathlib import Path

import pytest

from bank.ground.errors import BadInput
from bank.ground.settings import load_settings


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tidun.toml").write_text('port = 9000\nsuite = "sm4-gcm"\n', encoding="utf-8")
    monkeypatch.setenv("TIDUN_PORT", "9001")
    settings = load_settings(tmp_path)
    assert (settings.port, settings.suite) == (9001, "sm4-gcm")
    assert settings.database_url == f"sqlite:///{tmp_path / 'tidun.db'}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("colour = 1", "“colour”不是有效的设置"),
        ("port = 99999", "不是有效的端口号"),
        ('point_label = "考点"', "设置 point_label = 考点 无法识别，请写成 鉴定点、考评点、认定点 之一"),
        ('suite = "rot13"', "设置 suite = rot13 无法识别"),
        ("port = = 3", "不是 UTF-8 编码的 TOML 文件"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "tidun.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=sentence):
        load_settings(tmp_path)
