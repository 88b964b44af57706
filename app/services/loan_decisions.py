"""Deciding on borrowing requests: the right person, step by step, never oneself and nobody twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor, Role
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import encode_id
from app.domain.loan_rules import Approver
from app.domain.loans import LoanStep
from app.domain.normal import clean_text
from app.domain.policy import Action, Target, may
from app.models.accounts import Account, Branch, Grant
from app.models.borrowing import LoanDecision, LoanItem, LoanRequest
from app.models.documents import Document
from app.queries.visibility import loans_for
from app.services import trail
from app.services.loan_queue import call_next, lock_papers
from app.services.loan_steps import lock_item, take_step
from app.services.notices import notify
from app.services.reading import open_reading

REASON_LENGTH = 300


def decide(
    session: Session,
    actor: Actor,
    request_id: int,
    *,
    approved: bool,
    reason: str,
    version: int,
    now: datetime,
    today: date,
) -> None:
    """Approve or refuse the step of the chain that a request stands at; the last approval opens it.

    Raises `NotFound`, `NotAllowed`, `Invalid` for a refusal without a reason, `WrongState` for one's own request, a
    second decision of one person, a step that is for somebody higher, and when it was decided meanwhile.
    """
    request, documents = lock_request(session, actor, request_id)
    checked = clean_text(reason)[:REASON_LENGTH]
    _require_turn(session, actor, request, version)
    if not approved and not checked:
        raise Invalid.field("reason", "loan.refuse_reason")
    _write_decision(session, actor, request, approved=approved, reason=checked, now=now)
    if not approved:
        _refuse(session, actor, request, checked, now=now)
    elif request.steps_done == len(request.approvers.split()):
        grant(session, actor, request, documents, now=now, today=today)
    else:
        ask_approvers(session, request, now=now)


def grant(
    session: Session,
    actor: Actor | None,
    request: LoanRequest,
    documents: dict[int, Document],
    *,
    now: datetime,
    today: date,
) -> None:
    """Open a request whose chain is done: papers wait for their turn, pages open at once.

    What was destroyed or sealed since it was asked for is refused item by item.
    """
    items = [lock_item(session, item_id) for item_id in _item_ids(session, request.id)]
    kept = [item for item in items if documents[item.document_id].state == "filed"]
    for item in items:
        step = LoanStep.APPROVE if item in kept else LoanStep.REFUSE
        take_step(session, actor, item, step, now=now, note="" if item in kept else "档案已销毁、封存或撤销归档")
        item.queued_at = now if item in kept else None
    request.state, request.decided_at = ("open" if kept else "refused"), now
    request.version += 1
    session.flush()
    _tell(session, actor, request, "loan_approved" if kept else "loan_refused", now=now)
    for item in kept:
        if item.takes_paper:
            call_next(session, item.document_id, now=now, today=today)
        else:
            open_reading(session, actor, item, now=now)


def ask_approvers(session: Session, request: LoanRequest, *, now: datetime) -> None:
    """Tell everybody who may decide the step that a request stands at."""
    for account_id, _ in approvers_of(session, request, now=now):
        details = {"number": request.number}
        notify(session, account_id, "loan_to_approve", now=now, path=path_of(request), details=details)


def approvers_of(session: Session, request: LoanRequest, *, now: datetime) -> Sequence[tuple[int, str]]:
    """Return account and name of those who may decide the step that a request stands at."""
    chain = request.approvers.split()
    if request.state != "asked" or request.steps_done >= len(chain):
        return []
    decided = set(session.scalars(select(LoanDecision.account_id).where(LoanDecision.request_id == request.id)))
    barred = decided | {request.borrower_id}
    step = Approver(chain[request.steps_done])
    return [each for each in managers_for(session, request.branch_id, step, now=now) if each[0] not in barred]


def approvers_by_id(session: Session, request_id: int, *, now: datetime) -> Sequence[tuple[int, str]]:
    """Return what `approvers_of` says of the request with an id."""
    return approvers_of(session, session.get_one(LoanRequest, request_id), now=now)


def managers_for(session: Session, branch_id: int, step: Approver, *, now: datetime) -> Sequence[tuple[int, str]]:
    """Return account and name of the managers who may take a step for the papers of a branch."""
    path = session.scalars(select(Branch.path).where(Branch.id == branch_id)).one()
    line = [int(part) for part in path.strip("/").split("/")]
    above = line[:-1] or line
    rows = session.execute(
        select(Account.id, Account.full_name)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role == Role.MANAGER.value,
            Grant.branch_id.in_(above if step is Approver.UPPER else line),
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            or_(Grant.valid_to.is_(None), Grant.valid_to > now),
            Account.state == "active",
        )
        .order_by(Account.full_name, Account.id)
        .distinct()
    )
    return [(account_id, name) for account_id, name in rows]


def lock_request(session: Session, actor: Actor, request_id: int) -> tuple[LoanRequest, dict[int, Document]]:
    """Return a request that the actor may see with its papers, all locked: the papers first, in the order of ids."""
    seen = select(LoanRequest.id).where(LoanRequest.id == request_id, loans_for(actor, Action.LOAN_VIEW))
    if session.scalar(seen) is None:
        raise NotFound
    documents = lock_papers(
        session, session.scalars(select(LoanItem.document_id).where(LoanItem.request_id == request_id))
    )
    statement = select(LoanRequest).where(LoanRequest.id == request_id).with_for_update(of=LoanRequest)
    return session.scalars(statement.execution_options(populate_existing=True)).one(), documents


def path_of(request: LoanRequest) -> str:
    """Return where a request is shown."""
    return f"/borrowing/{encode_id(request.id)}"


def subject_of(request: LoanRequest, customer_id: int | None = None) -> trail.Subject:
    """Return a request as the trail names it."""
    return trail.Subject("loan_request", request.id, request.number, customer_id)


def is_turn_of(actor: Actor, request: LoanRequest, *, is_root: bool) -> bool:
    """Say whether the step at which a request stands is for the actor's office, whoever he is."""
    step = request.approvers.split()[request.steps_done]
    return step != Approver.UPPER or any(
        held.role is Role.MANAGER
        and (request.branch_id in held.below or (is_root and held.branch_id == request.branch_id))
        for held in actor.held
    )


