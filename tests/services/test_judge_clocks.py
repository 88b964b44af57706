"""The job that judges clocks again: it opens what claims lack, follows the calendar, and does nothing twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import sessionmaker

from app.db import db
from app.domain.office_time import first_moment, office_day
from app.jobs.clocks import judge_clocks
from app.jobs.handlers import SCHEDULE, Work, handler_of
from app.models.claims import Claim
from app.models.clocks import CalendarDay, Clock, ClockEvent, ServiceDuty
from app.models.policies import Policy
from app.services.duties import open_duty
from tests.cast import actor
from tests.client import Portal
from tests.records import make_claim, make_policy


def work_of(portal: Portal) -> Work:
    """What the worker would hand to the job."""
    with portal.app.app_context():
        sessions = sessionmaker(db.engine, expire_on_commit=False)
    now = datetime.now(UTC)
    return Work(sessions, None, None, lambda: now, lambda _done, _total: None, None)  # type: ignore[arg-type]


def test_claims_get_their_clocks_and_running_ones_follow_the_calendar(portal: Portal) -> None:
    today = office_day(datetime.now(UTC))
    begun = today - timedelta(days=1)
    with portal.session() as session:
        policy = make_policy(session)
        claim = make_claim(session, policy, materials_received_on=date(2026, 9, 3))
        session.execute(delete(ClockEvent))
        session.execute(delete(Clock))
        clerk = actor(session, "clerk")
        session.commit()

    judge_clocks(work_of(portal), {})
    with portal.session() as session:
        opened = set(session.scalars(select(Clock.code).where(Clock.holder_id == claim)))
        owner = session.get_one(Policy, policy).customer_id
        duty = open_duty(session, clerk, "change_done", owner, policy, first_moment(begun), None, "", datetime.now(UTC))
        due = session.get_one(ServiceDuty, duty).due_on
        assert due is not None
        session.execute(delete(CalendarDay).where(CalendarDay.day == due))
        session.add(CalendarDay(day=due, is_working=False, name="临时放假", basis="通知"))
        session.commit()

    judge_clocks(work_of(portal), {})
    with portal.session() as session:
        untouched = session.get_one(ServiceDuty, duty).due_on
    judge_clocks(work_of(portal), {"all": True})

    assert opened == {"life_claim_decision", "life_claim_refusal_notice", "life_claim_payment", "claim_advance"}
    assert untouched == due
    with portal.session() as session:
        moved = session.get_one(ServiceDuty, duty).due_on
        assert moved is not None
        assert moved > due


def test_old_dates_that_contradict_each_other_stop_nobody(portal: Portal) -> None:
    with portal.session() as session:
        policy = make_policy(session)
        bad = make_claim(session, policy, materials_received_on=date(2026, 9, 3))
        good = make_claim(session, policy, number="C2026-000457", materials_received_on=date(2026, 9, 4))
        session.execute(delete(Clock))
        session.execute(delete(ClockEvent))
        session.execute(update(Claim).where(Claim.id == bad).values(decided_on=date(2026, 9, 1), outcome="full"))
        session.commit()

    judge_clocks(work_of(portal), {})

    with portal.session() as session:
        assert set(session.scalars(select(Clock.holder_id))) >= {good}


def test_the_worker_knows_the_job_and_when_to_run_it() -> None:
    assert handler_of("judge_clocks") is judge_clocks
    assert SCHEDULE["judge_clocks"] == 6 * 3600
