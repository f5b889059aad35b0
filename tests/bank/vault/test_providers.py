import os
import pickle
import stat
from pathlib import Path

import pytest

from bank.ground.errors import BadInput
from bank.vault.envelope import Suite, VaultError
from bank.vault.providers import FileKeyProvider

CONTEXT = b"institution 7, bank, version 1"


def secret_in(key_file: Path) -> str:
    return key_file.read_text().split()[1]


def test_a_new_key_is_for_this_account_only(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        FileKeyProvider.create(tmp_path / "new.key")
    finally:
        os.umask(previous)
    assert stat.S_IMODE((tmp_path / "new.key").stat().st_mode) == 0o600


def test_no_two_keys_are_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        FileKeyProvider.create(tmp_path / name)
    assert secret_in(tmp_path / "a") != secret_in(tmp_path / "b")
    assert FileKeyProvider(tmp_path / "a").key_id() != FileKeyProvider(tmp_path / "b").key_id()


def test_an_existing_file_is_never_overwritten(key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(BadInput, match="已经存在"):
        FileKeyProvider.create(key_file)
    assert key_file.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no-such-folder/tidun\.key 无法创建"):
        FileKeyProvider.create(tmp_path / "no-such-folder" / "tidun.key")


def test_wraps_and_unwraps_in_every_suite(key_file: Path, suite: Suite) -> None:
    wrapped = FileKeyProvider(key_file, suite).wrap(CONTEXT, bytes(range(32)))
    reader = FileKeyProvider(key_file)
    assert reader.unwrap(CONTEXT, wrapped) == bytes(range(32))
    assert reader.key_id() == FileKeyProvider(key_file, suite).key_id()


def test_unwraps_only_for_the_same_context_and_root(key_file: Path, tmp_path: Path) -> None:
    provider = FileKeyProvider(key_file)
    FileKeyProvider.create(tmp_path / "other.key")
    wrapped = provider.wrap(CONTEXT, bytes(32))
    with pytest.raises(VaultError):
        provider.unwrap(b"institution 8, bank, version 1", wrapped)
    with pytest.raises(VaultError):
        FileKeyProvider(tmp_path / "other.key").unwrap(CONTEXT, wrapped)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o610, 0o601])
def test_a_key_that_others_reach_is_refused_with_the_mend(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(BadInput) as raised:
        FileKeyProvider(key_file)
    assert f"chmod 600 {key_file}" in raised.value.message
    assert f"{mode:04o}" in raised.value.message


def test_a_key_of_another_account_is_refused(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: key_file.stat().st_uid + 1)
    with pytest.raises(BadInput, match="不属于运行本程序的账号"):
        FileKeyProvider(key_file)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"TIDUN-ROOT-KEY-1 ",
        b"TIDUN-ROOT-KEY-1 00ff\n",
        b"TIDUN-ROOT-KEY-1 " + b"zz" * 32,
        b"TIDUN-ROOT-KEY-9 " + b"00" * 32,
        b"00" * 32,
        bytes(range(256)),
    ],
    ids=["empty", "cut off", "too short", "not hex", "other mark", "no mark", "binary"],
)
def test_what_is_no_key_is_refused_by_name(key_file: Path, content: bytes) -> None:
    key_file.write_bytes(content)
    with pytest.raises(BadInput) as raised:
        FileKeyProvider(key_file)
    assert str(key_file) in raised.value.message
    assert raised.value.__cause__ is None


def test_a_missing_key_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"tidun\.key 无法读取"):
        FileKeyProvider(tmp_path / "tidun.key")
    with pytest.raises(BadInput, match="无法读取"):
        FileKeyProvider(tmp_path)


def test_shows_and_hands_over_nothing(key_file: Path) -> None:
    provider = FileKeyProvider(key_file)
    secret = secret_in(key_file)
    shown = f"{provider!r} {provider} {provider.place} {provider.key_id()}"
    assert secret not in shown
    assert repr(bytes.fromhex(secret)) not in shown
    assert not any(secret[start : start + 8] in shown for start in range(0, 64, 8))
    with pytest.raises(TypeError):
        pickle.dumps(provider)
