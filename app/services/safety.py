"""Safety checks of storerooms: one a room and day; what was found stays open until it is handled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.policy import Action, Target, may
from app.domain.safety import check_results, has_fault
from app.models.climate import SafetyCheck, SafetyPoint
from app.models.storage import Place
from app.queries.visibility import branches_in
from app.services import trail
from app.services.changes import apply_changes
from app.services.climate import EARLIEST, require_room, subject_of

LONGEST = 300


def record_check(
    session: Session,
    actor: Actor,
    place_id: int,
    day: date,
    results: Mapping[str, str],
    found: str,
    handled: str = "",
    *,
    version: int = 0,
    now: datetime,
    today: date,
) -> int:
    """Write down the check of a room and day, or correct the one that is there; return its id.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile` when there is one and `version` is not its version.
    """
    room = require_room(session, actor, place_id)
    if not EARLIEST <= day <= today:
        raise Invalid.field("day", "climate.future" if day > today else "climate.too_early")
    # Whoever checks the same room waits here for the other.
    session.execute(select(Place.id).where(Place.id == place_id).with_for_update())
    kept = session.scalar(
        select(SafetyCheck).where(SafetyCheck.place_id == place_id, SafetyCheck.day == day).with_for_update()
    )
    asked = set(session.scalars(select(SafetyPoint.code).where(SafetyPoint.active)))
    # A point that rests by now stays in a check that was made with it.
    asked |= {code for code in (kept.results if kept else {}) if code in results}
    text, done = clean_text(found)[:LONGEST], clean_text(handled)[:LONGEST]
    checked = check_results(results, asked, text)
    values: dict[str, Any] = {"results": checked, "found": text, "handled": done if has_fault(checked) else ""}
    values["handled_at"] = (kept.handled_at if kept and kept.handled_at else now) if values["handled"] else None
    if kept is None:
        kept = SafetyCheck(
            id=new_id(), place_id=place_id, day=day, checked_by=actor.account_id, checked_at=now, **values
        )
        session.add(kept)
        session.flush()
        after = {"day": str(day), **_shown(values)}
        trail.record(session, actor, "safety_checked", subject_of(room), now=now, after=after)
        return kept.id
    before, after = apply_changes(kept, values, version=version, show=_show)
    if after:
        session.flush()
        when = {"day": str(day)}
        trail.record(session, actor, "safety_corrected", subject_of(room), now=now, before=when | before, after=after)
    return kept.id


def handle_check(session: Session, actor: Actor, check_id: int, handled: str, *, version: int, now: datetime) -> None:
    """Write down how what was found was handled; raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`."""
    row = session.execute(
        select(SafetyCheck, Place)
        .join(Place, Place.id == SafetyCheck.place_id)
        .where(SafetyCheck.id == check_id, branches_in(actor, Action.STORAGE_VIEW, Place.branch_id))
        .with_for_update(of=SafetyCheck)
    ).first()
    if row is None:
        raise NotFound
    check, place = row
    if not may(actor, Action.CLIMATE_RECORD, Target(place.branch_id)):
        raise NotAllowed(Action.CLIMATE_RECORD)
    text = clean_text(handled)[:LONGEST]
    if not text:
        raise Invalid.field("handled", "safety.handled_missing")
    if not has_fault(check.results):
        raise Invalid.field("handled", "safety.nothing_found")
    before, after = apply_changes(check, {"handled": text}, version=version, show=_show)
    if after:
        check.handled_at = now
        session.flush()
        when = {"day": str(check.day)}
        subject = trail.Subject("place", place.id, place.full_code)
        trail.record(session, actor, "safety_handled", subject, now=now, before=when | before, after=after)


def _shown(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _show(name, value) for name, value in values.items() if value}


def _show(field: str, value: Any) -> str:
    if field == "results":
        return " ".join(f"{code}={state}" for code, state in sorted(value.items()))
    return value.isoformat() if isinstance(value, datetime) else str(value or "")
