"""The photos of a thing, for screens that have already asked whether the reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.evidence import Photo


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo as a page shows it."""

    id: int
    moment: str
    caption: str
    taken_by: str
    taken_at: datetime


def photos_of(session: Session, holder_kind: str, holder_id: int) -> Sequence[PhotoRow]:
    """Return the photos of a thing, in the order they were taken."""
    rows = session.execute(
        select(Photo.id, Photo.moment, Photo.caption, func.coalesce(Account.full_name, ""), Photo.taken_at)
        .outerjoin(Account, Account.id == Photo.taken_by)
        .where(Photo.holder_kind == holder_kind, Photo.holder_id == holder_id)
        .order_by(Photo.taken_at, Photo.id)
    )
    return [PhotoRow(*row) for row in rows]
