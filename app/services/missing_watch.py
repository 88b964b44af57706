"""Reminding 催缴 of what is owed: the branch's archivists and the serving agent, each step once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.completeness import STILL_OWED, reminder_day
from app.domain.ids import encode_id
from app.models.accounts import Account
from app.models.claims import Claim
from app.models.completeness import MissingPaper
from app.models.customers import Customer
from app.models.intake import PaperType
from app.models.policies import Policy
from app.queries.transfers import keepers_of
from app.services.notices import notify
from app.services.settings import MISSING_REMINDERS, setting

AT_ONCE = 500


def reminder_days(session: Session) -> tuple[int, ...]:
    """Return when is reminded, in days from the due day, the earliest first."""
    return tuple(sorted(int(word) for word in setting(session, MISSING_REMINDERS).split()))


def papers_to_remind(session: Session, *, today: date, after: int = 0) -> Sequence[int]:
    """Return owed papers whose next reminder may have come, after an id; `remind` says which it is."""
    first = min(reminder_days(session), default=0)
    due = MissingPaper.due_on <= today - timedelta(days=first)
    fresh = or_(MissingPaper.reminded_on.is_(None), MissingPaper.reminded_on < today)
    wanted = select(MissingPaper.id).where(
        MissingPaper.state.in_(sorted(STILL_OWED)), due, fresh, MissingPaper.id > after
    )
    return session.scalars(wanted.order_by(MissingPaper.id).limit(AT_ONCE)).all()


def remind(session: Session, missing_id: int, *, now: datetime, today: date) -> bool:
    """Remind of one owed paper if a step has come that was not given; say whether it was done."""
    row = session.get(MissingPaper, missing_id, with_for_update=True, populate_existing=True)
    if row is None or row.state not in STILL_OWED:
        return False
    step = reminder_day(row.due_on, row.reminded_on, today, reminder_days(session))
    if step is None:
        return False
    row.reminded_on = today
    _tell(session, row, now=now, today=today)
    session.flush()
    return True


def _tell(session: Session, row: MissingPaper, *, now: datetime, today: date) -> None:
    number, paper, agent_id = session.execute(
        select(Claim.number if row.claim_id is not None else Policy.number, PaperType.name, Account.id)
        .select_from(MissingPaper)
        .join(PaperType, PaperType.id == MissingPaper.paper_type_id)
        .join(Customer, Customer.id == MissingPaper.customer_id)
        .outerjoin(Policy, Policy.id == MissingPaper.policy_id)
        .outerjoin(Claim, Claim.id == MissingPaper.claim_id)
        .outerjoin(Account, (Account.id == Customer.agent_id) & (Account.state == "active"))
        .where(MissingPaper.id == row.id)
    ).one()
    late = (today - row.due_on).days
    details: dict[str, str | int] = {"number": number, "paper": paper, "due_on": row.due_on.isoformat(), "late": late}
    kind = "missing_overdue" if late > 0 else "missing_due"
    place, key = ("claims", row.claim_id) if row.claim_id is not None else ("policies", row.policy_id or 0)
    path = f"/{place}/{encode_id(key)}"
    for account_id, _ in keepers_of(session, row.branch_id, now=now):
        notify(session, account_id, kind, now=now, path=path, details=details)
    if agent_id is not None:
        notify(session, agent_id, kind, now=now, path="/agent", details=details)
