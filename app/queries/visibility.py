"""What this actor may see, as conditions that every query builds in: the policy, spoken in SQL."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.actor import Actor
from app.domain.policy import Action, Scope, scopes
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Document
from app.models.policies import Policy


def customers_for(actor: Actor, action: Action) -> ColumnElement[bool]:
    """Customers on whom `actor` may do `action`."""
    return _any(_customer(scope) for scope in scopes(actor, action))


def policies_for(actor: Actor, action: Action) -> ColumnElement[bool]:
    """Policies, in a select that joins their customer: the customer's level and agent decide with its branch."""
    return _any(and_(_branch(Policy.branch_id, scope), _owner(scope)) for scope in scopes(actor, action))


def claims_for(actor: Actor, action: Action) -> ColumnElement[bool]:
    """Claims, in a select that joins their customer."""
    return _any(and_(_branch(Claim.branch_id, scope), _owner(scope)) for scope in scopes(actor, action))


def documents_for(actor: Actor, action: Action) -> ColumnElement[bool]:
    """Documents, in a select that joins their customer; a document's level never lies below its customer's."""
    return _any(
        and_(
            _branch(Document.branch_id, scope),
            _owner(scope),
            Document.level <= scope.max_level,
            Document.state.in_(sorted(scope.states)) if scope.states is not None else true(),
        )
        for scope in scopes(actor, action)
    )


def _customer(scope: Scope) -> ColumnElement[bool]:
    return and_(_branch(Customer.branch_id, scope), _owner(scope))


def _branch(column: InstrumentedAttribute[int], scope: Scope) -> ColumnElement[bool]:
    if scope.branches is None:
        return true()
    return column.in_(sorted(scope.branches))


def _owner(scope: Scope) -> ColumnElement[bool]:
    level = Customer.level <= scope.max_level
    return level if scope.agent_id is None else and_(level, Customer.agent_id == scope.agent_id)


def _any(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    found = list(conditions)
    return or_(*found) if found else false()
