"""A portal served as an office serves it, on invented data, with people who sign in by password and telephone."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sqlite3
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp

from app.domain.totp import STEP_SECONDS
from tests.script.house import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = {"tiny": 180.0, "small": 1800.0}
STOP_SECONDS = 60.0


class Phones:
    """The telephones of everybody: each shows a code once, as the portal takes it once."""

    def __init__(self) -> None:
        self.last_steps: dict[str, int] = {}

    def code(self, secret: str) -> str:
        """Return a code that was never shown before; the portal takes that of the next half minute as well."""
        step = max(self._step(), self.last_steps.get(secret, 0) + 1)
        while step > self._step() + 1:
            time.sleep(0.5)
        self.last_steps[secret] = step
        return pyotp.TOTP(secret).generate_otp(step)

    @staticmethod
    def _step() -> int:
        return int(time.time()) // STEP_SECONDS


class Office:
    """One installation with the demo's invented company, served by the supervisor that script/server starts."""

    def __init__(self, folder: Path, scale: str = "tiny") -> None:
        self.folder = folder
        self.scale = scale
        self.instance = folder / "instance"
        self.port = free_port()
        self.base = f"https://localhost:{self.port}"
        self.phones = Phones()
        self.process: subprocess.Popen[bytes] | None = None
        self.people: dict[str, dict[str, str]] = {}

    def open(self) -> None:
        """Make the instance, serve it and wait for its first answer."""
        supervisor = [ROOT / ".venv/bin/python", "-I", "-S", ROOT / "script/supervisor.py"]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("BAODANG_")}
        with (self.folder / "output").open("wb") as output:
            self.process = subprocess.Popen(
                [*supervisor, self.instance, "127.0.0.1", str(self.port), "--demo"],
                cwd=ROOT,
                env={**environment, "BAODANG_DEMO_SCALE": self.scale},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + PATIENCE_SECONDS[self.scale]
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < until, self.output()
            time.sleep(0.1)
        accounts = json.loads((self.instance / "demo-accounts.json").read_text("utf-8"))
        self.people = {account["username"]: account for account in accounts}

    def close(self) -> None:
        """Stop serving."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(STOP_SECONDS)

    def output(self) -> str:
        """What the supervisor and its processes have said."""
        return (self.folder / "output").read_text("utf-8", "replace")

    def code_of(self, username: str) -> str:
        """Return a code that somebody's telephone has not shown yet."""
        return self.phones.code(self.people[username]["totp_secret"])

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what the database holds, to know what a screen ought to show."""
        connection = sqlite3.connect(self.instance / "baodang.db", timeout=30)
        with closing(connection):
            return connection.execute(statement, values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        """Change the database behind everybody's back, for what a test can't wait for."""
        connection = sqlite3.connect(self.instance / "baodang.db", timeout=30)
        with closing(connection), connection:
            connection.execute(statement, values)

    def let_time_pass(self, username: str, column: str, *, minutes: int) -> None:
        """Put a moment of somebody's sessions back, for what a test can't wait for."""
        then = (datetime.now(UTC) - timedelta(minutes=minutes)).replace(tzinfo=None).isoformat(" ")
        whose = "account_id = (select id from accounts where username = ?)"
        self.change(f"update sessions set {column} = ? where {whose}", then, username)  # noqa: S608

    @contextmanager
    def worker_at_rest(self) -> Iterator[None]:
        """Let the worker do nothing for a while, so that a job can be seen waiting."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        worker = next(int(pid) for pid in children if b"app.jobs.worker" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(worker, signal.SIGSTOP)
        while not self._can_be_written():
            # Stopped in the midst of writing, it would keep everybody else from it.
            os.kill(worker, signal.SIGCONT)
            time.sleep(0.2)
            os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(worker, signal.SIGCONT)

    def _can_be_written(self) -> bool:
        """Say whether nobody holds the database for writing."""
        connection = sqlite3.connect(self.instance / "baodang.db", timeout=1, isolation_level=None)
        with closing(connection):
            try:
                connection.execute("begin immediate")
            except sqlite3.OperationalError:
                return False
            connection.execute("rollback")
            return True

    def _answers(self) -> bool:
        context = ssl._create_unverified_context()  # noqa: S323 (who answers is not the question)
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
