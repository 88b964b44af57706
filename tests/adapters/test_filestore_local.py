"""What the store on a local disk promises beyond the contract: nothing plain, nothing half, nothing altered unseen."""

from __future__ import annotations

import io
import os
import random
import shutil
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.adapters import sealed_blob
from app.adapters.filestore_local import LocalFileStore
from app.ports import BlobDamaged, FileTooLarge, StorageFull, StoredBlob

KEY = bytes(range(32))
WHOLE = sealed_blob.PIECE + 16
ROOT = Path(__file__).parents[2]
MARK = b"330106199001011234 a health report "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def store(folder: Path) -> LocalFileStore:
    return LocalFileStore(folder, master_key=KEY, free_space_floor=0)


def put(store: LocalFileStore, size: int = 3 * sealed_blob.PIECE + 100, seed: int = 1) -> StoredBlob:
    return store.put(io.BytesIO(random.Random(seed).randbytes(size)))


def place(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest[2:4] / digest


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def assert_damaged(store: LocalFileStore, digest: str) -> None:
    with pytest.raises(BlobDamaged):
        store.read(digest)
    with pytest.raises(BlobDamaged):
        b"".join(store.open(digest))


def test_a_blob_lies_under_its_address_and_nothing_else_lies_there(store: LocalFileStore, folder: Path) -> None:
    blob = put(store)
    put(store)

    assert files_in(folder) == [place(folder, blob.digest)]


def test_only_the_owner_may_look(store: LocalFileStore, folder: Path) -> None:
    old = os.umask(0)
    try:
        blob = put(store)
    finally:
        os.umask(old)

    path = place(folder, blob.digest)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for parent in (path.parent, path.parent.parent, folder, folder / "tmp"):
        assert stat.S_IMODE(parent.stat().st_mode) == 0o700


def test_no_plain_byte_is_on_the_disk_while_a_put_is_under_way(store: LocalFileStore, folder: Path) -> None:
    seen: list[bytes] = []

    class Spying(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            seen.extend(path.read_bytes() for path in files_in(folder))
            return super().read(size)

    blob = store.put(Spying(MARK * 40_000))
    seen.append(place(folder, blob.digest).read_bytes())

    assert len(seen[-2]) > sealed_blob.PIECE
    assert not any(MARK in content for content in seen)


def test_two_blobs_have_two_keys(folder: Path, tmp_path: Path) -> None:
    first = LocalFileStore(folder, master_key=KEY, free_space_floor=0)
    second = LocalFileStore(tmp_path / "other", master_key=KEY, free_space_floor=0)

    one, two = put(first), put(second)

    assert one == two
    ours, theirs = place(folder, one.digest).read_bytes(), place(tmp_path / "other", two.digest).read_bytes()
    assert ours[sealed_blob.HEADER :] != theirs[sealed_blob.HEADER :]


@pytest.mark.parametrize("length", [0, 1, sealed_blob.HEADER - 1, sealed_blob.HEADER, sealed_blob.HEADER + 15])
def test_a_blob_cut_in_its_head_is_damaged(store: LocalFileStore, folder: Path, length: int) -> None:
    blob = put(store)

    os.truncate(place(folder, blob.digest), length)

    assert_damaged(store, blob.digest)


@pytest.mark.parametrize("pieces", [1, 2, 3])
@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_blob_cut_at_or_near_a_piece_border_is_damaged(
    store: LocalFileStore, folder: Path, pieces: int, extra: int
) -> None:
    blob = put(store)

    os.truncate(place(folder, blob.digest), sealed_blob.HEADER + pieces * WHOLE + extra)

    assert_damaged(store, blob.digest)


def test_swapped_pieces_are_damage(store: LocalFileStore, folder: Path) -> None:
    blob = put(store)
    path = place(folder, blob.digest)
    raw = path.read_bytes()
    head, rest = raw[: sealed_blob.HEADER], raw[sealed_blob.HEADER :]

    path.write_bytes(head + rest[WHOLE : 2 * WHOLE] + rest[:WHOLE] + rest[2 * WHOLE :])

    assert_damaged(store, blob.digest)


@pytest.mark.parametrize("size", [100, sealed_blob.PIECE, 2 * sealed_blob.PIECE])
def test_appended_bytes_are_damage(store: LocalFileStore, folder: Path, size: int) -> None:
    blob = put(store, size)
    path = place(folder, blob.digest)
    raw = path.read_bytes()

    for tail in (b"\0", raw[sealed_blob.HEADER :]):
        path.write_bytes(raw + tail)
        assert_damaged(store, blob.digest)


def test_every_flipped_bit_is_damage(store: LocalFileStore, folder: Path) -> None:
    blob = put(store, 600)
    path = place(folder, blob.digest)
    raw = path.read_bytes()

    for position in range(len(raw)):
        path.write_bytes(raw[:position] + bytes([raw[position] ^ 1 << position % 8]) + raw[position + 1 :])
        with pytest.raises(BlobDamaged):
            store.read(blob.digest)


def test_another_master_key_opens_nothing(store: LocalFileStore, folder: Path) -> None:
    blob = put(store)

    assert_damaged(LocalFileStore(folder, master_key=bytes(32), free_space_floor=0), blob.digest)


def test_a_blob_moved_to_another_address_is_damaged(store: LocalFileStore, folder: Path) -> None:
    one, two = put(store, seed=1), put(store, seed=2)

    shutil.copy(place(folder, one.digest), place(folder, two.digest))

    assert_damaged(store, two.digest)


def test_putting_the_content_again_heals_a_damaged_blob(store: LocalFileStore, folder: Path) -> None:
    blob = put(store)
    os.truncate(place(folder, blob.digest), 500)

    assert put(store) == blob

    assert len(store.read(blob.digest)) == blob.size
    assert files_in(folder) == [place(folder, blob.digest)]


def test_deleting_erases_the_key_before_the_name(store: LocalFileStore, folder: Path) -> None:
    blob = put(store)
    path = place(folder, blob.digest)
    header = path.read_bytes()[: sealed_blob.HEADER]

    with path.open("rb") as still_open:
        store.delete(blob.digest)

        assert still_open.read(sealed_blob.HEADER) != header
    assert files_in(folder) == []


def test_a_master_key_of_another_length_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        LocalFileStore(folder, master_key=b"short")


@pytest.mark.parametrize("size", [1, sealed_blob.PIECE * 3])
def test_nothing_is_left_of_a_file_that_is_too_large(store: LocalFileStore, folder: Path, size: int) -> None:
    with pytest.raises(FileTooLarge):
        store.put(io.BytesIO(bytes(size)), limit=size - 1)

    assert files_in(folder) == []


def test_nothing_is_left_of_a_source_that_breaks_off(store: LocalFileStore, folder: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > sealed_blob.PIECE:
                raise ConnectionResetError
            return super().read(size)

    with pytest.raises(ConnectionResetError):
        store.put(Broken(bytes(5 * sealed_blob.PIECE)))

    assert files_in(folder) == []


def test_below_the_floor_nothing_is_kept_and_reading_goes_on(store: LocalFileStore, folder: Path) -> None:
    blob = put(store)
    full = LocalFileStore(folder, master_key=KEY, free_space_floor=1 << 60)

    with pytest.raises(StorageFull):
        put(full, seed=2)

    assert not full.has_room()
    assert files_in(folder) == [place(folder, blob.digest)]
    assert len(full.read(blob.digest)) == blob.size


FILL_A_SMALL_DISK = """
import io, os, sys
from pathlib import Path
from app.adapters.filestore_local import LocalFileStore
from app.ports import StorageFull
folder = Path(sys.argv[1])
store = LocalFileStore(folder, master_key=bytes(32), free_space_floor=0)
kept = []
while True:
    content = os.urandom(300_000)
    try:
        kept.append((store.put(io.BytesIO(content)).digest, content))
    except StorageFull:
        break
assert kept, "nothing fitted"
assert all(store.read(digest) == content for digest, content in kept)
assert sorted(p.name for p in folder.rglob("*") if p.is_file()) == sorted(d for d, _ in kept)
store.delete(kept[0][0])
store.put(io.BytesIO(kept[0][1]))
print("filled after", len(kept))
"""


def test_a_disk_that_is_really_full_keeps_nothing_half(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=4m none "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "-rm", "sh", "-ec", mount, "sh", str(tmp_path), sys.executable, FILL_A_SMALL_DISK]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("no mounts of our own here")
    assert done.returncode == 0, done.stderr
    assert "filled after" in done.stdout


def test_the_sweep_removes_old_drafts_only(store: LocalFileStore, folder: Path) -> None:
    blob = put(store)
    now = datetime.now(UTC)
    old, fresh = folder / "tmp" / "old", folder / "tmp" / "fresh"
    for draft, age in ((old, timedelta(minutes=61)), (fresh, timedelta(minutes=59))):
        draft.write_bytes(b"half a blob")
        os.utime(draft, times=((now - age).timestamp(),) * 2)

    assert store.sweep(now=now) == 1

    assert files_in(folder) == sorted([fresh, place(folder, blob.digest)])


def test_the_sweep_spares_a_blob_whose_draft_was_left_behind(store: LocalFileStore, folder: Path) -> None:
    blob = put(store)
    # A crash between the link and the removal of the draft leaves two names for one file.
    (folder / "tmp" / "twin").hardlink_to(place(folder, blob.digest))

    assert store.sweep(now=datetime.now(UTC) + timedelta(hours=2)) == 1

    assert len(store.read(blob.digest)) == blob.size


def test_readers_never_see_a_half_blob_while_others_put_and_delete(store: LocalFileStore) -> None:
    plain = random.Random(3).randbytes(2 * sealed_blob.PIECE)
    digest = store.put(io.BytesIO(plain)).digest
    wrong: list[bytes] = []

    def put_often() -> None:
        for _ in range(40):
            store.put(io.BytesIO(plain))

    def read_often() -> None:
        wrong.extend(content for _ in range(60) if (content := store.read(digest)) != plain)

    threads = [threading.Thread(target=work) for work in (put_often, put_often, read_often, read_often)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
