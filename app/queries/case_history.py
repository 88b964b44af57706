"""What happened in a case, who did it and when; and whom it was told to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.masking import mask_name
from app.models.accounts import Account
from app.models.cases import Case, CaseNotification, CaseStepRow
from app.models.clocks import ClockEvent


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A step of a case; `moment` is the law's, `at` when it was written down. `event_id` is that of its clock event."""

    step: str
    who: str
    at: datetime
    moment: datetime
    note: str
    ground: str = ""
    about: str = ""
    by: str = ""
    proof: str = ""
    authority: str = ""
    exception: str = ""
    channel: str = ""
    agreed_on: date | None = None
    event_id: int | None = None
    event_kind: str = ""
    struck_at: datetime | None = None
    struck_by: str = ""
    struck_reason: str = ""


@dataclass(frozen=True, slots=True)
class NotificationLine:
    """A record of telling 告知记录, the receiver masked."""

    id: int
    about: str
    channel: str
    told_at: datetime
    receiver: str
    proof: str
    note: str
    delivered_on: date | None
    file_id: int | None
    who: str


def history_of(session: Session, case: Case) -> tuple[HistoryLine, ...]:
    """Return the steps of a case, the newest first."""
    rows = session.execute(
        select(CaseStepRow, ClockEvent)
        .outerjoin(ClockEvent, ClockEvent.id == CaseStepRow.event_id)
        .where(CaseStepRow.case_id == case.id)
        .order_by(CaseStepRow.ordinal.desc())
    ).all()
    people = _people(session, [*(step.account_id for step, _ in rows), *(e.struck_by for _, e in rows if e)])
    return tuple(_line(step, event, people) for step, event in rows)


def notifications_of(session: Session, case_id: int) -> tuple[NotificationLine, ...]:
    """Return the records of telling of a case, the newest first."""
    rows = session.scalars(
        select(CaseNotification)
        .where(CaseNotification.case_id == case_id)
        .order_by(CaseNotification.told_at.desc(), CaseNotification.id.desc())
    ).all()
    people = _people(session, [row.told_by for row in rows])
    return tuple(
        NotificationLine(
            id=row.id,
            about=row.about,
            channel=row.channel,
            told_at=row.told_at,
            receiver=mask_name(row.receiver),
            proof=row.proof,
            note=row.note,
            delivered_on=row.delivered_on,
            file_id=row.file_id,
            who=people.get(row.told_by, ""),
        )
        for row in rows
    )


def _line(step: CaseStepRow, event: ClockEvent | None, people: dict[int | None, str]) -> HistoryLine:
    who = people.get(step.account_id, "")
    if event is None:
        return HistoryLine(step.step, who, step.at, step.at, step.note)
    return HistoryLine(
        step.step,
        who,
        step.at,
        event.moment,
        step.note or event.reason,
        **{name: getattr(event, name) for name in _OF_EVENT},
        event_id=event.id,
        event_kind=event.kind,
        struck_by=people.get(event.struck_by, ""),
    )


_OF_EVENT = (
    *("ground", "about", "by", "proof", "authority", "exception", "channel", "agreed_on"),
    *("struck_at", "struck_reason"),
)


def _people(session: Session, ids: list[int | None]) -> dict[int | None, str]:
    wanted = sorted({account_id for account_id in ids if account_id is not None})
    rows = session.execute(select(Account.id, Account.full_name).where(Account.id.in_(wanted))) if wanted else ()
    return {account_id: name for account_id, name in rows}
