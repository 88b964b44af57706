"""How much a volume may hold here: the settings in force."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.volumes import MEASURE_DEFAULTS, Measure, measure_from
from app.models.machinery import Setting


def measure_of(session: Session) -> Measure:
    """Return how many pages and millimetres a volume takes, and how thick paper is."""
    found = session.execute(select(Setting.name, Setting.value).where(Setting.name.in_(sorted(MEASURE_DEFAULTS))))
    return measure_from({name: value for name, value in found})
