"""Changing how much a volume may hold and how thick paper is; volumes that are bound stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid
from app.domain.volumes import MEASURE_RANGES
from app.services import trail
from app.services.batch_checks import require_may_change
from app.services.settings import change_setting


def change_measure(
    session: Session, actor: Actor, values: Mapping[str, int], basis: str, *, versions: Mapping[str, int], now: datetime
) -> None:
    """Put other limits into force for what is proposed and counted from now on.

    Raises `NotAllowed` outside the root branch, `Invalid` for a number out of its range, `ChangedMeanwhile`.
    """
    require_may_change(session, actor)
    wrong = [name for name, value in values.items() if value not in MEASURE_RANGES[name]]
    if wrong:
        raise Invalid({name: ["volume.measure"] for name in wrong})
    for name, value in values.items():
        before, after = change_setting(session, name, str(value), basis.strip(), version=versions[name], now=now)
        if after:
            subject = trail.Subject("setting", None, name)
            trail.record(session, actor, "setting_changed", subject, now=now, before=before, after=after)
