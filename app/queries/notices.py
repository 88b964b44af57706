"""One's own notices 通知."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.models.evidence import Notice
from app.queries.counting import bounded_count

MOST, MOST_COUNTED = 100, 99
# Every page asks this: it is put together once.
UNREAD = select(
    bounded_count(
        select(Notice.id).where(Notice.account_id == bindparam("account_id"), Notice.read_at.is_(None)), MOST_COUNTED
    )
)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice; `details` fill the sentence of its kind."""

    id: int
    kind: str
    details: Mapping[str, Any]
    path: str
    created_at: datetime
    read_at: datetime | None


def list_notices(session: Session, actor: Actor) -> Sequence[NoticeRow]:
    """Return the actor's newest notices, unread ones first."""
    rows = session.execute(
        select(Notice.id, Notice.kind, Notice.details, Notice.path, Notice.created_at, Notice.read_at)
        .where(Notice.account_id == actor.account_id)
        .order_by(Notice.read_at.is_not(None), Notice.created_at.desc(), Notice.id.desc())
        .limit(MOST)
    )
    return [NoticeRow(*row) for row in rows]


def path_of_notice(session: Session, actor: Actor, notice_id: int) -> str:
    """Return where one of the actor's own notices leads, nothing for any other."""
    own = select(Notice.path).where(Notice.id == notice_id, Notice.account_id == actor.account_id)
    return session.scalar(own) or ""


def count_unread(session: Session, actor: Actor) -> int:
    """Return how many notices wait to be read; stops one above `MOST_COUNTED`."""
    return session.scalar(UNREAD, {"account_id": actor.account_id}) or 0
