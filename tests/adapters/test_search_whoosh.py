"""What is peculiar to the index on Whoosh: its files, its one writer, its snapshots, damage and sudden death."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.adapters.search_whoosh import WhooshIndex
from app.adapters.search_whoosh import index as index_module
from app.adapters.search_whoosh.bitsets import BitsetCache, members_of, pack, unpack, unpack_members
from app.adapters.search_whoosh.terms import TermTable, write_terms
from app.ports import IndexBusy, IndexUnavailable, ScopeClause, SearchEntry

KINDS = frozenset({"customer", "document"})
EVERYTHING = [ScopeClause(KINDS, None, None, 4)]
ROOT = Path(__file__).parents[2]


def blind(text: str) -> str:
    return blake2b(text.encode(), key=b"index key of the tests", digest_size=8).hexdigest()


def make_entry(number: int, title: str = "王芳", body: str = "", numbers: tuple[str, ...] = ()) -> SearchEntry:
    return SearchEntry(f"customer-{number}", "customer", title, numbers, body, 1, None, 1, 20_000 + number)


def found(index: WhooshIndex, text: str) -> set[str]:
    return set(index.search(text, EVERYTHING, limit=100_000).keys)


def build_of(folder: Path) -> Path:
    return folder / (folder / "current").read_text().split()[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> Iterator[WhooshIndex]:
    made = WhooshIndex(folder, blind=blind)
    made.rebuild(make_entry(number) for number in range(50))
    yield made
    made.close()


# --- what lies on the disk -------------------------------------------------------------------------


def test_long_numbers_do_not_lie_in_the_files(index: WhooshIndex, folder: Path) -> None:
    secret = ["110101199003070011", "13800001111", "P000000000777", "6222021234567890123", "20240315"]
    text = "证件号110101199003070011，电话138-0000-1111，卡6222 0212 3456 7890 123，保单P000000000777，2024-03-15起"

    index.apply([make_entry(1, title=text, body=text, numbers=tuple(secret))], [])

    raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for number in [*secret, "138-0000", "0000-1111", "0212", "3456", "7890"]:
        assert number.lower().encode() not in raw.lower()
    for number in secret:
        assert found(index, number) == {"customer-1"}


def test_nothing_is_ever_unpickled(index: WhooshIndex, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        pytest.fail("a pickle was loaded")

    monkeypatch.setattr("whoosh.filedb.structfile.load_pickle", refuse)
    monkeypatch.setattr("whoosh.index.pickle.loads", refuse)
    monkeypatch.setattr("pickle.load", refuse)
    monkeypatch.setattr("pickle.loads", refuse)

    index.apply([make_entry(99, title="欧阳")], ["customer-3"])
    assert found(WhooshIndex(folder, blind=blind), "欧阳") == {"customer-99"}


def test_the_folder_is_for_our_eyes_only(index: WhooshIndex, folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert build_of(folder).stat().st_mode & 0o777 == 0o700


def test_the_number_of_segments_stays_small(index: WhooshIndex, folder: Path) -> None:
    for number in range(120):
        index.apply([make_entry(number % 70, title="张伟")], [])

    assert len(list(folder.rglob("*.trm"))) <= 20
    assert len(found(index, "张伟")) == 70
    assert found(index, "王芳") == set()


def test_what_is_deleted_leaves_the_disk(index: WhooshIndex, folder: Path) -> None:
    index.apply([make_entry(1, title="欧阳修")], [])

    index.apply([], [f"customer-{number}" for number in range(50)])

    assert not list(folder.rglob("*.trm"))
    assert found(index, "王") == set()


def test_only_files_in_use_stay_open(index: WhooshIndex, folder: Path) -> None:
    for number in range(30):
        index.apply([make_entry(number, title="张伟")], [])
        found(index, "张")

    assert _open_files(folder) == sorted(str(path) for path in folder.rglob("*.trm"))
    index.close()
    assert _open_files(folder) == []
    assert found(index, "张")


def _open_files(folder: Path) -> list[str]:
    links = [path for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return sorted(target for target in (str(link.readlink()) for link in links) if target.startswith(str(folder)))


def test_the_module_is_cheap_to_import() -> None:
    program = (
        "import sys, pathlib\n"
        "from app.adapters.search_whoosh import WhooshIndex\n"
        "WhooshIndex(pathlib.Path('nowhere'), blind=str)\n"
        "sys.exit('whoosh' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0


# --- damage ----------------------------------------------------------------------------------------


def _remove(path: Path) -> None:
    path.unlink()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 4
    path.write_bytes(bytes(raw))


def _overwrite(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def _extend(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0" * 8)


@pytest.mark.parametrize("damage", [_remove, _empty, _cut, _flip, _overwrite, _extend])
@pytest.mark.parametrize("name", ["*.toc", "*.trm", "*.doc"])
def test_damage_of_any_kind_is_told_in_one_way(
    index: WhooshIndex, folder: Path, damage: Callable[[Path], None], name: str
) -> None:
    (victim,) = build_of(folder).glob(name)
    damage(victim)
    fresh = WhooshIndex(folder, blind=blind)

    for _ in range(2):
        with pytest.raises(IndexUnavailable):
            fresh.search("王芳", EVERYTHING)
        with pytest.raises(IndexUnavailable):
            fresh.apply([make_entry(1)], [])

    fresh.rebuild([make_entry(1)])
    assert found(fresh, "王芳") == found(index, "王芳") == {"customer-1"}


def test_every_flipped_bit_is_noticed(index: WhooshIndex, folder: Path) -> None:
    chance = random.Random(4)
    files = [path for path in build_of(folder).iterdir() if path.is_file()]
    for _ in range(100):
        victim = chance.choice(files)
        whole = victim.read_bytes()
        raw = bytearray(whole)
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        victim.write_bytes(bytes(raw))

        with pytest.raises(IndexUnavailable):
            WhooshIndex(folder, blind=blind).search("王芳", EVERYTHING)

        victim.write_bytes(whole)
    assert len(found(WhooshIndex(folder, blind=blind), "王芳")) == 50


@pytest.mark.parametrize(
    "pointer", ["", "v1-0123456789abcdef", "../outside x", "/etc x", "v0-0123456789abcdef x", "\xff\xfe", "a b c"]
)
def test_a_pointer_to_anything_else_is_not_followed(index: WhooshIndex, folder: Path, pointer: str) -> None:
    (folder / "current").write_text(pointer, "latin-1")

    with pytest.raises(IndexUnavailable):
        index.search("王芳", EVERYTHING)


def test_a_build_outside_the_folder_is_not_opened(index: WhooshIndex, folder: Path, tmp_path: Path) -> None:
    build_of(folder).rename(tmp_path / "elsewhere")
    pointer = (folder / "current").read_text()
    (folder / "current").write_text(pointer.replace(pointer.split()[0], "../elsewhere"))

    with pytest.raises(IndexUnavailable):
        index.search("王芳", EVERYTHING)


def test_a_link_out_of_the_folder_is_not_followed(index: WhooshIndex, folder: Path, tmp_path: Path) -> None:
    build = build_of(folder)
    build.rename(tmp_path / "elsewhere")
    build.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(IndexUnavailable):
        index.search("王芳", EVERYTHING)


def test_an_index_under_another_key_is_not_used(index: WhooshIndex, folder: Path) -> None:
    other = WhooshIndex(folder, blind=lambda text: blind(text + "x"))

    with pytest.raises(IndexUnavailable):
        other.search("王芳", EVERYTHING)


def test_a_file_cut_while_it_is_open_is_noticed(index: WhooshIndex, folder: Path) -> None:
    found(index, "芳")
    (terms,) = folder.rglob("*.trm")
    os.truncate(terms, 100)

    with pytest.raises(IndexUnavailable):
        index.search("张伟 王芳 P777", EVERYTHING)


def test_a_full_disk_is_told_and_changes_nothing(index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", no_space)
        with pytest.raises(IndexUnavailable):
            index.apply([make_entry(1, title="欧阳")], ["customer-2"])
        with pytest.raises(IndexUnavailable):
            index.rebuild([])

    assert found(index, "欧阳") == set()
    assert len(found(index, "王芳")) == 50
    index.apply([make_entry(1, title="欧阳")], [])
    assert found(index, "欧阳") == {"customer-1"}


def test_a_rebuild_that_breaks_off_leaves_the_old_index(index: WhooshIndex, folder: Path) -> None:
    def entries() -> Iterator[SearchEntry]:
        yield make_entry(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        index.rebuild(entries())

    assert len(found(index, "王芳")) == 50
    assert len(list(folder.glob("v1-*"))) == 1


# --- one writer, many readers ----------------------------------------------------------------------


def test_a_second_writer_is_told_so(index: WhooshIndex, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "_PATIENCE", 0.1)
    second = WhooshIndex(folder, blind=blind)

    def entries() -> Iterator[SearchEntry]:
        yield make_entry(1, title="欧阳")
        with pytest.raises(IndexBusy):
            second.apply([make_entry(2)], [])
        with pytest.raises(IndexBusy):
            second.rebuild([])
        assert _write_elsewhere(folder) == "IndexBusy"
        assert len(found(second, "王芳")) == 50

    index.rebuild(entries())

    assert _write_elsewhere(folder) == "written"
    assert found(second, "欧阳") == {"customer-1", "customer-7"}


def _write_elsewhere(folder: Path) -> str:
    return subprocess.run([*_writer(folder), "once"], cwd=ROOT, capture_output=True, text=True).stdout.strip()


_PROGRAM = """
import sys
from hashlib import blake2b
from pathlib import Path
from app.adapters.search_whoosh import WhooshIndex, index as index_module
from app.ports import IndexBusy, SearchEntry