def _require_turn(session: Session, actor: Actor, request: LoanRequest, version: int) -> None:
    if not may(actor, Action.LOAN_APPROVE, Target(request.branch_id, request.level)):
        raise NotAllowed(Action.LOAN_APPROVE)
    if request.state != "asked":
        raise WrongState("loan_request.not_asked")
    if request.borrower_id == actor.account_id:
        raise WrongState("loan_request.own")
    mine = select(LoanDecision.id).where(
        LoanDecision.request_id == request.id, LoanDecision.account_id == actor.account_id
    )
    if session.scalar(mine) is not None:
        raise WrongState("loan_request.decided_before")
    if request.version != version:
        raise WrongState("loan_request.changed")
    is_root = session.scalars(select(Branch.parent_id).where(Branch.id == request.branch_id)).one() is None
    if not is_turn_of(actor, request, is_root=is_root):
        raise WrongState("loan_request.upper_only")


def _write_decision(
    session: Session, actor: Actor, request: LoanRequest, *, approved: bool, reason: str, now: datetime
) -> None:
    step = request.steps_done
    session.add(
        LoanDecision(
            request_id=request.id,
            step=step,
            approver=request.approvers.split()[step],
            account_id=actor.account_id,
            approved=approved,
            reason=reason,
            at=now,
        )
    )
    request.steps_done += 1
    request.version += 1
    session.flush()
    after = {"step": step + 1, "approved": approved}
    trail.record(session, actor, "loan_decided", subject_of(request), now=now, after=after, reason=reason)


def _refuse(session: Session, actor: Actor, request: LoanRequest, reason: str, *, now: datetime) -> None:
    for item_id in _item_ids(session, request.id):
        take_step(session, actor, lock_item(session, item_id), LoanStep.REFUSE, now=now, note=reason)
    request.state, request.decided_at = "refused", now
    session.flush()
    _tell(session, actor, request, "loan_refused", now=now)


def _tell(session: Session, actor: Actor | None, request: LoanRequest, kind: str, *, now: datetime) -> None:
    details = {"number": request.number}
    notify(session, request.borrower_id, kind, now=now, path=path_of(request), details=details)
    trail.record(session, actor, kind, subject_of(request), now=now)


def _item_ids(session: Session, request_id: int) -> Sequence[int]:
    in_order = select(LoanItem.id).where(LoanItem.request_id == request_id).order_by(LoanItem.document_id)
    return session.scalars(in_order).all()
