"""What the kernel lets this process spend; set before the first byte of the file is read."""

from __future__ import annotations

import contextlib
import resource
import signal

from .bounds import Bounds

_FILES_WHILE_LOADING = 64


def limit_resources(bounds: Bounds) -> None:
    """Bound processor time, memory, files and clock; none of it can be taken back. `bound_threads` follows."""
    longest = bounds.cpu_seconds * bounds.turns(bounds.max_pages)
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu_seconds, longest + 1))
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES_WHILE_LOADING, _FILES_WHILE_LOADING))
    for unwanted in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(unwanted, (0, 0))
    wind_clock(bounds)
    _go_first_when_memory_runs_out()


def _go_first_when_memory_runs_out() -> None:
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 (pathlib is slow to load)
        file.write("1000")


def bound_threads(most: int) -> None:
    """Let this user have so many threads and processes, all of his together; 0 forbids any further one."""
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def allow_pages(bounds: Bounds, pages: int) -> None:
    """Grant a long file its turns of processor time."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(hard, bounds.cpu_seconds * bounds.turns(pages)), hard))


def wind_clock(bounds: Bounds) -> None:
    """Die by SIGALRM when the next step takes longer than the wall limit, even if no parent is left to see to it."""
    signal.alarm(bounds.wall_seconds)


def stop_clock() -> None:
    """Wait without limit: for a parent that takes its time with a page."""
    signal.alarm(0)
