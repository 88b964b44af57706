"""The steps of handling a case 办理: accepting, declining, withdrawing, transferring, classifying, new facts, an agreed day.

Every step is taken by who may handle the case, from the version that he saw, and at the moment that the law looks at.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.cases import CaseState, CaseStep
from app.domain.deadlines import DeclineGround, Event, EventKind
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.normal import clean_note, clean_text
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.models.accounts import Branch
from app.models.cases import Case, CaseApproval, CaseStatement
from app.models.clocks import Clock
from app.queries.clocks import standings_of
from app.services import trail
from app.services.case_filing import file_soon
from app.services.case_people import managers_of, tell_people
from app.services.case_steps import MAIN_CLOCK, case_subject, load_case, note_change, statement_of, take_step
from app.services.clocks import CASE

MOST_AHEAD = timedelta(days=366)
MOST_REASON = 500
REVEALABLE = (
    *("name", "id_number", "phone", "address", "legal_representative"),
    *("agent_name", "agent_id_number", "agent_phone", "representatives"),
)


def begin_step(session: Session, actor: Actor, case_id: int, *, version: int) -> Case:
    """Return a case for a step of handling, locked and as the actor saw it.

    Raises `NotFound`, `NotAllowed`, and `WrongState` for one that has changed meanwhile or whose handler, being the
    actor, has not said yet that he has no interest in the matter (Art. 17).
    """
    case = load_case(session, actor, case_id, Action.CASE_HANDLE)
    require_seen(case, version)
    if case.handler_id == actor.account_id and case.declared_at is None and case.state != CaseState.REGISTERED:
        raise WrongState("case.not_declared")
    return case


def require_seen(case: Case, version: int) -> None:
    """Pass when the actor saw the case as it is; a step has no two texts to choose between."""
    if case.version != version:
        raise WrongState("case.changed")


def required(text: str, field: str, code: str, *, most: int = MOST_REASON) -> str:
    """Return a text cleaned; raises `Invalid` for `field` when nothing is left of it."""
    cleaned = clean_note(text)[:most]
    if not cleaned:
        raise Invalid.field(field, code)
    return cleaned


def accept(
    session: Session, actor: Actor, case_id: int, *, declares: bool, at: datetime, version: int, now: datetime
) -> None:
    """受理: begin to handle a case; who accepts one that has no handler becomes it.

    The handler himself declares that he has no interest in the matter 回避声明 (Art. 17); raises `Invalid` without, and
    `WrongState` when somebody else is the handler and has not declared.
    """
    case = begin_step(session, actor, case_id, version=version)
    if case.handler_id is None:
        case.handler_id = actor.account_id
    if case.handler_id == actor.account_id:
        if not declares and case.declared_at is None:
            raise Invalid.field("declares", "case.not_declared")
        case.declared_at = case.declared_at or now
    elif case.declared_at is None:
        raise WrongState("case.handler_must_declare")
    take_step(session, actor, case, CaseStep.ACCEPT, now=now, event=Event(EventKind.ACCEPTED, at))


def declare(session: Session, actor: Actor, case_id: int, *, declares: bool, version: int, now: datetime) -> None:
    """Say of oneself, as the handler, that one has no interest in the matter 回避声明."""
    case = load_case(session, actor, case_id, Action.CASE_HANDLE)
    require_seen(case, version)
    if case.handler_id != actor.account_id:
        raise WrongState("case.handler_must_declare")
    if not declares:
        raise Invalid.field("declares", "case.not_declared")
    case.declared_at = now
    note_change(session, actor, case, "case_declared", now=now)


def decline(
    session: Session,
    actor: Actor,
    case_id: int,
    *,
    exception: str,
    reason: str,
    at: datetime,
    version: int,
    now: datetime,
) -> None:
    """不予办理, for one of the grounds of the 办法; the complainant is still to be told."""
    case = begin_step(session, actor, case_id, version=version)
    said = required(reason, "reason", "case.reason_missing")
    if exception not in set(DeclineGround):
        raise Invalid.field("exception", "case.choice")
    event = Event(EventKind.DECLINED, at, exception=DeclineGround(exception), by=actor.full_name, reason=said)
    drop_approvals(session, case, now=now)
    take_step(session, actor, case, CaseStep.DECLINE, now=now, event=event, note=said)


def withdraw(
    session: Session,
    actor: Actor,
    case_id: int,
    *,
    by: str,
    proof: str,
    reason: str = "",
    at: datetime,
    version: int,
    now: datetime,
) -> None:
    """撤回: the complainant takes his complaint back, which ends the procedure the same day (Art. 15)."""
    case = begin_step(session, actor, case_id, version=version)
    who, paper = required(by, "by", "case.withdrawn_by_nobody", most=60), required(proof, "proof", "case.proof_missing")
    said = clean_note(reason)[:MOST_REASON]
    drop_approvals(session, case, now=now)
    event = Event(EventKind.WITHDRAWN, at, reason=said, proof=paper[:120])
    note = "\n".join(part for part in (who, said) if part)
    take_step(session, actor, case, CaseStep.WITHDRAW, now=now, event=event, note=note)
    file_soon(session, actor, case, now=now)


def transfer(
    session: Session,
    actor: Actor,
    case_id: int,
    *,
    branch_id: int,
    reason: str,
    at: datetime,
    version: int,
    now: datetime,
) -> None:
    """内部移送: hand a case to another branch, whose managers are told; the period goes on as it was."""
    case = begin_step(session, actor, case_id, version=version)
    said = required(reason, "reason", "case.reason_missing")
    name = session.scalar(select(Branch.name).where(Branch.id == branch_id, Branch.id != case.branch_id))
    if name is None:
        raise Invalid.field("branch_id", "case.branch")
    take_step(
        session,
        actor,
        case,
        CaseStep.TRANSFER,
        now=now,
        event=Event(EventKind.TRANSFERRED, at, about=name[:60]),
        note=said,
    )
    drop_approvals(session, case, now=now)
    case.branch_id, case.handler_id, case.declared_at = branch_id, None, None
    session.execute(
        update(Clock).where(Clock.holder_kind == CASE, Clock.holder_id == case.id).values(branch_id=branch_id)
    )
    session.flush()
    tell_people(
        session, case, managers_of(session, case, branch_id, now=now), "case_transferred", now=now, but=actor.account_id
    )


def classify(
    session: Session, actor: Actor, case_id: int, *, reason: str, at: datetime, version: int, now: datetime
) -> None:
    """认定情况复杂: thirty days instead of fifteen when it is said in time (Art. 18 ¶1); who says so is kept."""
    case = begin_step(session, actor, case_id, version=version)
    said = required(reason, "reason", "clock.complex_without_reason")
    event = Event(EventKind.CLASSIFIED_COMPLEX, at, by=actor.full_name, reason=said)
    take_step(session, actor, case, CaseStep.CLASSIFY, now=now, event=event, note=said)
    keep_marks(session, case, now=now)


def add_new_facts(
    session: Session, actor: Actor, case_id: int, *, reason: str, at: datetime, version: int, now: datetime
) -> None:
    """新的事实和理由: the period begins anew with the new material (Art. 18 ¶3); what was decided is decided again."""
    case = begin_step(session, actor, case_id, version=version)
    said = required(reason, "reason", "case.facts_missing")
    if case.decided_at is not None and at <= case.decided_at:
        raise Invalid.field("moment", "case.facts_before_decision")
    drop_approvals(session, case, now=now)
    case.decided_at, case.outcome = None, ""
    take_step(
        session, actor, case, CaseStep.NEW_FACTS, now=now, event=Event(EventKind.NEW_FACTS, at, reason=said), note=said
    )
    keep_marks(session, case, now=now)


def agree_notice(
    session: Session,
    actor: Actor,
    case_id: int,
    *,
    agreed_on: date,
    proof: str,
    at: datetime,
    version: int,
    now: datetime,
) -> None:
    """约定告知日: a day until which the complainant agreed to be told (Art. 21 ¶5)."""
    case = begin_step(session, actor, case_id, version=version)
    if agreed_on > office_day(now) + MOST_AHEAD:
        raise Invalid.field("agreed_on", "case.agreed_too_far")
    if agreed_on < office_day(at):
        raise Invalid.field("agreed_on", "clock.agreed_in_the_past")
    paper = required(proof, "proof", "clock.agreed_without_proof", most=120)
    event = Event(EventKind.NOTICE_AGREED, at, agreed_on=agreed_on, proof=paper)
    take_step(session, actor, case, CaseStep.AGREE_NOTICE, now=now, event=event)


def keep_marks(session: Session, case: Case, *, now: datetime) -> None:
    """Show in the case whether it is complex and extended, as its main clock has it: what came too late is neither."""
    standing = standings_of(session, CASE, case.id, now=now)[MAIN_CLOCK[case.kind]]
    longer = standing.rule.complex_term
    case.is_complex = longer is not None and standing.term == longer
    case.is_extended = standing.length > standing.term.length
    session.flush()


def drop_approvals(session: Session, case: Case, *, now: datetime) -> None:
    """Close what was asked of managers in a case and is not needed any more; nobody decided it."""
    session.execute(
        update(CaseApproval)
        .where(CaseApproval.case_id == case.id, CaseApproval.approved.is_(None))
        .values(approved=False, decided_at=now)
    )


def reveal_case_field(session: Session, actor: Actor, case_id: int, field: str, reason: str, *, now: datetime) -> str:
    """Return a masked value of a case in clear; the trail keeps who, which field and why.

    Raises `NotFound` for a case or field that is not there, `NotAllowed`, `Invalid` without a reason.
    """
    if field not in REVEALABLE:
        raise NotFound
    case = load_case(session, actor, case_id, Action.CASE_HANDLE)
    why = clean_text(reason)
    if not why:
        raise Invalid.field("reason", "reveal.reason_missing")
    trail.record(session, actor, "case_revealed", case_subject(case), now=now, after={"field": field}, reason=why)
    statement: CaseStatement = statement_of(session, case)
    return str(getattr(statement, field) or "")


def note_view(session: Session, actor: Actor, case_id: int, *, now: datetime) -> None:
    """Write down that a case was opened; raises `NotFound` for who may not see it."""
    case = session.scalar(select(Case).where(Case.id == case_id))
    if case is None:
        raise NotFound
    trail.record(session, actor, "case_viewed", case_subject(case), now=now)
