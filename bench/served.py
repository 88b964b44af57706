"""A portal served as an office serves it: its own processes, TLS, the demo data of a branch."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pyotp

ROOT = Path(__file__).resolve().parent.parent
STEP_SECONDS = 30
TOKEN = re.compile(r'X-CSRF-Token": "([^"]+)"')


def branch_instance() -> Path:
    """Return an instance with 100,000 customers, made once for each state of the demo's code."""
    state = hashlib.sha256()
    for file in sorted(
        [*(ROOT / "app" / "cli" / "demo").glob("*.py"), *(ROOT / "migrations" / "versions").glob("*.py")]
    ):
        state.update(file.read_bytes())
    folder = ROOT / "build" / f"bench-{state.hexdigest()[:12]}"
    if not (folder / "ready.json").exists():
        print(f"loading the demo data of a branch into {folder} (some minutes, once)", flush=True)
        command = [sys.executable, "-m", "app.cli.prepare", "--instance", str(folder), "--demo"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "BAODANG_DEMO_SCALE": "branch"}, check=True)
    return folder


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A running portal: its first process, its port, and how long the first answer took in milliseconds."""

    process: subprocess.Popen[bytes]
    port: int
    instance: Path
    first_answer: float = 0.0


@contextmanager
def serve(instance: Path) -> Iterator[Served]:
    """Start script/server on `instance` and stop it in the end."""
    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        [ROOT / "script" / "server", "--instance", instance, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    served = Served(process, port, instance)
    try:
        _wait_for_answer(served)
        served.first_answer = (time.perf_counter() - started) * 1000
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for_answer(served: Served) -> None:
    while True:
        try:
            if Browser(served.port).get("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.01)
        if served.process.poll() is not None:
            raise SystemExit("script/server ended; run it by hand to see why")


def resident(process: int) -> int:
    """Return the proportional set size of a process and all below it, in KiB."""
    total = 0
    for pid in [process, *_below(process)]:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total


def _below(process: int) -> list[int]:
    children = [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return children + [grandchild for child in children for grandchild in _below(child)]


@dataclass(frozen=True)
class Answer:
    """An answer with its size on the wire and the milliseconds until its last byte."""

    status: int
    body: bytes
    milliseconds: float
    location: str


@dataclass
class Browser:
    """One keep-alive connection over TLS that takes gzip and keeps cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPSConnection | None = None

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        """Ask for a page, or for its fragment."""
        return self._send("GET", path, None, {"HX-Request": "true"} if htmx else {})

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://localhost:{self.port}"}
        return self._send("POST", path, urlencode(form), headers)

    def sign_in(self, account: dict[str, str]) -> None:
        """Sign in with password and code."""
        token = self._token("/login")
        self.post("/login", {"csrf_token": token, "username": account["username"], "password": account["password"]})
        token = self._token("/login/code")
        code = pyotp.TOTP(account["totp_secret"]).now()
        answer = self.post("/login/code", {"csrf_token": token, "code": code})
        if answer.status != 303:
            raise SystemExit(f"{account['username']} could not sign in: {answer.status}")

    def _token(self, path: str) -> str:
        import gzip

        body = self.get(path).body
        text = (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()
        found = TOKEN.search(text)
        if found is None:
            raise SystemExit(f"{path}: no form")
        return found.group(1)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if self.connection is None:
            # The local authority is not installed on the machine that measures.
            context = ssl._create_unverified_context()  # noqa: S323, SLF001
            self.connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=60)
            self.connection.connect()
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        started = time.perf_counter()
        sent = {"Accept-Encoding": "gzip", "Cookie": cookie, **headers}
        self.connection.request(method, path, body, sent)
        response = self.connection.getresponse()
        content = response.read()
        milliseconds = (time.perf_counter() - started) * 1000
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, content, milliseconds, response.headers.get("Location", ""))


def account(instance: Path, username: str) -> dict[str, str]:
    """Return how to sign in as somebody of the demo."""
    accounts = json.loads((instance / "demo-accounts.json").read_text("utf-8"))
    return next(item for item in accounts if item["username"] == username)
