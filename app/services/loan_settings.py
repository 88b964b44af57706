"""Days of lending that the office sets: how long a paper is kept ready, when its borrower is reminded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.loan_terms import ready_days, reminder_days
from app.domain.normal import clean_text
from app.services import trail
from app.services.loan_rules import EVENT, require_may_change
from app.services.settings import READY_DAYS, REMINDER_DAYS, change_setting

_SPELLED: Mapping[str, Callable[[str], str]] = {
    READY_DAYS: lambda text: str(ready_days(text.strip())),
    REMINDER_DAYS: lambda text: " ".join(map(str, reminder_days(text))),
}
NAMES = tuple(_SPELLED)


def change_loan_setting(
    session: Session, actor: Actor, name: str, value: str, basis: str, *, version: int, now: datetime
) -> None:
    """Put another number of days into force; raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`."""
    if name not in _SPELLED:
        raise NotFound
    require_may_change(session, actor)
    spelled, reason = _SPELLED[name](value), clean_text(basis)
    if not reason:
        raise Invalid.field("basis", "rules.basis_missing")
    before, after = change_setting(session, name, spelled, reason, version=version, now=now)
    if after:
        subject = trail.Subject("setting", None, name)
        trail.record(session, actor, EVENT, subject, now=now, before=before, after=after)
