"""Reads for invitations to a survey: what one is about, the list, one of them with its calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.masking import mask_mobile, mask_name, mask_phone
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action, scopes
from app.domain.surveys import CallResult, Purpose, Question, questions_of
from app.models.accounts import Account, Branch
from app.models.cases import Case
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.policies import Policy
from app.models.surveys import CallBack, Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import cases_for, claims_for, customers_for, policies_for

PAGE_SIZE = 50
ORDER = Sort(SurveyInvitation.made_at, SurveyInvitation.id, descending=True)
CALL_ORDER = Sort(SurveyInvitation.due_on, SurveyInvitation.id)
CALLED_WITHIN = timedelta(days=90)
COOLING_OFF_DAYS = 15  # 犹豫期 where the contract says nothing longer, from the day it was accepted


@dataclass(frozen=True, slots=True)
class Occasion:
    """What somebody is asked about, as the form names it."""

    customer_id: int | None = None
    policy_id: int | None = None
    claim_id: int | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class OccasionDetail:
    """What somebody is asked about, found: `purpose` is the one that goes with it."""

    occasion: Occasion
    branch_id: int
    level: int
    purpose: Purpose
    agent_id: int | None = None
    customer_name: str = ""
    number: str = ""  # of the policy, claim or case
    case_state: str = ""
    accepted_on: date | None = None

    @property
    def cooling_off_until(self) -> date | None:
        """The day on which the cooling-off period ends, where it can be told from the policy."""
        return self.accepted_on + timedelta(days=COOLING_OFF_DAYS) if self.accepted_on else None


@dataclass(frozen=True, slots=True)
class InvitationFilter:
    """What a list is narrowed to."""

    state: str = ""
    means: str = ""
    survey_id: int | None = None
    branch_id: int | None = None
    made_from: date | None = None
    made_to: date | None = None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """A line of the list of invitations."""

    id: int
    number: str
    title: str
    purpose: str
    means: str
    state: str
    branch_name: str
    customer_id: int | None
    customer_name: str
    made_at: datetime
    expires_at: datetime
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CallRow:
    """A line of the list of calls to make."""

    id: int
    number: str
    title: str
    purpose: str
    means: str
    customer_name: str
    branch_name: str
    due_on: date | None
    tries: int
    last_result: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """A try to reach somebody."""

    called_at: datetime
    result: str
    within_cooling_off: bool | None
    recording: str
    note: str
    who: str


@dataclass(frozen=True, slots=True)
class InvitationDetail:
    """An invitation as its pages show it."""

    id: int
    number: str
    survey_id: int
    title: str
    purpose: str
    means: str
    state: str
    branch_name: str
    customer_id: int | None
    customer_name: str
    mobile: str
    phone: str
    policy_id: int | None
    policy_number: str
    claim_id: int | None
    claim_number: str
    case_id: int | None
    case_number: str
    agent_id: int | None
    greeting: str
    questions: tuple[Question, ...]
    made_by: str
    made_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    due_on: date | None
    calls: tuple[CallLine, ...]
    may_send: bool


def invitations_for(actor: Actor, action: Action) -> ColumnElement[bool]:
    """Invitations of one's branches, in a select that outer-joins the customer; those about a complaint only for
    who may see the complaint."""
    reached = [
        and_(
            SurveyInvitation.branch_id.in_(sorted(scope.branches)) if scope.branches is not None else false(),
            or_(SurveyInvitation.customer_id.is_(None), Customer.level <= scope.max_level),
        )
        for scope in scopes(actor, action)
    ]
    seen_case = select(Case.id).where(Case.id == SurveyInvitation.case_id, cases_for(actor, Action.CASE_VIEW))
    about = or_(SurveyInvitation.case_id.is_(None), seen_case.correlate(SurveyInvitation).exists())
    return and_(or_(*reached), about) if reached else false()


def find_occasion(session: Session, actor: Actor, occasion: Occasion) -> OccasionDetail:
    """Return what is asked about, from the narrowest thing that is named; raises `NotFound` for what is not seen."""
    if occasion.case_id is not None:
        return _of_case(session, actor, occasion.case_id)
    if occasion.claim_id is not None:
        return _of_claim(session, actor, occasion.claim_id)
    if occasion.policy_id is not None:
        return _of_policy(session, actor, occasion.policy_id)
    if occasion.customer_id is not None:
        return _of_customer(session, actor, occasion.customer_id)
    return OccasionDetail(Occasion(), actor.branch_id, 1, Purpose.VISIT)


def list_invitations(
    session: Session, actor: Actor, wanted: InvitationFilter, *, cursor: Cursor | None = None
) -> PageOf[InvitationRow]:
    """Return a page of the invitations that `actor` may see, newest first."""
    found = [invitations_for(actor, Action.SURVEY_VIEW), *_conditions(wanted)]
    total = count_up_to(session, _with_customer(select(SurveyInvitation.id)).where(*found))
    statement = _with_customer(
        select(
            SurveyInvitation.number,
            Survey.title,
            SurveyInvitation.purpose,
            SurveyInvitation.means,
            SurveyInvitation.state,
            Branch.name.label("branch_name"),
            SurveyInvitation.customer_id,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            SurveyInvitation.expires_at,
            SurveyInvitation.due_on,
            SurveyInvitation.made_at,
            SurveyInvitation.id,
        )
        .join(Survey, Survey.id == SurveyInvitation.survey_id)
        .join(Branch, Branch.id == SurveyInvitation.branch_id)
    ).where(*found)
    return read_page(session, statement, ORDER, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED)


def read_invitation(session: Session, actor: Actor, invitation_id: int) -> InvitationDetail:
    """Return one invitation; raises `NotFound` for one that `actor` may not see."""
    maker = aliased(Account)
    row = session.execute(
        _with_customer(
            select(
                SurveyInvitation,
                Survey.title,
                SurveyVersion,
                Branch.name,
                Customer,
                Policy.number,
                Claim.number,
                Case.number,
                maker.full_name,
                invitations_for(actor, Action.SURVEY_SEND),
            )
            .join(Survey, Survey.id == SurveyInvitation.survey_id)
            .join(SurveyVersion, SurveyVersion.id == SurveyInvitation.version_id)
            .join(Branch, Branch.id == SurveyInvitation.branch_id)
            .outerjoin(Policy, Policy.id == SurveyInvitation.policy_id)
            .outerjoin(Claim, Claim.id == SurveyInvitation.claim_id)
            .outerjoin(Case, Case.id == SurveyInvitation.case_id)
            .outerjoin(maker, maker.id == SurveyInvitation.made_by)
        ).where(SurveyInvitation.id == invitation_id, invitations_for(actor, Action.SURVEY_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return _make_detail(*row, calls=_calls_of(session, invitation_id))


def list_calls(session: Session, actor: Actor, *, now: datetime, cursor: Cursor | None = None) -> PageOf[CallRow]:
    """Return a page of the customers to be called, whose cooling-off period ends first at the top.

    A call-back of a new policy is due until somebody answered, by whatever means the customer was asked.
    """
    found = and_(
        invitations_for(actor, Action.SURVEY_SEND),
        SurveyInvitation.state.in_(["open", "expired"]),
        SurveyInvitation.kiosk_id.is_(None),
        SurveyInvitation.customer_id.is_not(None),
        or_(SurveyInvitation.means == "phone", SurveyInvitation.purpose == Purpose.NEW_POLICY.value),
        SurveyInvitation.due_on.is_not(None),
        SurveyInvitation.made_at > now - CALLED_WITHIN,
    )
    total = count_up_to(session, _with_customer(select(SurveyInvitation.id)).where(found))
    statement = _with_customer(
        select(
            SurveyInvitation.number,
            Survey.title,
            SurveyInvitation.purpose,
            SurveyInvitation.means,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            Branch.name.label("branch_name"),
            SurveyInvitation.due_on,
            SurveyInvitation.id,
        )
        .join(Survey, Survey.id == SurveyInvitation.survey_id)
        .join(Branch, Branch.id == SurveyInvitation.branch_id)
    ).where(found)
    page = read_page(
        session, statement, CALL_ORDER, cursor, size=PAGE_SIZE, total=total, make=lambda row: row, most=MOST_COUNTED
    )
    tries = _tries_of(session, [row.id for row in page.items])
    items = [_make_call(row, tries.get(row.id, [])) for row in page.items]
    return PageOf(items, page.total, page.before, page.after, page.exact)


def surveys_asked(session: Session, actor: Actor) -> Sequence[tuple[int, str]]:
    """Return id and title of the surveys in the invitations that the reader may see."""
    asked = _with_customer(select(SurveyInvitation.survey_id)).where(invitations_for(actor, Action.SURVEY_VIEW))
    rows = session.execute(
        select(Survey.id, Survey.title).where(Survey.id.in_(asked)).order_by(Survey.title, Survey.id)
    )
    return [(survey_id, title) for survey_id, title in rows]


def answer_of(session: Session, invitation_id: int) -> SurveyAnswer | None:
    """Return what came back on an invitation."""
    return session.scalar(select(SurveyAnswer).where(SurveyAnswer.invitation_id == invitation_id))


def _of_case(session: Session, actor: Actor, case_id: int) -> OccasionDetail:
    row = session.execute(
        select(Case, Customer)
        .outerjoin(Customer, Customer.id == Case.customer_id)
        .where(Case.id == case_id, cases_for(actor, Action.CASE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    case, customer = row
    return OccasionDetail(
        Occasion(case.customer_id, case.policy_id, case.claim_id, case.id),
        case.branch_id,
        customer.level if customer else 1,
        Purpose.COMPLAINT,
        customer_name=_masked(customer),
        number=case.number,
        case_state=case.state,
    )


def _of_claim(session: Session, actor: Actor, claim_id: int) -> OccasionDetail:
    row = session.execute(
        select(Claim, Customer)
        .join(Customer, Customer.id == Claim.customer_id)
        .where(Claim.id == claim_id, claims_for(actor, Action.CLAIM_VIEW))
    ).first()
    if row is None:
        raise NotFound
    claim, customer = row
    return OccasionDetail(
        Occasion(customer.id, claim.policy_id, claim.id),
        claim.branch_id,
        customer.level,
        Purpose.CLAIM,
        customer.agent_id,
        _masked(customer),
        claim.number,
    )


def _of_policy(session: Session, actor: Actor, policy_id: int) -> OccasionDetail:
    row = session.execute(
        select(Policy, Customer)
        .join(Customer, Customer.id == Policy.customer_id)
        .where(Policy.id == policy_id, policies_for(actor, Action.POLICY_VIEW))
    ).first()
    if row is None:
        raise NotFound
    policy, customer = row
    return OccasionDetail(
        Occasion(customer.id, policy.id),
        policy.branch_id,
        customer.level,
        Purpose.NEW_POLICY,
        customer.agent_id,
        _masked(customer),
        policy.number,
        accepted_on=policy.accepted_on or policy.effective_on,
    )


def _of_customer(session: Session, actor: Actor, customer_id: int) -> OccasionDetail:
    customer = session.scalar(
        select(Customer).where(Customer.id == customer_id, customers_for(actor, Action.CUSTOMER_VIEW))
    )
    if customer is None:
        raise NotFound
    return OccasionDetail(
        Occasion(customer.id), customer.branch_id, customer.level, Purpose.VISIT, customer_name=_masked(customer)
    )


def _masked(customer: Customer | None) -> str:
    return mask_name(customer.name, is_organisation=customer.kind == "organisation") if customer else ""


def _with_customer(statement: Any) -> Any:
    return statement.outerjoin(Customer, Customer.id == SurveyInvitation.customer_id)


def _conditions(wanted: InvitationFilter) -> list[ColumnElement[bool]]:
    found = [
        (wanted.state, SurveyInvitation.state == wanted.state),
        (wanted.means, SurveyInvitation.means == wanted.means),
        (wanted.survey_id is not None, SurveyInvitation.survey_id == wanted.survey_id),
        (wanted.branch_id is not None, SurveyInvitation.branch_id == wanted.branch_id),
    ]
    conditions = [condition for is_wanted, condition in found if is_wanted]
    if wanted.made_from is not None:
        conditions.append(SurveyInvitation.made_at >= first_moment(wanted.made_from))
    if wanted.made_to is not None:
        conditions.append(SurveyInvitation.made_at <= last_moment(wanted.made_to))
    return conditions


def _make_row(row: Any) -> InvitationRow:
    values = row._asdict()
    is_organisation = values.pop("customer_kind") == "organisation"
    values["customer_name"] = mask_name(values["customer_name"], is_organisation=is_organisation)
    return InvitationRow(**values)


def _calls_of(session: Session, invitation_id: int) -> tuple[CallLine, ...]:
    rows = session.execute(
        select(CallBack, Account.full_name)
        .outerjoin(Account, Account.id == CallBack.called_by)
        .where(CallBack.invitation_id == invitation_id)
        .order_by(CallBack.called_at.desc(), CallBack.id)
    )
    return tuple(
        CallLine(call.called_at, call.result, call.within_cooling_off, call.recording, call.note, name or "")
        for call, name in rows
    )


def _tries_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    rows = (
        select(CallBack.invitation_id, CallBack.result)
        .where(CallBack.invitation_id.in_(ids))
        .order_by(CallBack.called_at, CallBack.id)
    )
    found: dict[int, list[str]] = {}
    for invitation_id, result in session.execute(rows):
        found.setdefault(invitation_id, []).append(CallResult(result).value)
    return found


def _make_call(row: Any, tries: Sequence[str]) -> CallRow:
    return CallRow(
        row.id,
        row.number,
        row.title,
        row.purpose,
        row.means,
        mask_name(row.customer_name, is_organisation=row.customer_kind == "organisation"),
        row.branch_name,
        row.due_on,
        len(tries),
        tries[-1] if tries else "",
    )


def _make_detail(
    invitation: SurveyInvitation,
    title: str,
    version: SurveyVersion,
    branch_name: str,
    customer: Customer | None,
    policy_number: str | None,
    claim_number: str | None,
    case_number: str | None,
    made_by: str | None,
    may_send: bool,
    *,
    calls: tuple[CallLine, ...],
) -> InvitationDetail:
    plain = (
        "id number survey_id purpose means state customer_id policy_id claim_id case_id agent_id made_at expires_at"
        " closed_at due_on"
    )
    return InvitationDetail(
        **{name: getattr(invitation, name) for name in plain.split()},
        title=title,
        branch_name=branch_name,
        customer_name=_masked(customer),
        mobile=mask_mobile(customer.mobile) if customer else "",
        phone=mask_phone(customer.phone) if customer else "",
        policy_number=policy_number or "",
        claim_number=claim_number or "",
        case_number=case_number or "",
        greeting=version.greeting,
        questions=questions_of(version.questions),
        made_by=made_by or "",
        calls=calls,
        may_send=bool(may_send),
    )
