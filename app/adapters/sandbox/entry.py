"""Where the child begins: bound itself, read the file, load one decoder, lock the doors, work, answer."""

from __future__ import annotations

import os
import sys

from . import frames
from .bounds import Bounds
from .kinds import PDF, kind_of
from .limits import allow_pages, limit_resources, stop_clock, wind_clock
from .lockdown import lock_down
from .refusal import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .pdf import Pdf
    from .pictures import Pictures

_READ_SIZE = 1 << 20
_BEHIND_THE_PORTAL = 10  # niceness of rendering: the screens come first


def main() -> None:
    """Answer one command (`examine`, `render` or `probe`) about the file on standard input, then end."""
    command, bounds = sys.argv[1], Bounds.from_arguments(sys.argv[2:])
    limit_resources(bounds)
    answer = Answer(bounds)
    try:
        _obey(command, bounds, answer)
        answer.send(frames.DONE, b"")
    except Refusal as refusal:
        answer.send(frames.REFUSED, frames.pack_refused(refusal.reason, refusal.detail))
    except MemoryError:
        answer.send(frames.REFUSED, frames.pack_refused("too_costly", "memory"))
    os._exit(0)  # decoders that were fed by strangers are not asked to tidy up


class Answer:
    """The way back to the parent; nothing that a decoder prints gets in between."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._pipe = os.dup(1)
        os.dup2(2, 1)

    def send(self, letter: bytes, body: bytes) -> None:
        """Write one frame; blocks, with the clock stopped, until the parent wants it."""
        stop_clock()
        rest = memoryview(frames.HEAD.pack(letter, len(body)) + body)
        while rest:
            rest = rest[os.write(self._pipe, rest) :]
        wind_clock(self._bounds)


def _obey(command: str, bounds: Bounds, answer: Answer) -> None:
    if command == "probe":
        from .probe import probe

        answer.send(frames.PROBED, probe(bounds).encode())
        return
    document = _open(_read_file(), bounds)
    if command == "examine":
        document.check()
    answer.send(frames.EXAMINED, frames.pack_examined(document.media_type, document.pages))
    if command == "render":
        _render(document, bounds, answer)


def _read_file() -> bytes:
    parts = []
    while part := os.read(0, _READ_SIZE):
        parts.append(part)
    return b"".join(parts)


def _open(data: bytes, bounds: Bounds) -> Pdf | Pictures:
    kind = kind_of(data)
    if kind == PDF:
        from . import pdf

        pdf.load()
        lock_down()
        return pdf.Pdf(data, bounds)
    from . import pictures

    pictures.load()
    lock_down()
    return pictures.Pictures(data, kind, bounds)


def _render(document: Pdf | Pictures, bounds: Bounds, answer: Answer) -> None:
    os.nice(_BEHIND_THE_PORTAL)
    allow_pages(bounds, document.pages)
    for number in range(1, document.pages + 1):
        answer.send(frames.PAGE, frames.pack_page(document.page(number)))
