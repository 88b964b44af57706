"""The shape of a sealed blob: a key of its own, pieces that cannot be cut, swapped or stretched.

    magic 8 · nonce 12 · wrapped key 48 | sealed piece 0 | sealed piece 1 | … | sealed last piece

Each piece is at most 256 KiB of plain bytes under AES-256-GCM; its number and whether it is the last are
authenticated with it, so a blob that was truncated, reordered or lengthened does not open. The blob's key is
wrapped under the instance's key together with the blob's address, so a file moved to another name does not open
either. The header is written last and erased first: without it the rest is noise.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.ports import BlobDamaged

PIECE = 256 * 1024
_TAG = 16
_MAGIC = b"BAODANG\x01"
_NONCE = 12
_KEY = 32
HEADER = len(_MAGIC) + _NONCE + _KEY + _TAG


def new_blob_key() -> bytes:
    """Return a fresh random key, for one blob only."""
    return AESGCM.generate_key(bit_length=_KEY * 8)


def wrap_key(wrapping_key: bytes, blob_key: bytes, digest: str) -> bytes:
    """Return the header that lets `wrapping_key` open the blob at the address `digest`."""
    nonce = os.urandom(_NONCE)
    return _MAGIC + nonce + AESGCM(wrapping_key).encrypt(nonce, blob_key, _MAGIC + digest.encode())


def unwrap_key(wrapping_key: bytes, header: bytes, digest: str) -> bytes:
    """Return the blob's key; raises `BlobDamaged` for a foreign, erased or misplaced header."""
    if len(header) != HEADER or not header.startswith(_MAGIC):
        raise BlobDamaged(digest)
    nonce, wrapped = header[len(_MAGIC) : len(_MAGIC) + _NONCE], header[len(_MAGIC) + _NONCE :]
    try:
        return AESGCM(wrapping_key).decrypt(nonce, wrapped, _MAGIC + digest.encode())
    except InvalidTag as error:
        raise BlobDamaged(digest) from error


def cut(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield the pieces of `source`, each with whether it is the last; an empty source is one empty piece."""
    piece = _read_fully(source)
    while len(piece) == PIECE:
        following = _read_fully(source)
        if not following:
            break
        yield piece, False
        piece = following
    yield piece, True


def _read_fully(source: BinaryIO) -> bytes:
    # A socket may answer with less than was asked for; only an empty answer is the end.
    parts, missing = [], PIECE
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def seal(cipher: AESGCM, index: int, piece: bytes, *, last: bool) -> bytes:
    """Return one piece encrypted and bound to its place."""
    return cipher.encrypt(index.to_bytes(_NONCE, "big"), piece, _place(index, last=last))


def unseal(cipher: AESGCM, file: BinaryIO, length: int) -> Iterator[bytes]:
    """Yield the plain pieces of the `length` bytes that follow in `file`; raises `BlobDamaged`."""
    count = max(1, -(-length // (PIECE + _TAG)))
    for index in range(count):
        yield _unseal_piece(cipher, index, file.read(PIECE + _TAG), last=index == count - 1)


def _unseal_piece(cipher: AESGCM, index: int, sealed: bytes, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(index.to_bytes(_NONCE, "big"), sealed, _place(index, last=last))
    except InvalidTag as error:
        raise BlobDamaged(f"piece {index}") from error


def _place(index: int, *, last: bool) -> bytes:
    return index.to_bytes(8, "big") + (b"\x01" if last else b"\x00")
