"""What became of a case: decision, approval, telling, root cause, remedies, re-examinations, filing; for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """The outcome of a case as its page shows it."""

    case_id: int


def read_outcome(session: Session, actor: Actor, case_id: int, *, now: datetime) -> CaseOutcome:
    """Return the outcome of a case that `actor` may see; raises `NotFound`."""
    return CaseOutcome(case_id)