def blind(text):
    return blake2b(text.encode(), key=b"index key of the tests", digest_size=8).hexdigest()

def make_entry(number, title):
    return SearchEntry(f"customer-{number}", "customer", title, (), "", 1, None, 1, 20_000 + number)

index_module._PATIENCE = 0.1
index = WhooshIndex(Path(sys.argv[1]), blind=blind)
if sys.argv[2] == "once":
    try:
        index.apply([make_entry(7, title="欧阳")], [])
        print("written")
    except IndexBusy as busy:
        print(type(busy).__name__)
else:
    first = int(sys.argv[2])
    for number in range(first, first + 100_000):
        index.apply([make_entry(number, title="欧阳"), make_entry(10**6, title=f"上官{number}")], [])
        print(number, flush=True)
"""


def _writer(folder: Path) -> list[str]:
    return [sys.executable, "-c", _PROGRAM, str(folder)]


def test_a_killed_writer_loses_nothing_that_it_acknowledged(index: WhooshIndex, folder: Path) -> None:
    chance = random.Random(9)
    acknowledged: set[str] = set()
    first = 1000
    for _ in range(5):
        writer = subprocess.Popen([*_writer(folder), str(first)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(chance.randrange(3, 25))]
        time.sleep(chance.random() / 50)
        writer.kill()
        lines += writer.communicate()[0].splitlines()
        numbers = [int(line) for line in lines if line.strip()]
        acknowledged |= {f"customer-{number}" for number in numbers}

        there = found(index, "欧阳")

        assert there >= acknowledged
        assert len(there) <= len(acknowledged) + 5  # at most the commit of each that was about to be acknowledged
        assert len(found(index, "上官")) == 1
        first = max(numbers) + 2
    index.apply([make_entry(7, title="欧阳")], [])
    assert "customer-7" in found(index, "欧阳")
    assert not [path for path in build_of(folder).iterdir() if path.suffix not in {".toc", ".trm", ".doc"}]


def test_readers_never_notice_a_writer_in_another_process(index: WhooshIndex, folder: Path) -> None:
    writer = subprocess.Popen([*_writer(folder), "1000"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    seen = 0
    try:
        for line in writer.stdout:
            there = found(index, "欧阳")
            assert f"customer-{line.strip()}" in there
            assert len(there) >= seen
            seen = len(there)
            assert len(found(index, "上官")) == 1
            if seen >= 60:
                break
    finally:
        writer.kill()
        writer.communicate()


def test_searches_go_on_while_indexes_are_swapped(index: WhooshIndex) -> None:
    faults: list[object] = []
    sizes = {50}
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            try:
                hits = index.search("王芳", EVERYTHING, limit=1000)
                if hits.total != len(hits.keys) or hits.total not in sizes:
                    faults.append(hits.total)
            except IndexUnavailable as fault:
                faults.append(fault)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for size in range(60, 75):
        sizes |= {size, size + 1}
        index.rebuild(make_entry(number) for number in range(size))
        index.apply([make_entry(10**6)], [])
    done.set()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(found(index, "王芳")) == 75


def test_a_snapshot_in_use_outlives_the_build_it_shows(index: WhooshIndex) -> None:
    snapshots = index._snapshots()
    with snapshots.newest() as before:
        index.rebuild([make_entry(1)])
        assert found(index, "王芳") == {"customer-1"}

        still = sum(opened.look_up(b"t", "王芳").bit_count() for opened, _ in before.segments)

        assert still == 50
    assert before.segments == []


def test_leftovers_of_a_killed_commit_are_removed_by_the_next(index: WhooshIndex, folder: Path) -> None:
    build = build_of(folder)
    for name in ("_MAIN_9.toc.1790000000.25", "MAIN_0123456789abcdef.trm", "MAIN_0123456789abcdef.doc"):
        (build / name).write_bytes(b"half a")

    index.apply([make_entry(1)], [])

    assert len(list(build.iterdir())) == 5  # a table of contents and two files for each of two segments


def test_leftovers_of_a_killed_rebuild_are_removed_by_the_next(index: WhooshIndex, folder: Path) -> None:
    (folder / "v1-00000000000000ff").mkdir()
    (folder / "v0-00000000000000ff").mkdir()

    index.rebuild([make_entry(1)])

    assert [path.name for path in folder.iterdir() if path.is_dir()] == [build_of(folder).name]


# --- terms and sets ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("documents", [1, 60, 1000, 1 << 16, (1 << 16) + 1, 200_000])
@pytest.mark.parametrize("share", [0.0005, 0.01, 0.2, 1.0])
def test_a_packed_set_comes_back(documents: int, share: float) -> None:
    members = random.Random(documents).sample(range(documents), max(1, int(documents * share)))

    record = pack(members, documents)

    assert unpack_members(record) == sorted(members)
    assert list(members_of(unpack(record))) == sorted(members)
    assert unpack(record).bit_count() == len(members)
    assert len(record) <= documents // 8 + 3


@given(
    st.dictionaries(st.binary(min_size=1, max_size=300), st.binary(max_size=3000), max_size=60), st.binary(min_size=1)
)
@example({b"a": b"\x01b\x00", b"b": b""}, b"b")
@example({}, b"a")
def test_every_term_is_found_and_no_other(terms: dict[bytes, bytes], stranger: bytes) -> None:
    file = io.BytesIO()
    write_terms(file, sorted(terms.items()))
    raw = file.getvalue()

    table = TermTable(lambda position, length: raw[position : position + length], len(raw))

    assert list(table.records()) == sorted(terms.items())
    assert all(table.find(term) == value for term, value in terms.items())
    assert table.find(stranger) == terms.get(stranger)


def test_the_cache_keeps_to_its_budget_and_drops_the_oldest() -> None:
    cache = BitsetCache(100_000)
    for number in range(500):
        cache.put("s1", number, 1 << 8000)
        cache.get("s1", 0)

    assert cache.used <= 100_000
    assert cache.get("s1", 0) is not None
    assert cache.get("s1", 1) is None
    cache.forget("s1")
    assert cache.used == 0
    assert cache.get("s1", 0) is None
