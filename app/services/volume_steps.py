"""A volume is closed by who bound it 立卷, checked by another person 检查, and opened again with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.normal import clean_note, clean_text
from app.domain.policy import Action
from app.domain.volumes import STOPPING, Bound, VolumeStep, find_faults, next_state, state_of
from app.models.storage import Volume
from app.queries.volume_measure import measure_of
from app.services import trail
from app.services.volume_items import load_open, lock_items, require_seen
from app.services.volumes import count_through, load_volume, volume_subject


def close_volume(
    session: Session, actor: Actor, volume_id: int, note: str, see_also: str, *, version: int, now: datetime
) -> None:
    """Close a volume with its 备考表: the pages are counted a last time and stay as they are.

    Who closes it is 立卷人. Raises `Invalid` without 本卷情况说明, `WrongState` with `volume.<fault>` for an empty volume, for
    items that are not filed any more or have no page count.
    """
    volume = load_open(session, actor, volume_id, version=version)
    said = clean_note(note)[:500]
    if not said:
        raise Invalid.field("condition_note", "volume.note_missing")
    papers = lock_items(session, volume.id)
    count_through(session, volume, papers)
    bound = [
        Bound(
            paper.page_count,
            paper.first_page,
            paper.last_page,
            paper.volume_position,
            paper.formed_on.year if paper.formed_on else None,
            paper.state,
        )
        for paper in papers
    ]
    for found in find_faults(bound, measure_of(session), kind=volume.kind):
        if found.fault in STOPPING:
            raise WrongState(f"volume.{found.fault.value}")
    _step(volume, VolumeStep.CLOSE)
    volume.state, volume.closed_by, volume.closed_at = "closed", actor.account_id, now
    volume.condition_note, volume.see_also = said, clean_text(see_also)[:120]
    session.flush()
    after = {"items": len(papers), "pages": volume.page_count}
    trail.record(session, actor, "volume_closed", volume_subject(volume), now=now, after=after)


def check_volume(session: Session, actor: Actor, volume_id: int, *, version: int, now: datetime) -> None:
    """Note that another person has checked a closed volume; raises `WrongState` with `volume.check_self` for 立卷人."""
    volume = load_volume(session, actor, volume_id, Action.VOLUME_CHECK, Action.VOLUME_VIEW)
    require_seen(volume, version)
    if volume.closed_by == actor.account_id:
        raise WrongState("volume.check_self")
    _step(volume, VolumeStep.CHECK)
    volume.checked_by, volume.checked_at = actor.account_id, now
    volume.version += 1
    session.flush()
    trail.record(session, actor, "volume_checked", volume_subject(volume), now=now)


def reopen_volume(session: Session, actor: Actor, volume_id: int, reason: str, *, version: int, now: datetime) -> None:
    """Open a closed volume again, by who binds or who checks; who had closed and checked it stands in the trail."""
    volume = _load_either(session, actor, volume_id)
    require_seen(volume, version)
    said = clean_note(reason)
    if not said:
        raise Invalid.field("reason", "volume.reason_missing")
    _step(volume, VolumeStep.REOPEN)
    before = {"closed_by": volume.closed_by, "checked_by": volume.checked_by}
    volume.state = "open"
    volume.closed_by = volume.closed_at = volume.checked_by = volume.checked_at = None
    volume.version += 1
    session.flush()
    trail.record(session, actor, "volume_reopened", volume_subject(volume), now=now, before=before, reason=said)


def _load_either(session: Session, actor: Actor, volume_id: int) -> Volume:
    try:
        return load_volume(session, actor, volume_id, Action.VOLUME_BIND)
    except NotFound:
        return load_volume(session, actor, volume_id, Action.VOLUME_CHECK, Action.VOLUME_VIEW)


def _step(volume: Volume, step: VolumeStep) -> None:
    next_state(state_of(volume.state, volume.checked_at is not None), step)
