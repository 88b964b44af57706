"""Reminding of what surveys left to do: follow-ups that fall due, calls whose cooling-off period 犹豫期 runs out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.office_time import first_moment, office_day
from app.domain.surveys import Purpose
from app.models.cases import CaseBar
from app.models.evidence import Notice
from app.models.surveys import FollowUp, SurveyInvitation
from app.services.notices import notify
from app.services.survey_answers import managers_at, path_of

AT_ONCE = 500
CALLS_PATH = "/surveys/calls"
CALLS_AHEAD = timedelta(days=2)
DAY = timedelta(days=1)


def remind_of_follow_ups(session: Session, *, now: datetime) -> int:
    """Tell of follow-ups the day before they are due, on the day, and the day after; return how many notices went out.

    The owner is told, with nobody owning it or once it is late the managers as well; twice a day tells nobody anew.
    """
    today, sent = office_day(now), 0
    due = select(FollowUp).where(FollowUp.state == "open", FollowUp.due_on.between(today - DAY, today + DAY))
    for follow_up in session.scalars(due.order_by(FollowUp.due_on, FollowUp.id).limit(AT_ONCE)):
        kind = "follow_up_late" if follow_up.due_on < today else "follow_up_due"
        number, seller = session.execute(
            select(SurveyInvitation.number, SurveyInvitation.agent_id).where(
                SurveyInvitation.id == follow_up.invitation_id
            )
        ).one()
        details = {"number": number, "due_on": follow_up.due_on.isoformat()}
        for account_id in _told(session, follow_up, seller, is_late=follow_up.due_on < today, now=now):
            sent += _once_a_day(session, account_id, kind, path_of(follow_up), details, now=now)
    return sent


def remind_of_calls(session: Session, *, now: datetime) -> int:
    """Tell who asked for call-backs how many must be made within two days; return how many notices went out."""
    today = office_day(now)
    rows = session.scalars(
        select(SurveyInvitation.made_by).where(
            SurveyInvitation.state == "open",
            SurveyInvitation.purpose == Purpose.NEW_POLICY.value,
            SurveyInvitation.due_on.between(today, today + CALLS_AHEAD),
            SurveyInvitation.made_by.is_not(None),
        )
    )
    counts = Counter(rows)
    return sum(
        _once_a_day(session, account_id, "calls_due", CALLS_PATH, {"count": count}, now=now)
        for account_id, count in counts.items()
        if account_id is not None
    )


def _told(session: Session, follow_up: FollowUp, seller: int | None, *, is_late: bool, now: datetime) -> Iterable[int]:
    people: set[int] = set()
    if follow_up.owner_id is not None:
        barred = select(CaseBar.account_id).where(
            CaseBar.case_id == (follow_up.case_id or 0), CaseBar.account_id == follow_up.owner_id
        )
        people |= set() if session.scalar(barred.limit(1)) else {follow_up.owner_id}
    if not people or is_late:
        people |= set(managers_at(session, follow_up, but=seller, now=now))
    return sorted(people)


def _once_a_day(
    session: Session, account_id: int, kind: str, path: str, details: Mapping[str, str | int], *, now: datetime
) -> int:
    today: date = office_day(now)
    told = select(Notice.id).where(
        Notice.account_id == account_id,
        Notice.kind == kind,
        Notice.path == path,
        Notice.created_at >= first_moment(today),
    )
    if session.scalar(told.limit(1)) is not None:
        return 0
    notify(session, account_id, kind, now=now, path=path, details=details)
    session.flush()
    return 1
