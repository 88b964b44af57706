"""The table of retention periods 保管期限 for choosing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.documents import RetentionPeriod


def period_choices(session: Session) -> Sequence[tuple[str, str]]:
    """Return code and label of every period, the longest first."""
    rows = session.execute(
        select(RetentionPeriod.code, RetentionPeriod.label).order_by(RetentionPeriod.years.desc().nulls_first())
    )
    return [(code, label) for code, label in rows]
