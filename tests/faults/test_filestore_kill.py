"""A file store killed at any moment has every blob that it acknowledged."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.adapters.filestore_local import LocalFileStore

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))
SEED = 20261122
PUT_IN_A_LOOP = """
import io, itertools, random, sys
from pathlib import Path
from app.adapters.filestore_local import LocalFileStore
store = LocalFileStore(Path(sys.argv[1]), master_key=bytes(range(32)), free_space_floor=0)
print("ready", flush=True)
for number in itertools.count():
    seed = int(sys.argv[2]) * 100_000 + number
    chance = random.Random(seed)
    blob = store.put(io.BytesIO(chance.randbytes(chance.choice([0, 900, 150_000, 262_144, 900_000]))))
    print(seed, blob.digest, flush=True)
"""


def content_of(seed: int) -> bytes:
    chance = random.Random(seed)
    return chance.randbytes(chance.choice([0, 900, 150_000, 262_144, 900_000]))


def put_until_killed(folder: Path, turn: int, seconds: float) -> list[tuple[int, str]]:
    """Return what one process acknowledged before its kill -9."""
    command = [sys.executable, "-c", PUT_IN_A_LOOP, str(folder), str(turn)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.kill()
        lines = [line.split() for line in process.stdout if line.endswith("\n")]
    return [(int(seed), digest) for seed, digest in lines]


def test_thirty_kills_lose_no_acknowledged_blob_and_leave_no_half_one(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    acknowledged: list[tuple[int, str]] = []

    for turn in range(30):
        acknowledged += put_until_killed(tmp_path, turn, chance.uniform(0, 0.15))

    store = LocalFileStore(tmp_path, master_key=KEY, free_space_floor=0)
    assert len(acknowledged) > 30
    for seed, digest in acknowledged:
        assert store.read(digest) == content_of(seed), f"seed {SEED}"
    for path in tmp_path.glob("??/??/*"):
        store.read(path.name)  # acknowledged or not, what has a name is whole
    debris = len(list((tmp_path / "tmp").iterdir()))
    assert store.sweep(now=datetime.now(UTC) + timedelta(hours=2)) == debris
    assert list((tmp_path / "tmp").iterdir()) == []
    for _, digest in acknowledged:
        store.read(digest)


PUT_ONCE = """
import io, sys
from pathlib import Path
from app.adapters.filestore_local import LocalFileStore
store = LocalFileStore(Path(sys.argv[1]), master_key=bytes(range(32)), free_space_floor=0)
print("begin", flush=True)
print(store.put(io.BytesIO(b"one policy")).digest, flush=True)
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_the_answer_comes_after_the_disk_has_everything(tmp_path: Path) -> None:
    """A kill cannot show a missing fsync; the order of the calls can."""
    watched = "trace=write,fsync,linkat,link"
    command = ["strace", "-y", "-s", "100", "-e", watched, sys.executable, "-c", PUT_ONCE, str(tmp_path)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    if done.returncode != 0 and "ptrace" in done.stderr.lower():
        pytest.skip("no tracing here")
    digest = done.stdout.split()[1]
    store, near = re.escape(str(tmp_path)), f"{digest[:2]}/{digest[2:4]}"
    in_this_order = [
        '"begin',
        rf"fsync\(\d+<{store}/tm[p]/\w+>\)",
        rf"link(at)?\(.*/{near}/{digest}",
        rf"fsync\(\d+<{store}/{near}>\)",
        rf"fsync\(\d+<{store}/{digest[:2]}>\)",
        rf"fsync\(\d+<{store}>\)",
        rf'write\(1<.*"{digest}',
    ]
    assert re.search(".*".join(in_this_order), done.stderr, re.DOTALL), done.stderr
