"""Branches 机构, for choosing and as the tree that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
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


def other_branches(session: Session, branch_id: int) -> Sequence[tuple[int, str]]:
    """Return id and name of every branch but one, in the order of the tree: where something may be handed on to."""
    rows = session.execute(select(Branch.id, Branch.name).where(Branch.id != branch_id).order_by(Branch.path))
    return [(other, name) for other, name in rows]


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


@dataclass(frozen=True, slots=True)
class BranchRow:
    """A branch in the tree; `depth` is 0 for the head office."""

    id: int
    parent_id: int | None
    name: str
    code: str
    kind: str
    fonds_code: str
    fonds_name: str
    depth: int
    version: int


def branch_tree(session: Session, actor: Actor) -> Sequence[BranchRow]:
    """Return the branches that `actor` may see, each followed by those under it."""
    seen = [branch_id for branch_id, _ in branches_for(session, actor, Action.BRANCH_VIEW)]
    rows = session.scalars(select(Branch).where(Branch.id.in_(seen)).order_by(Branch.path))
    return [_make_row(row) for row in rows]


def read_branch(session: Session, branch_id: int) -> BranchRow:
    """Return one branch; raises `NotFound`."""
    branch = session.get(Branch, branch_id)
    if branch is None:
        raise NotFound
    return _make_row(branch)


def _make_row(branch: Branch) -> BranchRow:
    plain = "id parent_id name code kind fonds_code fonds_name version"
    values = {name: getattr(branch, name) for name in plain.split()}
    return BranchRow(**values, depth=branch.path.count("/") - 2)
