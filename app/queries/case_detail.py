"""One case as its page shows it: the register's fields masked, its clocks, its history, and what this reader may do."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_progress import Progress, progress_of
from app.domain.case_terms import ComplainantKind
from app.domain.cases import CaseStep, steps_from
from app.domain.deadlines import Standing
from app.domain.errors import NotFound
from app.domain.identity_facts import IdKind
from app.domain.masking import mask_address, mask_identity, mask_name, mask_phone
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.cases import Case, CaseCause, CaseStatement
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.policies import Policy
from app.queries.case_history import HistoryLine, NotificationLine, history_of, notifications_of
from app.queries.case_repeats import repeat_for
from app.queries.clocks import events_of, standings_of
from app.queries.visibility import cases_for, claims_for, customers_for, policies_for

CASE = "case"
APPROVER_STEPS = frozenset(
    {CaseStep.APPROVE_EXTENSION, CaseStep.REFUSE_EXTENSION, CaseStep.RETURN, CaseStep.DECIDE},
)


@dataclass(frozen=True, slots=True)
class CaseLink:
    """Another case that this one has to do with, as far as the reader may see it."""

    id: int
    number: str
    state: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the statement of a case says, persons masked."""

    complainant_kind: str
    name: str
    id_kind: str
    id_number: str
    phone: str
    address: str
    legal_representative: str
    agent_name: str
    agent_id_number: str
    agent_phone: str
    papers: tuple[tuple[str, str], ...]  # kind of paper, its number or note
    representatives: tuple[str, ...]
    request: str
    facts: str
    grounds: str


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case for its page."""

    id: int
    number: str
    kind: str
    state: str
    version: int
    branch_id: int
    branch_name: str
    handler_id: int | None
    handler_name: str
    declared_at: datetime | None
    registrar_name: str
    registered_at: datetime
    customer_id: int | None
    customer_name: str
    sees_customer: bool
    policy_id: int | None
    policy_number: str
    sees_policy: bool
    claim_id: int | None
    claim_number: str
    sees_claim: bool
    consultation_id: int | None
    parent_id: int | None
    merged_into_id: int | None
    parent: CaseLink | None
    merged_into: CaseLink | None
    reviews: tuple[CaseLink, ...]
    joined: tuple[CaseLink, ...]  # merged into this one

    channel: str
    forward_number: str
    received_at: datetime
    place: str
    accused_branch_id: int | None
    accused_branch_name: str
    accused_name: str
    accused_number: str
    partner: str
    line: str
    sales_channel: str
    amount: int | None
    dispute: str
    stage_name: str
    cause_name: str
    persons: int
    is_major: bool
    is_repeat: bool
    is_group: bool
    is_violation: bool
    is_complex: bool
    is_extended: bool
    is_mediated: bool | None
    outcome: str
    decided_at: datetime | None
    notified_at: datetime | None
    closed_at: datetime | None
    filed_at: datetime | None
    due_on: date | None
    clock_state: str
    days_over: int
    said: Said

    steps: tuple[CaseStep, ...]
    progress: Progress
    history: tuple[HistoryLine, ...]
    standings: dict[str, Standing]
    notifications: tuple[NotificationLine, ...]
    is_mine: bool
    may_handle: bool
    may_assign: bool
    may_approve: bool

    @property
    def is_declared(self) -> bool:
        """Whether the handler has said that he has no interest in the matter 回避声明."""
        return self.declared_at is not None


def read_case(session: Session, actor: Actor, case_id: int, *, now: datetime) -> CaseDetail:
    """Return a case with everything that its page shows; raises `NotFound` for who may not see it or is barred."""
    # Labelled: who has none of the rights gets the same word "false" for all of them.
    rights = [
        cases_for(actor, action).label(action.name)
        for action in (Action.CASE_HANDLE, Action.CASE_ASSIGN, Action.CASE_APPROVE)
    ]
    row = session.execute(
        select(Case, CaseStatement, *rights, repeat_for(actor).label("is_repeat"))
        .join(CaseStatement, CaseStatement.case_id == Case.id)
        .where(Case.id == case_id, cases_for(actor, Action.CASE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    case, statement = row[0], row[1]
    may_handle, may_assign, may_approve, is_repeat = (bool(value) for value in row[2:])
    names = _names(session, (case.handler_id, case.registered_by))
    branches = _branches(session, (case.branch_id, case.accused_branch_id))
    causes = _causes(session, (case.stage_id, case.cause_id))
    customer_name, sees_customer = _customer(session, actor, case.customer_id)
    policy_number, sees_policy = _policy(session, actor, case.policy_id)
    claim_number, sees_claim = _claim(session, actor, case.claim_id)
    links = _links(session, actor, case)
    return CaseDetail(
        **{name: getattr(case, name) for name in _PLAIN},
        is_repeat=is_repeat,
        branch_name=branches.get(case.branch_id, ""),
        accused_branch_name=branches.get(case.accused_branch_id, ""),
        handler_name=names.get(case.handler_id, ""),
        registrar_name=names.get(case.registered_by, ""),
        customer_name=customer_name,
        sees_customer=sees_customer,
        policy_number=policy_number,
        sees_policy=sees_policy,
        claim_number=claim_number,
        sees_claim=sees_claim,
        parent=links.get(case.parent_id),
        merged_into=links.get(case.merged_into_id),
        reviews=_linked(session, actor, Case.parent_id == case.id),
        joined=_linked(session, actor, Case.merged_into_id == case.id),
        stage_name=causes.get(case.stage_id, ""),
        cause_name=causes.get(case.cause_id, ""),
        said=_said(statement),
        steps=_steps(case, may_handle=may_handle, may_approve=may_approve),
        progress=progress_of(events_of(session, CASE, case.id)),
        history=history_of(session, case),
        standings=_standings(session, case.id, now=now),
        notifications=notifications_of(session, case.id),
        is_mine=case.handler_id in {actor.account_id, *actor.stands_for},
        may_handle=may_handle,
        may_assign=may_assign,
        may_approve=may_approve,
    )


# The clock that counts stands first; what only warns or has not begun comes after it.
_ORDER = ("review", "complaint", "complaint_reply_warning", "review_request")


def _standings(session: Session, case_id: int, *, now: datetime) -> dict[str, Standing]:
    found = standings_of(session, CASE, case_id, now=now)
    ordered = [*(code for code in _ORDER if code in found), *sorted(set(found) - set(_ORDER))]
    return {code: found[code] for code in ordered}


def require_seen(session: Session, actor: Actor, case_id: int) -> None:
    """Pass for a case that `actor` may see; raises `NotFound` otherwise."""
    seen = select(Case.id).where(Case.id == case_id, cases_for(actor, Action.CASE_VIEW))
    if session.scalar(seen) is None:
        raise NotFound


_PLAIN = (
    *("id", "number", "kind", "state", "version", "branch_id", "handler_id", "declared_at", "registered_at"),
    *("customer_id", "policy_id", "claim_id", "consultation_id", "parent_id", "merged_into_id"),
    *("channel", "forward_number", "received_at", "place", "accused_branch_id", "accused_name", "accused_number"),
    *("partner", "line", "sales_channel", "amount", "dispute", "persons"),
    *("is_major", "is_group", "is_violation", "is_complex", "is_extended", "is_mediated"),
    *("outcome", "decided_at", "notified_at", "closed_at", "filed_at", "due_on", "clock_state", "days_over"),
)


def _steps(case: Case, *, may_handle: bool, may_approve: bool) -> tuple[CaseStep, ...]:
    return tuple(
        step for step in steps_from(case.kind, case.state) if (may_approve if step in APPROVER_STEPS else may_handle)
    )


def _said(statement: CaseStatement) -> Said:
    is_organisation = statement.complainant_kind == ComplainantKind.ORGANISATION
    kind = IdKind(statement.id_kind) if statement.id_kind in set(IdKind) else IdKind.OTHER
    return Said(
        complainant_kind=statement.complainant_kind,
        name=mask_name(statement.name, is_organisation=is_organisation),
        id_kind=statement.id_kind,
        id_number=mask_identity(kind, statement.id_number),
        phone=mask_phone(statement.phone),
        address=mask_address(statement.address),
        legal_representative=mask_name(statement.legal_representative),
        agent_name=mask_name(statement.agent_name),
        agent_id_number=mask_identity(IdKind.OTHER, statement.agent_id_number),
        agent_phone=mask_phone(statement.agent_phone),
        papers=tuple(sorted(json.loads(statement.papers or "{}").items())),
        representatives=tuple(mask_name(name) for name in statement.representatives.splitlines() if name),
        request=statement.request,
        facts=statement.facts,
        grounds=statement.grounds,
    )


def _names(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = sorted({account_id for account_id in ids if account_id is not None})
    rows = session.execute(select(Account.id, Account.full_name).where(Account.id.in_(wanted))) if wanted else ()
    return {account_id: name for account_id, name in rows}


def _branches(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = sorted({branch_id for branch_id in ids if branch_id is not None})
    return {
        branch_id: name
        for branch_id, name in session.execute(select(Branch.id, Branch.name).where(Branch.id.in_(wanted)))
    }


def _causes(session: Session, ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = sorted({cause_id for cause_id in ids if cause_id is not None})
    rows = session.execute(select(CaseCause.id, CaseCause.name).where(CaseCause.id.in_(wanted))) if wanted else ()
    return {cause_id: name for cause_id, name in rows}


def _customer(session: Session, actor: Actor, customer_id: int | None) -> tuple[str, bool]:
    if customer_id is None:
        return "", False
    seen = customers_for(actor, Action.CUSTOMER_VIEW).label("seen")
    name, kind, sees = session.execute(
        select(Customer.name, Customer.kind, seen).where(Customer.id == customer_id)
    ).one()
    return mask_name(name, is_organisation=kind != "person"), bool(sees)


def _policy(session: Session, actor: Actor, policy_id: int | None) -> tuple[str, bool]:
    if policy_id is None:
        return "", False
    seen = policies_for(actor, Action.POLICY_VIEW).label("seen")
    joined = select(Policy.number, seen).join(Customer, Customer.id == Policy.customer_id)
    number, sees = session.execute(joined.where(Policy.id == policy_id)).one()
    return number, bool(sees)


def _claim(session: Session, actor: Actor, claim_id: int | None) -> tuple[str, bool]:
    if claim_id is None:
        return "", False
    seen = claims_for(actor, Action.CLAIM_VIEW).label("seen")
    joined = select(Claim.number, seen).join(Customer, Customer.id == Claim.customer_id)
    number, sees = session.execute(joined.where(Claim.id == claim_id)).one()
    return number, bool(sees)


def _links(session: Session, actor: Actor, case: Case) -> dict[int | None, CaseLink]:
    ids = [other for other in (case.parent_id, case.merged_into_id) if other is not None]
    return {link.id: link for link in _linked(session, actor, Case.id.in_(ids))} if ids else {}


def _linked(session: Session, actor: Actor, condition: ColumnElement[bool]) -> tuple[CaseLink, ...]:
    statement = select(Case.id, Case.number, Case.state).where(condition, cases_for(actor, Action.CASE_VIEW))
    return tuple(CaseLink(*row) for row in session.execute(statement.order_by(Case.number)))
