"""Who else has a case open, and whether somebody saved it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.models.accounts import Account
from app.models.cases import Case, CaseVisit
from app.queries.visibility import cases_for

# Twice the time between two polls: a page that is late by one is still there.
HERE_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Company:
    """Who else is here, by name, and the version of the case."""

    others: tuple[str, ...]
    version: int


def read_company(session: Session, actor: Actor, case_id: int, *, now: datetime) -> Company:
    """Return who else looked at a case within the last minute; raises `NotFound` for who may not see the case."""
    version = session.scalar(select(Case.version).where(Case.id == case_id, cases_for(actor, Action.CASE_VIEW)))
    if version is None:
        raise NotFound
    names = session.scalars(
        select(Account.full_name)
        .join(CaseVisit, CaseVisit.account_id == Account.id)
        .where(
            CaseVisit.case_id == case_id,
            CaseVisit.account_id != actor.account_id,
            CaseVisit.seen_at > now - HERE_WITHIN,
        )
        .order_by(Account.full_name)
    )
    return Company(tuple(names), version)
