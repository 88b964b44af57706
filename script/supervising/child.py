"""One process of the portal: started, restarted after a fault, stopped."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence

from supervising.logs import Voice

# A process that ran this long was well: the next fault counts as the first one.
WELL_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 30.0
# Where the supervisor is killed, its children end too: nobody would watch them.
WATCHED = ("/usr/bin/setpriv", "--pdeathsig", "TERM")


def watched(command: Sequence[str]) -> list[str]:
    """Return the command in a form that ends when the supervisor does, however that comes."""
    return [*(WATCHED if os.access(WATCHED[0], os.X_OK) else ()), *command]


class Child:
    """A process that should run, its output, and when to start it again."""

    def __init__(self, voice: Voice, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.voice = voice
        self.command = command
        self.environment = environment
        self.pid: int | None = None
        self.output = -1
        self.started = 0.0
        self.faults = 0
        self.start_at: float | None = None

    @property
    def name(self) -> str:
        """What the process is called in logs."""
        return self.voice.name

    def start(self) -> None:
        """Start the process, in a group of its own: a Ctrl-C is ours to pass on."""
        self.output, theirs = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(theirs, True)
        command = watched(self.command)
        self.pid = os.posix_spawn(
            command[0],
            command,
            self.environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, theirs, 1),
                (os.POSIX_SPAWN_DUP2, theirs, 2),
            ],
            setpgroup=0,
            setsigdef=[signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE],
        )
        os.close(theirs)
        self.started = time.monotonic()
        self.start_at = None

    def read(self) -> bool:
        """Pass on what the process has said; return False when it has closed its output."""
        try:
            piece = os.read(self.output, 65536)
        except BlockingIOError:
            return True
        self.voice.hear(piece)
        return bool(piece)

    def ended(self) -> None:
        """Take note that the process is gone: read its last words, close its output."""
        while self.output >= 0 and self._has_more():
            pass
        self.close_output()
        self.voice.end()
        self.pid = None

    def _has_more(self) -> bool:
        try:
            piece = os.read(self.output, 65536)
        except BlockingIOError:
            return False
        self.voice.hear(piece)
        return bool(piece)

    def close_output(self) -> None:
        """Stop listening to the process."""
        if self.output >= 0:
            os.close(self.output)
            self.output = -1

    def plan_restart(self) -> float:
        """Decide when to start again after a fault, later each time; return the pause in seconds."""
        now = time.monotonic()
        self.faults = 1 if now - self.started >= WELL_SECONDS else self.faults + 1
        pause = min(FIRST_PAUSE_SECONDS * 2.0 ** (self.faults - 1), LONGEST_PAUSE_SECONDS)
        self.start_at = now + pause
        return pause

    def ask_to_end(self) -> None:
        """Let the process finish what it has at hand and end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End the process at once, and whatever it has started."""
        if self.pid is not None:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def _send(self, number: int) -> None:
        if self.pid is not None:
            os.kill(self.pid, number)
