"""Typed settings, read once from `instance/config.toml`; refuses to start on anything weak.

Every duration may be set, so that an office (or a test) can shrink it. Secrets are never settings: they lie in
`instance/keys/`, readable by their owner only.
"""

from __future__ import annotations

import math
import os
import re
import stat
import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.domain.sign_in import SignInRules

MASTER_KEY_BYTES = 32
DEFAULT_HOSTS = ("localhost", "127.0.0.1", "[::1]")
# Far above any sense, and small enough for every number and span that is made of it.
LARGEST = 1e12
LONGEST_SECONDS = 10 * 365 * 86_400
HOURS = 3600
# A name or an address, IPv6 in brackets, perhaps with its port; no wildcard, no "https://".
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d{1,5})?")
DATABASES = ("sqlite:////", "postgresql://", "postgresql+psycopg://", "postgres://")
PASSWORD = re.compile(r"[^/]+//[^/@]*:[^/@]*@|[^?]*\?(.*&)?password=")
ROOT = Path(__file__).resolve().parent.parent


class BadConfiguration(Exception):
    """The portal must not start like this; the message says what to do."""


@dataclass(frozen=True, slots=True)
class UploadRules:
    """Limits of what may be sent in: bytes a file and a request, files a request."""

    max_file_bytes: int = 50 * 1024 * 1024
    max_request_bytes: int = 200 * 1024 * 1024
    max_files: int = 20


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an instance can be told."""

    instance: Path
    database_url: str
    master_key: bytes = field(repr=False)
    hosts: tuple[str, ...] = DEFAULT_HOSTS
    public_url: str = ""
    sign_in: SignInRules = field(default_factory=SignInRules)
    upload: UploadRules = field(default_factory=UploadRules)
    export_lifetime: timedelta = timedelta(hours=24)
    free_space_floor: int = 512 * 1024 * 1024
    scan_folder: Path | None = None
    demo: bool = False


def instance_folder() -> Path:
    """Return the folder of this installation: `BAODANG_INSTANCE`, or `instance/` beside the code."""
    return Path(os.environ.get("BAODANG_INSTANCE") or ROOT / "instance").resolve()


def load_settings(instance: Path | None = None) -> Settings:
    """Return the settings of `instance`; raises `BadConfiguration` with a sentence for the person who starts it."""
    folder = instance or instance_folder()
    _refuse_debug()
    table = _read_table(folder / "config.toml")
    settings = Settings(
        instance=folder,
        database_url=_database(table.pop("database_url", f"sqlite:///{folder / 'baodang.db'}"), folder),
        master_key=read_master_key(folder / "keys" / "master.key"),
        hosts=_hosts(table.pop("hosts", [])),
        public_url=_address(table.pop("public_url", "")),
        sign_in=_durations(SignInRules(), table.pop("sign_in", {}), "sign_in"),
        upload=_numbers(UploadRules(), table.pop("upload", {}), "upload"),
        export_lifetime=_span(table.pop("export_hours", 24), "export_hours", HOURS),
        free_space_floor=_whole(table.pop("free_space_floor", 512 * 1024 * 1024), "free_space_floor"),
        scan_folder=_folder(table.pop("scan_folder", ""), folder),
        demo=(folder / "demo-accounts.json").exists(),
    )
    if table:
        raise BadConfiguration(f"config.toml: unknown settings: {', '.join(sorted(table))}")
    return settings


def _database(value: object, instance: Path) -> str:
    """Return the address of the database; one with a password makes the file that holds it a secret."""
    if not isinstance(value, str) or not value.startswith(DATABASES) or value.endswith("//"):
        raise BadConfiguration(
            'config.toml: database_url must be "sqlite:////whole/path.db" or "postgresql://user@host/name".'
        )
    file = instance / "config.toml"
    if PASSWORD.match(value) and _others_can_read(file):
        raise BadConfiguration(f"{file}: holds a password that others can read. Run: chmod 600 {file}")
    return value


def _others_can_read(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _positive(value: object, name: str) -> float:
    """Return a number above zero: no limit and no duration means anything at zero or below, or without an end."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LARGEST:
        raise BadConfiguration(f"config.toml: {name} must be a number above zero.")
    return value


def _whole(value: object, name: str) -> int:
    number = _positive(value, name)
    if number != math.floor(number):
        raise BadConfiguration(f"config.toml: {name} must be a whole number.")
    return int(number)


