"""The queue of jobs: leases, tries, cancelling, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.models.machinery import Job
from app.services import jobs
from tests.cast import NOW

KINDS = frozenset({"work"})


def enqueue(session: Session, **options: object) -> int:
    """Write a job of the kind that these tests work on."""
    return jobs.enqueue(session, "work", {"n": 1}, now=NOW, **options)  # type: ignore[arg-type]


def lease(session: Session, owner: str = "a", *, later: timedelta = timedelta()) -> jobs.Leased | None:
    """Lease the next job some time after NOW."""
    return jobs.lease_next(session, owner, now=NOW + later, kinds=KINDS)


def state(session: Session, job_id: int) -> str:
    """Return a job's state as the database has it."""
    return session.get_one(Job, job_id, populate_existing=True).state


def test_a_job_is_leased_once(session: Session) -> None:
    job_id = enqueue(session)

    first, second = lease(session, "a"), lease(session, "b")

    assert first is not None
    assert first.id == job_id
    assert second is None


def test_the_smaller_priority_goes_first(session: Session) -> None:
    enqueue(session, priority=5)
    urgent = enqueue(session, priority=1)

    leased = lease(session)

    assert leased is not None
    assert leased.id == urgent


def test_a_job_for_later_is_not_due_yet(session: Session) -> None:
    enqueue(session, run_at=NOW + timedelta(hours=1))

    assert not jobs.is_due(session, now=NOW, kinds=KINDS)
    assert lease(session) is None
    assert lease(session, later=timedelta(hours=1)) is not None


def test_an_open_job_of_the_same_key_serves_instead_of_a_new_one(session: Session) -> None:
    first = enqueue(session, unique_key="render:1")

    assert enqueue(session, unique_key="render:1") == first


def test_the_key_is_free_again_once_the_job_is_done(session: Session) -> None:
    first = enqueue(session, unique_key="render:1")
    lease(session)
    jobs.finish(session, first, "a", now=NOW)

    assert enqueue(session, unique_key="render:1") != first


def test_a_lease_that_nobody_renews_is_taken_over(session: Session) -> None:
    job_id = enqueue(session)
    lease(session, "a")

    taken = lease(session, "b", later=jobs.LEASE + timedelta(seconds=1))

    assert taken is not None
    assert (taken.id, taken.tries) == (job_id, 2)
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(session, job_id, "a", now=NOW)


def test_a_heartbeat_keeps_the_lease(session: Session) -> None:
    job_id = enqueue(session)
    lease(session, "a")

    jobs.heartbeat(session, job_id, "a", now=NOW + jobs.LEASE, done=3, total=9)

    assert lease(session, "b", later=jobs.LEASE + timedelta(seconds=1)) is None
    row = session.get_one(Job, job_id, populate_existing=True)
    assert (row.done, row.total) == (3, 9)


def test_a_heartbeat_of_somebody_else_is_refused(session: Session) -> None:
    job_id = enqueue(session)
    lease(session, "a")

    with pytest.raises(jobs.LeaseLost):
        jobs.heartbeat(session, job_id, "b", now=NOW)


def test_a_failed_job_waits_longer_each_time_and_ends_as_failed(session: Session) -> None:
    job_id = enqueue(session, max_tries=3)
    pauses, at = [], timedelta()

    for _ in range(2):
        leased = lease(session, later=at)
        assert leased is not None
        jobs.fail(session, leased, "a", "OSError", now=NOW + at)
        run_at = session.get_one(Job, job_id, populate_existing=True).run_at
        pauses.append(run_at - (NOW + at))
        at = run_at - NOW
    last = lease(session, later=at)
    assert last is not None
    jobs.fail(session, last, "a", "OSError", now=NOW + at)

    assert pauses[1] > pauses[0] > timedelta()
    assert state(session, job_id) == "failed"


def test_a_fault_that_cannot_pass_is_not_tried_again(session: Session) -> None:
    job_id = enqueue(session)
    leased = lease(session)
    assert leased is not None

    jobs.fail(session, leased, "a", "KeyError", now=NOW, retry=False)

    assert state(session, job_id) == "failed"


def test_cancelling_a_waiting_job_ends_it_at_once(session: Session) -> None:
    job_id = enqueue(session)

    jobs.ask_to_cancel(session, job_id, now=NOW)

    assert state(session, job_id) == "cancelled"
    assert lease(session) is None


def test_cancelling_a_running_job_is_told_by_its_next_heartbeat(session: Session) -> None:
    job_id = enqueue(session)
    lease(session)

    jobs.ask_to_cancel(session, job_id, now=NOW)

    assert jobs.heartbeat(session, job_id, "a", now=NOW)
    jobs.stop(session, job_id, "a", now=NOW)
    assert state(session, job_id) == "cancelled"


def test_a_job_that_fails_after_it_was_asked_to_stop_is_not_tried_again(session: Session) -> None:
    job_id = enqueue(session)
    leased = lease(session)
    assert leased is not None
    jobs.ask_to_cancel(session, job_id, now=NOW)

    jobs.fail(session, leased, "a", "OSError", now=NOW)

    assert state(session, job_id) == "cancelled"


def test_only_kinds_that_the_worker_knows_are_leased(session: Session) -> None:
    jobs.enqueue(session, "unknown", {}, now=NOW)

    assert lease(session) is None


def test_a_job_that_takes_every_worker_down_is_given_up(session: Session) -> None:
    job_id = enqueue(session, max_tries=2)
    later = jobs.LEASE + timedelta(seconds=1)
    lease(session, "a")
    lease(session, "b", later=later)

    assert lease(session, "c", later=2 * later) is None
    assert state(session, job_id) == "failed"
