"""Keeping consultations 咨询: logging one, correcting it, keeping the promise in it, handing it on to a complaint."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.consultations import Asked, Result, check_asked, ends_at_once, is_correctable
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import encode_id, new_id
from app.domain.normal import clean_name, clean_note, clean_phone, clean_text
from app.domain.office_time import office_day
from app.domain.policy import Action, Target, may
from app.models.claims import Claim
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.policies import Party, Policy
from app.queries.askers import colleagues
from app.queries.consultations import blind
from app.queries.visibility import claims_for, consultations_for, customers_for, policies_for
from app.services import outbox, trail
from app.services.changes import apply_changes
from app.services.notices import notify
from app.services.numbers import take_number
from app.services.ready_answers import count_use

LEVEL = 2
SEALED = frozenset({"asker", "phone", "question", "answer", "follow_up_note"})


def log_consultation(session: Session, actor: Actor, asked: Asked, *, now: datetime) -> int:
    """Write a consultation down and return its id; an answered one is closed at once.

    Raises `NotAllowed`, `Invalid` also for things that the actor may not see or that are not the customer's.
    """
    completed, level = _completed(session, actor, asked)
    if not may(actor, Action.CONSULTATION_EDIT, Target(completed.branch_id, level)):
        raise NotAllowed(Action.CONSULTATION_EDIT)
    check_asked(completed, now)
    _require_colleague(session, completed)
    if completed.answer_id is not None:
        count_use(session, actor, completed.answer_id, office_day(now))
    consultation_id, year = new_id(), office_day(now).year
    number = take_number(
        session,
        actor,
        f"consultation|{year}",
        lambda value: f"ZX{year}-{value:06}",
        holder_kind="consultation",
        holder_id=consultation_id,
        now=now,
    )
    consultation = Consultation(
        id=consultation_id,
        number=number,
        branch_id=completed.branch_id,
        level=level,
        closed_at=now if ends_at_once(completed.result) else None,
        logged_by=actor.account_id,
        logged_at=now,
        updated_at=now,
        version=1,
        **_values(completed),
    )
    session.add(consultation)
    _note(session, actor, "consultation_logged", consultation, now=now, after={"result": consultation.result})
    _tell_follower(session, actor, consultation, now=now)
    return consultation.id


def edit_consultation(
    session: Session, actor: Actor, consultation_id: int, asked: Asked, *, version: int, now: datetime
) -> None:
    """Correct a consultation that is open or was logged today; its branch and number stay.

    An empty phone or name keeps the one that is there, which is shown masked. Raises `NotFound`, `NotAllowed`,
    `Invalid`, `WrongState`, `ChangedMeanwhile`.
    """
    row = load_consultation(session, actor, consultation_id)
    if not is_correctable(row.closed_at, row.logged_at, row.case_id, now):
        raise WrongState("consultation.closed")
    same_person = asked.customer_id == row.customer_id
    kept = replace(
        asked,
        branch_id=row.branch_id,
        asker=asked.asker or (row.asker if same_person else ""),
        phone=asked.phone or (row.phone if same_person else ""),
    )
    completed, level = _completed(session, actor, kept)
    check_asked(completed, now)
    _require_colleague(session, completed)
    if completed.answer_id is not None and completed.answer_id != row.answer_id:
        count_use(session, actor, completed.answer_id, office_day(now))
    follower = row.follow_up_by
    values = _values(completed) | {"level": level}
    before, after = apply_changes(row, values, version=version, show=show)
    if not after:
        return
    row.closed_at, row.updated_at = now if ends_at_once(completed.result) else None, now
    _note(session, actor, "consultation_changed", row, now=now, before=before, after=after)
    if row.follow_up_by != follower:
        _tell_follower(session, actor, row, now=now)


def finish_follow_up(
    session: Session, actor: Actor, consultation_id: int, note: str, *, version: int, now: datetime
) -> None:
    """Note that the promised answer was given, which closes the consultation; raises `WrongState` without a promise."""
    row = load_consultation(session, actor, consultation_id)
    _require_seen(row, version)
    if row.result != Result.FOLLOW_UP or row.closed_at is not None:
        raise WrongState("consultation.no_follow_up")
    said = clean_note(note)
    if not said:
        raise Invalid.field("note", "consultation.follow_up_note")
    row.follow_up_note = "\n".join(text for text in (row.follow_up_note, said) if text)
    _close(session, actor, row, "consultation_followed_up", now=now)


def close_consultation(session: Session, actor: Actor, consultation_id: int, *, version: int, now: datetime) -> None:
    """Close what was passed on or was to become a complaint and did not; a promise is closed by keeping it."""
    row = load_consultation(session, actor, consultation_id)
    _require_seen(row, version)
    if row.closed_at is not None:
        raise WrongState("consultation.closed")
    if row.result == Result.FOLLOW_UP:
        raise WrongState("consultation.follow_up_open")
    _close(session, actor, row, "consultation_closed", now=now)


def mark_became_case(session: Session, actor: Actor, consultation_id: int, case_id: int, *, now: datetime) -> None:
    """Tie a consultation to the complaint that it became; from now on who is barred from that is barred from both.

    To see a consultation is enough for this: who may register complaints need not log consultations. Raises
    `NotFound`, and `WrongState` for one that has become another case.
    """
    row = session.scalar(_locked(consultation_id).where(consultations_for(actor, Action.CONSULTATION_VIEW)))
    if row is None:
        raise NotFound
    if row.case_id is not None:
        raise WrongState("consultation.is_case")
    row.result, row.case_id = Result.COMPLAINT.value, case_id
    _close(session, actor, row, "consultation_became_case", now=now)


def load_consultation(session: Session, actor: Actor, consultation_id: int) -> Consultation:
    """Return a consultation that `actor` may change, locked; raises `NotFound`, `NotAllowed`."""
    locked = _locked(consultation_id).where(consultations_for(actor, Action.CONSULTATION_EDIT))
    row: Consultation | None = session.scalar(locked)
    if row is not None:
        return row
    seen = select(Consultation.id).where(Consultation.id == consultation_id)
    if session.scalar(seen.where(consultations_for(actor, Action.CONSULTATION_VIEW))) is None:
        raise NotFound
    raise NotAllowed(Action.CONSULTATION_EDIT)


def show(field: str, value: Any) -> str:
    """Return a value as trail and conflict page show it: of who asks and what is said, only that there is something."""
    if value in (None, ""):
        return ""
    return "***" if field in SEALED or field.endswith("_blind") else str(value)


def _require_seen(row: Consultation, version: int) -> None:
    if row.version != version:
        raise WrongState("consultation.changed")


def _locked(consultation_id: int) -> Any:
    statement = select(Consultation).where(Consultation.id == consultation_id)
    return statement.with_for_update(of=Consultation).execution_options(populate_existing=True)


def _completed(session: Session, actor: Actor, asked: Asked) -> tuple[Asked, int]:
    """Return what was asked with the customer of policy and claim and his own name and phone, and its level."""
    linked = _with_policy(session, actor, _with_claim(session, actor, asked))
    if linked.customer_id is None:
        return linked, LEVEL
    seen = select(Customer).where(Customer.id == linked.customer_id, customers_for(actor, Action.CUSTOMER_VIEW))
    customer = session.scalar(seen)
    if customer is None:
        raise Invalid.field("customer", "consultation.unknown_customer")
    named = replace(
        linked,
        asker=linked.asker or customer.name,
        phone=linked.phone or ("" if linked.asker else customer.mobile or customer.phone or ""),
    )
    return named, max(LEVEL, customer.level)


def _with_claim(session: Session, actor: Actor, asked: Asked) -> Asked:
    if asked.claim_id is None:
        return asked
    statement = select(Claim.policy_id, Claim.customer_id).join(Customer, Customer.id == Claim.customer_id)
    found = session.execute(statement.where(Claim.id == asked.claim_id, claims_for(actor, Action.CLAIM_VIEW))).first()
    if found is None or asked.customer_id not in (None, found[1]) or asked.policy_id not in (None, found[0]):
        raise Invalid.field("claim_id", "consultation.claim_of_other")
    return replace(asked, policy_id=found[0], customer_id=found[1])


def _with_policy(session: Session, actor: Actor, asked: Asked) -> Asked:
    if asked.policy_id is None:
        return asked
    statement = select(Policy.customer_id).join(Customer, Customer.id == Policy.customer_id)
    holder = session.scalar(statement.where(Policy.id == asked.policy_id, policies_for(actor, Action.POLICY_VIEW)))
    if holder is None:
        raise Invalid.field("policy_id", "consultation.policy_of_other")
    if asked.customer_id in (None, holder):
        return replace(asked, customer_id=holder)
    # A claim's customer is its policy's holder; insured and beneficiaries ask about their policy as well.
    part = select(Party.policy_id).where(Party.policy_id == asked.policy_id, Party.customer_id == asked.customer_id)
    if session.scalar(part.limit(1)) is None:
        raise Invalid.field("policy_id", "consultation.policy_of_other")
    return asked


def _require_colleague(session: Session, asked: Asked) -> None:
    if asked.result is Result.FOLLOW_UP and asked.follow_up_by not in dict(colleagues(session, asked.branch_id)):
        raise Invalid.field("follow_up_by", "consultation.follow_up_person")


def _values(asked: Asked) -> dict[str, Any]:
    promised = asked.result is Result.FOLLOW_UP
    asker, phone = clean_name(asked.asker), clean_phone(asked.phone)
    return {
        "channel": asked.channel.value,
        "asked_at": asked.asked_at,
        "customer_id": asked.customer_id,
        "policy_id": asked.policy_id,
        "claim_id": asked.claim_id,
        "asker": asker,
        "asker_blind": blind("asker", asker),
        "phone": phone,
        "phone_blind": blind("phone", phone),
        "about": asked.about.value,
        "topic": asked.topic.value,
        "product": clean_text(asked.product),
        "question": clean_note(asked.question),
        "answer": clean_note(asked.answer),
        "answer_id": asked.answer_id,
        "result": asked.result.value,
        "follow_up_on": asked.follow_up_on if promised else None,
        "follow_up_by": asked.follow_up_by if promised else None,
        "follow_up_note": clean_note(asked.follow_up_note),
    }


def _close(session: Session, actor: Actor, row: Consultation, event: str, *, now: datetime) -> None:
    row.closed_at, row.updated_at = now, now
    row.version += 1
    _note(session, actor, event, row, now=now)


def _tell_follower(session: Session, actor: Actor, row: Consultation, *, now: datetime) -> None:
    """Tell who has to keep the promise; who made it himself knows."""
    if row.follow_up_by is None or row.follow_up_by == actor.account_id:
        return
    details = {"number": row.number, "due_on": row.follow_up_on.isoformat() if row.follow_up_on else ""}
    notify(session, row.follow_up_by, "consultation_follow_up", now=now, path=_path(row), details=details)


def _path(row: Consultation) -> str:
    return f"/consultations/{encode_id(row.id)}"


def _note(session: Session, actor: Actor, event: str, row: Consultation, *, now: datetime, **texts: Any) -> None:
    session.flush()
    subject = trail.Subject("consultation", row.id, row.number, row.customer_id)
    trail.record(session, actor, event, subject, now=now, **texts)
    outbox.announce(session, "consultation", row.id, now=now)
