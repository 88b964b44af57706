"""Merging complaints 合并: the same complaint made again joins the one that is handled (办法 Art. 18 ¶3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.cases import CaseKind, CaseStep
from app.domain.deadlines import Event, EventKind
from app.domain.errors import Invalid, WrongState
from app.domain.normal import clean_text
from app.domain.policy import Action
from app.models.cases import Case, CaseBar
from app.queries.visibility import cases_for
from app.services.case_handling import begin_step, drop_approvals, keep_marks, required
from app.services.case_people import tell_people
from app.services.case_steps import load_case, statement_of, take_step

INTO, FROM = "into", "from"


def merge(
    session: Session,
    actor: Actor,
    case_id: int,
    *,
    direction: str,
    other: str,
    reason: str,
    at: datetime,
    version: int,
    now: datetime,
) -> int:
    """Merge a case into another (`into`) or another into it (`from`) and return the id of the one that goes on.

    `other` is a number; a case that the actor may not see is not there. Raises `Invalid`, and `WrongState` with
    `clock.merged_…` for a complaint that was received after the period of the other had run out.
    """
    if direction not in (INTO, FROM):
        raise Invalid.field("direction", "case.choice")
    other_id = _other(session, actor, case_id, other)
    for each in sorted((case_id, other_id)):  # locked in one order, whoever merges what
        load_case(session, actor, each, Action.CASE_HANDLE if each == case_id else Action.CASE_VIEW)
    case = begin_step(session, actor, case_id, version=version)
    second = load_case(session, actor, other_id, Action.CASE_VIEW)
    said = required(reason, "reason", "case.reason_missing")
    if not _same_person(session, case, second):
        raise Invalid.field("other", "case.merge_other_person")
    ends, stays = (case, second) if direction == INTO else (second, case)
    _carry_bars(session, actor, ends, stays, now=now)
    _join(session, actor, ends, stays, said, at=at, now=now)
    return stays.id


def _carry_bars(session: Session, actor: Actor, ends: Case, stays: Case, *, now: datetime) -> None:
    """Bar from the case that goes on whoever was barred from the one that ends 回避: it is about him as well now.

    Raises `WrongState` when that is the handler of the one that goes on: another has to be named first.
    """
    there = set(session.scalars(select(CaseBar.account_id).where(CaseBar.case_id == stays.id)))
    more = [
        bar for bar in session.scalars(select(CaseBar).where(CaseBar.case_id == ends.id)) if bar.account_id not in there
    ]
    if any(bar.account_id == stays.handler_id for bar in more):
        raise WrongState("case.merge_handler_barred")
    session.add_all(
        CaseBar(
            case_id=stays.id,
            account_id=bar.account_id,
            relation=bar.relation,
            reason=bar.reason,
            barred_by=actor.account_id,
            barred_at=now,
        )
        for bar in more
    )
    session.flush()


def _join(session: Session, actor: Actor, ends: Case, stays: Case, said: str, *, at: datetime, now: datetime) -> None:
    drop_approvals(session, ends, now=now)
    came = Event(EventKind.MERGED, at, about=ends.number, reason=said, other_received=ends.received_at)
    take_step(session, actor, stays, CaseStep.MERGE_IN, now=now, event=came, note=said)
    went = Event(EventKind.MERGED_INTO, at, about=stays.number, reason=said)
    take_step(session, actor, ends, CaseStep.MERGE, now=now, event=went, note=said, merged_into_id=stays.id)
    keep_marks(session, stays, now=now)
    tell_people(
        session,
        stays,
        (stays.handler_id, ends.handler_id),
        "case_merged",
        now=now,
        but=actor.account_id,
        details={"other": ends.number},
    )


def _other(session: Session, actor: Actor, case_id: int, number: str) -> int:
    found = session.scalar(
        select(Case.id).where(
            Case.number == clean_text(number).upper()[:24],
            Case.id != case_id,
            Case.kind == CaseKind.COMPLAINT.value,
            cases_for(actor, Action.CASE_VIEW),
        )
    )
    if found is None:
        raise Invalid.field("other", "case.merge_unknown")
    return found


def _same_person(session: Session, one: Case, two: Case) -> bool:
    """Say whether the same person complains: our customer, or by number or phone."""
    if one.customer_id is not None and one.customer_id == two.customer_id:
        return True
    first, second = statement_of(session, one), statement_of(session, two)
    return any(
        getattr(first, blind) and getattr(first, blind) == getattr(second, blind)
        for blind in ("id_number_blind", "phone_blind")
    )
