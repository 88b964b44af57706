"""Reminding of what has a due day but no clock: remedies 整改 and follow-ups of consultations. Each is told once a step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ids import encode_id
from app.domain.office_time import office_day
from app.models.cases import Case, CaseBar, CaseRemedy
from app.models.consultations import Consultation
from app.models.evidence import Notice
from app.queries.absences import deputies_of
from app.services.case_people import managers_of, path_of
from app.services.notices import notify

AT_ONCE = 500
AHEAD = timedelta(days=1)


def remedies_due(session: Session, *, today: date, after: int = 0) -> Sequence[int]:
    """Return remedies that are due tomorrow at the latest and not done."""
    due = select(CaseRemedy.id).where(
        CaseRemedy.id > after, CaseRemedy.done_on.is_(None), CaseRemedy.due_on <= today + AHEAD
    )
    return session.scalars(due.order_by(CaseRemedy.id).limit(AT_ONCE)).all()


def follow_ups_due(session: Session, *, today: date, after: int = 0) -> Sequence[int]:
    """Return consultations that somebody has to follow up today at the latest."""
    due = select(Consultation.id).where(
        Consultation.id > after,
        Consultation.result == "follow_up",
        Consultation.closed_at.is_(None),
        Consultation.follow_up_on <= today,
    )
    return session.scalars(due.order_by(Consultation.id).limit(AT_ONCE)).all()


def remind_of_remedy(session: Session, remedy_id: int, *, now: datetime) -> int:
    """Remind the owner of a remedy, and once it is overdue the managers of its branch; return how many were told."""
    remedy = session.get(CaseRemedy, remedy_id, with_for_update=True)
    if remedy is None or remedy.done_on is not None:
        return 0
    case = session.get_one(Case, remedy.case_id)
    is_late = remedy.due_on < office_day(now)
    people = {remedy.owner_id, *deputies_of(session, [remedy.owner_id], today=office_day(now))}
    if is_late:
        people |= set(managers_of(session, case, remedy.branch_id, now=now))
    path = f"{path_of(case)}#remedy-{encode_id(remedy.id)}"
    kind = "remedy_overdue" if is_late else "remedy_due"
    details = {"number": case.number, "due_on": remedy.due_on.isoformat()}
    return _tell_once(session, people - _barred(session, case.id), kind, path, details, now=now)


def remind_of_follow_up(session: Session, consultation_id: int, *, now: datetime) -> int:
    """Remind who follows up a consultation; return how many were told."""
    found = session.get(Consultation, consultation_id, with_for_update=True)
    if found is None or found.closed_at is not None or found.follow_up_on is None:
        return 0
    owner = found.follow_up_by or found.logged_by
    people = {owner, *deputies_of(session, [owner], today=office_day(now))} if owner else set()
    if found.case_id is not None:
        people -= _barred(session, found.case_id)
    kind = "consultation_overdue" if found.follow_up_on < office_day(now) else "consultation_due"
    details = {"number": found.number, "due_on": found.follow_up_on.isoformat()}
    return _tell_once(session, people, kind, f"/consultations/{encode_id(found.id)}", details, now=now)


def _tell_once(
    session: Session, people: Iterable[int], kind: str, path: str, details: dict[str, str], *, now: datetime
) -> int:
    """Tell who was not told this before, of the same due day."""
    wanted = sorted(people)
    before = session.execute(
        select(Notice.account_id, Notice.details).where(
            Notice.account_id.in_(wanted), Notice.kind == kind, Notice.path == path
        )
    )
    told = {account_id for account_id, said in before if said.get("due_on") == details["due_on"]}
    for account_id in wanted:
        if account_id not in told:
            notify(session, account_id, kind, now=now, path=path, details=details)
    session.flush()
    return len(set(wanted) - told)


def _barred(session: Session, case_id: int) -> set[int]:
    return set(session.scalars(select(CaseBar.account_id).where(CaseBar.case_id == case_id)))
