"""What became of a case: decision, approval, telling, root cause, remedies, re-examinations, filing; for its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.case_outcomes import remedies_text
from app.domain.cases import FILED_AFTER, CaseState, CaseStep
from app.domain.deadlines import State
from app.domain.errors import NotFound
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.cases import Case, CaseApproval, CaseNotification, CaseStatement, CaseStepRow
from app.models.customers import Customer
from app.models.documents import Document
from app.queries.case_approvals import OpenApproval, open_approval
from app.queries.case_causes import cause_tree
from app.queries.case_remedies import RemedyRow, owners_for, remedies_of
from app.queries.case_superiors import superior_of
from app.queries.clocks import standings_of
from app.queries.visibility import cases_for, documents_for

CASE = "case"
LETTERS_FROM = {  # from which event of the life of a case each letter can be printed
    "accepted": frozenset(CaseState) - {CaseState.REGISTERED, CaseState.DECLINED, CaseState.MERGED},
    "decision": frozenset({CaseState.DECIDED, CaseState.NOTIFIED, CaseState.CLOSED, CaseState.FILED}),
    "declined": frozenset({CaseState.DECLINED, CaseState.CLOSED, CaseState.FILED}),
}


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """A proposal and what became of it."""

    asker: str
    asked_at: datetime
    branch_name: str
    approved: bool | None
    decider: str
    decided_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A re-examination of the case, or the complaint that is re-examined, as far as the reader may see it."""

    id: int
    number: str
    state: str
    outcome: str
    branch_name: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class FiledLine:
    """An item of the archive that came out of the case."""

    id: int
    title: str
    archive_number: str | None


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """The outcome of a case as its page shows it, with what its forms need."""

    case_id: int
    kind: str
    state: str
    finding: str
    opinion: str
    mediation: str
    is_mediated: bool | None
    decision: str
    decision_basis: str
    remedies: str
    remedies_suggested: str
    outcome: str
    decided_at: datetime | None
    notified_at: datetime | None
    told_by: str
    delivered_on: date | None
    approval: OpenApproval | None
    approvals: Sequence[ApprovalLine]
    letters: Sequence[str]
    stage_id: int | None
    cause_id: int | None
    root_cause: str
    accountability: str
    measures: Sequence[RemedyRow]
    owners: Sequence[tuple[int, str]]
    causes: Sequence[tuple[int, str, Sequence[tuple[int, str]]]]
    parent: ReviewLine | None
    reviews: Sequence[ReviewLine]
    superior_name: str
    review_state: str  # of the right to ask for one: domain.deadlines.State, empty for none
    review_until: date | None
    filed_at: datetime | None
    filed: Sequence[FiledLine]
    needs_customer: bool
    may_handle: bool

    @property
    def may_ask_review(self) -> bool:
        """Whether an application can still be registered: a decision, somebody above, no one yet, not lapsed."""
        is_open = self.review_state in (State.NOT_STARTED, State.RUNNING, State.STOPPED)
        return bool(self.superior_name and self.notified_at and self.decided_at) and is_open


