"""Extensions 延期 (办法 Art. 18 ¶1): asked with a reason, approved above, and without effect until the complainant is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_terms import NoticeAbout
from app.domain.cases import CaseStep
from app.domain.deadlines import Authority, Channel, Event, EventKind
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_note
from app.domain.policy import Action, Target, may
from app.models.accounts import Branch
from app.models.cases import Case, CaseApproval
from app.services.case_handling import MOST_REASON, begin_step, keep_marks, require_seen, required
from app.services.case_notifications import Telling, notice_of, record_telling
from app.services.case_people import managers_of, tell_people
from app.services.case_steps import load_case, take_step

EXTENSION = "extension"


def ask_extension(
    session: Session,
    actor: Actor,
    case_id: int,
    *,
    authority: str,
    reason: str,
    at: datetime,
    version: int,
    now: datetime,
) -> int:
    """Ask the branch above or the head office for thirty more days and return the approval's id.

    Raises `WrongState` when nobody there may decide, and with `clock.extension_…` when it cannot be asked.
    """
    case = begin_step(session, actor, case_id, version=version)
    said = required(reason, "reason", "case.reason_missing")
    if authority not in set(Authority):
        raise Invalid.field("authority", "case.choice")
    branch_id = deciding_branch(session, case, Authority(authority))
    deciders = set(managers_of(session, case, branch_id, now=now)) - {actor.account_id, case.handler_id}
    if not deciders:
        raise WrongState("case.nobody_decides")
    event = Event(EventKind.EXTENSION_ASKED, at, by=actor.full_name, reason=said)
    take_step(session, actor, case, CaseStep.ASK_EXTENSION, now=now, event=event, note=said)
    approval = CaseApproval(
        id=new_id(),
        case_id=case.id,
        about=EXTENSION,
        asked_by=actor.account_id,
        asked_at=now,
        reason=said,
        branch_id=branch_id,
        authority=authority,
    )
    session.add(approval)
    session.flush()
    tell_people(session, case, deciders, "case_extension_asked", now=now)
    return approval.id


def decide_extension(
    session: Session,
    actor: Actor,
    case_id: int,
    *,
    approved: bool,
    answer: str,
    at: datetime,
    version: int,
    now: datetime,
) -> None:
    """Approve or refuse the extension that is asked for, as a manager of the branch that was asked.

    Raises `NotFound`, `NotAllowed`, `WrongState` for who asked himself or handles the case, `Invalid` without a reason.
    """
    case = load_case(session, actor, case_id, Action.CASE_APPROVE)
    require_seen(case, version)
    approval = session.scalar(
        select(CaseApproval)
        .where(CaseApproval.case_id == case.id, CaseApproval.about == EXTENSION, CaseApproval.approved.is_(None))
        .with_for_update(of=CaseApproval)
    )
    if approval is None:
        raise WrongState("case.nothing_asked")
    require_decider(actor, case, approval)
    said = required(answer, "answer", "case.reason_missing")
    kind = EventKind.EXTENSION_APPROVED if approved else EventKind.EXTENSION_REFUSED
    step = CaseStep.APPROVE_EXTENSION if approved else CaseStep.REFUSE_EXTENSION
    event = Event(kind, at, by=actor.full_name, reason=said, authority=Authority(approval.authority))
    approval.approved, approval.decided_by, approval.decided_at, approval.answer = approved, actor.account_id, now, said
    take_step(session, actor, case, step, now=now, event=event, note=said)
    word = "case_extension_approved" if approved else "case_extension_refused"
    tell_people(session, case, (approval.asked_by, case.handler_id), word, now=now, but=actor.account_id)


def notice_extension(
    session: Session, actor: Actor, case_id: int, *, telling: Telling, version: int, now: datetime
) -> None:
    """Tell the complainant of an approved extension, from which moment on it works."""
    case = begin_step(session, actor, case_id, version=version)
    row = record_telling(session, actor, case, NoticeAbout.EXTENSION, telling, now=now)
    event = Event(
        EventKind.EXTENSION_NOTICED, row.told_at, notice=notice_of(row), channel=Channel(row.channel), proof=row.proof
    )
    take_step(
        session, actor, case, CaseStep.NOTICE_EXTENSION, now=now, event=event, note=clean_note(row.note)[:MOST_REASON]
    )
    keep_marks(session, case, now=now)


def require_decider(actor: Actor, case: Case, approval: CaseApproval) -> None:
    """Pass when `actor` may decide what is asked: a manager of the branch asked or above, neither asker nor handler."""
    if not may(actor, Action.CASE_APPROVE, Target(approval.branch_id, case.level)):
        raise NotAllowed(Action.CASE_APPROVE)
    if actor.account_id in (approval.asked_by, case.handler_id):
        raise WrongState("case.own_approval")


def deciding_branch(session: Session, case: Case, authority: Authority) -> int:
    """Return whose managers decide on an extension: the branch above, or the head office."""
    branch = session.get_one(Branch, case.branch_id)
    if authority is Authority.HEAD_OFFICE or branch.parent_id is None:
        root = session.scalar(select(Branch.id).where(Branch.parent_id.is_(None)).order_by(Branch.path).limit(1))
        if root is None:
            raise NotFound
        return root
    return branch.parent_id
