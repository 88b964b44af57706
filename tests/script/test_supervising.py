"""The parts of the supervisor, one by one."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from pathlib import Path

import pytest
from supervising import address, child, logs
from supervising.address import Address, own_names
from supervising.child import Child
from supervising.instance import Instance
from supervising.logs import LogFile, Voice


def run_to_end(process: Child) -> int:
    """Start a child, read it to its end, and return its exit status."""
    process.start()
    assert process.pid is not None
    _, status = os.waitpid(process.pid, 0)
    process.ended()
    return os.waitstatus_to_exitcode(status)


@pytest.fixture
def voice(tmp_path: Path) -> Voice:
    return Voice("web", str(tmp_path))


def written(voice: Voice) -> list[str]:
    """Return the lines of a log without their time."""
    return [line[20:] for line in Path(voice.file.path).read_text("utf-8").splitlines()]


def test_a_log_that_is_full_is_put_aside_and_the_oldest_one_goes(tmp_path: Path) -> None:
    log = LogFile(str(tmp_path / "web.log"), limit=10, kept=2)

    for word in (b"first\n", b"second\n", b"third\n", b"fourth\n"):
        log.write(word)

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "web.log": "fourth\n",
        "web.log.1": "third\n",
        "web.log.2": "second\n",
    }


def test_a_log_is_continued_after_a_restart(tmp_path: Path) -> None:
    LogFile(str(tmp_path / "web.log"), limit=10).write(b"before\n")

    LogFile(str(tmp_path / "web.log"), limit=10).write(b"after\n")

    assert (tmp_path / "web.log").read_text() == "after\n"
    assert (tmp_path / "web.log.1").read_text() == "before\n"


def test_output_is_cut_into_lines_wherever_the_pieces_end(voice: Voice) -> None:
    for piece in ("档案".encode()[:4], "档案".encode()[4:] + b"\nsecond", b" line\nlast"):
        voice.hear(piece)
    voice.end()

    assert written(voice) == ["档案", "second line", "last"]


def test_a_line_without_end_is_not_kept_in_memory_for_ever(voice: Voice) -> None:
    for _ in range(10):
        voice.hear(b"x" * logs.LINE_BYTES)

    assert len(voice.rest) <= logs.LINE_BYTES


def test_the_last_words_of_a_process_are_heard(voice: Voice) -> None:
    process = Child(voice, [sys.executable, "-c", "print('goodbye', end=''); raise SystemExit(3)"], os.environ)

    status = run_to_end(process)

    assert status == 3
    assert written(voice) == ["goodbye"]


def test_a_process_starts_without_our_files_and_signals(voice: Voice) -> None:
    ours = fcntl.fcntl(voice.file.descriptor, fcntl.F_DUPFD_CLOEXEC, 500)
    shown = f"import os, signal; print(os.path.exists('/proc/self/fd/{ours}'), signal.getsignal(signal.SIGTERM).name)"
    process = Child(voice, [sys.executable, "-c", shown], os.environ)

    run_to_end(process)

    os.close(ours)
    assert written(voice) == ["False SIG_DFL"]


def test_each_fault_in_a_row_is_followed_by_a_longer_pause(voice: Voice) -> None:
    process = Child(voice, ["true"], {})
    process.started = time.monotonic()

    pauses = [process.plan_restart() for _ in range(10)]

    assert pauses == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_a_fault_after_a_good_while_counts_as_the_first(voice: Voice) -> None:
    process = Child(voice, ["true"], {})
    process.faults, process.started = 7, time.monotonic() - child.WELL_SECONDS

    pause = process.plan_restart()

    assert pause == child.FIRST_PAUSE_SECONDS


@pytest.mark.parametrize(
    ("files", "days", "is_due"),
    [([], 0, True), (["server.crt"], 367, False), (["server.crt"], 369, True), (["server.crt", "own.crt"], 500, False)],
    ids=["none yet", "31 days left", "29 days left", "the office's own"],
)
def test_a_certificate_of_ours_is_due_in_its_last_month(
    tmp_path: Path, files: list[str], days: int, is_due: bool
) -> None:
    (tmp_path / "tls").mkdir()
    for name in files:
        (tmp_path / "tls" / name).touch()
        os.utime(tmp_path / "tls" / name, (time.time() - days * 86_400,) * 2)

    assert Instance("/", str(tmp_path)).certificate_is_due() is is_due


FIB_TRIE = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     +-- 127.0.0.0/8 2 0 2
           |-- 127.0.0.1
              /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST
     +-- 192.168.1.0/24 2 0 2
        |-- 192.168.1.5
           /32 host LOCAL
        |-- 192.168.1.255
           /32 link BROADCAST
Local:
        |-- 192.168.1.5
           /32 host LOCAL
        |-- 10.0.0.9
           /32 host LOCAL
"""


def test_the_office_finds_the_portal_under_every_address_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fib_trie").write_text(FIB_TRIE)
    monkeypatch.setattr(address, "LOCAL_ADDRESSES", str(tmp_path / "fib_trie"))

    names = own_names("0.0.0.0")  # noqa: S104

    assert names[1:] == ["192.168.1.5", "10.0.0.9"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_portal_for_this_machine_alone_has_no_other_names(host: str) -> None:
    assert own_names(host) == []


@pytest.mark.parametrize(
    ("listening", "reached"),
    [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("192.168.1.5", "192.168.1.5")],  # noqa: S104
)
def test_the_supervisor_asks_where_the_portal_listens(listening: str, reached: str) -> None:
    assert Address(listening, 8443).reached_at == reached
