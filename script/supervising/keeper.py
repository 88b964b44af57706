"""The loop that keeps the portal running: starts, watches, restarts and stops its processes."""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections.abc import Iterator, Sequence

from supervising.address import LOOPBACK, Address
from supervising.child import Child
from supervising.instance import DAY, Instance
from supervising.logs import Voice, tell
from supervising.probe import start_probe

STOP_SECONDS = 15.0
# A first start after an update, on a slow disk, with other programs starting too.
START_SECONDS = 120.0
HEALTH_EVERY_SECONDS = 60.0
HEALTH_SECONDS = 60.0
# sysexits.h: the settings are wrong, trying again can't help.
EX_CONFIG = 78


class Keeper:
    """Keeps the web process and the worker of one instance."""

    def __init__(self, instance: Instance, address: Address, names: Sequence[str]) -> None:
        self.instance = instance
        self.address = address
        self.names = names
        logs = instance.path("log")
        os.makedirs(logs, mode=0o700, exist_ok=True)
        environment = instance.environment(names)
        python = f"{instance.root}/.venv/bin/python"
        self.web = Child(Voice("web", logs), self._web_command(), environment)
        # Pages for people come before work in the background.
        worker = ["/usr/bin/nice", "-n", "10", python, "-m", "app.jobs.worker", "--instance", instance.folder]
        self.worker = Child(Voice("worker", logs), worker, environment)
        self.preparation = Child(Voice("prepare", logs), instance.prepare_command(demo=False), environment)
        self.own = Voice("supervisor", logs)
        self.probe: int | None = None
        self.probe_at: float | None = None
        self.renewal_at = time.monotonic() + DAY
        self.has_served = False
        self.kill_at: float | None = None
        self.status = 0
        self.signals: list[int] = []
        self.woken, self.waker = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def run(self) -> int:
        """Keep the portal running until told to stop; return the exit status."""
        self._listen_to_signals()
        self._start_web()
        while not self._is_over():
            self._wait()
            self._obey_signals()
            self._reap()
            self._do_what_is_due()
        if self.has_served:
            self.say("stopped")
        return self.status

    def say(self, words: str) -> None:
        """Tell the person at the machine, and the log."""
        self.own.say(words.encode())

    # --- waiting ---

    def _listen_to_signals(self) -> None:
        def note(number: int, _frame: object) -> None:
            self.signals.append(number)

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, note)
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)

    def _wait(self) -> None:
        poll = select.poll()
        poll.register(self.woken, select.POLLIN)
        speakers = {child.output: child for child in self._children() if child.output >= 0}
        for descriptor in speakers:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(self._milliseconds_to_wait()):
            if descriptor == self.woken:
                os.read(self.woken, 512)
            elif not speakers[descriptor].read():
                speakers[descriptor].close_output()

    def _milliseconds_to_wait(self) -> float:
        dates = [self.kill_at, self.probe_at, self.renewal_at, *(child.start_at for child in self._children())]
        nearest = min(date for date in dates if date is not None)
        return max(0.0, nearest - time.monotonic()) * 1000

    def _children(self) -> tuple[Child, ...]:
        return self.web, self.worker, self.preparation

    def _running(self) -> Iterator[Child]:
        return (child for child in self._children() if child.pid is not None)

    def _is_over(self) -> bool:
        return self._is_stopping() and not any(self._running())

    def _is_stopping(self) -> bool:
        return self.kill_at is not None

    # --- signals ---

    def _obey_signals(self) -> None:
        while self.signals:
            number = self.signals.pop(0)
            if number == signal.SIGHUP and not self._is_stopping():
                self._prepare_again()
            elif number in (signal.SIGTERM, signal.SIGINT):
                self._stop(at_once=self._is_stopping())

    def _stop(self, *, at_once: bool = False) -> None:
        """Let the processes finish, for 15 seconds at most; a second Ctrl-C doesn't wait."""
        self.kill_at = time.monotonic() if at_once else time.monotonic() + STOP_SECONDS
        if self.probe is not None:
            os.kill(self.probe, signal.SIGKILL)
        for child in self._children():
            child.start_at = None
            child.ask_to_end()

    # --- ends ---

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._note_end(pid, os.waitstatus_to_exitcode(status))

    def _note_end(self, pid: int, code: int) -> None:
        if pid == self.probe:
            self.probe = None
            self._note_answer(is_well=code == 0)
        for child in self._children():
            if pid == child.pid:
                child.ended()
                self._after(child, code)

    def _after(self, child: Child, code: int) -> None:
        if self._is_stopping():
            return
        if child is self.preparation:
            self._restart_prepared(code)
        elif child is self.web and not self.has_served:
            self._give_up(code)
        elif code == 0:
            child.start_at = time.monotonic()
        else:
            pause = child.plan_restart()
            self.say(f"the {child.name} process ended ({_cause(code)}); starting it again in {pause:g} s")

    def _give_up(self, code: int) -> None:
        reason = "the settings are not good" if code == EX_CONFIG else _cause(code)
        self.say(f"the portal could not start: {reason}. What it said is above, and in {self.web.voice.file.path}")
        self.status = 1
        self._stop()

    def _note_answer(self, *, is_well: bool) -> None:
        if self._is_stopping() or self.web.pid is None:
            return
        if not is_well:
            self.say("the portal does not answer; ending its web process")
            self.web.kill()
            return
        self.probe_at = time.monotonic() + HEALTH_EVERY_SECONDS
        if not self.has_served:
            self.has_served = True
            self._announce()
            self.worker.start()

    # --- what is due ---

    def _do_what_is_due(self) -> None:
        now = time.monotonic()
        if self.kill_at is not None:
            if now >= self.kill_at:
                for child in self._running():
                    child.kill()
                self.kill_at = now + 1.0
            return
        if self.web.start_at is not None and now >= self.web.start_at:
            self._start_web()
        if self.worker.start_at is not None and now >= self.worker.start_at:
            self.worker.start()
        if self.probe_at is not None and now >= self.probe_at:
            self._ask_health(HEALTH_SECONDS)
        if now >= self.renewal_at:
            self._renew_certificate()

    def _web_command(self) -> list[str]:
        root = self.instance.root
        where = [self.address.ip, str(self.address.port), *self.instance.certificate()]
        return [f"{root}/.venv/bin/python", f"{root}/script/web.py", *where]

    def _start_web(self) -> None:
        self.web.start()
        self._ask_health(START_SECONDS)

    def _ask_health(self, seconds: float) -> None:
        self.probe_at = None
        if self.probe is None:
            self.probe = start_probe(self.address, seconds)

    def _renew_certificate(self) -> None:
        """Renew the certificate in time, also where nobody restarts the portal for a year."""
        self.renewal_at = time.monotonic() + DAY
        if self.instance.certificate_is_due():
            self._prepare_again()

    def _prepare_again(self) -> None:
        if self.preparation.pid is None:
            self.preparation.start()

    def _restart_prepared(self, code: int) -> None:
        if code != 0:
            self.say(f"preparing failed ({_cause(code)}); going on as before")
            return
        self.instance.note_prepared(self.names)
        self.say("restarting with what has been prepared")
        # The office may have brought a certificate of its own.
        self.web.command = self._web_command()
        self.web.ask_to_end()
        self.worker.ask_to_end()

    # --- telling ---

    def _announce(self) -> None:
        name = "localhost" if self.address.ip in LOOPBACK | {"0.0.0.0", "::"} else self.address.ip  # noqa: S104
        self.say(f"serving {self.instance.folder}")
        tell(f"\n  保档  https://{name}:{self.address.port}/\n".encode())
        for other in self.names:
            if other != name:
                tell(f"        https://{other}:{self.address.port}/\n".encode())
        tell(b"\n  Stop with Ctrl-C.\n\n")
        _tell_systemd("READY=1")


def _cause(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"


def _tell_systemd(state: str) -> None:
    where = os.environ.get("NOTIFY_SOCKET", "")
    if not where:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notice:
        try:
            notice.sendto(state.encode(), "\0" + where[1:] if where.startswith("@") else where)
        except OSError:
            return
