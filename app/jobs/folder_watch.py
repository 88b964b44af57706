"""Looking into the folder that scanners write into: what stood still over two looks is taken, once, and moved away.

Everything is reached through the descriptor of the branch's folder and without following links: a name can't lead out of
it. What one look saw is kept in memory only: after a restart a file has to stand still over two looks again.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import io
import logging
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.db import begin_write
from app.domain.office_time import CHINA
from app.domain.scan_folder import (
    EMPTY_FOR,
    REFUSED,
    TAKEN,
    Standing,
    explain,
    is_branch_folder,
    is_wanted,
    numbered,
)
from app.jobs.handlers import Work
from app.ports import RefusedFile
from app.services import folder_watch as services
from app.services.documents import ReceivedFile
from app.services.unpacking import ARCHIVE

LOG = logging.getLogger("baodang.scans")
MOST_AT_ONCE = 20  # files of a branch in one look: others wait for this lane too
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ZIP = b"PK\x03\x04"


@dataclass(slots=True)
class Looks:
    """What the last look saw, file by file; and files that were dealt with but could not be moved away."""

    seen: dict[tuple[str, str], Standing] = field(default_factory=dict)
    stuck: dict[tuple[str, str], Standing] = field(default_factory=dict)


LOOKS = Looks()


def watch_folder(work: Work, _payload: dict[str, Any]) -> None:
    """Look into every branch's folder; without a folder to watch, do nothing."""
    root = work.settings.scan_folder
    if root is None or not root.is_dir():
        return
    with work.sessions() as session:
        branches = services.branch_codes(session)
    for code, branch_id in sorted(branches.items()):
        if is_branch_folder(code):
            _look_into(work, root, code, branch_id)


def _look_into(work: Work, root: Path, code: str, branch_id: int) -> None:
    with contextlib.suppress(FileExistsError):
        (root / code).mkdir()
    try:
        folder = os.open(root / code, _FOLDER)
    except OSError as error:
        LOG.warning("the scan folder of branch %s cannot be read: %s", code, error.strerror)
        return
    try:
        for name in _whole_files(folder, code, work.clock())[:MOST_AT_ONCE]:
            _deal_with(work, folder, code, branch_id, name)
            work.beat(0, 0)
    finally:
        os.close(folder)


def _whole_files(folder: int, code: str, now: datetime) -> list[str]:
    """Return the names of files that stood still since the last look, in order."""
    seen = {name: standing for name, standing in _standing_files(folder) if _may_be_whole(standing, now)}
    before = {name: standing for (branch, name), standing in LOOKS.seen.items() if branch == code}
    for name in before:
        del LOOKS.seen[code, name]
    LOOKS.seen.update({(code, name): standing for name, standing in seen.items()})
    still = [name for name, standing in seen.items() if before.get(name) == standing]
    return sorted(name for name in still if LOOKS.stuck.get((code, name)) != seen[name])


def _standing_files(folder: int) -> Iterator[tuple[str, Standing]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not is_wanted(entry.name) or entry.is_dir(follow_symlinks=False):
                continue
            with contextlib.suppress(FileNotFoundError):
                found = entry.stat(follow_symlinks=False)
                yield entry.name, Standing(found.st_ino, found.st_size, found.st_mtime_ns)


def _may_be_whole(standing: Standing, now: datetime) -> bool:
    age = now - datetime.fromtimestamp(standing.changed_ns / 1e9, UTC)
    return standing.size > 0 or age > EMPTY_FOR


def _deal_with(work: Work, folder: int, code: str, branch_id: int, name: str) -> None:
    """Take one file, or refuse it; either way it leaves the folder."""
    try:
        data, changed_ns = _read(folder, name, work.settings.upload.max_file_bytes)
        received = _examine(work, name, data)
    except RefusedFile as refused:
        _tell(work, folder, name, refused.reason)
        _move(folder, code, name, REFUSED)
        return
    except OSError as error:
        if error.errno not in {errno.EAGAIN, errno.ENOENT}:  # still being written, or gone: another look will tell
            LOG.warning("a file in the scan folder of branch %s cannot be read: %s", code, error.strerror)
        return
    key = services.fingerprint(work.settings.master_key, code, name, changed_ns, received.blob.digest)
    with work.sessions() as session:
        begin_write(session)
        services.take_scan(session, branch_id, received, key, now=work.clock())
        session.commit()
    # From here on the file is the portal's: a crash before the move only leads to the move.
    _move(folder, code, name, TAKEN)


def _read(folder: int, name: str, limit: int) -> tuple[bytes, int]:
    """Return the bytes of a file and when it was changed; raises `RefusedFile`, `OSError` (EAGAIN: open for writing)."""
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:
            raise RefusedFile("no_plain_file") from error
        raise
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise RefusedFile("no_plain_file")
        _refuse_open_elsewhere(file.fileno())
        data = file.read(limit + 1)
    if len(data) > limit:
        raise RefusedFile("too_large")
    return data, found.st_mtime_ns


def _refuse_open_elsewhere(descriptor: int) -> None:
    """Raise `OSError` with EAGAIN while anybody has the file open for writing, where the system can tell."""
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        if error.errno == errno.EAGAIN:
            raise
        return  # a share of the network, or somebody else's file: two equal looks have to do
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)


def _examine(work: Work, name: str, data: bytes) -> ReceivedFile:
    """Return a file that is in the store; raises `RefusedFile`, and `StorageFull`: then it stays where it is."""
    try:
        found = work.tools.images.examine(data)
        media_type, pages = found.media_type, found.pages
    except RefusedFile as refused:
        if refused.reason != "unknown_type" or not data.startswith(_ZIP):
            raise
        media_type, pages = ARCHIVE, 0
    return ReceivedFile(work.tools.files.put(io.BytesIO(data)), name, media_type, pages)


def _tell(work: Work, folder: int, name: str, reason: str) -> None:
    """Write beside a refused file why it was refused."""
    text = explain(reason, name, f"{work.clock().astimezone(CHINA):%Y-%m-%d %H:%M}")
    with contextlib.suppress(OSError), _inside(folder, REFUSED) as place:
        target = f"{name[:60]}.txt"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(target, flags, 0o644, dir_fd=place), "w", encoding="utf-8") as file:
            file.write(text)


def _move(folder: int, code: str, name: str, where: str) -> None:
    """Move a file into a sub-folder, never over another one; one that cannot be moved is left alone from now on."""
    try:
        with _inside(folder, where) as place:
            os.rename(name, _free_name(place, name), src_dir_fd=folder, dst_dir_fd=place)
    except OSError as error:
        LOG.warning("a file in the scan folder of branch %s cannot be moved away: %s", code, error.strerror)
        if (code, name) in LOOKS.seen:
            LOOKS.stuck[code, name] = LOOKS.seen[code, name]


@contextlib.contextmanager
def _inside(folder: int, name: str) -> Iterator[int]:
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, dir_fd=folder)
    place = os.open(name, _FOLDER, dir_fd=folder)
    try:
        yield place
    finally:
        os.close(place)


def _free_name(place: int, name: str) -> str:
    number, free = 1, name
    while True:
        try:
            os.stat(free, dir_fd=place, follow_symlinks=False)
        except FileNotFoundError:
            return free
        number += 1
        free = numbered(name, number)
