"""Looks into files of strangers in a short-lived process that can reach nothing: the parent's side.

The file goes over in memory (never on disk), the results come back through a pipe as bounded frames. Whatever happens
to the child (a crash, a limit, a lie), the parent ends it and raises `RefusedFile`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.adapters.sandbox import frames
from app.adapters.sandbox.bounds import Bounds
from app.ports import Examined, PackedFile, RefusedFile, RenderedPage, TextLine

_START = "import sys; sys.path += sys.argv.pop(1).split('\\n'); from sandbox.entry import main; main()"
_SPENT = {signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM}
_READ_SIZE = 1 << 18


class SandboxedImageTool:
    """Examines and renders PDF, OFD, JPEG, PNG, TIFF and HEIC, opens ZIPs; keeps nothing between calls, so threads may share it."""

    def __init__(
        self,
        *,
        cpu_seconds: int = 30,
        memory_bytes: int = 1 << 30,
        wall_seconds: int = 60,
        max_pages: int = 500,
        max_pixels: int = 100_000_000,
    ) -> None:
        """Set the limits of each call; the two time limits are granted again for every further 100 pages."""
        self._bounds = Bounds(cpu_seconds, wall_seconds, memory_bytes, max_pages, max_pixels)

    def examine(self, data: bytes) -> Examined:
        """Tell type and pages by content, never by name; raises `RefusedFile`."""
        with _child("examine", data, self._bounds) as child:
            examined = child.examined()
            child.done()
            return examined

    def render(self, data: bytes) -> Iterator[RenderedPage]:
        """Yield every page in order; raises `RefusedFile`. Closing the iterator early ends the child."""
        with _child("render", data, self._bounds) as child:
            for number in range(1, child.examined().pages + 1):
                yield child.page(number)
            child.done()

    def unpack(self, data: bytes) -> Iterator[PackedFile]:
        """Yield the files of a ZIP in the order of their names, folders dropped; raises `RefusedFile`."""
        with _child("unpack", data, self._bounds) as child:
            files, size = 0, 0
            while (found := child.file()) is not None:
                files, size = files + 1, size + len(found.data)
                if files > frames.MOST_FILES or size > frames.MOST_UNPACKED:
                    raise frames.BrokenFrame
                yield found

    def self_test(self) -> Mapping[str, str]:
        """Return which walls stand around the child here, and what it could and could not do (`denied`)."""
        with _child("probe", b"-", self._bounds) as child:
            answers = child.probed()
            child.done()
            return answers


@contextlib.contextmanager
def _child(command: str, data: bytes, bounds: Bounds) -> Iterator[_Child]:
    """Run one child; it is gone when this ends, and what it did wrong has become a `RefusedFile`."""
    if not data:
        raise RefusedFile("empty")
    child = _Child(command, data, bounds)
    try:
        yield child
    except frames.BrokenFrame as error:
        raise RefusedFile("damaged") from error
    finally:
        child.end()


class _Child:
    def __init__(self, command: str, data: bytes, bounds: Bounds) -> None:
        self._bounds = bounds
        self._patience = float(bounds.wall_seconds)
        with _in_memory(data) as file:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    "-S",
                    "-B",
                    "-W",
                    "ignore",
                    "-c",
                    _START,
                    _SEARCH_PATH,
                    command,
                    *bounds.arguments(),
                ],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,
            )
        assert self._process.stdout is not None  # noqa: S101 (for the type checker)
        self._pipe = self._process.stdout

    def examined(self) -> Examined:
        """Receive type and pages; a long file gets its further turns of time."""
        media_type, pages = frames.unpack_examined(self._receive(frames.EXAMINED))
        if not 1 <= pages <= self._bounds.max_pages:
            raise frames.BrokenFrame
        self._patience *= self._bounds.turns(pages)
        return Examined(media_type, pages)

    def page(self, number: int) -> RenderedPage:
        """Receive the page with this number."""
        page = frames.unpack_page(self._receive(frames.PAGE))
        if page.number != number:
            raise frames.BrokenFrame
        lines = tuple(TextLine(*line, score=1.0) for line in page.lines)
        return RenderedPage(**{**page._asdict(), "lines": lines})

    def file(self) -> PackedFile | None:
        """Receive the next file, or None when there are no more."""
        letter, body = self._frame()
        if letter == frames.DONE:
            return None
        if letter != frames.FILE:
            raise frames.BrokenFrame
        return PackedFile(*frames.unpack_file(body))

    def probed(self) -> dict[str, str]:
        """Receive the answers of the self-test."""
        lines = self._receive(frames.PROBED).decode().splitlines()
        return {name: answer for name, _, answer in (line.partition("=") for line in lines)}

    def done(self) -> None:
        """Receive the end; without it something is missing."""
        self._receive(frames.DONE)

    def end(self) -> None:
        """End the child, whatever it is doing."""
        if self._process.returncode is None:
            self._reap()
        self._pipe.close()

    def _receive(self, expected: bytes) -> bytes:
        letter, body = self._frame()
        if letter != expected:
            raise frames.BrokenFrame
        return body

    def _frame(self) -> tuple[bytes, bytes]:
        letter, length = frames.HEAD.unpack(self._read(frames.HEAD.size))
        if length > frames.LONGEST:
            raise frames.BrokenFrame
        body = self._read(length)
        if letter == frames.REFUSED:
            raise RefusedFile(*frames.unpack_refused(body))
        return letter, body

    def _read(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size:
            self._await_bytes()
            part = os.read(self._pipe.fileno(), min(size, _READ_SIZE))
            if not part:
                raise self._verdict()
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _await_bytes(self) -> None:
        # Only waiting is counted: the child stands still while the caller looks at a page.
        begun = time.monotonic()
        poll = select.poll()
        poll.register(self._pipe, select.POLLIN)
        if not poll.poll(max(0.0, self._patience) * 1000):
            raise RefusedFile("too_costly", "time")
        self._patience -= time.monotonic() - begun

    def _verdict(self) -> RefusedFile:
        """Return why a child that fell silent did so."""
        status, used = self._reap()
        if -status in _SPENT:
            return RefusedFile("too_costly", "time")
        # Decoders in C answer an allocation that fails by aborting.
        if status < 0 and used > self._bounds.memory_bytes // 2:
            return RefusedFile("too_costly", "memory")
        return RefusedFile("damaged")

    def _reap(self) -> tuple[int, int]:
        """End the child and return its exit status (negative: the signal) and the most memory it held, in bytes."""
        # Not Popen.kill: that would reap the child before its usage can be asked for.
        os.kill(self._process.pid, signal.SIGKILL)
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return self._process.returncode, usage.ru_maxrss * 1024


@contextlib.contextmanager
def _in_memory(data: bytes) -> Iterator[int]:
    """Lend a descriptor, at its beginning, of an anonymous file that no disk sees."""
    file = os.memfd_create("page")
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.lseek(file, 0, os.SEEK_SET)
        yield file
    finally:
        os.close(file)


def _search_path() -> str:
    """Return where the child finds its decoders and its own package, one folder a line."""
    origins = (importlib.util.find_spec(name) for name in ("PIL", "pypdfium2", "pillow_heif", "ofdkit"))
    folders = [str(Path(spec.origin).parents[1]) for spec in origins if spec is not None and spec.origin is not None]
    return "\n".join(dict.fromkeys([*folders, str(Path(__file__).parent)]))


_SEARCH_PATH = _search_path()
