"""`TextReader` by rapidocr with the models of its package, offline: the parent's side of some warm children.

A child reads one page at a time on one core; there are as many as cores, up to two. A child that dies, hangs or has read
many pages is replaced; the page that it died over is tried once more by a new one, then given up alone.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from app.adapters.ocr.wire import LENGTH, LONGEST_ANSWER, LONGEST_PAGE, READY, framed
from app.ports import PageFailed, PageText, TextLine

READER = "rapidocr 3.10 PP-OCRv6-small"
_START = "import sys; sys.path += sys.argv.pop(1).split('\\n'); from ocr.entry import main; main()"
_MEMORY = 4 << 30
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class RapidOcrReader:
    """Reads pages in children that are started with the first page and end by themselves when nobody asks."""

    def __init__(
        self,
        *,
        children: int = 0,
        page_seconds: float = 90.0,
        start_seconds: float = 90.0,
        idle_seconds: int = 300,
        pages_each: int = 200,
    ) -> None:
        """Set the limits; `children` 0 takes as many as cores, at most two."""
        self._count = children or max(1, min(2, len(os.sched_getaffinity(0))))
        self._page_seconds = page_seconds
        self._start_seconds = start_seconds
        self._idle_seconds = idle_seconds
        self._pages_each = pages_each
        self._free: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(self._count):
            self._free.put(None)

    def read(self, images: Iterable[bytes]) -> Iterator[PageText | PageFailed]:
        """Yield for each image, in order, what stands on it, or why it could not be read; several at once inside."""
        waiting: deque[Future[PageText | PageFailed]] = deque()
        with ThreadPoolExecutor(self._count, thread_name_prefix="reader") as threads:
            try:
                for image in images:
                    waiting.append(threads.submit(self._read_one, image))
                    # One more than can be read now: no child waits while the next image is made.
                    if len(waiting) > self._count:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for left in waiting:
                    left.cancel()

    def close(self) -> None:
        """End all children that are not at work."""
        with contextlib.suppress(queue.Empty):
            kept = [self._free.get_nowait() for _ in range(self._count)]
            for child in kept:
                if child is not None:
                    child.end()
                self._free.put(None)

    def _read_one(self, image: bytes) -> PageText | PageFailed:
        if len(image) > LONGEST_PAGE:
            return PageFailed("too_large")
        child = self._free.get()
        try:
            for is_last in (False, True):
                if child is None or not child.is_fit(self._pages_each):
                    child = self._anew(child)
                try:
                    return child.read(image, self._page_seconds)
                except PageFailed as failed:
                    child.end()
                    if is_last or failed.reason != "died":
                        return failed
            raise AssertionError("unreachable")
        except _NotStarted:
            return PageFailed("died")
        finally:
            self._free.put(child if child is not None and child.is_alive() else None)

    def _anew(self, old: _Child | None) -> _Child:
        if old is not None:
            old.end()
        return _Child(self._start_seconds, self._idle_seconds)


class _NotStarted(Exception):
    """A child did not come up."""


class _Child:
    def __init__(self, patience: float, idle_seconds: int) -> None:
        self._lock = threading.Lock()
        self._pages = 0
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", "-B", "-W", "ignore", "-c", _START, _SEARCH_PATH),
                *(str(_MEMORY), str(idle_seconds)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ONE_THREAD,
            cwd="/",
            start_new_session=True,
        )
        try:
            if self._receive(patience) != READY:
                raise _NotStarted
        except PageFailed as error:
            self.end()
            raise _NotStarted from error

    @property
    def pid(self) -> int:
        """The child's process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Say whether it still runs."""
        return self._process.poll() is None

    def is_fit(self, most_pages: int) -> bool:
        """Say whether it may read another page."""
        return self._pages < most_pages and self.is_alive()

    def read(self, image: bytes, patience: float) -> PageText | PageFailed:
        """Return what stands on a page; raises `PageFailed` when the child is of no use any more."""
        self._pages += 1
        self._write(framed(image))
        answer = self._receive(patience)
        try:
            return _page_text(json.loads(answer))
        except (ValueError, KeyError, TypeError) as error:
            raise PageFailed("died") from error

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

    def _write(self, data: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101 (for the type checker)
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
        except OSError as error:
            raise PageFailed("died") from error

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
            part = os.read(self._process.stdout.fileno(), size)
            if not part:
                raise PageFailed("died")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _page_text(answer: dict[str, Any]) -> PageText | PageFailed:
    if "failed" in answer:
        return PageFailed(str(answer["failed"]))
    return PageText(tuple(TextLine(*line) for line in answer["lines"]), READER)


def _search_path() -> str:
    spec = importlib.util.find_spec("rapidocr")
    assert spec is not None and spec.origin is not None  # noqa: S101, PT018 (for the type checker)
    return "\n".join([str(Path(spec.origin).parents[1]), str(Path(__file__).parent)])


_SEARCH_PATH = _search_path()
