"""What people note of a claim beside its dates: supplements asked for and received, refusals sent, agreements reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.claim_clocks import FROM_DATES, typed_kinds
from app.domain.deadlines import Event, EventKind
from app.domain.errors import Invalid, NotFound
from app.domain.normal import clean_text
from app.domain.office_time import first_moment
from app.domain.policy import Action
from app.models.claims import Claim
from app.models.clocks import Clock, ClockEvent
from app.services import trail
from app.services.claim_clocks import keep_claim_clocks
from app.services.claims import load_claim
from app.services.clocks import CLAIM, add_event, strike_event

LONGEST_PROOF, LONGEST_REASON = 120, 200


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that happened on a day; `proof` names the paper, `reason` says why a case is complex."""

    kind: str
    day: date
    proof: str = ""
    reason: str = ""


def note_claim_event(session: Session, actor: Actor, claim_id: int, noted: Noted, *, now: datetime) -> int:
    """Write down what happened and judge the claim's clocks; return the event's id.

    Raises `NotFound`, `NotAllowed`, `Invalid`, and `WrongState` with a code `clock.…` for what cannot have happened in its
    order.
    """
    claim = load_claim(session, actor, claim_id, Action.CLAIM_EDIT)
    kinds = {kind.value: kind for kind in typed_kinds(_codes(session, claim.id))}
    if not _codes(session, claim.id):
        raise Invalid.field("happened", "claim_event.no_clock")
    if noted.kind not in kinds:
        raise Invalid.field("happened", "claim_event.kind")
    event = Event(
        kinds[noted.kind],
        first_moment(noted.day),
        by=actor.full_name[:60] if noted.kind == EventKind.CLASSIFIED_COMPLEX else "",
        proof=clean_text(noted.proof)[:LONGEST_PROOF],
        reason=clean_text(noted.reason)[:LONGEST_REASON],
    )
    event_id = add_event(session, actor, CLAIM, claim.id, event, now=now)
    keep_claim_clocks(session, actor, claim, now=now)
    after = {"event": noted.kind, "day": noted.day.isoformat()}
    trail.record(session, actor, "claim_event_noted", _subject(claim), now=now, after=after)
    return event_id


def strike_claim_event(
    session: Session, actor: Actor, claim_id: int, event_id: int, reason: str, *, now: datetime
) -> None:
    """Strike out what was noted by mistake; what the dates of the claim say is changed in the claim.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `WrongState`.
    """
    claim = load_claim(session, actor, claim_id, Action.CLAIM_EDIT)
    row = session.get(ClockEvent, event_id)
    if row is None or (row.holder_kind, row.holder_id) != (CLAIM, claim.id) or row.about == FROM_DATES:
        raise NotFound
    kind = strike_event(session, actor, event_id, reason, now=now)
    keep_claim_clocks(session, actor, claim, now=now)
    before = {"event": kind.value}
    trail.record(session, actor, "claim_event_struck", _subject(claim), now=now, before=before, reason=reason.strip())


def _codes(session: Session, claim_id: int) -> list[str]:
    rows = select(Clock.code).where(Clock.holder_kind == CLAIM, Clock.holder_id == claim_id)
    return list(session.scalars(rows))


def _subject(claim: Claim) -> trail.Subject:
    return trail.Subject("claim", claim.id, claim.number, claim.customer_id)
