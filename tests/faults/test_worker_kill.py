"""A worker that is killed at any moment: every job is done all the same, on SQLite and on PostgreSQL.

Each job writes its number into a file of its own name before it is closed: what is done twice is visible, what is lost
as well.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from app.cli.schema import migrate
from app.db import begin_write, configure_engine
from app.models.machinery import Job
from app.services import jobs

JOBS = 40
KILLS = 5
WORKER = """
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
from app.db import configure_engine
from app.jobs import handlers, worker
from app.services import jobs

jobs.LEASE = timedelta(seconds=1)
handlers.HANDLERS.clear()
handlers.HANDLERS["leave_a_mark"] = "__main__:leave_a_mark"
handlers.SCHEDULE.clear()
folder = Path(sys.argv[2])

def leave_a_mark(work, payload):
    time.sleep(0.1)
    with (folder / str(payload["n"])).open("a") as file:
        file.write("x")
    work.beat(1, 1)

worker.feed_waiting = lambda work: False
worker.IDLE_SECONDS = 0.05
engine = create_engine(sys.argv[1])
configure_engine(engine)
work = handlers.Work(sessionmaker(engine, expire_on_commit=False), None, None, worker.utc_now, worker.no_beat, None)
worker.Worker(work).run()
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of this test alone."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'jobs.db'}"
        return
    server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
    name = f"jobs_{random.getrandbits(32):x}"
    with server.connect() as connection:
        connection.execute(text(f"create database {name}"))
    yield server.url.set(database=name).render_as_string(hide_password=False)
    server.dispose()


def prepare(url: str) -> Engine:
    """Migrate the database and write the jobs."""
    engine = create_engine(url)
    configure_engine(engine)
    migrate(engine)
    with Session(engine) as session:
        begin_write(session)
        for n in range(JOBS):
            jobs.enqueue(session, "leave_a_mark", {"n": n}, now=datetime.now(UTC), max_tries=20)
        session.commit()
    return engine


def done(engine: Engine) -> int:
    """Return how many jobs are closed."""
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Job).where(Job.state == "done")) or 0


def test_no_job_is_lost_when_workers_are_killed(url: str, tmp_path: Path) -> None:
    engine = prepare(url)
    marks = tmp_path / "marks"
    marks.mkdir()
    rng = random.Random(7)
    command = [sys.executable, "-c", WORKER, url, str(marks)]

    for _ in range(KILLS):
        worker = subprocess.Popen(command, cwd=Path(__file__).parents[2])
        time.sleep(rng.uniform(1.0, 2.0))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    last = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    deadline = time.monotonic() + 60
    while done(engine) < JOBS and time.monotonic() < deadline:
        time.sleep(0.1)
    last.terminate()
    last.wait()

    assert done(engine) == JOBS
    assert sorted(int(mark.name) for mark in marks.iterdir()) == list(range(JOBS))
    engine.dispose()
