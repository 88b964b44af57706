"""Keeps the portal of one instance running: prepares it, starts the web process and the worker, and watches both.

Started by script/server as `supervisor.py INSTANCE HOST PORT [--demo]`, with the standard library only (`python -I -S`):
it lives as long as the portal does, so it is small, and it starts nothing that could fail with the portal.
"""

from __future__ import annotations

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "script"))


def main() -> int:
    """Serve until told to stop; return the exit status."""
    from supervising.address import CannotServe, find_address, own_names
    from supervising.instance import Instance, InstanceBusy, NoFolder
    from supervising.keeper import Keeper

    folder, host, port, *options = sys.argv[1:]
    os.chdir(ROOT)
    os.umask(0o077)
    try:
        with Instance(ROOT, folder).locked() as instance:
            address = find_address(host, int(port))
            names = own_names(host)
            if not instance.prepare(demo="--demo" in options, names=names):
                return 1
            return Keeper(instance, address, names).run()
    except (CannotServe, InstanceBusy, NoFolder) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
