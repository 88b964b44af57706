"""Values that the office may change, each with its basis 依据 and the day it came into force."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.archive_numbers import DEFAULT_TEMPLATE
from app.models.machinery import Setting

NUMBER_TEMPLATE = "archive_number_template"
DEFAULTS = {NUMBER_TEMPLATE: DEFAULT_TEMPLATE}


def setting(session: Session, name: str) -> str:
    """Return the value in force, or what the portal ships with."""
    value = session.scalar(select(Setting.value).where(Setting.name == name))
    return DEFAULTS[name] if value is None else value
