"""Work in the background: jobs are rows, leased with a heartbeat, done at least once.

A job is written in the transaction of the change that asks for it. A worker leases one by a conditional update, so
the same code is right on SQLite (one writer at a time) and on PostgreSQL (the loser of a race changes no row). A
lease that nobody renews runs out and the job is taken again: handlers must be idempotent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.ids import new_id
from app.models.machinery import Job

LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=30)
KEPT = timedelta(days=7)
ROUTINE_KEPT = timedelta(days=1)  # what is done every few seconds would fill the table
OPEN_STATES = ("ready", "running")


@dataclass(frozen=True, slots=True)
class Leased:
    """A job in the hands of one worker."""

    id: int
    kind: str
    payload: dict[str, Any]
    tries: int
    max_tries: int
    account_id: int | None


class LeaseLost(Exception):
    """Another worker has taken the job over: stop without finishing it."""


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    actor: Actor | None = None,
    unique_key: str | None = None,
    run_at: datetime | None = None,
    priority: int = 5,
    max_tries: int = 5,
) -> int:
    """Write a job into the running transaction and return its id; an open one of the same key serves instead."""
    if unique_key is not None:
        open_one = session.scalar(select(Job.id).where(Job.unique_key == unique_key, Job.state.in_(OPEN_STATES)))
        if open_one is not None:
            return open_one
    job = Job(
        id=new_id(),
        kind=kind,
        payload=payload,
        unique_key=unique_key,
        run_at=run_at or now,
        priority=priority,
        max_tries=max_tries,
        account_id=actor.account_id if actor else None,
        created_at=now,
    )
    session.add(job)
    session.flush()
    return job.id


def is_due(session: Session, *, now: datetime, kinds: frozenset[str]) -> bool:
    """Say whether `lease_next` would find something."""
    return session.scalar(select(Job.id).where(_due(now), Job.kind.in_(sorted(kinds))).limit(1)) is not None


def _give_up(session: Session, *, now: datetime) -> None:
    """Close jobs that took their worker down on every try: the next worker would fare no better."""
    lost = and_(Job.state == "running", Job.lease_until < now, Job.tries >= Job.max_tries)
    closed = {"state": "failed", "finished_at": now, "lease_owner": None, "lease_until": None, "fault": "WorkerLost"}
    session.execute(update(Job).where(lost).values(**closed))


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(and_(Job.state == "ready", Job.run_at <= now), and_(Job.state == "running", Job.lease_until < now))


def lease_next(session: Session, owner: str, *, now: datetime, kinds: frozenset[str]) -> Leased | None:
    """Lease the next due job, or one whose lease ran out; None when nothing is to be done."""
    _give_up(session, now=now)
    due = _due(now)
    wanted = (
        select(Job.id).where(due, Job.kind.in_(sorted(kinds))).order_by(Job.priority, Job.run_at, Job.id).limit(1)
    ).with_for_update(skip_locked=True)
    job_id = session.scalar(wanted)
    if job_id is None:
        return None
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, due)
        .values(state="running", lease_owner=owner, lease_until=now + LEASE, tries=Job.tries + 1, fault="")
        .returning(Job.id, Job.kind, Job.payload, Job.tries, Job.max_tries, Job.account_id)
    ).first()
    return Leased(*taken) if taken else None


def heartbeat(
    session: Session, job_id: int, owner: str, *, now: datetime, done: int | None = None, total: int | None = None
) -> bool:
    """Renew the lease and note progress; return True when the job was asked to stop. Raises `LeaseLost`."""
    values: dict[str, Any] = {"lease_until": now + LEASE}
    if done is not None:
        values["done"] = done
    if total is not None:
        values["total"] = total
    row = session.execute(_held(job_id, owner).values(**values).returning(Job.cancel_asked)).first()
    if row is None:
        raise LeaseLost
    return bool(row[0])


def finish(session: Session, job_id: int, owner: str, *, now: datetime) -> None:
    """Close a job that is done; raises `LeaseLost`."""
    _close(session, job_id, owner, {"state": "done", "finished_at": now})


def stop(session: Session, job_id: int, owner: str, *, now: datetime) -> None:
    """Close a job that ended because it was cancelled; raises `LeaseLost`."""
    _close(session, job_id, owner, {"state": "cancelled", "finished_at": now})


def fail(session: Session, job: Leased, owner: str, fault: str, *, now: datetime, retry: bool = True) -> None:
    """Put a job back for a later try with growing pauses, or close it as failed after its last; raises `LeaseLost`.

    One that was asked to stop is not tried again: it ends as cancelled.
    """
    if session.scalar(select(Job.cancel_asked).where(Job.id == job.id)):
        stop(session, job.id, owner, now=now)
    elif retry and job.tries < job.max_tries:
        pause = min(FIRST_PAUSE * 4 ** (job.tries - 1), LONGEST_PAUSE)
        _close(session, job.id, owner, {"state": "ready", "run_at": now + pause, "fault": fault[:300]})
    else:
        _close(session, job.id, owner, {"state": "failed", "finished_at": now, "fault": fault[:300]})


def ask_to_cancel(session: Session, job_id: int, *, now: datetime) -> None:
    """Cancel a waiting job at once, or tell a running one to stop at its next step; raises `NotFound`."""
    job = session.get(Job, job_id, with_for_update=True)
    if job is None:
        raise NotFound
    if job.state == "ready":
        job.state, job.finished_at = "cancelled", now
    elif job.state == "running":
        job.cancel_asked = True
    session.flush()


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop jobs that ended long ago and that nothing refers to."""
    from app.models.machinery import Export

    used = select(Export.job_id)
    routine = and_(Job.unique_key.like("schedule:%"), Job.finished_at < now - ROUTINE_KEPT)
    session.execute(delete(Job).where(or_(Job.finished_at < now - KEPT, routine), Job.id.not_in(used)))


def _held(job_id: int, owner: str) -> Any:
    return update(Job).where(Job.id == job_id, Job.lease_owner == owner, Job.state == "running")


def _close(session: Session, job_id: int, owner: str, values: dict[str, Any]) -> None:
    closed = session.execute(
        _held(job_id, owner).values(lease_owner=None, lease_until=None, **values).returning(Job.id)
    )
    if closed.first() is None:
        raise LeaseLost
