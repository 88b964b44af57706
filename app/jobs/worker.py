"""The worker process: leases jobs, keeps its leases alive, feeds the index.

It works in two lanes, each one job at a time: one for pages that are read, one for everything else, so that neither a
register nor the index waits for a pile of scans. Started and watched by script/server.

It may be killed at any moment: what it held runs out and is done again.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from app import build_engine, build_tools
from app.config import load_settings
from app.db import begin_write
from app.jobs.handlers import HANDLERS, LIGHT_PAPER_WORK, PAGE_WORK, SCHEDULE, Cancelled, Work, handler_of
from app.jobs.search import feed_waiting
from app.services import jobs

LOG = logging.getLogger("baodang.worker")
IDLE_SECONDS = 0.5
BEAT_SECONDS = 15.0
PLAN_SECONDS = 10.0


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


class Worker:
    """One lane of the worker of an instance; the one that does all `kinds` is the whole worker."""

    def __init__(
        self,
        work: Work,
        *,
        clock: Callable[[], datetime] = utc_now,
        kinds: frozenset[str] | None = None,
        is_first: bool = True,
    ) -> None:
        self.work = work
        self.clock = clock
        self.kinds = frozenset(HANDLERS) if kinds is None else kinds
        self.is_first = is_first
        self.owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stopping = threading.Event()
        self.plan_again_at = 0.0

    def run(self) -> None:
        """Work until told to stop."""
        while not self.stopping.is_set():
            try:
                busy = self.step()
            except OperationalError as error:
                # A database that is locked or gone for a moment must not end the worker.
                LOG.warning("database: %s", error.orig)
                busy = False
            if not busy:
                self.stopping.wait(IDLE_SECONDS)

    def step(self) -> bool:
        """Do one job; return False when there was nothing to do. The first lane feeds the index and plans as well."""
        fed = self.is_first and feed_waiting(self.work)
        if self.is_first:
            self.plan()
        leased = self.lease()
        if leased is None:
            return fed
        self.do(leased)
        return True

    def lease(self) -> jobs.Leased | None:
        """Take the next job; the write lock is asked for only when one is due."""
        with self.work.sessions() as session:
            if not jobs.is_due(session, now=self.clock(), kinds=self.kinds):
                return None
        with self.writing() as session:
            return jobs.lease_next(session, self.owner, now=self.clock(), kinds=self.kinds)

    def plan(self) -> None:
        """Keep one job of each scheduled kind ahead."""
        if time.monotonic() < self.plan_again_at:
            return
        self.plan_again_at = time.monotonic() + PLAN_SECONDS
        with self.writing() as session:
            for kind, seconds in SCHEDULE.items():
                if kind == "watch_folder" and self.work.settings.scan_folder is None:
                    continue
                at = self.clock() + timedelta(seconds=seconds)
                jobs.enqueue(session, kind, {}, now=self.clock(), unique_key=f"schedule:{kind}", run_at=at, priority=9)

    def do(self, leased: jobs.Leased) -> None:
        """Do one leased job and close it; a fault is noted and tried again later."""
        started = time.monotonic()
        try:
            with self.beating(leased) as work:
                handler_of(leased.kind)(work, leased.payload)
            with self.writing() as session:
                jobs.finish(session, leased.id, self.owner, now=self.clock())
            LOG.info("%s done in %.2f s", leased.kind, time.monotonic() - started)
        except Cancelled:
            self.close(leased, lambda session: jobs.stop(session, leased.id, self.owner, now=self.clock()))
        except jobs.LeaseLost:
            LOG.warning("%s: another worker took it over", leased.kind)
        except Exception as error:  # the one broad catch: a handler's fault must not end the worker
            LOG.exception("%s failed (try %s of %s)", leased.kind, leased.tries, leased.max_tries)
            self.note_fault(leased, error)

    def note_fault(self, leased: jobs.Leased, error: Exception) -> None:
        """Put a failed job back, telling only the kind of fault: its text may hold personal data."""
        retry = not isinstance(error, (KeyError, TypeError, ValueError, LookupError))
        fault = type(error).__name__
        self.close(leased, lambda session: jobs.fail(session, leased, self.owner, fault, now=self.clock(), retry=retry))

    def close(self, leased: jobs.Leased, ending: Callable[[Session], None]) -> None:
        """End a job in one way or another; one that another worker has taken over is his."""
        try:
            with self.writing() as session:
                ending(session)
        except jobs.LeaseLost:
            LOG.warning("%s: another worker took it over", leased.kind)

    @contextmanager
    def beating(self, leased: jobs.Leased) -> Iterator[Work]:
        """Keep the lease alive from a thread while the handler works, and give it a way to tell progress."""
        ended = threading.Event()

        def beat(done: int | None = None, total: int | None = None) -> None:
            with self.writing() as session:
                asked = jobs.heartbeat(session, leased.id, self.owner, now=self.clock(), done=done, total=total)
            if asked:
                raise Cancelled

        def keep_alive() -> None:
            while not ended.wait(BEAT_SECONDS):
                try:
                    beat()
                except (Cancelled, jobs.LeaseLost, SQLAlchemyError):
                    # The handler hears of it at its own next beat.
                    continue

        thread = threading.Thread(target=keep_alive, daemon=True)
        thread.start()
        try:
            yield replace(
                self.work,
                clock=self.clock,
                beat=beat,
                account_id=leased.account_id,
                is_stopping=self.stopping.is_set,
            )
        finally:
            ended.set()
            thread.join()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that holds the write lock and is committed at the end."""
        with self.work.sessions() as session:
            begin_write(session)
            yield session
            session.commit()

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Finish what is at hand and end."""
        self.stopping.set()


def no_beat(done: int, total: int) -> None:
    """A beat for work outside a job."""


def build_work(instance: Path | None) -> Work:
    """Return what the worker of an instance works with."""
    settings = load_settings(instance)
    sessions = sessionmaker(build_engine(settings), expire_on_commit=False)
    return Work(sessions, build_tools(settings), settings, utc_now, no_beat, None)


def main() -> None:
    """Run a worker until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instance", type=Path, default=None)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    run_lanes(build_work(arguments.instance))


def run_lanes(work: Work) -> None:
    """Work in both lanes until told to stop; when one ends, the other does, and whoever watches starts both again."""
    first = Worker(work, kinds=frozenset(HANDLERS) - PAGE_WORK)
    second = Worker(work, kinds=PAGE_WORK | LIGHT_PAPER_WORK, is_first=False)
    second.stopping = first.stopping
    signal.signal(signal.SIGTERM, first.stop)
    signal.signal(signal.SIGINT, first.stop)

    def run_second() -> None:
        try:
            second.run()
        finally:
            first.stopping.set()

    lane = threading.Thread(target=run_second, name="pages")
    lane.start()
    try:
        first.run()
    finally:
        first.stopping.set()
        lane.join()


if __name__ == "__main__":
    main()
