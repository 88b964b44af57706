"""核查: the branch above looks again at a decision that the complainant does not accept (办法 Art. 20).

A re-examination is a case of its own at the branch above, with its own number and clock. Who handled or decided the
complaint neither handles nor sees it; whoever is barred from the complaint is barred from it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_terms import BarRelation, Channel
from app.domain.cases import CaseKind, CaseState, CaseStep
from app.domain.deadlines import Event, EventKind, State, judge
from app.domain.errors import Invalid, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_note, clean_text
from app.domain.office_time import office_day
from app.models.cases import Case, CaseApproval, CaseBar, CaseStatement
from app.models.clocks import Clock, ClockRuleRow
from app.queries.case_superiors import Superior, superior_of
from app.queries.clocks import calendar_of, events_of, rule_of
from app.services import outbox, trail
from app.services.case_handling import begin_step, required
from app.services.case_people import managers_of, tell_people
from app.services.case_steps import case_subject, keep_main_clock, statement_of, take_step
from app.services.clocks import CASE, add_event, open_clock
from app.services.numbers import take_number

RIGHT, CLOCK = "review_request", "review"


@dataclass(frozen=True, slots=True)
class Application:
    """A written application for re-examination 核查申请: when it came, what it asks, and the proof of it."""

    received_at: datetime | None
    request: str
    facts: str = ""
    proof: str = ""


def ask_review(session: Session, actor: Actor, case_id: int, typed: Application, *, version: int, now: datetime) -> str:
    """Register an application for re-examination and return the number of the new case.

    Raises `Invalid`, and `WrongState` when there was no decision, when nobody is above, and when the thirty days since the
    decision arrived are over.
    """
    case = begin_step(session, actor, case_id, version=version)
    typed_at, checked = _check(typed, now)
    superior, received_at = _require_reviewable(session, case), _after_telling(case, typed_at)
    event = Event(EventKind.REVIEW_ASKED, received_at, proof=checked.proof, reason=checked.request[:500])
    _require_in_time(session, case, event)
    take_step(session, actor, case, CaseStep.ASK_REVIEW, now=now, event=event, note=checked.proof)
    review = _open_review(session, actor, case, superior, received_at, now=now)
    _copy_statement(session, case, review, checked)
    _bar(session, actor, case, review, now=now)
    day = office_day(received_at)
    open_clock(session, CASE, review.id, CLOCK, branch_id=review.branch_id, day=day, now=now)
    add_event(session, actor, CASE, review.id, event, now=now)
    keep_main_clock(session, review)
    session.flush()
    trail.record(session, actor, "case_review_opened", case_subject(review), now=now, after={"parent": case.number})
    outbox.announce(session, "case", review.id, now=now)
    tell_people(
        session, review, managers_of(session, review, review.branch_id, now=now), "case_review_to_assign", now=now
    )
    return review.number


def _check(typed: Application, now: datetime) -> tuple[datetime, Application]:
    if typed.received_at is None:
        raise Invalid.field("received_at", "outcome.review_received_missing")
    if typed.received_at > now:
        raise Invalid.field("received_at", "clock.in_future")
    return typed.received_at, Application(
        typed.received_at,
        required(typed.request, "request", "case.request_missing", most=4000),
        clean_note(typed.facts)[:4000],
        clean_text(required(typed.proof, "proof", "outcome.review_proof_missing", most=120)),
    )


def _require_reviewable(session: Session, case: Case) -> Superior:
    if case.kind != CaseKind.COMPLAINT:
        raise WrongState("outcome.review_of_review")
    if case.decided_at is None or case.notified_at is None:
        raise WrongState("outcome.review_without_decision")
    superior = superior_of(session, case.branch_id)
    if superior is None:
        raise WrongState("outcome.review_no_superior")
    return superior


def _after_telling(case: Case, received_at: datetime) -> datetime:
    """Return when the application came; whoever types a minute only had it in the minute of the telling, not before."""
    told_at = case.notified_at or received_at
    if received_at < told_at.replace(second=0, microsecond=0):
        raise Invalid.field("received_at", "outcome.review_before_told")
    return max(received_at, told_at)


def _require_in_time(session: Session, case: Case, event: Event) -> None:
    """Let the clock of the right say whether it had lapsed when the application came.

    A letter of which nobody has proved the arrival has not started it, so that nobody comes too late.
    """
    rule = session.scalar(
        select(ClockRuleRow)
        .join(Clock, Clock.rule_id == ClockRuleRow.id)
        .where(Clock.holder_kind == CASE, Clock.holder_id == case.id, Clock.code == RIGHT)
    )
    if rule is None:
        return
    standing = judge(rule_of(rule), events_of(session, CASE, case.id), event.moment, calendar_of(session))
    if standing.state is State.STOPPED:
        raise WrongState("outcome.review_late")


_COPIED = (
    *("level", "customer_id", "policy_id", "claim_id", "line", "sales_channel", "partner", "amount", "dispute"),
    *("stage_id", "cause_id", "persons", "is_group", "is_violation"),
)
_SAID = (
    *("complainant_kind", "name", "name_blind", "id_kind", "id_number", "id_number_blind", "phone", "phone_blind"),
    *("address", "legal_representative", "agent_name", "agent_id_number", "agent_phone", "papers", "representatives"),
)


def _open_review(
    session: Session, actor: Actor, case: Case, superior: Superior, received_at: datetime, *, now: datetime
) -> Case:
    review_id, year = new_id(), office_day(now).year
    number = take_number(
        session,
        actor,
        f"case_review|{year}",
        lambda value: f"HC{year}-{value:06}",
        holder_kind="case",
        holder_id=review_id,
        now=now,
    )
    review = Case(
        id=review_id,
        number=number,
        kind=CaseKind.REVIEW.value,
        parent_id=case.id,
        branch_id=superior.id,
        state=CaseState.REGISTERED.value,
        channel=Channel.LETTER.value,
        received_at=received_at,
        accused_branch_id=case.branch_id,
        registered_by=actor.account_id,
        registered_at=now,
        updated_at=now,
        **{name: getattr(case, name) for name in _COPIED},
    )
    session.add(review)
    session.flush()
    return review


def _copy_statement(session: Session, case: Case, review: Case, typed: Application) -> None:
    said = statement_of(session, case)
    session.add(
        CaseStatement(
            case_id=review.id,
            request=typed.request,
            facts=typed.facts or said.facts,
            grounds=f"核查申请：{typed.proof}",
            **{name: getattr(said, name) for name in _SAID},
        )
    )
    session.flush()


def _bar(session: Session, actor: Actor, case: Case, review: Case, *, now: datetime) -> None:
    """Bar who is barred from the complaint, who handled it, and who proposed or approved its decision."""
    bars = session.scalars(select(CaseBar).where(CaseBar.case_id == case.id)).all()
    relations = {bar.account_id: (bar.relation, bar.reason) for bar in bars}
    # Who only gave more time has decided nothing, and the branch above may have nobody else.
    decision = select(CaseApproval).where(CaseApproval.case_id == case.id, CaseApproval.about == "decision")
    approvals = session.scalars(decision).all()
    deciders = [person for row in approvals for person in (row.asked_by, row.decided_by)]
    for account_id in {person for person in (case.handler_id, *deciders) if person is not None} - relations.keys():
        relations[account_id] = (BarRelation.INTEREST.value, f"原投诉 {case.number} 的主办或审批人员")
    session.add_all(
        CaseBar(
            case_id=review.id,
            account_id=account_id,
            relation=relation,
            reason=reason,
            barred_by=actor.account_id,
            barred_at=now,
        )
        for account_id, (relation, reason) in sorted(relations.items())
    )
    session.flush()
