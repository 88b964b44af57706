"""Typed settings, read once from `instance/config.toml`; refuses to start on anything weak.

Every duration may be set, so that an office (or a test) can shrink it. Secrets are never settings: they lie in
`instance/keys/`, readable by their owner only.
"""

from __future__ import annotations

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
        database_url=_text(table.pop("database_url", f"sqlite:///{folder / 'baodang.db'}"), "database_url"),
        master_key=read_master_key(folder / "keys" / "master.key"),
        hosts=_hosts(table.pop("hosts", [])),
        public_url=_address(table.pop("public_url", "")),
        sign_in=_durations(SignInRules(), table.pop("sign_in", {}), "sign_in"),
        upload=_numbers(UploadRules(), table.pop("upload", {}), "upload"),
        export_lifetime=timedelta(hours=_positive(table.pop("export_hours", 24), "export_hours")),
        free_space_floor=int(_positive(table.pop("free_space_floor", 512 * 1024 * 1024), "free_space_floor")),
        scan_folder=_folder(table.pop("scan_folder", ""), folder),
        demo=(folder / "demo-accounts.json").exists(),
    )
    if table:
        raise BadConfiguration(f"config.toml: unknown settings: {', '.join(sorted(table))}")
    return settings


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadConfiguration(f"config.toml: {name} must be a text in quotes.")
    return value


def _positive(value: object, name: str) -> float:
    """Return a number above zero: no limit and no duration means anything at zero or below."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise BadConfiguration(f"config.toml: {name} must be a number above zero.")
    return value


def _hosts(own: object) -> tuple[str, ...]:
    """Return the names that the portal answers to: loopback, those of config.toml, those the supervisor found."""
    if not isinstance(own, list) or not all(isinstance(host, str) and host for host in own):
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
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadConfiguration(f"{path}: others can read this key. Run: chmod 600 {path}")
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError as error:
        raise BadConfiguration(f"{path}: not a key in hexadecimal.") from error
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
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadConfiguration(f"{path}: {error}") from error


def _durations(rules: SignInRules, table: object, section: str) -> SignInRules:
    values: dict[str, Any] = {}
    for name, value in _section(rules, table, section).items():
        number = _positive(value, f"[{section}] {name}")
        values[name] = timedelta(seconds=number) if isinstance(getattr(rules, name), timedelta) else int(number)
    return replace(rules, **values)


def _numbers(rules: UploadRules, table: object, section: str) -> UploadRules:
    found = _section(rules, table, section)
    return replace(rules, **{name: int(_positive(value, f"[{section}] {name}")) for name, value in found.items()})


def _section(rules: Any, table: object, section: str) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise BadConfiguration(f"config.toml: write [{section}] as a section of its own.")
    unknown = set(table) - {item.name for item in fields(rules)}
    if unknown:
        raise BadConfiguration(f"config.toml: [{section}] unknown settings: {', '.join(sorted(unknown))}")
    return table
