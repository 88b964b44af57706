"""Who keeps the rules of the house in tests: the manager of the east, made one of the head office as well."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.models.accounts import Grant
from tests.cast import HEAD, PEOPLE, actor


def head_manager(session: Session) -> Actor:
    """Grant the manager of the east the head office too and return him."""
    since = datetime(2020, 1, 1, tzinfo=UTC)
    keeper = Grant(account_id=PEOPLE["manager"][0], track="business", role="manager", branch_id=HEAD, valid_from=since)
    session.add(keeper)
    session.flush()
    return actor(session, "manager")