def read_outcome(session: Session, actor: Actor, case_id: int, *, now: datetime) -> CaseOutcome:
    """Return the outcome of a case that `actor` may see; raises `NotFound`."""
    row = session.execute(
        select(Case, CaseStatement, cases_for(actor, Action.CASE_HANDLE))
        .join(CaseStatement, CaseStatement.case_id == Case.id)
        .where(Case.id == case_id, cases_for(actor, Action.CASE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    case, said, may_handle = row
    superior, told = superior_of(session, case.branch_id), _telling(session, case.id)
    right = standings_of(session, CASE, case.id, now=now).get("review_request")
    suggested = remedies_text(case.kind, superior.unit if superior else "")
    return CaseOutcome(
        case_id=case.id,
        **{name: getattr(case, name) for name in _OF_CASE},
        **{name: getattr(said, name) for name in _SAID},
        remedies_suggested=suggested,
        told_by=told.channel if told else "",
        delivered_on=told.delivered_on if told else None,
        approval=open_approval(session, actor, case.id, "decision") if case.state == CaseState.PROPOSED else None,
        approvals=_approvals(session, case.id),
        letters=letters_of(session, case),
        measures=remedies_of(session, actor, case.id, today=office_day(now)),
        owners=owners_for(session, case, now=now) if may_handle else (),
        causes=_causes(session) if may_handle else (),
        parent=next(iter(_linked(session, actor, Case.id == case.parent_id)), None) if case.parent_id else None,
        reviews=_linked(session, actor, Case.parent_id == case.id),
        superior_name=superior.name if superior else "",
        review_state=right.state.value if right is not None and case.kind == "complaint" else "",
        review_until=right.due_on if right is not None else None,
        filed=_filed(session, actor, case.id),
        needs_customer=case.customer_id is None and CaseState(case.state) in FILED_AFTER,
        may_handle=bool(may_handle),
    )


def letters_of(session: Session, case: Case) -> Sequence[str]:
    """Return the letters that a case has come far enough for, `sheet` being its register sheet."""
    found = ["sheet"]
    state = CaseState(case.state)
    if state in LETTERS_FROM["accepted"] and _was_taken(session, case.id, CaseStep.ACCEPT):
        found.append("accepted")
    if _was_taken(session, case.id, CaseStep.APPROVE_EXTENSION):
        found.append("extension")
    if case.decided_at is not None and state in LETTERS_FROM["decision"]:
        found.append("decision")
    if case.decided_at is None and state in LETTERS_FROM["declined"]:
        found.append("declined")
    return found


_OF_CASE = (
    *("kind", "state", "is_mediated", "outcome", "decided_at", "notified_at", "stage_id", "cause_id", "filed_at"),
)
_SAID = ("finding", "opinion", "mediation", "decision", "decision_basis", "remedies", "root_cause", "accountability")


def _was_taken(session: Session, case_id: int, step: CaseStep) -> bool:
    taken = select(CaseStepRow.id).where(CaseStepRow.case_id == case_id, CaseStepRow.step == step.value)
    return session.scalar(taken.limit(1)) is not None


def _telling(session: Session, case_id: int) -> CaseNotification | None:
    told = select(CaseNotification).where(
        CaseNotification.case_id == case_id, CaseNotification.about.in_(("decision", "declined"))
    )
    return session.scalar(told.order_by(CaseNotification.recorded_at.desc(), CaseNotification.id.desc()).limit(1))


def _approvals(session: Session, case_id: int) -> Sequence[ApprovalLine]:
    asker, decider = aliased(Account), aliased(Account)
    rows = session.execute(
        select(CaseApproval, asker.full_name, Branch.name, decider.full_name)
        .join(asker, asker.id == CaseApproval.asked_by)
        .join(Branch, Branch.id == CaseApproval.branch_id)
        .outerjoin(decider, decider.id == CaseApproval.decided_by)
        .where(CaseApproval.case_id == case_id, CaseApproval.about == "decision")
        .order_by(CaseApproval.asked_at, CaseApproval.id)
    )
    return [
        ApprovalLine(asked_by, row.asked_at, branch, row.approved, decided_by or "", row.decided_at, row.answer)
        for row, asked_by, branch, decided_by in rows
    ]


def _linked(session: Session, actor: Actor, condition: object) -> Sequence[ReviewLine]:
    rows = session.execute(
        select(Case.id, Case.number, Case.state, Case.outcome, Case.decided_at, Branch.name, Case.due_on)
        .join(Branch, Branch.id == Case.branch_id)
        .where(condition, cases_for(actor, Action.CASE_VIEW))  # type: ignore[arg-type]
        .order_by(Case.number)
    )
    return [
        ReviewLine(row.id, row.number, row.state, row.outcome if row.decided_at else "", row.name, row.due_on)
        for row in rows
    ]


def _filed(session: Session, actor: Actor, case_id: int) -> Sequence[FiledLine]:
    rows = session.execute(
        select(Document.id, Document.title, Document.archive_number)
        .join(Customer, Customer.id == Document.customer_id)
        .where(Document.case_id == case_id, documents_for(actor, Action.DOCUMENT_VIEW))
        .order_by(Document.archive_number, Document.id)
    )
    return [FiledLine(*row) for row in rows]


def _causes(session: Session) -> Sequence[tuple[int, str, Sequence[tuple[int, str]]]]:
    return [
        (each.stage.id, each.stage.name, [(cause.id, cause.name) for cause in each.causes if cause.active])
        for each in cause_tree(session)
        if each.stage.active
    ]
