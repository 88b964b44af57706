"""A PostgreSQL server of the test run: made in a temporary folder, gone with the run that asked for it.

Uses the programs of Debian's package (`script/setup --dev` installs them); the system's own service is not touched and
need not run. The server listens on a Unix socket only and keeps nothing safe: no fsync, no archive.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

START_SECONDS = 60.0
STOP_SECONDS = 20.0
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "shared_buffers=64MB",
    "max_connections=60",
    "timezone=UTC",
)
# The guard outlives a killed test run just long enough: its standard input closes when we are gone.
GUARD = """
exec 3<&0
"$@" </dev/null &
server=$!
read -r _ <&3
kill -QUIT "$server" 2>/dev/null
wait "$server"
case "$GUARDED_FOLDER" in /*/baodang-pg-*) rm -rf "$GUARDED_FOLDER" ;; esac
"""


class PostgresMissing(Exception):
    """No PostgreSQL server programs on this machine."""


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Yield the SQLAlchemy address of a new, empty server; it is stopped and deleted at the end, come what may.

    Raises `PostgresMissing` where there are no server programs, `RuntimeError` with the server's log when it won't start.
    """
    programs = server_programs()
    folder = Path(tempfile.mkdtemp(prefix="baodang-pg-"))
    account = _unprivileged_account()
    if account is not None:
        shutil.chown(folder, account.pw_uid, account.pw_gid)
    try:
        _make_cluster(programs, folder, account)
        guard = _start_server(programs, folder, account)
        try:
            _wait_until_ready(folder, guard)
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            _stop_server(guard)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(url: str) -> str:
    """Make one more empty database on the server at `url` and return its address."""
    name = f"t{uuid4().hex}"
    host = url.partition("?host=")[2]
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return f"postgresql+psycopg://postgres@/{name}?host={host}"


def server_programs() -> Path:
    """Return the folder of the newest server programs; raises `PostgresMissing`."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=_version)
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        raise PostgresMissing("No PostgreSQL server here: run script/setup --dev (Debian's package is postgresql).")
    return Path(elsewhere).resolve().parent


def _version(programs: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", programs.parent.name))


def _unprivileged_account() -> pwd.struct_passwd | None:
    """Return whom the server must run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _make_cluster(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> None:
    made = subprocess.run(
        [
            programs / "initdb",
            "--pgdata",
            folder / "data",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )
    if made.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")


def _start_server(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    settings = [part for setting in (*SETTINGS, f"unix_socket_directories={folder}") for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            ["/bin/sh", "-c", GUARD, "guard", programs / "postgres", "-D", folder / "data", *settings],
            cwd=folder,
            env=_environment() | {"GUARDED_FOLDER": str(folder)},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )


def _wait_until_ready(folder: Path, guard: subprocess.Popen[bytes]) -> None:
    status = folder / "data" / "postmaster.pid"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and guard.poll() is None:
        if status.exists() and "ready" in status.read_text().split():
            return
        time.sleep(0.01)
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


def _stop_server(guard: subprocess.Popen[bytes]) -> None:
    if guard.stdin is not None:
        guard.stdin.close()
    try:
        guard.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        # The guard leads the session that the server is in.
        os.killpg(guard.pid, 9)
        guard.wait()
