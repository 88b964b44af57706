"""Where the portal listens, and the names under which the office reaches it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from itertools import pairwise

EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 (compared with, not bound to)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LOCAL_ADDRESSES = "/proc/net/fib_trie"


class CannotServe(Exception):
    """The address can't be had; the message says what to do."""


class Address:
    """A numeric address and a port."""

    __slots__ = ("ip", "port")

    def __init__(self, ip: str, port: int) -> None:
        self.ip = ip
        self.port = port

    @property
    def reached_at(self) -> str:
        """The address at which this machine itself finds the portal."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.ip, self.ip)  # noqa: S104


def find_address(host: str, port: int) -> Address:
    """Return the address to listen at, after trying it; raises `CannotServe` when it is taken, unknown or forbidden."""
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise CannotServe(f'--host {host}: no such address or name. Take "127.0.0.1" or "0.0.0.0".') from None
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        # As the server itself will: connections of a server that has just ended are in nobody's way.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(where)
            trial.listen(1)
        except OSError as error:
            raise CannotServe(_reason(error, host, port)) from None
    return Address(str(where[0]), port)


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return f"Port {port} is taken by another program. Stop that one, or take another port: --port {other}"
    if error.errno == errno.EACCES:
        return f"Port {port} may be opened by root only. Take one from 1024 on, or see docs/operations.md (systemd)."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"--host {host} is not an address of this machine. It has: {', '.join(_own_addresses()) or 'none'}"
    return f"Can't listen at {host}, port {port}: {error.strerror}"


def own_names(host: str) -> list[str]:
    """Return the names and addresses, besides loopback, under which others reach a portal that listens at `host`."""
    if host in LOOPBACK:
        return []
    addresses = list(_own_addresses()) if host in EVERYWHERE else [host]
    return [socket.gethostname(), *addresses]


def _own_addresses() -> Iterator[str]:
    """Yield the IPv4 addresses of this machine, asking neither a name server nor the network."""
    try:
        with open(LOCAL_ADDRESSES, encoding="ascii") as table:
            lines = table.read().splitlines()
    except OSError:
        return
    seen = {"127.0.0.1"}
    for leaf, kind in pairwise(lines):
        address = leaf.rpartition("|-- ")[2]
        if kind.strip() == "/32 host LOCAL" and address not in seen and not address.startswith("127."):
            seen.add(address)
            yield address
