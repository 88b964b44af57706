"""Records of a small company, written by the services themselves: each builder says only what matters to a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app.domain.claim_particulars import ClaimParticulars
from app.domain.claims import ClaimStatus
from app.domain.customers import Particulars
from app.domain.documents import Description
from app.domain.ids import new_id
from app.domain.policies import PolicyStatus
from app.domain.policy_terms import PolicyTerms
from app.models.climate import ClimateAlarm, SafetyPoint
from app.models.storage import Place
from app.queries.documents import category_choices
from app.services.claims import create_claim
from app.services.climate import TypedReading, record_reading
from app.services.customers import create_customer
from app.services.documents import receive_document
from app.services.policies import create_policy
from app.services.safety import record_check
from tests.cast import EAST, NOW, actor

TODAY = date(2026, 11, 22)


def make_customer(session: Session, name: str = "王芳", **fields: Any) -> int:
    """Open a file as the archivist of the east, who reaches every branch there."""
    typed = Particulars(**{"name": name, "branch_id": EAST, **fields})
    who = actor(session, "archivist")
    return create_customer(session, who, typed, surely_new=True, now=NOW, today=TODAY)


def make_policy(session: Session, customer_id: int = 0, **fields: Any) -> int:
    """Register a health policy in force."""
    status = fields.pop("status", PolicyStatus.IN_FORCE)
    plain: dict[str, Any] = {
        "number": "P2026-000123",
        "line": "health",
        "product": "住院医疗保险",
        "term_kind": "short",
        "channel": "direct",
        "pay_mode": "single",
        "premium": 1_234_560,
    }
    terms = PolicyTerms(**{**plain, **fields})
    holder = customer_id or make_customer(session)
    return create_policy(session, actor(session, "archivist"), holder, terms, status=status, now=NOW, today=TODAY)


def make_claim(session: Session, policy_id: int = 0, **fields: Any) -> int:
    """Register a claim for a stay in hospital."""
    status = fields.pop("status", ClaimStatus.REPORTED)
    plain: dict[str, Any] = {
        "number": "C2026-000456",
        "kind": "inpatient",
        "amount_claimed": 1_860_000,
        "reported_on": date(2026, 9, 2),
    }
    case = ClaimParticulars(**{**plain, **fields})
    return create_claim(
        session,
        actor(session, "archivist"),
        policy_id or make_policy(session),
        case,
        status=status,
        now=NOW,
        today=TODAY,
    )


def make_document(session: Session, customer_id: int, who: str = "archivist", **fields: Any) -> int:
    """Receive a paper that is not scanned yet."""
    plain: dict[str, Any] = {
        "category_id": category_choices(session)[0].id,
        "title": "王芳身份证复印件",
        "author": "王芳",
        "formed_on": date(2026, 5, 1),
        "page_count": 2,
        "carrier": "paper",
    }
    described = Description(**{**plain, **fields})
    return receive_document(session, actor(session, who), customer_id, described, None, now=NOW, today=TODAY)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Yield the statements that the block sends to the database."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def keep_a_room(session: Session, *, now: datetime, today: date) -> tuple[int, int, int]:
    """Write a storeroom with a reading out of limits and a safety check; return room, alarm and check."""
    place = Place(id=new_id(), branch_id=EAST, kind="room", code="K77", full_code="K77", name="一号库房", path="/1/")
    session.add(place)
    session.flush()
    place.path = f"/{place.id}/"
    who, damp = actor(session, "archivist"), TypedReading("21.5", "75")
    record_reading(session, who, place.id, today - timedelta(days=1), "am", damp, now=now)
    alarm = session.scalars(select(ClimateAlarm.id).where(ClimateAlarm.place_id == place.id)).one()
    results = dict.fromkeys(session.scalars(select(SafetyPoint.code).where(SafetyPoint.active)), "ok")
    results["fire"] = "fault"
    check = record_check(session, who, place.id, today, results, "灭火器过期", now=now, today=today)
    return place.id, alarm, check
