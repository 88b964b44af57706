"""The parent's side: starts children when the first request comes, replaces what died, hung or grew old."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.adapters.warm.wire import LENGTH, LONGEST_ANSWER, LONGEST_REQUEST, READY, framed
from app.ports import PageFailed

_START = (
    "import sys; sys.path += sys.argv.pop(1).split('\\n'); from importlib import import_module; "
    "import_module(sys.argv.pop(1)).main()"
)
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Terms:
    """How children of one kind are kept: module with `main`, memory in bytes, seconds to start, for a request, idle."""

    module: str
    needs: tuple[str, ...]  # packages that the child imports
    memory: int
    patience: float = 60.0
    start_patience: float = 90.0
    idle_seconds: int = 300
    requests_each: int = 200
    niceness: int = 10


class Pool:
    """Some children of one kind; threads may share it."""

    def __init__(self, terms: Terms, count: int) -> None:
        self._terms = terms
        self._count = count
        self._free: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _ in range(count):
            self._free.put(None)

    def ask(self, request: bytes) -> bytes:
        """Return the answer to one request; raises `PageFailed`. A child that dies over it is replaced once."""
        if len(request) > LONGEST_REQUEST:
            raise PageFailed("too_large")
        child = self._free.get()
        try:
            for is_last in (False, True):
                child = self._fit(child)
                try:
                    return child.ask(request)
                except PageFailed as failed:
                    child.end()
                    if is_last or failed.reason != "died":
                        raise
            raise AssertionError("unreachable")
        finally:
            self._free.put(child if child is not None and child.is_alive() else None)

    def ask_all(self, requests: Iterable[bytes], read: Callable[[bytes], Result]) -> Iterator[Result | PageFailed]:
        """Yield what `read` makes of each answer, in order, with all children at work; requests are pulled as needed."""
        waiting: deque[Future[Result | PageFailed]] = deque()

        def one(request: bytes) -> Result | PageFailed:
            try:
                return read(self.ask(request))
            except PageFailed as failed:
                return failed

        with ThreadPoolExecutor(self._count, thread_name_prefix=self._terms.module) as threads:
            try:
                for request in requests:
                    waiting.append(threads.submit(one, request))
                    # One more than can be done now: no child waits while the next request is made.
                    if len(waiting) > self._count:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for left in waiting:
                    left.cancel()

    def processes(self) -> list[int]:
        """Return the processes of the children that wait for work."""
        kept = self._take_all()
        for child in kept:
            self._free.put(child)
        return [child.pid for child in kept if child is not None and child.is_alive()]

    def close(self) -> None:
        """End all children that are not at work."""
        for child in self._take_all():
            if child is not None:
                child.end()
            self._free.put(None)

    def _take_all(self) -> list[Child | None]:
        kept: list[Child | None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                kept.append(self._free.get_nowait())
        return kept

    def _fit(self, child: Child | None) -> Child:
        if child is not None:
            if child.is_fit():
                return child
            child.end()
        return Child(self._terms)


class Child:
    """One child process and the pipes to it."""

    def __init__(self, terms: Terms) -> None:
        """Start it and wait until it is ready; raises `PageFailed` when it does not come up."""
        self._terms = terms
        self._lock = threading.Lock()
        self._requests = 0
        words = (str(terms.memory), str(terms.idle_seconds), str(terms.niceness))
        command = [sys.executable, "-I", "-S", "-B", "-W", "ignore", "-c", _START, search_path(terms.needs)]
        self._process = subprocess.Popen(
            [*command, terms.module, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ONE_THREAD,
            cwd="/",
            start_new_session=True,
        )
        try:
            is_ready = self._receive(terms.start_patience) == READY
        except PageFailed:
            self.end()
            raise
        if not is_ready:
            self.end()
            raise PageFailed("died")

    @property
    def pid(self) -> int:
        """The child's process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Say whether it still runs."""
        return self._process.poll() is None

    def is_fit(self) -> bool:
        """Say whether it may take another request."""
        return self._requests < self._terms.requests_each and self.is_alive()

    def ask(self, request: bytes) -> bytes:
        """Return the answer; raises `PageFailed` when the child is of no use any more."""
        self._requests += 1
        assert self._process.stdin is not None  # noqa: S101 (for the type checker)
        try:
            self._process.stdin.write(framed(request))
            self._process.stdin.flush()
        except OSError as error:
            raise PageFailed("died") from error
        return self._receive(self._terms.patience)

    def end(self) -> None:
        """End the child, whatever it is doing."""
        with self._lock:
            if self._process.poll() is None:
                self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def _receive(self, patience: float) -> bytes:
        until = time.monotonic() + patience
        (length,) = LENGTH.unpack(self._take(LENGTH.size, until))
        if length > LONGEST_ANSWER:
            raise PageFailed("died")
        return self._take(length, until)

    def _take(self, size: int, until: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 (for the type checker)
        parts = []
        while size:
            poll = select.poll()
            poll.register(self._process.stdout, select.POLLIN)
            if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
                raise PageFailed("too_costly")
            part = os.read(self._process.stdout.fileno(), min(size, 1 << 20))
            if not part:
                raise PageFailed("died")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def cores() -> int:
    """Return how many children make sense here: as many as cores, at most two."""
    return max(1, min(2, len(os.sched_getaffinity(0))))


def search_path(needs: tuple[str, ...]) -> str:
    """Return where a child finds the packages it needs and those of this folder, one folder a line."""
    origins = (importlib.util.find_spec(name) for name in needs)
    folders = [str(Path(spec.origin).parents[1]) for spec in origins if spec is not None and spec.origin is not None]
    return "\n".join(dict.fromkeys([*folders, str(Path(__file__).parents[1])]))
