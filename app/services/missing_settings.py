"""Days of what is owed that the office sets: how long is waited, when is reminded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.normal import clean_text
from app.services import trail
from app.services.completeness_rules import require_may_change
from app.services.settings import MISSING_DUE_DAYS, MISSING_REMINDERS, change_setting

MOST_DAYS, FARTHEST, MOST_STEPS = 365, 90, 8


def _due_days(text: str) -> str:
    word = text.strip()
    if not (word.isascii() and word.isdigit() and len(word) < 4 and 1 <= int(word) <= MOST_DAYS):
        raise Invalid.field("value", "missing_setting.due_days")
    return str(int(word))


def _reminders(text: str) -> str:
    words = text.split()
    plain = [word.removeprefix("-") for word in words]
    if not all(word.isascii() and word.isdigit() and len(word) < 4 for word in plain):
        raise Invalid.field("value", "missing_setting.reminders")
    days = [int(word) for word in words]
    if not 1 <= len(days) <= MOST_STEPS or days != sorted(set(days)) or max(map(abs, days)) > FARTHEST:
        raise Invalid.field("value", "missing_setting.reminders")
    return " ".join(map(str, days))


_SPELLED: Mapping[str, Callable[[str], str]] = {MISSING_DUE_DAYS: _due_days, MISSING_REMINDERS: _reminders}
NAMES = tuple(_SPELLED)


def change_missing_setting(
    session: Session, actor: Actor, name: str, value: str, basis: str, *, version: int, now: datetime
) -> None:
    """Put another value into force; raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`."""
    if name not in _SPELLED:
        raise NotFound
    require_may_change(session, actor)
    spelled, reason = _SPELLED[name](value), clean_text(basis)
    if not reason:
        raise Invalid.field("basis", "rules.basis_missing")
    before, after = change_setting(session, name, spelled, reason, version=version, now=now)
    if after:
        subject = trail.Subject("setting", None, name)
        trail.record(session, actor, "setting_changed", subject, now=now, before=before, after=after)
