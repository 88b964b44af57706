"""Settings: typed, and no start on anything weak."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.config import BadConfiguration, load_settings
from tests.conftest import make_keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An instance with nothing but its key."""
    make_keys(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> Path:
    """Write config.toml."""
    (folder / "config.toml").write_text(text, "utf-8")
    return folder


def test_an_instance_without_settings_has_the_defaults(folder: Path) -> None:
    settings = load_settings(folder)

    assert settings.sign_in.idle == timedelta(minutes=15)
    assert settings.upload.max_files == 20
    assert not settings.demo


def test_settings_are_read_with_their_types(folder: Path) -> None:
    public = 'public_url = "https://archive.office:8443/"\n'
    write(folder, public + 'hosts = ["archive.office"]\nexport_hours = 2\n[sign_in]\nidle = 60\ntries_in_day = 3\n')

    settings = load_settings(folder)

    assert settings.public_url == "https://archive.office:8443"
    assert "archive.office" in settings.hosts
    assert settings.export_lifetime == timedelta(hours=2)
    assert (settings.sign_in.idle, settings.sign_in.tries_in_day) == (timedelta(minutes=1), 3)


@pytest.mark.parametrize(
    "text",
    [
        'hosts = "archive"',
        "hosts = [1]",
        "public_url = 1",
        'public_url = "http://archive.office"',
        'public_url = "archive.office"',
        'public_url = "https://archive.office/sub?x=1"',
        'export_hours = "x"',
        "export_hours = 0",
        "upload = 5",
        "[upload]\nmax_files = -1",
        "[sign_in]\nidle = -5",
        "[sign_in]\ntries_in_window = 0",
        "[sign_in]\nidle = true",
        "[sign_in]\nno_such = 1",
        "no_such = 1",
        "database_url = 7",
        'database_url = "mysql://office/archive"',
        'database_url = "sqlite:///beside-nobody-knows-what.db"',
        'hosts = ["*"]',
        'hosts = ["https://archive.office"]',
        "export_hours = inf",
        "export_hours = 1e9",
        "[upload]\nmax_files = 0.5",
        "[sign_in]\nidle = nan",
        "broken =",
    ],
)
def test_what_is_wrong_in_the_settings_is_refused_in_words(folder: Path, text: str) -> None:
    write(folder, text)

    with pytest.raises(BadConfiguration):
        load_settings(folder)


@pytest.mark.parametrize(
    "address", ["postgresql://archive:secret@office/archive", "postgresql://office/archive?password=secret"]
)
def test_settings_that_hold_a_password_are_for_their_owner_alone(folder: Path, address: str) -> None:
    file = write(folder, f'database_url = "{address}"') / "config.toml"
    file.chmod(0o640)

    with pytest.raises(BadConfiguration, match="chmod 600"):
        load_settings(folder)
    file.chmod(0o600)

    assert load_settings(folder).database_url == address


def test_settings_in_another_encoding_are_refused_in_words(folder: Path) -> None:
    (folder / "config.toml").write_bytes('public_url = "https://档案"'.encode("gbk"))

    with pytest.raises(BadConfiguration, match="UTF-8"):
        load_settings(folder)


def test_the_mark_that_windows_editors_put_first_is_no_matter(folder: Path) -> None:
    write(folder, "\ufeffexport_hours = 2")

    assert load_settings(folder).export_lifetime == timedelta(hours=2)


def test_settings_and_keys_that_are_no_files_are_refused_in_words(folder: Path) -> None:
    (folder / "config.toml").mkdir()

    with pytest.raises(BadConfiguration, match="can't be read"):
        load_settings(folder)


def test_a_missing_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="no key here"):
        load_settings(tmp_path)


@pytest.mark.parametrize("key", ["", "00" * 32, "ab" * 31, "zz" * 32, "00" * 28 + "01020304"])
def test_a_weak_key_is_refused(folder: Path, key: str) -> None:
    (folder / "keys" / "master.key").write_text(key)

    with pytest.raises(BadConfiguration):
        load_settings(folder)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_refused(folder: Path, mode: int) -> None:
    (folder / "keys" / "master.key").chmod(mode)

    with pytest.raises(BadConfiguration, match="chmod 600"):
        load_settings(folder)


@pytest.mark.parametrize("name", ["FLASK_DEBUG", "WERKZEUG_DEBUG_PIN"])
def test_debug_mode_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")

    with pytest.raises(BadConfiguration, match="debug"):
        load_settings(folder)
