"""Complaints for tests, made by the real service."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_registration import Registration
from app.domain.case_terms import Channel, ComplainantKind
from app.domain.cases import CaseStep
from app.domain.deadlines import Event, EventKind
from app.models.cases import Case
from app.services.case_steps import take_step
from app.services.cases import register_case
from tests.cast import EAST, NOW

PLAIN = Registration(
    EAST,
    Channel.CALL,
    NOW - timedelta(days=2),
    ComplainantKind.HOLDER,
    name="申屠望舒",
    request="请求退还首期保费。",
    facts="销售时把分红说成保证收益。",
    phone="13900000001",
)


def make_case(
    session: Session, actor: Actor, *, now: datetime = NOW, handler_id: int | None = None, **values: Any
) -> Case:
    """Register a complaint, `values` taking the place of the plain one's; with a handler it is accepted as well."""
    case_id = register_case(session, actor, replace(PLAIN, **values), now=now)
    case = session.get_one(Case, case_id)
    if handler_id is not None:
        case.handler_id, case.declared_at = handler_id, now
        take_step(session, actor, case, CaseStep.ACCEPT, now=now, event=Event(EventKind.ACCEPTED, now))
    return case
