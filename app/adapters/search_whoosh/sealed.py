"""Whoosh's files with a checksum at their end, made durable when closed, and without pickle.

Whoosh neither checks what it reads nor syncs what it writes, and loads its table of contents by `pickle`, which
would run whatever a stranger put there. Here every file ends with a CRC-32 that is checked before anything in it
is believed, and where pickle is called for there is JSON.
"""

from __future__ import annotations

import json
import os
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.filedb.structfile import StructFile

from app.adapters.search_whoosh.folder import Damaged, sync_folder
from app.adapters.search_whoosh.segments import BitSegment

_SEAL = 4  # bytes
_PIECE = 1 << 20
_LONGEST = 1 << 31


class SealedFile(StructFile):  # type: ignore[misc]  # whoosh has no types
    """A file of an index; safe to `get` from in several threads."""

    def __init__(self, file: BinaryIO, name: str, *, fresh: bool = False) -> None:
        super().__init__(file, name)
        self._fresh = fresh

    def get(self, position: int, length: int) -> bytes:
        """Return `length` bytes from `position`, without moving the shared file position."""
        if not 0 <= length < _LONGEST or position < 0:
            raise Damaged(f"{self} points outside itself")
        found = os.pread(self.fileno(), length, position)
        if len(found) != length:
            raise Damaged(f"{self} ends early")
        return found

    def write_pickle(self, obj: object, protocol: int = -1) -> None:
        """Write what Whoosh would pickle, as JSON."""
        self.write_string4(json.dumps(obj, default=BitSegment.as_json).encode())

    def read_pickle(self) -> Any:
        """Return what `write_pickle` wrote."""
        return json.loads(self.read_string4(), object_hook=BitSegment.from_json)

    def close(self) -> None:
        """Close the file; one that was written is sealed and durable first. Closing twice is no error."""
        if self.is_closed:
            return
        if self._fresh:
            self._seal()
        super().close()

    def _seal(self) -> None:
        self.file.flush()
        self.file.seek(0)
        checksum = 0
        while piece := self.file.read(_PIECE):
            checksum = zlib.crc32(piece, checksum)
        self.file.write(checksum.to_bytes(_SEAL, "big"))
        self.file.flush()
        os.fsync(self.file.fileno())


class SealedStorage(FileStorage):  # type: ignore[misc]  # whoosh has no types
    """A folder of sealed files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._path = folder

    def create_file(self, name: str, **_options: Any) -> SealedFile:
        """Return a new file to be written."""
        return SealedFile((self._path / name).open("w+b"), name, fresh=True)

    def open_file(self, name: str, **_options: Any) -> SealedFile:
        """Return a file to read, after its seal has been checked; raises `Damaged`."""
        file = (self._path / name).open("rb")
        try:
            _check_seal(file, name)
        except BaseException:
            file.close()
            raise
        return SealedFile(file, name) if not name.endswith(".toc") else self._in_memory(file, name)

    def _in_memory(self, file: BinaryIO, name: str) -> SealedFile:
        # Whoosh leaves a table of contents open when it does not like it.
        with file:
            return SealedFile(BytesIO(file.read()), name)

    def file_length(self, name: str) -> int:
        """Return how long a file is without its seal."""
        return (self._path / name).stat().st_size - _SEAL

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Give a file its final name, durably: this is the moment of a commit."""
        super().rename_file(oldname, newname, safe)
        sync_folder(self._path)

    def temp_storage(self, name: str | None = None) -> RamStorage:
        """Return the place for what Whoosh wants to put aside while writing: nothing, with our codec."""
        return RamStorage()


def _check_seal(file: BinaryIO, name: str) -> None:
    checksum, held = 0, b""
    while piece := file.read(_PIECE):
        held += piece
        checksum = zlib.crc32(held[:-_SEAL], checksum)
        held = held[-_SEAL:]
    if len(held) != _SEAL or int.from_bytes(held, "big") != checksum:
        raise Damaged(f"{name} is damaged")
    file.seek(0)
