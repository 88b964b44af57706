"""Days away 外出登记: who stands in for whom, so that no clock runs unwatched."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.absences import Away, check_absence
from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.office_time import office_day
from app.models.accounts import Account
from app.models.cases import Absence
from app.queries.absences import deputies_for, may_look_after
from app.services import trail
from app.services.notices import notify

PATH = "/casework/absences"
LONGEST_NOTE = 120


def add_absence(
    session: Session,
    actor: Actor,
    account_id: int,
    deputy_id: int | None,
    first_on: date,
    last_on: date,
    note: str,
    *,
    now: datetime,
) -> int:
    """Write down days on which somebody is away and who stands in, and return its id; the deputy is told.

    One's own, or as a manager of a branch where he works. Raises `NotFound` for somebody else, `Invalid`.
    """
    if not may_look_after(session, actor, account_id, now=now):
        raise NotFound
    if deputy_id is None:
        raise Invalid.field("deputy_id", "absence.deputy_missing")
    wanted = Away(account_id, deputy_id, first_on, last_on)
    # Both people under lock: of two that would make a circle, the second sees the first.
    people = session.scalars(
        select(Account).where(Account.id.in_([account_id, deputy_id])).order_by(Account.id).with_for_update()
    ).all()
    check_absence(wanted, _others(session, wanted), office_day(now))
    if deputy_id not in {person.id for person in deputies_for(session, account_id, now=now)}:
        raise Invalid.field("deputy_id", "absence.deputy_unfit")
    absence = Absence(
        id=new_id(),
        account_id=account_id,
        deputy_id=deputy_id,
        first_on=first_on,
        last_on=last_on,
        note=clean_text(note)[:LONGEST_NOTE],
        created_by=actor.account_id,
        created_at=now,
    )
    session.add(absence)
    session.flush()
    names = {person.id: person.username for person in people}
    _note(session, actor, "absence_added", absence, names[account_id], names[deputy_id], now=now)
    _tell(session, actor, absence, "deputy_named", now=now)
    return absence.id


def cancel_absence(session: Session, actor: Actor, absence_id: int, *, now: datetime) -> None:
    """Take back days away that are not over; from now on nobody stands in. Raises `NotFound`, `WrongState`."""
    absence = session.scalar(select(Absence).where(Absence.id == absence_id).with_for_update())
    if absence is None or not may_look_after(session, actor, absence.account_id, now=now):
        raise NotFound
    if absence.cancelled_at is not None:
        raise WrongState("absence.cancelled_already")
    if absence.last_on < office_day(now):
        raise WrongState("absence.over")
    absence.cancelled_at = now
    session.flush()
    names = dict(
        session.execute(
            select(Account.id, Account.username).where(Account.id.in_([absence.account_id, absence.deputy_id]))
        ).all()
    )
    _note(session, actor, "absence_cancelled", absence, names[absence.account_id], names[absence.deputy_id], now=now)
    _tell(session, actor, absence, "deputy_released", now=now)


def _others(session: Session, wanted: Away) -> list[Away]:
    """Return what stands beside these days of either person."""
    people = (wanted.account_id, wanted.deputy_id)
    rows = session.scalars(
        select(Absence).where(
            or_(Absence.account_id.in_(people), Absence.deputy_id == wanted.account_id),
            Absence.first_on <= wanted.last_on,
            Absence.last_on >= wanted.first_on,
            Absence.cancelled_at.is_(None),
        )
    )
    return [Away(row.account_id, row.deputy_id, row.first_on, row.last_on) for row in rows]


def _note(
    session: Session, actor: Actor, event: str, absence: Absence, who: str, deputy: str, *, now: datetime
) -> None:
    days = f"{absence.first_on.isoformat()} — {absence.last_on.isoformat()}"
    subject = trail.Subject("account", absence.account_id, who)
    trail.record(session, actor, event, subject, now=now, after={"days": days, "deputy": deputy})


def _tell(session: Session, actor: Actor, absence: Absence, kind: str, *, now: datetime) -> None:
    details = {"first_on": absence.first_on.isoformat(), "last_on": absence.last_on.isoformat()}
    for account_id in sorted({absence.account_id, absence.deputy_id} - {actor.account_id}):
        said = (
            kind if account_id == absence.deputy_id else f"absence_{'added' if kind == 'deputy_named' else 'cancelled'}"
        )
        notify(session, account_id, said, now=now, path=PATH, details=details)
