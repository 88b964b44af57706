"""The tree of branches 机构."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.archive_numbers import is_fonds_number
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.policy import Action, Target, may
from app.models.accounts import Branch
from app.services import trail
from app.services.changes import apply_changes

KINDS = ("head", "province", "city", "outlet")
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class BranchData:
    """The fields of a branch as typed."""

    name: str
    code: str
    kind: str
    fonds_code: str
    fonds_name: str
    parent_id: int | None = None


def create_branch(session: Session, actor: Actor | None, typed: BranchData, *, now: datetime) -> int:
    """Add a branch under its parent and return its id; `actor` is None while an installation is made.

    Raises `NotAllowed`, `Invalid`.
    """
    if actor is not None and not may(actor, Action.BRANCH_EDIT, Target(typed.parent_id or 0)):
        raise NotAllowed(Action.BRANCH_EDIT)
    checked = _check(session, typed)
    parent = session.get(Branch, checked.parent_id) if checked.parent_id else None
    branch_id = new_id()
    path = f"{parent.path if parent else '/'}{branch_id}/"
    session.add(Branch(id=branch_id, path=path, **_columns(checked), parent_id=checked.parent_id))
    session.flush()
    subject = trail.Subject("branch", branch_id, checked.code)
    trail.record(session, actor, "branch_created", subject, now=now, after=_columns(checked))
    return branch_id


def edit_branch(
    session: Session, actor: Actor, branch_id: int, typed: BranchData, *, version: int, now: datetime
) -> None:
    """Change a branch, which stays where it stands in the tree.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`.
    """
    branch = session.get(Branch, branch_id, with_for_update=True)
    if branch is None:
        raise NotFound
    if not may(actor, Action.BRANCH_EDIT, Target(branch_id)):
        raise NotAllowed(Action.BRANCH_EDIT)
    checked = _check(session, replace(typed, parent_id=branch.parent_id), but=branch_id)
    before, after = apply_changes(branch, _columns(checked), version=version, show=lambda _, value: str(value))
    if after:
        subject = trail.Subject("branch", branch_id, checked.code)
        trail.record(session, actor, "branch_changed", subject, now=now, before=before, after=after)


def _columns(checked: BranchData) -> dict[str, str]:
    return {name: getattr(checked, name) for name in ("name", "code", "kind", "fonds_code", "fonds_name")}


def _check(session: Session, typed: BranchData, but: int | None = None) -> BranchData:
    checked = BranchData(
        clean_text(typed.name),
        clean_text(typed.code),
        typed.kind,
        clean_text(typed.fonds_code).upper(),
        clean_text(typed.fonds_name),
        typed.parent_id,
    )
    problems: dict[str, list[str]] = {}
    if not checked.name:
        problems["name"] = ["branch.name_missing"]
    if not checked.code:
        problems["code"] = ["branch.code_missing"]
    elif session.scalar(select(Branch.id).where(Branch.code == checked.code, Branch.id != (but or 0))) is not None:
        problems["code"] = ["branch.code_taken"]
    if not is_fonds_number(checked.fonds_code):
        problems["fonds_code"] = ["branch.fonds_code"]
    if checked.kind not in KINDS:
        problems["kind"] = ["branch.kind"]
    if not _parent_fits(session, checked.parent_id, but):
        problems["parent_id"] = ["branch.parent"]
    if problems:
        raise Invalid(problems)
    return checked


def _parent_fits(session: Session, parent_id: int | None, but: int | None) -> bool:
    """One tree, not too deep: only the head office has nothing above it."""
    if parent_id is None:
        others = select(Branch.id).where(Branch.parent_id.is_(None), Branch.id != (but or 0))
        return session.scalar(others.limit(1)) is None
    parent = session.get(Branch, parent_id)
    return parent is not None and parent.path.count("/") <= DEEPEST
