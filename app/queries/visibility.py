"""What this actor may see, as conditions that every query builds in: the policy, spoken in SQL.

A condition comes in two forms that mean the same. By default a branch is only looked at: right where something else
finds the rows (an id, a customer, the order of a long list that is stopped early). `by_index` lets the database find
rows by their branch or customer: right for counting, and for lists that turned out short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Protocol

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.actor import Actor
from app.domain.intake import ItemState
from app.domain.policy import Action, Scope, scopes
from app.models.borrowing import LoanRequest
from app.models.cases import Case
from app.models.claims import Claim
from app.models.completeness import MissingPaper
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.documents import Document
from app.models.intake import IntakeBatch, IntakeItem, Submission
from app.models.policies import Policy
from app.models.storage import Volume
from app.models.surveys import FollowUp
from app.queries.counting import unindexed

HIGHEST_LEVEL = 4

Reading = Callable[[Scope], ColumnElement[bool]]
REMEMBERED = 512


class Condition(Protocol):
    """What an actor may do an action on."""

    def __call__(self, actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
        """Return the condition, found by index or only looked at."""


def remembered(build: Condition) -> Condition:
    """Build a condition once for each actor as far as visibility knows him: account, roles, bars, deputyships."""

    @lru_cache(maxsize=REMEMBERED)
    def built(known: Actor, action: Action, *, by_index: bool) -> ColumnElement[bool]:
        return build(known, action, by_index=by_index)

    def condition(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
        known = Actor(actor.account_id, "", "", 0, "", actor.held, barred=actor.barred, stands_for=actor.stands_for)
        return built(known, action, by_index=by_index)

    condition.__doc__ = build.__doc__
    return condition


@remembered
def customers_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """Customers on whom `actor` may do `action`."""
    branch = _branch(Customer.branch_id, by_index=by_index)
    return _any(and_(branch(scope), _owner(scope)) for scope in scopes(actor, action))


def customers_in(scope: Scope) -> ColumnElement[bool]:
    """Customers inside one scope, found by their branch or agent."""
    return and_(_branch(Customer.branch_id, by_index=True)(scope), _owner(scope))


@remembered
def policies_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """Policies, in a select that joins their customer: the customer's level and agent decide with its branch."""
    branch, owner = _branch(Policy.branch_id, by_index=by_index), _owner_of(Policy.customer_id, by_index=by_index)
    return _any(and_(branch(scope), owner(scope)) for scope in scopes(actor, action))


@remembered
def claims_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """Claims, in a select that joins their customer."""
    branch, owner = _branch(Claim.branch_id, by_index=by_index), _owner_of(Claim.customer_id, by_index=by_index)
    return _any(and_(branch(scope), owner(scope)) for scope in scopes(actor, action))


@remembered
def documents_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """Documents, in a select that joins their customer; a document is as confidential as its customer at least."""
    branch, owner = _branch(Document.branch_id, by_index=by_index), _owner_of(Document.customer_id, by_index=by_index)
    reached = _any(
        and_(
            branch(scope),
            owner(scope),
            Document.level <= scope.max_level,
            Document.state.in_(sorted(scope.states)) if scope.states is not None else true(),
        )
        for scope in scopes(actor, action)
    )
    return and_(reached, unbarred(actor, Document.case_id)) if actor.barred else reached


def loans_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """Borrowing requests: one's own wherever the papers are, or those for the papers of a branch."""
    branch = _branch(LoanRequest.branch_id, by_index=by_index)
    return _any(
        and_(
            branch(scope),
            LoanRequest.borrower_id == scope.agent_id if scope.agent_id is not None else true(),
            LoanRequest.level <= scope.max_level,
        )
        for scope in scopes(actor, action)
    )


@remembered
def cases_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """Complaints and re-examinations: one's own, or those of a branch; never one that the actor is barred from.

    A case is its handler's and its registrar's own, and that of who stands in for the handler.
    """
    branch, people = _branch(Case.branch_id, by_index=by_index), sorted({actor.account_id, *actor.stands_for})
    own = or_(Case.handler_id.in_(people), Case.registered_by == actor.account_id)
    reached = _any(
        and_(branch(scope), own if scope.agent_id is not None else true(), Case.level <= scope.max_level)
        for scope in scopes(actor, action)
    )
    return and_(reached, Case.id.not_in(sorted(actor.barred))) if actor.barred else reached


def team_cases_for(actor: Actor, *, by_index: bool = True) -> ColumnElement[bool]:
    """Complaints of the branches that `actor` sees whole, for counting and sorting; those he handles where he sees no branch.

    What `cases_for` adds to it, one's own cases at other branches and those one registered, no index finds together.
    """
    branches: dict[int, frozenset[int]] = {}
    for scope in scopes(actor, Action.CASE_VIEW):
        if scope.agent_id is None and scope.branches is not None:
            branches[scope.max_level] = branches.get(scope.max_level, frozenset()) | scope.branches
    if not branches:
        people = sorted({actor.account_id, *actor.stands_for})
        return and_(Case.handler_id.in_(people), cases_for(actor, Action.CASE_VIEW))
    column = Case.branch_id if by_index else unindexed(Case.branch_id)
    reached = _any(
        # Of the highest level is everything: not asking for it leaves the count to the index.
        and_(column.in_(sorted(ids)), Case.level <= level if level < HIGHEST_LEVEL else true())
        for level, ids in branches.items()
    )
    return and_(reached, Case.id.not_in(sorted(actor.barred))) if actor.barred else reached