def _span(value: object, name: str, unit_seconds: int = 1) -> timedelta:
    """Return a duration that is not beyond every calendar."""
    seconds = _positive(value, name) * unit_seconds
    if seconds > LONGEST_SECONDS:
        raise BadConfiguration(f"config.toml: {name} must be ten years at most.")
    return timedelta(seconds=seconds)


def _hosts(own: object) -> tuple[str, ...]:
    """Return the names that the portal answers to: loopback, those of config.toml, those the supervisor found."""
    if not isinstance(own, list) or not all(isinstance(host, str) and HOST.fullmatch(host) for host in own):
        raise BadConfiguration('config.toml: hosts must be a list of names, such as ["archive.office", "192.0.2.10"].')
    found = [name for name in os.environ.get("BAODANG_HOSTS", "").split(",") if name]
    bracketed = (f"[{name}]" if ":" in name and not name.startswith("[") else name for name in found)
    return tuple(dict.fromkeys((*DEFAULT_HOSTS, *own, *bracketed)))


def _address(value: object) -> str:
    """Return the address of the portal as printed papers name it, without a slash at its end; empty: as asked for."""
    if not isinstance(value, str) or not re.fullmatch(r"(https://[^\s/?#]+/?)?", value):
        raise BadConfiguration('config.toml: public_url must be an address such as "https://archive.office".')
    return value.rstrip("/")


def _folder(value: object, instance: Path) -> Path | None:
    """Return the folder that scanners write into; never the instance itself, where keys and archives lie."""
    value = os.environ.get("BAODANG_SCAN_FOLDER") or value
    if value == "":
        return None
    if not isinstance(value, str) or not value.startswith("/"):
        raise BadConfiguration('config.toml: scan_folder must be a whole path, such as "/srv/scans".')
    found = Path(value).resolve()
    if found == instance.resolve() or found in instance.resolve().parents or instance.resolve() in found.parents:
        raise BadConfiguration("config.toml: scan_folder must lie outside the instance and not around it.")
    return found


def read_master_key(path: Path) -> bytes:
    """Return the key in `path`; raises `BadConfiguration` when it is missing, weak or readable by others."""
    if not path.exists():
        raise BadConfiguration(f"{path}: no key here. A new installation is made by script/server.")
    if _others_can_read(path):
        raise BadConfiguration(f"{path}: others can read this key. Run: chmod 600 {path}")
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError as error:
        raise BadConfiguration(f"{path}: not a key in hexadecimal.") from error
    except OSError as error:
        raise BadConfiguration(f"{path}: can't be read: {error.strerror}.") from error
    if len(key) != MASTER_KEY_BYTES or len(set(key)) < MASTER_KEY_BYTES // 4:
        raise BadConfiguration(f"{path}: a key of {MASTER_KEY_BYTES} random bytes is needed, this one is weak.")
    return key


def _refuse_debug() -> None:
    for name in ("FLASK_DEBUG", "FLASK_ENV", "WERKZEUG_DEBUG_PIN"):
        if os.environ.get(name, "").lower() not in {"", "0", "false", "production"}:
            raise BadConfiguration(f"{name} is set: the portal does not run in debug mode. Unset it and start again.")


def _read_table(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        # Editors of Windows put a mark before the first letter.
        return tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise BadConfiguration(f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        raise BadConfiguration(f"{path}: not in UTF-8. Save it again in this encoding.") from error
    except OSError as error:
        raise BadConfiguration(f"{path}: can't be read: {error.strerror}.") from error


def _durations(rules: SignInRules, table: object, section: str) -> SignInRules:
    values: dict[str, Any] = {}
    for name, value in _section(rules, table, section).items():
        read = _span if isinstance(getattr(rules, name), timedelta) else _whole
        values[name] = read(value, f"[{section}] {name}")
    return replace(rules, **values)


def _numbers(rules: UploadRules, table: object, section: str) -> UploadRules:
    found = _section(rules, table, section)
    return replace(rules, **{name: _whole(value, f"[{section}] {name}") for name, value in found.items()})


def _section(rules: Any, table: object, section: str) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise BadConfiguration(f"config.toml: write [{section}] as a section of its own.")
    unknown = set(table) - {item.name for item in fields(rules)}
    if unknown:
        raise BadConfiguration(f"config.toml: [{section}] unknown settings: {', '.join(sorted(unknown))}")
    return table
