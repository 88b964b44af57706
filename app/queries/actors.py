"""Who is behind a session token, with the roles held at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.domain.actor import Actor, HeldRole, Role
from app.domain.office_time import office_day
from app.models.accounts import Account, Branch, Grant, SignInSession
from app.models.cases import Absence, CaseBar


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
    row = session.execute(
        select(SignInSession, Account, Branch)
        .join(Account, Account.id == SignInSession.account_id)
        .join(Branch, Branch.id == Account.branch_id)
        .where(
            SignInSession.token_hash == token_hash,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now,
            Account.state == "active",
        )
    ).first()
    if row is None:
        return None
    live, account, branch = row
    barred, stands_for = _about_cases(session, account.id, now=now)
    actor = Actor(
        account_id=account.id,
        username=account.username,
        full_name=account.full_name,
        branch_id=branch.id,
        branch_name=branch.name,
        held=held_roles(session, account.id, now=now) if live.stage == "full" else (),
        address=address,
        session_id=live.id,
        stepped_up_at=live.stepped_up_at,
        locale=account.locale,
        barred=barred,
        stands_for=stands_for,
    )
    return LiveSession(
        live.id, account.id, live.stage, live.started_at, live.last_seen_at, live.expires_at, live.stepped_up_at, actor
    )


def held_roles(session: Session, account_id: int, *, now: datetime) -> tuple[HeldRole, ...]:
    """Return the roles that an account holds at `now`, each with the branches below."""
    rows = session.execute(
        select(Grant.role, Branch.id, Branch.path)
        .join(Branch, Branch.id == Grant.branch_id)
        .where(
            Grant.account_id == account_id,
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            or_(Grant.valid_to.is_(None), Grant.valid_to > now),
        )
    ).all()
    return tuple(HeldRole(Role(role), branch_id, _below(session, branch_id, path)) for role, branch_id, path in rows)


def _below(session: Session, branch_id: int, path: str) -> frozenset[int]:
    below = select(Branch.id).where(Branch.path.startswith(path, autoescape=True), Branch.id != branch_id)
    return frozenset(session.scalars(below))


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
    today = office_day(now)
    barred = select(literal("barred"), CaseBar.case_id).where(CaseBar.account_id == account_id)
    away = select(literal("stands_for"), Absence.account_id).where(
        Absence.deputy_id == account_id,
        Absence.first_on <= today,
        Absence.last_on >= today,
        Absence.cancelled_at.is_(None),
    )
    found: dict[str, set[int]] = {"barred": set(), "stands_for": set()}
    for what, thing in session.execute(union_all(barred, away)):
        found[what].add(thing)
    return frozenset(found["barred"]), frozenset(found["stands_for"])