@remembered
def consultations_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """Consultations of a branch; one that became a complaint is barred with it."""
    branch = _branch(Consultation.branch_id, by_index=by_index)
    reached = _any(and_(branch(scope), Consultation.level <= scope.max_level) for scope in scopes(actor, action))
    return and_(reached, unbarred(actor, Consultation.case_id)) if actor.barred else reached


def follow_ups_for(actor: Actor, action: Action, *, by_index: bool = True) -> ColumnElement[bool]:
    """Follow-ups of surveys: one's own, or those of a branch; one about a complaint only for who may see the complaint."""
    branch = _branch(FollowUp.branch_id, by_index=by_index)
    reached = _any(
        and_(branch(scope), FollowUp.owner_id == scope.agent_id if scope.agent_id is not None else true())
        for scope in scopes(actor, action)
    )
    seen = select(Case.id).where(Case.id == FollowUp.case_id, cases_for(actor, Action.CASE_VIEW))
    return and_(reached, or_(FollowUp.case_id.is_(None), seen.correlate(FollowUp).exists()))


def unbarred(actor: Actor, column: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """What belongs to no case, or to one that `actor` is not barred from."""
    return or_(column.is_(None), column.not_in(sorted(actor.barred)))


def batches_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """Batches of papers that came in at the branches where `actor` may do `action`."""
    branch = _branch(IntakeBatch.branch_id, by_index=by_index)
    return _any(branch(scope) for scope in scopes(actor, action))


def items_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """Papers at the desk, up to the actor's level; what an agent has not handed in is nobody's but his.

    Whose customer is above the actor's level stays unseen with him.
    """
    branch = _branch(IntakeItem.branch_id, by_index=by_index)
    above = select(Customer.id).where(Customer.id == IntakeItem.customer_id)
    return _any(
        and_(
            branch(scope),
            IntakeItem.state != ItemState.DRAFT.value,
            IntakeItem.level <= scope.max_level,
            ~above.where(Customer.level > scope.max_level).correlate(IntakeItem).exists()
            if scope.max_level < HIGHEST_LEVEL
            else true(),
        )
        for scope in scopes(actor, action)
    )


def submissions_of(actor: Actor) -> ColumnElement[bool]:
    """What an agent sent in himself, of customers that are still his."""
    served = select(Customer.id).where(
        Customer.id == Submission.customer_id, customers_for(actor, Action.SUBMISSION_MAKE)
    )
    return and_(Submission.agent_id == actor.account_id, served.correlate(Submission).exists())


def volumes_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """Volumes of a branch; one is as confidential as the highest of its items.

    A volume that holds a paper of a complaint is no more there than the complaint for who is barred from it: a gap in its
    page numbers would tell of it.
    """
    branch = _branch(Volume.branch_id, by_index=by_index)
    reached = _any(and_(branch(scope), Volume.level <= scope.max_level) for scope in scopes(actor, action))
    if not actor.barred:
        return reached
    inside = select(Document.id).where(Document.volume_id == Volume.id, Document.case_id.in_(sorted(actor.barred)))
    return and_(reached, ~inside.correlate(Volume).exists())


def missing_for(actor: Actor, action: Action, *, by_index: bool = False) -> ColumnElement[bool]:
    """What a branch is owed, in a select that joins the customer: no line of one above the actor's level."""
    branch = _branch(MissingPaper.branch_id, by_index=by_index)
    return _any(and_(branch(scope), Customer.level <= scope.max_level) for scope in scopes(actor, action))


def branches_in(
    actor: Actor, action: Action, column: InstrumentedAttribute[int], *, by_index: bool = True
) -> ColumnElement[bool]:
    """What belongs to a branch and has no level of its own (places, boxes, rounds): found by `column`, or only seen."""
    branch = _branch(column, by_index=by_index)
    return _any(branch(scope) for scope in scopes(actor, action))


def _branch(column: InstrumentedAttribute[int], *, by_index: bool) -> Reading:
    def branch(scope: Scope) -> ColumnElement[bool]:
        if scope.branches is None:
            return true()
        ids = sorted(scope.branches)
        return column.in_(ids) if by_index else and_(unindexed(column).in_(ids))

    return branch


def _owner(scope: Scope) -> ColumnElement[bool]:
    level = Customer.level <= scope.max_level
    return level if scope.agent_id is None else and_(level, Customer.agent_id == scope.agent_id)


def _owner_of(column: InstrumentedAttribute[int], *, by_index: bool) -> Reading:
    """Return a form of `_owner` that finds an agent's things by the index of their customer."""

    def owner(scope: Scope) -> ColumnElement[bool]:
        if scope.agent_id is None or not by_index:
            return _owner(scope)
        return column.in_(select(Customer.id).where(_owner(scope)))

    return owner


def _any(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    found = list(conditions)
    return or_(*found) if found else false()
