"""The real scripts around a portal of ten lines, so that what is tested is the starting and watching alone."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0

PORTAL = """
import os, time
from pathlib import Path

def app(environ, start_response):
    match environ["PATH_INFO"]:
        case "/slow":
            Path(os.environ["BAODANG_INSTANCE"], "slow").touch()
            time.sleep(1.5)
        case "/stuck":
            Path(os.environ["BAODANG_INSTANCE"], "stuck").touch()
            time.sleep(60)
        case "/pid":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [str(os.getpid()).encode()]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
"""
CONFIG = """
class BadConfiguration(Exception):
    pass
"""
PREPARE = """
import json, os, sys
from datetime import UTC, datetime
from pathlib import Path
from app.adapters.tls_local import ensure_certificates

folder = Path(sys.argv[sys.argv.index("--instance") + 1])
hosts = os.environ["BAODANG_HOSTS"].split(",")
ensure_certificates(folder / "tls", hosts, datetime.now(UTC))
with (folder / "prepared.log").open("a") as log:
    log.write(" ".join(sys.argv[3:]) + "\\n")
(folder / "ready.json").write_text(json.dumps({"demo": "--demo" in sys.argv}))
print("activation code ABCD")
"""
WORKER = """
import os, signal, sys, time
from pathlib import Path

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
Path(os.environ["BAODANG_INSTANCE"], "worker.pid").write_text(str(os.getpid()))
print("at work", flush=True)
while True:
    time.sleep(1)
"""


class House:
    """A folder that looks like the project to its scripts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.instance = folder / "instance"
        self.port = free_port()
        self.servers: list[subprocess.Popen[str]] = []
        shutil.copytree(ROOT / "script", folder / "script", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("requirements.txt", "requirements-dev.txt"):
            shutil.copy(ROOT / name, folder)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        (folder / "migrations").mkdir()
        for package in ("app", "app/adapters", "app/cli", "app/jobs"):
            self.write(f"{package}/__init__.py", "")
        for name in ("tls_local.py", "tls_own.py"):
            shutil.copy(ROOT / "app" / "adapters" / name, folder / "app" / "adapters")
        self.write("wsgi.py", PORTAL)
        self.write("app/config.py", CONFIG)
        self.write("app/cli/prepare.py", PREPARE)
        self.write("app/jobs/worker.py", WORKER)
        self.run(
            "bash",
            "-c",
            "source script/lib.sh; mkdir $STAMPS; for k in run demo dev; do fingerprint $k >$STAMPS/$k; done",
        )

    def write(self, name: str, text: str) -> None:
        """Put a file into the house."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def run(self, *command: str, seconds: float = PATIENCE_SECONDS) -> subprocess.CompletedProcess[str]:
        """Run a command in the house to its end."""
        return subprocess.run(
            command, cwd=self.folder, env=self.environment(), capture_output=True, text=True, timeout=seconds
        )

    def environment(self) -> dict[str, str]:
        """The environment of a person's shell."""
        return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8"}

    def command(self, *options: str) -> list[str]:
        """The command that serves the house's instance."""
        return ["script/server", "--instance", str(self.instance), "--port", str(self.port), *options]

    def serve(self, *options: str) -> subprocess.Popen[str]:
        """Start serving and return at once; what it says goes to `output()`."""
        with (self.folder / "output").open("a") as output:
            server = subprocess.Popen(
                self.command(*options),
                cwd=self.folder,
                env=self.environment(),
                stdout=output,
                stderr=output,
                text=True,
                # A shell that runs the tests in its background has them ignore Ctrl-C; a terminal does not.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
            )
        self.servers.append(server)
        return server

    def serve_until_ready(self, *options: str) -> subprocess.Popen[str]:
        """Start serving and return once the portal and the worker are there."""
        before = self.output().count("Stop with Ctrl-C")
        (self.instance / "worker.pid").unlink(missing_ok=True)
        server = self.serve(*options)
        self.wait_for(lambda: self.output().count("Stop with Ctrl-C") > before or server.poll() is not None)
        assert server.poll() is None, self.output()
        self.wait_for(lambda: self.worker_pid() > 0)
        return server

    def output(self) -> str:
        """What the servers of this house have said."""
        path = self.folder / "output"
        return path.read_text("utf-8") if path.exists() else ""

    def get(self, path: str, context: ssl.SSLContext | None = None) -> str:
        """Return the body of a page."""
        with self.connect(context) as stream:
            stream.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while piece := stream.recv(4096):
                answer += piece
        if not answer:
            raise ConnectionResetError("the portal went away before it answered")
        return answer.partition(b"\r\n\r\n")[2].decode()

    def connect(self, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
        """Return a connection to the portal."""
        context = context or ssl._create_unverified_context()  # noqa: S323 (what is asked for is who answers)
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS)
        return context.wrap_socket(plain, server_hostname="localhost")

    def answers(self) -> bool:
        """Say whether the portal answers."""
        try:
            return self.get("/healthz") == "ok"
        except OSError:
            return False

    def web_pid(self) -> int:
        """The process that answers."""
        return int(self.get("/pid"))

    def worker_pid(self) -> int:
        """The worker, 0 before it has begun."""
        path = self.instance / "worker.pid"
        return int(path.read_text() or 0) if path.exists() else 0

    def times_prepared(self) -> int:
        """How often the instance has been prepared."""
        return len((self.instance / "prepared.log").read_text().splitlines())

    def wait_for(self, come: Callable[[], object]) -> None:
        """Wait until something is so; a portal that can't be reached for a moment is no answer."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with suppress(OSError):
                if come():
                    return
            time.sleep(0.02)
        raise AssertionError(f"waited in vain\n{self.output()}")

    def stop(self, server: subprocess.Popen[str]) -> int:
        """Let a server stop and return its exit status."""
        server.send_signal(signal.SIGTERM)
        return server.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        """Leave nothing running."""
        for server in self.servers:
            if server.poll() is None:
                server.terminate()
                server.terminate()
                server.wait(PATIENCE_SECONDS)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def is_running(pid: int) -> bool:
    """Say whether a process is there and not just a record of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
