"""Clocks of claims: opened when the papers have come, kept in step with the dates of the claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.claim_clocks import FROM_DATES, ClaimFacts, clocks_of, events_of_dates
from app.domain.claims import ClaimStatus, starts_retention
from app.domain.deadlines import Event
from app.domain.errors import Invalid, NotFound, WrongState
from app.models.claims import Claim
from app.models.clocks import Clock, ClockEvent
from app.models.customers import Customer
from app.models.policies import Policy
from app.queries.clocks import event_of
from app.services.clocks import CLAIM, open_clock, refresh, rewrite_events

# A change of these is told to the clocks.
LOOKED_AT = frozenset({"outcome", "refusal_reason", "materials_received_on", "decided_on", "paid_on", "closed_on"})
REASON = "赔案日期变更"
OPEN_STATUSES = tuple(status.value for status in ClaimStatus if not starts_retention(status))


def keep_claim_clocks(session: Session, actor: Actor | None, claim: Claim, *, now: datetime) -> None:
    """Open the clocks of a claim when its papers have come, tell them what its dates say now, judge them.

    The caller holds the claim's lock. Raises `Invalid` with a code `clock.…` when the dates contradict what was noted.
    """
    session.flush()
    codes = _codes_there(session, claim.id)
    if not codes:
        if claim.materials_received_on is None:
            return
        codes = _open(session, claim, now=now)
    rows = _rows(session, claim.id)
    derived = [row for row in rows if row.about == FROM_DATES]
    typed = [event_of(row) for row in rows if row.about != FROM_DATES]
    wanted = events_of_dates(_facts(claim), codes, typed)
    _tell(session, actor, claim.id, derived, wanted, now=now)
    refresh(session, CLAIM, claim.id, now=now)


def claims_without_clocks(session: Session, *, limit: int) -> Sequence[int]:
    """Return some open claims whose papers have come and that have no clock yet."""
    has_clock = exists().where(Clock.holder_kind == CLAIM, Clock.holder_id == Claim.id)
    wanted = select(Claim.id).where(
        Claim.materials_received_on.is_not(None), Claim.status.in_(OPEN_STATUSES), ~has_clock
    )
    return session.scalars(wanted.order_by(Claim.id).limit(limit)).all()


def open_for(session: Session, claim_id: int, *, now: datetime) -> None:
    """Give a claim the clocks that it lacks; raises `NotFound` for one that is gone, `Invalid`."""
    claim = session.get(Claim, claim_id, with_for_update=True)
    if claim is None:
        raise NotFound
    keep_claim_clocks(session, None, claim, now=now)


def _codes_there(session: Session, claim_id: int) -> Sequence[str]:
    there = select(Clock.code).where(Clock.holder_kind == CLAIM, Clock.holder_id == claim_id)
    return session.scalars(there.order_by(Clock.id)).all()


def _open(session: Session, claim: Claim, *, now: datetime) -> Sequence[str]:
    """Open the clocks that apply, under the rules of the day on which the papers came."""
    line, product, holder = session.execute(
        select(Policy.line, Policy.product, Customer.kind)
        .join(Customer, Customer.id == Policy.customer_id)
        .where(Policy.id == claim.policy_id)
    ).one()
    opened, day = [], claim.materials_received_on
    for code in clocks_of(line, product, claim.kind, is_group=holder == "organisation"):
        try:
            if day is not None:
                open_clock(session, CLAIM, claim.id, code, branch_id=claim.branch_id, day=day, now=now)
        except NotFound:
            # Papers that came before there was such a rule have no such clock.
            continue
        opened.append(code)
    return opened


def _rows(session: Session, claim_id: int) -> Sequence[ClockEvent]:
    of_claim = (ClockEvent.holder_kind == CLAIM, ClockEvent.holder_id == claim_id, ClockEvent.struck_at.is_(None))
    return session.scalars(select(ClockEvent).where(*of_claim)).all()


def _tell(
    session: Session,
    actor: Actor | None,
    claim_id: int,
    there: Sequence[ClockEvent],
    wanted: Sequence[Event],
    *,
    now: datetime,
) -> None:
    known = {(row.kind, row.moment): row for row in there}
    said = {(event.kind.value, event.moment): event for event in wanted}
    strike = [row for key, row in known.items() if key not in said]
    add = [event for key, event in said.items() if key not in known]
    if not strike and not add:
        return
    try:
        rewrite_events(session, actor, CLAIM, claim_id, strike, add, reason=REASON, now=now)
    except WrongState as wrong:
        raise Invalid.field("", wrong.code) from wrong


def _facts(claim: Claim) -> ClaimFacts:
    return ClaimFacts(
        claim.kind,
        claim.outcome,
        claim.refusal_reason is not None,
        claim.materials_received_on,
        claim.decided_on,
        claim.paid_on,
        claim.closed_on,
    )
