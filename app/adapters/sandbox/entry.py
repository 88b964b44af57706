"""Where the child begins: bound itself, read the file, load one decoder, lock the doors, work, answer."""

from __future__ import annotations

import os
import sys

from . import frames
from .bounds import Bounds
from .kinds import HEIC, OFD, PDF, kind_of
from .limits import allow_pages, bound_threads, limit_resources, stop_clock, wind_clock
from .lockdown import lock_down
from .refusal import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .ofd import Ofd
    from .pdf import Pdf
    from .pictures import Pictures

_READ_SIZE = 1 << 20
# The decoder of HEIC does not work without a thread of its own. The limit counts all threads of the user, which may be the
# portal's own where the child cannot become nobody.
_THREADS_FOR_HEIC = 512
_BEHIND_THE_PORTAL = 10  # niceness of rendering: the screens come first


def main() -> None:
    """Answer one command (`examine`, `render`, `unpack` or `probe`) about the file on standard input, then end."""
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

        bound_threads(0)
        answer.send(frames.PROBED, probe(bounds).encode())
        return
    if command == "unpack":
        _unpack(answer)
        return
    document = _open(_read_file(), bounds)
    if command == "examine":
        document.check()
    answer.send(frames.EXAMINED, frames.pack_examined(document.media_type, document.pages))
    if command == "render":
        _render(document, bounds, answer)


def _unpack(answer: Answer) -> None:
    from . import packed

    bound_threads(0)
    packed.load()
    lock_down()
    os.nice(_BEHIND_THE_PORTAL)
    for name, data in packed.files_of(_read_file()):
        answer.send(frames.FILE, frames.pack_file(name, data))


def _read_file() -> bytes:
    parts = []
    while part := os.read(0, _READ_SIZE):
        parts.append(part)
    return b"".join(parts)


def _open(data: bytes, bounds: Bounds) -> Pdf | Ofd | Pictures:
    kind = kind_of(data)
    bound_threads(_THREADS_FOR_HEIC if kind == HEIC else 0)
    if kind == PDF:
        from . import pdf

        pdf.load()
        lock_down()
        return pdf.Pdf(data, bounds)
    if kind == OFD:
        from . import ofd

        ofd.load()
        lock_down()
        return ofd.Ofd(data, bounds)
    from . import pictures

    pictures.load(kind)
    lock_down()
    return pictures.Pictures(data, kind, bounds)


def _render(document: Pdf | Ofd | Pictures, bounds: Bounds, answer: Answer) -> None:
    os.nice(_BEHIND_THE_PORTAL)
    allow_pages(bounds, document.pages)
    for number in range(1, document.pages + 1):
        answer.send(frames.PAGE, frames.pack_page(document.page(number)))
