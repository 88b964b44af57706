"""Branches 机构 for choosing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.policy import Action, scopes
from app.models.accounts import Account, Branch, Grant


def branches_for(session: Session, actor: Actor, action: Action) -> Sequence[tuple[int, str]]:
    """Return id and name of the branches in which `actor` may do `action`, in the order of the tree."""
    reached = [scope.branches for scope in scopes(actor, action) if scope.agent_id is None]
    statement = select(Branch.id, Branch.name).order_by(Branch.path)
    if None not in reached:
        ids = {branch for branches in reached if branches for branch in branches}
        statement = statement.where(Branch.id.in_(sorted(ids)))
    return [(branch_id, name) for branch_id, name in session.execute(statement)]


def agents_for(session: Session, actor: Actor, action: Action) -> Sequence[tuple[int, str]]:
    """Return id and name of the agents who work for the branches in which `actor` may do `action`."""
    ids = [branch_id for branch_id, _ in branches_for(session, actor, action)]
    rows = session.execute(
        select(Account.id, Account.full_name, Account.username)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role == "agent", Grant.revoked_at.is_(None), or_(Grant.branch_id.in_(ids)), Account.state == "active"
        )
        .order_by(Account.full_name)
        .distinct()
    )
    return [(account_id, f"{name}（{username}）") for account_id, name, username in rows]
