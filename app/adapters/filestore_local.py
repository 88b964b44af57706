"""The file store on a local disk: `folder/ab/cd/<digest>`, written through `folder/tmp`.

Order of a put: temporary file, fsync, link under its address, fsync of the folders, answer. A crash at any moment
leaves either the whole blob or a nameless draft that `sweep` removes. Nothing plain ever reaches the disk.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.adapters import sealed_blob
from app.adapters.cipher_aesgcm import derive_key
from app.ports import BlobDamaged, BlobMissing, FileTooLarge, StorageFull, StoredBlob

_DEBRIS_AGE = timedelta(hours=1)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


class LocalFileStore:
    """Encrypted, content-addressed bytes in one folder; several processes may share it."""

    def __init__(self, folder: Path, *, master_key: bytes, free_space_floor: int = 512 * 1024 * 1024) -> None:
        """Open the store, making the folder when it is new; `master_key` is 32 bytes, the floor is in bytes."""
        if len(master_key) != 32:
            raise ValueError("the master key must have 32 bytes")
        self._folder = folder
        self._drafts = folder / "tmp"
        self._floor = free_space_floor
        self._address_key = derive_key(master_key, "blob address")
        self._wrapping_key = derive_key(master_key, "blob wrapping")
        self._durable_folders: set[Path] = set()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._drafts.mkdir(mode=0o700, exist_ok=True)
        _fsync_folder(folder.parent)
        _fsync_folder(folder)

    def put(self, source: BinaryIO, *, limit: int | None = None) -> StoredBlob:
        """Keep all of `source`; when this returns, a power cut can no longer lose it.

        Raises `FileTooLarge` past `limit` bytes and `StorageFull`; then nothing is left behind.
        """
        draft = self._drafts / secrets.token_hex(16)
        try:
            with _create(draft) as file:
                blob_key = sealed_blob.new_blob_key()
                blob = self._write_body(file, source, blob_key, limit)
                if self._is_intact(blob.digest):
                    self._make_folders_durable(self._path(blob.digest))
                    return blob
                _write_header(file, sealed_blob.wrap_key(self._wrapping_key, blob_key, blob.digest))
            self._publish(draft, blob.digest)
        except OSError as error:
            if error.errno in _NO_SPACE:
                raise StorageFull from error
            raise
        finally:
            _discard(draft)
        return blob

    def open(self, digest: str) -> Iterator[bytes]:
        """Yield the plain bytes in pieces; raises `BlobMissing` or `BlobDamaged`, if it can before the first piece."""
        pieces = self._pieces(digest)
        # The first piece is read now, so that a missing blob is known before an answer has begun.
        return chain((next(pieces),), pieces)

    def read(self, digest: str) -> bytes:
        """Return the plain bytes at once; raises `BlobMissing` or `BlobDamaged`."""
        return b"".join(self._pieces(digest))

    def delete(self, digest: str) -> None:
        """Forget the bytes for good: the key is overwritten before the name goes; deleting twice is no error."""
        if not _DIGEST.fullmatch(digest):
            return
        path = self._path(digest)
        with contextlib.suppress(FileNotFoundError):
            _erase_header(path)
            path.unlink()
            _fsync_folder(path.parent)

    def has_room(self) -> bool:
        """Say whether the disk is above the free-space floor."""
        disk = os.statvfs(self._folder)
        return disk.f_bavail * disk.f_frsize >= self._floor

    def sweep(self, *, now: datetime) -> int:
        """Remove what interrupted puts left more than an hour ago, and return how many files that were."""
        oldest = (now - _DEBRIS_AGE).timestamp()
        with os.scandir(self._drafts) as drafts:
            debris = [Path(draft.path) for draft in drafts if draft.stat(follow_symlinks=False).st_mtime < oldest]
        for draft in debris:
            _discard(draft)
        return len(debris)

    def _write_body(self, file: BinaryIO, source: BinaryIO, blob_key: bytes, limit: int | None) -> StoredBlob:
        address, fixity = hmac.new(self._address_key, digestmod="sha256"), hashlib.sha256()
        cipher, size = AESGCM(blob_key), 0
        file.write(bytes(sealed_blob.HEADER))
        for index, (piece, last) in enumerate(sealed_blob.cut(source)):
            size += len(piece)
            if limit is not None and size > limit:
                raise FileTooLarge(limit)
            if not self.has_room():
                raise StorageFull
            address.update(piece)
            fixity.update(piece)
            file.write(sealed_blob.seal(cipher, index, piece, last=last))
        return StoredBlob(address.hexdigest(), fixity.hexdigest(), size)

    def _publish(self, draft: Path, digest: str) -> None:
        path = self._path(digest)
        path.parent.parent.mkdir(mode=0o700, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            # A link, unlike a rename, never replaces: of two equal puts one wins and the other's key is erased.
            path.hardlink_to(draft)
        except FileExistsError:
            if not self._is_intact(digest):
                draft.replace(path)
        self._make_folders_durable(path)

    def _make_folders_durable(self, path: Path) -> None:
        _fsync_folder(path.parent)
        if path.parent not in self._durable_folders:
            # Whoever made these folders may have died before making them durable.
            _fsync_folder(path.parent.parent)
            _fsync_folder(self._folder)
            self._durable_folders.add(path.parent)

    def _is_intact(self, digest: str) -> bool:
        try:
            for _ in self._pieces(digest):
                pass
        except (BlobMissing, BlobDamaged):
            return False
        return True

    def _pieces(self, digest: str) -> Iterator[bytes]:
        with self._opened(digest) as file:
            length = os.fstat(file.fileno()).st_size - sealed_blob.HEADER
            key = sealed_blob.unwrap_key(self._wrapping_key, file.read(sealed_blob.HEADER), digest)
            yield from sealed_blob.unseal(AESGCM(key), file, length)

    def _opened(self, digest: str) -> BinaryIO:
        if not _DIGEST.fullmatch(digest):
            raise BlobMissing(digest)
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError as error:
            raise BlobMissing(digest) from error

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:4] / digest


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def _write_header(file: BinaryIO, header: bytes) -> None:
    file.seek(0)
    file.write(header)
    file.flush()
    os.fsync(file.fileno())


def _discard(draft: Path) -> None:
    """Remove a draft; when it never became a blob, its key is overwritten first."""
    with contextlib.suppress(FileNotFoundError):
        if draft.stat().st_nlink == 1:
            with contextlib.suppress(OSError):  # the name must go even where nothing can be written
                _erase_header(draft)
        draft.unlink()


def _erase_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(sealed_blob.HEADER))
        file.flush()
        os.fsync(file.fileno())


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
