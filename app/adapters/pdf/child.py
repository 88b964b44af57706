"""The press itself: a child process that answers requests until the line closes.

`set`: rows of a register → how many rows stay, then the printed piece. `bind`: pieces → the whole register.
`join`: finished copies → one document.
`copy`: the images of pages → a certified copy of them. `form`: labels, spines. `paper`: a letter, the sheet of a case.
"""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys

from app.adapters.pdf.sandbox import allow_cpu, shut_in
from app.adapters.pdf.wire import Wire, WireClosed

OUT_OF_MEMORY = 3  # exit status
_START_SECONDS = 20  # of processor time, for importing WeasyPrint


def main() -> None:
    """Answer requests on the socket that is standard input; limits come as arguments (bytes, seconds)."""
    memory_bytes, cpu_seconds = map(int, sys.argv[2:4])
    shut_in(memory_bytes)
    allow_cpu(_START_SECONDS)
    # The log of WeasyPrint quotes the texts of customers.
    logging.disable()
    # One piece makes no cycles worth searching for: collecting once after it saves a quarter of the time.
    gc.disable()
    wire = Wire(socket.socket(fileno=0))
    # The kind of fault only: its message could quote them too.
    sys.excepthook = lambda kind, _fault, _trace: wire.send({"fault": kind.__name__})
    try:
        _serve(wire, cpu_seconds)
    except WireClosed:
        return
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _serve(wire: Wire, cpu_seconds: int) -> None:
    from app.adapters.pdf import answers  # WeasyPrint is read inside the walls

    service = answers.Service(wire)
    gc.freeze()
    while True:
        head, blobs = wire.receive()
        allow_cpu(cpu_seconds)
        service.answer(head, blobs)
        gc.collect()
