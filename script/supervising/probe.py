"""Asking the portal whether it serves."""

from __future__ import annotations

import os
import signal
import socket
import time

from supervising.address import Address

MYPY = False
if MYPY:  # the modules are for the type checker alone: loading them costs time and memory
    from ssl import SSLContext

PAUSE_SECONDS = 0.02
TRY_SECONDS = 10.0


def start_probe(address: Address, seconds: float) -> int:
    """Return the id of a process that ends with 0 once `/healthz` answers 200, with 1 when it hasn't in time.

    A process of its own, because the `ssl` module would double the memory of the supervisor for good.
    """
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        status = 0 if answers(address, seconds) else 1
    finally:
        os._exit(status)


def answers(address: Address, seconds: float) -> bool:
    """Ask until the portal answers; return False after `seconds`."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # We ask ourselves: whether the certificate is good for others is not the question here.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if _ask_once(context, address, min(left, TRY_SECONDS)):
            return True
        time.sleep(PAUSE_SECONDS)
    return False


def _ask_once(context: SSLContext, address: Address, seconds: float) -> bool:
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nUser-Agent: supervisor\r\nConnection: close\r\n\r\n"
    try:
        plain = socket.create_connection((address.reached_at, address.port), seconds)
        with plain, context.wrap_socket(plain) as stream:
            stream.sendall(request)
            return stream.recv(64).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False
