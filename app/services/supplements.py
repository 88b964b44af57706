"""One letter for everything that is still needed 一次性补件通知书: written once, told once (保险法 Art. 22)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.completeness import STILL_OWED, begins_on
from app.domain.deadlines import Channel, EventKind
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_note
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.models.clocks import Clock
from app.models.completeness import MissingPaper, SupplementNotice
from app.ports import StoredBlob
from app.queries.completeness import Thing, checklist, find_thing
from app.queries.supplements import notices_of
from app.services import trail
from app.services.claim_events import Noted, note_claim_event
from app.services.clocks import CLAIM
from app.services.conditions import subject_of
from app.services.evidence import keep_blob
from app.services.missing import LATEST, default_due
from app.services.numbers import take_number

HOLDER = "supplement"
LONGEST_REASON = 200
WAYS = (Channel.IN_PERSON, Channel.POST, Channel.MESSAGE, Channel.PHONE)


def write_notice(
    session: Session,
    actor: Actor,
    *,
    policy_id: int | None = None,
    claim_id: int | None = None,
    business: str,
    due_on: date | None = None,
    again_reason: str = "",
    now: datetime,
    today: date,
) -> int:
    """Write the letter that lists everything still needed and return its id.

    Raises `NotFound`, `NotAllowed`; `Invalid` for the day, and for a second letter without a reason; `WrongState` when
    nothing is missing or a condition was not answered yet: what is told once must be complete.
    """
    thing = find_thing(session, actor, Action.MISSING_EDIT, policy_id=policy_id, claim_id=claim_id)
    papers = _wanting(session, thing, business, today)
    until = due_on or default_due(session, today)
    if not today <= until <= today + LATEST:
        raise Invalid.field("due_on", "missing.due")
    again = clean_note(again_reason)[:LONGEST_REASON]
    # Two who write at once wait for each other here, so that the second is seen to be one.
    notice_id = new_id()
    number = _number(session, actor, notice_id, now=now)
    if not again and _was_written(session, thing, business, today):
        raise Invalid.field("again_reason", "supplement.again")
    notice = SupplementNotice(
        id=notice_id,
        number=number,
        branch_id=thing.branch_id,
        customer_id=thing.customer_id,
        business=business,
        papers=papers,
        due_on=until,
        again_reason=again,
        made_by=actor.account_id,
        made_at=now,
        **thing.keys,
    )
    session.add(notice)
    session.flush()
    _name_owed(session, thing, business, notice_id)
    after = {"number": number, "papers": len(papers), "due_on": until.isoformat()}
    trail.record(session, actor, "supplement_written", subject_of(thing), now=now, after=after, reason=again)
    return notice_id


def keep_letter(session: Session, notice_id: int, pdf: StoredBlob, *, now: datetime) -> None:
    """Keep the letter as it was printed; a letter that is kept already stays."""
    notice = session.get_one(SupplementNotice, notice_id, with_for_update=True)
    if notice.blob_digest is None:
        keep_blob(session, pdf, now=now)
        session.flush()
        notice.blob_digest = pdf.digest
        session.flush()


def note_told(session: Session, actor: Actor, notice_id: int, told_on: date | None, how: str, *, now: datetime) -> bool:
    """Note when and how the customer was told, once; say whether a clock of the claim stands still from then on.

    Raises `NotFound`, `NotAllowed`, `Invalid` for day and way, `WrongState` for a letter that was told of already.
    """
    row = session.get(SupplementNotice, notice_id, with_for_update=True)
    if row is None:
        raise NotFound
    thing = find_thing(session, actor, Action.MISSING_EDIT, policy_id=row.policy_id, claim_id=row.claim_id)
    if row.told_on is not None:
        raise WrongState("supplement.told")
    if told_on is None or not office_day(row.made_at) <= told_on <= office_day(now):
        raise Invalid.field("told_on", "supplement.told_on")
    if how not in WAYS:
        raise Invalid.field("told_how", "supplement.told_how")
    row.told_on, row.told_how = told_on, how
    session.flush()
    after = {"number": row.number, "told_on": told_on.isoformat(), "how": how}
    trail.record(session, actor, "supplement_told", subject_of(thing), now=now, after=after)
    return _stop_clock(session, actor, row, told_on, now=now)


def _stop_clock(session: Session, actor: Actor, row: SupplementNotice, told_on: date, *, now: datetime) -> bool:
    """Tell the clocks of a claim that supplements were asked for (司法解释二 Art. 15); they may know already."""
    clocks = select(func.count()).where(Clock.holder_kind == CLAIM, Clock.holder_id == row.claim_id)
    if row.claim_id is None or not session.scalar(clocks):
        return False
    noted = Noted(EventKind.SUPPLEMENTS_ASKED.value, told_on, proof=row.number)
    try:
        note_claim_event(session, actor, row.claim_id, noted, now=now)
    except (Invalid, WrongState):
        # Asked for before, or at an end: what the clocks know stays, and the letter was told of all the same.
        return False
    return True


def _wanting(session: Session, thing: Thing, business: str, today: date) -> list[list[str | int]]:
    """Return what the letter lists: name, form, copies and hint of each paper that is missing.

    Raises `WrongState` when nothing is, or when a condition was not answered yet.
    """
    found = checklist(session, business=business, policy_id=thing.policy_id, claim_id=thing.claim_id, today=today)
    if found.asked:
        raise WrongState("supplement.not_answered")
    if not found.missing:
        raise WrongState("supplement.nothing_missing")
    return [[line.name, line.form, line.short, line.hint] for line in found.missing]


def _was_written(session: Session, thing: Thing, business: str, today: date) -> bool:
    """Say whether a letter was written for this business before; of servicing, for the one that runs now."""
    since = begins_on(business, today)
    return any(since is None or office_day(one.made_at) >= since for one in notices_of(session, thing, business))


def _number(session: Session, actor: Actor, notice_id: int, *, now: datetime) -> str:
    year = office_day(now).year
    return take_number(
        session,
        actor,
        f"supplement|{year}",
        lambda value: f"BJ{year}-{value:05d}",
        holder_kind=HOLDER,
        holder_id=notice_id,
        now=now,
    )


def _name_owed(session: Session, thing: Thing, business: str, notice_id: int) -> None:
    """Write at the lines of the register which letter told of them last."""
    claim = MissingPaper.claim_id
    session.execute(
        update(MissingPaper)
        .where(
            MissingPaper.policy_id == thing.policy_id,
            claim == thing.claim_id if thing.claim_id is not None else claim.is_(None),
            MissingPaper.business == business,
            MissingPaper.state.in_(sorted(STILL_OWED)),
        )
        .values(notice_id=notice_id)
    )
