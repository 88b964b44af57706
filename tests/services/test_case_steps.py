"""Complaints from registration on: clocks, the state machine, and who may not see them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.cases import CaseStep
from app.domain.deadlines import Event, EventKind
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.policy import Action
from app.models.cases import Case, CaseStepRow
from app.models.clocks import Clock
from app.queries.visibility import cases_for
from app.services.case_steps import load_case, take_step
from tests.cast import NOW, PEOPLE, actor
from tests.services.casework import make_case


def test_a_complaint_is_due_fifteen_days_after_its_receipt(session: Session) -> None:
    case = make_case(session, actor(session, "clerk"), received_at=NOW - timedelta(days=2))

    assert case.due_on == date(2026, 12, 5)
    assert case.clock_state == "running"
    codes = session.scalars(select(Clock.code).where(Clock.holder_id == case.id)).all()
    assert sorted(codes) == ["complaint", "complaint_reply_warning", "review_request"]


def test_who_is_accused_cannot_reach_the_case_even_as_its_registrar(session: Session) -> None:
    case = make_case(session, actor(session, "clerk"), accused_name=PEOPLE["clerk"][1])

    barred = actor(session, "clerk")
    found = session.scalars(select(Case.id).where(cases_for(barred, Action.CASE_VIEW))).all()
    assert case.id not in found
    with pytest.raises(NotFound):
        load_case(session, barred, case.id, Action.CASE_VIEW)
    assert load_case(session, actor(session, "manager"), case.id, Action.CASE_HANDLE).id == case.id


def test_a_step_that_the_machine_does_not_know_changes_nothing(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, clerk)

    with pytest.raises(WrongState, match=r"case\.registered_decide"):
        take_step(session, clerk, case, CaseStep.DECIDE, now=NOW, event=Event(EventKind.DECIDED, NOW))

    assert case.state == "registered"
    assert session.scalars(select(CaseStepRow).where(CaseStepRow.case_id == case.id)).all() == []


def test_what_has_not_happened_yet_cannot_be_written_down(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, clerk)
    later = Event(EventKind.ACCEPTED, NOW + timedelta(hours=1))

    with pytest.raises(Invalid):
        take_step(session, clerk, case, CaseStep.ACCEPT, now=NOW, event=later)
