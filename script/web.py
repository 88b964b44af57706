"""The web process: granian serves the portal over TLS, from this one process.

Started and watched by the supervisor as `web.py IP PORT CERTIFICATE KEY`. Granian's own command has a parent process
that only watches its worker; it costs memory and start-up time, and gives up when the worker dies twice within six
seconds. The supervisor watches anyway, so the worker runs in this process.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Collecting while importing finds nothing to free.
gc.disable()

from granian.constants import Interfaces, SSLProtocols  # noqa: E402
from granian.log import LogLevels  # noqa: E402
from granian.server.mp import MPServer  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
EX_CONFIG = 78
# Python runs one thread at a time; the others wait for the disk, for a lock or for argon2.
THREADS = 2 * (os.cpu_count() or 1) + 1
# Counts connections, idle ones too; a browser keeps up to six.
CONNECTIONS = 1024


class OneProcess(MPServer):
    """Granian without its parent process: what it would start as a worker runs here."""

    def _serve(self, spawn_target: Any, target_loader: Any) -> None:
        self._init_shared_socket()  # type: ignore[no-untyped-call]
        self._start_ipc()  # type: ignore[no-untyped-call]
        self._spawn_worker(idx=0, target=spawn_target, callback_loader=target_loader).inner.run()


def load_portal() -> Callable[..., Any]:
    """Return the WSGI application; ends the process with words where the settings are not good."""
    sys.path.insert(0, str(ROOT))
    from app.config import BadConfiguration

    try:
        from wsgi import app
    except BadConfiguration as error:
        print(error, file=sys.stderr)
        sys.exit(EX_CONFIG)
    # What has been imported stays: the collector need never look at it again.
    gc.freeze()
    gc.enable()
    return app


def main() -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests at hand."""
    host, port, certificate, key = sys.argv[1:]
    server = OneProcess(
        "wsgi:app",
        host,
        int(port),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        runtime_blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
        ssl_cert=Path(certificate),
        ssl_key=Path(key),
        ssl_protocol_min=SSLProtocols.tls12,
    )
    server.serve(target_loader=load_portal, wrap_loader=False)


if __name__ == "__main__":
    main()
