"""Deciding a complaint 处理决定: findings as drafts, the proposal, its approval, telling the complainant and the proof of arrival.

Nobody approves what he handles or has proposed himself. The trail names the fields that were written, never their texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_outcomes import Findings, Proposal, check_findings, check_proposal
from app.domain.case_terms import FileKind, NoticeAbout
from app.domain.cases import CaseKind, CaseState, CaseStep
from app.domain.deadlines import Channel, Event, EventKind
from app.domain.errors import Invalid, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.office_time import first_moment, office_day
from app.domain.policy import Action
from app.models.accounts import Branch
from app.models.cases import Case, CaseApproval, CaseFile, CaseNotification
from app.ports import StoredBlob
from app.queries.case_superiors import superior_of
from app.services import trail
from app.services.case_filing import file_soon
from app.services.case_handling import begin_step, drop_approvals, require_seen, required
from app.services.case_notifications import Telling, record_telling
from app.services.case_people import managers_of, tell_people
from app.services.case_steps import case_subject, load_case, note_change, statement_of, take_step
from app.services.evidence import keep_blob

DECISION = "decision"
WRITABLE = frozenset({CaseState.ACCEPTED})
LONGEST_PROOF = 120


def save_findings(
    session: Session, actor: Actor, case_id: int, typed: Findings, *, version: int, now: datetime
) -> None:
    """Keep findings, opinion and mediation as they stand; they are a draft until a decision is proposed.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `WrongState`.
    """
    case = begin_step(session, actor, case_id, version=version)
    if case.state not in WRITABLE:
        raise WrongState("outcome.not_writable")
    checked, statement = check_findings(typed), statement_of(session, case)
    changed = [
        name for name in ("finding", "opinion", "mediation") if getattr(statement, name) != getattr(checked, name)
    ]
    for name in changed:
        setattr(statement, name, getattr(checked, name))
    if case.is_mediated is not checked.is_mediated:
        case.is_mediated = checked.is_mediated
        changed.append("is_mediated")
    if changed:
        note_change(session, actor, case, "case_findings_written", now=now, after={"fields": " ".join(changed)})


def propose(session: Session, actor: Actor, case_id: int, typed: Proposal, *, version: int, now: datetime) -> None:
    """Put a decision before the managers of the branch, or of the one above when the only one is the handler himself.

    Raises `Invalid` for what the letter would lack (Art. 19), `WrongState` when nobody could approve it.
    """
    case = begin_step(session, actor, case_id, version=version)
    statement, superior = statement_of(session, case), superior_of(session, case.branch_id)
    checked = check_proposal(typed, case.kind, finding=statement.finding, superior=superior.unit if superior else "")
    branch_id, managers = approvers_of(session, case, but={case.handler_id, actor.account_id}, now=now)
    drop_approvals(session, case, now=now)
    statement.decision, statement.decision_basis = checked.decision, checked.decision_basis
    statement.remedies, case.outcome = checked.remedies, checked.outcome
    session.add(
        CaseApproval(
            id=new_id(),
            case_id=case.id,
            about=DECISION,
            asked_by=actor.account_id,
            asked_at=now,
            branch_id=branch_id,
        )
    )
    take_step(session, actor, case, CaseStep.PROPOSE, now=now)
    tell_people(session, case, managers, "case_to_decide", now=now)


def approvers_of(session: Session, case: Case, *, but: set[int | None], now: datetime) -> tuple[int, Sequence[int]]:
    """Return the branch whose managers may decide, and these; raises `WrongState` when there is nobody up to the head."""
    path = session.scalars(select(Branch.path).where(Branch.id == case.branch_id)).one()
    for place in reversed([int(part) for part in path.strip("/").split("/")]):
        found = sorted(set(managers_of(session, case, place, now=now)) - but)
        if found:
            return place, found
    raise WrongState("outcome.nobody_approves")


def return_proposal(session: Session, actor: Actor, case_id: int, reason: str, *, version: int, now: datetime) -> None:
    """Send a proposal back to the handler with what is to be mended."""
    case, approval = _load_proposed(session, actor, case_id, version=version)
    said = required(reason, "reason", "case.reason_missing")
    _answer(approval, actor, approved=False, answer=said, now=now)
    take_step(session, actor, case, CaseStep.RETURN, now=now, note=said)
    tell_people(session, case, [approval.asked_by, case.handler_id], "case_returned", now=now, but=actor.account_id)


def decide(session: Session, actor: Actor, case_id: int, answer: str = "", *, version: int, now: datetime) -> None:
    """作出处理决定: approve the proposal; from this moment on the complainant is to be told.

    Raises `WrongState` for the handler and for whoever proposed it.
    """
    case, approval = _load_proposed(session, actor, case_id, version=version)
    _answer(approval, actor, approved=True, answer=clean_text(answer)[:500], now=now)
    case.decided_at = now
    kind = EventKind.REVIEW_DECIDED if case.kind == CaseKind.REVIEW else EventKind.DECIDED
    event = Event(kind, now, by=actor.full_name)
    take_step(session, actor, case, CaseStep.DECIDE, now=now, event=event, note=approval.answer)
    tell_people(session, case, [approval.asked_by, case.handler_id], "case_decided", now=now, but=actor.account_id)


def notify_outcome(
    session: Session,
    actor: Actor,
    case_id: int,
    telling: Telling,
    letter: StoredBlob | None,
    *,
    pages: int = 1,
    version: int,
    now: datetime,
) -> None:
    """告知: write down how the complainant was told of the decision, or that his complaint is declined.

    The letter as it was printed is kept with the case. A declined complaint and a re-examination end with it. Raises
    `Invalid` for the telling, `WrongState` for a telling before the decision.
    """
    case = begin_step(session, actor, case_id, version=version)
    is_declined = case.state == CaseState.DECLINED
    about = NoticeAbout.DECLINED if is_declined else NoticeAbout.DECISION
    told = record_telling(session, actor, case, about, telling, now=now)
    _require_after_decision(case, told, is_declined=is_declined)
    event = Event(_told_kind(case), told.told_at, channel=Channel(told.channel), proof=told.proof)
    take_step(session, actor, case, CaseStep.NOTIFY, now=now, event=event)
    case.notified_at = told.told_at
    if letter is not None:
        _keep_letter(session, actor, case, letter, pages=pages, now=now)
    if case.kind == CaseKind.REVIEW:
        take_step(session, None, case, CaseStep.CLOSE, now=now)
    if case.state == CaseState.CLOSED:
        case.closed_at = now
        file_soon(session, actor, case, now=now)
    session.flush()


def deliver(
    session: Session, actor: Actor, case_id: int, delivered_on: date | None, proof: str, *, version: int, now: datetime
) -> None:
    """Write down the day on which the letter arrived 送达; the thirty days for the 核查 begin with it (Art. 20)."""
    case = begin_step(session, actor, case_id, version=version)
    paper = required(proof, "proof", "case.proof_missing", most=LONGEST_PROOF)
    told = last_telling(session, case.id)
    if delivered_on is None:
        raise Invalid.field("delivered_on", "outcome.delivered_missing")
    if delivered_on > office_day(now):
        raise Invalid.field("delivered_on", "told.delivered_in_future")
    if told is None or delivered_on < office_day(told.told_at):
        raise Invalid.field("delivered_on", "outcome.delivered_before_told")
    told.delivered_on = delivered_on
    # A day, not an hour: never before the telling of the same day.
    event = None
    if case.kind == CaseKind.COMPLAINT and case.decided_at is not None:
        moment = max(first_moment(delivered_on), told.told_at)
        event = Event(EventKind.DELIVERED, moment, proof=paper)
    take_step(session, actor, case, CaseStep.DELIVER, now=now, event=event, note=paper)


def last_telling(session: Session, case_id: int) -> CaseNotification | None:
    """Return the record of telling the outcome of a case, None before it was told."""
    about = (NoticeAbout.DECISION.value, NoticeAbout.DECLINED.value)
    told = select(CaseNotification).where(CaseNotification.case_id == case_id, CaseNotification.about.in_(about))
    return session.scalar(told.order_by(CaseNotification.recorded_at.desc(), CaseNotification.id.desc()).limit(1))


def _load_proposed(session: Session, actor: Actor, case_id: int, *, version: int) -> tuple[Case, CaseApproval]:
    """Return a proposed case and what is asked; raises `WrongState` for who may not decide it."""
    case = load_case(session, actor, case_id, Action.CASE_APPROVE)
    require_seen(case, version)
    asked = select(CaseApproval).where(
        CaseApproval.case_id == case.id, CaseApproval.about == DECISION, CaseApproval.approved.is_(None)
    )
    approval = session.scalar(asked.with_for_update())
    if approval is None or case.state != CaseState.PROPOSED:
        raise WrongState("outcome.nothing_proposed")
    if actor.account_id in (case.handler_id, approval.asked_by):
        raise WrongState("outcome.own_proposal")
    return case, approval


def _answer(approval: CaseApproval, actor: Actor, *, approved: bool, answer: str, now: datetime) -> None:
    approval.approved, approval.answer = approved, answer
    approval.decided_by, approval.decided_at = actor.account_id, now


def _told_kind(case: Case) -> EventKind:
    return EventKind.REVIEW_NOTIFIED if case.kind == CaseKind.REVIEW else EventKind.NOTIFIED


def _require_after_decision(case: Case, told: CaseNotification, *, is_declined: bool) -> None:
    """Whoever types a minute only has told in the minute of the decision, not before it."""
    if is_declined or case.decided_at is None:
        return
    if told.told_at < case.decided_at.replace(second=0, microsecond=0):
        raise Invalid.field("told_at", "outcome.told_before_decided")
    told.told_at = max(told.told_at, case.decided_at)


def _keep_letter(session: Session, actor: Actor, case: Case, letter: StoredBlob, *, pages: int, now: datetime) -> None:
    keep_blob(session, letter, now=now)
    session.add(
        CaseFile(
            id=new_id(),
            case_id=case.id,
            kind=FileKind.DECISION.value,
            blob_digest=letter.digest,
            name=f"{'不予办理告知书' if case.decided_at is None else '处理决定告知书'}{case.number}.pdf",
            media_type="application/pdf",
            size=letter.size,
            pages=pages,
            added_by=actor.account_id,
            added_at=now,
        )
    )
    session.flush()


def note_letter(session: Session, actor: Actor, case_id: int, kind: str, *, now: datetime) -> None:
    """Write down that a letter of a case, or its sheet, was printed; raises `NotFound` for who may not see the case."""
    case = load_case(session, actor, case_id, Action.CASE_VIEW)
    trail.record(session, actor, "case_letter_printed", case_subject(case), now=now, after={"letter": kind})
