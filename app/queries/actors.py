"""Who is behind a session token, with the roles held at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor, HeldRole, Role
from app.domain.office_time import office_day
from app.models.accounts import Account, Branch, Grant, SignInSession
from app.models.cases import Absence, CaseBar

# Every request asks these: they are put together once.
BY_TOKEN = (
    select(
        SignInSession.id,
        SignInSession.account_id,
        SignInSession.stage,
        SignInSession.started_at,
        SignInSession.last_seen_at,
        SignInSession.expires_at,
        SignInSession.stepped_up_at,
        Account.username,
        Account.full_name,
        Account.locale,
        Branch.id.label("branch_id"),
        Branch.name.label("branch_name"),
    )
    .join(Account, Account.id == SignInSession.account_id)
    .join(Branch, Branch.id == Account.branch_id)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("now"),
        Account.state == "active",
    )
)
BELOW = aliased(Branch)
HELD = (
    select(Grant.id, Grant.role, Branch.id, BELOW.id)
    .join(Branch, Branch.id == Grant.branch_id)
    # A path is ids and slashes: nothing in it is a wildcard.
    .outerjoin(BELOW, BELOW.path.like(Branch.path + "_%"))
    .where(
        Grant.account_id == bindparam("account_id"),
        Grant.revoked_at.is_(None),
        Grant.valid_from <= bindparam("now"),
        or_(Grant.valid_to.is_(None), Grant.valid_to > bindparam("now")),
    )
)
ABOUT_CASES = union_all(
    select(literal("barred"), CaseBar.case_id).where(CaseBar.account_id == bindparam("account_id")),
    select(literal("stands_for"), Absence.account_id).where(
        Absence.deputy_id == bindparam("account_id"),
        Absence.first_on <= bindparam("today"),
        Absence.last_on >= bindparam("today"),
        Absence.cancelled_at.is_(None),
    ),
)


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session that has not ended, with its account."""

    id: int
    account_id: int
    stage: str
    started_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    stepped_up_at: datetime | None
    actor: Actor


def session_by_token(session: Session, token_hash: str, *, address: str, now: datetime) -> LiveSession | None:
    """Return the session behind a token unless it ended, ran out or its account was disabled."""
    row = session.execute(BY_TOKEN, {"token_hash": token_hash, "now": now}).first()
    if row is None:
        return None
    barred, stands_for = _about_cases(session, row.account_id, now=now)
    actor = Actor(
        account_id=row.account_id,
        username=row.username,
        full_name=row.full_name,
        branch_id=row.branch_id,
        branch_name=row.branch_name,
        held=held_roles(session, row.account_id, now=now) if row.stage == "full" else (),
        address=address,
        session_id=row.id,
        stepped_up_at=row.stepped_up_at,
        locale=row.locale,
        barred=barred,
        stands_for=stands_for,
    )
    return LiveSession(
        row.id,
        row.account_id,
        row.stage,
        row.started_at,
        row.last_seen_at,
        row.expires_at,
        row.stepped_up_at,
        actor,
    )


def held_roles(session: Session, account_id: int, *, now: datetime) -> tuple[HeldRole, ...]:
    """Return the roles that an account holds at `now`, each with the branches below."""
    below: dict[tuple[int, str, int], set[int]] = {}
    for grant_id, role, branch_id, below_id in session.execute(HELD, {"account_id": account_id, "now": now}):
        found = below.setdefault((grant_id, role, branch_id), set())
        if below_id is not None:
            found.add(below_id)
    return tuple(HeldRole(Role(role), branch_id, frozenset(ids)) for (_, role, branch_id), ids in below.items())


def actor_of_account(session: Session, account_id: int, *, now: datetime) -> Actor | None:
    """Return an account as an actor with its current rights, for a job that works on its behalf."""
    row = session.execute(
        select(Account, Branch)
        .join(Branch, Branch.id == Account.branch_id)
        .where(Account.id == account_id, Account.state == "active")
    ).first()
    if row is None:
        return None
    account, branch = row
    held = held_roles(session, account_id, now=now)
    barred, stands_for = _about_cases(session, account_id, now=now)
    return Actor(
        account.id,
        account.username,
        account.full_name,
        branch.id,
        branch.name,
        held,
        locale=account.locale,
        barred=barred,
        stands_for=stands_for,
    )


def _about_cases(session: Session, account_id: int, *, now: datetime) -> tuple[frozenset[int], frozenset[int]]:
    """Return the cases that somebody is barred from and the people he stands in for, in one look."""
    found: dict[str, set[int]] = {"barred": set(), "stands_for": set()}
    for what, thing in session.execute(ABOUT_CASES, {"account_id": account_id, "today": office_day(now)}):
        found[what].add(thing)
    return frozenset(found["barred"]), frozenset(found["stands_for"])
