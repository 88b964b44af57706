"""What every file store promises, whatever it stands on."""

from __future__ import annotations

import hashlib
import io
import random
import threading
from pathlib import Path

import pytest

from app.adapters.filestore_local import LocalFileStore
from app.ports import BlobMissing, FileStore, FileTooLarge

PIECE = 256 * 1024
SIZES = [0, 1, 1000, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7]


@pytest.fixture(params=["local"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    return LocalFileStore(tmp_path / "blobs", master_key=bytes(range(32)), free_space_floor=0)


def some_bytes(size: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_put_is_read_back(store: FileStore, size: int) -> None:
    plain = some_bytes(size)

    blob = store.put(io.BytesIO(plain))

    assert store.read(blob.digest) == plain
    assert b"".join(store.open(blob.digest)) == plain
    assert (blob.size, blob.sha256) == (size, hashlib.sha256(plain).hexdigest())


def test_the_address_is_not_the_plain_hash(store: FileStore) -> None:
    blob = store.put(io.BytesIO(b"a policy"))

    assert blob.digest != blob.sha256
    assert len(blob.digest) == 64


def test_a_source_that_answers_in_crumbs_is_kept_whole(store: FileStore) -> None:
    class Crumbs(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 1, 1013))

    plain = some_bytes(PIECE * 2 + 5)

    blob = store.put(Crumbs(plain))

    assert store.read(blob.digest) == plain


def test_the_same_content_twice_is_one_blob(store: FileStore) -> None:
    first = store.put(io.BytesIO(b"same"))

    second = store.put(io.BytesIO(b"same"))

    assert first == second
    assert store.read(first.digest) == b"same"


def test_different_content_has_different_addresses(store: FileStore) -> None:
    first, second = store.put(io.BytesIO(b"one")), store.put(io.BytesIO(b"two"))

    assert first.digest != second.digest


@pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 1])
def test_a_file_exactly_at_the_limit_is_kept(store: FileStore, size: int) -> None:
    blob = store.put(io.BytesIO(some_bytes(size)), limit=size)

    assert blob.size == size


@pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 1])
def test_a_file_one_byte_past_the_limit_is_refused(store: FileStore, size: int) -> None:
    with pytest.raises(FileTooLarge) as caught:
        store.put(io.BytesIO(some_bytes(size + 1)), limit=size)

    assert caught.value.limit == size


def test_a_refused_file_does_not_hurt_the_kept_one(store: FileStore) -> None:
    blob = store.put(io.BytesIO(b"0123456789"))

    with pytest.raises(FileTooLarge):
        store.put(io.BytesIO(b"0123456789"), limit=5)

    assert store.read(blob.digest) == b"0123456789"


@pytest.mark.parametrize("digest", ["0" * 64, "", "tmp", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_an_unknown_or_impossible_address_is_missing(store: FileStore, digest: str) -> None:
    with pytest.raises(BlobMissing):
        store.read(digest)
    with pytest.raises(BlobMissing):
        store.open(digest)  # before the first piece is asked for
    store.delete(digest)


def test_a_deleted_blob_is_missing(store: FileStore) -> None:
    blob = store.put(io.BytesIO(b"gone"))

    store.delete(blob.digest)
    store.delete(blob.digest)

    with pytest.raises(BlobMissing):
        store.read(blob.digest)


def test_a_deleted_blob_can_be_put_again(store: FileStore) -> None:
    blob = store.put(io.BytesIO(b"back"))
    store.delete(blob.digest)

    again = store.put(io.BytesIO(b"back"))

    assert again == blob
    assert store.read(blob.digest) == b"back"


def test_a_reader_may_stop_early(store: FileStore) -> None:
    plain = some_bytes(3 * PIECE)
    blob = store.put(io.BytesIO(plain))

    first = next(store.open(blob.digest))

    assert plain.startswith(first)


def test_there_is_room_without_a_floor(store: FileStore) -> None:
    assert store.has_room()


def test_many_threads_may_put_the_same_content(store: FileStore) -> None:
    plain = some_bytes(PIECE + 3)
    digests: list[str] = []
    start = threading.Barrier(8)

    def put() -> None:
        start.wait()
        digests.extend(store.put(io.BytesIO(plain)).digest for _ in range(10))

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(digests) == 80
    assert len(set(digests)) == 1
    assert store.read(digests[0]) == plain
