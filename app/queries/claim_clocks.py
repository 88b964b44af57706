"""The clocks of a claim as its page shows them. Whoever reads has read the claim before, and so may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.claim_clocks import FROM_DATES, typed_kinds
from app.domain.deadlines import EventKind, Standing
from app.domain.office_time import office_day
from app.models.accounts import Account
from app.models.clocks import ClockEvent
from app.queries.clocks import standings_of

CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened to a claim; what its own dates tell is changed in the claim."""

    id: int
    kind: EventKind
    day: date
    proof: str
    reason: str
    is_typed: bool
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimClocks:
    """Where each clock stands, and what happened; `kinds` is what may be noted."""

    standings: tuple[Standing, ...]
    events: tuple[EventRow, ...]
    kinds: tuple[EventKind, ...]


def read_claim_clocks(session: Session, claim_id: int, *, now: datetime) -> ClaimClocks:
    """Return the clocks of a claim by due day with what happened, the newest first; nothing before its papers have come."""
    found = standings_of(session, CLAIM, claim_id, now=now)
    if not found:
        return ClaimClocks((), (), ())
    standings = sorted(found.values(), key=_place)
    return ClaimClocks(tuple(standings), tuple(_events(session, claim_id)), typed_kinds(found))


def _place(standing: Standing) -> tuple[date, str]:
    """What has not begun comes last."""
    return standing.due_on or date.max, standing.rule.code


def _events(session: Session, claim_id: int) -> Sequence[EventRow]:
    rows = session.execute(
        select(ClockEvent, Account.full_name)
        .outerjoin(Account, Account.id == ClockEvent.account_id)
        .where(ClockEvent.holder_kind == CLAIM, ClockEvent.holder_id == claim_id, ClockEvent.struck_at.is_(None))
        .order_by(ClockEvent.moment.desc(), ClockEvent.id.desc())
    )
    return [
        EventRow(
            row.id,
            EventKind(row.kind),
            office_day(row.moment),
            row.proof,
            row.reason,
            row.about != FROM_DATES,
            name or "",
            row.recorded_at,
        )
        for row, name in rows
    ]
